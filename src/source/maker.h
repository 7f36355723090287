/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that made a socket, kept with the socket and with those accepted
 * from it: for events whose current task is whoever was interrupted.
 */
#pragma once

#include "source/sock.h"

struct maker {
	struct object object;
	int name[2], pid, uid; /* registers */
	int thread;	       /* register: whose thread-local variables the event sees */
};

extern const struct object_source source_maker;

/* Keeps the task that the event is about, unless one is kept already and again is false; sk: a
 * register with what the kernel's helper takes. */
void maker_keep(struct emit *e, int sk, bool again);
/* The one kept with the socket (pid -1, "<unknown>": none), and its cookie, a thread of its own. */
void maker_of_socket(struct emit *e, struct maker *p, int sk, int cookie);
