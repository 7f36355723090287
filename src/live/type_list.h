/* SPDX-License-Identifier: BSD-2-Clause */
/* Types in the making that the kernel wants to be told: of functions, of what sockets store. */
#pragma once

#include <stdint.h>

#define TYPE_LIST_STRINGS 1024

/* One type after the other, as words, and their names. All 0 is an empty one. */
struct type_list {
	uint32_t *words; /* the owner's, with room for all that is added */
	uint32_t nwords, ntypes;
	char strings[TYPE_LIST_STRINGS]; /* begins with the empty one */
	uint32_t nstrings;
};

/* Words of a type. */
enum { TYPE_WORDS = 3, TYPE_INT_WORDS = 4, TYPE_ARRAY_WORDS = 6 };

/* Each gives the number of the new type. */
uint32_t type_list_add(struct type_list *t, const char *name, unsigned kind, uint32_t size_or_type);
uint32_t type_list_int(struct type_list *t, const char *name, unsigned bytes, unsigned encoding);
uint32_t type_list_array(struct type_list *t, uint32_t of, uint32_t index, uint32_t n);
/* A descriptor of the whole in the kernel, or -errno. */
int type_list_load(const struct type_list *t);
