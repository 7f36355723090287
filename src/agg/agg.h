/* SPDX-License-Identifier: BSD-2-Clause */
/* The aggregating functions: one file each, one row each. */
#pragma once

#include "program/agg_func.h"

const struct agg_func *agg_find(const char *name);
const struct agg_func *agg_at(int i); /* NULL past the last */
