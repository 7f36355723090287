/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Histograms as DTrace draws and orders them; private to src/agg/. The
 * functions say where their bins lie and what they are called.
 */
#pragma once

#include "agg/common.h"

#define HISTOGRAM_LABEL 32

struct histogram {
	int nbins;
	int empty_first, empty_last; /* the bins drawn when all are 0 */
	int zero;		     /* the bin that decides between equal sums; -1: none */
	/* Which word holds a bin, from the lowest up; NULL: its own number. */
	int (*word)(const struct histogram *h, int bin);
	/* The text left of the bar. */
	void (*label)(const struct histogram *h, int bin, char text[HISTOGRAM_LABEL]);
	/* What a value in it counts for in the sum that histograms are ordered by. */
	int64_t (*weight)(const struct histogram *h, int bin);
	/* The lowest value that a bin counts; of the lowest bin it is INT64_MIN. */
	int64_t (*low)(const struct histogram *h, int bin);
	const int64_t *params;
	int nparams;
};

void histogram_print(const struct histogram *h, const int64_t *words, int64_t normal, bool zoom,
		     struct buf *out);
bool histogram_bin(const struct histogram *h, const int64_t *words, int64_t normal, int i,
		   struct agg_bin *out);
int histogram_compare(const struct histogram *h, const int64_t *a, const int64_t *b);
