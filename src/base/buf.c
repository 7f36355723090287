/* SPDX-License-Identifier: BSD-2-Clause */
/* The growable byte string.  Invariant: s is NULL and cap 0, or n < cap and s[n] is NUL. */
#include "base/buf.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes room for n more bytes and the NUL. */
static void buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 64;

	if (b->s && n < b->cap - b->n)
		return;
	while (n < SIZE_MAX / 4 - b->n && cap <= b->n + n)
		cap *= 2;
	b->s = cap > b->n + n ? realloc(b->s, cap) : NULL;
	if (!b->s) {
		fputs("dtrace: out of memory\n", stderr);
		abort();
	}
	b->cap = cap;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n >= b->cap - b->n)
		buf_reserve(b, n);
	if (n)
		memcpy(b->s + b->n, bytes, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	buf_reserve(b, 64);
	va_copy(again, ap);
	n = vsnprintf(b->s + b->n, b->cap - b->n, fmt, again);
	va_end(again);
	if (n < 0) {
		b->s[b->n] = '\0';
		return;
	}
	if ((size_t)n >= b->cap - b->n) {
		buf_reserve(b, (size_t)n);
		vsnprintf(b->s + b->n, b->cap - b->n, fmt, ap);
	}
	b->n += (size_t)n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

int buf_read(struct buf *b, int fd, size_t max)
{
	char block[65536];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (b->n + (size_t)n > max)
			return -EFBIG;
		buf_add(b, block, (size_t)n);
	}
	return 0;
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	if (b->s)
		b->s[0] = '\0';
}

void buf_free(struct buf *b)
{
	free(b->s);
	b->s = NULL;
	b->n = b->cap = 0;
}

const char *buf_str(const struct buf *b)
{
	return b->s ? b->s : "";
}
