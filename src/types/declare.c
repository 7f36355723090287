/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a D program declares: typedefs, structs, unions, enums. Structs are laid
 * out as the System V ABI for LP64 machines has it, bit-fields from the least
 * significant bit: a bit-field lies within one unit of its declared type, and a
 * struct is as aligned as its most aligned member (unnamed bit-fields aside).
 */
#include <errno.h>
#include <string.h>

#include "types/private.h"

/* bit_offset must hold every offset. */
#define SIZE_LIMIT (1u << 28)

static uint32_t align_members(struct types *ts, struct type *t)
{
	uint32_t align = 1;

	types_complete(ts, t);
	t->align = 1; /* an answer for BTF that has a struct within itself */
	for (uint32_t i = 0; i < t->nmembers; i++) {
		struct member *m = &t->members[i];
		uint32_t a = m->name || type_is_struct(m->type) ? types_align(ts, m->type) : 1;

		if (a > align)
			align = a;
	}
	/* A packed struct of the kernel. */
	while (align > 1 && t->size % align)
		align /= 2;
	return align;
}

uint32_t types_align(struct types *ts, struct type *t)
{
	t = type_resolve(t);
	while (t->kind == TYPE_ARRAY)
		t = type_resolve(t->base);
	switch (t->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
		if (!t->align)
			t->align = align_members(ts, t);
		return t->align;
	case TYPE_INT:
	case TYPE_FLOAT:
	case TYPE_ENUM:
	case TYPE_POINTER:
		return t->size && t->size <= 16 ? (uint32_t)t->size : 1;
	default:
		return 1;
	}
}

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

static bool is_bit_field(const struct member *m)
{
	return m->bit_size || (!m->name && type_is_integer(m->type));
}

static bool may_be_member(const struct member *m, bool last)
{
	struct type *t = type_resolve(m->type);

	if (is_bit_field(m))
		return type_is_integer(t) && m->bit_size <= t->size * 8;
	if (!m->name && !type_is_struct(t))
		return false;
	if (t->kind == TYPE_ARRAY && !t->count && !last)
		return false;
	while (t->kind == TYPE_ARRAY)
		t = type_resolve(t->base);
	return t->kind != TYPE_VOID && t->kind != TYPE_FUNCTION && t->kind != TYPE_FORWARD;
}

/* The bit where a member goes when the ones before end at bit. */
static uint64_t place(struct types *ts, const struct member *m, uint64_t bit)
{
	uint64_t align = types_align(ts, m->type) * 8ull;
	uint64_t unit = type_resolve(m->type)->size * 8;

	if (!is_bit_field(m) || !m->bit_size)
		return round_up(bit, align);
	if (bit / unit != (bit + m->bit_size - 1) / unit)
		return round_up(bit, align);
	return bit;
}

static int lay_out(struct types *ts, struct type *t)
{
	uint64_t end = 0, size = 0;

	for (uint32_t i = 0; i < t->nmembers; i++) {
		struct member *m = &t->members[i];
		uint64_t bits = type_resolve(m->type)->size, at;

		if (bits > SIZE_LIMIT)
			return EOVERFLOW;
		bits = is_bit_field(m) ? m->bit_size : bits * 8;
		at = t->kind == TYPE_UNION ? 0 : place(ts, m, end);
		end = at + bits;
		if (end > SIZE_LIMIT * 8ull)
			return EOVERFLOW;
		m->bit_offset = (uint32_t)at;
		if (end > size)
			size = end;
	}
	t->size = round_up(size, 8) / 8;
	t->align = 0;
	for (uint32_t i = 0; i < t->nmembers; i++) {
		struct member *m = &t->members[i];
		uint32_t a = m->name || type_is_struct(m->type) ? types_align(ts, m->type) : 1;

		if (a > t->align)
			t->align = a;
	}
	if (!t->align)
		t->align = 1;
	t->size = round_up(t->size, t->align);
	return 0;
}

static int check_members(struct types *ts, const struct member *members, uint32_t n)
{
	struct strmap *names = strmap_new(ts->arena);

	for (uint32_t i = 0; i < n; i++) {
		if (!may_be_member(&members[i], i + 1 == n))
			return EINVAL;
		if (!members[i].name)
			continue;
		if (strmap_get(names, members[i].name))
			return ENOTUNIQ;
		strmap_put(names, members[i].name, (void *)members[i].name);
	}
	return 0;
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_members(const struct type *a, const struct type *b);

static bool same_member_type(struct type *a, struct type *b)
{
	/* Anonymous structs of two definitions are two types, whatever is in them. */
	if (type_is_struct(a) && type_is_struct(b) && !type_resolve(a)->name &&
	    !type_resolve(b)->name)
		return same_members(type_resolve(a), type_resolve(b));
	return type_same(a, b);
}

static bool same_members(const struct type *a, const struct type *b)
{
	if (a->kind != b->kind || a->size != b->size || a->nmembers != b->nmembers)
		return false;
	for (uint32_t i = 0; i < a->nmembers; i++) {
		const struct member *x = &a->members[i], *y = &b->members[i];

		if (!same_name(x->name, y->name) || x->bit_offset != y->bit_offset ||
		    x->bit_size != y->bit_size || !same_member_type(x->type, y->type))
			return false;
	}
	return true;
}

static struct type *fail(int error)
{
	errno = error;
	return NULL;
}

static struct type *declare_forward(struct types *ts, enum type_kind kind, const char *name)
{
	struct type *t = name ? strmap_get(types_declared(ts)->tags, name) : NULL;

	if (!name)
		return fail(EINVAL);
	if (t) {
		if ((t->kind == TYPE_FORWARD ? t->tag_kind : t->kind) != kind)
			return fail(EEXIST);
		return t;
	}
	t = types_make(ts, TYPE_FORWARD, name, 0);
	t->tag_kind = kind;
	t->complete = false;
	strmap_put(types_declared(ts)->tags, name, t);
	return t;
}

void types_size_typedefs(struct type *aliases, uint64_t size)
{
	for (struct type *next; aliases; aliases = next) {
		next = aliases->canonical_next;
		aliases->canonical_next = NULL;
		aliases->size = size;
	}
}

/* The definition arrives: the announced type becomes it, and typedefs of it learn the size. */
static struct type *define(struct type *announced, const struct type *definition)
{
	struct type *pointer = announced->pointer_to, *aliases = announced->canonical_next;

	*announced = *definition;
	announced->pointer_to = pointer;
	types_size_typedefs(aliases, announced->size);
	return announced;
}

struct type *types_declare_struct(struct types *ts, enum type_kind kind, const char *name,
				  struct member *members, uint32_t n)
{
	struct type *t, *old;
	int error;

	if (!members)
		return declare_forward(ts, kind, name);
	error = check_members(ts, members, n);
	if (error)
		return fail(error);
	t = types_make(ts, kind, name, 0);
	t->nmembers = n;
	t->members = arena_alloc(ts->arena, n * sizeof(*members));
	memcpy(t->members, members, n * sizeof(*members));
	error = lay_out(ts, t);
	if (error)
		return fail(error);
	for (uint32_t i = 0; i < n; i++)
		members[i].bit_offset = t->members[i].bit_offset;
	old = name ? strmap_get(types_declared(ts)->tags, name) : NULL;
	if (old && old->kind == TYPE_FORWARD && old->tag_kind == kind)
		return define(old, t);
	if (old)
		return same_members(old, t) ? old : fail(EEXIST);
	if (name)
		strmap_put(types_declared(ts)->tags, name, t);
	return t;
}

static bool same_enumerators(const struct type *t, const struct enumerator *e, uint32_t n)
{
	if (t->kind != TYPE_ENUM || t->nenumerators != n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(t->enumerators[i].name, e[i].name) != 0 ||
		    t->enumerators[i].value != e[i].value)
			return false;
	}
	return true;
}

/* int, or what holds the values. */
static void size_enum(struct type *t)
{
	bool negative = false, big = false;

	t->size = 4;
	for (uint32_t i = 0; i < t->nenumerators; i++) {
		int64_t v = t->enumerators[i].value;

		negative |= v < 0;
		big |= v > INT32_MAX;
		if (v < INT32_MIN || v > UINT32_MAX)
			t->size = 8;
	}
	if (negative && big)
		t->size = 8;
	t->is_signed = negative || !big || t->size == 8;
}

struct type *types_declare_enum(struct types *ts, const char *name, struct enumerator *e,
				uint32_t n)
{
	struct type *old = name ? strmap_get(types_declared(ts)->tags, name) : NULL, *t;

	if (old)
		return same_enumerators(old, e, n) ? old : fail(EEXIST);
	for (uint32_t i = 0; i < n; i++) {
		struct enumerator_of *of = strmap_get(types_declared(ts)->enumerators, e[i].name);

		if (of && of->value != e[i].value)
			return fail(EEXIST);
	}
	t = types_make(ts, TYPE_ENUM, name, 0);
	t->nenumerators = n;
	t->enumerators = arena_alloc(ts->arena, n * sizeof(*e));
	if (n)
		memcpy(t->enumerators, e, n * sizeof(*e));
	size_enum(t);
	for (uint32_t i = 0; i < n; i++) {
		struct enumerator_of *of = strmap_get(types_declared(ts)->enumerators, e[i].name);

		if (of && of->type == t)
			return fail(EEXIST);
		of = ARENA_NEW(ts->arena, struct enumerator_of);
		of->type = t;
		of->value = e[i].value;
		strmap_put(types_declared(ts)->enumerators, e[i].name, of);
	}
	if (name)
		strmap_put(types_declared(ts)->tags, name, t);
	return t;
}

int types_declare_typedef(struct types *ts, const char *name, struct type *is)
{
	struct type *old = strmap_get(types_declared(ts)->typedefs, name), *t;
	bool firm = true;

	if (!old)
		old = types_predefined(ts, name, &firm);
	if (old && type_same(old, is))
		return 0;
	if (old && firm)
		return -EEXIST;
	t = types_make(ts, TYPE_TYPEDEF, name, is->size);
	t->base = is;
	if (type_resolve(is)->kind == TYPE_FORWARD) {
		t->canonical_next = type_resolve(is)->canonical_next;
		type_resolve(is)->canonical_next = t;
	}
	strmap_put(types_declared(ts)->typedefs, name, t);
	return 0;
}
