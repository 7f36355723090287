/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * struct, union and enum.  A tag is announced to the types before its members
 * are read, so that they may point to it; one that neither D nor the kernel
 * defines stays an announcement, of kind TYPE_FORWARD.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/strmap.h"
#include "lang/parser.h"

#define MAX_ENUMERATORS 100000

struct member_list {
	VEC(struct member) v;
	struct strmap *names;
};

static const char *kind_word(enum type_kind kind)
{
	return kind == TYPE_STRUCT ? "struct" : kind == TYPE_UNION ? "union" : "enum";
}

/* The type that a tag without a list stands for. */
static struct type *tagged_type(struct parser *p, enum type_kind kind, const char *name,
				struct loc at)
{
	struct type *t = parse_find_tag(p, kind, name);

	if (!t)
		t = types_declare_struct(p->s->types, kind, name, NULL, 0);
	if (t)
		return t;
	parser_error(p, at, "D_DECL_TYPERED", "'%s' is not the tag of a %s", name, kind_word(kind));
	return types_basic(p->s->types, "int");
}

/* struct NAME, or struct module`NAME */
static const char *take_tag(struct parser *p)
{
	const char *name = p->tok.text, *tick;

	if (p->tok.kind != TOK_IDENT && p->tok.kind != TOK_KERNEL)
		return NULL;
	tick = strchr(name, '`');
	parser_next(p);
	return tick ? tick + 1 : name;
}

/* [ declarator ] : constant */
static void parse_bits(struct parser *p, struct member *m)
{
	struct loc at = p->tok.loc;
	struct type *t = type_resolve(m->type);
	struct node *width = parse_conditional(p);
	int64_t bits;

	if (parser_failed(p) ||
	    !parse_constant(p, width, "D_DECL_BFCONST", "a bit-field's width", &bits))
		return;
	if (t->kind != TYPE_INT && t->kind != TYPE_ENUM)
		parser_error(p, at, "D_DECL_BFTYPE", "a bit-field cannot be of type %s",
			     type_name(p->s->arena, m->type));
	else if (bits < 0 || (bits == 0 && m->name) || (uint64_t)bits > 8 * t->size)
		parser_error(p, at, "D_DECL_BFSIZE", "a bit-field of %lld bits does not fit in %s",
			     (long long)bits, type_name(p->s->arena, m->type));
	else
		m->bit_size = (uint32_t)bits;
}

static void add_member(struct parser *p, struct member_list *list, struct member m, struct loc at)
{
	enum type_kind k = type_resolve(m.type)->kind;

	if (k == TYPE_VOID || k == TYPE_FORWARD || k == TYPE_FUNCTION) {
		parser_error(p, at, "D_DECL_INCOMPLETE", "member '%s' has the %s type %s",
			     m.name ? m.name : "", k == TYPE_FORWARD ? "incomplete" : "impossible",
			     type_name(p->s->arena, m.type));
		return;
	}
	if (m.name) {
		if (strmap_get(list->names, m.name))
			parser_error(p, at, "D_DECL_IDRED", "member '%s' is declared twice",
				     m.name);
		strmap_put(list->names, m.name, list);
	}
	vec_push(&list->v, m);
}

/* member: specifiers [ declarator [ : constant ] [ , ... ] ] ; */
static void parse_member(struct parser *p, struct member_list *list)
{
	struct specifiers spec;
	struct declarator decl;

	parse_specifiers(p, &spec);
	if (spec.storage != STORAGE_NONE)
		parser_error(p, spec.loc, "D_DECL_CLASS", "a member takes no storage class");
	if (p->tok.kind == TOK_SEMI) {
		if (!type_is_struct(type_resolve(spec.type)))
			parser_error(p, p->tok.loc, "D_DECL_MNAME", "the member has no name");
		else
			add_member(p, list, (struct member){.type = spec.type}, spec.loc);
		parser_next(p);
		return;
	}
	do {
		struct member m = {0};
		struct loc at = p->tok.loc;

		decl = (struct declarator){.type = spec.type, .nkeys = -1, .loc = at};
		if (p->tok.kind != TOK_COLON)
			parse_declarator(p, spec.type, false, &decl);
		if (decl.nkeys >= 0)
			parser_error(p, decl.loc, "D_DECL_ARRSUB",
				     "a member cannot be an associative array");
		m.name = decl.name;
		m.type = decl.type;
		if (parser_accept(p, TOK_COLON))
			parse_bits(p, &m);
		if (!parser_failed(p))
			add_member(p, list, m, decl.loc);
	} while (parser_accept(p, TOK_COMMA));
	parser_expect(p, TOK_SEMI, "',' or ';' after the member");
}

static void refuse_struct(struct parser *p, enum type_kind kind, const char *name, struct loc at)
{
	const char *word = kind_word(kind);

	if (!name)
		name = "";
	if (errno == EEXIST)
		parser_error(p, at, "D_DECL_TYPERED", "%s %s is already declared differently", word,
			     name);
	else if (errno == EOVERFLOW)
		parser_error(p, at, "D_DECL_ARRBIG", "%s %s is too big", word, name);
	else
		parser_error(
			p, at, "D_DECL_INCOMPLETE",
			"%s %s cannot be laid out: only its last member may be of unknown size",
			word, name);
}

/* { member* } */
static struct type *define_struct(struct parser *p, enum type_kind kind, const char *name,
				  struct loc at)
{
	struct member_list list = {.names = strmap_new(p->s->arena)};
	struct member *members;
	struct type *t = NULL;

	if (name && !types_declare_struct(p->s->types, kind, name, NULL, 0))
		refuse_struct(p, kind, name, at);
	p->braces++;
	parser_next(p);
	if (parser_enter(p)) {
		if (p->tok.kind == TOK_RBRACE)
			parser_error(p, p->tok.loc, "D_DECL_INCOMPLETE", "the %s has no members",
				     kind_word(kind));
		while (p->tok.kind != TOK_RBRACE && !parser_failed(p))
			parse_member(p, &list);
		parser_next(p);
	}
	parser_leave(p);
	if (!parser_failed(p)) {
		p->braces--;
		members = arena_alloc(p->s->arena, list.v.n * sizeof(*members));
		memcpy(members, list.v.at, list.v.n * sizeof(*members));
		t = types_declare_struct(p->s->types, kind, name, members, (uint32_t)list.v.n);
		if (!t)
			refuse_struct(p, kind, name, at);
	}
	vec_free(&list.v);
	return t ? t : types_basic(p->s->types, "int");
}

/* ( struct | union ) [ name ] [ { members } ] */
struct type *parse_struct(struct parser *p, struct specifiers *out)
{
	enum type_kind kind = p->tok.kind == TOK_STRUCT ? TYPE_STRUCT : TYPE_UNION;
	struct loc at = p->tok.loc;
	const char *name;

	parser_next(p);
	name = take_tag(p);
	out->defines = true;
	if (p->tok.kind == TOK_LBRACE)
		return define_struct(p, kind, name, at);
	if (name)
		return tagged_type(p, kind, name, at);
	parser_expected(p, kind == TYPE_STRUCT ? "a name or '{' after 'struct'"
					       : "a name or '{' after 'union'");
	return types_basic(p->s->types, "int");
}

struct enumerator_list {
	VEC(struct enumerator) v;
};

/* name [ = constant ] */
static void parse_enumerator(struct parser *p, struct enumerator_list *list, int64_t next)
{
	struct enumerator e = {p->tok.text, next}, *own;
	struct loc at = p->tok.loc;

	if (!parser_expect(p, TOK_IDENT, "the name of an enumerator"))
		return;
	if (parser_accept(p, TOK_ASSIGN)) {
		struct node *value = parse_conditional(p);

		if (parser_failed(p) ||
		    !parse_constant(p, value, "D_DECL_ENCONST", "an enumerator's value", &e.value))
			return;
	}
	if (e.value < INT_MIN || e.value > INT_MAX) {
		parser_error(p, at, "D_DECL_ENOFLOW",
			     "the value of enumerator '%s' does not fit in int", e.name);
		return;
	}
	if (list->v.n == MAX_ENUMERATORS) {
		parser_error(p, at, "D_DECL_ENOFLOW", "more than %d enumerators", MAX_ENUMERATORS);
		return;
	}
	vec_push(&list->v, e);
	own = ARENA_NEW(p->s->arena, struct enumerator);
	*own = e;
	strmap_put(p->enums, own->name, own);
}

/* { enumerator [ , enumerator ]* [ , ] } */
static struct type *define_enum(struct parser *p, const char *name, struct loc at)
{
	struct enumerator_list list = {0};
	struct enumerator *enums;
	struct type *t = NULL;

	p->braces++;
	p->enums = strmap_new(p->s->arena);
	parser_next(p);
	do {
		if (p->tok.kind == TOK_RBRACE && list.v.n)
			break;
		parse_enumerator(p, &list, list.v.n ? vec_last(&list.v).value + 1 : 0);
	} while (parser_accept(p, TOK_COMMA));
	parser_expect(p, TOK_RBRACE, "',' or '}' after the enumerator");
	p->enums = NULL;
	if (!parser_failed(p)) {
		p->braces--;
		enums = arena_alloc(p->s->arena, list.v.n * sizeof(*enums));
		memcpy(enums, list.v.at, list.v.n * sizeof(*enums));
		t = types_declare_enum(p->s->types, name, enums, (uint32_t)list.v.n);
		if (!t)
			parser_error(
				p, at, "D_DECL_TYPERED",
				"enum %s, or one of its enumerators, is already declared differently",
				name ? name : "");
	}
	vec_free(&list.v);
	return t ? t : types_basic(p->s->types, "int");
}

/* enum [ name ] [ { enumerators } ] */
struct type *parse_enum(struct parser *p, struct specifiers *out)
{
	struct loc at = p->tok.loc;
	const char *name;
	struct type *t;

	parser_next(p);
	name = take_tag(p);
	out->defines = true;
	if (p->tok.kind == TOK_LBRACE)
		return define_enum(p, name, at);
	if (!name) {
		parser_expected(p, "a name or '{' after 'enum'");
		return types_basic(p->s->types, "int");
	}
	t = parse_find_tag(p, TYPE_ENUM, name);
	if (!t) {
		parser_error(p, at, "D_DECL_INCOMPLETE", "enum %s is not declared", name);
		return types_basic(p->s->types, "int");
	}
	return t;
}
