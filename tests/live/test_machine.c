/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BPF machine against the kernel: random programs of arithmetic, branches,
 * memory and atomics run on both, and what they leave behind must be the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "replay/helper.h"
#include "replay/machine.h"

#define PROGRAMS 3000
#define LENGTH 60
#define VALUE 128 /* bytes of the map's value: where registers go at the end */
#define REGS 6	  /* r0 to r5 calculate; r6 has the value's address, r7 a number for it */

static uint64_t seed;

static unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((seed >> 33) % n);
}

static int32_t pick_imm(void)
{
	static const int32_t likely[] = {0, 1, -1, 2, 7, 31, 63, 255, 65536, INT32_MAX, INT32_MIN};

	return pick(2) ? likely[pick(sizeof(likely) / sizeof(*likely))]
		       : (int32_t)(pick(1u << 31) * 2u + pick(2));
}

struct maker {
	struct bpf_insn insns[2 * LENGTH + 64];
	uint32_t n;
};

static void put(struct maker *k, struct bpf_insn i)
{
	k->insns[k->n++] = i;
}

static void put_arithmetic(struct maker *k)
{
	static const uint8_t ops[] = {BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_OR,  BPF_AND,
				      BPF_LSH, BPF_RSH, BPF_MOD, BPF_XOR, BPF_MOV, BPF_ARSH};
	uint8_t op = ops[pick(sizeof(ops))], class = pick(2) ? BPF_ALU64 : BPF_ALU;
	bool shift = op == BPF_LSH || op == BPF_RSH || op == BPF_ARSH;
	struct bpf_insn i = {.dst_reg = pick(REGS)};

	if (pick(10) == 0) {
		i.code = BPF_ALU | BPF_END | (pick(2) ? BPF_TO_BE : BPF_TO_LE);
		i.imm = 16 << pick(3);
	} else if (pick(10) == 0) {
		i.code = class | BPF_NEG;
	} else if (pick(2)) {
		i.code = class | op | BPF_X;
		i.src_reg = pick(REGS);
	} else {
		i.code = class | op | BPF_K;
		i.imm = shift ? (int32_t)pick(class == BPF_ALU ? 32 : 64) : pick_imm();
		if ((op == BPF_DIV || op == BPF_MOD) && !i.imm)
			i.imm = 3;
	}
	put(k, i);
}

/* Over one or two instructions that follow: forward only, so that it ends. */
static void put_jump(struct maker *k)
{
	static const uint8_t ops[] = {BPF_JEQ,	BPF_JGT, BPF_JGE, BPF_JSET, BPF_JNE, BPF_JSGT,
				      BPF_JSGE, BPF_JLT, BPF_JLE, BPF_JSLT, BPF_JSLE};
	struct bpf_insn i = {.code = ops[pick(sizeof(ops))] | (pick(2) ? BPF_JMP : BPF_JMP32),
			     .dst_reg = pick(REGS)};
	uint32_t at = k->n;

	if (pick(2)) {
		i.code |= BPF_X;
		i.src_reg = pick(REGS);
	} else {
		i.imm = pick_imm();
	}
	put(k, i);
	for (unsigned left = 1 + pick(3); left; left--)
		put_arithmetic(k);
	k->insns[at].off = (int16_t)(k->n - at - 1);
}

/* In the first half of the value. */
static void put_memory(struct maker *k)
{
	static const uint8_t sizes[] = {BPF_B, BPF_H, BPF_W, BPF_DW};
	static const int32_t atomics[] = {BPF_ADD,
					  BPF_OR,
					  BPF_AND,
					  BPF_XOR,
					  BPF_ADD | BPF_FETCH,
					  BPF_OR | BPF_FETCH,
					  BPF_AND | BPF_FETCH,
					  BPF_XOR | BPF_FETCH,
					  BPF_XCHG,
					  BPF_CMPXCHG};
	uint8_t size = sizes[pick(4)];
	int16_t off = (int16_t)(8 * pick(VALUE / 16));

	switch (pick(4)) {
	case 0:
		put(k, (struct bpf_insn){BPF_LDX | BPF_MEM | size, pick(REGS), 6, off, 0});
		break;
	case 1:
		put(k, (struct bpf_insn){BPF_ST | BPF_MEM | size, 6, 0, off, pick_imm()});
		break;
	case 2:
		put(k, (struct bpf_insn){BPF_STX | BPF_MEM | size, 6, pick(REGS), off, 0});
		break;
	default:
		put(k, (struct bpf_insn){BPF_STX | BPF_ATOMIC | (pick(2) ? BPF_W : BPF_DW), 6,
					 pick(REGS), off, atomics[pick(10)]});
	}
}

/* Numbers the verifier does not know come from the value itself. */
static void make(struct maker *k, int map)
{
	k->n = 0;
	put(k, (struct bpf_insn){BPF_LD | BPF_IMM | BPF_DW, 6, BPF_PSEUDO_MAP_VALUE, 0, map});
	put(k, (struct bpf_insn){0});
	for (int i = 0; i < REGS; i++)
		put(k, (struct bpf_insn){BPF_LDX | BPF_MEM | BPF_DW, i, 6, 8 * i, 0});
	while (k->n < LENGTH) {
		unsigned what = pick(6);

		if (what == 0)
			put_jump(k);
		else if (what == 1)
			put_memory(k);
		else
			put_arithmetic(k);
	}
	for (int i = 0; i < REGS; i++)
		put(k, (struct bpf_insn){BPF_STX | BPF_MEM | BPF_DW, 6, i, VALUE / 2 + 8 * i, 0});
	put(k, (struct bpf_insn){BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0});
	put(k, (struct bpf_insn){BPF_JMP | BPF_EXIT, 0, 0, 0, 0});
}

static void run_in_kernel(struct maker *k, int map, uint8_t value[VALUE])
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	uint32_t key = 0;
	int prog;

	assert_int_equal(bpf_map_update_elem(map, &key, value, 0), 0);
	k->insns[0].imm = map;
	prog = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "test_machine", "Dual BSD/GPL", k->insns,
			     k->n, NULL);
	assert_true(prog >= 0);
	assert_int_equal(bpf_prog_test_run_opts(prog, &opts), 0);
	assert_int_equal(bpf_map_lookup_elem(map, &key, value), 0);
	close(prog);
}

static void run_on_machine(struct maker *k, uint8_t value[VALUE])
{
	const struct map_def def = {
		.type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = VALUE, .max_entries = 1};
	struct ir_map_use use = {0, 0};
	struct ir_code source = {.insns = k->insns, .ninsns = k->n, .uses = &use, .nuses = 1};
	struct machine *m = calloc(1, sizeof(*m));
	struct map map;
	const struct decoding with = {&map, 1, helper_find, false};
	struct code code;
	uint64_t result;
	char why[128];

	assert_int_equal(memory_open(&m->memory, 1 << 20), 0);
	assert_int_equal(machine_stack_open(m), 0);
	assert_int_equal(map_open(&map, &m->memory, &def, 1), 0);
	memcpy(map.values, value, VALUE);
	if (code_decode(&code, &source, &with, why, sizeof(why)))
		fail_msg("%s", why);
	if (machine_run(m, &code, 0, &result))
		fail_msg("instruction %u %s", m->fault.insn, m->fault.what);
	memcpy(value, map.values, VALUE);
	code_free(&code);
	map_close(&map);
	memory_close(&m->memory);
	free(m);
}

static void the_kernel_and_the_machine_agree(void **state)
{
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "test_machine", 4, VALUE, 1, NULL);
	static struct maker k;

	(void)state;
	assert_true(map >= 0);
	for (int n = 0; n < PROGRAMS; n++) {
		uint8_t kernel[VALUE], machine[VALUE];

		seed = n * 7919 + 1;
		for (int i = 0; i < VALUE; i++)
			kernel[i] = machine[i] = pick(3) ? pick(256) : 255 * pick(2);
		make(&k, map);
		run_in_kernel(&k, map, kernel);
		run_on_machine(&k, machine);
		if (memcmp(kernel, machine, VALUE))
			fail_msg("program %d: another result", n);
	}
	close(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_and_the_machine_agree),
	};

	if (geteuid() != 0) {
		printf("test_machine: skipped: only root may load programs\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
