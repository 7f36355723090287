/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables that tell the time and the place of a firing. */
#include <stddef.h>
#include <time.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"

static void code_timestamp(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	value_int(out, emit_time(e));
}

static void code_walltimestamp(struct emit *e, struct node *n, struct value *out)
{
	int reg = ir_reg(e->ir);

	(void)n;
	ir_alu(e->ir, IR_ADD, reg, emit_time(e),
	       emit_control(e, offsetof(struct control, wall_offset), 8));
	value_int(out, reg);
}

static void code_cpu(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	value_int(out, emit_cpu(e));
}

/* Nanoseconds in a jiffy: the coarse clock's resolution is one tick. For dlib/tcp.d. */
static void code_jiffy_ns(struct emit *e, struct node *n, struct value *out)
{
	struct timespec t = {.tv_nsec = 10000000};

	(void)n;
	clock_getres(CLOCK_MONOTONIC_COARSE, &t);
	value_int(out, emit_const(e, t.tv_nsec));
}

#define V BUILTIN_VARIABLE
/* clang-format off */
const struct builtin builtin_time[] = {
	{ "__jiffy_ns",    V, "uint32_t", .code = code_jiffy_ns },
	{ "cpu",           V, "processorid_t", .code = code_cpu },
	{ "timestamp",     V, "uint64_t", .code = code_timestamp, .needs = NEED_TIME },
	{ "walltimestamp", V, "int64_t", .code = code_walltimestamp, .needs = NEED_TIME },
	{ NULL },
};
/* clang-format on */
