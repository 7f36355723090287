/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * profile-N.  The kernel has a clock on each CPU; here one thread fires for all
 * of them.  It makes up for what it was late for, up to a second; what is later
 * than that is counted as missed.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "replay/feed.h"

#define CATCH_UP_NS 1000000000ull

uint64_t clocks_now(const struct replay *r)
{
	struct timespec t;

	if (r->feed)
		return feed_now(r->feed);
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

int clocks_start(struct replay *r)
{
	uint64_t now = clocks_now(r);

	r->clocks = calloc(r->p->nprograms + 1, sizeof(*r->clocks));
	if (!r->clocks)
		return -ENOMEM;
	for (int i = 0; i < r->p->nprograms; i++) {
		const struct hook_program *prog = &r->p->programs[i];

		if (prog->role == ROLE_PROFILE)
			r->clocks[r->nclocks++] = (struct clock){i, prog->probe->period_ns,
								 now + prog->probe->period_ns};
	}
	return 0;
}

static void skip_missed(struct replay *r, struct clock *c, uint64_t now)
{
	uint64_t late = now - c->next, periods = late / c->period;

	if (late <= CATCH_UP_NS || !periods)
		return;
	for (int cpu = 0; cpu < r->ncpus; cpu++)
		r->missed += r->online[cpu] ? periods : 0;
	c->next += periods * c->period;
}

static void fire(struct replay *r, struct clock *c)
{
	c->next += c->period;
	for (int cpu = 0; cpu < r->ncpus; cpu++)
		if (r->online[cpu] && replay_run_on(r, c->program, cpu))
			return;
}

/* The clock that is due first, or NULL. */
static struct clock *first_due(struct replay *r)
{
	struct clock *first = NULL;

	for (int i = 0; i < r->nclocks; i++)
		if (!first || r->clocks[i].next < first->next)
			first = &r->clocks[i];
	return first;
}

/* In order of time. No longer than to the time it was called at: others have something to do too.
 */
uint64_t clocks_run(struct replay *r)
{
	uint64_t now = clocks_now(r);
	struct clock *c;

	while ((c = first_due(r)) && c->next <= now && !r->machine.woken && !*r->fault) {
		skip_missed(r, c, now);
		fire(r, c);
	}
	return c ? c->next : UINT64_MAX;
}
