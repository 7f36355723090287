/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A captured packet: struct captured of dlib/capture.d, which is the program's
 * context. It lies in memory, so its members need no code of their own.
 */
#pragma once

#include "source/source.h"

struct captured_packet {
	struct object object;
	int context; /* register */
};

/* version 0: whatever the packet's is; else NULL unless it is that one */
void captured_packet(struct emit *e, struct captured_packet *c, int version);
