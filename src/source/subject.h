/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that an event of a socket is about, where the current task is whoever was
 * interrupted: the socket's owner. */
#pragma once

#include "source/sock.h"

struct subject {
	struct object object;
	int sk;	    /* register */
	int thread; /* register: whose thread-local variables the event sees */
};

extern const struct object_source source_subject;

/* The owner of the tracepoint's first argument, a socket with this cookie (a thread of its own). */
void subject_of_argument(struct emit *e, struct subject *s, int cookie);
