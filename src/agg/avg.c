/* SPDX-License-Identifier: BSD-2-Clause */
/* avg(expr): the arithmetic mean. words[0] is the number of values, words[1] their sum. */
#include "agg/common.h"

static uint32_t avg_nwords(const int64_t *params, int nparams)
{
	(void)params, (void)nparams;
	return 2;
}

static void avg_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
		     int nparams, bool is_signed)
{
	(void)increment, (void)params, (void)nparams, (void)is_signed;
	agg_code_add(ir, base, 0, agg_code_increment(ir, -1));
	agg_code_add(ir, base, 1, value);
}

static int64_t avg_scalar(const int64_t *words, int64_t normal, bool is_signed)
{
	(void)is_signed;
	return words[0] ? agg_divide(agg_divide(words[1], normal), words[0]) : 0;
}

/* By the mean in full precision: 1/2 comes before 2/3. */
static int avg_compare(const int64_t *a, const int64_t *b, uint32_t nwords, const int64_t *params,
		       int nparams, bool is_signed)
{
	long double l = a[0] ? (long double)a[1] / a[0] : 0;
	long double r = b[0] ? (long double)b[1] / b[0] : 0;

	(void)nwords, (void)params, (void)nparams, (void)is_signed;
	return l < r ? -1 : l > r;
}

const struct agg_func agg_avg = {
	.name = "avg",
	.min_args = 1,
	.max_args = 1,
	.nvalues = 1,
	.check = agg_check_none,
	.nwords = avg_nwords,
	.code = avg_code,
	.merge = agg_merge_add,
	.compare = avg_compare,
	.scalar = avg_scalar,
};
