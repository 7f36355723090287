/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the kernel engine share; nobody else includes this. */
#pragma once

#include <stdio.h>

#include "engine.h"
#include "live/ring_maps.h"

struct fill;

struct live {
	struct engine engine;
	const struct program *p;
	int ncpus;     /* possible ones: per-CPU values have that many parts */
	int *map_fds;  /* one for each of p->maps */
	int *prog_fds; /* one for each of p->programs */
	int *links;    /* what close() detaches; perf events too */
	int nlinks, links_cap;
	struct control *control; /* mapped; NULL without MAP_CONTROL */
	struct ring_maps rings;
	int *ring_fds;		  /* the inner maps, by CPU */
	struct fill *fill;	  /* rings on their way into the map of rings */
	int grace_map[2];	  /* a map of maps and the map in it: see grace.c */
	struct drops *drops_seen; /* by CPU */
	uint64_t misses_seen;
};

static inline struct live *live_of(struct engine *e)
{
	return (struct live *)e;
}

/* live.c: the table's functions; tests call them by name. */
int live_check(const struct program *p, char *why, size_t n);
int live_open(const struct program *p, const struct options *o, struct engine **out, char *why,
	      size_t n);
int live_attach(struct engine *e, char *why, size_t n);
void live_detach(struct engine *e);
void live_close(struct engine *e); /* takes NULL */
int live_run(struct engine *e, int program);
int live_time_out(struct engine *e, int program, uint64_t ahead);
struct control *live_control(struct engine *e);
int live_consume(struct engine *e, engine_record_fn *fn, void *arg);
void live_wait(struct engine *e, uint64_t timeout_ns, int extra_fd);
bool live_filling(struct engine *e);
int live_drain(struct engine *e, engine_agg_fn *fn, void *arg);
void live_drops(struct engine *e, int cpu, struct drops *out);
uint64_t live_misses(struct engine *e);
int live_ncpus(const struct engine *e);

/* Formats why and gives -err, for `return live_fail(...)`. */
int live_fail(char *why, size_t n, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

int *fds_new(int n); /* all -1 */

/* maps.c */
int maps_create(struct live *l, const struct options *o, char *why, size_t n);

/* fill.c: puts the rings into their map without waiting for what the kernel waits for. */
int fill_start(struct fill **out, int map, const int *fds, int nfds);
int fill_wait(struct fill *f);	/* until every ring is in; 0 or -errno */
void fill_free(struct fill *f); /* takes NULL */

/* grace.c: no program that ran when it was called still runs when it returns. */
int grace_init(struct live *l);
int grace_wait(struct live *l);

/* load.c, attach.c */
int load_programs(struct live *l, char *why, size_t n);
int attach_programs(struct live *l, char *why, size_t n);
int iterate(int prog); /* a program of ATTACH_ITER, once for all elements */
