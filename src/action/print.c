/* SPDX-License-Identifier: BSD-2-Clause */
/* print(value): with its type, and member by member. */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"
#include "tree/tree.h"

static bool check(struct script *s, struct node *n)
{
	if (type_resolve(n->args->type)->kind != TYPE_CODE)
		return true;
	diag_error(
		s->diag, n->args->loc, "D_PROTO_ARG",
		"print( ) shows values by their types: use trace( ) or printf( ) for places in code");
	return false;
}

static void take(const struct taking *t)
{
	t->form->calls->print(t->form, t);
}

// clang-format off
const struct builtin action_print[] = {
	{ "print", BUILTIN_ACTION, "void", "any", .check = check, .code = action_code_values, .action = { take } },
	{ NULL },
};
// clang-format on
