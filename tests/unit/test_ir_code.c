/* SPDX-License-Identifier: BSD-2-Clause */
/* The last check of the back end, of encoded programs: good ones pass, each kind of bad one is
 * named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ir/ir_impl.h"

/* clang-format off */
#define MOVI(d, n)	  {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = d, .imm = n}
#define MOV(d, s)	  {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = d, .src_reg = s}
#define ADD(d, s)	  {.code = BPF_ALU64 | BPF_ADD | BPF_X, .dst_reg = d, .src_reg = s}
#define LOAD(d, s, at)	  {.code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = d, .src_reg = s, .off = at}
#define STORE(d, at, s)	  {.code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = d, .src_reg = s, .off = at}
#define STOREI(d, at, n)  {.code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = d, .off = at, .imm = n}
#define CMPXCHG(d, s)	  {.code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = d, .src_reg = s, .off = -8, .imm = BPF_CMPXCHG}
#define WIDE(d)		  {.code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = d}, {0}
#define IF_ZERO(r, to)	  {.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = r, .off = to}
#define GOTO(to)	  {.code = BPF_JMP | BPF_JA, .off = to}
#define CALL(helper)	  {.code = BPF_JMP | BPF_CALL, .imm = helper}
#define CALL_SUB(to)	  {.code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = to}
#define EXIT		  {.code = BPF_JMP | BPF_EXIT}

static const struct {
	const char *why; /* NULL: it is good */
	struct bpf_insn insns[8]; /* zeros behind the last */
	uint32_t subprog;
} cases[] = {
	{NULL, {MOVI(0, 0), EXIT}},
	{NULL, {MOV(6, 1), CALL(5), LOAD(0, 6, 8), EXIT}},
	{NULL, {MOVI(2, 0), STORE(10, -8, 2), MOVI(0, 0), CMPXCHG(10, 2), EXIT}},
	{NULL, {IF_ZERO(1, 2), WIDE(1), MOV(0, 1), EXIT}},
	{NULL, {MOVI(2, 7), CALL_SUB(1), EXIT, MOV(0, 2), EXIT}, 3},
	{NULL, {MOVI(0, 0), IF_ZERO(0, -2), EXIT}}, /* back */
	{"instruction 0 reads a register", {MOV(0, 2), EXIT}},
	{"instruction 0 reads a register", {EXIT}},
	{"instruction 1 reads a register", {MOVI(0, 0), ADD(0, 3), EXIT}},
	{"instruction 1 reads a register", {CALL(5), LOAD(0, 1, 8), EXIT}},
	{"instruction 1 reads a register", {MOVI(2, 0), CMPXCHG(10, 2), EXIT}}, /* r0 */
	{"instruction 2 reads a register", {IF_ZERO(1, 1), MOVI(3, 0), MOV(0, 3), EXIT}}, /* on one path */
	{"instruction 3 reads a register", {MOVI(6, 0), CALL_SUB(1), EXIT, MOV(0, 6), EXIT}, 3}, /* a callee's */
	{"instruction 0 writes r10", {MOVI(10, 0), MOVI(0, 0), EXIT}},
	{"instruction 1 accesses the stack outside", {MOVI(0, 0), STOREI(10, -516, 0), EXIT}},
	{"instruction 1 accesses the stack outside", {MOVI(0, 0), STOREI(10, -2, 0), EXIT}},
	{"instruction 1 accesses the stack unaligned", {MOVI(0, 0), STOREI(10, -6, 0), EXIT}},
	{"instruction 1 leads out of the program", {MOVI(0, 0), MOVI(1, 0)}},
	{"instruction 1 leads out of the program", {MOVI(0, 0), GOTO(5), EXIT}},
	{"instruction 0 leads out of the program", {GOTO(-2), EXIT}},
	{"instruction 0 leads out of the program", {IF_ZERO(1, 2), MOVI(0, 0), EXIT, MOVI(0, 0), EXIT}, 3}, /* another's */
	{"instruction 0 leads out of the program", {GOTO(1), WIDE(1), MOVI(0, 0), EXIT}}, /* its second half */
	{"instruction 2 is not reached", {MOVI(0, 0), EXIT, MOVI(0, 1), EXIT}},
	{"instruction 2 is not reached", {MOVI(0, 0), GOTO(1), EXIT, EXIT}},
};
/* clang-format on */

static uint32_t count(const struct bpf_insn *insns)
{
	static const struct bpf_insn none;
	uint32_t n = 8;

	/* the second half of a wide one is zeros too, but never the last but one here */
	while (n > 1 && !memcmp(&insns[n - 1], &none, sizeof(none)))
		n--;
	return n;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a = arena_new();
		struct ir_subprog sub = {cases[i].subprog, "sub"};
		struct ir_code code = {
			.insns = (struct bpf_insn *)cases[i].insns,
			.ninsns = count(cases[i].insns),
			.subprogs = &sub,
			.nsubprogs = cases[i].subprog != 0,
		};
		const char *why = verify_code(&code, a);

		if (!why != !cases[i].why || (why && !strstr(why, cases[i].why)))
			fail_msg("case %zu: %s, wanted %s", i, why ? why : "good",
				 cases[i].why ? cases[i].why : "good");
		arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
