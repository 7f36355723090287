/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for a firing.  Small objects lie on the BPF stack; larger ones, strings
 * of bytes above all, in an entry of a per-CPU map that the program takes when
 * it starts and gives back when it ends.
 *
 * A program can be interrupted by another of ours on its CPU, and where it may
 * sleep or be preempted several may be under way there in any order: so an entry
 * is taken by an atomic exchange of its first word, and there are several.
 */
#include "codegen/cg.h"

#define STACK_OBJECT_MAX 64
#define HEAD 8 /* the word that says whether the entry is taken */

struct place cg_room(struct codegen *cg, uint32_t size)
{
	struct place at;

	size = (size + 7) & ~7u;
	if (size <= STACK_OBJECT_MAX)
		return (struct place){SPACE_STACK, ir_stack(cg->ir, size), 0};
	at = (struct place){SPACE_MAP, cg->scratch, HEAD + (int)cg->scratch_used};
	cg->scratch_used += size;
	if (cg->scratch_used > cg->scratch_need)
		cg->scratch_need = cg->scratch_used;
	return at;
}

void cg_scratch_take(struct codegen *cg, int busy)
{
	int key = ir_stack(cg->ir, 8), one, got = ir_label(cg->ir);

	cg->scratch = ir_reg(cg->ir);
	if (!cg->scratch_need) {
		ir_const(cg->ir, cg->scratch, 0);
		return;
	}
	if (cg->scratch_need + HEAD > cg->scratch_size)
		cg->scratch_size = cg->scratch_need + HEAD;
	one = cg_const(cg, 1);
	for (int level = 0; level < SCRATCH_LEVELS; level++) {
		int map = ir_reg(cg->ir), entry = ir_reg(cg->ir), taken = ir_reg(cg->ir),
		    next = ir_label(cg->ir);

		ir_stack_storei(cg->ir, key, 0, level, 4);
		ir_map(cg->ir, map, cg->scratch_map);
		IR_CALL(cg->ir, entry, BPF_FUNC_map_lookup_elem, map,
			cg_address(cg, (struct place){SPACE_STACK, key, 0}));
		ir_branchi(cg->ir, IR_EQ, entry, 0, next);
		ir_atomic(cg->ir, IR_ATOMIC_XCHG, taken, entry, 0, one, -1, 8);
		ir_mov(cg->ir, cg->scratch, entry);
		ir_branchi(cg->ir, IR_EQ, taken, 0, got);
		ir_place(cg->ir, next);
	}
	cg_count_drop(cg, offsetof(struct drops, records));
	ir_jump(cg->ir, busy);
	ir_place(cg->ir, got);
}

void cg_scratch_give(struct codegen *cg)
{
	if (cg->scratch_need && !cg->measuring)
		ir_storei(cg->ir, cg->scratch, 0, 0, 8);
}
