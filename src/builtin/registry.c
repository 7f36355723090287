/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds built-ins by name. Variables and functions are two name spaces, as in
 * D: what is followed by '(' is a subroutine or an action, anything else a
 * variable.
 */
#include <stddef.h>
#include <string.h>

#include "action/action.h"
#include "builtin/builtin_tables.h"

static const struct builtin *const tables[] = {
	builtin_time,	    builtin_task,     builtin_probe,   builtin_network, action_aggregation,
	action_exit,	    action_ftruncate, action_freopen,  action_setopt,	action_system,
	action_speculation, action_stack,     action_symbol,   action_printa,	action_printf,
	action_print,	    action_trace,     action_tracemem, action_chill,	action_copyout,
	action_refused,	    action_signal,    builtin_string,  builtin_system,	builtin_lock,
	builtin_memory,
};

#define NTABLES (sizeof(tables) / sizeof(*tables))

static bool in_space(const struct builtin *b, bool variable)
{
	return (b->kind == BUILTIN_VARIABLE) == variable;
}

const struct builtin *builtin_find(const char *name, bool variable)
{
	for (size_t t = 0; t < NTABLES; t++)
		for (const struct builtin *b = tables[t]; b->name; b++)
			if (in_space(b, variable) && strcmp(b->name, name) == 0)
				return b;
	return NULL;
}

const struct builtin *builtin_at(int i)
{
	for (size_t t = 0; t < NTABLES; t++)
		for (const struct builtin *b = tables[t]; b->name; b++)
			if (i-- == 0)
				return b;
	return NULL;
}

void builtin_suggest(struct suggest *s, bool variables)
{
	for (size_t t = 0; t < NTABLES; t++)
		for (const struct builtin *b = tables[t]; b->name; b++)
			if (in_space(b, variables))
				suggest_offer(s, b->name);
}
