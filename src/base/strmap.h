/* SPDX-License-Identifier: BSD-2-Clause */
/* A hash map from strings to pointers, kept in an arena. Keys are not copied: they must live as
 * long. */
#pragma once

#include "base/arena.h"

struct strmap;

struct strmap *strmap_new(struct arena *a);
void *strmap_get(const struct strmap *m, const char *key); /* NULL if absent */
void strmap_put(struct strmap *m, const char *key, void *value);
/* Calls visit for each entry, in no order that means anything. */
void strmap_each(const struct strmap *m, void (*visit)(void *arg, const char *key, void *value),
		 void *arg);
