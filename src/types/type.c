/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about one type that need no table: what it stands for, of which sort it is, whether two
 * are the same. */
#include <string.h>

#include "types/type.h"

struct type *type_resolve(struct type *t)
{
	/* Ends: a typedef is made after what it stands for. */
	while (t && t->kind == TYPE_TYPEDEF)
		t = t->base;
	return t;
}

bool type_is_integer(struct type *t)
{
	t = type_resolve(t);
	return t && (t->kind == TYPE_INT || t->kind == TYPE_ENUM);
}

bool type_is_scalar(struct type *t)
{
	t = type_resolve(t);
	return t && (t->kind == TYPE_INT || t->kind == TYPE_ENUM || t->kind == TYPE_POINTER);
}

bool type_is_string(struct type *t)
{
	t = type_resolve(t);
	if (t && t->kind == TYPE_ARRAY) {
		t = type_resolve(t->base);
		return t && t->kind == TYPE_INT && t->is_char;
	}
	return t && t->kind == TYPE_STRING;
}

bool type_is_struct(struct type *t)
{
	t = type_resolve(t);
	return t && (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION);
}

/* struct, union or enum, for a forward declaration what it announces. */
static enum type_kind tag_kind(const struct type *t)
{
	return t->kind == TYPE_FORWARD ? t->tag_kind : t->kind;
}

static bool same_function(struct type *a, struct type *b)
{
	if (a->nmembers != b->nmembers || !type_same(a->base, b->base))
		return false;
	for (uint32_t i = 0; i < a->nmembers; i++) {
		if (!type_same(a->members[i].type, b->members[i].type))
			return false;
	}
	return true;
}

bool type_same(struct type *a, struct type *b)
{
	for (;;) {
		a = type_resolve(a);
		b = type_resolve(b);
		if (a == b)
			return true;
		if (!a || !b || tag_kind(a) != tag_kind(b))
			return false;
		if ((a->kind == TYPE_ARRAY || a->kind == TYPE_CODE) && a->count != b->count)
			return false;
		if (a->kind != TYPE_POINTER && a->kind != TYPE_ARRAY)
			break;
		a = a->base;
		b = b->base;
	}
	switch (tag_kind(a)) {
	case TYPE_INT:
		return a->size == b->size && a->is_signed == b->is_signed &&
		       a->is_char == b->is_char;
	case TYPE_FLOAT:
		return a->size == b->size;
	case TYPE_STRUCT:
	case TYPE_UNION:
	case TYPE_ENUM:
		return a->name && b->name && strcmp(a->name, b->name) == 0;
	case TYPE_FUNCTION:
		return same_function(a, b);
	default: /* void and string have one type each, but for tables of two compilations */
		return true;
	}
}
