/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bar has 40 columns. Counts below zero grow to the left of the axis; with both
 * signs present the axis stands in the middle and either side has half the length.
 */
#include "base/bar.h"

#define BAR 40
#define ZOOMED 0.95 /* of its length has the longest, if the bars are zoomed */

static long double magnitude(int64_t count)
{
	return count < 0 ? -(long double)count : (long double)count;
}

void bar_add(struct bar_scale *s, int64_t count)
{
	long double size = magnitude(count);

	s->positive |= count > 0;
	s->negative |= count < 0;
	if (!s->zoom)
		s->total += size;
	else if (size * (1 / ZOOMED) > s->total)
		s->total = size * (1 / ZOOMED);
}

static void put(struct buf *out, char c, int n)
{
	while (n-- > 0)
		buf_putc(out, c);
}

void bar_print(const struct bar_scale *s, int64_t count, struct buf *out)
{
	int length = s->positive && s->negative ? BAR / 2 : BAR;
	int marks = s->total > 0 ? (int)(magnitude(count) * length / s->total + 0.5L) : 0;
	int left = s->negative ? length : 0, right = s->positive || !s->negative ? length : 0;
	int left_marks = count < 0 ? marks : 0, right_marks = count > 0 ? marks : 0;

	put(out, ' ', left - left_marks);
	put(out, '@', left_marks);
	buf_putc(out, '|');
	put(out, '@', right_marks);
	put(out, ' ', right - right_marks);
}
