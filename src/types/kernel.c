/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's types: BTF becomes struct type, as little of it as is asked for.
 * BTF is opened by the first name that D does not have. A struct or enum is
 * made without its inside, which types_complete() fills in; everything else
 * is made with all it stands on, which ends at structs.
 *
 * Invariants: one struct type for each BTF id, none for qualifiers and type
 * tags (they give their target), the basic types for the kernel's integers.
 * BTF that makes no sense sets btf_error and gives void.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "types/private.h"

/* More types on top of each other than any C program has. */
#define DEPTH_LIMIT 200

static const uint32_t kinds_of[] = {
	[KERNEL_TYPEDEF] = 1u << BTF_KIND_TYPEDEF | 1u << BTF_KIND_INT | 1u << BTF_KIND_FLOAT,
	[KERNEL_STRUCT] = 1u << BTF_KIND_STRUCT,
	[KERNEL_UNION] = 1u << BTF_KIND_UNION,
	[KERNEL_ENUM] = 1u << BTF_KIND_ENUM | 1u << BTF_KIND_ENUM64,
	[KERNEL_ENUMERATOR] = 0,
	[KERNEL_FUNCTION] = 1u << BTF_KIND_FUNC,
};

/* How gcc and clang name integers in debugging information. */
static const struct {
	const char *theirs, *ours;
} int_names[] = {
	{"int", "int"},
	{"unsigned int", "unsigned int"},
	{"char", "char"},
	{"signed char", "signed char"},
	{"unsigned char", "unsigned char"},
	{"short int", "short"},
	{"short", "short"},
	{"short unsigned int", "unsigned short"},
	{"unsigned short", "unsigned short"},
	{"long int", "long"},
	{"long", "long"},
	{"long unsigned int", "unsigned long"},
	{"unsigned long", "unsigned long"},
	{"long long int", "long long"},
	{"long long", "long long"},
	{"long long unsigned int", "unsigned long long"},
	{"unsigned long long", "unsigned long long"},
	{"_Bool", "_Bool"},
	{"bool", "_Bool"},
	{"float", "float"},
	{"double", "double"},
};

struct kernel_answer {
	uint32_t id;
	int64_t value;
};

static struct type *malformed(struct types *ts)
{
	ts->btf_error = -EINVAL;
	return types_void(ts);
}

static struct kbtf *open_btf(struct types *ts)
{
	if (ts->btf_tried)
		return ts->btf;
	ts->btf_tried = true;
	ts->btf = kbtf_open(ts->btf_path, &ts->btf_error);
	if (!ts->btf)
		return NULL;
	ts->by_id = calloc((size_t)kbtf_last(ts->btf) + 1, sizeof(*ts->by_id));
	if (!ts->by_id) {
		ts->btf_error = -ENOMEM;
		kbtf_close(ts->btf);
		ts->btf = NULL;
		return NULL;
	}
	for (int i = 0; i < KERNEL_NAME_COUNT; i++)
		ts->found[i] = strmap_new(ts->arena);
	return ts->btf;
}

void kernel_close(struct types *ts)
{
	kbtf_close(ts->btf);
	free(ts->by_id);
	ts->btf = NULL;
	ts->by_id = NULL;
	ts->btf_tried = true;
}

uint32_t kernel_find(struct types *ts, enum kernel_name what, const char *name, int64_t *value)
{
	struct kernel_answer *answer;

	if (!open_btf(ts))
		return 0;
	answer = strmap_get(ts->found[what], name);
	if (!answer) {
		answer = ARENA_NEW(ts->arena, struct kernel_answer);
		if (what == KERNEL_ENUMERATOR)
			answer->id = kbtf_find_enumerator(ts->btf, name, &answer->value);
		else
			answer->id = kbtf_find(ts->btf, kinds_of[what], name);
		strmap_put(ts->found[what], arena_strdup(ts->arena, name), answer);
	}
	if (value && answer->id)
		*value = answer->value;
	return answer->id;
}

/* A copy, for types outlive the file; NULL for "". */
static const char *copy_name(struct types *ts, uint32_t offset)
{
	const char *s = kbtf_string(ts->btf, offset);

	return *s ? arena_strdup(ts->arena, s) : NULL;
}

static struct type *make_number(struct types *ts, const struct btf_type *raw)
{
	const char *name = kbtf_string(ts->btf, raw->name_off);
	uint32_t encoding = kbtf_kind(raw) == BTF_KIND_INT ? *(const uint32_t *)(raw + 1) : 0;
	struct type *t;

	for (size_t i = 0; i < sizeof(int_names) / sizeof(int_names[0]); i++) {
		if (strcmp(name, int_names[i].theirs) != 0)
			continue;
		t = types_basic(ts, int_names[i].ours);
		/* BTF of another data model keeps types of its own. */
		if (t->size == raw->size &&
		    (t->kind == TYPE_INT) == (kbtf_kind(raw) == BTF_KIND_INT))
			return t;
	}
	t = types_make(ts, kbtf_kind(raw) == BTF_KIND_INT ? TYPE_INT : TYPE_FLOAT,
		       copy_name(ts, raw->name_off), raw->size);
	t->is_signed = t->kind == TYPE_FLOAT || BTF_INT_ENCODING(encoding) & BTF_INT_SIGNED;
	t->is_char = BTF_INT_ENCODING(encoding) & BTF_INT_CHAR;
	return t;
}

static struct type *make_tagged(struct types *ts, enum type_kind kind, const struct btf_type *raw)
{
	struct type *t = types_make(ts, kind, copy_name(ts, raw->name_off), raw->size);

	t->complete = false;
	if (kind == TYPE_ENUM)
		t->is_signed = kbtf_flag(raw);
	return t;
}

/* A forward declaration is the definition, wherever in the file that is; without one it stays what
 * it is. */
static struct type *make_forward(struct types *ts, const struct btf_type *raw)
{
	enum type_kind kind = kbtf_flag(raw) ? TYPE_UNION : TYPE_STRUCT;
	uint32_t id = kernel_find(ts, kind == TYPE_UNION ? KERNEL_UNION : KERNEL_STRUCT,
				  kbtf_string(ts->btf, raw->name_off), NULL);
	struct type *t;

	if (id)
		return kernel_type(ts, id);
	t = types_make(ts, TYPE_FORWARD, copy_name(ts, raw->name_off), 0);
	t->tag_kind = kind;
	return t;
}

static struct type *make_function(struct types *ts, const struct btf_type *raw)
{
	const struct btf_param *p = (const struct btf_param *)(raw + 1);
	struct type *t = types_function(ts, kernel_type(ts, raw->type), NULL, 0);
	uint32_t n = kbtf_vlen(raw);

	t->members = arena_alloc(ts->arena, n * sizeof(*t->members));
	for (uint32_t i = 0; i < n; i++) {
		t->members[i].name = copy_name(ts, p[i].name_off);
		t->members[i].type = kernel_type(ts, p[i].type);
	}
	t->nmembers = n;
	return t;
}

static struct type *make_typedef(struct types *ts, const struct btf_type *raw)
{
	struct type *is = kernel_type(ts, raw->type);
	struct type *t = types_make(ts, TYPE_TYPEDEF, copy_name(ts, raw->name_off), is->size);

	t->base = is;
	return t;
}

static struct type *make_array(struct types *ts, const struct btf_type *raw)
{
	const struct btf_array *a = (const struct btf_array *)(raw + 1);

	return types_array(ts, kernel_type(ts, a->type), a->nelems);
}

static struct type *make_type(struct types *ts, const struct btf_type *raw)
{
	switch (kbtf_kind(raw)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
		return make_number(ts, raw);
	case BTF_KIND_PTR:
		return types_pointer(ts, kernel_type(ts, raw->type));
	case BTF_KIND_ARRAY:
		return make_array(ts, raw);
	case BTF_KIND_STRUCT:
		return make_tagged(ts, TYPE_STRUCT, raw);
	case BTF_KIND_UNION:
		return make_tagged(ts, TYPE_UNION, raw);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return make_tagged(ts, TYPE_ENUM, raw);
	case BTF_KIND_FWD:
		return make_forward(ts, raw);
	case BTF_KIND_TYPEDEF:
		return make_typedef(ts, raw);
	case BTF_KIND_FUNC_PROTO:
		return make_function(ts, raw);
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
		return kernel_type(ts, raw->type);
	case BTF_KIND_DATASEC:
	case BTF_KIND_DECL_TAG:
		return malformed(ts); /* not types */
	default:
		return types_void(ts); /* of a kernel that is newer than this code */
	}
}

/* Kinds whose struct type is this id's alone; pointers, integers and what only passes on are
 * shared. */
static bool has_id(const struct type *t)
{
	return t->kind != TYPE_VOID && t->kind != TYPE_POINTER && t->kind != TYPE_INT &&
	       t->kind != TYPE_FLOAT;
}

/* The type of an id; NULL for id 0 asked for by a look-up that found nothing, void for id 0 inside
 * of BTF. */
struct type *kernel_type(struct types *ts, uint32_t id)
{
	const struct btf_type *raw;
	struct type *t;

	if (id == 0)
		return ts->depth ? types_void(ts) : NULL;
	raw = kbtf_type(ts->btf, id);
	if (!raw || ts->depth >= DEPTH_LIMIT)
		return malformed(ts);
	t = ts->by_id[id];
	if (t)
		return t == &ts->building ? malformed(ts) : t;
	ts->by_id[id] = &ts->building;
	ts->depth++;
	t = make_type(ts, raw);
	ts->depth--;
	ts->by_id[id] = t;
	if (has_id(t) && !t->btf_id) {
		t->btf_id = id;
		t->from_kernel = true;
	}
	return t;
}

struct type *kernel_tag(struct types *ts, enum type_kind kind, const char *name)
{
	static const enum kernel_name names[] = {
		[TYPE_STRUCT] = KERNEL_STRUCT,
		[TYPE_UNION] = KERNEL_UNION,
		[TYPE_ENUM] = KERNEL_ENUM,
	};

	if (kind != TYPE_STRUCT && kind != TYPE_UNION && kind != TYPE_ENUM)
		return NULL;
	return kernel_type(ts, kernel_find(ts, names[kind], name, NULL));
}

/* Old writers tell a bit-field by an integer type of odd width: its bits, 0 for any other type. */
static uint32_t odd_bits(const struct types *ts, uint32_t id, uint32_t *offset)
{
	const struct btf_type *t;
	uint32_t encoding;

	for (int depth = 0; depth < DEPTH_LIMIT; depth++) {
		t = kbtf_type(ts->btf, id);
		if (!t)
			return 0;
		switch (kbtf_kind(t)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_TYPE_TAG:
			id = t->type;
			continue;
		case BTF_KIND_INT:
			encoding = *(const uint32_t *)(t + 1);
			*offset = BTF_INT_OFFSET(encoding);
			if (BTF_INT_BITS(encoding) == t->size * 8ull)
				return 0;
			return BTF_INT_BITS(encoding);
		default:
			return 0;
		}
	}
	return 0;
}

/* False if the member makes no sense. */
static bool fill_member(struct types *ts, const struct type *t, const struct btf_type *raw,
			const struct btf_member *from, struct member *to)
{
	uint32_t odd = 0, width;
	uint64_t bits;

	to->type = kernel_type(ts, from->type);
	to->bit_offset = from->offset;
	if (kbtf_flag(raw)) {
		to->bit_offset = BTF_MEMBER_BIT_OFFSET(from->offset);
		to->bit_size = BTF_MEMBER_BITFIELD_SIZE(from->offset);
	} else if ((width = odd_bits(ts, from->type, &odd))) {
		to->bit_offset += odd;
		to->bit_size = width;
	}
	if (to->bit_size) {
		bits = to->bit_size;
		if (!type_is_integer(to->type) || bits > to->type->size * 8)
			return false;
	} else {
		if (to->type->size > t->size || to->bit_offset % 8)
			return false;
		bits = to->type->size * 8;
	}
	to->name = copy_name(ts, from->name_off);
	return to->bit_offset + bits <= t->size * 8;
}

static void complete_struct(struct types *ts, struct type *t, const struct btf_type *raw)
{
	const struct btf_member *from = (const struct btf_member *)(raw + 1);
	uint32_t n = kbtf_vlen(raw);

	t->members = arena_alloc(ts->arena, n * sizeof(*t->members));
	ts->depth++;
	for (uint32_t i = 0; i < n; i++) {
		if (fill_member(ts, t, raw, &from[i], &t->members[t->nmembers]))
			t->nmembers++;
		else
			malformed(ts);
	}
	ts->depth--;
	memset(t->members + t->nmembers, 0, (n - t->nmembers) * sizeof(*t->members));
}

static void complete_enum(struct types *ts, struct type *t, const struct btf_type *raw)
{
	uint32_t n = kbtf_vlen(raw);

	t->enumerators = arena_alloc(ts->arena, n * sizeof(*t->enumerators));
	for (uint32_t i = 0; i < n; i++) {
		t->enumerators[i].name = copy_name(ts, kbtf_enum_name(raw, i));
		t->enumerators[i].value = kbtf_enum_value(raw, i);
		if (!t->enumerators[i].name)
			t->enumerators[i].name = "";
	}
	t->nenumerators = n;
}

/* A struct that D only announced may be the kernel's: it becomes that one, under its own identity.
 */
static void complete_forward(struct types *ts, struct type *t)
{
	struct type *full = kernel_tag(ts, t->tag_kind, t->name);
	struct type *pointer = t->pointer_to, *aliases = t->canonical_next;

	t->complete = true;
	if (!full)
		return;
	types_complete(ts, full);
	*t = *full;
	t->pointer_to = pointer;
	t->canonical_next = NULL;
	types_size_typedefs(aliases, t->size);
}

void kernel_complete(struct types *ts, struct type *t)
{
	const struct btf_type *raw;

	if (t->kind == TYPE_FORWARD) {
		complete_forward(ts, t);
		return;
	}
	t->complete = true;
	raw = ts->btf ? kbtf_type(ts->btf, t->btf_id) : NULL;
	if (!raw)
		return;
	if (t->kind == TYPE_ENUM)
		complete_enum(ts, t, raw);
	else
		complete_struct(ts, t, raw);
}
