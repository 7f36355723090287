/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#define PIECE (1u << 20)
#define WAIT_MS 50 /* for a pipe's writer, until others have something to do */

enum packing { PACKING_UNKNOWN, PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

struct bytes {
	uint8_t *s;
	size_t at, end, size;
};

struct stream {
	int fd;
	bool is_pipe, ended;
	enum packing packing;
	struct bytes raw;   /* as the file has them, if they are packed */
	struct bytes plain; /* what is looked at */
	uint64_t offset;    /* of plain.s[plain.at] */
	z_stream gzip;
	ZSTD_DStream *zstd;
	bool in_member; /* what is packed has begun and not ended */
	const char *fault;
};

int stream_open(const char *name, struct stream **out)
{
	struct stream *s = calloc(1, sizeof(*s));
	struct stat st;
	int err = 0;

	if (!s)
		return -ENOMEM;
	s->fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (s->fd < 0 || fstat(s->fd, &st))
		err = -errno;
	else if (S_ISDIR(st.st_mode))
		err = -EISDIR;
	if (err) {
		stream_close(s);
		return err;
	}
	s->is_pipe = !S_ISREG(st.st_mode);
	*out = s;
	return 0;
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	if (s->packing == PACKING_GZIP)
		inflateEnd(&s->gzip);
	ZSTD_freeDStream(s->zstd);
	free(s->raw.s);
	free(s->plain.s);
	free(s);
}

static enum stream_state broken(struct stream *s, const char *why)
{
	s->fault = why;
	return STREAM_FAULT;
}

/* Room for n bytes from at on, and for a piece behind what is there. */
static bool make_room(struct bytes *b, size_t n)
{
	size_t there = b->end - b->at, want = (n > there ? n : there) + PIECE;
	uint8_t *bigger;

	if (b->at && b->size - b->end < PIECE) {
		memmove(b->s, b->s + b->at, there);
		b->end = there;
		b->at = 0;
	}
	if (b->size - b->at >= want)
		return true;
	bigger = realloc(b->s, b->at + want);
	if (!bigger)
		return false;
	b->s = bigger;
	b->size = b->at + want;
	return true;
}

/* More of the file. */
static enum stream_state fill(struct stream *s, struct bytes *b)
{
	struct pollfd fd = {.fd = s->fd, .events = POLLIN};
	ssize_t n;

	if (s->ended)
		return STREAM_END;
	if (s->is_pipe && poll(&fd, 1, WAIT_MS) <= 0)
		return STREAM_WAIT;
	n = read(s->fd, b->s + b->end, b->size - b->end);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? STREAM_WAIT : broken(s, strerror(errno));
	b->end += n;
	s->ended = n == 0;
	return n ? STREAM_READY : STREAM_END;
}

/* --- packed --- */

static enum stream_state unpack_gzip(struct stream *s)
{
	int err;

	s->gzip.next_in = s->raw.s + s->raw.at;
	s->gzip.avail_in = s->raw.end - s->raw.at;
	s->gzip.next_out = s->plain.s + s->plain.end;
	s->gzip.avail_out = s->plain.size - s->plain.end;
	s->in_member = true;
	err = inflate(&s->gzip, Z_NO_FLUSH);
	s->raw.at = s->raw.end - s->gzip.avail_in;
	s->plain.end = s->plain.size - s->gzip.avail_out;
	if (err == Z_STREAM_END) { /* another one may follow: RFC 1952, 2.2 */
		s->in_member = false;
		inflateReset(&s->gzip);
		return STREAM_READY;
	}
	return err == Z_OK || err == Z_BUF_ERROR ? STREAM_READY
						 : broken(s, "what gzip has packed is broken");
}

static enum stream_state unpack_zstd(struct stream *s)
{
	ZSTD_inBuffer in = {s->raw.s + s->raw.at, s->raw.end - s->raw.at, 0};
	ZSTD_outBuffer out = {s->plain.s + s->plain.end, s->plain.size - s->plain.end, 0};
	size_t left = ZSTD_decompressStream(s->zstd, &out, &in);

	s->raw.at += in.pos;
	s->plain.end += out.pos;
	if (ZSTD_isError(left))
		return broken(s, "what zstd has packed is broken");
	s->in_member = left != 0;
	return STREAM_READY;
}

static enum stream_state unpack(struct stream *s)
{
	size_t had = s->plain.end;
	enum stream_state state = STREAM_READY;

	while (state == STREAM_READY && s->plain.end == had) {
		if (s->raw.at == s->raw.end) {
			s->raw.at = s->raw.end = 0;
			state = fill(s, &s->raw);
			if (state == STREAM_END && s->in_member)
				return broken(s, "it ends in the middle of what is packed");
			if (state != STREAM_READY)
				return state;
		}
		state = s->packing == PACKING_GZIP ? unpack_gzip(s) : unpack_zstd(s);
	}
	return state;
}

/* --- */

/* By the first bytes: RFC 1952, RFC 8878. */
static enum stream_state find_packing(struct stream *s)
{
	static const uint8_t zstd[4] = {0x28, 0xb5, 0x2f, 0xfd};
	enum stream_state state = STREAM_READY;

	if (!make_room(&s->raw, PIECE))
		return broken(s, "not enough memory");
	while (s->raw.end < 4 && state == STREAM_READY)
		state = fill(s, &s->raw);
	if (state != STREAM_READY && state != STREAM_END)
		return state;
	if (s->raw.end >= 2 && s->raw.s[0] == 0x1f && s->raw.s[1] == 0x8b) {
		if (inflateInit2(&s->gzip, 15 + 16) != Z_OK)
			return broken(s, "not enough memory");
		s->packing = PACKING_GZIP;
	} else if (s->raw.end >= 4 && !memcmp(s->raw.s, zstd, 4)) {
		s->zstd = ZSTD_createDStream();
		if (!s->zstd)
			return broken(s, "not enough memory");
		s->packing = PACKING_ZSTD;
	} else {
		s->plain = s->raw;
		s->raw = (struct bytes){0};
		s->packing = PACKING_NONE;
	}
	return STREAM_READY;
}

enum stream_state stream_look(struct stream *s, size_t n, const uint8_t **at)
{
	enum stream_state state = s->fault ? STREAM_FAULT : STREAM_READY;

	if (state == STREAM_READY && s->packing == PACKING_UNKNOWN)
		state = find_packing(s);
	while (s->plain.end - s->plain.at < n && state == STREAM_READY) {
		if (!make_room(&s->plain, n))
			return broken(s, "not enough memory");
		state = s->packing == PACKING_NONE ? fill(s, &s->plain) : unpack(s);
	}
	if (s->plain.end - s->plain.at < n)
		return state;
	*at = s->plain.s + s->plain.at;
	return STREAM_READY;
}

enum stream_state stream_skip(struct stream *s, uint64_t *n)
{
	while (*n) {
		size_t there = s->plain.end - s->plain.at, now = *n < there ? *n : there;
		const uint8_t *at;
		enum stream_state state;

		s->plain.at += now;
		s->offset += now;
		*n -= now;
		if (!*n)
			break;
		state = stream_look(s, 1, &at);
		if (state != STREAM_READY)
			return state;
	}
	return STREAM_READY;
}

size_t stream_rest(const struct stream *s)
{
	return s->plain.end - s->plain.at;
}

uint64_t stream_offset(const struct stream *s)
{
	return s->offset;
}

const char *stream_fault(const struct stream *s)
{
	return s->fault;
}
