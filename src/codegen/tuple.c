/* SPDX-License-Identifier: BSD-2-Clause */
/* Tuples: the values of a key, and the key in memory. */
#include "codegen/gen.h"

/* Values that are held before they are stored: more would need the stack. */
#define TUPLE_HELD 6

static void tuple_value(struct emit *e, struct node *a, const struct key_layout *k, int i,
			struct value *v)
{
	if (type_is_string(k->types[i]))
		gen_string_as(e, a, k->reps[i].rep, v);
	else if (type_resolve(k->types[i])->kind == TYPE_CODE)
		gen_expr(e, a, v);
	else
		value_int(v, emit_convert(e, emit_int(e, a), a->type, k->types[i]));
}

static bool word_covered(const struct item *items, int n, uint32_t word)
{
	uint32_t covered = 0;

	for (int i = 0; i < n; i++) {
		uint32_t from = items[i].offset, to = from + items[i].size;

		from = from < word ? word : from;
		to = to > word + 8 ? word + 8 : to;
		if (to > from)
			covered += to - from;
	}
	return covered >= 8;
}

/* Every byte is written: the kernel hashes the padding too. */
static struct place key_room(struct emit *e, const struct key_layout *k)
{
	struct place key = emit_room(e, k->size < 8 ? 8 : k->size);

	for (uint32_t w = k->head; w < k->size; w += 8)
		if (!word_covered(k->items, k->n, w))
			emit_zero(e, place_at(key, w), 8);
	return key;
}

static void store_value(struct emit *e, const struct key_layout *k, int i, const struct value *v,
			struct place key)
{
	emit_item_store(e, &k->items[i], v, place_at(key, k->items[i].offset));
}

void gen_tuple(struct emit *e, struct node *args, const struct key_layout *k, struct tuple *out)
{
	struct node *a = args;

	*out = (struct tuple){.stored = k->n > TUPLE_HELD};
	out->value = arena_alloc(e->arena, (k->n + 1) * sizeof(*out->value));
	if (out->stored)
		out->key = key_room(e, k);
	for (int i = 0; i < k->n && a; i++, a = a->next) {
		tuple_value(e, a, k, i, &out->value[out->n++]);
		if (out->stored)
			store_value(e, k, i, &out->value[i], out->key);
	}
}

struct place gen_tuple_key(struct emit *e, const struct key_layout *k, const struct tuple *t)
{
	struct place key;

	if (t->stored)
		return t->key;
	key = key_room(e, k);
	for (int i = 0; i < t->n; i++)
		store_value(e, k, i, &t->value[i], key);
	return key;
}
