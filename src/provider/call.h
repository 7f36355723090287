/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls, and requests of io_uring, that send on a socket or receive from one. */
#pragma once

#include "source/sock.h"

/* Bits. */
enum call_direction { CALL_SENDS = 1, CALL_RECEIVES = 2, CALL_CONNECTS = 4 };

/* The internet socket (struct sock, to be peeked at) that the call at hand is about; skips other
 * calls. */
struct place call_socket(struct emit *e, unsigned directions, int skip);
/* The same of a ring's request that begins (tp_btf/io_uring_file_get). */
struct place uring_socket(struct emit *e, unsigned directions, int skip);
