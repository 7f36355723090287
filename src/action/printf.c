/* SPDX-License-Identifier: BSD-2-Clause */
/* printf(format, values...) */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"

static void take(const struct taking *t)
{
	if (t->format)
		t->form->calls->printf(t->form, t, t->format);
}

// clang-format off
const struct builtin action_printf[] = {
	{ "printf", BUILTIN_ACTION, "void", "format, ...",
	  .code = action_code_format, .action = { take } },
	{ NULL },
};
// clang-format on
