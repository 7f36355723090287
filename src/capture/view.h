/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose packets a capture's are: sent by the host, received by it, or both ends
 * traced. By the direction that the file has, else by -x local and the
 * addresses of interfaces, else both.
 */
#pragma once

#include "capture/packet.h"

struct view;

/* local: ADDR[/LEN],… or NULL. NULL with a message: what it cannot read. */
struct view *view_new(const char *local, char *why, size_t why_size);
void view_free(struct view *v);
/* Whether the sender's end is traced, and the receiver's. */
void view_of(const struct view *v, const struct capture_frame *f, const struct wire_packet *p,
	     bool *sent, bool *received);
