/* SPDX-License-Identifier: BSD-2-Clause */
/* Bars of '@', as histograms and aggregations have them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* What the bars of one drawing are in proportion to: all of its counts, or (zoom) the largest. */
struct bar_scale {
	bool zoom;
	bool positive, negative;
	long double total;
};

void bar_add(struct bar_scale *s, int64_t count);
void bar_print(const struct bar_scale *s, int64_t count, struct buf *out);
