/* SPDX-License-Identifier: BSD-2-Clause */
/* Printing of aggregations. Private to src/report/. */
#pragma once

#include "base/format.h"
#include "consume/aggregate.h"

/*
 * printa(): the tables joined by key, a line for each, by the format or, if it
 * is NULL, keys and values in columns. Returns whether there was a line.
 */
bool printa_print(struct agg_table **tables, int ntables, const struct format *f,
		  const struct options *o, struct buf *out);
/* A row by the format. */
void printa_row(const struct agg_rows *rows, const struct agg_row *row, const struct format *f,
		bool zoom, struct buf *out);
