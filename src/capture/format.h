/* SPDX-License-Identifier: BSD-2-Clause */
/* One file and its format: pcap or pcapng. */
#pragma once

#include "base/arena.h"
#include "base/vec.h"
#include "capture/file.h"
#include "capture/stream.h"

/* What a section of pcapng, or a pcap file, says of an interface; it lives as long as the file. */
struct described {
	struct capture_interface public;
	uint64_t per_second; /* time stamps */
	int64_t offset;	     /* seconds to add to them */
	uint32_t snaplen;
	uint64_t lost; /* as its last statistics say */
};

struct capture_file {
	const char *name;
	struct stream *stream;
	const struct format *format;
	struct arena *arena;
	bool swapped;			    /* another byte order than ours */
	uint32_t record_size;		    /* pcap: of a record's head */
	VEC(struct described *) interfaces; /* of this section */
	uint64_t lost;			    /* of those before */
	bool by_us;			    /* dtrace wrote it: packets say whose they are */
	char execname[16];
	uint64_t skip; /* bytes that are still to be skipped */
	uint64_t last_time, backwards;
	struct capture_frame next;
	const char *problem; /* NULL: none */
};

struct format {
	const char *name;
	bool (*is)(const uint8_t magic[4]);
	/* The head of the file. */
	enum stream_state (*open)(struct capture_file *f);
	/* The next packet into f->next; READY: there is one. */
	enum stream_state (*next)(struct capture_file *f);
};

extern const struct format format_pcap, format_pcapng;

static inline uint32_t get32(const struct capture_file *f, const uint8_t *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, 4);
	return f->swapped ? __builtin_bswap32(v) : v;
}

static inline uint16_t get16(const struct capture_file *f, const uint8_t *p)
{
	uint16_t v;

	__builtin_memcpy(&v, p, 2);
	return f->swapped ? __builtin_bswap16(v) : v;
}

/* Remembers what is wrong, with the place; gives STREAM_FAULT. */
enum stream_state capture_broken(struct capture_file *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same for bytes that could not be had: the file ends in the middle of `what`. */
enum stream_state capture_missing(struct capture_file *f, enum stream_state state,
				  const char *what);
uint64_t capture_time(const struct described *on, uint64_t stamp); /* ns */

#define PACKET_MAX (16u << 20) /* more than any link has */
