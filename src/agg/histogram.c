/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drawing and ordering of histograms.
 *
 * A line is a label of 16 columns, a bar, the count.
 */
#include "agg/histogram.h"

#include <inttypes.h>
#include <string.h>

#include "base/bar.h"

/* Which bins are drawn, and what scales them. */
struct extent {
	int first, last;
	struct bar_scale scale;
};

static int64_t bin_count(const struct histogram *h, const int64_t *words, int bin)
{
	return words[h->word ? h->word(h, bin) : bin];
}

/* From the first to the last bin in use, and one empty bin at either side as long as there is one.
 */
static struct extent extent_of(const struct histogram *h, const int64_t *words, bool zoom)
{
	struct extent e = {.first = -1, .scale.zoom = zoom};

	for (int i = 0; i < h->nbins; i++) {
		int64_t count = bin_count(h, words, i);

		if (!count)
			continue;
		if (e.first < 0)
			e.first = i;
		e.last = i;
		bar_add(&e.scale, count);
	}
	if (e.first < 0) {
		e.first = h->empty_first;
		e.last = h->empty_last;
	} else {
		e.first -= e.first > 0;
		e.last += e.last < h->nbins - 1;
	}
	return e;
}

void histogram_print(const struct histogram *h, const int64_t *words, int64_t normal, bool zoom,
		     struct buf *out)
{
	struct extent e = extent_of(h, words, zoom);

	buf_printf(out, "\n%16s %41s %-9s\n", "value", "------------- Distribution -------------",
		   "count");
	for (int i = e.first; i <= e.last; i++) {
		int64_t count = bin_count(h, words, i);
		char label[HISTOGRAM_LABEL];

		h->label(h, i, label);
		buf_printf(out, "%16s ", label);
		bar_print(&e.scale, count, out);
		buf_printf(out, " %-9" PRId64 "\n", agg_divide(count, normal));
	}
}

bool histogram_bin(const struct histogram *h, const int64_t *words, int64_t normal, int i,
		   struct agg_bin *out)
{
	if (i >= h->nbins)
		return false;
	out->low = h->low(h, i);
	out->high = i + 1 < h->nbins ? h->low(h, i + 1) - 1 : INT64_MAX;
	out->count = agg_divide(bin_count(h, words, i), normal);
	return true;
}

static long double weighted_sum(const struct histogram *h, const int64_t *words)
{
	long double sum = 0;

	for (int i = 0; i < h->nbins; i++) {
		int64_t count = bin_count(h, words, i);

		if (count)
			sum += (long double)count * h->weight(h, i);
	}
	return sum;
}

int histogram_compare(const struct histogram *h, const int64_t *a, const int64_t *b)
{
	long double l = weighted_sum(h, a), r = weighted_sum(h, b);

	if (l != r)
		return l < r ? -1 : 1;
	return h->zero < 0 ? 0
			   : agg_compare_int(bin_count(h, a, h->zero), bin_count(h, b, h->zero));
}
