/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print():
 *
 *	struct timespec {			int 0x2a
 *	    time_t tv_sec = 0x5			char [16] [ "dtrace" ]
 *	    long tv_nsec = 0
 *	}
 */
#include "report/typed.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "consume/take.h"

#define INDENT 4

/* What is printed: its type, its bytes, and of a bit-field where it lies in them. */
struct datum_typed {
	struct types *types;
	struct type *type;
	const char *bytes;
	size_t n; /* at bytes: what lies behind is not there */
	uint32_t bit_offset, bit_size;
};

static struct datum_typed member_of(const struct datum_typed *d, const struct member *m)
{
	uint32_t at = m->bit_offset / 8;
	struct datum_typed in = {.types = d->types, .type = m->type, .bit_size = m->bit_size};

	if (m->bit_size) { /* the bytes that hold it */
		in.bit_offset = m->bit_offset % 8;
	}
	in.bytes = d->bytes + (at < d->n ? at : d->n);
	in.n = at < d->n ? d->n - at : 0;
	return in;
}

static struct datum_typed element_of(const struct datum_typed *d, struct type *array, uint64_t i)
{
	size_t at = i * type_resolve(array->base)->size;

	return (struct datum_typed){.types = d->types,
				    .type = array->base,
				    .bytes = d->bytes + (at < d->n ? at : d->n),
				    .n = at < d->n ? d->n - at : 0};
}

static uint64_t low_bits(uint64_t v, unsigned n)
{
	return n < 64 ? v & ((1ull << n) - 1) : v;
}

/* The bits of an integer, zero-extended. */
static uint64_t bits_of(const struct datum_typed *d)
{
	size_t size = type_resolve(d->type)->size;
	unsigned __int128 wide = 0;
	uint64_t v = 0;

	if (d->bit_size) {
		memcpy(&wide, d->bytes, d->n < 9 ? d->n : 9);
		return low_bits((uint64_t)(wide >> d->bit_offset), d->bit_size);
	}
	size = size < sizeof(v) ? size : sizeof(v);
	memcpy(&v, d->bytes, size < d->n ? size : d->n);
	return v;
}

static int64_t signed_of(const struct datum_typed *d)
{
	unsigned n = d->bit_size ? d->bit_size : 8 * (unsigned)type_resolve(d->type)->size;
	unsigned unused = n && n < 64 ? 64 - n : 0;

	return (int64_t)(bits_of(d) << unused) >> unused;
}

static const char *enumerator_of(const struct datum_typed *d, struct type *t)
{
	types_complete(d->types, t);
	for (uint32_t i = 0; i < t->nenumerators; i++)
		if (t->enumerators[i].value == (t->is_signed ? signed_of(d) : (int64_t)bits_of(d)))
			return t->enumerators[i].name;
	return NULL;
}

static double real_of(const struct datum_typed *d, const struct type *t)
{
	float single = 0;
	double real = 0;

	if (t->size != sizeof(single)) {
		memcpy(&real, d->bytes, d->n < sizeof(real) ? d->n : sizeof(real));
		return real;
	}
	memcpy(&single, d->bytes, d->n < sizeof(single) ? d->n : sizeof(single));
	return (double)single;
}

/* The length of the text in an array of characters; false: it is none. */
static bool text_of(const char *s, size_t n, size_t *length)
{
	*length = strnlen(s, n);
	for (size_t i = 0; i < *length; i++)
		if (!isprint((unsigned char)s[i]) && !isspace((unsigned char)s[i]))
			return false;
	return true;
}

static bool is_compound(struct type *t)
{
	return type_is_struct(type_resolve(t)) || type_resolve(t)->kind == TYPE_ARRAY;
}

/* --- text --- */

static void put(const struct datum_typed *d, int depth, struct buf *out);

static void indent(int depth, struct buf *out)
{
	buf_printf(out, "%*s", depth * INDENT, "");
}

static void put_type(struct type *t, const struct datum_typed *d, struct buf *out)
{
	if (type_is_struct(t) && !t->name)
		buf_puts(out, t->kind == TYPE_STRUCT ? "struct " : "union ");
	else
		type_print(t, out);
	if (d->bit_size)
		buf_printf(out, " :%" PRIu32, d->bit_size);
}

static void put_member(const struct datum_typed *d, const struct member *m, int depth,
		       struct buf *out)
{
	struct datum_typed in = member_of(d, m);

	if (!m->name && !type_is_struct(type_resolve(m->type)))
		return; /* padding */
	indent(depth, out);
	put_type(m->type, &in, out);
	if (m->name)
		buf_printf(out, "%s%s = ", out->s[out->n - 1] == '*' ? "" : " ", m->name);
	else
		buf_putc(out, ' ');
	put(&in, depth, out);
	buf_putc(out, '\n');
}

static void put_struct(const struct datum_typed *d, struct type *t, int depth, struct buf *out)
{
	types_complete(d->types, t);
	buf_puts(out, "{\n");
	for (uint32_t i = 0; i < t->nmembers; i++)
		put_member(d, &t->members[i], depth + 1, out);
	indent(depth, out);
	buf_putc(out, '}');
}

static void put_text(const char *s, size_t n, struct buf *out)
{
	buf_puts(out, "[ \"");
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, s[i]);
	}
	buf_puts(out, "\" ]");
}

static void put_array(const struct datum_typed *d, struct type *t, int depth, struct buf *out)
{
	bool lines = is_compound(t->base);
	size_t length;

	if (type_is_string(t) && text_of(d->bytes, t->count < d->n ? t->count : d->n, &length)) {
		put_text(d->bytes, length, out);
		return;
	}
	buf_putc(out, '[');
	for (uint64_t i = 0; i < t->count; i++) {
		struct datum_typed in = element_of(d, t, i);

		buf_puts(out, i ? "," : "");
		buf_puts(out, lines ? "\n" : " ");
		if (lines)
			indent(depth + 1, out);
		put(&in, depth + 1, out);
	}
	buf_puts(out, lines && t->count ? "\n" : " ");
	if (lines && t->count)
		indent(depth, out);
	buf_putc(out, ']');
}

static void put_integer(const struct datum_typed *d, const struct type *t, struct buf *out)
{
	uint64_t v = bits_of(d);

	if (t->is_char && v < 128 && isprint((int)v))
		buf_printf(out, "'%c'", (int)v);
	else
		buf_printf(out, "%#" PRIx64, v);
}

static void put(const struct datum_typed *d, int depth, struct buf *out)
{
	struct type *t = type_resolve(d->type);
	const char *name;

	switch (t->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
		put_struct(d, t, depth, out);
		break;
	case TYPE_ARRAY:
		put_array(d, t, depth, out);
		break;
	case TYPE_STRING:
		put_text(d->bytes, strnlen(d->bytes, d->n), out);
		break;
	case TYPE_FLOAT:
		buf_printf(out, "%+.7e", real_of(d, t));
		break;
	case TYPE_ENUM:
		name = enumerator_of(d, t);
		if (name)
			buf_puts(out, name);
		else
			buf_printf(out, "%" PRId64, signed_of(d));
		break;
	default:
		put_integer(d, t, out);
	}
}

static void typed_print(struct types *ts, struct type *t, const char *bytes, size_t n,
			struct buf *out)
{
	struct datum_typed d = {.types = ts, .type = t, .bytes = bytes, .n = n};

	put_type(t, &d, out);
	buf_putc(out, ' ');
	put(&d, 0, out);
}

/* --- JSON: the same as objects, arrays, numbers and strings --- */

static void json_value(const struct datum_typed *d, const char *name, struct json *j);

/* Members of anonymous members are the struct's own, as in D. */
static void json_members(const struct datum_typed *d, struct type *t, struct json *j)
{
	types_complete(d->types, t);
	for (uint32_t i = 0; i < t->nmembers; i++) {
		const struct member *m = &t->members[i];
		struct datum_typed in = member_of(d, m);

		if (m->name)
			json_value(&in, m->name, j);
		else if (type_is_struct(type_resolve(m->type)))
			json_members(&in, type_resolve(m->type), j);
	}
}

static void json_array(const struct datum_typed *d, struct type *t, const char *name,
		       struct json *j)
{
	size_t length;

	if (type_is_string(t) && text_of(d->bytes, t->count < d->n ? t->count : d->n, &length)) {
		json_string(j, name, d->bytes, length);
		return;
	}
	json_open(j, name, '[');
	for (uint64_t i = 0; i < t->count; i++) {
		struct datum_typed in = element_of(d, t, i);

		json_value(&in, NULL, j);
	}
	json_close(j, ']');
}

static void json_value(const struct datum_typed *d, const char *name, struct json *j)
{
	struct type *t = type_resolve(d->type);
	const char *text;

	switch (t->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
		json_open(j, name, '{');
		json_members(d, t, j);
		json_close(j, '}');
		break;
	case TYPE_ARRAY:
		json_array(d, t, name, j);
		break;
	case TYPE_STRING:
		json_string(j, name, d->bytes, strnlen(d->bytes, d->n));
		break;
	case TYPE_FLOAT:
		json_real(j, name, real_of(d, t));
		break;
	case TYPE_ENUM:
		text = enumerator_of(d, t);
		if (text)
			json_text(j, name, text);
		else
			json_signed(j, name, signed_of(d));
		break;
	default:
		if (t->is_signed)
			json_signed(j, name, signed_of(d));
		else
			json_unsigned(j, name, bits_of(d));
	}
}

static void typed_json(struct types *ts, struct type *t, const char *bytes, size_t n,
		       const char *name, struct json *j)
{
	struct datum_typed d = {.types = ts, .type = t, .bytes = bytes, .n = n};

	json_value(&d, name, j);
}

/* --- what an action recorded --- */

struct taken {
	struct type *type;
	const char *bytes;
	size_t n;
	char text[ITEM_TEXT];
	uint64_t bits;
};

static bool take_value(const struct taking *t, struct taken *out)
{
	struct item_value v;

	if (!taking_value(t, 0, out->text, &v))
		return false;
	out->type = t->action->items[0].type;
	out->bytes = v.bytes;
	out->n = v.n;
	out->bits = v.bits;
	if (v.kind == ITEM_VALUE_INT || v.kind == ITEM_VALUE_FLOAT) {
		out->bytes = (const char *)&out->bits;
		out->n = sizeof(out->bits);
	}
	return true;
}

void typed_print_taken(const struct taking *t, struct buf *out)
{
	struct taken v;

	if (take_value(t, &v))
		typed_print(t->program->types, v.type, v.bytes, v.n, out);
}

void typed_json_taken(const struct taking *t, const char *name, struct json *j)
{
	struct taken v;

	if (take_value(t, &v))
		typed_json(t->program->types, v.type, v.bytes, v.n, name, j);
}
