/* SPDX-License-Identifier: BSD-2-Clause */
/* The actions: what goes into a record. which, of rows that share code: enum action_kind. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"

/* printf, printa: a format constant, then values or aggregations. */
static void code_format(struct emit *e, struct node *n, struct value *out)
{
	struct node *format = n->args && n->args->kind == NODE_STRING ? n->args : NULL;
	struct action *a = emit_action(e, n->builtin->which, n, format ? format->next : n->args);

	(void)out;
	a->format = format ? format->name : NULL;
}

static void code_values(struct emit *e, struct node *n, struct value *out)
{
	(void)out;
	emit_action(e, n->builtin->which, n, n->args);
}

/* exit(status): no other probe fires from here on. */
static void code_exit(struct emit *e, struct node *n, struct value *out)
{
	(void)out;
	emit_action(e, ACT_EXIT, n, n->args);
	emit_exit(e);
}

/* tracemem(address, size): size must be a constant, since it is the record's. */
static bool check_tracemem(struct script *s, struct node *n)
{
	struct node *size = n->args->next;

	if (size->kind == NODE_INT && size->value >= 1 && size->value <= 4096)
		return true;
	diag_error(s->diag, size->loc, "D_TRACEMEM_SIZE",
		   "tracemem() takes a constant size from 1 to 4096");
	return false;
}

static void code_tracemem(struct emit *e, struct node *n, struct value *out)
{
	struct action *a = emit_action(e, ACT_TRACEMEM, n, NULL);
	struct item *it = &a->items[0];
	int addr = emit_int(e, n->args);
	uint32_t size = n->args->next->value;

	(void)out;
	*it = (struct item){.kind = ITEM_MEM, .size = size, .type = n->args->type};
	it->offset = emit_record_room(e, (size + 7) & ~7u, 8);
	a->nitems = 1;
	emit_copy(e, emit_record_at(e, it->offset), (struct place){SPACE_KERNEL, addr, 0}, size);
}

#define A BUILTIN_ACTION
/* clang-format off */
const struct builtin builtin_actions[] = {
	{ "clear",       A, "void", "@", .code = code_values, .which = ACT_CLEAR },
	{ "denormalize", A, "void", "@", .code = code_values, .which = ACT_DENORMALIZE },
	{ "exit",        A, "void", "int", .code = code_exit, .exits = true },
	{ "ftruncate",   A, "void", "", .code = code_values, .which = ACT_FTRUNCATE },
	{ "normalize",   A, "void", "@, integer", .code = code_values, .which = ACT_NORMALIZE },
	{ "printa",      A, "void", "[ format, ...@", .code = code_format, .which = ACT_PRINTA },
	{ "printf",      A, "void", "format, ...", .code = code_format, .which = ACT_PRINTF },
	{ "trace",       A, "void", "any", .code = code_values, .which = ACT_TRACE },
	{ "tracemem",    A, "void", "pointer, integer", .check = check_tracemem, .code = code_tracemem },
	{ "trunc",       A, "void", "@, [ integer", .code = code_values, .which = ACT_TRUNC },
	{ NULL },
};
/* clang-format on */
