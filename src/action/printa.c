/* SPDX-License-Identifier: BSD-2-Clause */
/* printa([format,] @aggregations...): what was printed is not printed again at the end. */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"

static void take(const struct taking *t)
{
	int n = t->action->naggs;
	struct agg_table *tables[n + 1];

	if (n == 0)
		return;
	for (int i = 0; i < n; i++)
		tables[i] = taking_table(t, i);
	if (t->form->calls->printa(t->form, t, tables, n, t->format))
		for (int i = 0; i < n; i++)
			tables[i]->printed = true;
}

// clang-format off
const struct builtin action_printa[] = {
	{ "printa", BUILTIN_ACTION, "void", "[ format, ...@",
	  .code = action_code_format, .action = { take, .reads_aggs = true } },
	{ NULL },
};
// clang-format on
