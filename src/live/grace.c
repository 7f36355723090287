/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waits until no program that is running now runs any more.
 *
 * Updating a map of maps does that: the kernel waits for a grace period before
 * the system call returns, made for exactly this use (taking a snapshot of what
 * programs record).  membarrier(MEMBARRIER_CMD_GLOBAL) would do as well but for
 * machines with one CPU, where it does nothing, and with nohz_full, where it
 * refuses.  It takes two to five scheduler ticks: 8 to 20 ms.
 */
#include <errno.h>

#include <bpf/bpf.h>

#include "live/live_impl.h"

/* Made beforehand, so that a drain can't fail for want of memory. */
int grace_init(struct live *l)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts);

	l->grace_map[1] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "dt_grace_in", 4, 4, 1, NULL);
	if (l->grace_map[1] < 0)
		return -errno;
	opts.inner_map_fd = l->grace_map[1];
	l->grace_map[0] = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "dt_grace", 4, 4, 1, &opts);
	return l->grace_map[0] < 0 ? -errno : 0;
}

int grace_wait(struct live *l)
{
	uint32_t key = 0;

	return bpf_map_update_elem(l->grace_map[0], &key, &l->grace_map[1], 0) ? -errno : 0;
}
