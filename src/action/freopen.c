/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * freopen(format, values...): what follows is written to the end of the file of
 * that name; freopen("") leads back to where the output went first.
 */
#include <stddef.h>
#include <string.h>

#include "action/action.h"
#include "consume/take.h"

static void take(const struct taking *t)
{
	struct buf path = {0};
	const char *name;
	int err;

	if (!t->format)
		return;
	t->form->calls->format(t, t->format, &path);
	name = buf_str(&path);
	err = t->form->calls->redirect(t->form, *name ? name : NULL);
	if (err)
		taking_warn(t, "freopen( ): cannot write to \"%s\": %s", name, strerror(-err));
	buf_free(&path);
}

// clang-format off
const struct builtin action_freopen[] = {
	{ "freopen", BUILTIN_ACTION, "void", "format, ...",
	  .code = action_code_format, .destructive = true, .action = { take } },
	{ NULL },
};
// clang-format on
