/* SPDX-License-Identifier: BSD-2-Clause */
/* min(expr): the smallest value. The words are extreme.c's. */
#include "agg/common.h"

static uint32_t min_nwords(const int64_t *params, int nparams)
{
	(void)params, (void)nparams;
	return 2;
}

static void min_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
		     int nparams, bool is_signed)
{
	(void)increment, (void)params, (void)nparams, (void)is_signed;
	agg_extreme_code(ir, base, value, AGG_MIN);
}

static int min_compare(const int64_t *a, const int64_t *b, uint32_t nwords, const int64_t *params,
		       int nparams, bool is_signed)
{
	(void)nwords, (void)params, (void)nparams, (void)is_signed;
	return agg_compare_int(agg_extreme_value(a, AGG_MIN), agg_extreme_value(b, AGG_MIN));
}

static int64_t min_scalar(const int64_t *words, int64_t normal, bool is_signed)
{
	(void)is_signed;
	return agg_divide(agg_extreme_value(words, AGG_MIN), normal);
}

const struct agg_func agg_min = {
	.name = "min",
	.min_args = 1,
	.max_args = 1,
	.nvalues = 1,
	.check = agg_check_none,
	.nwords = min_nwords,
	.code = min_code,
	.merge = agg_extreme_merge,
	.compare = min_compare,
	.orders_by_scalar = true,
	.scalar = min_scalar,
};
