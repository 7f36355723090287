/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TCP connections of a capture: the state of both ends by RFC 9293, from what is
 * seen. A segment is told of to both: it fires what its sender's end does, then
 * what its receiver's does.
 *
 * The order that scripts can rely on, as in a running kernel: at the sender's end
 * state-change, connect-request, send (and retransmit behind it); at the
 * receiver's receive, then the change that it causes, connect-established,
 * accept-established, connect-refused, accept-refused.
 */
#pragma once

#include "capture/event.h"
#include "capture/packet.h"

struct segment {
	uint64_t time;
	uint8_t version;
	const uint8_t *source, *destination; /* addresses */
	const uint8_t *tcp;		     /* header with as many options as are there */
	uint32_t tcp_size;		     /* bytes of it that are there */
	uint32_t payload;		     /* bytes on the wire */
	bool traced[2];			     /* whether the sender's, the receiver's end is */
};

/* What a flow tells at one end; the end is as a script must see it now. peer_is_source: the end at
 * hand is the segment's receiver. */
struct flow_told {
	enum captured_kind kind;
	bool at_receiver;
	uint64_t cookie;
	const struct captured_end *end;
};

typedef void flow_fn(void *arg, const struct flow_told *told);

struct flows;

struct flows *flows_new(uint64_t timeout_ns); /* NULL: no memory */
void flows_free(struct flows *f);
/* False: there was no memory for the connection. */
bool flows_segment(struct flows *f, const struct segment *s, flow_fn *fn, void *arg);
/* Gaps in the sequence space of connections: segments that the capture has not. */
uint64_t flows_gaps(const struct flows *f);
