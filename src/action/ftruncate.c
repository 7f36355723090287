/* SPDX-License-Identifier: BSD-2-Clause */
/* ftruncate(): forgets what was printed to a file. */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"

static void take(const struct taking *t)
{
	t->form->calls->truncate(t->form);
}

// clang-format off
const struct builtin action_ftruncate[] = {
	{ "ftruncate", BUILTIN_ACTION, "void", "", .code = action_code_values, .action = { take } },
	{ NULL },
};
// clang-format on
