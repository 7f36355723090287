/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The nearest name by edit distance (insert, delete, replace, swap of
 * neighbours; a change of case alone counts as no distance).  Names longer than
 * MAX_NAME are not compared.
 */
#include "base/suggest.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#define MAX_NAME 63

static unsigned min2(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static int same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned rows[3][MAX_NAME + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2], *t;

	for (size_t j = 0; j <= nb; j++)
		above[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned d = above[j - 1] + !same(a[i - 1], b[j - 1]);

			d = min2(d, min2(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				d = min2(d, before[j - 2] + 1);
			row[j] = d;
		}
		t = before;
		before = above;
		above = row;
		row = t;
	}
	return above[nb];
}

void suggest_start(struct suggest *s, const char *wanted)
{
	s->wanted = wanted;
	s->best = NULL;
	s->distance = UINT_MAX;
}

void suggest_offer(struct suggest *s, const char *candidate)
{
	size_t n = strlen(s->wanted), m = strlen(candidate);
	size_t limit = n / 3 > 0 ? n / 3 : n > 1;
	unsigned d;

	if (n > MAX_NAME || m > MAX_NAME || n > m + limit || m > n + limit)
		return;
	d = edit_distance(s->wanted, n, candidate, m);
	if (d <= limit && d < s->distance) {
		s->best = candidate;
		s->distance = d;
	}
}

const char *suggest_best(const struct suggest *s)
{
	return s->best;
}
