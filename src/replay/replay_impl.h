/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the machine's engine share; nobody else includes this. */
#pragma once

#include "engine.h"
#include "replay/machine.h"

/* A profile-N: fires on every CPU that is online, one after the other. */
struct clock {
	int program;
	uint64_t period, next;
};

struct feed;

struct replay {
	struct engine engine;
	const struct program *p;
	bool is_captured; /* packets come from a capture: on one CPU, of a process that nobody knows
			   */
	int ncpus;
	bool *online;
	struct machine machine;
	uint8_t *context;   /* of every program: eight bytes of nothing */
	struct code *codes; /* of each program, and then of their parts */
	int ncodes;
	struct rings rings;
	struct control *control;
	struct feed *feed; /* a capture makes programs run; NULL: there is none */
	struct clock *clocks;
	int nclocks;
	uint64_t missed;	  /* firings, not yet told */
	struct drops *drops_seen; /* by CPU */
	char fault[1024];
};

static inline struct replay *replay_of(struct engine *e)
{
	return (struct replay *)e;
}

int replay_fail(char *why, size_t n, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Runs a program on a CPU; -EFAULT and r->fault. */
int replay_run_on(struct replay *r, int program, int cpu);
int replay_run_with(struct replay *r, int program, int cpu, const void *context);

/* setup.c */
int setup_machine(struct replay *r, const struct options *o, char *why, size_t n);

/* process.c: the contents of MAP_PROCESS and MAP_TASK */
void process_fill(struct process *p); /* this process */
void process_fill_unknown(struct process *p);
void process_fill_task(const struct program *p, const struct process *process, struct memory *m,
		       uint8_t *value);

/* clocks.c */
int clocks_start(struct replay *r);
/* Runs what is due; when the next is. UINT64_MAX: none. */
uint64_t clocks_run(struct replay *r);
uint64_t clocks_now(const struct replay *r);

/* drain.c */
int replay_drain(struct engine *e, engine_agg_fn *fn, void *arg);
