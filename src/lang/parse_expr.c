/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Expressions: precedence climbing for the binary operators, so that long
 * chains cost no stack; the height of every tree is kept and bounded, since
 * what comes after recurses on it.
 */
#include <string.h>

#include "base/buf.h"
#include "base/strmap.h"
#include "lang/parser.h"

// clang-format off
static const struct binary {
	enum token_kind token;
	enum op op;
	int level; /* higher binds tighter */
} binaries[] = {
	{ TOK_LOR, OP_LOR, 1 }, { TOK_LXOR, OP_LXOR, 2 }, { TOK_LAND, OP_LAND, 3 },
	{ TOK_PIPE, OP_OR, 4 }, { TOK_CARET, OP_XOR, 5 }, { TOK_AMP, OP_AND, 6 },
	{ TOK_EQ, OP_EQ, 7 }, { TOK_NE, OP_NE, 7 },
	{ TOK_LT, OP_LT, 8 }, { TOK_LE, OP_LE, 8 }, { TOK_GT, OP_GT, 8 }, { TOK_GE, OP_GE, 8 },
	{ TOK_SHL, OP_SHL, 9 }, { TOK_SHR, OP_SHR, 9 },
	{ TOK_PLUS, OP_ADD, 10 }, { TOK_MINUS, OP_SUB, 10 },
	{ TOK_STAR, OP_MUL, 11 }, { TOK_SLASH, OP_DIV, 11 }, { TOK_PERCENT, OP_MOD, 11 },
};

static const struct operator {
	enum token_kind token;
	enum op op;
} assignments[] = {
	{ TOK_ASSIGN, OP_NONE }, { TOK_MUL_EQ, OP_MUL },
	{ TOK_DIV_EQ, OP_DIV }, { TOK_MOD_EQ, OP_MOD },
	{ TOK_ADD_EQ, OP_ADD }, { TOK_SUB_EQ, OP_SUB },
	{ TOK_SHL_EQ, OP_SHL }, { TOK_SHR_EQ, OP_SHR },
	{ TOK_AND_EQ, OP_AND }, { TOK_XOR_EQ, OP_XOR }, { TOK_OR_EQ, OP_OR },
}, prefixes[] = {
	{ TOK_PLUS, OP_PLUS }, { TOK_MINUS, OP_NEG }, { TOK_NOT, OP_NOT }, { TOK_TILDE, OP_INVERT },
	{ TOK_STAR, OP_DEREF }, { TOK_AMP, OP_ADDR },
	{ TOK_INC, OP_PREINC }, { TOK_DEC, OP_PREDEC },
	{ TOK_STRINGOF, OP_STRINGOF },
};
// clang-format on

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct operator* find_operator(const struct operator* ops, size_t n, enum token_kind k)
{
	for (size_t i = 0; i < n; i++)
		if (ops[i].token == k)
			return &ops[i];
	return NULL;
}

static const struct binary *find_binary(enum token_kind k)
{
	for (size_t i = 0; i < ARRAY_SIZE(binaries); i++)
		if (binaries[i].token == k)
			return &binaries[i];
	return NULL;
}

/* Takes a child's height into account. */
static void raise_height(struct parser *p, struct node *n, const struct node *child)
{
	if (!child || child->height < n->height)
		return;
	n->height = child->height + 1;
	if (n->height > TREE_MAX_HEIGHT)
		parser_error(p, n->loc, "D_SYNTAX",
			     "the expression is too long: %d operators on one another are the most",
			     TREE_MAX_HEIGHT);
}

static struct node *new_node(struct parser *p, enum node_kind kind, struct loc at, enum op op,
			     struct node *left, struct node *right)
{
	struct node *n = node_new(p->s, kind, at);

	n->op = op;
	n->left = left;
	n->right = right;
	raise_height(p, n, left);
	raise_height(p, n, right);
	return n;
}

/* assignment [ , assignment ]* up to the closing token */
static void parse_arguments(struct parser *p, struct node *n, enum token_kind close,
			    const char *what)
{
	struct node **tail = &n->args;

	if (parser_accept(p, close))
		return;
	do {
		*tail = parse_assignment(p);
		raise_height(p, n, *tail);
		tail = &(*tail)->next;
	} while (parser_accept(p, TOK_COMMA));
	parser_expect(p, close, what);
}

/* @[name] [ [ assignment, ... ] ] */
struct node *parse_aggregation(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_AGG, p->tok.loc);

	n->name = p->tok.text;
	parser_next(p);
	if (parser_accept(p, TOK_LBRACKET)) {
		if (p->tok.kind == TOK_RBRACKET)
			parser_expected(p, "a key");
		parse_arguments(p, n, TOK_RBRACKET, "',' or ']' after the key");
	}
	return n;
}

/* string string ... */
static struct node *parse_string(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_STRING, p->tok.loc);
	struct token first = p->tok;
	struct buf b = {0};

	n->name = first.text;
	n->length = first.length;
	parser_next(p);
	if (p->tok.kind != TOK_STRING)
		return n;
	buf_add(&b, first.text, first.length);
	for (; p->tok.kind == TOK_STRING; parser_next(p))
		buf_add(&b, p->tok.text, p->tok.length);
	n->name = arena_strndup(p->s->arena, b.s, b.n);
	n->length = b.n;
	buf_free(&b);
	return n;
}

/* A member's name may be a keyword's: the kernel's structs know no D. */
static const char *take_member_name(struct parser *p, const char *what)
{
	const char *name = p->tok.text;

	if (p->tok.kind != TOK_IDENT && (p->tok.kind < TOK_VOID || parser_failed(p))) {
		parser_expected(p, what);
		return "";
	}
	parser_next(p);
	return name;
}

/* self -> name | this -> name */
static struct node *parse_scoped(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_NAME, p->tok.loc);

	n->scope = p->tok.kind == TOK_SELF ? SCOPE_SELF : SCOPE_THIS;
	parser_next(p);
	parser_expect(p, TOK_ARROW,
		      n->scope == SCOPE_SELF ? "'->' after 'self'" : "'->' after 'this'");
	n->name = take_member_name(p, "the name of a variable");
	return n;
}

/* name [ ( arguments ) ] */
static struct node *parse_name(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_NAME, p->tok.loc);

	n->name = p->tok.text + (*p->tok.text == '`');
	n->kind = p->tok.kind == TOK_KERNEL ? NODE_KERNEL : NODE_NAME;
	parser_next(p);
	if (n->kind == NODE_NAME && parser_accept(p, TOK_LPAREN)) {
		n->kind = NODE_CALL;
		parse_arguments(p, n, TOK_RPAREN, "',' or ')' after the argument");
	}
	return n;
}

/* offsetof ( type-name , name [ . name ]* ) */
static struct node *parse_offsetof(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_OFFSETOF, p->tok.loc);

	parser_next(p);
	parser_expect(p, TOK_LPAREN, "'(' after 'offsetof'");
	n->cast_to = parse_type_name(p);
	parser_expect(p, TOK_COMMA, "',' after the type");
	n->name = take_member_name(p, "the name of a member");
	while (parser_accept(p, TOK_DOT))
		n->name = arena_printf(p->s->arena, "%s.%s", n->name,
				       take_member_name(p, "the name of a member"));
	parser_expect(p, TOK_RPAREN, "')' after the member");
	return n;
}

/* xlate < type-name > ( expression ) */
static struct node *parse_xlate(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_XLATE, p->tok.loc);

	parser_next(p);
	parser_expect(p, TOK_LT, "'<' after 'xlate'");
	n->cast_to = parse_type_name(p);
	parser_expect(p, TOK_GT, "'>' after the type");
	parser_expect(p, TOK_LPAREN, "'(' after '>'");
	n->left = parse_expression(p);
	raise_height(p, n, n->left);
	parser_expect(p, TOK_RPAREN, "')'");
	return n;
}

static struct node *parse_parenthesis(struct parser *p)
{
	struct node *n;

	parser_next(p);
	n = parse_expression(p);
	parser_expect(p, TOK_RPAREN, "')'");
	return n;
}

/* primary: integer | string | name | name(...) | `name | @name | self->name | ( expression ) |
 * offsetof | xlate */
static struct node *parse_primary(struct parser *p)
{
	struct node *n;

	switch (p->tok.kind) {
	case TOK_INT:
		n = node_new(p->s, NODE_INT, p->tok.loc);
		n->value = p->tok.value;
		n->type = types_basic(p->s->types, p->tok.type);
		parser_next(p);
		return n;
	case TOK_STRING:
		return parse_string(p);
	case TOK_IDENT:
	case TOK_KERNEL:
		return parse_name(p);
	case TOK_AGG:
		return parse_aggregation(p);
	case TOK_SELF:
	case TOK_THIS:
		return parse_scoped(p);
	case TOK_LPAREN:
		return parse_parenthesis(p);
	case TOK_OFFSETOF:
		return parse_offsetof(p);
	case TOK_XLATE:
		return parse_xlate(p);
	default:
		parser_expected(p, "an expression");
		return node_new(p->s, NODE_INT, p->tok.loc);
	}
}

/* postfix: primary ( [ expressions ] | . name | -> name | ++ | -- )* */
static struct node *parse_postfix(struct parser *p)
{
	struct node *n = parse_primary(p), *left;

	for (;;) {
		struct loc at = p->tok.loc;
		enum token_kind k = p->tok.kind;

		left = n;
		switch (k) {
		case TOK_LBRACKET:
			parser_next(p);
			n = new_node(p, NODE_INDEX, at, OP_NONE, left, NULL);
			if (p->tok.kind == TOK_RBRACKET)
				parser_expected(p, "an index");
			parse_arguments(p, n, TOK_RBRACKET, "',' or ']' after the index");
			break;
		case TOK_DOT:
		case TOK_ARROW:
			parser_next(p);
			at = p->tok.loc;
			n = new_node(p, NODE_MEMBER, at, k == TOK_DOT ? OP_DOT : OP_ARROW, left,
				     NULL);
			n->name = take_member_name(p, "the name of a member");
			break;
		case TOK_INC:
		case TOK_DEC:
			parser_next(p);
			n = new_node(p, NODE_UNARY, at, k == TOK_INC ? OP_POSTINC : OP_POSTDEC,
				     left, NULL);
			break;
		case TOK_LPAREN:
			parser_error(p, at, "D_SYNTAX",
				     "only a function named by an identifier can be called");
			return n;
		default:
			return n;
		}
	}
}

static size_t word_length(const struct parser *p, const char *word)
{
	size_t n = 0;

	while (word + n < p->lx.end && lexer_is_word(word[n]))
		n++;
	return n;
}

/* Of vmlinux`struct. */
static bool is_tag_keyword(const struct parser *p, const char *word)
{
	enum token_kind k = lexer_keyword(word, word_length(p, word));

	return k == TOK_STRUCT || k == TOK_UNION || k == TOK_ENUM;
}

/* Whether the present ( opens a type name in parentheses: of a cast, or of sizeof. */
static bool at_type_in_parens(struct parser *p, bool cast)
{
	const char *word = parser_after(p);
	size_t n = word_length(p, word);
	enum token_kind k;

	if (word + n < p->lx.end && word[n] == '`' && is_tag_keyword(p, word + n + 1))
		return true;
	k = n ? lexer_keyword(word, n) : TOK_END;
	if (k >= TOK_VOID && k <= TOK_RESTRICT)
		return true;
	return (k == TOK_IDENT || (word < p->lx.end && *word == '`')) &&
	       parse_is_type(p, word, cast);
}

static struct node *parse_unary(struct parser *p);

/* sizeof ( type-name ) | sizeof unary */
static struct node *parse_sizeof(struct parser *p)
{
	struct node *n = node_new(p->s, NODE_SIZEOF, p->tok.loc);

	parser_next(p);
	if (p->tok.kind == TOK_LPAREN && at_type_in_parens(p, false)) {
		parser_next(p);
		n->cast_to = parse_type_name(p);
		parser_expect(p, TOK_RPAREN, "')' after the type");
	} else {
		n->left = parse_unary(p);
		raise_height(p, n, n->left);
	}
	return n;
}

/* ( type-name ) unary */
static struct node *parse_cast(struct parser *p)
{
	struct loc at = p->tok.loc;
	struct type *to;
	struct node *n;

	parser_next(p);
	to = parse_type_name(p);
	parser_expect(p, TOK_RPAREN, "')' after the type");
	n = new_node(p, NODE_CAST, at, OP_NONE, parse_unary(p), NULL);
	n->cast_to = to;
	return n;
}

/* unary: ( + | - | ! | ~ | * | & | ++ | -- | stringof ) unary | sizeof ... | ( type-name ) unary |
 * postfix */
static struct node *parse_unary(struct parser *p)
{
	const struct operator* o = find_operator(prefixes, ARRAY_SIZE(prefixes), p->tok.kind);
	bool cast = p->tok.kind == TOK_LPAREN && at_type_in_parens(p, true);
	struct loc at = p->tok.loc;
	struct node *n;

	if (!o && !cast && p->tok.kind != TOK_SIZEOF)
		return parse_postfix(p);
	if (!parser_enter(p)) {
		n = node_new(p->s, NODE_INT, at);
	} else if (o) {
		parser_next(p);
		n = new_node(p, NODE_UNARY, at, o->op, parse_unary(p), NULL);
	} else {
		n = cast ? parse_cast(p) : parse_sizeof(p);
	}
	parser_leave(p);
	return n;
}

/* binary: unary ( operator binary )*, all operators of at least the level */
static struct node *parse_binary(struct parser *p, int level)
{
	struct node *n = parse_unary(p);
	const struct binary *b;

	while ((b = find_binary(p->tok.kind)) && b->level >= level) {
		struct loc at = p->tok.loc;

		parser_next(p);
		n = new_node(p, NODE_BINARY, at, b->op, n, parse_binary(p, b->level + 1));
	}
	return n;
}

/* conditional: binary [ ? expression : conditional ] */
struct node *parse_conditional(struct parser *p)
{
	struct node *n = parse_binary(p, 1), *c;

	if (p->tok.kind != TOK_QUESTION)
		return n;
	c = new_node(p, NODE_COND, p->tok.loc, OP_NONE, n, NULL);
	parser_next(p);
	if (parser_enter(p)) {
		c->right = parse_expression(p);
		parser_expect(p, TOK_COLON, "':' of the '?'");
		c->third = parse_conditional(p);
		raise_height(p, c, c->right);
		raise_height(p, c, c->third);
	}
	parser_leave(p);
	return c;
}

/* assignment: conditional [ assignment-operator assignment ] */
struct node *parse_assignment(struct parser *p)
{
	struct node *n;
	const struct operator* o;
	struct loc at;

	if (!parser_enter(p)) {
		parser_leave(p);
		return node_new(p->s, NODE_INT, p->tok.loc);
	}
	n = parse_conditional(p);
	o = find_operator(assignments, ARRAY_SIZE(assignments), p->tok.kind);
	if (o) {
		at = p->tok.loc;
		if (n->kind == NODE_AGG)
			parser_error(
				p, at, "D_AGG_NULL",
				"an aggregation can only be assigned in a statement of its own");
		parser_next(p);
		n = new_node(p, NODE_ASSIGN, at, o->op, n, parse_assignment(p));
	}
	parser_leave(p);
	return n;
}

/* expression: assignment [ , assignment ]* */
struct node *parse_expression(struct parser *p)
{
	struct node *n = parse_assignment(p);

	while (p->tok.kind == TOK_COMMA) {
		struct loc at = p->tok.loc;

		parser_next(p);
		n = new_node(p, NODE_BINARY, at, OP_COMMA, n, parse_assignment(p));
	}
	return n;
}
