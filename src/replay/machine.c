/* SPDX-License-Identifier: BSD-2-Clause */
#include "replay/machine.h"

#include <errno.h>

#define TAIL_CALLS 33	 /* in one run, as in the kernel */
#define TURNS (1u << 28) /* of loops: more than any program of ours makes */
#define FRAME_STEP (MACHINE_STACK + 16)
#define MAX_LOOPS (1u << 23) /* of one bpf_loop(), as in the kernel */

uint64_t machine_stack_room(void)
{
	return memory_room(MACHINE_FRAMES * FRAME_STEP);
}

static uint8_t *stack_of(const struct machine *m, unsigned depth)
{
	return m->stacks + depth * FRAME_STEP;
}

int machine_stack_open(struct machine *m)
{
	m->stacks = memory_take(&m->memory, MACHINE_FRAMES * FRAME_STEP, 16);
	if (!m->stacks)
		return -ENOMEM;
	for (unsigned i = 0; i < MACHINE_FRAMES; i++)
		memory_allow(&m->memory, stack_of(m, i), MACHINE_STACK);
	return 0;
}

uint64_t machine_stop(struct machine *m, const char *what, uint64_t address)
{
	if (!m->fault.what) {
		m->fault.what = what;
		m->fault.address = address;
	}
	return 0;
}

struct map *machine_map(struct machine *m, uint64_t map)
{
	uint64_t off = map - (uintptr_t)m->maps;

	if (off >= m->nmaps * sizeof(*m->maps) || off % sizeof(*m->maps)) {
		machine_stop(m, "gives a helper for a map what is none", map);
		return NULL;
	}
	return &m->maps[off / sizeof(*m->maps)];
}

const void *machine_input(struct machine *m, uint64_t at, uint64_t size)
{
	if (memory_may_read(&m->memory, at, size))
		return (const void *)(uintptr_t)at;
	machine_stop(m, "gives a helper memory to read that it may not read", at);
	return NULL;
}

void *machine_output(struct machine *m, uint64_t at, uint64_t size)
{
	const uint8_t *stack = stack_of(m, m->depth);

	if (m->careful && at - (uintptr_t)stack <= MACHINE_STACK &&
	    size <= MACHINE_STACK - (at - (uintptr_t)stack))
		memory_allow(&m->memory, (void *)(uintptr_t)at, size);
	if (memory_may_write(&m->memory, at, size))
		return (void *)(uintptr_t)at;
	machine_stop(m, "gives a helper memory to write that it may not write", at);
	return NULL;
}

void careful_frame(struct machine *m)
{
	memory_forbid(&m->memory, stack_of(m, m->depth), MACHINE_STACK);
}

/* A call of a subprogram. False: too many, one within the other. */
static bool enter(struct machine *m, const struct step *back, const struct code *code, uint64_t *r)
{
	struct frame *f = &m->frames[m->depth];

	if (m->depth + 1 == MACHINE_FRAMES)
		return false;
	*f = (struct frame){.back = back, .code = code, .set = m->set};
	memcpy(f->saved, &r[6], sizeof(f->saved));
	m->depth++;
	r[10] = (uintptr_t)stack_of(m, m->depth) + MACHINE_STACK;
	if (m->careful)
		careful_frame(m);
	return true;
}

static const struct step *leave(struct machine *m, const struct code **code, uint64_t *r)
{
	const struct frame *f = &m->frames[--m->depth];

	memcpy(&r[6], f->saved, sizeof(f->saved));
	*code = f->code;
	return f->back;
}

/* Calls the function of a loop, for the first time or again. */
static const struct step *turn(struct machine *m, uint64_t *r)
{
	const struct frame *f = &m->frames[m->depth - 1];

	r[1] = f->turn;
	r[2] = f->with;
	m->set |= 1 << 1 | 1 << 2;
	return f->loops;
}

static bool is_in(const struct code *c, uint64_t address)
{
	uint64_t off = address - (uintptr_t)c->ops;

	return off < c->nops * sizeof(*c->ops) && off % sizeof(*c->ops) == 0;
}

/* bpf_loop(turns, function, with, flags); where it goes on, NULL after machine_stop(). */
static const struct step *loop(struct machine *m, const struct step *back, const struct code *c,
			       uint64_t *r)
{
	const uint64_t turns = (uint32_t)r[1], function = r[2], with = r[3], flags = r[4];

	r[0] = flags ? (uint64_t)-EINVAL : turns > MAX_LOOPS ? (uint64_t)-E2BIG : 0;
	if (r[0] || !turns)
		return back;
	if (!is_in(c, function) || !enter(m, back, c, r)) {
		machine_stop(m, "gives bpf_loop() what it cannot call", function);
		return NULL;
	}
	m->frames[m->depth - 1].loops = (const struct step *)(uintptr_t)function;
	m->frames[m->depth - 1].turns = turns;
	m->frames[m->depth - 1].with = with;
	return turn(m, r);
}

/* After the function of a loop has returned: whether it is called again. */
static bool goes_on(struct machine *m, uint64_t *r)
{
	struct frame *f = &m->frames[m->depth - 1];

	if (!f->loops)
		return false;
	if (++f->turn < f->turns && !r[0])
		return true;
	r[0] = f->turn;
	return false;
}

/* The program that a tail call goes over to, or NULL: execution goes on behind it. */
static const struct code *onward(struct machine *m, uint64_t progs, uint64_t index)
{
	const struct map *map = machine_map(m, progs);

	if (!map)
		return NULL;
	if (map->type != BPF_MAP_TYPE_PROG_ARRAY) {
		machine_stop(m, "makes a tail call into what is no array of programs", progs);
		return NULL;
	}
	if ((uint32_t)index >= map->max_entries || m->tail_calls >= TAIL_CALLS)
		return NULL;
	m->tail_calls++;
	return map->programs[(uint32_t)index];
}

#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define OR(a, b) ((a) | (b))
#define AND(a, b) ((a) & (b))
#define XOR(a, b) ((a) ^ (b))
#define MOV(a, b) (b)
#define DIV(a, b) ((b) ? (a) / (b) : 0)
#define MOD(a, b) ((b) ? (a) % (b) : (a))
#define LSH(a, b) ((a) << ((b) & (sizeof(a) * 8 - 1)))
#define RSH(a, b) ((a) >> ((b) & (sizeof(a) * 8 - 1)))
#define ARSH(a, b) ((S)(a) >> ((b) & (sizeof(a) * 8 - 1)))
#define JEQ(a, b) ((a) == (b))
#define JNE(a, b) ((a) != (b))
#define JGT(a, b) ((a) > (b))
#define JGE(a, b) ((a) >= (b))
#define JLT(a, b) ((a) < (b))
#define JLE(a, b) ((a) <= (b))
#define JSET(a, b) (((a) & (b)) != 0)
#define JSGT(a, b) ((S)(a) > (S)(b))
#define JSGE(a, b) ((S)(a) >= (S)(b))
#define JSLT(a, b) ((S)(a) < (S)(b))
#define JSLE(a, b) ((S)(a) <= (S)(b))

#define NEXT goto *labels[(++op)->what]
#define DST r[op->dst]
#define SRC r[op->src]

/* One operation in each of its forms. */
#define ALU_FORM(label, T, signed_type, calculate, with)                                           \
	label : {                                                                                  \
		typedef signed_type S __attribute__((unused));                                     \
		T a = (T)DST, b = (T)(with);                                                       \
                                                                                                   \
		(void)a;                                                                           \
		DST = (T)calculate(a, b);                                                          \
		NEXT;                                                                              \
	}
#define ALU(name)                                                                                  \
	ALU_FORM(name##_K, uint64_t, int64_t, name, op->imm)                                       \
	ALU_FORM(name##_X, uint64_t, int64_t, name, SRC)                                           \
	ALU_FORM(name##32_K, uint32_t, int32_t, name, op->imm)                                     \
	ALU_FORM(name##32_X, uint32_t, int32_t, name, SRC)

#define JUMP_FORM(label, T, signed_type, holds, with)                                              \
	label : {                                                                                  \
		typedef signed_type S __attribute__((unused));                                     \
		T a = (T)DST, b = (T)(with);                                                       \
                                                                                                   \
		op += holds(a, b) ? op->off : 1;                                                   \
		goto *labels[op->what];                                                            \
	}
#define JUMP(name)                                                                                 \
	JUMP_FORM(name##_K, uint64_t, int64_t, name, op->imm)                                      \
	JUMP_FORM(name##_X, uint64_t, int64_t, name, SRC)                                          \
	JUMP_FORM(name##32_K, uint32_t, int32_t, name, op->imm)                                    \
	JUMP_FORM(name##32_X, uint32_t, int32_t, name, SRC)

#define TYPE_B uint8_t
#define TYPE_H uint16_t
#define TYPE_W uint32_t
#define TYPE_DW uint64_t
#define STORE_FORM(label, T, value)                                                                \
	label : {                                                                                  \
		T v = (T)(value);                                                                  \
                                                                                                   \
		at = DST + (int64_t)op->off;                                                       \
		if (!memory_writes(&memory, at, sizeof(v)))                                        \
			goto bad_write;                                                            \
		memcpy((void *)(uintptr_t)at, &v, sizeof(v));                                      \
		NEXT;                                                                              \
	}
#define ACCESS(size)                                                                               \
	LDX_##size:                                                                                \
	{                                                                                          \
		TYPE_##size v;                                                                     \
                                                                                                   \
		at = SRC + (int64_t)op->off;                                                       \
		if (!memory_reads(&memory, at, sizeof(v)))                                         \
			goto bad_read;                                                             \
		memcpy(&v, (void *)(uintptr_t)at, sizeof(v));                                      \
		DST = v;                                                                           \
		NEXT;                                                                              \
	}                                                                                          \
	STORE_FORM(ST_##size, TYPE_##size, op->imm)                                                \
	STORE_FORM(STX_##size, TYPE_##size, SRC)

/* The machine has one thread, and what it shares is shared with nobody that runs meanwhile. */
#define ATOMIC_FORM(label, T, new, result)                                                         \
	label : {                                                                                  \
		T old, v = (T)SRC;                                                                 \
                                                                                                   \
		at = DST + (int64_t)op->off;                                                       \
		if (!memory_writes(&memory, at, sizeof(v)) || at % sizeof(v))                      \
			goto bad_write;                                                            \
		memcpy(&old, (void *)(uintptr_t)at, sizeof(v));                                    \
		v = (new);                                                                         \
		memcpy((void *)(uintptr_t)at, &v, sizeof(v));                                      \
		result;                                                                            \
		NEXT;                                                                              \
	}
#define ATOMIC(name, new, result)                                                                  \
	ATOMIC_FORM(name##_W, uint32_t, new, result)                                               \
	ATOMIC_FORM(name##_DW, uint64_t, new, result)

#define FORM_LABELS(name)                                                                          \
	[STEP_##name##_K] = &&name##_K, [STEP_##name##_X] = &&name##_X,                            \
	[STEP_##name##32_K] = &&name##32_K, [STEP_##name##32_X] = &&name##32_X,
#define SIZE_LABELS(size)                                                                          \
	[STEP_LDX_##size] = &&LDX_##size, [STEP_ST_##size] = &&ST_##size,                          \
	[STEP_STX_##size] = &&STX_##size,
#define WIDTH_LABELS(name) [STEP_##name##_W] = &&name##_W, [STEP_##name##_DW] = &&name##_DW,
#define ONE_LABEL(name) [STEP_##name] = &&name,

/* Runs from the first operation of c to its exit; its result. m->fault is set where it stopped. */
static uint64_t execute(struct machine *m, const struct code *c, uint64_t context)
{
	/* cppcheck-suppress assignBoolToPointer ; it takes && for a conjunction */
	static const void *const labels[] = {OPS_ALU(FORM_LABELS) OPS_JUMP(FORM_LABELS) OPS_SIZE(
		SIZE_LABELS) OPS_ATOMIC(WIDTH_LABELS) OPS_OTHER(ONE_LABEL)};
	const struct memory memory = m->memory;
	const struct step *op = c->ops, *back;
	const struct code *next;
	uint64_t r[11] = {0}, at;
	const char *what;

	r[1] = context;
	r[10] = (uintptr_t)stack_of(m, 0) + MACHINE_STACK;
	goto *labels[op->what];

	/* clang-format off */
	OPS_ALU(ALU)
	OPS_JUMP(JUMP)
	OPS_SIZE(ACCESS)
	ATOMIC(ATOMIC_ADD, old + v, (void)0)
	ATOMIC(ATOMIC_OR, old | v, (void)0)
	ATOMIC(ATOMIC_AND, old & v, (void)0)
	ATOMIC(ATOMIC_XOR, old ^ v, (void)0)
	ATOMIC(FETCH_ADD, old + v, SRC = old)
	ATOMIC(FETCH_OR, old | v, SRC = old)
	ATOMIC(FETCH_AND, old & v, SRC = old)
	ATOMIC(FETCH_XOR, old ^ v, SRC = old)
	ATOMIC(XCHG, v, SRC = old)
	ATOMIC_FORM(CMPXCHG_W, uint32_t, old == (uint32_t)r[0] ? v : old, r[0] = old)
	ATOMIC_FORM(CMPXCHG_DW, uint64_t, old == r[0] ? v : old, r[0] = old)
NEG:
	DST = -DST;
	NEXT;
NEG32:
	DST = (uint32_t)-DST;
	NEXT;
SWAP16:
	DST = __builtin_bswap16((uint16_t)DST);
	NEXT;
SWAP32:
	DST = __builtin_bswap32((uint32_t)DST);
	NEXT;
SWAP64:
	DST = __builtin_bswap64(DST);
	NEXT;
LOW16:
	DST = (uint16_t)DST;
	NEXT;
LOW32:
	DST = (uint32_t)DST;
	NEXT;
NOTHING:
	NEXT;
CONST:
	DST = (uint64_t)op->imm;
	NEXT;
FUNCTION:
	DST = (uintptr_t)(op + op->off);
	NEXT;
JA:
	op += op->off;
	goto *labels[op->what];
CALL:
	r[0] = ((helper_fn *)(intptr_t)op->imm)(m, r[1], r[2], r[3], r[4], r[5]);
	if (m->fault.what)
		goto stopped;
	NEXT;
ENTER:
	if (!enter(m, op + 1, c, r)) {
		machine_stop(m, "calls too deep", 0);
		goto stopped;
	}
	op += op->off;
	goto *labels[op->what];
LOOP:
	back = loop(m, op + 1, c, r);
	if (!back)
		goto stopped;
	op = back;
	goto *labels[op->what];
TAIL_CALL:
	next = onward(m, r[2], r[3]);
	if (m->fault.what)
		goto stopped;
	if (!next) {
		r[0] = (uint64_t)-ENOENT;
		NEXT;
	}
	c = next;
	r[1] = context;
	if (m->careful) {
		m->set = 1 << 1 | 1 << 10;
		careful_frame(m);
	}
	op = c->ops;
	goto *labels[op->what];
EXIT:
	if (!m->depth)
		return r[0];
	op = goes_on(m, r) ? turn(m, r) : leave(m, &c, r);
	goto *labels[op->what];
TURN:
	if (++m->turns > TURNS) {
		machine_stop(m, "does not end", 0);
		goto stopped;
	}
	NEXT;
CHECK:
	what = careful_check(m, op + 1, (const struct bpf_insn *)(intptr_t)op->imm, r);
	if (what) {
		machine_stop(m, what, 0);
		goto stopped;
	}
	NEXT;
END:
	machine_stop(m, "runs off its end", 0);
	goto stopped;
bad_read:
	machine_stop(m, "reads what it may not read", at);
	goto stopped;
bad_write:
	machine_stop(m, "writes where it may not write", at);
stopped:
	m->fault.code = c;
	m->fault.insn = c->insn[op - c->ops];
	return 0;
	/* clang-format on */
}

int machine_run(struct machine *m, const struct code *c, uint64_t context, uint64_t *result)
{
	m->depth = m->tail_calls = m->turns = 0;
	m->reserved = 0;
	m->fault = (struct machine_fault){0};
	m->set = 1 << 1 | 1 << 10;
	if (m->careful)
		careful_frame(m);
	*result = execute(m, c, context);
	if (!m->fault.what && m->reserved) {
		machine_stop(m, "ends with a record reserved", 0);
		m->fault.code = c;
		m->fault.insn = c->source->ninsns - 1;
	}
	return m->fault.what ? -EFAULT : 0;
}
