/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agghist draws a count or a sum as a bar; aggpack a histogram as a line, a
 * character for each bin, whose height is in proportion to the row's counts.
 */
#include "report/drawing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/datum.h"

#define LEVEL_WIDTH 8 /* of "< 10" and ">= 90" */

static const int64_t *words_of(const struct agg_row *row, int64_t *normal)
{
	return agg_row_words(row, 0, normal);
}

static bool bin_of(const struct agg_rows *rows, const struct agg_row *row, int i,
		   struct agg_bin *out)
{
	const struct agg_def *d = rows->tables[0]->def;
	int64_t normal;
	const int64_t *words = words_of(row, &normal);

	return d->func->bin(words, d->params, d->nparams, 1, i, out);
}

/* What names a bin of powers: of those below zero the highest value. */
static int64_t bin_value(const struct agg_bin *bin)
{
	return bin->low >= 0 ? bin->low : bin->high;
}

static bool terminal_has_blocks(void)
{
	static const char *const without[] = {"sun", "sun-color", "dumb"};
	const char *term = getenv("TERM");

	for (size_t i = 0; term && i < sizeof(without) / sizeof(*without); i++)
		if (!strcmp(term, without[i]))
			return false;
	return true;
}

/* From one before the first bin that any row uses to one behind the last. */
static void find_extent(struct drawing *d, const struct agg_rows *rows)
{
	struct agg_bin bin;
	int n = 0;

	d->first = -1;
	for (int i = 0; rows->n && bin_of(rows, &rows->rows[0], i, &bin); i++, n++)
		for (size_t r = 0; r < rows->n; r++) {
			bin_of(rows, &rows->rows[r], i, &bin);
			if (!bin.count)
				continue;
			if (d->first < 0)
				d->first = i;
			d->last = i;
		}
	if (d->first < 0 || d->drawn == AGG_DRAWN_LEVELS) {
		d->first = d->drawn == AGG_DRAWN_LEVELS ? 0 : n / 2;
		d->last = d->drawn == AGG_DRAWN_LEVELS ? n - 1 : n / 2;
	}
	if (d->drawn == AGG_DRAWN_LEVELS)
		return;
	bin_of(rows, &rows->rows[0], d->first, &bin);
	d->first -= d->first > 0 && bin_value(&bin) != 0;
	d->last += d->last < n - 1;
}

static void find_scale(struct drawing *d, const struct agg_rows *rows)
{
	const struct agg_def *def = rows->tables[0]->def;
	int64_t normal;

	for (size_t i = 0; i < rows->n; i++)
		bar_add(&d->scale,
			def->func->scalar(words_of(&rows->rows[i], &normal), 1, def->is_signed));
}

static int digits(int64_t n)
{
	return snprintf(NULL, 0, "%" PRId64, n);
}

/* The text of an end of the bins, and its width. */
static int end_text(const struct drawing *d, const struct agg_rows *rows, bool first, char text[32])
{
	struct agg_bin bin;

	bin_of(rows, &rows->rows[0], first ? d->first : d->last, &bin);
	if (d->drawn == AGG_DRAWN_LEVELS) {
		snprintf(text, 32, "%s %" PRId64,
			 first ? "<" : ">=", first ? bin.high + 1 : bin.low);
		return LEVEL_WIDTH;
	}
	snprintf(text, 32, "%" PRId64, bin_value(&bin));
	return digits(bin_value(&bin));
}

static int keys_width(const struct agg_rows *rows)
{
	int width = 0;

	for (int i = 0; i < rows->tables[0]->def->nkeys; i++)
		width += datum_width(&rows->rows[0].key->keys[i]) + 1;
	return width;
}

static void print_heading(const struct drawing *d, const struct agg_rows *rows, struct buf *out)
{
	int width = keys_width(rows), low, high;
	char text[32];

	if (d->drawn == AGG_DRAWN_BAR) {
		buf_printf(out, "\n%*s %41s %-9s\n", width ? width : 16, width ? "key" : "value",
			   "------------- Distribution -------------", "count");
		return;
	}
	low = end_text(d, rows, true, text);
	high = end_text(d, rows, false, text);
	if (d->drawn == AGG_DRAWN_LEVELS)
		low = LEVEL_WIDTH - 1;
	buf_printf(out, "\n%*s %*s .", width, width ? "key" : "", low, "min");
	for (int i = d->first; i <= d->last; i++)
		buf_putc(out, '-');
	buf_printf(out, ". %-*s | count\n", high, "max");
}

void drawing_begin(struct drawing *d, const struct agg_rows *rows, const struct options *o,
		   struct buf *out)
{
	enum agg_drawn drawn = rows->tables[0]->def->func->drawn;

	*d = (struct drawing){.scale.zoom = o->aggzoom};
	d->utf8 = o->encoding == ENCODING_UTF8 ||
		  (o->encoding == ENCODING_OF_TERMINAL && terminal_has_blocks());
	if (rows->ntables != 1 || !rows->n || !(drawn == AGG_DRAWN_BAR ? o->agghist : o->aggpack))
		return;
	d->drawn = drawn;
	if (drawn == AGG_DRAWN_PLAIN)
		return;
	if (drawn == AGG_DRAWN_BAR)
		find_scale(d, rows);
	else
		find_extent(d, rows);
	print_heading(d, rows, out);
}

static int level(long double count, long double total, int most)
{
	return (int)((count < 0 ? -count : count) * most / total + 0.5L);
}

static void print_packed(const struct drawing *d, int64_t count, long double total, struct buf *out)
{
	static const char ascii[] = "__xxxxXX", below[] = "vvvvVV";

	if (!count)
		buf_putc(out, ' ');
	else if (count < 0)
		buf_putc(out, below[level(count, total, sizeof(below) - 2)]);
	else if (!d->utf8)
		buf_putc(out, ascii[level(count, total, sizeof(ascii) - 2)]);
	else /* U+2581 to U+2588: blocks of one to eight eighths */
		buf_printf(out, "\xe2\x96%c", (char)(0x81 + level(count, total, 7)));
}

static void print_line(const struct drawing *d, const struct agg_rows *rows,
		       const struct agg_row *row, struct buf *out)
{
	struct bar_scale scale = {.zoom = d->scale.zoom};
	struct agg_bin bin;
	int64_t count = 0;
	char text[32];
	int width = end_text(d, rows, true, text);

	buf_printf(out, "%s%*s :", d->drawn == AGG_DRAWN_LEVELS ? "" : " ", width, text);
	for (int i = d->first; i <= d->last && bin_of(rows, row, i, &bin); i++) {
		bar_add(&scale, bin.count);
		count += bin.count;
	}
	for (int i = d->first; i <= d->last && bin_of(rows, row, i, &bin); i++)
		print_packed(d, bin.count, scale.total, out);
	width = end_text(d, rows, false, text);
	buf_printf(out, ": %-*s | %" PRId64, width, text, count);
}

void drawing_row(const struct drawing *d, const struct agg_rows *rows, const struct agg_row *row,
		 struct buf *out)
{
	const struct agg_def *def = rows->tables[0]->def;
	int64_t normal;
	const int64_t *words = words_of(row, &normal);

	if (d->drawn != AGG_DRAWN_BAR) {
		print_line(d, rows, row, out);
		return;
	}
	buf_putc(out, ' ');
	bar_print(&d->scale, def->func->scalar(words, 1, def->is_signed), out);
	buf_printf(out, " %-9" PRId64, def->func->scalar(words, normal, def->is_signed));
}
