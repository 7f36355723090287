/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dtrace provider: BEGIN, END, ERROR.  They fire where the consumer says:
 * it runs their programs itself.
 */
#include <stddef.h>

#include "emit/emit.h"
#include "provider/hooks.h"
#include "provider/tables.h"

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

static void error_number(struct emit *e, const struct probe *p, int i, struct value *out)
{
	bool known = p->role == ROLE_ERROR &&
		     (size_t)i < sizeof(error_args) / sizeof(error_args[0]) && error_args[i].size;

	value_int(out, known ? emit_control(e, error_args[i].offset, error_args[i].size)
			     : emit_const(e, 0));
}

static void way_consumer(struct emit *e, const struct needs *n)
{
	(void)n;
	emit_fire(e, NULL, 0);
}

static const struct way ways[] = {{&hook_consumer, way_consumer}, {0}};

/* clang-format off */
static const struct probe_row rows[] = {
	{ "BEGIN", ROLE_BEGIN, NULL, -1, ways },
	{ "END", ROLE_END, NULL, -1, ways },
	{ "ERROR", ROLE_ERROR, NULL, -1, ways },
	{ 0 },
};
/* clang-format on */

const struct provider provider_dtrace = {
	.name = "dtrace",
	.module = "",
	.probe = {STABILITY_STABLE, STABILITY_STABLE, DEPENDENCY_COMMON},
	.arg = {STABILITY_STABLE, STABILITY_STABLE, DEPENDENCY_COMMON},
	.rows = rows,
	.number = error_number,
};
