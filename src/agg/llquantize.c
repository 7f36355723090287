/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * llquantize(expr, factor, low, high, steps[, increment]): for each order of
 * magnitude from factor^low to factor^(high + 1) levels of equal width, steps
 * of them from 0 to the order's end (so steps - steps/factor are new), or as
 * many as there are whole numbers. Words: values below factor^low, the levels,
 * values above.
 */
#include "agg/histogram.h"

#include <inttypes.h>
#include <stdio.h>

enum { FACTOR, LOW, HIGH, STEPS, NPARAMS };

/* The levels of one order of magnitude. */
struct order {
	int64_t from, to; /* values, to excluded */
	int64_t width;	  /* of a level */
	int64_t first;	  /* its first word */
	int64_t levels;
};

static struct order order_at(const int64_t *params, int64_t from, int64_t first)
{
	struct order o = {.from = from, .to = from * params[FACTOR], .first = first};

	o.width = o.to > params[STEPS] ? o.to / params[STEPS] : 1;
	o.levels = (o.to - o.from) / o.width;
	return o;
}

static struct order order_first(const int64_t *params)
{
	int64_t from = 1;

	for (int64_t i = 0; i < params[LOW]; i++)
		from *= params[FACTOR];
	return order_at(params, from, 1);
}

static struct order order_next(const int64_t *params, const struct order *o)
{
	return order_at(params, o->to, o->first + o->levels);
}

/* The word of values above the last order, which is the last word. */
static int64_t overflow_word(const int64_t *params)
{
	struct order o = order_first(params);

	for (int64_t i = params[LOW]; i < params[HIGH]; i++)
		o = order_next(params, &o);
	return o.first + o.levels;
}

/* factor^(high + 1) is a value. */
static bool range_fits(const int64_t *params)
{
	int64_t value = 1;

	for (int64_t i = 0; i <= params[HIGH]; i++)
		if (__builtin_mul_overflow(value, params[FACTOR], &value))
			return false;
	return true;
}

/* The levels of an order end where the order does. */
static bool steps_divide(const int64_t *params)
{
	int64_t power = params[FACTOR];

	while (power < params[STEPS])
		power *= params[FACTOR];
	return power % params[STEPS] == 0;
}

static bool llquantize_check(const int64_t *params, int nparams, const char **why)
{
	*why = NULL;
	for (int i = 0; i < nparams; i++)
		if (params[i] < 0 || params[i] > UINT16_MAX)
			*why = "factor, magnitudes and steps must be from 0 to 65535";
	if (nparams != NPARAMS)
		*why = "needs a factor, a low and a high magnitude, and a number of steps";
	if (*why)
		return false;
	if (params[FACTOR] < 2)
		*why = "factor must be two or more";
	else if (params[LOW] >= params[HIGH])
		*why = "low magnitude must be below the high magnitude";
	else if (!range_fits(params))
		*why = "high magnitude too large: factor^(high + 1) must fit 64 bits";
	else if (params[STEPS] < params[FACTOR])
		*why = "the number of steps must not be below the factor";
	else if (params[STEPS] % params[FACTOR] != 0)
		*why = "the number of steps must be a multiple of the factor";
	else if (!steps_divide(params))
		*why = "the number of steps must divide a power of the factor";
	else if (overflow_word(params) + 1 > AGG_MAX_WORDS)
		*why = "too many levels: at most 4094 are possible; choose fewer steps";
	return !*why;
}

static uint32_t llquantize_nwords(const int64_t *params, int nparams)
{
	(void)nparams;
	return (uint32_t)overflow_word(params) + 1;
}

/* index = the word of value within the order o; jumps to add if it is one. */
static void code_order(struct ir *ir, const struct order *o, int value, int index, int add)
{
	int above = ir_label(ir);

	ir_branchi(ir, IR_SGE, value, o->to, above);
	ir_alui(ir, IR_SUB, index, value, o->from);
	if ((o->width & (o->width - 1)) == 0)
		ir_alui(ir, IR_SHR, index, index, __builtin_ctzll((uint64_t)o->width));
	else
		ir_alui(ir, IR_UDIV, index, index, o->width);
	ir_alui(ir, IR_ADD, index, index, o->first);
	ir_jump(ir, add);
	ir_place(ir, above);
}

static void llquantize_code(struct ir *ir, int base, int value, int increment,
			    const int64_t *params, int nparams, bool is_signed)
{
	int64_t overflow = overflow_word(params);
	struct order o = order_first(params);
	int index = ir_reg(ir), add = ir_label(ir), bounded = ir_label(ir);

	(void)nparams, (void)is_signed;
	increment = agg_code_increment(ir, increment);
	ir_const(ir, index, 0);
	ir_branchi(ir, IR_SLT, value, o.from, add);
	code_order(ir, &o, value, index, add);
	for (int64_t i = params[LOW]; i < params[HIGH]; i++) {
		o = order_next(params, &o);
		code_order(ir, &o, value, index, add);
	}
	ir_const(ir, index, overflow);
	ir_place(ir, add);
	/* Always so; it is the bound that the verifier can't derive from a division. */
	ir_branchi(ir, IR_ULE, index, overflow, bounded);
	ir_const(ir, index, overflow);
	ir_place(ir, bounded);
	agg_code_bucket(ir, base, index, increment);
}

/* The lowest value of a level, or of all that is above; 0 for what is below. */
static int64_t llquantize_weight(const struct histogram *h, int bin)
{
	struct order o = order_first(h->params);

	if (bin == 0)
		return 0;
	while (bin > o.first + o.levels)
		o = order_next(h->params, &o);
	return o.from + (bin - o.first) * o.width;
}

static int64_t llquantize_low(const struct histogram *h, int bin)
{
	return bin == 0 ? INT64_MIN : llquantize_weight(h, bin);
}

static void llquantize_label(const struct histogram *h, int bin, char text[HISTOGRAM_LABEL])
{
	const char *mark = bin == 0 ? "< " : bin == h->nbins - 1 ? ">= " : "";
	int64_t value = llquantize_weight(h, bin ? bin : 1);

	snprintf(text, HISTOGRAM_LABEL, "%s%" PRId64, mark, value);
}

static struct histogram llquantize_histogram(const int64_t *params, int nparams)
{
	return (struct histogram){
		.nbins = (int)llquantize_nwords(params, nparams),
		.empty_last = 1,
		.zero = 0,
		.label = llquantize_label,
		.weight = llquantize_weight,
		.low = llquantize_low,
		.params = params,
		.nparams = nparams,
	};
}

static int llquantize_compare(const int64_t *a, const int64_t *b, uint32_t nwords,
			      const int64_t *params, int nparams, bool is_signed)
{
	struct histogram h = llquantize_histogram(params, nparams);

	(void)nwords, (void)is_signed;
	return histogram_compare(&h, a, b);
}

static void llquantize_print(const int64_t *words, const int64_t *params, int nparams,
			     int64_t normal, bool zoom, struct buf *out)
{
	struct histogram h = llquantize_histogram(params, nparams);

	histogram_print(&h, words, normal, zoom, out);
}

static bool llquantize_bin(const int64_t *words, const int64_t *params, int nparams, int64_t normal,
			   int i, struct agg_bin *out)
{
	struct histogram h = llquantize_histogram(params, nparams);

	return histogram_bin(&h, words, normal, i, out);
}

const struct agg_func agg_llquantize = {
	.name = "llquantize",
	.min_args = 5,
	.max_args = 6,
	.nvalues = 1,
	.has_increment = true,
	.is_histogram = true,
	.check = llquantize_check,
	.nwords = llquantize_nwords,
	.code = llquantize_code,
	.merge = agg_merge_add,
	.compare = llquantize_compare,
	.print = llquantize_print,
	.bin = llquantize_bin,
};
