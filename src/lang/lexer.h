/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lexer of D: tokens on demand.  Probe descriptions follow other rules than the rest of the
 * language, so the parser asks for them with lexer_probe() where they may stand, before anything
 * there was read as a token.  Mistakes go to script->diag.
 */
#pragma once

#include "tree/tree.h"

// clang-format off
enum token_kind {
	TOK_END,   /* of the text */
	TOK_ERROR, /* what the parser sees after a mistake until it has resynchronised */
	TOK_INT,   /* value, type */
	TOK_STRING, /* text, length */
	TOK_IDENT, /* text */
	TOK_KERNEL, /* text: "module`name" or "`name" */
	TOK_AGG,   /* text: the name without @ */
	TOK_PROBE, /* text: a probe description, macros expanded */
	TOK_PRED_END, /* the / that ends a predicate */

	/* punctuation */
	TOK_LPAREN, TOK_RPAREN, TOK_LBRACKET, TOK_RBRACKET, TOK_LBRACE, TOK_RBRACE,
	TOK_SEMI, TOK_COMMA, TOK_DOT, TOK_ARROW, TOK_ELLIPSIS, TOK_QUESTION, TOK_COLON,
	TOK_ASSIGN, TOK_MUL_EQ, TOK_DIV_EQ, TOK_MOD_EQ, TOK_ADD_EQ, TOK_SUB_EQ, TOK_SHL_EQ,
	TOK_SHR_EQ, TOK_AND_EQ, TOK_XOR_EQ, TOK_OR_EQ,
	TOK_STAR, TOK_SLASH, TOK_PERCENT, TOK_PLUS, TOK_MINUS, TOK_SHL, TOK_SHR,
	TOK_LT, TOK_LE, TOK_GT, TOK_GE, TOK_EQ, TOK_NE,
	TOK_AMP, TOK_CARET, TOK_PIPE, TOK_LAND, TOK_LXOR, TOK_LOR,
	TOK_NOT, TOK_TILDE, TOK_INC, TOK_DEC,

	/* keywords: of types ... */
	TOK_VOID, TOK_BOOL, TOK_CHAR, TOK_SHORT, TOK_INT_TYPE, TOK_LONG, TOK_FLOAT, TOK_DOUBLE,
	TOK_SIGNED, TOK_UNSIGNED, TOK_STRING_TYPE,
	TOK_STRUCT, TOK_UNION, TOK_ENUM,
	TOK_CONST, TOK_VOLATILE, TOK_RESTRICT,
	/* ... of storage ... */
	TOK_TYPEDEF, TOK_EXTERN, TOK_STATIC, TOK_AUTO, TOK_REGISTER, TOK_SELF, TOK_THIS,
	/* ... and the rest */
	TOK_INLINE, TOK_TRANSLATOR, TOK_PROVIDER, TOK_IF, TOK_ELSE,
	TOK_SIZEOF, TOK_OFFSETOF, TOK_STRINGOF, TOK_XLATE,
	TOK_C_STATEMENT, /* for, while, return, ...: of C, not of D */
};
// clang-format on

struct token {
	enum token_kind kind;
	struct loc loc;
	const char *start; /* in the source, raw_length bytes */
	size_t raw_length;
	const char *text;
	size_t length; /* of text: it may contain NUL */
	uint64_t value;
	const char *type; /* TOK_INT: as types_basic() wants it */
};

struct lexer {
	struct script *script;
	const struct source *source; /* another one after each #line */
	const char *at, *end, *line_start;
	int line;
	bool in_predicate; /* a / may be its end; the next two are kept for that */
	int brackets;	   /* open ( and [ */
	int conditionals;  /* ? whose : is to come */
	/* of lexer_dependencies(): the only directive that counts goes there */
	void (*depends)(void *arg, enum depends_on on, const char *name, struct loc at);
	void *depends_arg;
};

void lexer_init(struct lexer *lx, struct script *s, const struct source *src);
void lexer_next(struct lexer *lx, struct token *t);
/* Passes white space, comments and # lines; gives the first character after, or end. */
const char *lexer_skip(struct lexer *lx);
/* Calls found for each #pragma D depends_on of a text, of which nothing else is read. */
void lexer_dependencies(struct script *s, const struct source *src,
			void (*found)(void *arg, enum depends_on on, const char *name,
				      struct loc at),
			void *arg);
/* A probe description at the present position (after lexer_skip()). False if none stands there. */
bool lexer_probe(struct lexer *lx, struct token *t);
/* Where the next token begins, nothing being read; # lines are not passed. */
const char *lexer_peek(const struct lexer *lx, const char *from);
void lexer_predicate(struct lexer *lx, bool on);
/* Whether a probe description or a declaration (not an expression) begins at a place. */
bool lexer_begins_clause(const struct lexer *lx, const char *p);
struct loc lexer_loc(const struct lexer *lx, const char *p); /* p on the present line */
/* The keyword that a word is, or TOK_IDENT. */
enum token_kind lexer_keyword(const char *word, size_t n);

bool lexer_is_word(char c);  /* of identifiers, digits included */
bool lexer_is_blank(char c); /* white space without the newline */

/* Parts of the lexer in files of their own. */
void lexer_number(struct lexer *lx, struct token *t); /* lexer_literal.c */
void lexer_quoted(struct lexer *lx, struct token *t); /* 'c' or "string" */
void lexer_macro(struct lexer *lx, struct token *t);  /* lexer_macro.c: $name */
/* The text of a macro at p ('$'), *used the bytes that its name takes; NULL after a diagnostic. */
const char *lexer_macro_text(struct lexer *lx, const char *p, size_t *used);
void lexer_directive(struct lexer *lx); /* lexer_directive.c: a # line */
