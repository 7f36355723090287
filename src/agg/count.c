/* SPDX-License-Identifier: BSD-2-Clause */
/* count(): how often it was called. words[0] is the count. */
#include "agg/common.h"

static uint32_t count_nwords(const int64_t *params, int nparams)
{
	(void)params, (void)nparams;
	return 1;
}

static void count_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
		       int nparams, bool is_signed)
{
	(void)value, (void)increment, (void)params, (void)nparams, (void)is_signed;
	agg_code_add(ir, base, 0, agg_code_increment(ir, -1));
}

static int count_compare(const int64_t *a, const int64_t *b, uint32_t nwords, const int64_t *params,
			 int nparams, bool is_signed)
{
	(void)nwords, (void)params, (void)nparams, (void)is_signed;
	return agg_compare_int(a[0], b[0]);
}

static int64_t count_scalar(const int64_t *words, int64_t normal, bool is_signed)
{
	(void)is_signed;
	return agg_divide(words[0], normal);
}

const struct agg_func agg_count = {
	.name = "count",
	.drawn = AGG_DRAWN_BAR,
	.check = agg_check_none,
	.nwords = count_nwords,
	.code = count_code,
	.merge = agg_merge_add,
	.compare = count_compare,
	.orders_by_scalar = true,
	.scalar = count_scalar,
};
