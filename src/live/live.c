/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel engine's life: open, attach, run, detach, close.  The order in
 * live_open() is that of the costs: the rings' map fills in the background
 * while the programs load.
 */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "live/live.h"
#include "live/live_impl.h"

/*
 * Between taking its time and writing its record a program needs microseconds,
 * more if interrupted. A batch starts this long after the time up to which it
 * goes; only a program preempted for longer comes out of order.
 */
#define ORDER_SLACK_NS 1000000

int live_fail(char *why, size_t n, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, n, fmt, ap);
	va_end(ap);
	return -err;
}

int *fds_new(int n)
{
	int *fds = malloc((n ? n : 1) * sizeof(*fds));

	if (fds)
		memset(fds, 0xff, n * sizeof(*fds));
	return fds;
}

static void fds_free(int *fds, int n)
{
	for (int i = 0; fds && i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(fds);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static int live_init(struct live *l, const struct program *p)
{
	l->engine.calls = &live_engine;
	l->p = p;
	l->rings.epoll_fd = -1;
	l->grace_map[0] = l->grace_map[1] = -1;
	l->ncpus = libbpf_num_possible_cpus();
	if (l->ncpus <= 0)
		return -ENODEV;
	l->map_fds = fds_new(p->nmaps);
	l->prog_fds = fds_new(p->nprograms);
	l->drops_seen = calloc(l->ncpus, sizeof(*l->drops_seen));
	return l->map_fds && l->prog_fds && l->drops_seen ? 0 : -ENOMEM;
}

int live_open(const struct program *p, const struct options *o, struct engine **out, char *why,
	      size_t n)
{
	struct live *l = calloc(1, sizeof(*l));
	int err;

	*out = NULL;
	if (!l)
		return live_fail(why, n, ENOMEM, "not enough memory");
	err = live_init(l, p);
	if (!err)
		err = grace_init(l);
	if (err) {
		live_fail(why, n, -err, "cannot set up BPF: %s", strerror(-err));
		goto err;
	}
	err = maps_create(l, o, why, n);
	if (err)
		goto err;
	err = load_programs(l, why, n);
	if (err)
		goto err;
	if (l->fill) {
		err = fill_wait(l->fill);
		if (err) {
			live_fail(why, n, -err, "cannot set up the record buffers: %s",
				  strerror(-err));
			goto err;
		}
	}
	*out = &l->engine;
	return 0;
err:
	live_close(&l->engine);
	return err;
}

int live_attach(struct engine *e, char *why, size_t n)
{
	struct live *l = live_of(e);
	int err = attach_programs(l, why, n);

	if (err)
		live_detach(e);
	return err;
}

void live_detach(struct engine *e)
{
	struct live *l = live_of(e);
	if (!l->nlinks)
		return;
	while (l->nlinks)
		close(l->links[--l->nlinks]);
	/* Fails only for want of the maps that live_open() made. */
	grace_wait(l);
}

void live_close(struct engine *e)
{
	struct live *l = live_of(e);

	if (!l)
		return;
	fds_free(l->links, l->nlinks);
	fds_free(l->prog_fds, l->p->nprograms);
	fill_free(l->fill);
	ring_maps_close(&l->rings);
	fds_free(l->ring_fds, l->ring_fds ? l->ncpus : 0);
	if (l->control)
		munmap(l->control, sizeof(*l->control));
	fds_free(l->map_fds, l->p->nmaps);
	for (int i = 0; i < 2; i++)
		if (l->grace_map[i] >= 0)
			close(l->grace_map[i]);
	free(l->drops_seen);
	free(l);
}

int live_run(struct engine *e, int program)
{
	struct live *l = live_of(e);
	/* Without one the context would be NULL, and scratch memory is taken by its address. */
	uint64_t context = 0;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = &context, .ctx_size_in = sizeof(context));

	if (l->p->programs[program].hook->attach == ATTACH_ITER)
		return iterate(l->prog_fds[program]);
	/* One ring for all CPUs: of those, we are on this one. */
	if (l->p->one_ring)
		l->rings.rings.at[0].cpu = sched_getcpu();
	return bpf_prog_test_run_opts(l->prog_fds[program], &opts) ? -errno : 0;
}

struct control *live_control(struct engine *e)
{
	return live_of(e)->control;
}

int live_consume(struct engine *e, engine_record_fn *fn, void *arg)
{
	struct live *l = live_of(e);
	const struct timespec slack = {.tv_nsec = ORDER_SLACK_NS};
	uint64_t horizon = UINT64_MAX;

	if (rings_empty(&l->rings.rings)) {
		l->rings.rings.busy = false;
		return 0;
	}
	if (l->nlinks) {
		horizon = clock_ns(CLOCK_MONOTONIC);
		nanosleep(&slack, NULL);
	}
	return rings_consume(&l->rings.rings, horizon, fn, arg);
}

void live_wait(struct engine *e, uint64_t timeout_ns, int extra_fd)
{
	struct live *l = live_of(e);

	if (rings_sleep(&l->rings.rings, l->control))
		ring_maps_wait(&l->rings, timeout_ns, extra_fd);
	rings_awake(l->control);
}

bool live_filling(struct engine *e)
{
	return rings_filling(&live_of(e)->rings.rings);
}

void live_drops(struct engine *e, int cpu, struct drops *out)
{
	struct live *l = live_of(e);
	struct drops *seen = &l->drops_seen[cpu], *all, now = {0};
	uint32_t key = 0;

	*out = now;
	if (l->p->drops_map < 0)
		return;
	all = calloc(l->ncpus, sizeof(*all));
	if (!all || bpf_map_lookup_elem(l->map_fds[l->p->drops_map], &key, all)) {
		free(all);
		return;
	}
	now = all[cpu];
	free(all);
	out->records = now.records - seen->records;
	out->aggregations = now.aggregations - seen->aggregations;
	out->dynamic = now.dynamic - seen->dynamic;
	out->errors = now.errors - seen->errors;
	out->connections = now.connections - seen->connections;
	out->speculations = now.speculations - seen->speculations;
	out->no_speculations = now.no_speculations - seen->no_speculations;
	*seen = now;
}

uint64_t live_misses(struct engine *e)
{
	struct live *l = live_of(e);
	uint64_t sum = 0, before = l->misses_seen;

	for (int i = 0; i < l->p->nprograms; i++) {
		struct bpf_prog_info info = {0};
		uint32_t len = sizeof(info);

		if (!bpf_obj_get_info_by_fd(l->prog_fds[i], &info, &len))
			sum += info.recursion_misses;
	}
	l->misses_seen = sum;
	return sum - before;
}

int live_ncpus(const struct engine *e)
{
	return ((const struct live *)e)->ncpus;
}

const struct engine_calls live_engine = {
	.name = "kernel",
	.check = live_check,
	.open = live_open,
	.attach = live_attach,
	.detach = live_detach,
	.close = live_close,
	.run = live_run,
	.time_out = live_time_out,
	.control = live_control,
	.consume = live_consume,
	.wait = live_wait,
	.filling = live_filling,
	.drain = live_drain,
	.drops = live_drops,
	.misses = live_misses,
	.ncpus = live_ncpus,
	.missed = "a program was interrupted by itself",
};
