/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stddev(expr): the standard deviation, sqrt(mean of squares - square of mean).
 * words[0] is the number of values, words[1] their sum, words[2] and words[3]
 * the low and high half of the 128-bit sum of their squares.
 */
#include "agg/common.h"

static uint32_t stddev_nwords(const int64_t *params, int nparams)
{
	(void)params, (void)nparams;
	return 4;
}

/* high:low = |value| * |value|, from 32-bit halves h and l: hh << 64 + 2hl << 32 + ll. */
static void code_square(struct ir *ir, int value, int *low, int *high)
{
	int sign = ir_reg(ir), h = ir_reg(ir), l = ir_reg(ir), hl = ir_reg(ir), t = ir_reg(ir);
	int lo = ir_reg(ir), hi = ir_reg(ir), no_carry = ir_label(ir);

	ir_alui(ir, IR_SAR, sign, value, 63);
	ir_alu(ir, IR_XOR, l, value, sign);
	ir_alu(ir, IR_SUB, l, l, sign);
	ir_alui(ir, IR_SHR, h, l, 32);
	ir_extend(ir, l, l, 4, false);
	ir_alu(ir, IR_MUL, hl, h, l);
	ir_alu(ir, IR_MUL, lo, l, l);
	ir_alu(ir, IR_MUL, hi, h, h);
	ir_alui(ir, IR_SHR, t, hl, 31);
	ir_alu(ir, IR_ADD, hi, hi, t);
	ir_alui(ir, IR_SHL, t, hl, 33);
	ir_alu(ir, IR_ADD, lo, lo, t);
	ir_branch(ir, IR_UGE, lo, t, no_carry);
	ir_alui(ir, IR_ADD, hi, hi, 1);
	ir_place(ir, no_carry);
	*low = lo;
	*high = hi;
}

static void stddev_code(struct ir *ir, int base, int value, int increment, const int64_t *params,
			int nparams, bool is_signed)
{
	int low, high, old = ir_reg(ir), sum = ir_reg(ir);
	int no_carry = ir_label(ir), done = ir_label(ir);

	(void)increment, (void)params, (void)nparams, (void)is_signed;
	code_square(ir, value, &low, &high);
	agg_code_add(ir, base, 0, agg_code_increment(ir, -1));
	agg_code_add(ir, base, 1, value);
	/* The carry of this very addition: what an interrupt adds in between carries on its own. */
	ir_atomic(ir, IR_ATOMIC_FETCH_ADD, old, base, 16, low, -1, 8);
	ir_alu(ir, IR_ADD, sum, old, low);
	ir_branch(ir, IR_UGE, sum, low, no_carry);
	ir_alui(ir, IR_ADD, high, high, 1);
	ir_place(ir, no_carry);
	ir_branchi(ir, IR_EQ, high, 0, done);
	agg_code_add(ir, base, 3, high);
	ir_place(ir, done);
}

static void stddev_merge(int64_t *into, const int64_t *from, uint32_t nwords)
{
	uint64_t low = (uint64_t)into[2];

	agg_merge_add(into, from, nwords);
	if ((uint64_t)into[2] < low)
		into[3] = (int64_t)((uint64_t)into[3] + 1);
}

static uint64_t square_root(unsigned __int128 x)
{
	uint64_t root = 0;

	for (int bit = 63; bit >= 0; bit--) {
		unsigned __int128 try = root | (uint64_t)1 << bit;

		if (try * try <= x)
			root = (uint64_t)try;
	}
	return root;
}

static int64_t stddev_scalar(const int64_t *words, int64_t normal, bool is_signed)
{
	unsigned __int128 squares =
		(unsigned __int128)(uint64_t)words[3] << 64 | (uint64_t)words[2];
	uint64_t n = (uint64_t)words[0],
		 divisor = normal < 0 ? 0 - (uint64_t)normal : (uint64_t)normal;
	unsigned __int128 square;
	int64_t mean;

	(void)is_signed;
	if (n == 0)
		return 0;
	mean = agg_divide(agg_divide(words[1], normal), words[0]);
	square = mean < 0 ? 0 - (uint64_t)mean : (uint64_t)mean;
	square *= square;
	squares = squares / divisor / divisor / n;
	/* Rounding the mean of the squares down may take it below the other. */
	return squares > square ? (int64_t)square_root(squares - square) : 0;
}

static int stddev_compare(const int64_t *a, const int64_t *b, uint32_t nwords,
			  const int64_t *params, int nparams, bool is_signed)
{
	(void)nwords, (void)params, (void)nparams;
	return agg_compare_int(stddev_scalar(a, 1, is_signed), stddev_scalar(b, 1, is_signed));
}

const struct agg_func agg_stddev = {
	.name = "stddev",
	.min_args = 1,
	.max_args = 1,
	.nvalues = 1,
	.check = agg_check_none,
	.nwords = stddev_nwords,
	.code = stddev_code,
	.merge = stddev_merge,
	.compare = stddev_compare,
	.orders_by_scalar = true,
	.scalar = stddev_scalar,
};
