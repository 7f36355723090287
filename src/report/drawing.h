/* SPDX-License-Identifier: BSD-2-Clause */
/* Aggregations drawn a line for each key: options agghist and aggpack. Private to src/report/. */
#pragma once

#include "base/bar.h"
#include "base/options.h"
#include "consume/aggregate.h"

struct drawing {
	enum agg_drawn drawn; /* AGG_DRAWN_PLAIN: it is not */
	bool utf8;
	struct bar_scale scale; /* of bars */
	int first, last;	/* bins */
};

/* How the rows are drawn by the options; the heading, if they are. */
void drawing_begin(struct drawing *d, const struct agg_rows *rows, const struct options *o,
		   struct buf *out);
/* What stands behind the keys of a row. */
void drawing_row(const struct drawing *d, const struct agg_rows *rows, const struct agg_row *row,
		 struct buf *out);
