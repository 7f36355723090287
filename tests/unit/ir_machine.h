/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BPF machine for the tests of the back end, careful: beside running a
 * program it refuses what the kernel's verifier would.  Helpers are made up:
 * see helper_result().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "replay/machine.h"

#define CTX_BYTES 1024
#define MAP_BYTES 256
#define MAPS 8 /* all of them the same one */

struct trial {
	uint8_t *ctx;
	size_t ctx_bytes; /* 0: CTX_BYTES */
	uint8_t map[MAP_BYTES];
	const char *wrong; /* what the program did that it must not */
};

static uint64_t mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15ull;
	return x ^ x >> 29;
}

/* Helpers of the tests: the number modulo 6 is how many arguments one reads. */
#define FIRST_HELPER 300
#define HELPERS 12

static uint64_t helper_result(int helper, const uint64_t *args, int nargs)
{
	uint64_t h = mix(helper + 1);

	for (int i = 0; i < nargs; i++)
		h = mix(h + args[i]);
	return helper % 2 ? h : h % 16;
}

#define MADE_UP(n)                                                                                 \
	static uint64_t made_up_##n(struct machine *m, uint64_t a, uint64_t b, uint64_t c,         \
				    uint64_t d, uint64_t e)                                        \
	{                                                                                          \
		const uint64_t args[] = {a, b, c, d, e};                                           \
                                                                                                   \
		(void)m;                                                                           \
		return helper_result(FIRST_HELPER + n, args, (FIRST_HELPER + n) % 6);              \
	}
#define ALL_MADE_UP(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
ALL_MADE_UP(MADE_UP)

static const struct helper *made_up(int id)
{
#define ROW(n) {FIRST_HELPER + n, "made up", made_up_##n, (FIRST_HELPER + n) % 6},
	static const struct helper all[HELPERS] = {ALL_MADE_UP(ROW)};
#undef ROW

	return id >= FIRST_HELPER && id < FIRST_HELPER + HELPERS ? &all[id - FIRST_HELPER] : NULL;
}

static bool is_wide(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_IMM | BPF_DW);
}

/* Where execution may go on behind pc: at most two places. */
static int successors(const struct ir_code *code, uint32_t pc, uint32_t next[2])
{
	const struct bpf_insn *i = &code->insns[pc];
	int op = BPF_OP(i->code), n = 0;
	bool is_jump = BPF_CLASS(i->code) == BPF_JMP;

	if (is_jump && op == BPF_CALL && i->src_reg == BPF_PSEUDO_CALL)
		next[n++] = pc + 1 + i->imm;
	if (is_jump && op != BPF_CALL && op != BPF_EXIT)
		next[n++] = pc + 1 + i->off;
	if (!is_jump || (op != BPF_JA && op != BPF_EXIT))
		next[n++] = pc + 1 + is_wide(i);
	return n;
}

/* The first instruction that nothing leads to, which the kernel refuses; ninsns if there is none.
 */
static inline uint32_t first_unreached(const struct ir_code *code)
{
	bool *seen = calloc(code->ninsns + 1, sizeof(*seen));
	uint32_t *todo = calloc(2 * code->ninsns + 1, sizeof(*todo)), n = 1, at, next[2];

	while (n) {
		at = todo[--n];
		if (at >= code->ninsns || seen[at])
			continue;
		seen[at] = true;
		for (int k = successors(code, at, next); k-- > 0;)
			todo[n++] = next[k];
	}
	for (at = 0; at < code->ninsns && seen[at]; at += 1 + is_wide(&code->insns[at]))
		;
	free(seen);
	free(todo);
	return at;
}

/* r0 at exit; t->wrong says what was not allowed. */
static inline uint64_t run(struct trial *t, const struct ir_code *source)
{
	static char why[128];
	static const struct map_def def = {.type = BPF_MAP_TYPE_ARRAY,
					   .key_size = 4,
					   .value_size = MAP_BYTES,
					   .max_entries = 1};
	struct map maps[MAPS];
	struct machine *m = calloc(1, sizeof(*m));
	const struct decoding with = {maps, MAPS, made_up, true};
	struct code code;
	size_t size = t->ctx_bytes ? t->ctx_bytes : CTX_BYTES;
	uint64_t result = 0;
	uint8_t *ctx;

	if (first_unreached(source) != source->ninsns)
		t->wrong = "unreachable instruction";
	memory_open(&m->memory, 1 << 20);
	m->careful = true;
	machine_stack_open(m);
	ctx = memory_take(&m->memory, size, 8);
	memory_allow(&m->memory, ctx, size);
	map_open(&maps[0], &m->memory, &def, 1);
	for (int i = 1; i < MAPS; i++)
		maps[i] = maps[0];
	memcpy(ctx, t->ctx, size);
	memcpy(maps[0].values, t->map, MAP_BYTES);
	if (code_decode(&code, source, &with, why, sizeof(why)))
		t->wrong = why;
	else if (machine_run(m, &code, (uintptr_t)ctx, &result))
		t->wrong = m->fault.what;
	memcpy(t->ctx, ctx, size);
	memcpy(t->map, maps[0].values, MAP_BYTES);
	code_free(&code);
	map_close(&maps[0]);
	memory_close(&m->memory);
	free(m);
	return result;
}

/* A repeatable sequence of choices. */
static uint64_t seed;

static inline unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((seed >> 33) % n);
}
