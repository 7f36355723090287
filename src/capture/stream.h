/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of a file, unpacked if they are packed, in large pieces. What was not
 * skipped yet can be looked at again, so a reader that finds too little gives up and
 * begins anew when there is more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream;

/* 0 or -errno; "-": standard input. */
int stream_open(const char *name, struct stream **out);
void stream_close(struct stream *s); /* takes NULL */

enum stream_state {
	STREAM_READY, /* so many bytes are there */
	STREAM_WAIT,  /* not yet: the writer of a pipe has written less so far */
	STREAM_END,   /* the file ends before */
	STREAM_FAULT, /* it cannot be read, or what is packed is broken: stream_fault() */
};

#define STREAM_MAX (64u << 20) /* that can be looked at in one piece */

/* n bytes from here on, at *at until the next call; n at most STREAM_MAX. */
enum stream_state stream_look(struct stream *s, size_t n, const uint8_t **at);
/* Any number of bytes, seen or not: as many as there are, *n less. READY: all. */
enum stream_state stream_skip(struct stream *s, uint64_t *n);
/* Bytes that are there. */
size_t stream_rest(const struct stream *s);
uint64_t stream_offset(const struct stream *s); /* of the next byte, unpacked */
const char *stream_fault(const struct stream *s);
