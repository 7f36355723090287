/* SPDX-License-Identifier: BSD-2-Clause */
#include "replay/helper.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "replay/machine.h"

#define UNUSED __attribute__((unused))
#define HELPER(name)                                                                               \
	static uint64_t name(UNUSED struct machine *m, UNUSED uint64_t a, UNUSED uint64_t b,       \
			     UNUSED uint64_t c, UNUSED uint64_t d, UNUSED uint64_t e)

static bool has_elements(struct machine *m, const struct map *map, uint64_t address)
{
	if (map->type != BPF_MAP_TYPE_PROG_ARRAY && map->type != BPF_MAP_TYPE_RINGBUF)
		return true;
	machine_stop(m, "looks for an element in a map that has none", address);
	return false;
}

HELPER(lookup)
{
	struct map *map = machine_map(m, a);
	const void *key = map ? machine_input(m, b, map->key_size) : NULL;
	uint32_t index;

	if (!key || !has_elements(m, map, a))
		return 0;
	if (map->type != BPF_MAP_TYPE_ARRAY_OF_MAPS)
		return (uintptr_t)map_lookup(map, m->cpu, key);
	memcpy(&index, key, sizeof(index));
	return index < map->max_entries ? (uintptr_t)&map->rings[index] : 0;
}

HELPER(update)
{
	struct map *map = machine_map(m, a);
	const void *key = map ? machine_input(m, b, map->key_size) : NULL;
	const void *value = key ? machine_input(m, c, map->value_size) : NULL;

	if (!value || !has_elements(m, map, a))
		return 0;
	if (map->type == BPF_MAP_TYPE_ARRAY_OF_MAPS)
		return machine_stop(m, "changes an array of maps", a);
	return (uint64_t)map_update(map, &m->memory, m->cpu, key, value, d);
}

HELPER(delete)
{
	struct map *map = machine_map(m, a);
	const void *key = map ? machine_input(m, b, map->key_size) : NULL;

	if (!key || !has_elements(m, map, a))
		return 0;
	return (uint64_t)map_delete(map, key);
}

/* What is not the machine's is memory of a kernel, which it does not have: as an address that
 * leads nowhere. */
HELPER(probe_read)
{
	uint8_t *to = machine_output(m, a, b);

	if (!to)
		return 0;
	if (!memory_may_read(&m->memory, c, b)) {
		memset(to, 0, b);
		return (uint64_t)-EFAULT;
	}
	memmove(to, (const void *)(uintptr_t)c, b);
	return 0;
}

/* The length with the NUL that is always there. */
HELPER(probe_read_str)
{
	uint8_t *to = machine_output(m, a, b);
	uint64_t n = 0;

	if (!to || !b)
		return 0;
	for (; n < b; n++) {
		if (!memory_reads(&m->memory, c + n, 1)) {
			memset(to, 0, b);
			return (uint64_t)-EFAULT;
		}
		to[n] = *(const uint8_t *)(uintptr_t)(c + n);
		if (!to[n])
			return n + 1;
	}
	to[b - 1] = 0;
	return b;
}

/* There is no process whose memory it could be. */
HELPER(probe_read_user)
{
	uint8_t *to = machine_output(m, a, b);

	if (!to)
		return 0;
	memset(to, 0, b);
	return (uint64_t)-EFAULT;
}

HELPER(ktime)
{
	struct timespec t;

	if (m->time)
		return m->time;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

HELPER(processor)
{
	return m->cpu;
}

HELPER(random)
{
	uint32_t number = 0;

	if (getrandom(&number, sizeof(number), 0) < 0)
		return 0;
	return number;
}

HELPER(reserve)
{
	struct map *map = machine_map(m, a);
	uint64_t record;

	if (!map)
		return 0;
	if (map->type != BPF_MAP_TYPE_RINGBUF || c)
		return machine_stop(m, "reserves a record in what is no ring", a);
	record = ring_reserve(&m->rings, &m->memory, map->ring, b);
	m->reserved += record != 0;
	return record;
}

static uint64_t commit(struct machine *m, uint64_t record, uint64_t flags, bool discard)
{
	if (!ring_commit(&m->rings, &m->memory, record, discard))
		return machine_stop(m, "submits what is no reserved record", record);
	m->reserved--;
	m->woken |= flags == BPF_RB_FORCE_WAKEUP;
	return 0;
}

HELPER(submit)
{
	return commit(m, a, b, false);
}

HELPER(discard)
{
	return commit(m, a, b, true);
}

HELPER(query)
{
	struct map *map = machine_map(m, a);

	if (!map)
		return 0;
	if (map->type != BPF_MAP_TYPE_RINGBUF)
		return machine_stop(m, "asks of what is no ring", a);
	return b == BPF_RB_AVAIL_DATA ? ring_available(&m->rings, map->ring) : 0;
}

/* clang-format off */
static const struct helper helpers[] = {
	{ BPF_FUNC_map_lookup_elem,       "map_lookup_elem",       lookup, 2 },
	{ BPF_FUNC_map_update_elem,       "map_update_elem",       update, 4 },
	{ BPF_FUNC_map_delete_elem,       "map_delete_elem",       delete, 2 },
	{ BPF_FUNC_ktime_get_ns,          "ktime_get_ns",          ktime, 0 },
	{ BPF_FUNC_get_prandom_u32,       "get_prandom_u32",       random, 0 },
	{ BPF_FUNC_get_smp_processor_id,  "get_smp_processor_id",  processor, 0 },
	{ BPF_FUNC_probe_read_kernel,     "probe_read_kernel",     probe_read, 3 },
	{ BPF_FUNC_probe_read_kernel_str, "probe_read_kernel_str", probe_read_str, 3 },
	{ BPF_FUNC_probe_read_user,       "probe_read_user",       probe_read_user, 3 },
	{ BPF_FUNC_probe_read_user_str,   "probe_read_user_str",   probe_read_user, 3 },
	{ BPF_FUNC_ringbuf_reserve,       "ringbuf_reserve",       reserve, 3 },
	{ BPF_FUNC_ringbuf_submit,        "ringbuf_submit",        submit, 2 },
	{ BPF_FUNC_ringbuf_discard,       "ringbuf_discard",       discard, 2 },
	{ BPF_FUNC_ringbuf_query,         "ringbuf_query",         query, 2 },
};
/* clang-format on */

bool helper_at(int i, const struct helper **h)
{
	if (i < 0 || (size_t)i >= sizeof(helpers) / sizeof(*helpers))
		return false;
	*h = &helpers[i];
	return true;
}

const struct helper *helper_find(int id)
{
	const struct helper *h;

	for (int i = 0; helper_at(i, &h); i++)
		if (h->id == id)
			return h;
	return NULL;
}
