/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's ring buffers in this process's memory, and the wait for them. */
#pragma once

#include "engine/rings.h"

struct ring_maps {
	struct rings rings;
	int epoll_fd; /* -1: none */
};

/* Maps n ring buffers (fds and sizes by CPU). 0 or -errno; ring_maps_close() in any case. */
int ring_maps_open(struct ring_maps *rm, const int *fds, const uint64_t *sizes, int n);
void ring_maps_close(struct ring_maps *rm);
/* Until a program wakes us, extra_fd (if >= 0) is readable, or the time is over. */
void ring_maps_wait(struct ring_maps *rm, uint64_t timeout_ns, int extra_fd);
