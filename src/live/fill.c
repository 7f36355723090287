/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts the per-CPU rings into the map of rings, in the background.
 *
 * Each update of a map of maps waits for an RCU grace period (8 to 20 ms)
 * before the system call returns; the new element is there at once.  Kernels
 * before 6.8 wait for each element of a batch.  So a few threads share the
 * work, their waits run beside the loading of programs, and fill_wait() asks
 * not the threads but the map, with a small program that looks up each element:
 * looking from user space would wait for a grace period too.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "live/live_impl.h"

#define MAX_WORKERS 16

struct worker {
	struct fill *fill;
	pthread_t thread;
	uint32_t first, n;
	bool started;
};

struct fill {
	int map, nfds;
	uint32_t *keys;
	int *fds;
	int error;   /* of any worker, positive; 0: none so far */
	int waiting; /* workers that are not done */
	int nworkers;
	struct worker workers[MAX_WORKERS];
};

static void *fill_run(void *arg)
{
	struct worker *w = arg;
	struct fill *f = w->fill;

	for (uint32_t done = 0; done < w->n;) {
		uint32_t count = w->n - done, at = w->first + done;

		if (bpf_map_update_batch(f->map, f->keys + at, f->fds + at, &count, NULL)) {
			__atomic_store_n(&f->error, errno, __ATOMIC_RELEASE);
			break;
		}
		done += count;
	}
	__atomic_sub_fetch(&f->waiting, 1, __ATOMIC_RELEASE);
	return NULL;
}

int fill_start(struct fill **out, int map, const int *fds, int nfds)
{
	struct fill *f = calloc(1, sizeof(*f));
	uint32_t first = 0;
	sigset_t all, before;

	*out = f;
	if (!f)
		return -ENOMEM;
	f->map = map;
	f->nfds = nfds;
	f->keys = calloc(nfds, sizeof(*f->keys));
	f->fds = calloc(nfds, sizeof(*f->fds));
	if (!f->keys || !f->fds)
		return -ENOMEM;
	for (int i = 0; i < nfds; i++) {
		f->keys[i] = i;
		f->fds[i] = fds[i];
	}
	f->nworkers = nfds < MAX_WORKERS ? nfds : MAX_WORKERS;
	f->waiting = f->nworkers;
	/* Signals are for the thread that waits in live_wait(). */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (int i = 0; i < f->nworkers; i++) {
		struct worker *w = &f->workers[i];
		uint32_t end = (uint64_t)nfds * (i + 1) / f->nworkers;

		*w = (struct worker){.fill = f, .first = first, .n = end - first};
		first = end;
		w->started = !pthread_create(&w->thread, NULL, fill_run, w);
		if (!w->started)
			fill_run(w);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return 0;
}

/* int r6 = 0; do if (!map_lookup(map, &r6)) return 0; while (++r6 < nfds); return 1 */
static int fill_probe(int map, int nfds)
{
	struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 6, .imm = 0},
		{.code = BPF_STX | BPF_MEM | BPF_W, .dst_reg = 10, .src_reg = 6, .off = -4},
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 2, .src_reg = 10},
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 2, .imm = -4},
		{.code = BPF_LD | BPF_IMM | BPF_DW,
		 .dst_reg = 1,
		 .src_reg = BPF_PSEUDO_MAP_FD,
		 .imm = map},
		{0},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_lookup_elem},
		{.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 0, .off = 3, .imm = 0},
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 6, .imm = 1},
		{.code = BPF_JMP | BPF_JLT | BPF_K, .dst_reg = 6, .off = -9, .imm = nfds},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "dt_filled", "Dual BSD/GPL", insns,
			     sizeof(insns) / sizeof(*insns), NULL);
}

int fill_wait(struct fill *f)
{
	const struct timespec pause = {.tv_nsec = 50000};
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int probe = fill_probe(f->map, f->nfds), err = 0;

	/* Without a probe, or when it can't run, waiting for the workers is as right, only slower.
	 */
	while (__atomic_load_n(&f->waiting, __ATOMIC_ACQUIRE) > 0) {
		if (probe >= 0 && !bpf_prog_test_run_opts(probe, &run) && run.retval == 1)
			break;
		nanosleep(&pause, NULL);
	}
	err = -__atomic_load_n(&f->error, __ATOMIC_ACQUIRE);
	if (probe >= 0)
		close(probe);
	return err;
}

void fill_free(struct fill *f)
{
	if (!f)
		return;
	for (int i = 0; i < f->nworkers; i++)
		if (f->workers[i].started)
			pthread_join(f->workers[i].thread, NULL);
	free(f->keys);
	free(f->fds);
	free(f);
}
