/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection whose socket is gone: what a map remembers of it. */
#pragma once

#include "source/tcp_socket.h"

struct kept_connection {
	struct object object;
	struct ends ends;
	int rcv_nxt, rcv_wnd;
	int cookie, zone, active, state, last; /* registers; states in the kernel's numbers */
};

extern const struct object_source source_kept_connection;

uint32_t kept_connection_size(void);
/* Copies what is kept into a map's value in the making, until a time. */
struct place kept_connection_store(struct emit *e, const struct tcp_socket *t,
				   const struct ends *ends, int until);
/* What such a value, at an address (a register), has; the states are the way's to set. */
void kept_connection_load(struct emit *e, struct kept_connection *k, int address);
