/* SPDX-License-Identifier: BSD-2-Clause */
/* Why and where the kernel dropped a packet: struct net_drop of dlib/net.d, at kfree_skb. */
#pragma once

#include "source/packet.h"

struct drop {
	struct object object;
};

extern const struct object_source source_drop;

void drop_of_tracepoint(struct drop *d);
int drop_reason(struct emit *e); /* register: the kernel's number */
/* Branches for those of these reasons (names, the last NULL) that this kernel has. */
void drop_branch(struct emit *e, const char *const *names, int label);
