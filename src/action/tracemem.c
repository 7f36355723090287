/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracemem(address, size): memory as a dump. size must be a constant, since it
 * is the record's.
 */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"
#include "emit/emit.h"

static bool check(struct script *s, struct node *n)
{
	struct node *size = n->args->next;

	if (size->kind == NODE_INT && size->value >= 1 && size->value <= 4096)
		return true;
	diag_error(s->diag, size->loc, "D_TRACEMEM_SIZE",
		   "tracemem() takes a constant size from 1 to 4096");
	return false;
}

static void code(struct emit *e, struct node *n, struct value *out)
{
	struct action *a = emit_action(e, n, NULL);
	struct item *it = &a->items[0];
	int addr = emit_int(e, n->args);
	uint32_t size = n->args->next->value;

	(void)out;
	*it = (struct item){.kind = ITEM_MEM, .size = size, .type = n->args->type};
	it->name = emit_item_name(e, n->args);
	it->offset = emit_record_room(e, (size + 7) & ~7u, 8);
	a->nitems = 1;
	emit_copy(e, emit_record_at(e, it->offset), (struct place){SPACE_KERNEL, addr, 0}, size);
}

static void take(const struct taking *t)
{
	char text[ITEM_TEXT];
	struct item_value v;

	if (taking_value(t, 0, text, &v) && v.kind == ITEM_VALUE_MEM)
		t->form->calls->tracemem(t->form, t, v.bytes, v.n);
}

// clang-format off
const struct builtin action_tracemem[] = {
	{ "tracemem", BUILTIN_ACTION, "void", "pointer, integer",
	  .check = check, .code = code, .action = { take } },
	{ NULL },
};
// clang-format on
