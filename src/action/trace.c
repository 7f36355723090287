/* SPDX-License-Identifier: BSD-2-Clause */
/* trace(value): as the value's type prints. */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"

static void take(const struct taking *t)
{
	t->form->calls->trace(t->form, t);
}

// clang-format off
const struct builtin action_trace[] = {
	{ "trace", BUILTIN_ACTION, "void", "any", .code = action_code_values, .action = { take } },
	{ NULL },
};
// clang-format on
