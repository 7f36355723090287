/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How variables, keys and strings lie in memory, decided before any code is made.
 *
 *	global scalar	a place in the value of one array map
 *	this->		registers of the program; bytes in its memory
 *	array, self->	an element of a hash map; the key begins with the thread's id
 *			(self->) and the variable's (where variables share a map)
 *
 * Strings: the representations of all that is assigned to a variable, or used as
 * a key at a position, are joined until nothing changes any more.
 */
#include <string.h>

#include "codegen/gen.h"

struct var_place *gen_place(const struct symbol *sym)
{
	return sym->place;
}

struct strrep gen_known_rep(const struct rep_known *r)
{
	return r->known ? r->rep : (struct strrep){REP_LITERAL, 8};
}

static bool grow(struct rep_known *r, struct strrep by)
{
	struct rep_known was = *r;

	r->rep = was.known ? rep_join(was.rep, by) : by;
	r->known = true;
	return !was.known || was.rep.rep != r->rep.rep || was.rep.cap != r->rep.cap;
}

static bool grow_keys(struct emit *e, struct rep_known *reps, int n, struct node *args)
{
	bool changed = false;
	int i = 0;

	for (struct node *a = args; a && i < n; a = a->next, i++)
		if (type_is_string(a->type))
			changed |= grow(&reps[i], gen_rep(e, a));
	return changed;
}

struct agg_place *gen_agg_place(struct emit *e, struct aggregation *a)
{
	struct agg_place *p = a->place;

	if (p)
		return p;
	p = ARENA_NEW(e->arena, struct agg_place);
	p->key_rep = arena_alloc(e->arena, (a->nkeys + 1) * sizeof(*p->key_rep));
	p->def = -1;
	a->place = p;
	return p;
}

static bool is_placed(const struct symbol *sym)
{
	return sym && sym->kind == SYM_VARIABLE && sym->place;
}

static bool walk(struct emit *e, struct node *n)
{
	bool changed = false;

	for (; n; n = n->next) {
		/* left-deep chains of operators are as long as a line can be */
		if (n->left)
			changed |= walk(e, n->left);
		if (n->right)
			changed |= walk(e, n->right);
		if (n->third)
			changed |= walk(e, n->third);
		if (n->args)
			changed |= walk(e, n->args);
		if (n->kind == NODE_MEMBER && n->xmember)
			changed |= walk(e, n->xmember->expr);
		if (n->kind == NODE_INDEX && is_placed(n->sym))
			changed |= grow_keys(e, gen_place(n->sym)->key_rep, n->sym->nkeys, n->args);
		if (n->kind == NODE_AGG && n->agg && n->args)
			changed |= grow_keys(e, gen_agg_place(e, n->agg)->key_rep, n->agg->nkeys,
					     n->args);
		if (n->kind == NODE_ASSIGN && is_placed(n->left->sym) && data_is_text(n->left->sym))
			changed |= grow(&gen_place(n->left->sym)->rep, gen_rep(e, n->right));
	}
	return changed;
}

static void value_size(struct emit *e, struct symbol *sym, struct var_place *vp)
{
	struct type *t = type_resolve(sym->type);

	vp->size = 8;
	vp->as_in_c = sym->has_address || data_is_composite(t);
	if (sym->for_text) {
		vp->size = emit_bytes_rep(e, emit_text_size(e)).cap + 8;
	} else if (data_is_text(sym)) {
		vp->rep = (struct rep_known){gen_known_rep(&vp->rep), true};
		vp->size = rep_size(vp->rep.rep);
	} else if (data_is_composite(t)) {
		vp->size = ((uint32_t)t->size + 7) & ~7u;
	}
}

/*
 * Variables whose keys and values have the same sizes may share a map, since a
 * program can use 64 and every map costs. Thread-locals always do; arrays where
 * there are many: the key of a map of one's own is shorter.
 */
struct shared_map {
	uint32_t key_size, value_size;
	bool self;
	int map;
};

#define ARRAYS_ALONE 16

static int own_map(struct emit *e, const char *name, const struct var_place *vp)
{
	return emit_map(e, (struct map_def){
				   .name = name,
				   .role = MAP_PLAIN,
				   .type = BPF_MAP_TYPE_HASH,
				   .key_size = vp->key_size,
				   .value_size = vp->size,
				   .max_entries = 0, /* from dynvarsize, at the end */
				   .flags = BPF_F_NO_PREALLOC,
			   });
}

static int shared_map(struct emit *e, const struct symbol *sym, const struct var_place *vp)
{
	struct codegen *cg = gen(e);
	bool self = sym->scope == SCOPE_SELF;

	for (size_t i = 0; i < cg->shared.n; i++) {
		const struct shared_map *m = &cg->shared.at[i];

		if (m->key_size == vp->key_size && m->value_size == vp->size && m->self == self)
			return m->map;
	}
	vec_push(&cg->shared, (struct shared_map){vp->key_size, vp->size, self,
						  own_map(e, self ? "self" : "arrays", vp)});
	return vec_last(&cg->shared).map;
}

static int count_arrays(const struct script *s)
{
	int n = 0;

	for (const struct symbol *v = s->variables; v; v = v->next)
		n += v->scope != SCOPE_SELF && v->nkeys > 0;
	return n;
}

/* Room for sizes that nearly agree, so that more variables share. */
static uint32_t shared_size(uint32_t size)
{
	uint32_t step = size <= 64 ? 16 : 64;

	return (size + step - 1) / step * step;
}

static void lay_out_element(struct emit *e, struct symbol *sym, struct var_place *vp, bool alone)
{
	for (int i = 0; i < sym->nkeys; i++) {
		struct strrep rep = gen_known_rep(&vp->key_rep[i]);

		vp->key_rep[i] = (struct rep_known){rep, true};
		vp->keys[i] = item_of(sym->keys[i], &rep);
	}
	alone &= sym->scope != SCOPE_SELF;
	vp->id = alone ? 0 : sym->id + 1;
	vp->key_size = item_layout(vp->keys, sym->nkeys, alone ? 0 : 8);
	if (!alone && sym->nkeys)
		vp->key_size = shared_size(vp->key_size);
	vp->map = alone ? own_map(e, sym->name, vp) : shared_map(e, sym, vp);
}

static void lay_out(struct emit *e, struct symbol *sym, bool alone)
{
	struct var_place *vp = gen_place(sym);

	if (!sym->type)
		return;
	value_size(e, sym, vp);
	if (sym->nkeys || sym->scope == SCOPE_SELF) {
		lay_out_element(e, sym, vp, alone);
	} else if (sym->scope == SCOPE_GLOBAL) {
		vp->off = emit_globals_room(e, vp->size);
	} else {
		vp->off = gen(e)->this_size;
		gen(e)->this_size += (vp->size + 7) & ~7u;
	}
}

static void place_all(struct codegen *cg)
{
	for (struct symbol *s = cg->script->variables; s; s = s->next) {
		struct var_place *vp = ARENA_NEW(cg->arena, struct var_place);

		vp->keys = arena_alloc(cg->arena, (s->nkeys + 1) * sizeof(*vp->keys));
		vp->key_rep = arena_alloc(cg->arena, (s->nkeys + 1) * sizeof(*vp->key_rep));
		s->place = vp;
	}
}

int codegen_variables(struct codegen *cg)
{
	bool changed = true, alone = count_arrays(cg->script) <= ARRAYS_ALONE;

	place_all(cg);
	while (changed && !emit_failed(cg->e)) {
		changed = false;
		for (int i = 0; i < cg->nclauses; i++) {
			changed |= walk(cg->e, cg->clauses[i]->predicate);
			changed |= walk(cg->e, cg->clauses[i]->body);
		}
	}
	for (struct symbol *s = cg->script->variables; s; s = s->next)
		lay_out(cg->e, s, alone);
	return emit_failed(cg->e) ? -1 : 0;
}
