/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's operations.  Of arithmetic and jumps each instruction has four:
 * with a constant or a register, on 64 or 32 bits; of accesses one for each size.
 */
#pragma once

/* clang-format off */
#define OPS_ALU(X) X(ADD) X(SUB) X(MUL) X(DIV) X(OR) X(AND) X(LSH) X(RSH) X(MOD) X(XOR) X(MOV) X(ARSH)
#define OPS_JUMP(X) X(JEQ) X(JGT) X(JGE) X(JSET) X(JNE) X(JSGT) X(JSGE) X(JLT) X(JLE) X(JSLT) X(JSLE)
#define OPS_SIZE(X) X(B) X(H) X(W) X(DW)
#define OPS_ATOMIC(X) X(ATOMIC_ADD) X(ATOMIC_OR) X(ATOMIC_AND) X(ATOMIC_XOR) \
	X(FETCH_ADD) X(FETCH_OR) X(FETCH_AND) X(FETCH_XOR) X(XCHG) X(CMPXCHG)
#define OPS_OTHER(X) X(NEG) X(NEG32) X(SWAP16) X(SWAP32) X(SWAP64) X(LOW16) X(LOW32) X(NOTHING) \
	X(CONST) X(FUNCTION) X(JA) X(CALL) X(ENTER) X(LOOP) X(TAIL_CALL) X(EXIT) X(TURN) X(CHECK) X(END)

/* The forms of each, in this order. */
#define STEP_FORMS(name) STEP_##name##_K, STEP_##name##_X, STEP_##name##32_K, STEP_##name##32_X,
#define STEP_SIZES(size) STEP_LDX_##size, STEP_ST_##size, STEP_STX_##size,
#define STEP_WIDTHS(name) STEP_##name##_W, STEP_##name##_DW,
#define STEP_ONE(name) STEP_##name,
enum step_kind {
	OPS_ALU(STEP_FORMS)
	OPS_JUMP(STEP_FORMS)
	OPS_SIZE(STEP_SIZES)
	OPS_ATOMIC(STEP_WIDTHS)
	OPS_OTHER(STEP_ONE)
	STEP_KINDS
};
/* clang-format on */
