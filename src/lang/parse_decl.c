/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations between clauses: variables, typedefs, inlines, translators. */
#include <errno.h>
#include <string.h>

#include "base/strmap.h"
#include "lang/parser.h"

static struct strmap *scope_map(struct script *s, enum scope scope)
{
	return scope == SCOPE_SELF ? s->selfs : scope == SCOPE_THIS ? s->thises : s->globals;
}

static const char *scope_prefix(enum scope scope)
{
	return scope == SCOPE_SELF ? "self->" : scope == SCOPE_THIS ? "this->" : "";
}

/* A script may define anew what a library defines: older systems lacked the name. */
static bool from_library(struct loc at)
{
	return at.source && at.source->is_library;
}

static bool may_replace(const struct symbol *old, struct loc by)
{
	return old->kind == SYM_INLINE && from_library(old->loc) && !from_library(by);
}

static struct symbol *new_symbol(struct parser *p, enum symbol_kind kind, const char *name,
				 struct loc at, struct type *type)
{
	struct symbol *sym = ARENA_NEW(p->s->arena, struct symbol);

	sym->kind = kind;
	sym->name = name;
	sym->loc = at;
	sym->type = type;
	return sym;
}

static bool same_variable(const struct symbol *sym, const struct declarator *d)
{
	int nkeys = d->nkeys > 0 ? d->nkeys : 0;

	if (sym->kind != SYM_VARIABLE || sym->nkeys != nkeys || !sym->type ||
	    !type_same(sym->type, d->type))
		return false;
	for (int i = 0; i < nkeys; i++)
		if (!type_same(sym->keys[i], d->keys[i]))
			return false;
	return true;
}

static bool check_variable(struct parser *p, enum scope scope, const struct declarator *d)
{
	enum type_kind k = type_resolve(d->type)->kind;

	if (scope == SCOPE_THIS && d->nkeys >= 0)
		parser_error(p, d->loc, "D_DECL_LOCASSC",
			     "a clause-local variable cannot be an associative array");
	else if (k == TYPE_VOID)
		parser_error(p, d->loc, "D_DECL_VOIDOBJ", "variable '%s' cannot be void", d->name);
	else if (k == TYPE_FORWARD)
		parser_error(p, d->loc, "D_DECL_INCOMPLETE",
			     "variable '%s' has the incomplete type %s", d->name,
			     type_name(p->s->arena, d->type));
	return !parser_failed(p);
}

/* type: NULL where none is given */
static void declare_variable(struct parser *p, enum scope scope, const struct declarator *d,
			     struct type *type)
{
	struct script *s = p->s;
	struct symbol *sym = strmap_get(scope_map(s, scope), d->name);

	if (!check_variable(p, scope, d))
		return;
	if (sym && !may_replace(sym, d->loc)) {
		if (!type || same_variable(sym, d)) {
			sym->declared = true;
			return;
		}
		parser_error(p, d->loc, "D_DECL_IDRED", "%s%s is already declared differently",
			     scope_prefix(scope), d->name);
		if (sym->loc.source)
			diag_hint(s->diag, "the other declaration is at line %d of %.80s",
				  sym->loc.line, sym->loc.source->name);
		return;
	}
	sym = new_symbol(p, SYM_VARIABLE, d->name, d->loc, type);
	sym->scope = scope;
	sym->declared = true;
	if (d->nkeys > 0) {
		sym->keys = d->keys;
		sym->nkeys = d->nkeys;
	}
	sym->id = s->nvariables++;
	*s->variables_tail = sym;
	s->variables_tail = &sym->next;
	strmap_put(scope_map(s, scope), d->name, sym);
}

static void declare_typedef(struct parser *p, const struct declarator *d)
{
	if (d->nkeys >= 0)
		parser_error(p, d->loc, "D_DECL_ARRSUB", "an associative array is not a type");
	else if (types_declare_typedef(p->s->types, d->name, d->type) == -EEXIST)
		parser_error(p, d->loc, "D_DECL_TYPERED",
			     "type '%s' is already declared differently", d->name);
}

/* Functions, and the variables of headers: programs of C have them, D has not. */
static bool is_of_c(const struct parser *p, const struct specifiers *spec,
		    const struct declarator *d)
{
	return type_resolve(d->type)->kind == TYPE_FUNCTION ||
	       (spec->storage == STORAGE_EXTERN && p->lx.source->is_header);
}

/* specifiers declarator [ , declarator ]* ; | specifiers ; */
static void parse_variables(struct parser *p)
{
	struct specifiers spec;
	struct declarator decl;
	enum scope scope;

	parse_specifiers(p, &spec);
	if (p->tok.kind == TOK_SEMI) {
		if (!spec.defines)
			parser_error(p, spec.loc, "D_DECL_USELESS",
				     "the declaration declares nothing");
		return;
	}
	scope = spec.storage == STORAGE_SELF   ? SCOPE_SELF
		: spec.storage == STORAGE_THIS ? SCOPE_THIS
					       : SCOPE_GLOBAL;
	do {
		parse_declarator(p, spec.type, false, &decl);
		if (parser_failed(p))
			return;
		if (spec.storage == STORAGE_TYPEDEF)
			declare_typedef(p, &decl);
		else if (!is_of_c(p, &spec, &decl))
			declare_variable(p, scope, &decl, spec.untyped ? NULL : decl.type);
		if (p->tok.kind == TOK_ASSIGN) {
			parser_error(p, p->tok.loc, "D_SYNTAX",
				     "a variable cannot be given a value where it is declared");
			parser_hint(
				p,
				"assign it in a BEGIN clause, or declare a constant with 'inline'");
		}
	} while (parser_accept(p, TOK_COMMA));
	if (p->tok.kind != TOK_SEMI)
		parser_expected(p, "',' or ';' after the declaration");
}

/* [ type name [ , type name ]* ] of an inline; tok is the [ */
static void parse_inline_params(struct parser *p, struct symbol *sym)
{
	struct symbol **tail = &p->params;
	struct specifiers spec;
	struct declarator decl;
	int n = 0;

	parser_next(p);
	do {
		parse_specifiers(p, &spec);
		parse_declarator(p, spec.type, false, &decl);
		if (decl.nkeys >= 0)
			parser_error(p, decl.loc, "D_DECL_ARRSUB",
				     "a parameter cannot be an associative array");
		if (parser_failed(p))
			return;
		for (struct symbol *other = p->params; other; other = other->next)
			if (strcmp(other->name, decl.name) == 0)
				parser_error(p, decl.loc, "D_DECL_IDRED",
					     "parameter '%s' is declared twice", decl.name);
		*tail = new_symbol(p, SYM_PARAM, decl.name, decl.loc, decl.type);
		tail = &(*tail)->next;
		n++;
	} while (parser_accept(p, TOK_COMMA));
	parser_expect(p, TOK_RBRACKET, "',' or ']' after the parameter");
	sym->nkeys = n;
	sym->keys = arena_alloc(p->s->arena, (size_t)n * sizeof(*sym->keys));
	sym->params = arena_alloc(p->s->arena, (size_t)n * sizeof(*sym->params));
	n = 0;
	for (struct symbol *param = p->params; param; param = param->next, n++) {
		sym->keys[n] = param->type;
		sym->params[n] = param;
	}
}

static void declare_inline(struct parser *p, struct symbol *sym)
{
	struct symbol *other = strmap_get(p->s->globals, sym->name);

	if (other && from_library(sym->loc) && !from_library(other->loc))
		return;
	if (other && !may_replace(other, sym->loc)) {
		diag_error(p->s->diag, sym->loc, "D_DECL_IDRED", "'%s' is already declared",
			   sym->name);
		if (other->loc.source)
			diag_hint(p->s->diag, "the other declaration is at line %d of %.80s",
				  other->loc.line, other->loc.source->name);
		return;
	}
	strmap_put(p->s->globals, sym->name, sym);
}

/* inline specifiers ( * )* name [ [ parameters ] ] = assignment ; */
static void parse_inline(struct parser *p)
{
	struct specifiers spec;
	struct symbol *sym;

	parser_next(p);
	parse_specifiers(p, &spec);
	if (spec.storage != STORAGE_NONE)
		parser_error(p, spec.loc, "D_DECL_CLASS", "an inline takes no storage class");
	for (; p->tok.kind == TOK_STAR || p->tok.kind == TOK_CONST; parser_next(p))
		if (p->tok.kind == TOK_STAR)
			spec.type = types_pointer(p->s->types, spec.type);
	sym = new_symbol(p, SYM_INLINE, p->tok.text, p->tok.loc, spec.type);
	if (!parser_expect(p, TOK_IDENT, "the name of the inline"))
		return;
	if (p->tok.kind == TOK_LBRACKET)
		parse_inline_params(p, sym);
	if (type_resolve(spec.type)->kind == TYPE_VOID)
		parser_error(p, sym->loc, "D_DECL_VOIDOBJ", "inline '%s' cannot be void",
			     sym->name);
	parser_expect(p, TOK_ASSIGN, "'=' and the definition of the inline");
	sym->expr = parse_assignment(p);
	if (p->tok.kind != TOK_SEMI)
		parser_expected(p, "';' after the inline");
	if (!parser_failed(p))
		declare_inline(p, sym);
}

/* The type of the member that m names; NULL after a diagnostic. */
static struct type *xmember_type(struct parser *p, const struct translator *x,
				 const struct xmember *m)
{
	struct suggest near;
	struct member is;

	suggest_start(&near, m->name);
	if (types_member(p->s->types, x->out, m->name, &is, &near))
		return is.type;
	diag_error(p->s->diag, m->loc, "D_XLATE_MEMB", "%s has no member '%s'",
		   type_name(p->s->arena, x->out), m->name);
	if (suggest_best(&near))
		diag_hint(p->s->diag, "did you mean '%s'?", suggest_best(&near));
	return NULL;
}

/* : string, the reason why the member is not to be had */
static void parse_refusal(struct parser *p, struct xmember *m)
{
	m->checked = m->failed = m->refused = true;
	m->why = p->tok.text;
	parser_expect(p, TOK_STRING, "the reason, a string, after ':'");
}

/* name = assignment ; | name : string ; */
static void parse_xmember(struct parser *p, struct translator *x, struct xmember ***tail)
{
	struct xmember *m = ARENA_NEW(p->s->arena, struct xmember);

	m->name = p->tok.text;
	m->loc = p->tok.loc;
	if (!parser_expect(p, TOK_IDENT, "the name of a member or '}'"))
		return;
	m->type = xmember_type(p, x, m);
	if (strmap_get(x->by_name, m->name))
		diag_error(p->s->diag, m->loc, "D_DECL_IDRED", "member '%s' is translated twice",
			   m->name);
	if (parser_accept(p, TOK_COLON)) {
		parse_refusal(p, m);
	} else {
		parser_expect(p, TOK_ASSIGN, "'=' after the member");
		m->expr = parse_assignment(p);
	}
	parser_expect(p, TOK_SEMI, "';' after the member's translation");
	if (parser_failed(p) || !m->type)
		return;
	**tail = m;
	*tail = &m->next;
	strmap_put(x->by_name, m->name, m);
}

static void add_translator(struct parser *p, struct translator *x)
{
	if (script_translator(p->s, x->out, x->in))
		diag_error(p->s->diag, x->loc, "D_XLATE_REDECL",
			   "a translator from %s to %s is already declared",
			   type_name(p->s->arena, x->in), type_name(p->s->arena, x->out));
	else
		script_add_translator(p->s, x);
}

/* translator type-name < specifiers declarator > { members } ; */
static void parse_translator(struct parser *p)
{
	struct translator *x = ARENA_NEW(p->s->arena, struct translator);
	struct xmember **tail = &x->members;
	struct specifiers spec;
	struct declarator decl;
	const char *end;

	x->loc = p->tok.loc;
	parser_next(p);
	x->out = parse_type_name(p);
	if (!parser_failed(p) && !type_is_struct(type_resolve(x->out)))
		parser_error(p, x->loc, "D_XLATE_SOU",
			     "a translator's output is a struct or union, not %s",
			     type_name(p->s->arena, x->out));
	parser_expect(p, TOK_LT, "'<' after the output type");
	parse_specifiers(p, &spec);
	parse_declarator(p, spec.type, false, &decl);
	parser_expect(p, TOK_GT, "'>' after the input");
	parser_expect(p, TOK_LBRACE, "'{' and the members");
	if (parser_failed(p))
		return;
	p->braces++;
	x->in = decl.type;
	x->by_name = strmap_new(p->s->arena);
	x->param = p->params = new_symbol(p, SYM_PARAM, decl.name, decl.loc, decl.type);
	while (p->tok.kind != TOK_RBRACE && !parser_failed(p))
		parse_xmember(p, x, &tail);
	if (parser_failed(p))
		return;
	p->braces--;
	add_translator(p, x);
	/* tok is the }; what follows may be a probe description, so no token is made of it */
	end = lexer_skip(&p->lx);
	if (end == p->lx.end || *end != ';')
		diag_error(p->s->diag, lexer_loc(&p->lx, end), "D_SYNTAX",
			   "expected ';' after the '}' of the translator");
}

/* declaration: variables | inline | translator; leaves tok at its last token */
void parse_declaration(struct parser *p)
{
	switch (p->tok.kind) {
	case TOK_INLINE:
		parse_inline(p);
		break;
	case TOK_TRANSLATOR:
		parse_translator(p);
		break;
	case TOK_PROVIDER:
		parser_error(
			p, p->tok.loc, "D_SYNTAX",
			"provider declarations (statically defined user probes) are not supported on this system");
		break;
	default:
		parse_variables(p);
		if (p->tok.kind != TOK_SEMI && !parser_failed(p))
			parser_expected(p, "';'");
		break;
	}
}
