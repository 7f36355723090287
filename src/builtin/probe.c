/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables of the probe that fires, its clause and its arguments. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"

enum { PROBE_PROV, PROBE_MOD, PROBE_FUNC, PROBE_NAME };

static void code_name(struct emit *e, struct node *n, struct value *out)
{
	const struct probe *p = emit_probe(e);
	const char *const fields[] = {
		[PROBE_PROV] = p->provider,
		[PROBE_MOD] = p->module,
		[PROBE_FUNC] = p->function,
		[PROBE_NAME] = p->name,
	};

	emit_string_literal(e, fields[n->builtin->which], out);
}

static void code_epid(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	value_int(out, emit_const(e, emit_clause_id(e)));
}

static void code_id(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	value_int(out, emit_const(e, emit_probe(e)->id));
}

/* arg0 … arg9: an argument as a number. */
static void code_arg(struct emit *e, struct node *n, struct value *out)
{
	emit_arg(e, n->builtin->which, out);
	value_int(out, emit_as_int(e, out));
}

/* args is always indexed: the checker made NODE_ARG of it. */
static void code_args(struct emit *e, struct node *n, struct value *out)
{
	emit_error(e, n->loc, "D_ARGS_IDX", "args must be indexed: args[0]");
	value_int(out, emit_const(e, 0));
}

#define V BUILTIN_VARIABLE
/* clang-format off */
const struct builtin builtin_probe[] = {
	{ "arg0",      V, "int64_t", .code = code_arg, .which = 0 },
	{ "arg1",      V, "int64_t", .code = code_arg, .which = 1 },
	{ "arg2",      V, "int64_t", .code = code_arg, .which = 2 },
	{ "arg3",      V, "int64_t", .code = code_arg, .which = 3 },
	{ "arg4",      V, "int64_t", .code = code_arg, .which = 4 },
	{ "arg5",      V, "int64_t", .code = code_arg, .which = 5 },
	{ "arg6",      V, "int64_t", .code = code_arg, .which = 6 },
	{ "arg7",      V, "int64_t", .code = code_arg, .which = 7 },
	{ "arg8",      V, "int64_t", .code = code_arg, .which = 8 },
	{ "arg9",      V, "int64_t", .code = code_arg, .which = 9 },
	{ "args",      V, "void *", .code = code_args },
	{ "epid",      V, "uint_t", .code = code_epid },
	{ "id",        V, "uint_t", .code = code_id },
	{ "probefunc", V, "string", .code = code_name, .which = PROBE_FUNC, .rep = REP_LITERAL },
	{ "probemod",  V, "string", .code = code_name, .which = PROBE_MOD, .rep = REP_LITERAL },
	{ "probename", V, "string", .code = code_name, .which = PROBE_NAME, .rep = REP_LITERAL },
	{ "probeprov", V, "string", .code = code_name, .which = PROBE_PROV, .rep = REP_LITERAL },
	{ NULL },
};
/* clang-format on */
