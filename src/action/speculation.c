/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Speculations: what is recorded now and counts once the script says so.
 *
 *	speculation()		a new one, 0: none is left
 *	speculate(id)		what the clause records from here on belongs to it
 *	commit(id)		what it has counts, now
 *	discard(id)		what it has is forgotten
 *
 * An id that is none, or has ended: speculate() ends the clause, the others do
 * nothing.
 */
#include <stddef.h>

#include "action/action.h"
#include "consume/take.h"
#include "emit/speculate.h"

static void code_speculation(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	value_int(out, emit_speculation(e));
}

/* The value is the tag: for the code generator, which knows how far it holds. */
static void code_speculate(struct emit *e, struct node *n, struct value *out)
{
	value_int(out, emit_speculation_tag(e, emit_int(e, n->args)));
}

static void code_commit(struct emit *e, struct node *n, struct value *out)
{
	struct action *a = emit_action(e, n, n->args);
	struct item *tag = &a->items[0];

	(void)out;
	*tag = (struct item){.kind = ITEM_INT, .size = 8, .offset = emit_record_room(e, 8, 8)};
	emit_store(e, emit_record_at(e, tag->offset), emit_speculation_end(e, emit_int(e, n->args)),
		   8);
}

static void code_discard(struct emit *e, struct node *n, struct value *out)
{
	(void)emit_speculation_end(e, emit_int(e, n->args));
	value_int(out, emit_const(e, 0));
}

static void take_nothing(const struct taking *t)
{
	(void)t;
}

static void take_commit(const struct taking *t)
{
	taking_commit(t, (uint64_t)taking_number(t, 0, 0));
}

// clang-format off
const struct builtin action_speculation[] = {
	{ "speculation", BUILTIN_SUBROUTINE, "int", "", .code = code_speculation },
	{ "speculate", BUILTIN_ACTION, "void", "integer", .code = code_speculate,
	  .speculation = SPECULATION_BEGINS, .action = { take_nothing } },
	{ "commit", BUILTIN_ACTION, "void", "integer", .code = code_commit,
	  .speculation = SPECULATION_COMMITS, .action = { take_commit, .apart = true } },
	{ "discard", BUILTIN_SUBROUTINE, "void", "integer", .code = code_discard },
	{ NULL },
};
// clang-format on
