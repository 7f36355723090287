/* SPDX-License-Identifier: BSD-2-Clause */
/* setopt(name[, value]): an option, from here on. */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"

static bool text(const struct taking *t, int i, struct buf *out)
{
	char room[ITEM_TEXT];
	struct item_value v;

	if (!taking_value(t, i, room, &v))
		return false;
	buf_add(out, v.bytes, v.n);
	return true;
}

static void take(const struct taking *t)
{
	struct buf name = {0}, value = {0};
	bool has_value;

	text(t, 0, &name);
	has_value = text(t, 1, &value);
	taking_option(t, buf_str(&name), has_value ? buf_str(&value) : NULL);
	buf_free(&name);
	buf_free(&value);
}

// clang-format off
const struct builtin action_setopt[] = {
	{ "setopt", BUILTIN_ACTION, "void", "string, [ string",
	  .code = action_code_values, .action = { take } },
	{ NULL },
};
// clang-format on
