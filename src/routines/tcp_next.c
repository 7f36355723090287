/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sequence number TCP expects, followed segment by segment: see
 * source/tcp_next.c, which calls this, and RFC 9293 section 3.10.7.4.
 */
#include "routines/tcp_next.h"

#define INLINE static inline __attribute__((always_inline))

/* a lies behind b in sequence space */
INLINE uint64_t after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* Keeps a segment beyond the number expected: as a range, with those that it touches. */
INLINE void keep(struct tcp_next *n, uint32_t seq, uint32_t end)
{
#pragma unroll
	for (int i = 0; i < TCP_NEXT_RANGES; i++) {
		uint32_t from = n->range[i].from, to = n->range[i].to;

		if (from == to || after(seq, to) || after(from, end))
			continue;
		if (after(seq, from))
			seq = from;
		if (after(to, end))
			end = to;
		n->range[i].from = n->range[i].to = 0;
	}
#pragma unroll
	for (int i = 0; i < TCP_NEXT_RANGES; i++) {
		if (n->range[i].from != n->range[i].to)
			continue;
		n->range[i].from = seq;
		n->range[i].to = end;
		return;
	}
}

/* Where the ranges lead on from `at`; those that it passes are forgotten. No two touch, so one look
 * is enough. */
INLINE uint32_t absorb(struct tcp_next *n, uint32_t at)
{
#pragma unroll
	for (int i = 0; i < TCP_NEXT_RANGES; i++) {
		uint32_t from = n->range[i].from, to = n->range[i].to;

		if (from == to || after(from, at))
			continue;
		if (after(to, at))
			at = to;
		n->range[i].from = n->range[i].to = 0;
	}
	return at;
}

/*
 * The number expected before the segment [seq, end). waits: TCP may not have
 * processed all that came before, so what was followed counts if it is ahead of
 * rcv_nxt. Writes only what it moves: two CPUs may be here with one connection.
 */
uint64_t tcp_next(struct tcp_next *n, uint64_t rcv_nxt, uint64_t seq, uint64_t end, uint64_t waits)
{
	uint32_t expected = (uint32_t)rcv_nxt, at;

	if (waits && n->known && after(n->expected, expected))
		expected = n->expected;
	/* the ranges that TCP is done with, or that begin right here by now */
	at = absorb(n, expected);
	if (waits)
		expected = at;
	if ((uint32_t)seq == (uint32_t)end)
		return expected;
	if (after((uint32_t)seq, expected)) {
		keep(n, (uint32_t)seq, (uint32_t)end);
		return expected;
	}
	if (!after((uint32_t)end, expected))
		return expected;
	n->expected = absorb(n, (uint32_t)end);
	n->known = 1;
	return expected;
}
