/* SPDX-License-Identifier: BSD-2-Clause */
/* Actions that DTrace has and this system cannot have: refused, each with its reason. */
#include <stddef.h>

#include "action/action.h"
#include "emit/emit.h"

enum { PANIC, BREAKPOINT };

static bool refuse(struct script *s, struct node *n)
{
	static const char *const why[] = {
		[PANIC] =
			"no program of this kind may stop the kernel; echo c > /proc/sysrq-trigger "
			"does, from system( )",
		[BREAKPOINT] = "no program of this kind may enter the kernel's debugger; kgdb has "
			       "breakpoints of its own",
	};

	diag_error(s->diag, n->loc, "D_ACT_REFUSED", "%s( ) is not available on this system: %s",
		   n->builtin->name, why[n->builtin->which]);
	return false;
}

// clang-format off
const struct builtin action_refused[] = {
	{ "panic", BUILTIN_SUBROUTINE, "void", "", .check = refuse, .which = PANIC, .destructive = true },
	{ "breakpoint", BUILTIN_SUBROUTINE, "void", "",
	  .check = refuse, .which = BREAKPOINT, .destructive = true },
	{ NULL },
};
// clang-format on
