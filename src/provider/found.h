/* SPDX-License-Identifier: BSD-2-Clause */
/* iter/task_file: the sockets that processes have when probes begin to fire. */
#pragma once

#include "source/sock.h"

/* Whose file it is (struct task_struct). */
struct place found_task(struct emit *e, int skip);
/* The socket of the open file at hand (struct sock); skips other files. */
struct place found_sock(struct emit *e, int skip);
/* The socket of the open file at hand; skips other files, and a socket that has been found before
 * for the same purpose (a bit), by another descriptor or in another process. */
struct place found_socket(struct emit *e, unsigned purpose, int skip);
