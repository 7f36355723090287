/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>

#include "action/action.h"
#include "base/format.h"
#include "emit/emit.h"

void action_code_values(struct emit *e, struct node *n, struct value *out)
{
	(void)out;
	emit_action(e, n, n->args);
}

/* %a: numbers become names when they are printed. */
static bool names_code_of(struct emit *e, const char *format)
{
	const char *why;
	const struct format *f = format_parse(e->arena, format, &why);

	for (int i = 0; f && i < f->nconvs; i++)
		if (f->convs[i].letter == 'a')
			return true;
	return false;
}

void action_code_format(struct emit *e, struct node *n, struct value *out)
{
	struct node *format = n->args && n->args->kind == NODE_STRING ? n->args : NULL;
	struct action *a = emit_action(e, n, format ? format->next : n->args);

	(void)out;
	a->format = format ? format->name : NULL;
	if (a->format && names_code_of(e, a->format))
		(void)emit_names(e);
}

void action_code_itself(struct emit *e, struct node *n)
{
	struct action *a = emit_action(e, n, NULL);

	emit_record_value(e, n, &a->items[0]);
	a->items[0].name = emit_item_name(e, n);
	a->nitems = 1;
}
