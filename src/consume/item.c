/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Items -> values. Nothing that a record holds is trusted beyond its size: string
 * ids out of range are the empty string, names end at their size if no NUL comes
 * before.
 */
#include "consume/item.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/names.h"
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

static struct item_value code_value(const struct program *p, const struct item_named *s,
				    char text[ITEM_TEXT])
{
	uint32_t pid = (uint32_t)(s->naming >> 32);
	struct buf name = {0};

	names_see_code(p->names, pid, s->number);
	names_code(p->names, (enum naming)(uint32_t)s->naming, pid, s->number, &name);
	snprintf(text, ITEM_TEXT, "%s", buf_str(&name));
	buf_free(&name);
	return text_value(text, ITEM_TEXT);
}

/* Behind what is our own program's. */
static const uint64_t *first_frame(struct names *names, const uint64_t *frames, size_t n)
{
	size_t first = 0;

	for (size_t i = 0; i < STACK_OURS && i < n && frames[i]; i++)
		if (names_is_ours(names, frames[i]))
			first = i + 1;
	return frames + first;
}

static struct item_value stack_value(const struct program *p, const struct item *it, const void *at)
{
	const uint64_t *words = at, *frames = words + 1;
	size_t most = type_resolve(it->type)->count, n = it->size / sizeof(*words) - 1, used = 0;
	struct item_value v = {
		.kind = ITEM_VALUE_STACK, .names = p->names, .pid = (uint32_t)words[0]};

	if (!v.pid) {
		frames = first_frame(p->names, frames, n);
		n -= (size_t)(frames - words) - 1;
	}
	while (used < n && used < most && frames[used])
		used++;
	for (size_t i = 0; i < used && v.pid; i++)
		names_see_code(p->names, v.pid, frames[i]);
	v.bytes = (const char *)frames;
	v.n = used * sizeof(*frames);
	return v;
}

static struct item_value named_value(const struct program *p, const void *at, char text[ITEM_TEXT])
{
	struct item_named s;
	const char *name;

	memcpy(&s, at, sizeof(s));
	if (!s.naming || !p->names)
		return strid_value(p, (uint32_t)s.number);
	if ((uint32_t)s.naming >= NAMING_CODE_ADDRESS)
		return code_value(p, &s, text);
	name = names_text(p->names, (enum naming)s.naming, s.number, text, ITEM_TEXT);
	return text_value(name, strlen(name));
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

static struct item_value number_value(const struct program *p, const struct item *it,
				      const void *at)
{
	struct item_value v = {.kind = ITEM_VALUE_INT,
			       .is_signed = it->is_signed,
			       .size = it->size,
			       .names = p->names};
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
		return number_value(p, it, at);
	case ITEM_BYTES:
	case ITEM_NAME:
		return text_value(at, it->size);
	case ITEM_STRID:
		return strid_value(p, (uint32_t)read_bits(at, sizeof(uint32_t)));
	case ITEM_ADDR:
		return addr_value(p, at, text);
	case ITEM_NAMED:
		return named_value(p, at, text);
	case ITEM_STACK:
		return stack_value(p, it, at);
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
	return v->kind == ITEM_VALUE_STRING || v->kind == ITEM_VALUE_MEM ||
	       v->kind == ITEM_VALUE_STACK;
}

/* Numbers of other widths are equal by what they mean: the checker lets int and long keys be
 * joined. */
static uint64_t meaning(const struct item_value *v)
{
	return v->is_signed ? (uint64_t)item_signed(v) : v->bits;
}

uint64_t item_frame(const struct item_value *v, size_t i)
{
	return i < v->n / sizeof(uint64_t) ? read_bits(v->bytes + i * sizeof(uint64_t), 8) : 0;
}

bool item_equal(const struct item_value *a, const struct item_value *b)
{
	if (has_bytes(a) != has_bytes(b) || a->pid != b->pid)
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

uint64_t item_rank(const struct item_value *v)
{
	uint64_t rank = 0;

	if (!has_bytes(v))
		return v->bits;
	for (size_t i = 0; i < sizeof(rank) && i < v->n; i++)
		rank |= (uint64_t)(unsigned char)v->bytes[i] << (56 - 8 * i);
	return rank;
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
