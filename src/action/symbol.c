/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sym(address), mod(address), usym(address), ...: what is at an address of the
 * kernel's code, or of the current process's. The number is recorded, with the
 * process's if it is one's; the consumer finds the name.
 */
#include <stddef.h>

#include "action/action.h"
#include "action/process.h"
#include "base/names.h"
#include "consume/take.h"

#define OF_PROCESS 0x100 /* in which, beside the naming */

static bool check(struct script *s, struct node *n)
{
	n->type = types_code(s->types, n->builtin->name, 0);
	n->type->size = sizeof(struct item_named);
	return true;
}

static void code_value(struct emit *e, struct node *n, struct value *out)
{
	struct place at = emit_room(e, sizeof(struct item_named));
	int which = n->builtin->which, naming = emit_const(e, which & ~OF_PROCESS);

	(void)emit_names(e);
	emit_store(e, at, emit_int(e, n->args), 8);
	if (which & OF_PROCESS) {
		int pid = ir_reg(e->ir);

		ir_alui(e->ir, IR_SHL, pid, action_process(e), 32);
		ir_alu(e->ir, IR_OR, naming, naming, pid);
	}
	emit_store(e, place_at(at, offsetof(struct item_named, naming)), naming, 8);
	*out = (struct value){.kind = VALUE_STRUCT, .at = at};
}

static void code(struct emit *e, struct node *n, struct value *out)
{
	if (out)
		code_value(e, n, out);
	else
		action_code_itself(e, n);
}

static void take(const struct taking *t)
{
	t->form->calls->trace(t->form, t);
}

#define ROW BUILTIN_ACTION, "uint64_t", "pointer", .check = check, .code = code, .action = {take}
// clang-format off
const struct builtin action_symbol[] = {
	{ "sym",   ROW, .which = NAMING_CODE_FUNCTION },
	{ "func",  ROW, .which = NAMING_CODE_FUNCTION },
	{ "mod",   ROW, .which = NAMING_CODE_MODULE },
	{ "usym",  ROW, .which = OF_PROCESS | NAMING_CODE_FUNCTION },
	{ "ufunc", ROW, .which = OF_PROCESS | NAMING_CODE_FUNCTION },
	{ "umod",  ROW, .which = OF_PROCESS | NAMING_CODE_MODULE },
	{ "uaddr", ROW, .which = OF_PROCESS | NAMING_CODE_ADDRESS },
	{ NULL },
};
// clang-format on
