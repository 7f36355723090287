/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known only when more of the program has been made. */
#include <string.h>

#include "ir/ir_impl.h"

size_t ir_here(const struct ir *ir)
{
	return ir->n;
}

void ir_patch(struct ir *ir, size_t at, int32_t imm)
{
	ir->ins[at].imm = imm;
}

void ir_rotate(struct ir *ir, size_t to, size_t from)
{
	size_t n = ir->n - from;
	struct ins *moved = arena_alloc(ir->tmp, (n + 1) * sizeof(*moved));

	memcpy(moved, ir->ins + from, n * sizeof(*moved));
	memmove(ir->ins + to + n, ir->ins + to, (from - to) * sizeof(*moved));
	memcpy(ir->ins + to, moved, n * sizeof(*moved));
}
