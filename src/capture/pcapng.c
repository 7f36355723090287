/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcapng, as draft-ietf-opsawg-pcapng has it: sections, interfaces, packets in
 * three kinds of block, statistics; what is not known is skipped.
 */
#include <stdio.h>
#include <string.h>

#include "capture/format.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BYTE_ORDER_MARK = 0x1a2b3c4d,
};

enum { OPTION_END = 0, OPTION_COMMENT = 1, SECTION_PROGRAM = 4, PACKET_FLAGS = 2 };
enum {
	INTERFACE_NAME = 2,
	INTERFACE_DESCRIPTION = 3,
	INTERFACE_IP4 = 4,
	INTERFACE_IP6 = 5,
	INTERFACE_RESOLUTION = 9,
	INTERFACE_OFFSET = 14,
};
enum { STATISTICS_INTERFACE_LOST = 5, STATISTICS_SYSTEM_LOST = 7 };

static bool is(const uint8_t magic[4])
{
	uint32_t m;

	memcpy(&m, magic, 4);
	return m == BLOCK_SECTION;
}

/* --- options: code, length, value padded to four bytes --- */

struct option {
	unsigned code, length;
	const uint8_t *value;
};

/* Of those from *at to end; what does not fit ends them. */
static bool next_option(const struct capture_file *f, const uint8_t **at, const uint8_t *end,
			struct option *o)
{
	if (end - *at < 4)
		return false;
	*o = (struct option){get16(f, *at), get16(f, *at + 2), *at + 4};
	if (o->code == OPTION_END || (unsigned)(end - o->value) < o->length)
		return false;
	*at = o->value + ((o->length + 3) & ~3u);
	if (*at > end)
		*at = end;
	return true;
}

static uint64_t get64(const struct capture_file *f, const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return f->swapped ? __builtin_bswap64(v) : v;
}

/* --- sections --- */

static void end_section(struct capture_file *f)
{
	for (size_t i = 0; i < f->interfaces.n; i++)
		f->lost += f->interfaces.at[i]->lost;
	f->interfaces.n = 0;
}

static void read_section(struct capture_file *f, const uint8_t *at, const uint8_t *end)
{
	struct option o;

	f->by_us = false;
	while (next_option(f, &at, end, &o))
		if (o.code == SECTION_PROGRAM && o.length >= 6 && !memcmp(o.value, "dtrace", 6))
			f->by_us = true;
}

/* --- interfaces --- */

static uint64_t resolution(unsigned value)
{
	uint64_t per_second = 1;
	unsigned power = value & 0x7f;

	if (value & 0x80)
		return power < 63 ? 1ull << power : 0;
	for (unsigned i = 0; i < power && i < 19; i++)
		per_second *= 10;
	return power < 19 ? per_second : 0;
}

static void add_address(struct capture_file *f, struct described *d, struct capture_address a)
{
	struct capture_address *all =
		arena_alloc(f->arena, (d->public.naddresses + 1) * sizeof(*all));

	if (d->public.naddresses)
		memcpy(all, d->public.addresses, d->public.naddresses * sizeof(*all));
	all[d->public.naddresses++] = a;
	d->public.addresses = all;
}

static void interface_option(struct capture_file *f, struct described *d, const struct option *o)
{
	struct capture_address a = {.version = 4, .prefix = 32};

	if (o->code == INTERFACE_NAME)
		d->public.name = arena_strndup(f->arena, (const char *)o->value, o->length);
	else if (o->code == INTERFACE_DESCRIPTION && f->by_us)
		sscanf(arena_strndup(f->arena, (const char *)o->value, o->length), "netns %u",
		       &d->public.zone);
	else if (o->code == INTERFACE_RESOLUTION && o->length >= 1)
		d->per_second = resolution(*o->value);
	else if (o->code == INTERFACE_OFFSET && o->length >= 8)
		d->offset = (int64_t)get64(f, o->value);
	else if (o->code == INTERFACE_IP4 && o->length >= 8) {
		memcpy(a.bytes, o->value, 4);
		add_address(f, d, a);
	} else if (o->code == INTERFACE_IP6 && o->length >= 17) {
		a = (struct capture_address){.version = 6, .prefix = 128};
		memcpy(a.bytes, o->value, 16);
		add_address(f, d, a);
	}
}

static enum stream_state read_interface(struct capture_file *f, const uint8_t *at,
					const uint8_t *end)
{
	struct described *d = arena_alloc(f->arena, sizeof(*d));
	struct option o;

	if (end - at < 8)
		return capture_broken(f, "an interface's description is too short");
	*d = (struct described){
		.public = {.name = "", .link_type = get16(f, at)},
		.per_second = 1000000,
		.snaplen = get32(f, at + 4),
	};
	at += 8;
	while (next_option(f, &at, end, &o))
		interface_option(f, d, &o);
	d->public.is_loopback = d->public.link_type == 0 || d->public.link_type == 108 ||
				!strcmp(d->public.name, "lo") || !strcmp(d->public.name, "lo0");
	if (!d->per_second)
		return capture_broken(f, "the resolution of interface %zu's time cannot be",
				      f->interfaces.n);
	vec_push(&f->interfaces, d);
	return STREAM_READY;
}

static void read_statistics(struct capture_file *f, const uint8_t *at, const uint8_t *end)
{
	uint64_t lost = 0;
	struct option o;
	uint32_t on;

	if (end - at < 12)
		return;
	on = get32(f, at);
	at += 12;
	while (next_option(f, &at, end, &o))
		if ((o.code == STATISTICS_INTERFACE_LOST || o.code == STATISTICS_SYSTEM_LOST) &&
		    o.length >= 8)
			lost += get64(f, o.value);
	if (on < f->interfaces.n)
		f->interfaces.at[on]->lost = lost;
}

/* --- packets --- */

/* Where a packet's data and options are in its block. */
struct layout {
	uint32_t on, size, length, data; /* data: offset in the block's body */
	uint64_t stamp;
};

static bool lay_out(const struct capture_file *f, uint32_t type, const uint8_t *at, uint32_t n,
		    struct layout *l)
{
	if (type == BLOCK_SIMPLE_PACKET) {
		uint32_t snaplen = f->interfaces.n ? f->interfaces.at[0]->snaplen : 0;

		if (n < 4)
			return false;
		*l = (struct layout){.length = get32(f, at), .data = 4};
		l->size = snaplen && snaplen < l->length ? snaplen : l->length;
		if (l->size > n - 4)
			l->size = n - 4;
		return true;
	}
	if (n < 20)
		return false;
	*l = (struct layout){
		.on = type == BLOCK_PACKET ? get32(f, at) : get16(f, at),
		.stamp = (uint64_t)get32(f, at + 4) << 32 | get32(f, at + 8),
		.size = get32(f, at + 12),
		.length = get32(f, at + 16),
		.data = 20,
	};
	return l->size <= n - 20;
}

/* "pid 123 name": what dtrace writes. */
static void read_owner(struct capture_file *f, const struct option *o)
{
	char text[64], *name;
	size_t n = o->length < sizeof(text) - 1 ? o->length : sizeof(text) - 1;

	memcpy(text, o->value, n);
	text[n] = '\0';
	if (sscanf(text, "pid %d", &f->next.pid) != 1)
		return;
	name = strchr(text + 4, ' ');
	snprintf(f->execname, sizeof(f->execname), "%.15s", name ? name + 1 : "");
	f->next.execname = f->execname;
}

static void packet_option(struct capture_file *f, const struct option *o)
{
	unsigned way;

	if (o->code == OPTION_COMMENT && f->by_us)
		read_owner(f, o);
	if (o->code != PACKET_FLAGS || o->length < 4)
		return;
	way = get32(f, o->value) & 3;
	f->next.direction = way == 1 ? FRAME_IN : way == 2 ? FRAME_OUT : FRAME_UNKNOWN;
}

static enum stream_state read_packet(struct capture_file *f, uint32_t type, const uint8_t *body,
				     uint32_t n)
{
	const uint8_t *at, *end = body + n;
	struct described *d;
	struct layout l;
	struct option o;

	if (!lay_out(f, type, body, n, &l))
		return capture_broken(f, "a packet is longer than its block");
	if (l.on >= f->interfaces.n)
		return capture_broken(f, "a packet is of interface %u, which is not described",
				      l.on);
	d = f->interfaces.at[l.on];
	f->next = (struct capture_frame){
		/* the simple block has no time: it is that of the packet in front of it */
		.time = type == BLOCK_SIMPLE_PACKET ? f->last_time : capture_time(d, l.stamp),
		.data = body + l.data,
		.size = l.size,
		.length = l.length > l.size ? l.length : l.size,
		.on = &d->public,
		.pid = -1,
		.execname = "",
	};
	at = body + l.data + ((l.size + 3) & ~3u);
	if (type != BLOCK_SIMPLE_PACKET && at <= end)
		while (next_option(f, &at, end, &o))
			packet_option(f, &o);
	return STREAM_READY;
}

/* --- blocks: type, length, body, length --- */

static enum stream_state section_order(struct capture_file *f)
{
	enum stream_state state;
	const uint8_t *at;
	uint32_t mark;

	state = stream_look(f->stream, 28, &at);
	if (state != STREAM_READY)
		return capture_missing(f, state, "a section's head");
	memcpy(&mark, at + 8, 4);
	f->swapped = mark != BYTE_ORDER_MARK;
	if (f->swapped && mark != __builtin_bswap32(BYTE_ORDER_MARK))
		return capture_broken(f, "a section has no mark of its byte order");
	if (get16(f, at + 12) != 1)
		return capture_broken(f, "version %u of pcapng is not known", get16(f, at + 12));
	return STREAM_READY;
}

static bool is_packet(uint32_t type)
{
	return type == BLOCK_PACKET || type == BLOCK_SIMPLE_PACKET || type == BLOCK_OLD_PACKET;
}

static bool is_known(uint32_t type)
{
	return is_packet(type) || type == BLOCK_SECTION || type == BLOCK_INTERFACE ||
	       type == BLOCK_STATISTICS;
}

static enum stream_state read_block(struct capture_file *f, uint32_t type, const uint8_t *body,
				    uint32_t n)
{
	if (is_packet(type))
		return read_packet(f, type, body, n);
	if (type == BLOCK_INTERFACE)
		return read_interface(f, body, body + n);
	if (type == BLOCK_STATISTICS)
		read_statistics(f, body, body + n);
	if (type == BLOCK_SECTION) {
		end_section(f);
		read_section(f, body + 16, body + n);
	}
	return STREAM_READY;
}

/* A block, and whether it was a packet. */
static enum stream_state step(struct capture_file *f, bool *packet)
{
	enum stream_state state;
	const uint8_t *at;
	uint32_t type, length;

	*packet = false;
	state = stream_look(f->stream, 12, &at);
	if (state == STREAM_END && !stream_rest(f->stream))
		return STREAM_END;
	if (state != STREAM_READY)
		return capture_missing(f, state, "a block's head");
	if (is(at) && (state = section_order(f)) != STREAM_READY)
		return state;
	state = stream_look(f->stream, 12, &at);
	if (state != STREAM_READY)
		return state;
	type = get32(f, at);
	length = get32(f, at + 4);
	if (length < 12 || length % 4 || (type == BLOCK_SECTION && length < 28))
		return capture_broken(f, "a block of %u bytes cannot be", length);
	f->skip = length;
	if (!is_known(type))
		return STREAM_READY;
	if (length > PACKET_MAX + 4096)
		return capture_broken(f, "a block of %u bytes cannot be", length);
	state = stream_look(f->stream, length, &at);
	if (state != STREAM_READY) {
		f->skip = 0;
		return capture_missing(f, state, "a block");
	}
	*packet = is_packet(type);
	return read_block(f, type, at + 8, length - 12);
}

static enum stream_state open_file(struct capture_file *f)
{
	bool packet;

	return step(f, &packet);
}

static enum stream_state next(struct capture_file *f)
{
	enum stream_state state;
	bool packet = false;

	do {
		uint64_t skip = f->skip;

		state = stream_skip(f->stream, &f->skip);
		if (state != STREAM_READY)
			return skip ? capture_missing(f, state, "a block") : state;
		state = step(f, &packet);
	} while (state == STREAM_READY && !packet);
	return state;
}

const struct format format_pcapng = {"pcapng", is, open_file, next};
