/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printa(). In a format, conversions with '@' take the values of the
 * aggregations in order (the last again if there are more), all others the keys.
 */
#include "report/printa.h"

#include <inttypes.h>

#include "report/datum.h"
#include "report/drawing.h"
#include "report/printf.h"

#define KEY_WIDTH 50

static void print_columns(const struct agg_rows *rows, const struct agg_row *row,
			  const struct options *o, const struct drawing *drawing, struct buf *out)
{
	const struct datum_style style = {.raw = o->rawbytes,
					  .text_width = KEY_WIDTH,
					  .packed = drawing->drawn != AGG_DRAWN_PLAIN};
	int64_t normal;

	for (int i = 0; i < rows->tables[0]->def->nkeys; i++)
		datum_print(&row->key->keys[i], &style, out);
	if (drawing->drawn != AGG_DRAWN_PLAIN)
		drawing_row(drawing, rows, row, out);
	for (int i = 0; i < rows->ntables && drawing->drawn == AGG_DRAWN_PLAIN; i++) {
		const struct agg_def *d = rows->tables[i]->def;
		const int64_t *words = agg_row_words(row, i, &normal);

		if (d->func->is_histogram)
			d->func->print(words, d->params, d->nparams, normal, o->aggzoom, out);
		else
			buf_printf(out, " %16" PRId64,
				   d->func->scalar(words, normal, d->is_signed));
	}
	buf_putc(out, '\n');
}

/* Where a format stands in a row. */
struct cursor {
	const struct agg_rows *rows;
	const struct agg_row *row;
	struct buf *out;
	int key, table; /* next */
	bool zoom;
};

static void next_value(struct cursor *c, struct item_value *v)
{
	const struct agg_def *d = c->rows->tables[c->table]->def;
	int64_t normal;
	const int64_t *words = agg_row_words(c->row, c->table, &normal);

	if (c->table + 1 < c->rows->ntables)
		c->table++;
	if (d->func->is_histogram) {
		d->func->print(words, d->params, d->nparams, normal, c->zoom, c->out);
		*v = (struct item_value){.kind = ITEM_VALUE_NONE};
	} else {
		*v = item_int(d->func->scalar(words, normal, d->is_signed));
	}
}

static bool next_datum(void *arg, const struct format_conv *conv, struct item_value *v)
{
	struct cursor *c = arg;

	if (conv && conv->is_agg) {
		next_value(c, v);
		return true;
	}
	if (c->key >= c->rows->tables[0]->def->nkeys)
		return false;
	*v = c->row->key->keys[c->key++];
	return true;
}

void printa_row(const struct agg_rows *rows, const struct agg_row *row, const struct format *f,
		bool zoom, struct buf *out)
{
	struct cursor c = {.rows = rows, .row = row, .out = out, .zoom = zoom};

	printf_format(f, next_datum, &c, out);
}

bool printa_print(struct agg_table **tables, int ntables, const struct format *f,
		  const struct options *o, struct buf *out)
{
	struct agg_rows rows = agg_rows_new(tables, ntables, o);
	bool any = rows.n > 0;
	struct drawing drawing;

	if (!f)
		drawing_begin(&drawing, &rows, o, out);
	for (size_t i = 0; i < rows.n; i++) {
		if (f)
			printa_row(&rows, &rows.rows[i], f, o->aggzoom, out);
		else
			print_columns(&rows, &rows.rows[i], o, &drawing, out);
	}
	agg_rows_free(&rows);
	return any;
}
