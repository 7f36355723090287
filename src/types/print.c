/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types as C writes them. A declarator goes around its name: what stands left
 * of the name is printed on the way to the innermost type, what stands right
 * of it (array sizes, parameters, closing parentheses) after that, outermost
 * first. The name itself is left out.
 */
#include <ctype.h>

#include "types/type.h"

/* Deeper types than anyone writes end in an ellipsis. */
#define DEPTH 64
#define TEXT_LIMIT 2000

static const char *const tag_words[] = {
	[TYPE_STRUCT] = "struct",
	[TYPE_UNION] = "union",
	[TYPE_ENUM] = "enum",
};

static void print(struct type *t, struct buf *out, unsigned depth);

static bool needs_parentheses(const struct type *pointer)
{
	return pointer->base->kind == TYPE_ARRAY || pointer->base->kind == TYPE_FUNCTION;
}

static void print_plain(const struct type *t, struct buf *out)
{
	enum type_kind kind = t->kind == TYPE_FORWARD ? t->tag_kind : t->kind;

	if (kind == TYPE_STRUCT || kind == TYPE_UNION || kind == TYPE_ENUM)
		buf_printf(out, "%s %s", tag_words[kind], t->name ? t->name : "<anonymous>");
	else
		buf_puts(out, t->name ? t->name : "void");
}

/* A blank, unless the text ends with a declarator of its own. */
static void separate(struct buf *out)
{
	char c = out->n ? out->s[out->n - 1] : ' ';

	if (isalnum((unsigned char)c) || c == '_' || c == '>')
		buf_putc(out, ' ');
}

static void print_left(struct type *t, struct buf *out, unsigned depth)
{
	if (!depth) {
		buf_puts(out, "...");
		return;
	}
	switch (t->kind) {
	case TYPE_POINTER:
		print_left(t->base, out, depth - 1);
		if (needs_parentheses(t)) {
			buf_puts(out, out->s[out->n - 1] == '*' ? "(*" : " (*");
		} else {
			separate(out);
			buf_putc(out, '*');
		}
		break;
	case TYPE_ARRAY:
	case TYPE_FUNCTION:
		print_left(t->base, out, depth - 1);
		break;
	default:
		print_plain(t, out);
	}
}

static void print_parameters(struct type *t, struct buf *out, unsigned depth)
{
	buf_putc(out, '(');
	if (!t->nmembers)
		buf_puts(out, "void");
	for (uint32_t i = 0; i < t->nmembers; i++) {
		struct type *param = t->members[i].type;

		if (i)
			buf_puts(out, ", ");
		if (out->n > TEXT_LIMIT) {
			buf_puts(out, "...");
			break;
		}
		if (param->kind == TYPE_VOID)
			buf_puts(out, "...");
		else
			print(param, out, depth);
	}
	buf_putc(out, ')');
}

static void print_right(struct type *t, struct buf *out, unsigned depth)
{
	if (!depth)
		return;
	switch (t->kind) {
	case TYPE_POINTER:
		if (needs_parentheses(t))
			buf_putc(out, ')');
		break;
	case TYPE_ARRAY:
		separate(out);
		if (t->count)
			buf_printf(out, "[%llu]", (unsigned long long)t->count);
		else
			buf_puts(out, "[]");
		break;
	case TYPE_FUNCTION:
		separate(out);
		print_parameters(t, out, depth / 2);
		break;
	default:
		return;
	}
	print_right(t->base, out, depth - 1);
}

static void print(struct type *t, struct buf *out, unsigned depth)
{
	print_left(t, out, depth);
	print_right(t, out, depth);
}

void type_print(struct type *t, struct buf *out)
{
	/* Apart: the blanks depend on what was printed before. */
	struct buf text = {0};

	if (t)
		print(t, &text, DEPTH);
	buf_puts(out, buf_str(&text));
	buf_free(&text);
}

const char *type_name(struct arena *a, struct type *t)
{
	struct buf text = {0};
	const char *name;

	type_print(t, &text);
	name = arena_strdup(a, buf_str(&text));
	buf_free(&text);
	return name;
}
