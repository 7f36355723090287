/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>

#include "action/action.h"
#include "emit/emit.h"

void action_code_values(struct emit *e, struct node *n, struct value *out)
{
	(void)out;
	emit_action(e, n, n->args);
}

void action_code_format(struct emit *e, struct node *n, struct value *out)
{
	struct node *format = n->args && n->args->kind == NODE_STRING ? n->args : NULL;
	struct action *a = emit_action(e, n, format ? format->next : n->args);

	(void)out;
	a->format = format ? format->name : NULL;
}
