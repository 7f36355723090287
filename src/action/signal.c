/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * raise(signal), stop(): to the process in which the probe fires, at once. A
 * process that the kernel sends none (its own threads, the first one) is an
 * illegal operation.
 */
#include <signal.h>
#include <stddef.h>

#include "action/action.h"
#include "action/process.h"

static bool check_raise(struct script *s, struct node *n)
{
	const struct node *signal = n->args;

	if (signal->kind != NODE_INT || (signal->value >= 1 && signal->value <= (uint64_t)SIGRTMAX))
		return true;
	diag_error(s->diag, signal->loc, "D_PROTO_ARG", "%s( ) takes a signal from 1 to %d",
		   n->builtin->name, SIGRTMAX);
	return false;
}

static void send(struct emit *e, struct node *n, int signal)
{
	int ret = ir_reg(e->ir);

	if (!action_has_process(e, n, "send it a signal"))
		return;
	IR_CALL(e->ir, ret, BPF_FUNC_send_signal, signal);
	emit_fault_if(e, IR_NE, ret, 0, FLT_ILLOP, -1);
}

static void code_raise(struct emit *e, struct node *n, struct value *out)
{
	(void)out;
	send(e, n, emit_int(e, n->args));
}

static void code_stop(struct emit *e, struct node *n, struct value *out)
{
	(void)out;
	send(e, n, emit_const(e, SIGSTOP));
}

// clang-format off
const struct builtin action_signal[] = {
	{ "raise", BUILTIN_SUBROUTINE, "void", "integer",
	  .check = check_raise, .code = code_raise, .destructive = true },
	{ "stop", BUILTIN_SUBROUTINE, "void", "", .code = code_stop, .destructive = true },
	{ NULL },
};
// clang-format on
