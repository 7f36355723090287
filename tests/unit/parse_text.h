/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of the front of the language: parses a text, shows trees fully bracketed. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "lang/parse.h"

struct parsed {
	struct arena *arena;
	struct types *types;
	struct diag *diag;
	struct script *s;
	struct source src;
	struct macro_args macros;
	struct buf out;
	char *printed;
};

static const char *macro_argv[] = {"prog.d", "42", "name", "a b", "-7"};
static bool macro_used[5];

static void parse_bytes(struct parsed *p, enum parse_as as, const char *text, size_t n)
{
	memset(p, 0, sizeof(*p));
	p->arena = arena_new();
	p->types = types_new(p->arena, "/dev/null");
	p->diag = diag_new(p->arena);
	p->macros = (struct macro_args){.argv = macro_argv, .argc = 5, .used = macro_used};
	p->s = script_new(p->arena, p->types, p->diag, &p->macros);
	p->src = (struct source){
		.name = "t.d", .text = text, .len = n, .is_file = as == PARSE_PROGRAM};
	if (!p->src.is_file)
		p->src.name = text;
	parse_source(p->s, &p->src, as);
}

static void parse(struct parsed *p, enum parse_as as, const char *text)
{
	parse_bytes(p, as, text, strlen(text));
}

static void done(struct parsed *p)
{
	buf_free(&p->out);
	free(p->printed);
	types_free(p->types);
	arena_free(p->arena);
}

static const char *printed(struct parsed *p, bool tags)
{
	size_t n;
	FILE *f = open_memstream(&p->printed, &n);

	diag_print(p->diag, tags, f);
	fclose(f);
	return p->printed;
}

static const char *const op_text[] = {
	[OP_MUL] = "*",
	[OP_DIV] = "/",
	[OP_MOD] = "%",
	[OP_ADD] = "+",
	[OP_SUB] = "-",
	[OP_SHL] = "<<",
	[OP_SHR] = ">>",
	[OP_LT] = "<",
	[OP_LE] = "<=",
	[OP_GT] = ">",
	[OP_GE] = ">=",
	[OP_EQ] = "==",
	[OP_NE] = "!=",
	[OP_AND] = "&",
	[OP_XOR] = "^",
	[OP_OR] = "|",
	[OP_LAND] = "&&",
	[OP_LXOR] = "^^",
	[OP_LOR] = "||",
	[OP_COMMA] = ",",
	[OP_PLUS] = "+",
	[OP_NEG] = "-",
	[OP_NOT] = "!",
	[OP_INVERT] = "~",
	[OP_DEREF] = "*",
	[OP_ADDR] = "&",
	[OP_PREINC] = "++",
	[OP_PREDEC] = "--",
	[OP_POSTINC] = "post++",
	[OP_POSTDEC] = "post--",
	[OP_STRINGOF] = "stringof ",
	[OP_DOT] = ".",
	[OP_ARROW] = "->",
	[OP_NONE] = "",
};

static void show_expr(struct buf *b, const struct node *n);

static void show_list(struct buf *b, const struct node *n, char open, char close)
{
	buf_putc(b, open);
	for (; n; n = n->next) {
		show_expr(b, n);
		if (n->next)
			buf_puts(b, ", ");
	}
	buf_putc(b, close);
}

static void show_type(struct buf *b, const char *before, struct type *t, const char *after)
{
	buf_puts(b, before);
	type_print(t, b);
	buf_puts(b, after);
}

static void show_expr(struct buf *b, const struct node *n)
{
	static const char *const scopes[] = {"", "self->", "this->"};

	switch (n->kind) {
	case NODE_INT:
		buf_printf(b, "%lld", (long long)n->value);
		break;
	case NODE_STRING:
		buf_printf(b, "\"%s\"", n->name);
		break;
	case NODE_NAME:
		buf_printf(b, "%s%s", scopes[n->scope], n->name);
		break;
	case NODE_KERNEL:
		buf_printf(b, "`%s", n->name);
		break;
	case NODE_UNARY:
		buf_printf(b, "(%s", op_text[n->op]);
		show_expr(b, n->left);
		buf_putc(b, ')');
		break;
	case NODE_BINARY:
	case NODE_ASSIGN:
	case NODE_AGGREGATE:
		buf_putc(b, '(');
		show_expr(b, n->left);
		buf_printf(b, " %s%s ", op_text[n->op], n->kind == NODE_BINARY ? "" : "=");
		show_expr(b, n->right);
		buf_putc(b, ')');
		break;
	case NODE_COND:
		buf_putc(b, '(');
		show_expr(b, n->left);
		buf_puts(b, " ? ");
		show_expr(b, n->right);
		buf_puts(b, " : ");
		show_expr(b, n->third);
		buf_putc(b, ')');
		break;
	case NODE_CALL:
		buf_puts(b, n->name);
		show_list(b, n->args, '(', ')');
		break;
	case NODE_AGG:
		buf_printf(b, "@%s", n->name);
		if (n->args)
			show_list(b, n->args, '[', ']');
		break;
	case NODE_INDEX:
		show_expr(b, n->left);
		show_list(b, n->args, '[', ']');
		break;
	case NODE_MEMBER:
		show_expr(b, n->left);
		buf_printf(b, "%s%s", op_text[n->op], n->name);
		break;
	case NODE_CAST:
		show_type(b, "((", n->cast_to, ")");
		show_expr(b, n->left);
		buf_putc(b, ')');
		break;
	case NODE_SIZEOF:
		if (n->cast_to) {
			show_type(b, "sizeof(", n->cast_to, ")");
		} else {
			buf_puts(b, "sizeof ");
			show_expr(b, n->left);
		}
		break;
	case NODE_OFFSETOF:
		show_type(b, "offsetof(", n->cast_to, "");
		buf_printf(b, ", %s)", n->name);
		break;
	case NODE_XLATE:
		show_type(b, "xlate<", n->cast_to, ">(");
		show_expr(b, n->left);
		buf_putc(b, ')');
		break;
	case NODE_EXPR:
		show_expr(b, n->left);
		buf_putc(b, ';');
		break;
	case NODE_BLOCK:
		show_list(b, n->args, '{', '}');
		break;
	case NODE_IF:
		buf_puts(b, "if ");
		show_expr(b, n->left);
		buf_putc(b, ' ');
		show_expr(b, n->right);
		if (n->third) {
			buf_puts(b, " else ");
			show_expr(b, n->third);
		}
		break;
	default:
		buf_printf(b, "?%d", n->kind);
	}
}
