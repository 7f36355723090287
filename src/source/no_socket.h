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
	int net;	/* register: the namespace's address, perhaps 0; -1: not known */
};

extern const struct object_source source_no_socket;

void no_socket(struct no_socket *n);
