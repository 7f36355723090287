/* SPDX-License-Identifier: BSD-2-Clause */
/* A growable byte string on the heap, always followed by a NUL. Start with { 0 }. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *s; /* NULL while nothing was added; buf_str() never gives NULL */
	size_t n, cap;
};

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap);
/* All that a file descriptor still gives, at most max bytes in b. 0 or -errno. */
int buf_read(struct buf *b, int fd, size_t max);
void buf_reset(struct buf *b); /* empties, keeps the memory */
void buf_free(struct buf *b);
const char *buf_str(const struct buf *b);

static inline void buf_putc(struct buf *b, char c)
{
	if (b->n + 1 >= b->cap) {
		buf_add(b, &c, 1);
		return;
	}
	b->s[b->n++] = c;
	b->s[b->n] = '\0';
}
