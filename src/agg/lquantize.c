/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lquantize(expr, low, high[, step[, increment]]): counts in levels of equal
 * width. One word for each level, then one for values above the last, then one
 * for values below low.
 */
#include "agg/histogram.h"

#include <inttypes.h>
#include <stdio.h>

static int64_t step_of(const int64_t *params, int nparams)
{
	return nparams > 2 ? params[2] : 1;
}

static int64_t levels_of(const int64_t *params, int nparams)
{
	return (params[1] - params[0]) / step_of(params, nparams);
}

static bool lquantize_check(const int64_t *params, int nparams, const char **why)
{
	*why = NULL;
	if (nparams < 2 || nparams > 3)
		*why = "needs a low and a high bound, and may have a step";
	else if (params[0] < INT32_MIN || params[0] > INT32_MAX)
		*why = "low bound must fit 32 bits";
	else if (params[1] < INT32_MIN || params[1] > INT32_MAX)
		*why = "high bound must fit 32 bits";
	else if (params[0] >= params[1])
		*why = "low bound must be below the high bound";
	else if (step_of(params, nparams) < 1 || step_of(params, nparams) > UINT16_MAX)
		*why = "step must be from 1 to 65535";
	else if (levels_of(params, nparams) < 1)
		*why = "step too large: there must be at least one level between the bounds";
	else if (levels_of(params, nparams) + 2 > AGG_MAX_WORDS)
		*why = "too many levels: at most 4094 are possible; choose a larger step";
	return !*why;
}

static uint32_t lquantize_nwords(const int64_t *params, int nparams)
{
	return (uint32_t)levels_of(params, nparams) + 2;
}

/*
 * index = (value - low) / step, unsigned: what lies below low, wrapped around,
 * is far above the last level too, so values inside take one comparison.
 */
static void lquantize_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
			   int nparams, bool is_signed)
{
	int64_t step = step_of(params, nparams), levels = levels_of(params, nparams);
	int index = ir_reg(ir), add = ir_label(ir);

	(void)is_signed;
	increment = agg_code_increment(ir, increment);
	ir_alui(ir, IR_SUB, index, value, params[0]);
	if ((step & (step - 1)) == 0)
		ir_alui(ir, IR_SHR, index, index, __builtin_ctzll((uint64_t)step));
	else
		ir_alui(ir, IR_UDIV, index, index, step);
	ir_branchi(ir, IR_ULT, index, levels, add);
	ir_const(ir, index, levels);
	ir_branchi(ir, IR_SGE, value, params[0], add);
	ir_const(ir, index, levels + 1);
	ir_place(ir, add);
	agg_code_bucket(ir, base, index, increment);
}

/* Bins from below low to above the last level; the words begin with the levels. */
static int lquantize_word(const struct histogram *h, int bin)
{
	return bin == 0 ? h->nbins - 1 : bin - 1;
}

/* The lowest value of a level; of the bin below low, low. */
static int64_t bin_low(const struct histogram *h, int bin)
{
	return h->params[0] + (bin > 0 ? bin - 1 : 0) * step_of(h->params, h->nparams);
}

static int64_t lquantize_weight(const struct histogram *h, int bin)
{
	if (bin == 0)
		return bin_low(h, bin) - 1;
	return bin_low(h, bin) + (bin == h->nbins - 1);
}

static int64_t lquantize_low(const struct histogram *h, int bin)
{
	return bin == 0 ? INT64_MIN : bin_low(h, bin);
}

static void lquantize_label(const struct histogram *h, int bin, char text[HISTOGRAM_LABEL])
{
	const char *mark = bin == 0 ? "< " : bin == h->nbins - 1 ? ">= " : "";

	snprintf(text, HISTOGRAM_LABEL, "%s%" PRId64, mark, bin_low(h, bin));
}

static struct histogram lquantize_histogram(const int64_t *params, int nparams)
{
	struct histogram h = {
		.nbins = (int)lquantize_nwords(params, nparams),
		.empty_last = 2,
		.zero = -1,
		.word = lquantize_word,
		.label = lquantize_label,
		.weight = lquantize_weight,
		.low = lquantize_low,
		.params = params,
		.nparams = nparams,
	};

	for (int i = 1; i < h.nbins - 1; i++)
		if (bin_low(&h, i) == 0)
			h.zero = i;
	return h;
}

static int lquantize_compare(const int64_t *a, const int64_t *b, uint32_t nwords,
			     const int64_t *params, int nparams, bool is_signed)
{
	struct histogram h = lquantize_histogram(params, nparams);

	(void)nwords, (void)is_signed;
	return histogram_compare(&h, a, b);
}

static void lquantize_print(const int64_t *words, const int64_t *params, int nparams,
			    int64_t normal, bool zoom, struct buf *out)
{
	struct histogram h = lquantize_histogram(params, nparams);

	histogram_print(&h, words, normal, zoom, out);
}

static bool lquantize_bin(const int64_t *words, const int64_t *params, int nparams, int64_t normal,
			  int i, struct agg_bin *out)
{
	struct histogram h = lquantize_histogram(params, nparams);

	return histogram_bin(&h, words, normal, i, out);
}

const struct agg_func agg_lquantize = {
	.name = "lquantize",
	.min_args = 3,
	.max_args = 5,
	.nvalues = 1,
	.has_increment = true,
	.is_histogram = true,
	.drawn = AGG_DRAWN_LEVELS,
	.check = lquantize_check,
	.nwords = lquantize_nwords,
	.code = lquantize_code,
	.merge = agg_merge_add,
	.compare = lquantize_compare,
	.print = lquantize_print,
	.bin = lquantize_bin,
};
