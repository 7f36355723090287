/* SPDX-License-Identifier: BSD-2-Clause */
/* Several files as one: the packet that comes next is the oldest of those at their fronts. */
#include "capture/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/format.h"
#include "capture/packet.h"

struct source {
	struct capture_file file;
	bool has_next, is_over;
};

struct capture {
	struct source *sources;
	int n;
	struct source *taken; /* whose packet was given last */
};

static const struct format *const formats[] = {&format_pcap, &format_pcapng};

static const char *shown_name(const struct capture_file *f)
{
	return strcmp(f->name, "-") ? f->name : "standard input";
}

enum stream_state capture_broken(struct capture_file *f, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	f->problem = arena_printf(f->arena, "%s, byte %llu: %s", shown_name(f),
				  (unsigned long long)stream_offset(f->stream), what);
	return STREAM_FAULT;
}

enum stream_state capture_missing(struct capture_file *f, enum stream_state state, const char *what)
{
	if (state == STREAM_FAULT)
		return capture_broken(f, "%s", stream_fault(f->stream));
	if (state == STREAM_END)
		return capture_broken(f, "the file ends in the middle of %s", what);
	return state;
}

uint64_t capture_time(const struct described *on, uint64_t stamp)
{
	uint64_t seconds = stamp / on->per_second, rest = stamp % on->per_second;

	return (seconds + (uint64_t)on->offset) * 1000000000ull +
	       (uint64_t)((unsigned __int128)rest * 1000000000ull / on->per_second);
}

/* --- one file --- */

static enum stream_state find_format(struct capture_file *f)
{
	enum stream_state state;
	const uint8_t *at;

	state = stream_look(f->stream, 4, &at);
	if (state == STREAM_END)
		return capture_broken(f, stream_rest(f->stream) ? "this is no capture file"
								: "the file is empty");
	if (state != STREAM_READY)
		return capture_missing(f, state, "its head");
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (formats[i]->is(at))
			f->format = formats[i];
	if (!f->format)
		return capture_broken(f, "this is no capture file: neither pcap nor pcapng, plain "
					 "or packed by gzip or zstd");
	return STREAM_READY;
}

static enum stream_state open_format(struct capture_file *f)
{
	enum stream_state state;

	do
		state = f->format ? f->format->open(f) : find_format(f);
	while (state == STREAM_WAIT || (state == STREAM_READY && !f->interfaces.n && !f->skip));
	return state;
}

static bool link_is_known(struct capture_file *f)
{
	const char *name = packet_link_refused(f->next.on->link_type);

	if (!name)
		return true;
	capture_broken(f,
		       "link type %u (%s) cannot be traced: those of Ethernet, raw IP, loopback, "
		       "Linux cooked and PPP can",
		       f->next.on->link_type, name);
	return false;
}

/* Moves to the next packet. WAIT: there is none yet. */
static enum stream_state step(struct source *s)
{
	struct capture_file *f = &s->file;
	enum stream_state state = stream_skip(f->stream, &f->skip);

	if (state == STREAM_READY)
		state = f->format->next(f);
	else
		state = capture_missing(f, state, "a packet");
	s->has_next = state == STREAM_READY && link_is_known(f);
	s->is_over = state != STREAM_WAIT && !s->has_next;
	if (!s->has_next)
		return state;
	f->backwards += f->next.time < f->last_time;
	f->last_time = f->next.time;
	return state;
}

static int open_source(struct source *s, const char *name, char *why, size_t why_size)
{
	struct capture_file *f = &s->file;
	int err;

	f->name = name;
	f->arena = arena_new();
	err = stream_open(name, &f->stream);
	if (err) {
		snprintf(why, why_size, "failed to open capture %s: %s", shown_name(f),
			 strerror(-err));
		return err;
	}
	if (open_format(f) != STREAM_READY) {
		snprintf(why, why_size, "%s", f->problem);
		return -EINVAL;
	}
	return 0;
}

static void close_source(struct source *s)
{
	vec_free(&s->file.interfaces);
	stream_close(s->file.stream);
	if (s->file.arena)
		arena_free(s->file.arena);
}

/* --- all of them --- */

int capture_open(const char *const *files, int n, struct capture **out, char *why, size_t why_size)
{
	struct capture *c = calloc(1, sizeof(*c));
	int err = 0;

	if (c)
		c->sources = calloc(n, sizeof(*c->sources));
	if (!c || !c->sources) {
		free(c);
		snprintf(why, why_size, "not enough memory");
		return -ENOMEM;
	}
	for (; c->n < n && !err; c->n++)
		err = open_source(&c->sources[c->n], files[c->n], why, why_size);
	if (err) {
		capture_close(c);
		return err;
	}
	*out = c;
	return 0;
}

void capture_close(struct capture *c)
{
	if (!c)
		return;
	for (int i = 0; i < c->n; i++)
		close_source(&c->sources[i]);
	free(c->sources);
	free(c);
}

enum capture_state capture_next(struct capture *c, struct capture_frame *out)
{
	struct source *first = NULL;

	if (c->taken)
		c->taken->has_next = false;
	c->taken = NULL;
	for (int i = 0; i < c->n; i++) {
		struct source *s = &c->sources[i];

		if (!s->has_next && !s->is_over && step(s) == STREAM_WAIT)
			return CAPTURE_WAIT;
		if (s->has_next && (!first || s->file.next.time < first->file.next.time))
			first = s;
	}
	if (!first)
		return CAPTURE_END;
	c->taken = first;
	*out = first->file.next;
	return CAPTURE_PACKET;
}

const char *capture_problem(const struct capture *c, int i)
{
	for (int n = 0; n < c->n; n++)
		if (c->sources[n].file.problem && i-- == 0)
			return c->sources[n].file.problem;
	return NULL;
}

uint64_t capture_backwards(const struct capture *c, int i, const char **name)
{
	if (i >= c->n)
		return *name = NULL, 0;
	*name = shown_name(&c->sources[i].file);
	return c->sources[i].file.backwards;
}

uint64_t capture_lost(const struct capture *c)
{
	uint64_t lost = 0;

	for (int i = 0; i < c->n; i++) {
		const struct capture_file *f = &c->sources[i].file;

		lost += f->lost;
		for (size_t k = 0; k < f->interfaces.n; k++)
			lost += f->interfaces.at[k]->lost;
	}
	return lost;
}
