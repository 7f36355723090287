/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the parser share.
 *
 * parse.c        texts, clauses, statements, resynchronising
 * parse_probe.c  probe descriptions
 * parse_expr.c   expressions
 * parse_type.c   type specifiers, declarators, type names
 * parse_struct.c struct, union and enum
 * parse_decl.c   variables, typedefs, inlines, translators
 * parse_const.c  values of constant expressions (array sizes, enumerators)
 *
 * The first mistake of a statement puts the parser in a state (tok is
 * TOK_ERROR) in which no token matches anything, so every function returns
 * soon; the statement loops then resynchronise.  Functions that give a pointer
 * give a usable one all the same, unless it says "or NULL".
 *
 * Between clauses tok is stale and the lexer stands behind what was parsed last:
 * what comes next may be a probe description, which is not made of tokens.
 */
#pragma once

#include "base/vec.h"
#include "lang/lexer.h"
#include "lang/parse.h"

#define MAX_NESTING 1000

struct parser {
	struct script *s;
	struct lexer lx;
	enum parse_as as;
	struct token tok;
	struct token bad; /* the token at which the mistake was seen, while tok is TOK_ERROR */
	int depth;	  /* of nesting */
	int braces;	  /* open in the present declaration */
	int nerrors;
	bool unclosed;	       /* the mistake is a missing }: no block goes on */
	struct symbol *params; /* of the inline or translator being parsed, linked by next */
	struct strmap *enums;  /* of the enum being parsed: name -> struct enumerator */
};

/* parse.c */
void parser_next(struct parser *p);
bool parser_accept(struct parser *p, enum token_kind k);
bool parser_expect(struct parser *p, enum token_kind k,
		   const char *what); /* "')'" or "';' after …" */
bool parser_failed(const struct parser *p);
/* "expected WHAT, found …" at the present token */
void parser_expected(struct parser *p, const char *what);
__attribute__((format(printf, 4, 5))) void parser_error(struct parser *p, struct loc at,
							const char *tag, const char *fmt, ...);
void parser_hint(struct parser *p,
		 const char *hint);  /* to the error just made, if the parser has just failed */
bool parser_enter(struct parser *p); /* a level of nesting; false after the error at the limit */
void parser_leave(struct parser *p);
const char *parser_after(const struct parser *p); /* where the token after the present one begins */
bool parser_starts_decl(struct parser *p);	  /* at the present token */

/* parse_probe.c */
struct probe_desc *parse_probe_descs(struct parser *p);

/* parse_expr.c; args lists are linked by next */
struct node *parse_expression(struct parser *p);  /* with commas */
struct node *parse_assignment(struct parser *p);  /* without */
struct node *parse_conditional(struct parser *p); /* without = */
struct node *parse_aggregation(struct parser *p); /* @name[...] */

/* parse_type.c */
enum storage {
	STORAGE_NONE,
	STORAGE_TYPEDEF,
	STORAGE_EXTERN,
	STORAGE_C,
	STORAGE_SELF,
	STORAGE_THIS
};

struct specifiers {
	struct loc loc;
	enum storage storage;
	struct type *type;
	bool untyped; /* "self x;": the first assignment says what it is */
	bool defines; /* a struct, union or enum, by a list in braces or by its tag */
};

struct declarator {
	const char *name; /* NULL: abstract */
	struct loc loc;
	struct type *type; /* of an element, if there are keys */
	struct type **keys;
	int nkeys; /* -1: no key list */
};

bool parse_type_starts(struct parser *p); /* a type name or specifier is the present token */
void parse_specifiers(struct parser *p, struct specifiers *out);
/* abstract: whether the name may be missing */
void parse_declarator(struct parser *p, struct type *base, bool abstract, struct declarator *out);
struct type *parse_type_name(struct parser *p);
/* Whether the name at word, behind a (, is a type's and no variable's; cast: an operand must follow
 * the ). */
bool parse_is_type(struct parser *p, const char *word, bool cast);
struct type *parse_find_tag(struct parser *p, enum type_kind kind, const char *name); /* or NULL */
struct symbol *parse_find_symbol(struct parser *p, const char *name);

/* parse_struct.c */
struct type *parse_struct(struct parser *p, struct specifiers *out); /* at struct or union */
struct type *parse_enum(struct parser *p, struct specifiers *out);

/* parse_decl.c */
void parse_declaration(struct parser *p);

/* parse_const.c: false after a diagnostic with the tag, what naming the place ("array size") */
bool parse_constant(struct parser *p, const struct node *n, const char *tag, const char *what,
		    int64_t *out);
