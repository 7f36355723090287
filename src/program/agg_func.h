/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An aggregating function: its row in agg/, as the compiler and the forms of output meet it.
 *
 * A value is nwords int64_t words, all zero before the first aggregation.
 * Scalar functions have words[0] != 0 from the first one on (count: the count
 * itself; avg, stddev: the number of values; sum, min, max: a mark).
 * Histograms are nothing but buckets: any of them nonzero means touched (with
 * negative increments buckets may come back to 0; nothing is to be seen then).
 * Words of different CPUs and drains are joined by merge.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ir/ir.h"

/* A per-CPU map value may have 32 KB: that many words; check refuses what would need more. */
#define AGG_MAX_WORDS 4096

/* What a histogram counts: values from low to high, both included. */
struct agg_bin {
	int64_t low, high;
	int64_t count;
};

/* How options agghist and aggpack draw it. */
enum agg_drawn {
	AGG_DRAWN_PLAIN,  /* not */
	AGG_DRAWN_BAR,	  /* agghist: a bar */
	AGG_DRAWN_PACKED, /* aggpack: a character for each bin in use by any key */
	AGG_DRAWN_LEVELS, /* aggpack: for each bin */
};

struct agg_func {
	const char *name;
	int min_args, max_args; /* of the D call */
	int nvalues; /* leading arguments that are expressions evaluated at the firing: 0 for count,
			else 1 */
	bool has_increment; /* an expression as last optional argument (quantize's 2nd, lquantize's
			       5th, llquantize's 6th) */
	bool is_histogram;
	enum agg_drawn drawn;

	/*
	 * The constant parameters (lquantize: low, high, step; llquantize: factor,
	 * low, high, steps) are right, or *why says what is not.
	 */
	bool (*check)(const int64_t *params, int nparams, const char **why);
	/* Words of a value. */
	uint32_t (*nwords)(const int64_t *params, int nparams);
	/*
	 * Emits the update: base holds the address of the words (map memory),
	 * value and increment are registers or -1. Safe against an interrupt on
	 * the same CPU that updates the same value. Every value is taken as an
	 * int64_t, as DTrace does (a uint64_t difference that went below zero is
	 * negative); is_signed is of the expression and no function needs it so far.
	 */
	void (*code)(struct ir *ir, int base, int value, int increment, const int64_t *params,
		     int nparams, bool is_signed);
	void (*merge)(int64_t *into, const int64_t *from, uint32_t nwords);
	/* Order of two values as printed; <0, 0, >0. */
	int (*compare)(const int64_t *a, const int64_t *b, uint32_t nwords, const int64_t *params,
		       int nparams, bool is_signed);
	bool orders_by_scalar; /* compare is of the scalars; else it may be finer */
	/*
	 * What printf's %@d and the default printing show: for a scalar one the
	 * number, divided by normal (never 0). For histograms print draws the
	 * lines, from an empty one before the heading to the end of the last.
	 */
	int64_t (*scalar)(const int64_t *words, int64_t normal, bool is_signed);
	void (*print)(const int64_t *words, const int64_t *params, int nparams, int64_t normal,
		      bool zoom, struct buf *out); /* zoom: option aggzoom */
	/* Histograms: the i-th bin from the lowest up, its count divided by normal. False: there
	 * are not so many. */
	bool (*bin)(const int64_t *words, const int64_t *params, int nparams, int64_t normal, int i,
		    struct agg_bin *out);
};
