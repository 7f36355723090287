/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the maps of a program.  What costs time here is memory that the kernel
 * allocates and clears: a ring of 4 MB takes about 1.5 ms and 0.5 ms more to be
 * mapped.  So rings are only as large as they can come to be used: those of a
 * program that is never attached hold a few firings of BEGIN and tick, and CPUs
 * that are not there (machines to which CPUs can be added) get small ones.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/btf.h>

#include "base/cpus.h"
#include "engine/limits.h"
#include "live/features.h"
#include "live/live_impl.h"
#include "live/type_list.h"

#define SPARE_RING (64u << 10) /* of a CPU that is not online */

static int map_fail(char *why, size_t n, int err, const struct map_def *m)
{
	switch (err) {
	case ENOMEM:
	case E2BIG:
		return engine_no_room(why, n, err, m);
	case EPERM:
		return live_fail(why, n, err, "not permitted to create %s (BPF map)", m->name);
	default:
		return live_fail(why, n, err, "cannot create %s (BPF map): %s", m->name,
				 strerror(err));
	}
}

/* A map's name as the kernel takes it: 15 characters of few kinds. */
static void map_name(char out[BPF_OBJ_NAME_LEN], const char *name)
{
	size_t n = 0;

	for (; *name && n < BPF_OBJ_NAME_LEN - 1; name++) {
		unsigned c = (unsigned char)*name, lower = c | 0x20;

		out[n++] = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ? *name : '_';
	}
	out[n] = '\0';
}

static int map_create_with(const struct map_def *m, const struct bpf_map_create_opts *opts)
{
	char name[BPF_OBJ_NAME_LEN];
	int fd;

	map_name(name, m->name ? m->name : "");
	fd = bpf_map_create(m->type, name, m->key_size, m->value_size, m->max_entries, opts);
	return fd < 0 ? -errno : fd;
}

static int map_create(const struct map_def *m, uint32_t flags, int inner)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = m->flags | flags);

	if (inner >= 0)
		opts.inner_map_fd = inner;
	return map_create_with(m, &opts);
}

/* The kernel wants to know its types: an int, and words. */
static int socket_create(struct live *l, const struct map_def *m)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = m->flags | BPF_F_NO_PREALLOC);
	uint32_t words[2 * TYPE_INT_WORDS + TYPE_ARRAY_WORDS];
	struct type_list t = {.words = words};
	uint32_t word;
	int btf, fd;

	opts.btf_key_type_id = type_list_int(&t, "int", 4, BTF_INT_SIGNED);
	word = type_list_int(&t, "word", 8, 0);
	opts.btf_value_type_id = type_list_array(&t, word, opts.btf_key_type_id, m->value_size / 8);
	btf = type_list_load(&t);
	if (btf < 0)
		return btf;
	opts.btf_fd = btf;
	fd = map_create_with(m, &opts);
	close(btf);
	return l->map_fds[m - l->p->maps] = fd;
}

/* As DTrace's bufresize=auto: what does not fit into memory is halved. */
static int ring_create(uint64_t *size)
{
	uint64_t least = sysconf(_SC_PAGESIZE);

	for (;; *size /= 2) {
		int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "dt_ring", 0, 0, *size, NULL);

		if (fd >= 0)
			return fd;
		if ((errno != ENOMEM && errno != E2BIG) || *size <= least)
			return -errno;
	}
}

/*
 * MAP_RINGS as one ring buffer, for programs that are only run by ourselves:
 * without the map of maps nothing waits for a grace period.
 */
static int one_ring_create(struct live *l, const struct map_def *def, uint64_t bufsize)
{
	uint64_t size = engine_ring_size(l->p, bufsize);
	int *fd = &l->map_fds[def - l->p->maps];

	*fd = ring_create(&size);
	return *fd < 0 ? *fd : ring_maps_open(&l->rings, fd, &size, 1);
}

static int inner_rings_create(struct live *l, uint64_t size, uint64_t *sizes)
{
	bool *online = calloc(l->ncpus, sizeof(*online));
	int err = online ? 0 : -ENOMEM;

	if (online)
		cpus_online(online, l->ncpus);
	for (int cpu = 0; cpu < l->ncpus && !err; cpu++) {
		sizes[cpu] = online[cpu] || size < SPARE_RING ? size : SPARE_RING;
		l->ring_fds[cpu] = ring_create(&sizes[cpu]);
		if (l->ring_fds[cpu] < 0)
			err = l->ring_fds[cpu];
	}
	free(online);
	return err;
}

/* The inner maps, the map of them, and its filling, which goes on in the background. */
static int rings_create(struct live *l, const struct map_def *def, uint64_t bufsize)
{
	uint64_t *sizes = calloc(l->ncpus, sizeof(*sizes));
	struct map_def m = *def;
	int err = -ENOMEM, *fd = &l->map_fds[def - l->p->maps];

	l->ring_fds = fds_new(l->ncpus);
	if (sizes && l->ring_fds)
		err = inner_rings_create(l, engine_ring_size(l->p, bufsize), sizes);
	if (!err) {
		m.type = BPF_MAP_TYPE_ARRAY_OF_MAPS;
		m.key_size = m.value_size = 4;
		m.max_entries = l->ncpus;
		*fd = map_create(&m, 0, l->ring_fds[0]);
		err = *fd < 0 ? *fd : 0;
	}
	if (!err)
		err = fill_start(&l->fill, *fd, l->ring_fds, l->ncpus);
	if (!err)
		err = ring_maps_open(&l->rings, l->ring_fds, sizes, l->ncpus);
	free(sizes);
	return err;
}

static int control_create(struct live *l, const struct map_def *m)
{
	int fd = map_create(m, BPF_F_MMAPABLE, -1);
	void *at;

	if (fd < 0)
		return fd;
	l->map_fds[m - l->p->maps] = fd;
	at = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	l->control = at;
	rings_awake(l->control);
	return 0;
}

static int scratch_create(struct live *l, const struct map_def *m)
{
	struct map_def all = engine_scratch(m, l->ncpus);

	return l->map_fds[m - l->p->maps] = map_create(&all, 0, -1);
}

static int data_create(struct live *l, const struct map_def *m)
{
	int fd = map_create(m, BPF_F_RDONLY_PROG, -1);
	uint32_t key = 0;

	if (fd < 0)
		return fd;
	l->map_fds[m - l->p->maps] = fd;
	if (m->init && bpf_map_update_elem(fd, &key, m->init, 0))
		return -errno;
	/* Frozen: the verifier then knows what the constants are. */
	return bpf_map_freeze(fd) ? -errno : 0;
}

/*
 * Aggregations and variables: memory for a key comes with it, since few are used of as many as
 * there may be. With PREEMPT_RT it is all there from the start: the kernel keeps some hundred
 * elements at hand and gets more in a thread (7c8199e24fa0), so that an event with more new keys
 * than that loses them.
 */
static int elements_create(const struct map_def *m, bool realtime)
{
	struct map_def all = *m;

	if (realtime)
		all.flags &= ~BPF_F_NO_PREALLOC;
	return map_create(&all, 0, -1);
}

int maps_create(struct live *l, const struct options *o, char *why, size_t n)
{
	bool realtime = features_realtime();

	for (int i = 0; i < l->p->nmaps; i++) {
		const struct map_def *m = &l->p->maps[i];
		int err;

		switch (m->role) {
		case MAP_CONTROL:
			err = control_create(l, m);
			break;
		case MAP_RINGS:
			err = m->type == BPF_MAP_TYPE_RINGBUF ? one_ring_create(l, m, o->bufsize)
							      : rings_create(l, m, o->bufsize);
			break;
		case MAP_DATA:
			err = data_create(l, m);
			break;
		case MAP_SOCKET:
			err = socket_create(l, m);
			break;
		case MAP_SCRATCH:
			err = scratch_create(l, m);
			break;
		default:
			err = l->map_fds[i] = elements_create(m, realtime);
		}
		if (err < 0)
			return map_fail(why, n, -err, m);
	}
	return 0;
}
