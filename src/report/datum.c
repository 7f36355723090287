/* SPDX-License-Identifier: BSD-2-Clause */
/* How values print without a format. */
#include "report/datum.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/names.h"

void datum_dump(const char *bytes, size_t n, struct buf *out)
{
	if (n == 0)
		return;
	buf_puts(out, "\n           ");
	for (int i = 0; i < 16; i++)
		buf_printf(out, "  %x", i);
	buf_puts(out, "  0123456789abcdef\n");
	for (size_t row = 0; row < n; row += 16) {
		buf_printf(out, "     %5zx:", row);
		for (size_t i = row; i < row + 16; i++) {
			if (i < n)
				buf_printf(out, " %02x", (unsigned char)bytes[i]);
			else
				buf_puts(out, "   ");
		}
		buf_puts(out, "  ");
		for (size_t i = row; i < row + 16 && i < n; i++)
			buf_putc(out, bytes[i] < ' ' || bytes[i] > '~' ? '.' : bytes[i]);
		buf_putc(out, '\n');
	}
}

/* Backspace and bell mean something to a terminal without being printable or space. */
static bool is_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c > '~' || !(isprint(c) || isspace(c) || c == '\b' || c == '\a'))
			return false;
	}
	return true;
}

/* Raw memory is shown as text if it is one: NULs at the end only. */
static void print_bytes(const struct item_value *v, const struct datum_style *style,
			struct buf *out)
{
	size_t n = v->n;

	if (v->kind == ITEM_VALUE_MEM)
		while (n > 1 && v->bytes[n - 1] == '\0')
			n--;
	if (style->raw || !is_text(v->bytes, n)) {
		datum_dump(v->bytes, v->n, out);
		return;
	}
	if (style->packed) {
		buf_printf(out, " %*.*s", DATUM_PACKED, (int)n, v->bytes);
		return;
	}
	if (!style->bare)
		buf_puts(out, "  ");
	buf_add(out, v->bytes, n);
	for (size_t i = n; !style->bare && i < (size_t)style->text_width; i++)
		buf_putc(out, ' ');
}

static int int_width(const struct item_value *v)
{
	return v->size == 1 ? 3 : v->size == 2 ? 5 : v->size == 4 ? 8 : 16;
}

int datum_width(const struct item_value *v)
{
	return v->kind == ITEM_VALUE_INT ? int_width(v) : DATUM_PACKED;
}

static void print_int(const struct item_value *v, const struct datum_style *style, struct buf *out)
{
	int width = int_width(v);

	if (!style->bare)
		buf_putc(out, ' ');
	else
		width = 0;
	if (v->is_signed)
		buf_printf(out, "%*" PRId64, width, item_signed(v));
	else
		buf_printf(out, "%*" PRIu64, width, v->bits);
}

void datum_stack(const struct item_value *v, int indent, struct buf *out)
{
	buf_putc(out, '\n');
	for (size_t i = 0; item_frame(v, i); i++) {
		buf_printf(out, "%*s", indent, "");
		names_code(v->names, NAMING_CODE_ADDRESS, v->pid, item_frame(v, i), out);
		buf_putc(out, '\n');
	}
}

void datum_print(const struct item_value *v, const struct datum_style *style, struct buf *out)
{
	switch (v->kind) {
	case ITEM_VALUE_NONE:
		break;
	case ITEM_VALUE_INT:
		print_int(v, style, out);
		break;
	case ITEM_VALUE_FLOAT:
		buf_printf(out, style->bare ? "%g" : " %16g", v->real);
		break;
	case ITEM_VALUE_STRING:
	case ITEM_VALUE_MEM:
		print_bytes(v, style, out);
		break;
	case ITEM_VALUE_STACK:
		datum_stack(v, STACK_INDENT, out);
		break;
	}
}
