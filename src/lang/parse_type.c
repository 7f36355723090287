/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Type specifiers, declarators and type names.
 *
 * A declarator is read into parts in the order in which C reads it from the
 * name outwards ("int *x[3]": array of 3, pointer); the type is then built from
 * the last part to the first.
 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/strmap.h"
#include "lang/parser.h"

#define MAX_PARTS 128
#define MAX_KEYS 1024
#define MAX_OBJECT (1u << 30)

enum part_kind { PART_POINTER, PART_ARRAY, PART_FUNCTION, PART_KEYS };

struct part {
	enum part_kind kind;
	struct loc loc;
	uint64_t count;
	struct member *params;
	uint32_t nparams;
	struct type **keys;
	int nkeys;
};

struct parts {
	VEC(struct part) v;
	const char *name;
	struct loc loc;
	bool abstract;
};

// clang-format off
enum { /* words of a basic type */
	W_VOID = 1, W_BOOL = 2, W_CHAR = 4, W_SHORT = 8, W_INT = 16, W_LONG = 32, W_LONG_LONG = 64,
	W_FLOAT = 128, W_DOUBLE = 256, W_SIGNED = 512, W_UNSIGNED = 1024, W_STRING = 2048,
};

static const struct combination {
	unsigned words; /* without int where another word makes it superfluous */
	const char *type;
} combinations[] = {
	{ W_VOID, "void" }, { W_BOOL, "_Bool" }, { W_STRING, "string" },
	{ W_CHAR, "char" }, { W_CHAR | W_SIGNED, "signed char" }, { W_CHAR | W_UNSIGNED, "unsigned char" },
	{ W_SHORT, "short" }, { W_SHORT | W_SIGNED, "short" }, { W_SHORT | W_UNSIGNED, "unsigned short" },
	{ W_INT, "int" }, { W_SIGNED, "int" }, { W_UNSIGNED, "unsigned int" },
	{ W_LONG, "long" }, { W_LONG | W_SIGNED, "long" }, { W_LONG | W_UNSIGNED, "unsigned long" },
	{ W_LONG_LONG, "long long" }, { W_LONG_LONG | W_SIGNED, "long long" },
	{ W_LONG_LONG | W_UNSIGNED, "unsigned long long" },
	{ W_FLOAT, "float" }, { W_DOUBLE, "double" },
};

static const struct type_word {
	enum token_kind token;
	unsigned word;
} type_words[] = {
	{ TOK_VOID, W_VOID }, { TOK_BOOL, W_BOOL }, { TOK_CHAR, W_CHAR }, { TOK_SHORT, W_SHORT },
	{ TOK_INT_TYPE, W_INT }, { TOK_LONG, W_LONG },
	{ TOK_FLOAT, W_FLOAT }, { TOK_DOUBLE, W_DOUBLE },
	{ TOK_SIGNED, W_SIGNED }, { TOK_UNSIGNED, W_UNSIGNED }, { TOK_STRING_TYPE, W_STRING },
};

static const struct storage_word {
	enum token_kind token;
	enum storage storage;
} storage_words[] = {
	{ TOK_TYPEDEF, STORAGE_TYPEDEF }, { TOK_EXTERN, STORAGE_EXTERN }, { TOK_STATIC, STORAGE_C },
	{ TOK_AUTO, STORAGE_C }, { TOK_REGISTER, STORAGE_C },
	{ TOK_SELF, STORAGE_SELF }, { TOK_THIS, STORAGE_THIS },
};
// clang-format on

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct symbol *parse_find_symbol(struct parser *p, const char *name)
{
	for (struct symbol *sym = p->params; sym; sym = sym->next)
		if (strcmp(sym->name, name) == 0)
			return sym;
	return strmap_get(p->s->globals, name);
}

/* name, or module`name: the part behind the backquote */
static const char *type_word_name(const char *text)
{
	const char *tick = strchr(text, '`');

	return tick ? tick + 1 : text;
}

/* For a type that D has not: all libraries, unless this is one. A library says what it depends on,
 * and gets nothing else. */
static void read_libraries(struct parser *p)
{
	if (!p->lx.source->is_library)
		script_read_libraries(p->s);
}

/* Of D or, if the name looks like one's, of a library, or of the kernel. */
static struct type *find_typedef(struct parser *p, const char *name)
{
	size_t n = strlen(name);

	if (n > 2 && !strcmp(name + n - 2, "_t") && !types_own_typedef(p->s->types, name))
		read_libraries(p);
	return types_typedef(p->s->types, name);
}

struct type *parse_find_tag(struct parser *p, enum type_kind kind, const char *name)
{
	if (!types_own_tag(p->s->types, kind, name))
		read_libraries(p);
	return types_tag(p->s->types, kind, name);
}

bool parse_type_starts(struct parser *p)
{
	enum token_kind k = p->tok.kind;

	if (k >= TOK_VOID && k <= TOK_RESTRICT)
		return true;
	if (k == TOK_KERNEL)
		return find_typedef(p, type_word_name(p->tok.text)) != NULL;
	return k == TOK_IDENT && !parse_find_symbol(p, p->tok.text) &&
	       find_typedef(p, p->tok.text) != NULL;
}

/* What may follow "(name)" if that was a cast: the beginning of an operand. */
static bool begins_operand(const struct lexer *lx, const char *c)
{
	return c < lx->end && *c && (lexer_is_word(*c) || strchr("(\"'`$@*&!~+-", *c)) &&
	       !(lx->end - c > 1 && c[0] == '-' && c[1] == '>') &&
	       !(lx->end - c > 1 && c[0] == '&' && c[1] == '&') &&
	       !(lx->end - c > 1 && c[0] == '!' && c[1] == '=') &&
	       !(lx->end - c > 1 && strchr("+-*&", c[0]) && c[1] == '=');
}

/*
 * Types are looked up only if the text after the name allows for one: looking
 * up a name that D does not know reads the kernel's BTF.
 */
bool parse_is_type(struct parser *p, const char *word, bool cast)
{
	const struct lexer *lx = &p->lx;
	const char *end = word, *c;
	char *name;

	while (end < lx->end && (lexer_is_word(*end) || *end == '`'))
		end++;
	c = lexer_peek(lx, end);
	if (c == lx->end)
		return false;
	if (*c == ')') {
		if (cast && !begins_operand(lx, lexer_peek(lx, c + 1)))
			return false;
	} else if (*c == '*') {
		while (c < lx->end && *c == '*')
			c = lexer_peek(lx, c + 1);
		if (c == lx->end || (*c != ')' && *c != '(' && *c != '[' && strncmp(c, "const", 5)))
			return false;
	} else if (*c != '[' && *c != '(' && !lexer_is_word(*c)) {
		return false;
	}
	name = arena_strndup(p->s->arena, word, (size_t)(end - word));
	if (!strchr(name, '`') && parse_find_symbol(p, name))
		return false;
	return find_typedef(p, type_word_name(name)) != NULL;
}

static bool take_basic(struct parser *p, unsigned *words)
{
	for (size_t i = 0; i < ARRAY_SIZE(type_words); i++) {
		unsigned w = type_words[i].word;

		if (type_words[i].token != p->tok.kind)
			continue;
		if (w == W_LONG && (*words & W_LONG)) {
			*words &= ~(unsigned)W_LONG;
			w = W_LONG_LONG;
		}
		if (*words & w || (w == W_LONG && (*words & W_LONG_LONG)))
			parser_error(p, p->tok.loc, "D_DECL_COMBO",
				     "'%s' is repeated or makes no type here", p->tok.text);
		*words |= w;
		parser_next(p);
		return true;
	}
	return false;
}

static bool take_storage(struct parser *p, struct specifiers *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(storage_words); i++) {
		if (storage_words[i].token != p->tok.kind)
			continue;
		if (out->storage != STORAGE_NONE)
			parser_error(p, p->tok.loc, "D_DECL_CLASS",
				     "only one storage class may be given");
		if (storage_words[i].storage == STORAGE_C)
			parser_error(p, p->tok.loc, "D_DECL_BADCLASS",
				     "storage class '%s' does not exist in D", p->tok.text);
		out->storage = storage_words[i].storage;
		parser_next(p);
		return true;
	}
	return false;
}

static struct type *basic_type(struct parser *p, unsigned words, struct loc at)
{
	if (words & (W_SHORT | W_LONG | W_LONG_LONG | W_SIGNED | W_UNSIGNED))
		words &= ~(unsigned)W_INT;
	for (size_t i = 0; i < ARRAY_SIZE(combinations); i++)
		if (combinations[i].words == words)
			return types_basic(p->s->types, combinations[i].type);
	parser_error(p, at, "D_DECL_COMBO", "these type words do not make a type together");
	return types_basic(p->s->types, "int");
}

/* "self x;", "this x, y;" */
static bool names_untyped(struct parser *p, enum storage storage)
{
	const char *after = parser_after(p);

	return (storage == STORAGE_SELF || storage == STORAGE_THIS) && p->tok.kind == TOK_IDENT &&
	       after < p->lx.end && (*after == ';' || *after == ',');
}

/* specifiers: ( storage | const | volatile | restrict | basic word | struct | union | enum |
 * typedef-name )* */
void parse_specifiers(struct parser *p, struct specifiers *out)
{
	unsigned words = 0;
	struct loc first = p->tok.loc;

	*out = (struct specifiers){.loc = first};
	for (;;) {
		enum token_kind k = p->tok.kind;

		if (k == TOK_CONST || k == TOK_VOLATILE || k == TOK_RESTRICT) {
			parser_next(p);
		} else if (take_storage(p, out)) {
			continue;
		} else if (!out->type && take_basic(p, &words)) {
			continue;
		} else if (!out->type && !words && (k == TOK_STRUCT || k == TOK_UNION)) {
			out->type = parse_struct(p, out);
		} else if (!out->type && !words && k == TOK_ENUM) {
			out->type = parse_enum(p, out);
		} else if (!out->type && !words && (k == TOK_IDENT || k == TOK_KERNEL) &&
			   parse_type_starts(p)) {
			out->type = find_typedef(p, type_word_name(p->tok.text));
			parser_next(p);
		} else {
			break;
		}
	}
	if (words)
		out->type = basic_type(p, words, first);
	out->untyped = !out->type && names_untyped(p, out->storage);
	if (!out->type) {
		if (out->untyped)
			;
		else if (p->tok.kind == TOK_IDENT && parse_find_symbol(p, p->tok.text))
			parser_error(p, p->tok.loc, "D_DECL_IDENT",
				     "expected a type, found the variable '%s'", p->tok.text);
		else if (p->tok.kind == TOK_IDENT || p->tok.kind == TOK_KERNEL)
			parser_error(p, p->tok.loc, "D_DECL_IDENT", "unknown type '%s'",
				     p->tok.text);
		else
			parser_expected(p, "a type");
		out->type = types_basic(p->s->types, "int");
	}
}

static struct part *add_part(struct parser *p, struct parts *d, enum part_kind kind, struct loc at)
{
	if (d->v.n == MAX_PARTS) {
		parser_error(p, at, "D_SYNTAX",
			     "declarator nested too deeply: %d levels are the most", MAX_PARTS);
		d->v.n--;
	}
	vec_push(&d->v, (struct part){.kind = kind, .loc = at});
	return &vec_last(&d->v);
}

/* parameters: type [ declarator ] [ , ... ] */
static void parse_parameters(struct parser *p, struct part *part)
{
	VEC(struct member) v = {0};
	size_t bytes;

	do {
		struct specifiers spec;
		struct declarator decl;

		if (parser_accept(p, TOK_ELLIPSIS))
			break;
		parse_specifiers(p, &spec);
		if (spec.storage != STORAGE_NONE)
			parser_error(p, spec.loc, "D_DECL_PARMCLASS",
				     "a parameter takes no storage class");
		parse_declarator(p, spec.type, true, &decl);
		if (decl.type->kind == TYPE_ARRAY)
			decl.type = types_pointer(p->s->types, decl.type->base);
		if (decl.type->kind == TYPE_VOID && !decl.name && v.n == 0 &&
		    p->tok.kind == TOK_RPAREN)
			break;
		vec_push(&v, ((struct member){.name = decl.name, .type = decl.type}));
	} while (parser_accept(p, TOK_COMMA));
	bytes = v.n * sizeof(*v.at);
	part->params = arena_alloc(p->s->arena, bytes ? bytes : 1);
	if (bytes)
		memcpy(part->params, v.at, bytes);
	part->nparams = (uint32_t)v.n;
	vec_free(&v);
}

/* keys: type-name [ , type-name ]* */
static void parse_keys(struct parser *p, struct part *part)
{
	struct type *keys[MAX_KEYS];
	int n = 0;

	do {
		struct type *t = parse_type_name(p);

		if (type_resolve(t)->kind == TYPE_VOID)
			parser_error(p, p->tok.loc, "D_DECL_VOIDOBJ", "a key cannot be void");
		if (n == MAX_KEYS) {
			parser_error(p, p->tok.loc, "D_DECL_ARRBIG", "more than %d keys", MAX_KEYS);
			break;
		}
		keys[n++] = t;
	} while (parser_accept(p, TOK_COMMA));
	part->kind = PART_KEYS;
	part->nkeys = n;
	part->keys = arena_alloc(p->s->arena, (size_t)n * sizeof(*keys));
	memcpy(part->keys, keys, (size_t)n * sizeof(*keys));
}

/* [ ] | [ constant ] | [ type-name, ... ] */
static void parse_array(struct parser *p, struct parts *d)
{
	struct part part = {.kind = PART_ARRAY, .loc = p->tok.loc};
	int64_t count;

	parser_next(p);
	if (p->tok.kind == TOK_RBRACKET) {
		;
	} else if (parse_type_starts(p)) {
		parse_keys(p, &part);
	} else {
		struct loc at = p->tok.loc;
		struct node *size = parse_conditional(p);

		if (parser_failed(p) ||
		    !parse_constant(p, size, "D_DECL_ARRSUB", "an array's size", &count))
			return;
		if (count < 0 || count > MAX_OBJECT)
			parser_error(p, at, count < 0 ? "D_DECL_ARRSUB" : "D_DECL_ARRBIG",
				     "array size %lld is %s", (long long)count,
				     count < 0 ? "negative" : "too big");
		else
			part.count = (uint64_t)count;
	}
	parser_expect(p, TOK_RBRACKET, "']'");
	*add_part(p, d, part.kind, part.loc) = part;
}

/* Whether the ( at hand is of a nested declarator, not of parameters. */
static bool at_nested_declarator(struct parser *p, const struct parts *d)
{
	const char *after = parser_after(p);
	size_t n = 0;
	char *word;

	if (d->name || after == p->lx.end)
		return false;
	if (strchr("*([", *after) && *after)
		return true;
	while (after + n < p->lx.end && lexer_is_word(after[n]))
		n++;
	if (!n || lexer_keyword(after, n) != TOK_IDENT)
		return false;
	word = arena_strndup(p->s->arena, after, n);
	return parse_find_symbol(p, word) || !find_typedef(p, word);
}

/* parts: ( * [ const | ... ] )* ( [ name ] | ( parts ) ) ( [...] | ( parameters ) )* */
static void parse_parts(struct parser *p, struct parts *d)
{
	struct loc stars = p->tok.loc;
	bool nested = false;
	int npointers = 0;

	if (!parser_enter(p)) {
		parser_leave(p);
		return;
	}
	while (p->tok.kind == TOK_STAR || p->tok.kind == TOK_CONST || p->tok.kind == TOK_VOLATILE ||
	       p->tok.kind == TOK_RESTRICT) {
		npointers += p->tok.kind == TOK_STAR;
		parser_next(p);
	}
	if (p->tok.kind == TOK_LPAREN && at_nested_declarator(p, d)) {
		parser_next(p);
		parse_parts(p, d);
		parser_expect(p, TOK_RPAREN, "')' after the declarator");
		nested = true;
	} else if (p->tok.kind == TOK_IDENT) {
		d->name = p->tok.text;
		d->loc = p->tok.loc;
		parser_next(p);
	} else if (p->tok.kind == TOK_KERNEL) {
		parser_error(p, p->tok.loc, "D_DECL_SCOPE",
			     "a declared name cannot have a backquote");
	}
	if (!d->name && !d->abstract && !nested)
		parser_expected(p, "a name to declare");
	while (!parser_failed(p)) {
		if (p->tok.kind == TOK_LBRACKET) {
			parse_array(p, d);
		} else if (p->tok.kind == TOK_LPAREN) {
			struct part part = {.kind = PART_FUNCTION, .loc = p->tok.loc};

			parser_next(p);
			if (p->tok.kind != TOK_RPAREN)
				parse_parameters(p, &part);
			parser_expect(p, TOK_RPAREN, "')' after the parameters");
			*add_part(p, d, PART_FUNCTION, part.loc) = part;
		} else {
			break;
		}
	}
	while (npointers-- > 0 && !parser_failed(p))
		add_part(p, d, PART_POINTER, stars);
	parser_leave(p);
}

static struct type *apply_array(struct parser *p, const struct part *part, struct type *of)
{
	struct type *t = type_resolve(of);

	if (t->kind == TYPE_VOID || t->kind == TYPE_FUNCTION)
		parser_error(p, part->loc, "D_DECL_VOIDOBJ", "an array of %s does not exist",
			     t->kind == TYPE_VOID ? "void" : "functions");
	else if (t->kind == TYPE_FORWARD)
		parser_error(p, part->loc, "D_DECL_INCOMPLETE", "array of the incomplete type %s",
			     type_name(p->s->arena, of));
	else if (t->size && part->count > MAX_OBJECT / t->size)
		parser_error(p, part->loc, "D_DECL_ARRBIG", "the array is too big");
	else
		return types_array(p->s->types, of, part->count);
	return of;
}

static struct type *apply_function(struct parser *p, const struct part *part, struct type *returns)
{
	enum type_kind k = type_resolve(returns)->kind;

	if (k != TYPE_ARRAY && k != TYPE_FUNCTION)
		return types_function(p->s->types, returns, part->params, part->nparams);
	parser_error(p, part->loc, "D_DECL_FUNCRET", "a function cannot return %s",
		     k == TYPE_ARRAY ? "an array" : "a function");
	return returns;
}

static void apply_part(struct parser *p, const struct part *part, bool innermost,
		       struct declarator *out)
{
	switch (part->kind) {
	case PART_POINTER:
		out->type = types_pointer(p->s->types, out->type);
		break;
	case PART_ARRAY:
		out->type = apply_array(p, part, out->type);
		break;
	case PART_FUNCTION:
		out->type = apply_function(p, part, out->type);
		break;
	case PART_KEYS:
		if (!innermost)
			parser_error(p, part->loc, "D_DECL_ARRSUB",
				     "the keys of an associative array stand right after its name");
		out->keys = part->keys;
		out->nkeys = part->nkeys;
		break;
	}
}

void parse_declarator(struct parser *p, struct type *base, bool abstract, struct declarator *out)
{
	struct parts d = {.abstract = abstract, .loc = p->tok.loc};

	*out = (struct declarator){.type = base, .nkeys = -1};
	if (p->tok.kind != TOK_COMMA && p->tok.kind != TOK_RPAREN)
		parse_parts(p, &d);
	else if (!abstract)
		parser_expected(p, "a name to declare");
	out->name = d.name;
	out->loc = d.loc;
	for (size_t i = d.v.n; i-- > 0 && !parser_failed(p);)
		apply_part(p, &d.v.at[i], i == 0, out);
	vec_free(&d.v);
}

/* type-name: specifiers [ abstract declarator ] */
struct type *parse_type_name(struct parser *p)
{
	struct specifiers spec;
	struct declarator decl;

	parse_specifiers(p, &spec);
	if (spec.storage != STORAGE_NONE)
		parser_error(p, spec.loc, "D_DECL_CLASS", "a type name takes no storage class");
	parse_declarator(p, spec.type, true, &decl);
	if (decl.name)
		parser_error(p, decl.loc, "D_SYNTAX", "a type name contains no variable ('%s')",
			     decl.name);
	else if (decl.nkeys >= 0)
		parser_error(p, decl.loc, "D_DECL_ARRSUB", "an associative array is not a type");
	return decl.type;
}
