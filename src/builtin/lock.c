/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What DTrace asks of a lock: a mutex is Linux's struct mutex, a readers-writer lock
 * its struct rw_semaphore.  Of a spin lock only the kind is known: Linux's does not
 * say who holds it.
 */
#include <stddef.h>
#include <string.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"

/* struct mutex: the owner's task, and flags below. */
#define OWNER_FLAGS 7

/* struct rw_semaphore: its count. */
#define WRITER 1
#define READERS_SHIFT 8

static struct type *lock_type(const struct node *lock)
{
	struct type *t = type_resolve(lock->type);

	if (t->kind != TYPE_POINTER)
		return NULL;
	t = type_resolve(t->base);
	return t->kind == TYPE_VOID ? NULL : t;
}

static bool is_tag(struct type *t, const char *tag)
{
	return type_is_struct(t) && t->name && strcmp(t->name, tag) == 0;
}

static bool is_spin(struct type *t)
{
	return is_tag(t, "spinlock") || is_tag(t, "raw_spinlock");
}

static bool refuse(struct script *s, const struct node *n, const char *want)
{
	diag_error(s->diag, n->args->loc, "D_PROTO_ARG", "%s( ) takes a pointer to a %s",
		   n->builtin->name, want);
	return false;
}

/* Any pointer that does not say what it leads to will do. */
static bool check_mutex(struct script *s, struct node *n)
{
	struct type *t = lock_type(n->args);

	if (t && is_spin(t)) {
		refuse(s, n, "struct mutex");
		diag_hint(s->diag, "a spin lock of Linux does not say who holds it");
		return false;
	}
	return !t || is_tag(t, "mutex") || refuse(s, n, "struct mutex");
}

static bool check_kind(struct script *s, struct node *n)
{
	struct type *t = lock_type(n->args);

	return !t || is_tag(t, "mutex") || is_spin(t) ||
	       refuse(s, n, "struct mutex or a spinlock_t");
}

static bool check_rw(struct script *s, struct node *n)
{
	struct type *t = lock_type(n->args);

	if (!t || is_tag(t, "rw_semaphore"))
		return true;
	refuse(s, n, "struct rw_semaphore");
	if (type_is_struct(t))
		diag_hint(s->diag, "a rwlock_t of Linux is a spin lock");
	return false;
}

/* A word of the lock; a lock that is not there is a fault. */
static int word(struct emit *e, struct node *n, const char *tag, const char *field)
{
	struct place at = {SPACE_KERNEL, emit_int(e, n->args),
			   (int)(emit_field(e, tag, field).bit_offset / 8)};

	return emit_load(e, at, 8, false);
}

static int owner(struct emit *e, struct node *n)
{
	int reg = ir_reg(e->ir);

	ir_alui(e->ir, IR_AND, reg, word(e, n, "mutex", "owner"), ~(int64_t)OWNER_FLAGS);
	return reg;
}

static int truth(struct emit *e, enum ir_cond cond, int a, int b)
{
	int out = ir_reg(e->ir), yes = ir_label(e->ir);

	ir_const(e->ir, out, 1);
	ir_branch(e->ir, cond, a, b, yes);
	ir_const(e->ir, out, 0);
	ir_place(e->ir, yes);
	return out;
}

static void code_owned(struct emit *e, struct node *n, struct value *out)
{
	int held = owner(e, n);

	if (emit_has_process(e)) /* it has no tasks, and no locks */
		value_int(out, emit_const(e, 0));
	else
		value_int(out, truth(e, IR_EQ, held, emit_number_of(e, emit_task(e))));
}

static void code_owner(struct emit *e, struct node *n, struct value *out)
{
	value_pointer(out, SPACE_KERNEL, owner(e, n), true);
}

/* which: spin locks. A mutex is adaptive: who waits for it spins while its owner runs. */
static void code_kind(struct emit *e, struct node *n, struct value *out)
{
	struct type *t = lock_type(n->args);
	bool spin = t && is_spin(t);

	emit_int(e, n->args);
	value_int(out, emit_const(e, spin == n->builtin->which));
}

static void code_write_held(struct emit *e, struct node *n, struct value *out)
{
	int reg = ir_reg(e->ir);

	ir_alui(e->ir, IR_AND, reg, word(e, n, "rw_semaphore", "count"), WRITER);
	value_int(out, reg);
}

/* The topmost bit marks that there are too many. */
static void code_read_held(struct emit *e, struct node *n, struct value *out)
{
	int reg = ir_reg(e->ir);

	ir_alui(e->ir, IR_SHL, reg, word(e, n, "rw_semaphore", "count"), 1);
	ir_alui(e->ir, IR_SHR, reg, reg, READERS_SHIFT + 1);
	value_int(out, truth(e, IR_NE, reg, emit_const(e, 0)));
}

#define S BUILTIN_SUBROUTINE
/* clang-format off */
const struct builtin builtin_lock[] = {
	{ "mutex_owned",         S, "int", "pointer", .check = check_mutex, .code = code_owned },
	{ "mutex_owner",         S, "struct task_struct *", "pointer", .check = check_mutex, .code = code_owner },
	{ "mutex_type_adaptive", S, "int", "pointer", .check = check_kind, .code = code_kind, .which = 0 },
	{ "mutex_type_spin",     S, "int", "pointer", .check = check_kind, .code = code_kind, .which = 1 },
	{ "rw_iswriter",         S, "int", "pointer", .check = check_rw, .code = code_write_held },
	{ "rw_read_held",        S, "int", "pointer", .check = check_rw, .code = code_read_held },
	{ "rw_write_held",       S, "int", "pointer", .check = check_rw, .code = code_write_held },
	{ NULL },
};
/* clang-format on */
