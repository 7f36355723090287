/* SPDX-License-Identifier: BSD-2-Clause */
/* exit(status): no other probe fires from here on. */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"
#include "emit/emit.h"

static void code(struct emit *e, struct node *n, struct value *out)
{
	(void)out;
	emit_action(e, n, n->args);
	emit_exit(e);
}

static void take(const struct taking *t)
{
	taking_exit(t, (int)taking_number(t, 0, 0));
}

// clang-format off
const struct builtin action_exit[] = {
	{ "exit", BUILTIN_ACTION, "void", "int",
	  .code = code, .exits = true, .action = { take } },
	{ NULL },
};
// clang-format on
