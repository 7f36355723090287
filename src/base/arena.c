/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arena: a chain of blocks from which memory is cut in order.  Blocks come
 * zeroed from calloc() and are used once, so what is cut from them is zero.
 * Requests too big for a block get one of their own behind the current one,
 * which stays in use.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE (64 * 1024)
#define ALIGNMENT 16

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct block *first;	/* the one being cut from */
	struct arena *children; /* linked by next */
	struct arena *parent, *next, **link;
};

static void *must_calloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p) {
		fputs("dtrace: out of memory\n", stderr);
		abort();
	}
	return p;
}

static struct block *block_new(size_t size)
{
	struct block *b;

	if (size > SIZE_MAX - sizeof(*b)) {
		fputs("dtrace: out of memory\n", stderr);
		abort();
	}
	b = must_calloc(sizeof(*b) + size);
	b->size = size;
	return b;
}

struct arena *arena_new(void)
{
	struct arena *a = must_calloc(sizeof(*a));

	a->first = block_new(BLOCK_SIZE);
	return a;
}

struct arena *arena_child(struct arena *parent)
{
	struct arena *a = arena_new();

	a->parent = parent;
	a->next = parent->children;
	a->link = &parent->children;
	if (a->next)
		a->next->link = &a->next;
	parent->children = a;
	return a;
}

static void unlink_child(struct arena *a)
{
	if (!a->parent)
		return;
	*a->link = a->next;
	if (a->next)
		a->next->link = a->link;
}

void arena_free(struct arena *a)
{
	struct block *b, *next;

	if (!a)
		return;
	while (a->children)
		arena_free(a->children);
	unlink_child(a);
	for (b = a->first; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->first;
	void *p;

	if (size > SIZE_MAX - ALIGNMENT)
		size = SIZE_MAX; /* refused by block_new() */
	else
		size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (size > BLOCK_SIZE / 4) {
		struct block *own = block_new(size);

		own->used = size;
		own->next = b->next;
		b->next = own;
		return own->bytes;
	}
	if (size > b->size - b->used) {
		b = block_new(BLOCK_SIZE);
		b->next = a->first;
		a->first = b;
	}
	p = b->bytes + b->used;
	b->used += size;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	if (n)
		memcpy(p, s, n);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char brief[256], *p;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(brief, sizeof(brief), fmt, again);
	va_end(again);
	if (n < 0)
		return arena_strdup(a, "");
	if ((size_t)n < sizeof(brief))
		return arena_strndup(a, brief, (size_t)n);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}
