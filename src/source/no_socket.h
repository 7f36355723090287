/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TCP segment whose connection has no full socket: closed port, TIME_WAIT,
 * what the kernel sends on its own account.
 */
#pragma once

#include "source/sock.h"

struct no_socket {
	struct object object;
	int state;	/* register, kernel's number; -1: closed */
	int retransmit; /* register: the segment was sent before; -1: it was not */
	int cookie; /* register: of the connection, or of the listener whose request it is; -1: 0 */
	int net;    /* register: the namespace's address, perhaps 0; -1: not known */
};

extern const struct object_source source_no_socket;

void no_socket(struct no_socket *n);
/* Which it is, as the struct sock at an address (a register, perhaps 0) of TIME_WAIT or of a
 * request tells. */
void no_socket_of(struct emit *e, struct no_socket *n, int sk, const struct needs *needs);
