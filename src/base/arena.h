/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An arena: memory that is freed all at once.  One per compilation; nothing
 * taken from it is freed on its own.  Running out of memory ends the process
 * with a message: there is no sensible way on.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
/* One that is freed with its parent, if not before. */
struct arena *arena_child(struct arena *parent);
void arena_free(struct arena *a); /* takes NULL */

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
