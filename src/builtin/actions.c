/* SPDX-License-Identifier: BSD-2-Clause */
/* The actions: what goes into a record. aux: enum action_kind. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "codegen/cg.h"

/* printf, printa: a format constant, then values or aggregations. */
static void code_format(struct codegen *cg, struct node *n, struct value *out)
{
	struct node *format = n->args && n->args->kind == NODE_STRING ? n->args : NULL;
	struct action *a = cg_action(cg, n->builtin->aux, n, format ? format->next : n->args);

	(void)out;
	a->format = format ? format->name : NULL;
}

static void code_values(struct codegen *cg, struct node *n, struct value *out)
{
	(void)out;
	cg_action(cg, n->builtin->aux, n, n->args);
}

/* exit(status): no other probe fires from here on. */
static void code_exit(struct codegen *cg, struct node *n, struct value *out)
{
	int activity = ir_reg(cg->ir);

	(void)out;
	cg_action(cg, ACT_EXIT, n, n->args);
	ir_map_value(cg->ir, activity, cg->program->control_map,
		     offsetof(struct control, activity));
	ir_storei(cg->ir, activity, 0, ACTIVITY_DRAINING, 4);
	cg->exits = cg->exits_clause = true;
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

static void code_tracemem(struct codegen *cg, struct node *n, struct value *out)
{
	struct action *a = cg_action(cg, ACT_TRACEMEM, n, NULL);
	struct item *it = &a->items[0];
	int addr = cg_int(cg, n->args);
	uint32_t size = n->args->next->value;

	(void)out;
	*it = (struct item){.kind = ITEM_MEM, .size = size, .type = n->args->type};
	it->offset = (cg->record_off + 7) & ~7u;
	cg->record_off = it->offset + ((size + 7) & ~7u);
	a->nitems = 1;
	cg_copy(cg, (struct place){SPACE_MAP, cg->record, it->offset},
		(struct place){SPACE_KERNEL, addr, 0}, size);
}

#define A BUILTIN_ACTION
/* clang-format off */
const struct builtin builtin_actions[] = {
	{ "clear",       A, "void", "@", .code = code_values, .aux = ACT_CLEAR },
	{ "denormalize", A, "void", "@", .code = code_values, .aux = ACT_DENORMALIZE },
	{ "exit",        A, "void", "int", .code = code_exit },
	{ "ftruncate",   A, "void", "", .code = code_values, .aux = ACT_FTRUNCATE },
	{ "normalize",   A, "void", "@, integer", .code = code_values, .aux = ACT_NORMALIZE },
	{ "printa",      A, "void", "[ format, ...@", .code = code_format, .aux = ACT_PRINTA },
	{ "printf",      A, "void", "format, ...", .code = code_format, .aux = ACT_PRINTF },
	{ "trace",       A, "void", "any", .code = code_values, .aux = ACT_TRACE },
	{ "tracemem",    A, "void", "pointer, integer", .check = check_tracemem, .code = code_tracemem },
	{ "trunc",       A, "void", "@, [ integer", .code = code_values, .aux = ACT_TRUNC },
	{ NULL },
};
/* clang-format on */
