/* SPDX-License-Identifier: BSD-2-Clause */
/* How large an engine makes what a program leaves to it: the same whichever engine it is. */
#pragma once

#include "program/program.h"

/* Bytes of each CPU's ring: a power of two, at least a page. */
uint64_t engine_ring_size(const struct program *p, uint64_t bufsize);
/* MAP_SCRATCH with the entries of all CPUs. */
struct map_def engine_scratch(const struct map_def *m, int ncpus);
/* -err, and the sentence for the user. */
int engine_no_room(char *why, size_t n, int err, const struct map_def *m);
