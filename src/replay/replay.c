/* SPDX-License-Identifier: BSD-2-Clause */
#include "replay/replay.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>

#include "engine/bug_report.h"
#include "replay/feed.h"
#include "replay/replay_impl.h"

int replay_fail(char *why, size_t n, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, n, fmt, ap);
	va_end(ap);
	return -err;
}

static int replay_check(const struct program *p, char *why, size_t n)
{
	for (int i = 0; i < p->nprograms; i++) {
		const struct hook *h = p->programs[i].hook;

		if ((h->attach != ATTACH_NONE && h->attach != ATTACH_PERF &&
		     h->attach != ATTACH_CAPTURE) ||
		    p->programs[i].role == ROLE_TIMEOUT)
			return replay_fail(
				why, n, EOPNOTSUPP,
				"engine=machine runs probes of dtrace and profile alone: "
				"this script needs %s, which only the kernel has",
				h->name);
	}
	return 0;
}

static void replay_close(struct engine *e)
{
	struct replay *r = replay_of(e);
	struct machine *m;

	if (!r)
		return;
	m = &r->machine;
	for (int i = 0; i < r->ncodes; i++)
		code_free(&r->codes[i]);
	for (int i = 0; m->maps && i < m->nmaps; i++)
		map_close(&m->maps[i]);
	feed_close(r->feed);
	free(r->codes);
	free(m->maps);
	ring_set_close(&m->rings);
	rings_free(&r->rings);
	memory_close(&m->memory);
	free(r->online);
	free(r->drops_seen);
	free(r->clocks);
	free(r);
}

static int replay_open(const struct program *p, const struct options *o, struct engine **out,
		       char *why, size_t n)
{
	struct replay *r = calloc(1, sizeof(*r));
	int err;

	*out = NULL;
	if (!r)
		return replay_fail(why, n, ENOMEM, "not enough memory");
	r->engine.calls = o->ncaptures ? &capture_engine : &replay_engine;
	r->p = p;
	r->is_captured = o->ncaptures > 0;
	err = setup_machine(r, o, why, n);
	if (!err && r->is_captured)
		err = feed_open(r, o, why, n);
	if (err) {
		replay_close(&r->engine);
		return err;
	}
	*out = &r->engine;
	return 0;
}

static int replay_attach(struct engine *e, char *why, size_t n)
{
	int err = clocks_start(replay_of(e));

	return err ? replay_fail(why, n, -err, "not enough memory") : 0;
}

static void replay_detach(struct engine *e)
{
	replay_of(e)->nclocks = 0;
}

/* What a developer needs goes to a file; its name, and what the program did, is the message. */
static void explain(struct replay *r, const struct hook_program *prog)
{
	const struct machine_fault *f = &r->machine.fault;
	char what[256], path[512];

	snprintf(what, sizeof(what), "instruction %u %s (address 0x%llx)", f->insn, f->what,
		 (unsigned long long)f->address);
	if (engine_bug_report(r->p, prog, f->code->source, what, what, path, sizeof(path)))
		snprintf(path, sizeof(path), "this script");
	snprintf(
		r->fault, sizeof(r->fault),
		"internal error: the machine stopped the program for %s: %s; please report it with %s",
		prog->hook->name, what, path);
}

int replay_run_with(struct replay *r, int program, int cpu, const void *context)
{
	uint64_t result;
	int err;

	r->machine.cpu = cpu;
	err = machine_run(&r->machine, &r->codes[program], (uintptr_t)context, &result);
	if (err && !*r->fault)
		explain(r, &r->p->programs[program]);
	return err;
}

int replay_run_on(struct replay *r, int program, int cpu)
{
	return replay_run_with(r, program, cpu, r->context);
}

static int replay_run(struct engine *e, int program)
{
	struct replay *r = replay_of(e);
	int cpu = r->feed ? 0 : sched_getcpu();

	if (cpu < 0 || cpu >= r->ncpus)
		cpu = 0;
	/* One ring for all CPUs: of those, we are on this one. */
	if (r->p->one_ring)
		r->rings.at[0].cpu = cpu;
	return replay_run_on(r, program, cpu);
}

static const char *replay_fault(const struct engine *e)
{
	const struct replay *r = (const struct replay *)e;

	return *r->fault ? r->fault : NULL;
}

static struct control *replay_control(struct engine *e)
{
	return replay_of(e)->control;
}

static int replay_consume(struct engine *e, engine_record_fn *fn, void *arg)
{
	struct replay *r = replay_of(e);

	return rings_empty(&r->rings) ? 0 : rings_consume(&r->rings, UINT64_MAX, fn, arg);
}

/* Until then, or extra_fd is readable: true. */
static bool sleep_until(const struct replay *r, uint64_t then, int extra_fd)
{
	struct pollfd fd = {.fd = extra_fd, .events = POLLIN};
	uint64_t now = clocks_now(r), ns = then > now ? then - now : 0;
	struct timespec ts = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};

	return ppoll(&fd, 1, &ts, NULL) > 0;
}

static void wait_for_time(struct replay *r, uint64_t end, int extra_fd)
{
	do {
		uint64_t due = clocks_run(r);

		if (r->machine.woken || *r->fault)
			break;
		if (sleep_until(r, due < end ? due : end, extra_fd))
			break;
	} while (clocks_now(r) < end);
}

/* With a capture nobody sleeps: its packets come, and with them its time. */
static void replay_wait(struct engine *e, uint64_t timeout_ns, int extra_fd)
{
	struct replay *r = replay_of(e);
	uint64_t now = clocks_now(r),
		 end = timeout_ns < UINT64_MAX - now ? now + timeout_ns : UINT64_MAX;

	if (!rings_sleep(&r->rings, r->control))
		return;
	if (r->feed) {
		uint64_t due = clocks_run(r);

		feed_run(r, due < end ? due : end);
	} else {
		wait_for_time(r, end, extra_fd);
	}
	r->machine.woken = false;
	rings_awake(r->control);
}

static bool replay_filling(struct engine *e)
{
	struct replay *r = replay_of(e);

	return rings_filling(&r->rings) || (r->feed && feed_filling(r));
}

static void replay_drops(struct engine *e, int cpu, struct drops *out)
{
	struct replay *r = replay_of(e);
	struct drops *seen = &r->drops_seen[cpu], now;
	struct map *map;

	*out = (struct drops){0};
	if (r->p->drops_map < 0)
		return;
	map = &r->machine.maps[r->p->drops_map];
	now = *(const struct drops *)map_copy(map, map->values, cpu);
	out->records = now.records - seen->records;
	out->aggregations = now.aggregations - seen->aggregations;
	out->dynamic = now.dynamic - seen->dynamic;
	out->errors = now.errors - seen->errors;
	out->connections = now.connections - seen->connections;
	out->speculations = now.speculations - seen->speculations;
	out->no_speculations = now.no_speculations - seen->no_speculations;
	*seen = now;
}

static uint64_t replay_misses(struct engine *e)
{
	struct replay *r = replay_of(e);
	uint64_t missed = r->missed;

	r->missed = 0;
	return missed;
}

static int replay_ncpus(const struct engine *e)
{
	return ((const struct replay *)e)->ncpus;
}

static uint64_t replay_now(const struct engine *e)
{
	return clocks_now((const struct replay *)e);
}

static const char *replay_remark(struct engine *e, int i, bool *failed)
{
	return feed_remark(replay_of(e)->feed, i, failed);
}

/* clang-format off */
#define REPLAY_CALLS                                                                               \
	.check = replay_check,                                                                     \
	.open = replay_open,                                                                       \
	.attach = replay_attach,                                                                   \
	.detach = replay_detach,                                                                   \
	.close = replay_close,                                                                     \
	.run = replay_run,                                                                         \
	.control = replay_control,                                                                 \
	.consume = replay_consume,                                                                 \
	.wait = replay_wait,                                                                       \
	.filling = replay_filling,                                                                 \
	.drain = replay_drain,                                                                     \
	.drops = replay_drops,                                                                     \
	.misses = replay_misses,                                                                   \
	.ncpus = replay_ncpus,                                                                     \
	.fault = replay_fault
/* clang-format on */

const struct engine_calls replay_engine = {
	.name = "machine",
	REPLAY_CALLS,
	.missed = "the machine was too slow",
};

const struct engine_calls capture_engine = {
	.name = "capture",
	REPLAY_CALLS,
	.now = replay_now,
	.remark = replay_remark,
};
