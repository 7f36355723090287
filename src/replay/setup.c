/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine of a program: its memory in one piece, the maps in it, and the
 * programs decoded for them.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cpus.h"
#include "engine/limits.h"
#include "replay/feed.h"
#include "replay/helper.h"
#include "replay/replay_impl.h"

#define CONTEXT_SIZE 8

static bool is_read_only(enum map_role role)
{
	return role == MAP_DATA || role == MAP_PROCESS || role == MAP_TASK;
}

/* A map as it is made: what the program leaves to the engine is settled. */
static struct map_def settled(const struct replay *r, const struct map_def *d)
{
	return d->role == MAP_SCRATCH ? engine_scratch(d, r->ncpus) : *d;
}

static int nrings(const struct replay *r)
{
	return r->p->rings_map < 0 ? 0 : r->p->one_ring ? 1 : r->ncpus;
}

static uint64_t total_room(const struct replay *r, uint64_t ring_size)
{
	uint64_t sum = machine_stack_room() + memory_room(CONTEXT_SIZE) + 64 + feed_room() +
		       ring_set_room(ring_size, nrings(r)) + memory_room(0);

	for (int i = 0; i < r->p->nmaps; i++) {
		struct map_def d = settled(r, &r->p->maps[i]);

		sum += map_room(&d, r->ncpus) + 16;
	}
	return sum;
}

static void fill(struct replay *r, const struct map_def *d, struct map *map)
{
	struct process process;

	if (d->role == MAP_DATA && d->init)
		memcpy(map->values, d->init, d->value_size);
	if (d->role != MAP_PROCESS && d->role != MAP_TASK)
		return;
	if (r->is_captured)
		process_fill_unknown(&process);
	else
		process_fill(&process);
	if (d->role == MAP_PROCESS) {
		memcpy(map->values, &process, sizeof(process));
		return;
	}
	memory_forbid(&r->machine.memory, map->values, d->value_size);
	process_fill_task(r->p, &process, &r->machine.memory, map->values);
}

static int make_map(struct replay *r, int i)
{
	struct machine *m = &r->machine;
	struct map_def d = settled(r, &r->p->maps[i]);
	int err;

	if (d.role == MAP_RINGS) {
		m->maps[i] = (struct map){.type = d.type,
					  .key_size = d.key_size,
					  .max_entries = r->ncpus,
					  .rings = &m->maps[r->p->nmaps]};
		return 0;
	}
	err = map_open(&m->maps[i], &m->memory, &d, r->ncpus);
	if (!err)
		fill(r, &d, &m->maps[i]);
	return err;
}

static int make_maps(struct replay *r, bool read_only, char *why, size_t n)
{
	for (int i = 0; i < r->p->nmaps; i++) {
		const struct map_def *d = &r->p->maps[i];
		int err = is_read_only(d->role) == read_only ? make_map(r, i) : 0;

		if (err == -ENOMEM)
			return engine_no_room(why, n, ENOMEM, d);
		if (err)
			return replay_fail(why, n, -err,
					   "internal error: the machine has no map like %s",
					   d->name);
	}
	return 0;
}

static int make_rings(struct replay *r, uint64_t size)
{
	struct machine *m = &r->machine;

	for (int i = 0; i < nrings(r); i++)
		m->maps[r->p->nmaps + i] = (struct map){.type = BPF_MAP_TYPE_RINGBUF, .ring = i};
	return nrings(r) ? ring_set_open(&m->rings, &m->memory, size, nrings(r), &r->rings) : 0;
}

static int make_memory(struct replay *r, const struct options *o, char *why, size_t n)
{
	struct machine *m = &r->machine;
	uint64_t ring_size = engine_ring_size(r->p, o->bufsize);
	int err = memory_open(&m->memory, total_room(r, ring_size));

	m->maps = calloc(r->p->nmaps + nrings(r) + 1, sizeof(*m->maps));
	m->nmaps = r->p->nmaps + nrings(r);
	if (err || !m->maps)
		return replay_fail(
			why, n, ENOMEM,
			"not enough memory: make bufsize, aggsize or dynvarsize smaller");
	err = make_maps(r, true, why, n);
	if (err)
		return err;
	memory_write_from_here(&m->memory);
	err = machine_stack_open(m);
	r->context = memory_take(&m->memory, CONTEXT_SIZE, 8);
	if (!err && !r->context)
		err = -ENOMEM;
	if (!err) {
		memory_allow(&m->memory, r->context, CONTEXT_SIZE);
		err = make_maps(r, false, why, n);
		if (err)
			return err;
		err = make_rings(r, ring_size);
	}
	return err ? replay_fail(why, n, -err, "cannot set up the machine's memory: %s",
				 strerror(-err))
		   : 0;
}

static int decode(struct replay *r, const struct hook_program *prog, const struct ir_code *source,
		  struct code **out, char *why, size_t n)
{
	const struct decoding with = {r->machine.maps, r->machine.nmaps, helper_find, false};
	char reason[128];
	int err;

	*out = &r->codes[r->ncodes++];
	err = code_decode(*out, source, &with, reason, sizeof(reason));
	return err ? replay_fail(why, n, -err,
				 "internal error: the machine refused the program for %s: %s; "
				 "please report it",
				 prog->hook->name, reason)
		   : 0;
}

static int decode_parts(struct replay *r, const struct hook_program *prog, char *why, size_t n)
{
	for (int i = 0; i < prog->nparts; i++) {
		struct code *code;
		int err;

		if (!prog->parts[i].ninsns) /* a way that only prepares something */
			continue;
		err = decode(r, prog, &prog->parts[i], &code, why, n);
		if (err)
			return err;
		r->machine.maps[prog->progs_map].programs[i] = code;
	}
	return 0;
}

static int decode_programs(struct replay *r, char *why, size_t n)
{
	const struct program *p = r->p;
	int count = p->nprograms, err = 0;
	struct code *code;

	for (int i = 0; i < p->nprograms; i++)
		count += p->programs[i].nparts;
	r->codes = calloc(count + 1, sizeof(*r->codes));
	if (!r->codes)
		return replay_fail(why, n, ENOMEM, "not enough memory");
	for (int i = 0; i < p->nprograms && !err; i++)
		err = decode(r, &p->programs[i], &p->programs[i].code, &code, why, n);
	for (int i = 0; i < p->nprograms && !err; i++)
		err = decode_parts(r, &p->programs[i], why, n);
	return err;
}

int setup_machine(struct replay *r, const struct options *o, char *why, size_t n)
{
	int err = 0;

	r->ncpus = r->is_captured ? 1 : cpus_possible();
	r->online = calloc(r->ncpus, sizeof(*r->online));
	r->drops_seen = calloc(r->ncpus, sizeof(*r->drops_seen));
	if (!r->online || !r->drops_seen)
		return replay_fail(why, n, ENOMEM, "not enough memory");
	cpus_online(r->online, r->ncpus);
	err = make_memory(r, o, why, n);
	if (err)
		return err;
	if (r->p->control_map >= 0)
		r->control = (struct control *)r->machine.maps[r->p->control_map].values;
	rings_awake(r->control);
	return decode_programs(r, why, n);
}
