/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables of aggregations: hashed by key, sorted only to be printed.
 *
 * Keys are brought into one form as they come in (numbers, text), since the
 * same string may arrive as an address, a literal or a kernel name with noise
 * behind its NUL. An element is one block of memory: itself, its keys, its
 * words, the bytes of its keys.
 */
#include "consume/aggregate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Offsets of key items count from the generation, which the key given to us is without. */
#define GENERATION_SIZE 8

static void *allocate(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p) {
		fputs("dtrace: out of memory\n", stderr);
		abort();
	}
	return p;
}

void agg_table_init(struct agg_table *t, const struct program *p, const struct agg_def *def)
{
	*t = (struct agg_table){.program = p, .def = def};
}

/* Drops the elements that keep says false of. */
static void table_filter(struct agg_table *t, bool (*keep)(struct agg_elem *e, void *arg),
			 void *arg)
{
	for (size_t i = 0; i < t->nslots; i++) {
		struct agg_elem **link = &t->slots[i];

		while (*link) {
			struct agg_elem *e = *link;

			if (keep(e, arg)) {
				link = &e->chain;
			} else {
				*link = e->chain;
				free(e);
				t->n--;
			}
		}
	}
}

static bool keep_none(struct agg_elem *e, void *arg)
{
	(void)e, (void)arg;
	return false;
}

void agg_table_free(struct agg_table *t)
{
	table_filter(t, keep_none, NULL);
	free(t->slots);
	*t = (struct agg_table){0};
}

static void table_grow(struct agg_table *t)
{
	size_t nslots = t->nslots ? t->nslots * 2 : 64;
	struct agg_elem **slots = allocate(nslots, sizeof(*slots)), *e, *next;

	for (size_t i = 0; i < t->nslots; i++) {
		for (e = t->slots[i]; e; e = next) {
			next = e->chain;
			e->chain = slots[e->hash & (nslots - 1)];
			slots[e->hash & (nslots - 1)] = e;
		}
	}
	free(t->slots);
	t->slots = slots;
	t->nslots = nslots;
}

static uint64_t keys_hash(const struct item_value *keys, int nkeys)
{
	uint64_t hash = (uint64_t)nkeys;

	for (int i = 0; i < nkeys; i++)
		hash = item_hash(&keys[i], hash);
	return hash;
}

static struct agg_elem *table_find(const struct agg_table *t, uint64_t hash,
				   const struct item_value *keys)
{
	struct agg_elem *e = t->nslots ? t->slots[hash & (t->nslots - 1)] : NULL;
	int nkeys = t->def->nkeys, i;

	for (; e; e = e->chain) {
		if (e->hash != hash)
			continue;
		for (i = 0; i < nkeys && item_equal(&e->keys[i], &keys[i]); i++)
			;
		if (i == nkeys)
			return e;
	}
	return NULL;
}

static struct agg_elem *elem_new(const struct agg_def *def, uint64_t hash,
				 const struct item_value *keys)
{
	size_t size = sizeof(struct agg_elem) + def->nwords * sizeof(int64_t) +
		      (size_t)def->nkeys * sizeof(*keys);
	struct agg_elem *e;
	char *bytes;

	for (int i = 0; i < def->nkeys; i++)
		size += keys[i].n;
	e = allocate(1, size);
	e->hash = hash;
	e->normal = 1;
	e->words = (int64_t *)(e + 1);
	e->keys = (struct item_value *)(e->words + def->nwords);
	bytes = (char *)(e->keys + def->nkeys);
	for (int i = 0; i < def->nkeys; i++) {
		e->keys[i] = keys[i];
		e->keys[i].bytes = bytes;
		if (keys[i].n)
			memcpy(bytes, keys[i].bytes, keys[i].n);
		bytes += keys[i].n;
	}
	return e;
}

static bool all_zero(const int64_t *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (words[i])
			return false;
	return true;
}

void agg_table_add(struct agg_table *t, const void *key, const int64_t *words)
{
	const struct agg_def *def = t->def;
	struct item_value keys[def->nkeys + 1];
	char text[def->nkeys + 1][ITEM_TEXT];
	struct agg_elem *e;
	uint64_t hash;

	/* Without keys the map has the value from the start: only its words say whether it was
	 * used. */
	if (def->nkeys == 0 && all_zero(words, def->nwords))
		return;
	for (int i = 0; i < def->nkeys; i++)
		keys[i] = item_value(t->program, &def->keys[i],
				     (const char *)key + (def->keys[i].offset - GENERATION_SIZE),
				     text[i]);
	hash = keys_hash(keys, def->nkeys);
	e = table_find(t, hash, keys);
	if (!e) {
		if (t->n >= t->nslots)
			table_grow(t);
		e = elem_new(def, hash, keys);
		e->chain = t->slots[hash & (t->nslots - 1)];
		t->slots[hash & (t->nslots - 1)] = e;
		t->n++;
	}
	def->func->merge(e->words, words, def->nwords);
}

static bool clear_elem(struct agg_elem *e, void *arg)
{
	const struct agg_table *t = arg;

	memset(e->words, 0, t->def->nwords * sizeof(*e->words));
	return true;
}

void agg_table_clear(struct agg_table *t)
{
	table_filter(t, clear_elem, t);
}

static bool normalize_elem(struct agg_elem *e, void *arg)
{
	e->normal = *(const int64_t *)arg;
	return true;
}

void agg_table_normalize(struct agg_table *t, int64_t normal)
{
	table_filter(t, normalize_elem, &normal);
}

/* What a comparison of rows goes by. */
struct order {
	const struct agg_rows *rows;
	bool by_key, reverse;
	int value_pos, key_pos; /* which value, which key counts first */
};

/* From key_pos on, and around. */
static int compare_keys(const struct order *o, const struct agg_row *a, const struct agg_row *b)
{
	int nkeys = o->rows->tables[0]->def->nkeys, c = 0;

	for (int i = 0; i < nkeys && c == 0; i++) {
		int k = (o->key_pos + i) % nkeys;

		c = item_compare(&a->key->keys[k], &b->key->keys[k]);
	}
	return c;
}

static int compare_values(const struct order *o, const struct agg_row *a, const struct agg_row *b)
{
	int n = o->rows->ntables, c = 0;

	for (int i = 0; i < n && c == 0; i++) {
		int t = (o->value_pos + i) % n;
		const struct agg_def *d = o->rows->tables[t]->def;
		int64_t normal;

		c = d->func->compare(agg_row_words(a, t, &normal), agg_row_words(b, t, &normal),
				     d->nwords, d->params, d->nparams, d->is_signed);
	}
	return c;
}

static int compare_rows(const void *l, const void *r, void *arg)
{
	const struct order *o = arg;
	int c = o->by_key ? compare_keys(o, l, r) : compare_values(o, l, r);

	if (c == 0)
		c = o->by_key ? compare_values(o, l, r) : compare_keys(o, l, r);
	return o->reverse ? -c : c;
}

/*
 * A row with what its place mostly depends on: elements of a large table are all
 * over the memory, and sorting would fetch them again and again.  Where the ranks
 * of two rows differ, their order is that of the ranks.
 */
struct ranked {
	int64_t value;
	uint64_t key;
	struct agg_row row;
};

struct ranking {
	struct order order;
	bool value_settles; /* rows of the same rank have the same values */
};

static uint64_t key_rank(const struct order *o, const struct agg_row *row)
{
	if (o->rows->tables[0]->def->nkeys == 0)
		return 0;
	return item_rank(&row->key->keys[o->key_pos]);
}

static int64_t value_rank(const struct order *o, const struct agg_row *row)
{
	const struct agg_def *d = o->rows->tables[o->value_pos]->def;
	int64_t normal;

	if (d->func->is_histogram)
		return 0;
	return d->func->scalar(agg_row_words(row, o->value_pos, &normal), 1, d->is_signed);
}

static int compare_ranked(const void *l, const void *r, void *arg)
{
	const struct ranking *k = arg;
	const struct ranked *a = l, *b = r;
	int value = a->value < b->value ? -1 : a->value > b->value;
	int key = a->key < b->key ? -1 : a->key > b->key;
	int c = k->order.by_key ? key : value;

	if (c == 0 && !k->order.by_key && k->value_settles)
		c = key;
	if (c == 0)
		return compare_rows(&a->row, &b->row, (void *)&k->order);
	return k->order.reverse ? -c : c;
}

static void rows_sort(struct agg_rows *r, struct order *o)
{
	struct ranked *all = allocate(r->n, sizeof(*all));
	struct ranking k = {.order = *o};

	k.order.rows = r;
	k.value_settles = r->ntables == 1 && r->tables[0]->def->func->orders_by_scalar;
	for (size_t i = 0; i < r->n; i++)
		all[i] = (struct ranked){value_rank(&k.order, &r->rows[i]),
					 key_rank(&k.order, &r->rows[i]), r->rows[i]};
	qsort_r(all, r->n, sizeof(*all), compare_ranked, &k);
	for (size_t i = 0; i < r->n; i++)
		r->rows[i] = all[i].row;
	free(all);
}

/* One row for each key; keys that an earlier table had are there already. */
static void rows_join(struct agg_rows *r, int i)
{
	const struct agg_table *t = r->tables[i];
	struct agg_elem *e;
	bool seen;

	for (size_t s = 0; s < t->nslots; s++) {
		for (e = t->slots[s]; e; e = e->chain) {
			struct agg_row *row = &r->rows[r->n];

			row->key = e;
			seen = false;
			for (int j = 0; j < r->ntables; j++) {
				row->elems[j] =
					j == i ? e : table_find(r->tables[j], e->hash, e->keys);
				seen |= j < i && row->elems[j];
			}
			r->n += !seen;
		}
	}
}

static struct agg_rows rows_of(struct agg_table **tables, int ntables)
{
	struct agg_rows r = {.tables = tables, .ntables = ntables};
	size_t most = 1; /* a row being filled in may be found to be one too many */

	for (int i = 0; i < ntables; i++)
		most += tables[i]->n;
	r.rows = allocate(most, sizeof(*r.rows));
	r.elems = allocate(most * (size_t)ntables, sizeof(*r.elems));
	for (size_t i = 0; i < most; i++)
		r.rows[i].elems = r.elems + i * (size_t)ntables;
	for (int i = 0; i < ntables; i++)
		rows_join(&r, i);
	return r;
}

struct agg_rows agg_rows_new(struct agg_table **tables, int ntables, const struct options *o)
{
	struct agg_rows r = rows_of(tables, ntables);
	int nkeys = tables[0]->def->nkeys;
	struct order order = {.by_key = o->aggsortkey, .reverse = o->aggsortrev};

	/* A position that there is not counts as the first, as DTrace has it. */
	if (o->aggsortpos > 0 && o->aggsortpos < ntables)
		order.value_pos = (int)o->aggsortpos;
	if (o->aggsortkeypos > 0 && o->aggsortkeypos < nkeys)
		order.key_pos = (int)o->aggsortkeypos;
	rows_sort(&r, &order);
	return r;
}

void agg_rows_free(struct agg_rows *r)
{
	free(r->elems);
	free(r->rows);
	*r = (struct agg_rows){0};
}

const int64_t *agg_row_words(const struct agg_row *row, int i, int64_t *normal)
{
	static const int64_t zeros[AGG_MAX_WORDS];
	const struct agg_elem *e = row->elems[i];

	*normal = e ? e->normal : 1;
	return e ? e->words : zeros;
}

static bool keep_elem(struct agg_elem *e, void *arg)
{
	(void)arg;
	return !e->dropped;
}

void agg_table_trunc(struct agg_table *t, int64_t n)
{
	uint64_t most = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	struct order order = {.reverse = n > 0};
	struct agg_rows r;

	if (most >= t->n)
		return;
	/* By value and key; the options are for printing. */
	r = rows_of(&t, 1);
	rows_sort(&r, &order);
	for (size_t i = most; i < r.n; i++)
		r.rows[i].key->dropped = true;
	agg_rows_free(&r);
	table_filter(t, keep_elem, NULL);
}
