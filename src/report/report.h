/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms of output. */
#pragma once

#include <stdio.h>

#include "base/options.h"
#include "consume/form.h"

/* DTrace's text. */
struct form *text_form(const struct program *p, const struct options *o, FILE *out);
