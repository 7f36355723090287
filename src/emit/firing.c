/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Firings that go on in further programs.
 *
 * A firing is decided once, by the hook's program.  Where all its clauses fit in
 * there, they stand behind the decision, and nothing here makes any code.  Else
 * the firing's memory is an entry of scratch memory that holds
 *
 *	the address of the program's context, which says that it is taken
 *	the time
 *	copies of headers
 *	what the sources know: numbers alone, since a pointer that is stored is no
 *	pointer any more to the verifier; those are found again from the context
 *	this-> variables
 *
 * and the programs that go on with it find it by the context's address: no other
 * program under way on this CPU has the same.
 */
#include <stddef.h>
#include <string.h>

#include "emit/emit_impl.h"
#include "emit/object.h"

#define TIME_AT 8 /* behind the word that says whether the entry is taken */

bool emit_firing_in_memory(const struct emit *e)
{
	return e->state->firing.kind != FIRING_INLINE;
}

bool emit_resuming(const struct emit *e)
{
	return e->state->firing.kind == FIRING_RESUMED;
}

int emit_lost(const struct emit *e)
{
	return e->state->firing.lost;
}

struct place emit_firing_memory(const struct emit *e, uint32_t off)
{
	return (struct place){SPACE_MAP, e->state->scratch.reg, (int)off};
}

void emit_firing_decides(struct emit *e)
{
	e->state->firing.kind = FIRING_DECIDED;
}

void emit_firing_resumes(struct emit *e, int lost)
{
	e->state->firing.kind = FIRING_RESUMED;
	e->state->firing.lost = lost;
}

struct place emit_firing_room(struct emit *e, uint32_t size)
{
	size = (size + 7) & ~7u;
	if (emit_firing_in_memory(e))
		return emit_scratch_room(e, size);
	return (struct place){SPACE_STACK, ir_stack(e->ir, size), 0};
}

struct place emit_firing_copy(struct emit *e, struct place from, uint32_t size)
{
	struct place to;

	if (!emit_firing_in_memory(e))
		return from;
	to = emit_firing_room(e, size);
	emit_copy(e, to, from, size);
	return to;
}

/* --- carrying --- */

void emit_carry_reg(struct emit *e, int *reg)
{
	struct firing_state *f = &e->state->firing;
	struct place at = emit_firing_memory(e, f->slot);

	if (*reg < 0)
		return;
	f->slot += 8;
	if (emit_resuming(e))
		*reg = emit_peek(e, at, 8);
	else
		emit_store(e, at, *reg, 8);
}

/* The memory is the firing's: only the register that it is counted from is another. */
void emit_carry_place(struct emit *e, struct place *at)
{
	if (emit_resuming(e))
		at->base = e->state->scratch.reg;
}

static bool seen_before(const struct object *const *args, int i)
{
	for (int k = 0; k < i; k++)
		if (args[k] == args[i])
			return true;
	return false;
}

static void carry_all(struct emit *e, struct object **objects, int n)
{
	for (int i = 0; i < n; i++)
		if (!seen_before((const struct object *const *)objects, i))
			objects[i]->source->carry(e, objects[i]);
}

/* The arguments as objects of their own; those that are the same stay the same. */
static struct object **copy_objects(struct emit *e, const struct object *const *from, int n)
{
	struct object **to = arena_alloc(e->arena, (n + 1) * sizeof(*to));

	for (int i = 0; i < n; i++) {
		for (int k = 0; k < i && !to[i]; k++)
			if (from[k] == from[i])
				to[i] = to[k];
		if (to[i])
			continue;
		to[i] = arena_alloc(e->arena, from[i]->source->size);
		memcpy(to[i], from[i], from[i]->source->size);
	}
	return to;
}

static void zero_more(struct emit *e, uint32_t off, uint32_t size)
{
	struct place to = emit_firing_memory(e, off);

	if (!size)
		return;
	if (size <= 64)
		emit_zero(e, to, size);
	else
		memory_probe_read(e, to, (struct place){SPACE_MAP, emit_zeros(e, size), 0}, size);
}

/* A way that fires at two places has its objects laid out alike at both. */
void emit_firing_save(struct emit *e, const struct object *const *args, int nargs, uint32_t more,
		      struct firing_layout *l)
{
	struct firing_state *f = &e->state->firing;
	struct object **objects = copy_objects(e, args, nargs);
	uint32_t used = emit_scratch_mark(e);

	f->slot = l->end ? l->slots : used;
	if (!l->end)
		*l = (struct firing_layout){.objects = objects, .nobjects = nargs, .slots = used};
	carry_all(e, objects, nargs);
	if (!l->end) {
		l->more = f->slot;
		l->end = l->more + ((more + 7) & ~7u);
	}
	if (f->slot != l->more || nargs != l->nobjects)
		emit_error(e, (struct loc){0}, "D_UNKNOWN",
			   "internal error: a way fires twice with different objects");
	scratch_use(e, l->end);
	emit_store(e, emit_firing_memory(e, TIME_AT), emit_time(e), 8);
	zero_more(e, l->more, l->end - l->more);
}

void emit_firing_restore(struct emit *e, const struct firing_layout *l, const struct object **args)
{
	struct object **objects =
		copy_objects(e, (const struct object *const *)l->objects, l->nobjects);

	scratch_find(e, e->state->firing.lost);
	emit_set_time(e, emit_peek(e, emit_firing_memory(e, TIME_AT), 8));
	e->state->firing.slot = l->slots;
	carry_all(e, objects, l->nobjects);
	for (int i = 0; i < l->nobjects; i++)
		args[i] = objects[i];
	scratch_use(e, l->end);
}
