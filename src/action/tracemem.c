/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracemem(address, size[, shown]): memory as a dump. size must be a constant,
 * since it is the record's; shown is how much of it is printed, found at the firing.
 */
#include <stddef.h>
#include <string.h>

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
	uint32_t size = n->args->next->value;
	/* The memory is one item more, and comes first. */
	struct action *a = emit_action(e, n, n->args->next->next);
	struct item *items = arena_alloc(e->arena, (a->nitems + 1) * sizeof(*items));
	int addr = emit_int(e, n->args);

	(void)out;
	items[0] = (struct item){.kind = ITEM_MEM, .size = size, .type = n->args->type};
	items[0].name = emit_item_name(e, n->args);
	items[0].offset = emit_record_room(e, (size + 7) & ~7u, 8);
	memcpy(items + 1, a->items, a->nitems * sizeof(*items));
	a->items = items;
	a->nitems++;
	emit_copy(e, emit_record_at(e, items[0].offset), (struct place){SPACE_KERNEL, addr, 0},
		  size);
}

/* Of the bytes recorded; all of them if it says more, or less than none, as DTrace has it. */
static size_t shown(const struct taking *t, size_t size)
{
	int64_t n = taking_number(t, 1, (int64_t)size);

	return n < 0 || (uint64_t)n > size ? size : (size_t)n;
}

static void take(const struct taking *t)
{
	char text[ITEM_TEXT];
	struct item_value v;

	if (taking_value(t, 0, text, &v) && v.kind == ITEM_VALUE_MEM)
		t->form->calls->tracemem(t->form, t, v.bytes, shown(t, v.n));
}

// clang-format off
const struct builtin action_tracemem[] = {
	{ "tracemem", BUILTIN_ACTION, "void", "pointer, integer, [ integer",
	  .check = check, .code = code, .action = { take } },
	{ NULL },
};
// clang-format on
