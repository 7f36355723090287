/* SPDX-License-Identifier: BSD-2-Clause */
/* What the aggregating functions share. */
#include "agg/common.h"

bool agg_check_none(const int64_t *params, int nparams, const char **why)
{
	(void)params;
	if (nparams == 0)
		return true;
	*why = "takes no constant parameters";
	return false;
}

void agg_merge_add(int64_t *into, const int64_t *from, uint32_t nwords)
{
	/* Unsigned: sums wrap, as they do in the kernel. */
	for (uint32_t i = 0; i < nwords; i++)
		into[i] = (int64_t)((uint64_t)into[i] + (uint64_t)from[i]);
}

void agg_code_add(struct ir *ir, int base, int word, int value)
{
	ir_atomic(ir, IR_ATOMIC_ADD, -1, base, word * 8, value, -1, 8);
}

int agg_compare_int(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int64_t agg_divide(int64_t a, int64_t b)
{
	/* The one quotient that C leaves undefined; the machine wraps. */
	if (b == -1)
		return (int64_t)(0 - (uint64_t)a);
	return a / b;
}

int agg_code_increment(struct ir *ir, int increment)
{
	int one;

	if (increment >= 0)
		return increment;
	one = ir_reg(ir);
	ir_const(ir, one, 1);
	return one;
}

void agg_code_bucket(struct ir *ir, int base, int index, int increment)
{
	int bucket = ir_reg(ir);

	ir_alui(ir, IR_SHL, index, index, 3);
	ir_alu(ir, IR_ADD, bucket, base, index);
	agg_code_add(ir, bucket, 0, increment);
}
