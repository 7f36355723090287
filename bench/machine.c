/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the BPF machine does in a second: instructions of arithmetic and of
 * memory, and firings of a script that counts by a key.  Prints two numbers, in
 * millions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compile.h"
#include "replay/helper.h"
#include "replay/machine.h"
#include "replay/replay.h"

#define ROUNDS 300000
#define FIRINGS 3000000

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* A loop of 100 times: two of arithmetic, a store, a load. */
static double instructions(void)
{
	enum { TIMES = 100, EACH = 4, LOOP = TIMES * EACH + 2 };
	struct bpf_insn insns[LOOP + 4] = {{BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 0}};
	struct ir_code source = {.insns = insns, .ninsns = LOOP + 2};
	const struct decoding with = {NULL, 0, helper_find, false};
	struct machine *m = calloc(1, sizeof(*m));
	struct bpf_insn *i = insns + 1;
	struct code code;
	uint64_t result;
	char why[128];
	double start;

	for (int k = 0; k < TIMES; k++) {
		*i++ = (struct bpf_insn){BPF_ALU64 | BPF_XOR | BPF_K, 3, 0, 0, k};
		*i++ = (struct bpf_insn){BPF_ALU64 | BPF_ADD | BPF_X, 3, 2, 0, 0};
		*i++ = (struct bpf_insn){BPF_STX | BPF_MEM | BPF_DW, 10, 3, -8, 0};
		*i++ = (struct bpf_insn){BPF_LDX | BPF_MEM | BPF_DW, 3, 10, -8, 0};
	}
	*i++ = (struct bpf_insn){BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, 1};
	*i++ = (struct bpf_insn){BPF_JMP | BPF_JLT | BPF_K, 2, 0, -LOOP, ROUNDS};
	*i++ = (struct bpf_insn){BPF_JMP | BPF_EXIT, 0, 0, 0, 0};
	source.ninsns = i - insns;
	if (memory_open(&m->memory, 1 << 20) || machine_stack_open(m) ||
	    code_decode(&code, &source, &with, why, sizeof(why)))
		exit(1);
	start = seconds();
	if (machine_run(m, &code, 0, &result))
		exit(1);
	return (double)LOOP * ROUNDS / (seconds() - start);
}

static double firings(void)
{
	static const char text[] = "tick-1s { @[pid] = count(); }";
	struct arena *a = arena_new();
	struct source source = {.name = "bench", .text = text, .len = sizeof(text) - 1};
	struct compile_input in = {.source = &source};
	struct macro_args macros = {0};
	struct options options;
	struct program *p;
	struct engine *e;
	char why[256];
	double start;

	options_init(&options);
	options.engine = ENGINE_MACHINE;
	macros.options = &options;
	if (compile(a, types_new(a, NULL), diag_new(a), probes_new(a), &options, &macros, &in, 1, &p) ||
	    replay_engine.open(p, &options, &e, why, sizeof(why)))
		exit(1);
	replay_engine.control(e)->activity = ACTIVITY_ACTIVE;
	start = seconds();
	for (int i = 0; i < FIRINGS; i++)
		if (replay_engine.run(e, 0))
			exit(1);
	return FIRINGS / (seconds() - start);
}

int main(void)
{
	printf("%.1f ", instructions() / 1e6);
	printf("%.1f\n", firings() / 1e6);
	return 0;
}
