/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of types of one compilation: basic types, derived types, and the
 * order of look-ups: what D declared, what D has predefined, then the kernel.
 * Basic types and predefined typedefs never touch BTF.
 *
 * Invariants: a basic type and a pointer type exist once. What stands for
 * another type is made after it, so chains of base end.
 */
#include "types/private.h"

#include <string.h>

#include "types/predefined.h"

/* The default of the option strsize. */
#define STRING_SIZE 256
/* Anonymous members within anonymous members. */
#define NESTING 500
/* A struct with more members finds them by a hash. */
#define HASHED_MEMBERS 256

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void declared_init(struct declared *d, struct arena *a)
{
	d->typedefs = strmap_new(a);
	d->tags = strmap_new(a);
	d->enumerators = strmap_new(a);
}

struct types *types_new(struct arena *a, const char *btf_path)
{
	struct types *ts = ARENA_NEW(a, struct types);

	ts->arena = a;
	ts->btf_path = btf_path ? arena_strdup(a, btf_path) : NULL;
	declared_init(&ts->libraries, a);
	declared_init(&ts->program, a);
	ts->predefined = strmap_new(a);
	for (size_t i = 0; i < BASIC_COUNT; i++) {
		ts->basic[i].name = basics[i].name;
		ts->basic[i].kind = basics[i].kind;
		ts->basic[i].size = basics[i].kind == TYPE_STRING ? STRING_SIZE : basics[i].size;
		ts->basic[i].is_signed = basics[i].is_signed;
		ts->basic[i].is_char = basics[i].is_char;
		ts->basic[i].complete = true;
	}
	return ts;
}

void types_free(struct types *ts)
{
	if (ts)
		kernel_close(ts);
}

bool types_read_program(struct types *ts, bool on)
{
	bool was = ts->in_program;

	ts->in_program = on;
	return was;
}

struct declared *types_declared(struct types *ts)
{
	return ts->in_program ? &ts->program : &ts->libraries;
}

struct type *types_basic(struct types *ts, const char *name)
{
	for (size_t i = 0; i < BASIC_COUNT; i++) {
		if (strcmp(name, basics[i].name) == 0)
			return &ts->basic[i];
	}
	return NULL;
}

struct type *types_void(struct types *ts)
{
	return &ts->basic[0];
}

struct type *types_make(struct types *ts, enum type_kind kind, const char *name, uint64_t size)
{
	struct type *t = ARENA_NEW(ts->arena, struct type);

	t->kind = kind;
	t->name = name;
	t->size = size;
	t->complete = true;
	return t;
}

struct type *types_pointer(struct types *ts, struct type *to)
{
	if (!to->pointer_to) {
		to->pointer_to = types_make(ts, TYPE_POINTER, NULL, sizeof(uint64_t));
		to->pointer_to->base = to;
	}
	return to->pointer_to;
}

struct type *types_array(struct types *ts, struct type *of, uint64_t count)
{
	struct type *t = types_make(ts, TYPE_ARRAY, NULL, 0);

	t->base = of;
	t->count = count;
	if (__builtin_mul_overflow(of->size, count, &t->size))
		t->size = UINT64_MAX;
	return t;
}

struct type *types_code(struct types *ts, const char *name, uint64_t frames)
{
	struct type *t = ARENA_NEW(ts->arena, struct type);

	t->kind = TYPE_CODE;
	t->name = name;
	t->count = frames;
	t->complete = true;
	return t;
}

struct type *types_function(struct types *ts, struct type *returns, struct member *params,
			    uint32_t n)
{
	struct type *t = types_make(ts, TYPE_FUNCTION, NULL, 0);

	t->base = returns;
	t->nmembers = n;
	t->members = arena_alloc(ts->arena, n * sizeof(*params));
	if (n)
		memcpy(t->members, params, n * sizeof(*params));
	return t;
}

static const struct predefined *find_predefined(const struct predefined *table, size_t n,
						const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(name, table[i].name) == 0)
			return &table[i];
	}
	return NULL;
}

/* What a predefined typedef stands for, NULL if it is none. firm: programs can't define it
 * differently. */
struct type *types_predefined(struct types *ts, const char *name, bool *firm)
{
	const struct predefined *p = find_predefined(own_typedefs, COUNT(own_typedefs), name);
	struct type *t;

	*firm = p != NULL;
	if (!p)
		p = find_predefined(system_typedefs, COUNT(system_typedefs), name);
	if (!p)
		return NULL;
	t = types_basic(ts, p->is);
	return p->pointer ? types_pointer(ts, t) : t;
}

struct type *types_own_typedef(struct types *ts, const char *name)
{
	struct type *t = ts->in_program ? strmap_get(ts->program.typedefs, name) : NULL, *is;
	bool firm;

	if (!t)
		t = strmap_get(ts->libraries.typedefs, name);
	if (!t)
		t = strmap_get(ts->predefined, name);
	if (t)
		return t;
	is = types_predefined(ts, name, &firm);
	if (!is)
		return NULL;
	t = types_make(ts, TYPE_TYPEDEF, arena_strdup(ts->arena, name), is->size);
	t->base = is;
	strmap_put(ts->predefined, t->name, t);
	return t;
}

struct type *types_typedef(struct types *ts, const char *name)
{
	struct type *t = types_own_typedef(ts, name);

	return t ? t : kernel_type(ts, kernel_find(ts, KERNEL_TYPEDEF, name, NULL));
}

static bool is_tagged(const struct type *t, enum type_kind kind)
{
	return t && (t->kind == TYPE_FORWARD ? t->tag_kind : t->kind) == kind;
}

struct type *types_own_tag(struct types *ts, enum type_kind kind, const char *name)
{
	struct type *t = ts->in_program ? strmap_get(ts->program.tags, name) : NULL;

	if (!is_tagged(t, kind))
		t = strmap_get(ts->libraries.tags, name);
	return is_tagged(t, kind) ? t : NULL;
}

struct type *types_tag(struct types *ts, enum type_kind kind, const char *name)
{
	struct type *t = types_own_tag(ts, kind, name);

	return t ? t : kernel_tag(ts, kind, name);
}

bool types_enumerator(struct types *ts, const char *name, int64_t *value, struct type **type)
{
	const struct enumerator_of *of = strmap_get(ts->program.enumerators, name);
	uint32_t id;

	if (!of)
		of = strmap_get(ts->libraries.enumerators, name);
	if (of) {
		*value = of->value;
		*type = of->type;
		return true;
	}
	id = kernel_find(ts, KERNEL_ENUMERATOR, name, value);
	if (id)
		*type = kernel_type(ts, id);
	return id != 0;
}

void types_complete(struct types *ts, struct type *t)
{
	t = type_resolve(t);
	if (t && !t->complete)
		kernel_complete(ts, t);
}

static bool is_anonymous_member(const struct member *m)
{
	return !m->name && type_is_struct(m->type);
}

/* A member by its own name; big structs keep theirs hashed. */
static const struct member *own_member(struct types *ts, struct type *t, const char *name)
{
	if (t->nmembers > HASHED_MEMBERS && !t->by_name) {
		t->by_name = strmap_new(ts->arena);
		for (uint32_t i = t->nmembers; i-- > 0;)
			if (t->members[i].name)
				strmap_put(t->by_name, t->members[i].name, &t->members[i]);
	}
	if (t->by_name)
		return strmap_get(t->by_name, name);
	for (uint32_t i = 0; i < t->nmembers; i++)
		if (t->members[i].name && strcmp(t->members[i].name, name) == 0)
			return &t->members[i];
	return NULL;
}

/*
 * Looks into each anonymous struct once, which also ends on BTF that claims a
 * struct to be within itself: those seen are on a list by canonical_next.
 */
static bool find_member(struct types *ts, struct type *t, const char *name, struct member *out,
			struct type **seen, unsigned depth)
{
	const struct member *own;
	struct member inner;

	if (t->canonical_next || !depth)
		return false;
	t->canonical_next = *seen;
	*seen = t;
	types_complete(ts, t);
	own = own_member(ts, t, name);
	if (own) {
		*out = *own;
		return true;
	}
	for (uint32_t i = 0; i < t->nmembers; i++) {
		const struct member *m = &t->members[i];

		if (!is_anonymous_member(m))
			continue;
		if (find_member(ts, type_resolve(m->type), name, &inner, seen, depth - 1)) {
			*out = inner;
			out->bit_offset += m->bit_offset;
			return true;
		}
	}
	return false;
}

static void offer_members(const struct type *t, struct suggest *s)
{
	for (uint32_t i = 0; i < t->nmembers; i++) {
		if (t->members[i].name)
			suggest_offer(s, t->members[i].name);
	}
}

bool types_member(struct types *ts, struct type *t, const char *name, struct member *out,
		  struct suggest *s)
{
	struct type end = {0}, *seen = &end, *next;
	bool found;

	types_complete(ts, t);
	t = type_resolve(t);
	if (!type_is_struct(t))
		return false;
	found = find_member(ts, t, name, out, &seen, NESTING);
	for (; seen != &end; seen = next) {
		next = seen->canonical_next;
		seen->canonical_next = NULL;
		/* All of them were looked through when nothing was found. */
		if (!found && s)
			offer_members(seen, s);
	}
	return found;
}

uint32_t types_tracepoint_btf_id(struct types *ts, const char *name)
{
	struct buf type = {0};
	const struct btf_type *t;
	uint32_t id;

	buf_printf(&type, "btf_trace_%s", name);
	id = kernel_find(ts, KERNEL_TYPEDEF, buf_str(&type), NULL);
	buf_free(&type);
	t = id ? kbtf_type(ts->btf, id) : NULL;
	return t && kbtf_kind(t) == BTF_KIND_TYPEDEF ? id : 0;
}

uint32_t types_iterator_btf_id(struct types *ts, const char *name)
{
	struct buf function = {0};
	uint32_t id;

	buf_printf(&function, "bpf_iter_%s", name);
	id = kernel_find(ts, KERNEL_FUNCTION, buf_str(&function), NULL);
	buf_free(&function);
	return id;
}

int types_btf_error(const struct types *ts)
{
	return ts->btf_error;
}
