/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The aggregations as user space knows them: for each key the words of all CPUs
 * and drains, joined.
 */
#pragma once

#include "base/options.h"
#include "program/agg_func.h"
#include "consume/item.h"

/* A key and its value. Keys are compared by what they say, not by how they travelled. */
struct agg_elem {
	uint64_t hash;
	int64_t normal; /* normalize()'s divisor; never 0 */
	bool dropped;	/* by a trunc() under way */
	struct item_value *keys;
	int64_t *words;
	struct agg_elem *chain; /* next of the same slot */
};

struct agg_table {
	const struct program *program;
	const struct agg_def *def;
	struct agg_elem **slots; /* nslots, a power of two, or none */
	size_t nslots, n;
	bool printed; /* by a printa(): not to be printed at the end */
};

void agg_table_init(struct agg_table *t, const struct program *p, const struct agg_def *def);
void agg_table_free(struct agg_table *t);

/* Joins one CPU's words of a key. key is engine_agg_fn's: it begins behind the generation. */
void agg_table_add(struct agg_table *t, const void *key, const int64_t *words);
/* clear(): values become 0, keys stay. */
void agg_table_clear(struct agg_table *t);
/* trunc(): keeps the n largest values; if n < 0 the -n smallest; if n is 0 none. */
void agg_table_trunc(struct agg_table *t, int64_t n);
/* normalize() of what is there; denormalize() with 1. */
void agg_table_normalize(struct agg_table *t, int64_t normal);

/* A line of a printa(): a key and, for each of its aggregations, the element that has it, or NULL.
 */
struct agg_row {
	struct agg_elem *key;
	const struct agg_elem **elems;
};

struct agg_rows {
	struct agg_table **tables;
	int ntables;
	struct agg_row *rows;
	size_t n;
	const struct agg_elem **elems; /* behind the rows' */
};

/* The rows of several tables joined by key, in the order that the options ask for. */
struct agg_rows agg_rows_new(struct agg_table **tables, int ntables, const struct options *o);
void agg_rows_free(struct agg_rows *r);

/* The words of table i in a row, all 0 if it lacks the key; *normal is its divisor. */
const int64_t *agg_row_words(const struct agg_row *row, int i, int64_t *normal);
