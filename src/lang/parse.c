/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts, clauses and statements.  Recursive descent; see parser.h for how the
 * parser carries on after a mistake.
 */
#include <ctype.h>
#include <string.h>

#include "lang/parser.h"

#define MAX_ERRORS 200 /* of one text */

bool parser_failed(const struct parser *p)
{
	return p->tok.kind == TOK_ERROR;
}

void parser_next(struct parser *p)
{
	if (!parser_failed(p))
		lexer_next(&p->lx, &p->tok);
}

bool parser_accept(struct parser *p, enum token_kind k)
{
	if (p->tok.kind != k)
		return false;
	parser_next(p);
	return true;
}

static void parser_fail(struct parser *p)
{
	if (parser_failed(p))
		return;
	p->nerrors++;
	p->bad = p->tok;
	p->tok.kind = TOK_ERROR;
	p->tok.text = "";
	p->tok.length = 0;
}

void parser_error(struct parser *p, struct loc at, const char *tag, const char *fmt, ...)
{
	va_list ap;

	if (parser_failed(p))
		return;
	va_start(ap, fmt);
	diag_error(p->s->diag, at, tag, "%s", arena_vprintf(p->s->arena, fmt, ap));
	va_end(ap);
	parser_fail(p);
}

void parser_hint(struct parser *p, const char *hint)
{
	diag_hint(p->s->diag, "%s", hint);
}

static const char *describe(struct parser *p)
{
	const struct token *t = &p->tok;
	const char *kind = "";
	int n = t->raw_length > 40 ? 40 : (int)t->raw_length;

	switch (t->kind) {
	case TOK_END:
		return "the end of the text";
	case TOK_STRING:
		return arena_printf(p->s->arena, "string %.*s%s", n, t->start,
				    t->raw_length > 40 ? "...\"" : "");
	case TOK_INT:
		kind = "integer ";
		break;
	case TOK_IDENT:
		kind = "identifier ";
		break;
	case TOK_AGG:
		kind = "aggregation ";
		break;
	case TOK_PRED_END:
		return "the '/' that ends the predicate";
	default:
		if (lexer_is_word(*t->start))
			kind = "keyword ";
		break;
	}
	return arena_printf(p->s->arena, "%s'%.*s'", kind, n, t->start);
}

void parser_expected(struct parser *p, const char *what)
{
	if (!parser_failed(p))
		parser_error(p, p->tok.loc, "D_SYNTAX", "expected %s, found %s", what, describe(p));
}

bool parser_expect(struct parser *p, enum token_kind k, const char *what)
{
	if (parser_accept(p, k))
		return true;
	parser_expected(p, what);
	return false;
}

bool parser_enter(struct parser *p)
{
	if (++p->depth <= MAX_NESTING)
		return !parser_failed(p);
	if (!parser_failed(p)) {
		parser_error(p, p->tok.loc, "D_SYNTAX", "nested too deeply: %d levels are the most",
			     MAX_NESTING);
		p->lx.at = p->lx.end; /* what follows would only give mistakes of its own */
		p->bad.kind = TOK_END;
		p->unclosed = true;
	}
	return false;
}

void parser_leave(struct parser *p)
{
	p->depth--;
}

const char *parser_after(const struct parser *p)
{
	return lexer_peek(&p->lx, p->lx.at);
}

/* Passes what is left of a statement: its ; or up to the } that ends the block. */
static void resync_statement(struct parser *p)
{
	bool heads = p->bad.kind == TOK_C_STATEMENT; /* for (;;): these ; end nothing */
	int braces = 0, parens = 0;

	p->tok = p->bad;
	for (;; parser_next(p)) {
		switch (p->tok.kind) {
		case TOK_END:
			return;
		case TOK_LPAREN:
			parens += heads;
			break;
		case TOK_RPAREN:
			parens -= heads && parens;
			break;
		case TOK_LBRACE:
			braces++;
			break;
		case TOK_RBRACE:
			if (braces-- == 0)
				return;
			if (braces == 0) {
				parser_next(p);
				return;
			}
			break;
		case TOK_SEMI:
			if (braces == 0 && parens == 0) {
				parser_next(p);
				return;
			}
			break;
		default:
			break;
		}
	}
}

/*
 * After a mistake outside of a body: behind the ; or } that ends what it is in,
 * or before a {, if a clause's body may follow (stop_at_body). Leaves tok there.
 */
static void resync_top(struct parser *p, bool stop_at_body)
{
	int braces = p->braces;

	p->braces = 0;
	p->tok = p->bad;
	for (;; parser_next(p)) {
		switch (p->tok.kind) {
		case TOK_END:
			return;
		case TOK_LBRACE:
			if (stop_at_body)
				return;
			braces++;
			break;
		case TOK_RBRACE:
			if (--braces <= 0)
				return;
			break;
		case TOK_SEMI:
			if (braces == 0)
				return;
			break;
		default:
			break;
		}
	}
}

/* A statement that begins like "tcp:::send": the } of the clause before is missing. */
static bool at_lost_clause(struct parser *p)
{
	const char *c = p->tok.start, *end = p->lx.end;

	if (p->tok.kind != TOK_IDENT && p->tok.kind != TOK_COLON)
		return false;
	while (c < end && (lexer_is_word(*c) || *c == '-' || *c == '*'))
		c++;
	return end - c > 1 && c[0] == ':' && (c[1] == ':' || lexer_is_word(c[1]));
}

static struct node *parse_statement(struct parser *p);

/* { statement* } ; tok is the { */
static struct node *parse_block(struct parser *p, bool outermost)
{
	struct node *first = NULL, **tail = &first;
	struct loc open = p->tok.loc;

	parser_expect(p, TOK_LBRACE, "'{'");
	while (p->tok.kind != TOK_RBRACE) {
		struct node *n;

		if (p->tok.kind == TOK_END || at_lost_clause(p)) {
			parser_error(p, p->tok.loc, "D_SYNTAX", "expected '}' before %s",
				     p->tok.kind == TOK_END ? "the end of the text"
							    : "a probe description");
			diag_hint(p->s->diag, "the block that begins at line %d is not closed",
				  open.line);
			p->unclosed = true;
			return first;
		}
		n = parse_statement(p);
		if (parser_failed(p)) {
			if (p->nerrors > MAX_ERRORS || p->unclosed)
				return first;
			resync_statement(p);
			if (p->tok.kind != TOK_END)
				continue;
			if (p->bad.kind == TOK_END)
				diag_hint(p->s->diag,
					  "the block that begins at line %d is not closed",
					  open.line);
			parser_fail(p);
			p->unclosed = true;
			return first;
		}
		if (!n)
			continue;
		*tail = n;
		while (*tail)
			tail = &(*tail)->next;
	}
	if (!outermost)
		parser_next(p);
	return first;
}

/* if ( expression ) statement [ else statement ] */
static struct node *parse_if(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_IF, p->tok.loc);

	parser_next(p);
	parser_expect(p, TOK_LPAREN, "'(' after 'if'");
	n->left = parse_expression(p);
	parser_expect(p, TOK_RPAREN, "')' after the condition");
	n->right = parse_statement(p);
	if (parser_accept(p, TOK_ELSE))
		n->third = parse_statement(p);
	return n;
}

/* expression-statement: [ expression ] ( ; | before } ) */
static struct node *finish_statement(struct parser *p, struct node *n)
{
	if (p->tok.kind != TOK_RBRACE && !parser_accept(p, TOK_SEMI))
		parser_expected(p, "';' or '}' after the statement");
	return n;
}

/* aggregation = function ( arguments ) */
static struct node *parse_aggregate(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_AGGREGATE, p->tok.loc);

	n->left = parse_aggregation(p);
	n->loc = p->tok.loc;
	if (!parser_accept(p, TOK_ASSIGN)) {
		parser_expected(p, "'=' and an aggregating function after the aggregation");
		return n;
	}
	n->right = parse_assignment(p);
	if (n->right->kind != NODE_CALL && !parser_failed(p))
		parser_error(
			p, n->right->loc, "D_AGG_FUNC",
			"an aggregation can only be assigned the result of an aggregating function");
	return n;
}

static void refuse_statement(struct parser *p)
{
	if (p->tok.kind == TOK_C_STATEMENT) {
		parser_error(p, p->tok.loc, "D_SYNTAX", "'%s' is not available in D", p->tok.text);
		parser_hint(
			p,
			"D has no loops and no jumps, so that every clause ends; if and else are available");
	} else {
		parser_error(p, p->tok.loc, "D_SYNTAX",
			     "declarations are not permitted inside a clause");
		parser_hint(
			p,
			"declare it before the clause, as in \"this int x;\", or just assign it");
	}
}

/* statement: ; | { statement* } | if ... | aggregation = call ; | expression ; */
static struct node *parse_statement(struct parser *p)
{
	struct node *n = NULL;

	if (!parser_enter(p)) {
		parser_leave(p);
		return NULL;
	}
	switch (p->tok.kind) {
	case TOK_SEMI:
		parser_next(p);
		break;
	case TOK_LBRACE:
		n = node_new(p->s, NODE_BLOCK, p->tok.loc);
		n->args = parse_block(p, false);
		break;
	case TOK_IF:
		n = parse_if(p);
		break;
	case TOK_AGG:
		n = finish_statement(p, parse_aggregate(p));
		break;
	default:
		if (p->tok.kind == TOK_C_STATEMENT || parser_starts_decl(p)) {
			refuse_statement(p);
			break;
		}
		n = node_new(p->s, NODE_EXPR, p->tok.loc);
		n->left = parse_expression(p);
		n = finish_statement(p, n);
		break;
	}
	parser_leave(p);
	return n;
}

/* / expression / ; tok is the first slash and becomes what follows the predicate, unless that
 * begins a clause */
static void parse_predicate(struct parser *p, struct clause *c)
{
	struct loc at = p->tok.loc;

	lexer_predicate(&p->lx, true);
	parser_next(p);
	if (p->tok.kind == TOK_PRED_END) {
		parser_error(p, p->tok.loc, "D_SYNTAX", "the predicate is empty");
	} else {
		c->predicate = parse_expression(p);
		if (!parser_failed(p) && p->tok.kind != TOK_PRED_END) {
			parser_expected(p, "'/' at the end of the predicate");
			if (p->bad.kind == TOK_LBRACE)
				diag_hint(p->s->diag, "the predicate began at line %d", at.line);
		}
	}
	lexer_predicate(&p->lx, false);
}

/* clause: descriptions [ / predicate / ] [ { statements } | ; ] */
static void parse_clause(struct parser *p)
{
	struct script *s = p->s;
	struct clause *c = ARENA_NEW(s->arena, struct clause);
	bool failed = false;
	const char *at;

	c->loc = lexer_loc(&p->lx, p->lx.at);
	c->descs = parse_probe_descs(p);
	if (!parser_failed(p)) {
		at = lexer_skip(&p->lx);
		if (at < p->lx.end && *at == '/') {
			parser_next(p);
			parse_predicate(p, c);
		}
	}
	if (parser_failed(p)) {
		failed = true;
		resync_top(p, true);
		if (p->tok.kind != TOK_LBRACE)
			return;
	} else {
		at = lexer_skip(&p->lx);
		if (at < p->lx.end && (*at == '{' || *at == ';'))
			parser_next(p);
		else if (at < p->lx.end && !c->predicate) {
			parser_next(p);
			parser_expected(p, "',', '/', '{' or ';' after the probe description");
			if (lexer_is_word(*at))
				parser_hint(
					p,
					"a probe description contains no blanks; a ',' stands between two");
			resync_top(p, true);
			failed = true;
		}
	}
	if (p->tok.kind == TOK_LBRACE) {
		c->has_body = true;
		c->body = parse_block(p, true);
		if (parser_failed(p)) { /* on with the clause that stands inside */
			p->tok = p->bad;
			if (p->tok.kind != TOK_END)
				p->lx.at = p->tok.start;
			p->unclosed = false;
		}
	}
	if (!failed && !p->lx.source->is_library) { /* a library declares, it enables nothing */
		*s->clauses_tail = c;
		s->clauses_tail = &c->next;
	}
}

bool parser_starts_decl(struct parser *p)
{
	enum token_kind k = p->tok.kind;
	const char *after;

	if (k == TOK_SELF || k == TOK_THIS) {
		after = parser_after(p);
		return after < p->lx.end && lexer_is_word(*after);
	}
	if (k == TOK_IDENT) {
		after = parser_after(p);
		return after < p->lx.end && lexer_is_word(*after) && parse_type_starts(p);
	}
	return k >= TOK_VOID && k <= TOK_PROVIDER;
}

/* BEGIN, END and ERROR are probes wherever they begin something. */
static bool is_special(size_t n, const char *word)
{
	return (n == 5 && (!memcmp(word, "BEGIN", n) || !memcmp(word, "ERROR", n))) ||
	       (n == 3 && !memcmp(word, "END", n));
}

/* Whether what stands at the lexer's place is a declaration rather than a probe description. */
static bool at_declaration(struct parser *p)
{
	const char *from = p->lx.at, *w = from, *after;
	enum token_kind k;

	while (w < p->lx.end && (lexer_is_word(*w) || *w == '`'))
		w++;
	if (w == from || isdigit((unsigned char)*from) || is_special((size_t)(w - from), from))
		return false;
	k = lexer_keyword(from, (size_t)(w - from));
	if (k != TOK_IDENT && k < TOK_IF)
		return w == p->lx.end || !strchr(":-?.", *w);
	if (w == p->lx.end || strchr(":-?.!$", *w))
		return false;
	/* "type name" or "type *name": in a description, no blank stands before either */
	after = lexer_peek(&p->lx, w);
	if (after == p->lx.end || after == w)
		return false;
	return lexer_is_word(*after) || *after == '*';
}

/* A declaration of C: one that D does not understand is not there. */
static void parse_header(struct parser *p)
{
	int mark = diag_count(p->s->diag), nerrors = p->nerrors;

	parser_next(p);
	parse_declaration(p);
	if (!parser_failed(p))
		return;
	diag_rewind(p->s->diag, mark);
	p->nerrors = nerrors;
	resync_top(p, false);
}

static void parse_top(struct parser *p)
{
	const char *at = p->lx.at;

	if (*at == ';') {
		p->lx.at++;
		return;
	}
	if (*at == '}') {
		parser_next(p);
		parser_error(p, p->tok.loc, "D_SYNTAX", "'}' without a '{'");
		p->tok = p->bad;
		return;
	}
	if (p->lx.source->is_header) {
		parse_header(p);
		return;
	}
	if (at_declaration(p)) {
		parser_next(p);
		parse_declaration(p);
		if (parser_failed(p))
			resync_top(p, false);
		return;
	}
	parse_clause(p);
}

void parse_source(struct script *s, const struct source *src, enum parse_as as)
{
	struct parser p = {.s = s, .as = as};
	int errors = diag_count(s->diag);
	bool any = false, outer = types_read_program(s->types, !src->is_library);

	lexer_init(&p.lx, s, src);
	while (lexer_skip(&p.lx) < p.lx.end) {
		any = true;
		p.depth = 0;
		p.params = NULL;
		p.tok.kind = TOK_END; /* stale; not TOK_ERROR */
		parse_top(&p);
		if (p.nerrors > MAX_ERRORS || diag_count(s->diag) - errors > 5 * MAX_ERRORS) {
			diag_error(s->diag, lexer_loc(&p.lx, p.lx.at), "D_SYNTAX",
				   "too many errors");
			break;
		}
	}
	types_read_program(s->types, outer);
	if (!any && !src->is_library && !s->options && diag_count(s->diag) == errors)
		diag_error(s->diag, (struct loc){src, 1, 1}, "D_EMPTY",
			   "the text contains no clause and no declaration");
}
