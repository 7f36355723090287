/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack([frames]), ustack([frames[, strsize]]), jstack(...): where the kernel, or
 * the current process, is. Addresses are recorded; the consumer finds their names.
 *
 * Programs on the packets of a cgroup may not ask the kernel for either. The
 * process's stack is found there as the kernel itself finds it, by the chain of
 * its frames (routines/user_stack.c).
 */
#include <stddef.h>

#include "action/action.h"
#include "action/process.h"
#include "consume/take.h"
#include "routines/routines.h"

#define FRAMES_MAX 512

enum { STACK_KERNEL, STACK_USER, STACK_USER_LONG };

static uint64_t default_frames(const struct script *s, int which)
{
	static const uint64_t frames[] = {20, 20, 50};
	const struct options *o = s->macros ? s->macros->options : NULL;

	if (!o)
		return frames[which];
	return which == STACK_KERNEL ? o->stackframes
	       : which == STACK_USER ? o->ustackframes
				     : o->jstackframes;
}

/* Constants, since they are the record's. */
static bool check_constant(struct script *s, const struct node *n, const struct node *arg,
			   uint64_t min, uint64_t max, const char *tag)
{
	if (arg->kind == NODE_INT && arg->value >= min && arg->value <= max)
		return true;
	diag_error(s->diag, arg->loc, tag,
		   "%s( ) argument #%d must be an integer constant from %d to %d", n->builtin->name,
		   arg == n->args ? 1 : 2, (int)min, (int)max);
	return false;
}

static bool check(struct script *s, struct node *n)
{
	int which = n->builtin->which;
	struct node *frames = n->args, *size = frames ? frames->next : NULL;
	uint64_t count, ours = which == STACK_KERNEL ? STACK_OURS : 0;

	if (frames && !check_constant(s, n, frames, 1, FRAMES_MAX,
				      which == STACK_KERNEL ? "D_STACK_SIZE" : "D_USTACK_FRAMES"))
		return false;
	if (size && !check_constant(s, n, size, 0, INT32_MAX, "D_USTACK_STRSIZE"))
		return false;
	count = frames ? frames->value : default_frames(s, which);
	n->type = types_code(s->types, which == STACK_KERNEL ? "stack" : "ustack", count);
	n->type->size = 8 * (1 + count + ours);
	return true;
}

static bool has_helper(const struct emit *e)
{
	return emit_hook(e)->prog_type != BPF_PROG_TYPE_CGROUP_SKB;
}

/* size bytes of addresses; what is not filled stays 0. */
static void by_helper(struct emit *e, struct place to, uint32_t size, uint64_t flags)
{
	IR_CALL(e->ir, -1, BPF_FUNC_get_stack, emit_ctx(e), emit_address(e, to),
		emit_const(e, size), emit_const(e, (int64_t)flags));
}

static void kernel_stack(struct emit *e, const struct node *n, struct place to, uint32_t size)
{
	if (has_helper(e)) {
		by_helper(e, to, size, 0);
		return;
	}
	emit_error(
		e, n->loc, "D_STACK_HOOK",
		"%s( ) is not to be had at %s:::%s: the kernel shows no stack to a program on the "
		"packets of a cgroup",
		n->builtin->name, emit_probe(e)->provider, emit_probe(e)->name);
	diag_hint(e->script->diag, "ip:::send and ip:::receive have it");
}

static void user_stack(struct emit *e, struct place to, uint32_t size)
{
	if (has_helper(e))
		by_helper(e, to, size, BPF_F_USER_STACK);
	else
		emit_user_stack(e, to, size);
}

static void code_value(struct emit *e, struct node *n, struct value *out)
{
	uint32_t size = (uint32_t)type_resolve(n->type)->size;
	struct place at = emit_scratch_room(e, size), frames = place_at(at, 8);
	bool user = n->builtin->which != STACK_KERNEL;

	(void)emit_names(e);
	emit_copy(e, at, (struct place){SPACE_MAP, emit_zeros(e, size), 0}, size);
	emit_store(e, at, user ? action_process(e) : emit_const(e, 0), 8);
	if (emit_has_process(e))
		; /* a machine without a kernel, whose own stack says nothing of the script */
	else if (user)
		user_stack(e, frames, size - 8);
	else
		kernel_stack(e, n, frames, size - 8);
	*out = (struct value){.kind = VALUE_STRUCT, .at = at};
}

static void code(struct emit *e, struct node *n, struct value *out)
{
	if (out)
		code_value(e, n, out);
	else
		action_code_itself(e, n);
}

static void take(const struct taking *t)
{
	t->form->calls->trace(t->form, t);
}

#define ROW BUILTIN_ACTION, "uint64_t"
#define REST .check = check, .code = code, .action = {take}
// clang-format off
const struct builtin action_stack[] = {
	{ "stack",  ROW, "[ integer",          REST, .which = STACK_KERNEL },
	{ "ustack", ROW, "[ integer, integer", REST, .which = STACK_USER },
	{ "jstack", ROW, "[ integer, integer", REST, .which = STACK_USER_LONG },
	{ NULL },
};
// clang-format on
