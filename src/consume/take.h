/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record's action, as it is given to the part of the action's row that says
 * what becomes of it (struct action_type), and to the form.
 */
#pragma once

#include "consume/form.h"

struct taking {
	struct consumer *consumer;
	struct form *form;
	const struct program *program;
	const struct action *action;
	const struct format *format; /* NULL: the action has none */
	const char *record;
};

/* The action's i-th item; false: there are not so many. text: as item_value() has it. */
bool taking_value(const struct taking *t, int i, char text[ITEM_TEXT], struct item_value *v);
/* The same as a number; without one other. */
int64_t taking_number(const struct taking *t, int i, int64_t other);
/* The i-th of its aggregations, i < action->naggs. */
struct agg_table *taking_table(const struct taking *t, int i);
/* setopt(): the option has that value from here on; NULL: a flag is set. */
void taking_option(const struct taking *t, const char *name, const char *value);
/* What was recorded under this tag counts, before anything of this record. */
void taking_commit(const struct taking *t, uint64_t tag);
/* The script has ended, with this status. The last one's counts: END has the last word. */
void taking_exit(const struct taking *t, int status);
/* Says to standard error, behind what was printed before, that the action had no effect. */
void taking_warn(const struct taking *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
