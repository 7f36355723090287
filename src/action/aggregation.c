/* SPDX-License-Identifier: BSD-2-Clause */
/* What changes a whole aggregation: clear(), trunc(), normalize(), denormalize(). */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"

static void take_clear(const struct taking *t)
{
	for (int i = 0; i < t->action->naggs; i++)
		agg_table_clear(taking_table(t, i));
}

/* trunc(@a[, n]) */
static void take_trunc(const struct taking *t)
{
	for (int i = 0; i < t->action->naggs; i++)
		agg_table_trunc(taking_table(t, i), taking_number(t, 0, 0));
}

static void take_normalize(const struct taking *t)
{
	int64_t normal = taking_number(t, 0, 1);

	for (int i = 0; i < t->action->naggs; i++) {
		struct agg_table *table = taking_table(t, i);

		if (normal != 0)
			agg_table_normalize(table, normal);
		else
			taking_warn(t, "normalize() of @%s by zero has no effect",
				    table->def->name);
	}
}

static void take_denormalize(const struct taking *t)
{
	for (int i = 0; i < t->action->naggs; i++)
		agg_table_normalize(taking_table(t, i), 1);
}

#define A BUILTIN_ACTION
#define VALUES .code = action_code_values
// clang-format off
const struct builtin action_aggregation[] = {
	{ "clear",       A, "void", "@",            VALUES, .action = { take_clear, true } },
	{ "denormalize", A, "void", "@",            VALUES, .action = { take_denormalize, true } },
	{ "normalize",   A, "void", "@, integer",   VALUES, .action = { take_normalize, true } },
	{ "trunc",       A, "void", "@, [ integer", VALUES, .action = { take_trunc, true } },
	{ NULL },
};
// clang-format on
