/* SPDX-License-Identifier: BSD-2-Clause */
/* The built-in variables. aux: representation of a string + 1 (codegen/string.c). */
#include <stddef.h>
#include <time.h>

#include "builtin/builtin_tables.h"
#include "codegen/cg.h"

static void code_timestamp(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	cg_value_int(out, cg_time(cg));
}

static void code_walltimestamp(struct codegen *cg, struct node *n, struct value *out)
{
	int reg = ir_reg(cg->ir);

	(void)n;
	ir_alu(cg->ir, IR_ADD, reg, cg_time(cg),
	       cg_control(cg, offsetof(struct control, wall_offset), 8));
	cg_value_int(out, reg);
}

static void code_cpu(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	cg_value_int(out, cg_cpu(cg));
}

/* The current task, typed: loaded from without checks. */
static struct place current_task(struct codegen *cg)
{
	static const char tag[] = "curthread";
	int reg = cg_cached_call(cg, tag);

	if (reg < 0) {
		reg = ir_reg(cg->ir);
		IR_CALL0(cg->ir, reg, BPF_FUNC_get_current_task_btf);
		cg_cache_call(cg, tag, reg);
	}
	return (struct place){SPACE_BTF, reg, 0};
}

static void code_curthread(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	cg_value_pointer(out, SPACE_BTF, current_task(cg).base, false);
}

static const char *const task_fields[] = {"tgid", "pid"};

static void code_task(struct codegen *cg, struct node *n, struct value *out)
{
	cg_value_int(out, cg_peek_field(cg, current_task(cg), "task_struct",
					task_fields[n->builtin->aux]));
}

static void code_ppid(struct codegen *cg, struct node *n, struct value *out)
{
	struct place parent = current_task(cg);

	(void)n;
	parent.base = cg_peek_field(cg, parent, "task_struct", "real_parent");
	parent.off = 0;
	cg_value_int(out, cg_peek_field(cg, parent, "task_struct", "tgid"));
}

static const char *const cred_fields[] = {"uid.val", "gid.val", "euid.val", "egid.val"};

static void code_cred(struct codegen *cg, struct node *n, struct value *out)
{
	struct place cred = current_task(cg);

	cred.base = cg_peek_field(cg, cred, "task_struct", "cred");
	/* The verifier knows cred as RCU-protected only from some kernel on: read it as any
	 * address. */
	cred.space = SPACE_KERNEL;
	cred.off = 0;
	cg_value_int(out, cg_peek_field(cg, cred, "cred", cred_fields[n->builtin->aux]));
}

static void code_execname(struct codegen *cg, struct node *n, struct value *out)
{
	struct field f = cg_field(cg, "task_struct", "comm");
	struct place at = cg_place_at(current_task(cg), f.bit_offset / 8);

	(void)n;
	*out = (struct value){.kind = VALUE_STRING, .rep = {REP_NAME, 16}, .literal = -1};
	out->word[0] = cg_peek(cg, at, 8);
	out->word[1] = cg_peek(cg, cg_place_at(at, 8), 8);
}

enum { PROBE_PROV, PROBE_MOD, PROBE_FUNC, PROBE_NAME };

static void probe_field(struct codegen *cg, int which, struct value *out)
{
	const char *const fields[] = {cg->probe->provider, cg->probe->module, cg->probe->function,
				      cg->probe->name};

	cg_string_literal(cg, fields[which], out);
}

static void code_probeprov(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	probe_field(cg, PROBE_PROV, out);
}

static void code_probemod(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	probe_field(cg, PROBE_MOD, out);
}

static void code_probefunc(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	probe_field(cg, PROBE_FUNC, out);
}

static void code_probename(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	probe_field(cg, PROBE_NAME, out);
}

static void code_epid(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	cg_value_int(out, cg_const(cg, cg->clause_id));
}

static void code_id(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	cg_value_int(out, cg_const(cg, cg->probe->id));
}

/* What Linux does not have: the documented neutral value. */
static void code_zero(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	cg_value_int(out, cg_const(cg, 0));
}

static void code_global_zone(struct codegen *cg, struct node *n, struct value *out)
{
	(void)n;
	cg_string_literal(cg, "global", out);
}

/* Nanoseconds in a jiffy: the coarse clock's resolution is one tick. For dlib/tcp.d. */
static void code_jiffy_ns(struct codegen *cg, struct node *n, struct value *out)
{
	struct timespec t = {.tv_nsec = 10000000};

	(void)n;
	clock_getres(CLOCK_MONOTONIC_COARSE, &t);
	cg_value_int(out, cg_const(cg, t.tv_nsec));
}

static void code_arg(struct codegen *cg, struct node *n, struct value *out)
{
	int i = n->builtin->aux;

	if (!cg->probe->owner->arg || (cg->probe->nargs >= 0 && i >= cg->probe->nargs)) {
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	cg->probe->owner->arg(cg, cg->probe, i, out);
	cg_value_int(out, cg_as_int(cg, out));
}

/* args is always indexed: the checker made NODE_ARG of it. */
static void code_args(struct codegen *cg, struct node *n, struct value *out)
{
	cg_error(cg, n->loc, "D_ARGS_IDX", "args must be indexed: args[0]");
	cg_value_int(out, cg_const(cg, 0));
}

#define V BUILTIN_VARIABLE
/* clang-format off */
const struct builtin builtin_variables[] = {
	{ "__jiffy_ns",    V, "uint32_t", .code = code_jiffy_ns },
	{ "arg0",          V, "int64_t", .code = code_arg, .aux = 0 },
	{ "arg1",          V, "int64_t", .code = code_arg, .aux = 1 },
	{ "arg2",          V, "int64_t", .code = code_arg, .aux = 2 },
	{ "arg3",          V, "int64_t", .code = code_arg, .aux = 3 },
	{ "arg4",          V, "int64_t", .code = code_arg, .aux = 4 },
	{ "arg5",          V, "int64_t", .code = code_arg, .aux = 5 },
	{ "arg6",          V, "int64_t", .code = code_arg, .aux = 6 },
	{ "arg7",          V, "int64_t", .code = code_arg, .aux = 7 },
	{ "arg8",          V, "int64_t", .code = code_arg, .aux = 8 },
	{ "arg9",          V, "int64_t", .code = code_arg, .aux = 9 },
	{ "args",          V, "void *", .code = code_args },
	{ "cpu",           V, "processorid_t", .code = code_cpu },
	{ "curcpu",        V, "processorid_t", .code = code_cpu },
	{ "curthread",     V, "struct task_struct *", .code = code_curthread },
	{ "egid",          V, "gid_t", .code = code_cred, .aux = 3 },
	{ "epid",          V, "uint_t", .code = code_epid },
	{ "euid",          V, "uid_t", .code = code_cred, .aux = 2 },
	{ "execname",      V, "string", .code = code_execname, .aux = REP_NAME + 1 },
	{ "gid",           V, "gid_t", .code = code_cred, .aux = 1 },
	{ "id",            V, "uint_t", .code = code_id },
	{ "ipl",           V, "uint_t", .code = code_zero },
	{ "jailname",      V, "string", .code = code_global_zone, .aux = REP_LITERAL + 1 },
	{ "jid",           V, "int", .code = code_zero },
	{ "pid",           V, "pid_t", .code = code_task, .aux = 0 },
	{ "ppid",          V, "pid_t", .code = code_ppid },
	{ "probefunc",     V, "string", .code = code_probefunc, .aux = REP_LITERAL + 1 },
	{ "probemod",      V, "string", .code = code_probemod, .aux = REP_LITERAL + 1 },
	{ "probename",     V, "string", .code = code_probename, .aux = REP_LITERAL + 1 },
	{ "probeprov",     V, "string", .code = code_probeprov, .aux = REP_LITERAL + 1 },
	{ "tid",           V, "id_t", .code = code_task, .aux = 1 },
	{ "timestamp",     V, "uint64_t", .code = code_timestamp },
	{ "uid",           V, "uid_t", .code = code_cred, .aux = 0 },
	{ "walltimestamp", V, "int64_t", .code = code_walltimestamp },
	{ "zonename",      V, "string", .code = code_global_zone, .aux = REP_LITERAL + 1 },
	{ NULL },
};
/* clang-format on */
