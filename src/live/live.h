/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel engine: loads a compiled program, attaches it, brings its records
 * and aggregations to user space.  Links and maps belong to file descriptors of
 * this process alone: when it dies, however it dies, nothing stays attached.
 */
#pragma once

#include "base/options.h"
#include "program.h"

struct live;

/*
 * Before anything else: can this process and kernel do it? 0, or -errno with a
 * message in why: names the capability that is missing, or the kernel feature
 * (no BTF, no cgroup v2, …) and the way out. Checks only what p needs.
 */
int live_check(const struct program *p, char *why, size_t n);

/* Makes the maps, loads every program; nothing is attached yet. 0 or -errno, *why in words. */
int live_open(const struct program *p, const struct options *o, struct live **out, char *why,
	      size_t n);
/* Attaches all but ATTACH_TEST_RUN programs. On failure what was attached is detached again. */
int live_attach(struct live *l, char *why, size_t n);
void live_detach(struct live *l); /* synchronous: afterwards no program runs any more */
void live_close(struct live *l);  /* takes NULL */

/* Runs an ATTACH_TEST_RUN program once, in this process, on this CPU. 0 or -errno. */
int live_run(struct live *l, int program);

struct control *live_control(struct live *l); /* mapped: shared with the programs */

/* Every record since the last call, all CPUs, ordered by time. Returns how many. */
typedef void live_record_fn(void *arg, int cpu, const struct record_head *r);
int live_consume(struct live *l, live_record_fn *fn, void *arg);
/* Sleeps until timeout, or until a program asked to be heard (exit), or extra_fd (if >= 0) is
 * readable. */
void live_wait(struct live *l, uint64_t timeout_ns, int extra_fd);

/*
 * Takes what the programs have aggregated since the last drain: flips the
 * generation, waits until no program still writes to the old one, then reads
 * and empties it. fn gets each CPU's value of each key: key begins behind the
 * generation. Nothing aggregated is lost or counted twice.
 */
typedef void live_agg_fn(void *arg, int agg, const void *key, const int64_t *words);
int live_drain(struct live *l, live_agg_fn *fn, void *arg);

/* Losses since the last call, by CPU, for the drop lines; recursion misses of all programs
 * together. */
void live_drops(struct live *l, int cpu, struct drops *out);
uint64_t live_misses(struct live *l);
int live_ncpus(const struct live *l);
