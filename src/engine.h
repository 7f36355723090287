/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an engine offers: it runs a compiled program and brings its records and
 * aggregations home.  The session knows engines by this table alone.
 *
 * Functions that can fail give 0 or -errno; those with a why also a message for
 * the user, that names what is missing and the way out.
 */
#pragma once

#include "base/options.h"
#include "program/program.h"

/* Every engine's own struct begins with this. */
struct engine {
	const struct engine_calls *calls;
};

typedef void engine_record_fn(void *arg, int cpu, const struct record_head *r);
typedef void engine_agg_fn(void *arg, int agg, const void *key, const int64_t *words);

struct engine_calls {
	const char *name;

	/* Before anything else: can this process and system run p? Looks at what p needs alone. */
	int (*check)(const struct program *p, char *why, size_t n);
	/* Makes the maps and loads the programs; nothing fires yet. */
	int (*open)(const struct program *p, const struct options *o, struct engine **out,
		    char *why, size_t n);
	/* Attaches all that the consumer does not run itself: all of it or nothing. */
	int (*attach)(struct engine *e, char *why, size_t n);
	/* Synchronous: afterwards no program runs any more. */
	void (*detach)(struct engine *e);
	void (*close)(struct engine *e);

	/* Runs a program of the consumer's once, in this process, on this CPU; one of an iterator
	 * once for each element. */
	int (*run)(struct engine *e, int program);
	/* Runs a program of ROLE_TIMEOUT for each element whose time is over. NULL: none ever is.
	 */
	int (*time_out)(struct engine *e, int program, uint64_t ahead);
	/* Shared with the programs. */
	struct control *(*control)(struct engine *e);

	/* Every record since the last call, all CPUs, ordered by time. Returns how many. */
	int (*consume)(struct engine *e, engine_record_fn *fn, void *arg);
	/* Sleeps until the time is over, a program asks to be heard (exit), records fill more than
	 * half of what there is for them, or extra_fd (if >= 0) is readable. */
	void (*wait)(struct engine *e, uint64_t timeout_ns, int extra_fd);
	/* The time of what is traced, ns since 1970, that ticks and wait() go by. NULL: it is the
	 * system's, CLOCK_MONOTONIC. */
	uint64_t (*now)(const struct engine *e);
	/* After the last event: what there is to say of where they came from, from i = 0 on; NULL:
	 * nothing (more). *failed: not all of it could be traced. NULL here: nothing ever is said.
	 */
	const char *(*remark)(struct engine *e, int i, bool *failed);
	/* Records fill more than half: they are to be consumed now. */
	bool (*filling)(struct engine *e);
	/*
	 * Takes what was aggregated since the last drain: each CPU's value of each
	 * key; key begins behind the generation. Nothing is lost or counted twice.
	 */
	int (*drain)(struct engine *e, engine_agg_fn *fn, void *arg);

	/* Losses since the last call: of one CPU, and firings of all programs that did not happen
	 * because a program was interrupted by itself. */
	void (*drops)(struct engine *e, int cpu, struct drops *out);
	uint64_t (*misses)(struct engine *e);
	int (*ncpus)(const struct engine *e);

	/* Why firings were missed, in words. */
	const char *missed;
	/* A program that had to be stopped, which is a fault of the compiler: the message for the
	 * user, or NULL. No fault: NULL here too (the kernel sees to it before anything runs). */
	const char *(*fault)(const struct engine *e);
};
