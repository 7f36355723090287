/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the kernel engine share; nobody else includes this. */
#pragma once

#include <stdio.h>

#include "live/live.h"
#include "live/rings.h"

struct fill;

struct live {
	const struct program *p;
	int ncpus;     /* possible ones: per-CPU values have that many parts */
	int *map_fds;  /* one for each of p->maps */
	int *prog_fds; /* one for each of p->programs */
	int *links;    /* what close() detaches; perf events too */
	int nlinks, links_cap;
	struct control *control; /* mapped; NULL without MAP_CONTROL */
	struct rings rings;
	int *ring_fds;		  /* the inner maps, by CPU */
	struct fill *fill;	  /* rings on their way into the map of rings */
	int grace_map[2];	  /* a map of maps and the map in it: see grace.c */
	struct drops *drops_seen; /* by CPU */
	uint64_t misses_seen;
};

/* Formats why and gives -err, for `return live_fail(...)`. */
int live_fail(char *why, size_t n, int err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

int *fds_new(int n); /* all -1 */

/* maps.c */
int maps_create(struct live *l, const struct options *o, char *why, size_t n);
uint64_t maps_ring_size(const struct program *p, uint64_t bufsize);

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
