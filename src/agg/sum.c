/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sum(expr): the total. words[0] is a mark that something was added (a total of
 * 0 is a total), words[1] the total. The mark is a plain store: whoever
 * interrupts it stores the same.
 */
#include "agg/common.h"

static uint32_t sum_nwords(const int64_t *params, int nparams)
{
	(void)params, (void)nparams;
	return 2;
}

static void sum_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
		     int nparams, bool is_signed)
{
	(void)increment, (void)params, (void)nparams, (void)is_signed;
	ir_storei(ir, base, 0, 1, 8);
	agg_code_add(ir, base, 1, value);
}

static int sum_compare(const int64_t *a, const int64_t *b, uint32_t nwords, const int64_t *params,
		       int nparams, bool is_signed)
{
	(void)nwords, (void)params, (void)nparams, (void)is_signed;
	return agg_compare_int(a[1], b[1]);
}

static int64_t sum_scalar(const int64_t *words, int64_t normal, bool is_signed)
{
	(void)is_signed;
	return agg_divide(words[1], normal);
}

const struct agg_func agg_sum = {
	.name = "sum",
	.min_args = 1,
	.max_args = 1,
	.nvalues = 1,
	.drawn = AGG_DRAWN_BAR,
	.check = agg_check_none,
	.nwords = sum_nwords,
	.code = sum_code,
	.merge = agg_merge_add,
	.compare = sum_compare,
	.orders_by_scalar = true,
	.scalar = sum_scalar,
};
