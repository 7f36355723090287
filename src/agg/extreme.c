/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The common part of min() and max(). words[0] is a mark that there was a
 * value; words[1] is the extreme, coded so that both functions keep the largest
 * unsigned number and zeroed memory is below every value:
 *
 *	max  v with its sign bit flipped
 *	min  the complement of that
 *
 * So the first value needs no case of its own, and no order of the two stores
 * matters to an interrupt that aggregates into the same words.
 */
#include "agg/common.h"

/*
 * An update is lost only if interrupts change the word between load and
 * exchange that many times in a row, each nested in the window of the one before.
 */
#define TRIES 4

static uint64_t coding(enum agg_extreme which)
{
	return which == AGG_MIN ? INT64_MAX : (uint64_t)1 << 63;
}

/* if (coded > *word) *word = coded; */
void agg_extreme_code(struct ir *ir, int base, int value, enum agg_extreme which)
{
	uint64_t flip = coding(which);
	int coded = ir_reg(ir), old = ir_reg(ir), done = ir_label(ir);

	ir_alui(ir, IR_XOR, coded, value, (int64_t)flip);
	ir_storei(ir, base, 0, 1, 8);
	ir_load(ir, old, base, 8, 8);
	for (int i = 0; i < TRIES; i++) {
		int seen = ir_reg(ir);

		ir_branch(ir, IR_ULE, coded, old, done);
		ir_atomic(ir, IR_ATOMIC_CMPXCHG, seen, base, 8, coded, old, 8);
		if (i + 1 == TRIES)
			break;
		ir_branch(ir, IR_EQ, seen, old, done);
		ir_mov(ir, old, seen);
	}
	ir_place(ir, done);
}

void agg_extreme_merge(int64_t *into, const int64_t *from, uint32_t nwords)
{
	(void)nwords;
	into[0] |= from[0];
	if ((uint64_t)from[1] > (uint64_t)into[1])
		into[1] = from[1];
}

/* 0 if there was none, as after clear(). */
int64_t agg_extreme_value(const int64_t *words, enum agg_extreme which)
{
	uint64_t flip = coding(which);

	return words[0] ? (int64_t)((uint64_t)words[1] ^ flip) : 0;
}
