/* SPDX-License-Identifier: BSD-2-Clause */
/* print(value): with its type, and member by member. */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"

static void take(const struct taking *t)
{
	t->form->calls->print(t->form, t);
}

// clang-format off
const struct builtin action_print[] = {
	{ "print", BUILTIN_ACTION, "void", "any", .code = action_code_values, .action = { take } },
	{ NULL },
};
// clang-format on
