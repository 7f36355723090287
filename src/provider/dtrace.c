/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dtrace provider: BEGIN, END, ERROR.  They fire where the consumer says:
 * it runs their programs itself.
 */
#include "codegen/cg.h"
#include "provider/tables.h"

const struct hook hook_consumer = {
	.name = "raw_tp/consumer",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.attach = ATTACH_NONE,
};

/* Of ERROR: arg1 the enabled probe's id, arg2 the action, arg3 always 0 (DTrace's offset in its own
 * code), arg4 the kind of fault, arg5 its address. */
static const struct {
	unsigned offset, size;
} error_args[] = {
	{0, 0},
	{offsetof(struct control, error.epid), 4},
	{offsetof(struct control, error.action), 4},
	{0, 0},
	{offsetof(struct control, error.kind), 4},
	{offsetof(struct control, error.address), 8},
};

static void dtrace_arg(struct codegen *cg, const struct probe *p, int i, struct value *out)
{
	bool known = p->role == ROLE_ERROR &&
		     (size_t)i < sizeof(error_args) / sizeof(error_args[0]) && error_args[i].size;

	cg_value_int(out, known ? cg_control(cg, error_args[i].offset, error_args[i].size)
				: cg_const(cg, 0));
}

static const struct fire consumer_fires[] = {{&hook_consumer, cg_clauses}, {0}};

/* clang-format off */
static const struct probe_row dtrace_rows[] = {
	{ "BEGIN", ROLE_BEGIN, NULL, -1, consumer_fires },
	{ "END", ROLE_END, NULL, -1, consumer_fires },
	{ "ERROR", ROLE_ERROR, NULL, -1, consumer_fires },
	{ 0 },
};
/* clang-format on */

const struct provider provider_dtrace = {.name = "dtrace", .rows = dtrace_rows, .arg = dtrace_arg};
