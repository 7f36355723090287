/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Type rules: C's promotions and conversions on LP64, what may be assigned to
 * what, and types from their spelling in the tables of probes and built-ins.
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lang/check_impl.h"

struct type *check_basic(struct check *ck, const char *name)
{
	return types_basic(ck->s->types, name);
}

/* Spellings of C's own types; the tables of this program use no others. */
static const char *const basic_names[] = {
	"void",	 "char",	 "signed char", "unsigned char", "short",     "unsigned short",
	"int",	 "unsigned int", "long",	"unsigned long", "long long", "unsigned long long",
	"_Bool", "float",	 "double",	"string",
};

static const struct {
	const char *word;
	enum type_kind kind;
} tag_words[] = {
	{"struct", TYPE_STRUCT},
	{"union", TYPE_UNION},
	{"enum", TYPE_ENUM},
};

static bool is_qualifier(const char *word)
{
	return strcmp(word, "const") == 0 || strcmp(word, "volatile") == 0;
}

static struct type *named_type(struct types *ts, const char *name)
{
	for (size_t i = 0; i < sizeof(tag_words) / sizeof(*tag_words); i++) {
		size_t n = strlen(tag_words[i].word);

		if (strncmp(name, tag_words[i].word, n) == 0 && name[n] == ' ')
			return types_tag(ts, tag_words[i].kind, name + n + 1);
	}
	for (size_t i = 0; i < sizeof(basic_names) / sizeof(*basic_names); i++)
		if (strcmp(name, basic_names[i]) == 0)
			return types_basic(ts, name);
	return types_typedef(ts, name);
}

/* Reads words into name, one space between them, without qualifiers. */
static const char *read_words(const char *p, char *name, size_t size)
{
	size_t n = 0;

	name[0] = '\0';
	for (;;) {
		const char *start;
		size_t len;

		while (isspace((unsigned char)*p))
			p++;
		start = p;
		while (isalnum((unsigned char)*p) || *p == '_')
			p++;
		len = (size_t)(p - start);
		if (len == 0 || n + len + 2 > size)
			return p;
		memcpy(name + n + (n > 0), start, len);
		name[n + (n > 0) + len] = '\0';
		if (is_qualifier(name + n + (n > 0))) {
			name[n] = '\0';
			continue;
		}
		if (n > 0)
			name[n] = ' ';
		n += (n > 0) + len;
	}
}

struct type *check_type_text(struct script *s, const char *text)
{
	char name[256], more[64];
	const char *p = read_words(text, name, sizeof(name));
	struct type *t = named_type(s->types, name);

	if (!t && script_read_libraries(s))
		t = named_type(s->types, name);
	while (t && *p) {
		if (*p == '*') {
			t = types_pointer(s->types, t);
			p = read_words(p + 1, more, sizeof(more)); /* "* const" */
		} else if (*p == '[') {
			char *end;
			uint64_t count = strtoull(p + 1, &end, 0);

			t = types_array(s->types, t, count);
			p = *end == ']' ? end + 1 : end;
		} else if (isspace((unsigned char)*p)) {
			p++;
		} else {
			return NULL;
		}
	}
	return t;
}

/* The integer type of arithmetic: of 4 or 8 bytes. */
static struct type *arithmetic_type(struct check *ck, uint64_t size, bool is_signed)
{
	if (size > 4)
		return check_basic(ck, is_signed ? "long" : "unsigned long");
	return check_basic(ck, is_signed ? "int" : "unsigned int");
}

struct type *check_promote(struct check *ck, const struct node *n)
{
	struct type *r = type_resolve(n->type);

	if (r->size < 4 || (n->kind == NODE_MEMBER && n->bit_size > 0 && n->bit_size < 32))
		return check_basic(ck, "int");
	if (r->kind == TYPE_ENUM)
		return arithmetic_type(ck, r->size, r->size <= 4 || r->is_signed);
	return arithmetic_type(ck, r->size, r->is_signed);
}

struct type *check_common(struct check *ck, struct type *a, struct type *b)
{
	uint64_t size = a->size > b->size ? a->size : b->size;
	bool is_signed = (a->size < size || a->is_signed) && (b->size < size || b->is_signed);

	return arithmetic_type(ck, size, is_signed);
}

struct type *check_decay(struct check *ck, struct type *t)
{
	struct type *r = type_resolve(t);

	if (r->kind == TYPE_ARRAY)
		return types_pointer(ck->s->types, r->base);
	if (r->kind == TYPE_FUNCTION)
		return types_pointer(ck->s->types, r);
	return t;
}

bool check_is_null(const struct node *n)
{
	struct type *r;

	if (n->kind != NODE_INT || n->value != 0 || !n->type)
		return false;
	r = type_resolve(n->type);
	return type_is_integer(r) ||
	       (r->kind == TYPE_POINTER && type_resolve(r->base)->kind == TYPE_VOID);
}

static bool is_char_pointer(struct type *t)
{
	struct type *r = type_resolve(t);

	return r->kind == TYPE_POINTER && type_resolve(r->base)->is_char;
}

bool check_is_strcompat(struct type *t)
{
	return type_is_string(t) || is_char_pointer(t);
}

void check_empty_string(struct check *ck, struct node *n)
{
	n->kind = NODE_STRING;
	n->name = "";
	n->length = 0;
	n->type = check_basic(ck, "string");
}

void check_to_string(struct check *ck, struct node *n)
{
	struct node *inner, *next = n->next;

	if (type_resolve(n->type)->kind == TYPE_STRING || !check_is_strcompat(n->type))
		return;
	inner = ARENA_NEW(ck->s->arena, struct node);
	*inner = *n;
	inner->next = NULL;
	memset(n, 0, sizeof(*n));
	n->kind = NODE_UNARY;
	n->op = OP_STRINGOF;
	n->loc = inner->loc;
	n->left = inner;
	n->next = next;
	n->type = check_basic(ck, "string");
}

/* Same target, void, or integers of one size (__be32 * and ipaddr_t *). */
bool check_pointers_agree(struct type *a, struct type *b)
{
	struct type *x = type_resolve(type_resolve(a)->base),
		    *y = type_resolve(type_resolve(b)->base);

	if (x->kind == TYPE_VOID || y->kind == TYPE_VOID || type_same(x, y))
		return true;
	return type_is_integer(x) && type_is_integer(y) && x->size == y->size;
}

bool check_assignable(struct check *ck, struct type *to, struct node *n)
{
	struct type *t = type_resolve(to), *f;

	if (type_is_string(t)) {
		if (!check_is_strcompat(n->type))
			return false;
		check_to_string(ck, n);
		return true;
	}
	f = type_resolve(n->type);
	switch (t->kind) {
	case TYPE_INT:
	case TYPE_ENUM:
		return type_is_integer(f);
	case TYPE_POINTER:
		f = type_resolve(check_decay(ck, f));
		if (check_is_null(n))
			return true;
		return f->kind == TYPE_POINTER && check_pointers_agree(t, f);
	case TYPE_STRUCT:
	case TYPE_UNION:
	case TYPE_FLOAT:
	case TYPE_ARRAY:
		return type_same(t, f);
	default:
		return false;
	}
}
