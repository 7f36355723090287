/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attaches programs to their hooks.  Everything attached is a descriptor in
 * l->links and nowhere else: closing it, or the death of the process, detaches.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/perf_event.h>

#include "live/live_impl.h"
#include "live/features.h"

/* Takes fd, even when there is no memory to keep it. */
static int keep(struct live *l, int fd)
{
	if (l->nlinks == l->links_cap) {
		int cap = l->links_cap ? 2 * l->links_cap : 16;
		int *links = realloc(l->links, cap * sizeof(*links));

		if (!links) {
			close(fd);
			return -ENOMEM;
		}
		l->links = links;
		l->links_cap = cap;
	}
	l->links[l->nlinks++] = fd;
	return 0;
}

static int attach_cgroup(struct live *l, int prog, const struct hook *h, int cgroup)
{
	int fd = bpf_link_create(prog, cgroup, h->attach_type, NULL);

	return fd < 0 ? -errno : keep(l, fd);
}

static int attach_tp_btf(struct live *l, int prog)
{
	int fd = bpf_raw_tracepoint_open(NULL, prog);

	return fd < 0 ? -errno : keep(l, fd);
}

/* One CPU's clock: its event and, where the kernel has it, the link that joins event and program.
 */
static int attach_clock(struct live *l, int prog, uint64_t period_ns, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = period_ns ? period_ns : 1,
		.disabled = 1,
	};
	int event = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC), link,
	    err;

	if (event < 0)
		return errno == ENODEV ? 0 : -errno; /* a CPU that is not online */
	link = bpf_link_create(prog, event, BPF_PERF_EVENT, NULL);
	if (link >= 0) {
		err = keep(l, link);
	} else {
		/* Before 5.15 an event took its program itself. */
		err = ioctl(event, PERF_EVENT_IOC_SET_BPF, prog) ? -errno : 0;
	}
	if (!err && ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		err = -errno;
	if (err) {
		close(event);
		return err;
	}
	return keep(l, event);
}

static int attach_perf(struct live *l, int prog, const struct probe *probe)
{
	int err = 0;

	for (int cpu = 0; cpu < l->ncpus && !err; cpu++)
		err = attach_clock(l, prog, probe ? probe->period_ns : 0, cpu);
	return err;
}

/* The program runs for each element of the iterator as the text that it might write is read. */
int iterate(int prog)
{
	int link = bpf_link_create(prog, 0, BPF_TRACE_ITER, NULL), fd = -1, err = 0;
	char text[64];
	ssize_t n = 0;

	if (link >= 0)
		fd = bpf_iter_create(link);
	if (link < 0 || fd < 0)
		err = -errno;
	while (!err && ((n = read(fd, text, sizeof(text))) > 0 || (n < 0 && errno == EAGAIN)))
		;
	if (n < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	if (link >= 0)
		close(link);
	return err;
}

/*
 * Another tool's program may be attached so that it stands alone in its cgroup: the kernel takes
 * no other there, whoever asks.  Its number, or 0; flags and name are told.
 */
static uint32_t who_stands_alone(int cgroup, const struct hook *h, char name[BPF_OBJ_NAME_LEN])
{
	struct bpf_prog_info info = {0};
	uint32_t id = 0, count = 1, flags = 0, len = sizeof(info);
	int fd;

	if (bpf_prog_query(cgroup, h->attach_type, 0, &flags, &id, &count) || !count ||
	    (flags & BPF_F_ALLOW_MULTI))
		return 0;
	fd = bpf_prog_get_fd_by_id(id);
	if (fd >= 0) {
		if (!bpf_obj_get_info_by_fd(fd, &info, &len))
			memcpy(name, info.name, BPF_OBJ_NAME_LEN);
		close(fd);
	}
	return id;
}

/* cgroup: the directory of a cgroup hook */
static int attach_fail(char *why, size_t n, int err, const struct hook *h, int cgroup)
{
	char name[BPF_OBJ_NAME_LEN] = "?";
	uint32_t id =
		err == EPERM && h->attach == ATTACH_CGROUP ? who_stands_alone(cgroup, h, name) : 0;

	if (id)
		return live_fail(
			why, n, err,
			"cannot attach to %s: program %u (%s) of another tool is attached there so that no other "
			"may be (without BPF_F_ALLOW_MULTI)",
			h->name, id, name);
	if (err == EPERM)
		return live_fail(why, n, err, "not permitted to attach to %s", h->name);
	if (err == ENOENT)
		return live_fail(why, n, err, "cannot attach to %s: this kernel does not have it",
				 h->name);
	return live_fail(why, n, err, "cannot attach to %s: %s", h->name, strerror(err));
}

int attach_programs(struct live *l, char *why, size_t n)
{
	int cgroup = -1, err = 0;

	for (int i = 0; i < l->p->nprograms && !err; i++) {
		const struct hook_program *prog = &l->p->programs[i];
		int fd = l->prog_fds[i];

		switch (prog->hook->attach) {
		case ATTACH_NONE:
		case ATTACH_ITER:
		case ATTACH_CAPTURE:
			continue;
		case ATTACH_CGROUP:
			if (cgroup < 0)
				cgroup = features_cgroup_root(why, n);
			if (cgroup < 0)
				return cgroup;
			err = attach_cgroup(l, fd, prog->hook, cgroup);
			break;
		case ATTACH_TP_BTF:
			err = attach_tp_btf(l, fd);
			break;
		case ATTACH_PERF:
			err = attach_perf(l, fd, prog->probe);
			break;
		}
		if (err)
			attach_fail(why, n, -err, prog->hook, cgroup);
	}
	if (cgroup >= 0)
		close(cgroup); /* the links hold the cgroup, not this mount of it */
	return err;
}
