/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Items -> values, and their default printing. Nothing that a record holds is
 * trusted beyond its size: string ids out of range are the empty string, names
 * end at their size if no NUL comes before.
 */
#include "report/item.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/symbols.h"
#include "types/type.h"

static struct item_value text_value(const char *s, size_t max)
{
	return (struct item_value){.kind = ITEM_VALUE_STRING, .bytes = s, .n = strnlen(s, max)};
}

static struct item_value strid_value(const struct program *p, uint32_t id)
{
	const char *s = id < (uint32_t)p->nstrings ? p->strings[id] : "";

	return (struct item_value){.kind = ITEM_VALUE_STRING, .bytes = s, .n = strlen(s)};
}

static size_t format_v4(const uint8_t addr[4], char *text)
{
	char *s = text;

	for (int i = 0; i < 4; i++) {
		if (i)
			*s++ = '.';
		if (addr[i] >= 100)
			*s++ = (char)('0' + addr[i] / 100);
		if (addr[i] >= 10)
			*s++ = (char)('0' + addr[i] / 10 % 10);
		*s++ = (char)('0' + addr[i] % 10);
	}
	return (size_t)(s - text);
}

static struct item_value addr_value(const struct program *p, const void *at, char text[ITEM_TEXT])
{
	struct item_value v = {.kind = ITEM_VALUE_STRING, .bytes = text};
	struct item_addr a;
	uint32_t id;

	memcpy(&a, at, sizeof(a));
	switch (a.family) {
	case 4:
		v.n = format_v4(a.addr, text);
		break;
	case 6:
		if (inet_ntop(AF_INET6, a.addr, text, ITEM_TEXT))
			v.n = strlen(text);
		break;
	case 0:
		memcpy(&id, a.addr, sizeof(id));
		return strid_value(p, id);
	}
	return v;
}

static struct item_value symbol_value(const struct program *p, const void *at, char text[ITEM_TEXT])
{
	struct item_value v = {.kind = ITEM_VALUE_STRING, .bytes = text};
	struct item_symbol s;

	memcpy(&s, at, sizeof(s));
	if (!s.is_address)
		return strid_value(p, (uint32_t)s.address);
	if (p->symbols)
		v.n = symbols_text(p->symbols, s.address, text, ITEM_TEXT);
	return v;
}

static uint64_t read_bits(const void *at, uint32_t size)
{
	uint64_t bits = 0;

	/* Little endian hosts only, as the programs are. */
	memcpy(&bits, at, size < sizeof(bits) ? size : sizeof(bits));
	return bits;
}

static bool is_float(const struct type *t)
{
	while (t && t->kind == TYPE_TYPEDEF)
		t = t->base;
	return t && t->kind == TYPE_FLOAT;
}

static struct item_value number_value(const struct item *it, const void *at)
{
	struct item_value v = {
		.kind = ITEM_VALUE_INT, .is_signed = it->is_signed, .size = it->size};
	float single;

	v.bits = read_bits(at, it->size);
	if (!is_float(it->type))
		return v;
	v.kind = ITEM_VALUE_FLOAT;
	if (it->size == sizeof(float)) {
		memcpy(&single, at, sizeof(single));
		v.real = (double)single;
	} else {
		memcpy(&v.real, &v.bits, sizeof(v.real));
	}
	return v;
}

struct item_value item_value(const struct program *p, const struct item *it, const void *at,
			     char text[ITEM_TEXT])
{
	switch (it->kind) {
	case ITEM_INT:
		return number_value(it, at);
	case ITEM_BYTES:
	case ITEM_NAME:
		return text_value(at, it->size);
	case ITEM_STRID:
		return strid_value(p, (uint32_t)read_bits(at, sizeof(uint32_t)));
	case ITEM_ADDR:
		return addr_value(p, at, text);
	case ITEM_SYMBOL:
		return symbol_value(p, at, text);
	case ITEM_MEM:
		break;
	}
	return (struct item_value){.kind = ITEM_VALUE_MEM, .bytes = at, .n = it->size};
}

struct item_value item_int(int64_t n)
{
	return (struct item_value){
		.kind = ITEM_VALUE_INT, .is_signed = true, .size = 8, .bits = (uint64_t)n};
}

int64_t item_signed(const struct item_value *v)
{
	unsigned unused = v->size < 8 ? 64 - 8 * v->size : 0;

	return (int64_t)(v->bits << unused) >> unused;
}

static bool has_bytes(const struct item_value *v)
{
	return v->kind == ITEM_VALUE_STRING || v->kind == ITEM_VALUE_MEM;
}

/* Numbers of other widths are equal by what they mean: the checker lets int and long keys be
 * joined. */
static uint64_t meaning(const struct item_value *v)
{
	return v->is_signed ? (uint64_t)item_signed(v) : v->bits;
}

bool item_equal(const struct item_value *a, const struct item_value *b)
{
	if (has_bytes(a) != has_bytes(b))
		return false;
	if (has_bytes(a))
		return a->n == b->n && memcmp(a->bytes, b->bytes, a->n) == 0;
	return meaning(a) == meaning(b);
}

int item_compare(const struct item_value *a, const struct item_value *b)
{
	int c;

	if (!has_bytes(a) || !has_bytes(b))
		return a->bits < b->bits ? -1 : a->bits > b->bits;
	c = memcmp(a->bytes, b->bytes, a->n < b->n ? a->n : b->n);
	return c ? c : a->n < b->n ? -1 : a->n > b->n;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

uint64_t item_hash(const struct item_value *v, uint64_t hash)
{
	if (!has_bytes(v))
		return mix(hash, meaning(v));
	for (size_t i = 0; i < v->n; i += 8)
		hash = mix(hash, read_bits(v->bytes + i, v->n - i < 8 ? (uint32_t)(v->n - i) : 8));
	return mix(hash, v->n);
}

void item_dump(const char *bytes, size_t n, struct buf *out)
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
		item_dump(v->bytes, v->n, out);
		return;
	}
	if (!style->bare)
		buf_puts(out, "  ");
	buf_add(out, v->bytes, n);
	for (size_t i = n; !style->bare && i < (size_t)style->text_width; i++)
		buf_putc(out, ' ');
}

static void print_int(const struct item_value *v, const struct datum_style *style, struct buf *out)
{
	int width = v->size == 1 ? 3 : v->size == 2 ? 5 : v->size == 4 ? 8 : 16;

	if (!style->bare)
		buf_putc(out, ' ');
	else
		width = 0;
	if (v->is_signed)
		buf_printf(out, "%*" PRId64, width, item_signed(v));
	else
		buf_printf(out, "%*" PRIu64, width, v->bits);
}

void item_print(const struct item_value *v, const struct datum_style *style, struct buf *out)
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
	}
}
