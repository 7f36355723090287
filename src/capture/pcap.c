/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pcap, as draft-ietf-opsawg-pcap has it: microseconds or nanoseconds, either byte
 * order; also the format of patched systems with eight bytes more for each packet.
 */
#include "capture/format.h"

enum { MICRO = 0xa1b2c3d4, NANO = 0xa1b23c4d, PATCHED = 0xa1b2cd34 };

static bool is_magic(uint32_t m)
{
	return m == MICRO || m == NANO || m == PATCHED;
}

static bool is(const uint8_t magic[4])
{
	uint32_t m;

	__builtin_memcpy(&m, magic, 4);
	return is_magic(m) || is_magic(__builtin_bswap32(m));
}

static enum stream_state open_file(struct capture_file *f)
{
	struct described *d;
	enum stream_state state;
	const uint8_t *at;
	uint32_t magic;

	state = stream_look(f->stream, 24, &at);
	if (state != STREAM_READY)
		return capture_missing(f, state, "its head");
	__builtin_memcpy(&magic, at, 4);
	f->swapped = !is_magic(magic);
	magic = get32(f, at);
	if (get16(f, at + 4) != 2)
		return capture_broken(f, "version %u of pcap is not known", get16(f, at + 4));
	d = arena_alloc(f->arena, sizeof(*d));
	*d = (struct described){
		.public = {.name = "", .link_type = get32(f, at + 20) & 0xffff},
		.per_second = magic == NANO ? 1000000000 : 1000000,
	};
	d->public.is_loopback = d->public.link_type == 0 || d->public.link_type == 108;
	vec_push(&f->interfaces, d);
	f->record_size = magic == PATCHED ? 24 : 16;
	f->skip = 24;
	return STREAM_READY;
}

static enum stream_state next(struct capture_file *f)
{
	struct described *d = f->interfaces.at[0];
	uint32_t head = f->record_size, size;
	enum stream_state state;
	const uint8_t *at;

	state = stream_look(f->stream, head, &at);
	if (state == STREAM_END && !stream_rest(f->stream))
		return STREAM_END;
	if (state != STREAM_READY)
		return capture_missing(f, state, "a packet's head");
	size = get32(f, at + 8);
	if (size > PACKET_MAX)
		return capture_broken(f, "a packet of %u bytes cannot be", size);
	state = stream_look(f->stream, head + size, &at);
	if (state != STREAM_READY)
		return capture_missing(f, state, "a packet");
	f->next = (struct capture_frame){
		.time = get32(f, at) * 1000000000ull +
			get32(f, at + 4) * (1000000000ull / d->per_second),
		.data = at + head,
		.size = size,
		.length = get32(f, at + 12) > size ? get32(f, at + 12) : size,
		.on = &d->public,
		.pid = -1,
		.execname = "",
	};
	f->skip = (uint64_t)head + size;
	return STREAM_READY;
}

const struct format format_pcap = {"pcap", is, open_file, next};
