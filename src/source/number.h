/* SPDX-License-Identifier: BSD-2-Clause */
/* An integer as a probe's argument: it is its own value, and has no members. */
#pragma once

#include "source/source.h"

struct number {
	struct object object;
	int reg;
};

void number_set(struct number *n, int reg);
