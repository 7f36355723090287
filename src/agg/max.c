/* SPDX-License-Identifier: BSD-2-Clause */
/* max(expr): the largest value. The words are extreme.c's. */
#include "agg/common.h"

static uint32_t max_nwords(const int64_t *params, int nparams)
{
	(void)params, (void)nparams;
	return 2;
}

static void max_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
		     int nparams, bool is_signed)
{
	(void)increment, (void)params, (void)nparams, (void)is_signed;
	agg_extreme_code(ir, base, value, AGG_MAX);
}

static int max_compare(const int64_t *a, const int64_t *b, uint32_t nwords, const int64_t *params,
		       int nparams, bool is_signed)
{
	(void)nwords, (void)params, (void)nparams, (void)is_signed;
	return agg_compare_int(agg_extreme_value(a, AGG_MAX), agg_extreme_value(b, AGG_MAX));
}

static int64_t max_scalar(const int64_t *words, int64_t normal, bool is_signed)
{
	(void)is_signed;
	return agg_divide(agg_extreme_value(words, AGG_MAX), normal);
}

const struct agg_func agg_max = {
	.name = "max",
	.min_args = 1,
	.max_args = 1,
	.nvalues = 1,
	.check = agg_check_none,
	.nwords = max_nwords,
	.code = max_code,
	.merge = agg_extreme_merge,
	.compare = max_compare,
	.orders_by_scalar = true,
	.scalar = max_scalar,
};
