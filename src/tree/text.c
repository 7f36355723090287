/* SPDX-License-Identifier: BSD-2-Clause */
/* Expressions -> D text, with the parentheses that it needs. */
#include "tree/text.h"

#include <inttypes.h>
#include <string.h>

enum { PREC_COMMA = 1, PREC_ASSIGN, PREC_COND, PREC_UNARY = 15, PREC_POSTFIX };

// clang-format off
static const struct {
	const char *text;
	int prec;
} ops[] = {
	[OP_NONE]  = { "", PREC_POSTFIX },
	[OP_MUL]   = { "*", 14 },  [OP_DIV]  = { "/", 14 },  [OP_MOD]  = { "%", 14 },
	[OP_ADD]   = { "+", 13 },  [OP_SUB]  = { "-", 13 },
	[OP_SHL]   = { "<<", 12 }, [OP_SHR]  = { ">>", 12 },
	[OP_LT]    = { "<", 11 },  [OP_LE]   = { "<=", 11 }, [OP_GT]   = { ">", 11 },
	[OP_GE]    = { ">=", 11 }, [OP_EQ]   = { "==", 10 }, [OP_NE]   = { "!=", 10 },
	[OP_AND]   = { "&", 9 },   [OP_XOR]  = { "^", 8 },   [OP_OR]   = { "|", 7 },
	[OP_LAND]  = { "&&", 6 },  [OP_LXOR] = { "^^", 5 },  [OP_LOR]  = { "||", 4 },
	[OP_COMMA] = { ",", PREC_COMMA },
	[OP_PLUS]  = { "+", PREC_UNARY }, [OP_NEG]    = { "-", PREC_UNARY },
	[OP_NOT]   = { "!", PREC_UNARY }, [OP_INVERT] = { "~", PREC_UNARY },
	[OP_DEREF] = { "*", PREC_UNARY }, [OP_ADDR]   = { "&", PREC_UNARY },
	[OP_PREINC]  = { "++", PREC_UNARY },   [OP_PREDEC]  = { "--", PREC_UNARY },
	[OP_POSTINC] = { "++", PREC_POSTFIX }, [OP_POSTDEC] = { "--", PREC_POSTFIX },
	[OP_STRINGOF] = { "stringof", PREC_POSTFIX },
	[OP_DOT]   = { ".", PREC_POSTFIX }, [OP_ARROW] = { "->", PREC_POSTFIX },
};
// clang-format on

static const char *scope_text(enum scope s)
{
	return s == SCOPE_SELF ? "self->" : s == SCOPE_THIS ? "this->" : "";
}

static int precedence(const struct node *n)
{
	switch (n->kind) {
	case NODE_BINARY:
	case NODE_UNARY:
		return ops[n->op].prec;
	case NODE_ASSIGN:
		return PREC_ASSIGN;
	case NODE_COND:
		return PREC_COND;
	case NODE_CAST:
		return PREC_UNARY;
	default:
		return PREC_POSTFIX;
	}
}

/* An operand that binds less than min gets parentheses. */
static void print_operand(const struct node *n, int min, struct buf *out)
{
	bool in_parentheses = precedence(n) < min;

	if (in_parentheses)
		buf_putc(out, '(');
	node_print(n, out);
	if (in_parentheses)
		buf_putc(out, ')');
}

static void print_list(const struct node *n, const char *brackets, struct buf *out)
{
	buf_putc(out, brackets[0]);
	for (; n; n = n->next) {
		print_operand(n, PREC_ASSIGN, out);
		if (n->next)
			buf_puts(out, ", ");
	}
	buf_putc(out, brackets[1]);
}

static void print_int(const struct node *n, struct buf *out)
{
	if (n->type && !type_resolve(n->type)->is_signed)
		buf_printf(out, "%" PRIu64, n->value);
	else
		buf_printf(out, "%" PRId64, (int64_t)n->value);
}

static void print_string(const struct node *n, struct buf *out)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < n->length; i++) {
		unsigned char c = (unsigned char)n->name[i];

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c == '\n')
			buf_puts(out, "\\n");
		else if (c < ' ')
			buf_printf(out, "\\%03o", c);
		else
			buf_putc(out, (char)c);
	}
	buf_putc(out, '"');
}

static void print_unary(const struct node *n, struct buf *out)
{
	bool postfix = n->op == OP_POSTINC || n->op == OP_POSTDEC;

	if (n->op == OP_STRINGOF) {
		buf_puts(out, "stringof(");
		node_print(n->left, out);
		buf_putc(out, ')');
		return;
	}
	if (!postfix)
		buf_puts(out, ops[n->op].text);
	print_operand(n->left, postfix ? PREC_POSTFIX : PREC_UNARY, out);
	if (postfix)
		buf_puts(out, ops[n->op].text);
}

static void print_infix(const struct node *n, int left, const char *text, const char *suffix,
			int right, struct buf *out)
{
	print_operand(n->left, left, out);
	buf_printf(out, " %s%s ", text, suffix);
	print_operand(n->right, right, out);
}

/* sizeof, offsetof, casts: what has a type in parentheses. */
static void print_of_type(const struct node *n, const char *word, struct buf *out)
{
	buf_printf(out, "%s(", word);
	if (n->cast_to)
		type_print(n->cast_to, out);
	else if (n->left)
		node_print(n->left, out);
	if (n->kind == NODE_OFFSETOF)
		buf_printf(out, ", %s", n->name);
	buf_putc(out, ')');
}

void node_print(const struct node *n, struct buf *out)
{
	int prec = precedence(n);

	switch (n->kind) {
	case NODE_INT:
		print_int(n, out);
		break;
	case NODE_STRING:
		print_string(n, out);
		break;
	case NODE_NAME:
		buf_printf(out, "%s%s", scope_text(n->scope), n->name);
		break;
	case NODE_KERNEL:
		buf_printf(out, "%s%s", strchr(n->name, '`') ? "" : "`", n->name);
		break;
	case NODE_UNARY:
		print_unary(n, out);
		break;
	case NODE_BINARY:
		print_infix(n, prec, ops[n->op].text, "", prec + 1, out);
		break;
	case NODE_ASSIGN:
		print_infix(n, PREC_UNARY, ops[n->op].text, "=", prec, out);
		break;
	case NODE_COND:
		print_operand(n->left, PREC_COND + 1, out);
		buf_puts(out, " ? ");
		node_print(n->right, out);
		buf_puts(out, " : ");
		print_operand(n->third, PREC_COND, out);
		break;
	case NODE_CALL:
		buf_puts(out, n->name);
		print_list(n->args, "()", out);
		break;
	case NODE_INDEX:
		print_operand(n->left, PREC_POSTFIX, out);
		print_list(n->args, "[]", out);
		break;
	case NODE_MEMBER:
		print_operand(n->left, PREC_POSTFIX, out);
		buf_printf(out, "%s%s", ops[n->op].text, n->name);
		break;
	case NODE_CAST:
		print_of_type(n, "", out);
		print_operand(n->left, PREC_UNARY, out);
		break;
	case NODE_SIZEOF:
		print_of_type(n, "sizeof", out);
		break;
	case NODE_OFFSETOF:
		print_of_type(n, "offsetof", out);
		break;
	case NODE_XLATE:
		buf_puts(out, "xlate <");
		type_print(n->cast_to, out);
		buf_puts(out, ">(");
		node_print(n->left, out);
		buf_putc(out, ')');
		break;
	case NODE_AGG:
		buf_printf(out, "@%s", n->name);
		if (n->args)
			print_list(n->args, "[]", out);
		break;
	case NODE_ARG:
		buf_printf(out, "args[%" PRIu64 "]", n->value);
		break;
	default: /* statements */
		break;
	}
}
