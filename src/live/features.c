/* SPDX-License-Identifier: BSD-2-Clause */
/* What this kernel and this process can do, found by trying; never by version. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/capability.h>

#include "live/live_impl.h"
#include "live/features.h"

#define CAP_BIT(cap) (1ULL << (cap))

// clang-format off
static const struct {
	int cap;
	const char *name;
} cap_names[] = {
	{ CAP_BPF,       "CAP_BPF" },
	{ CAP_PERFMON,   "CAP_PERFMON" },
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN" },
};

/* By enum hook_attach: what loading and attaching asks for beside CAP_BPF. */
static const uint64_t attach_caps[] = {
	[ATTACH_NONE] = CAP_BIT(CAP_PERFMON),
	[ATTACH_CGROUP]   = CAP_BIT(CAP_PERFMON) | CAP_BIT(CAP_NET_ADMIN),
	[ATTACH_TP_BTF]   = CAP_BIT(CAP_PERFMON),
	[ATTACH_PERF]     = CAP_BIT(CAP_PERFMON),
	[ATTACH_ITER]     = CAP_BIT(CAP_PERFMON),
};
// clang-format on

#define NCAPS (sizeof(cap_names) / sizeof(*cap_names))

uint64_t features_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (syscall(SYS_capget, &head, data))
		return 0;
	return data[0].effective | (uint64_t)data[1].effective << 32;
}

uint64_t features_needed(const struct program *p)
{
	uint64_t caps = p->nprograms || p->nmaps ? CAP_BIT(CAP_BPF) : 0;

	for (int i = 0; i < p->nprograms; i++)
		caps |= attach_caps[p->programs[i].hook->attach];
	return caps;
}

int features_check_capabilities(uint64_t needed, uint64_t have, char *why, size_t n)
{
	const char *missing[NCAPS];
	unsigned count = 0;
	char list[128];
	size_t len = 0;

	/* The capability from which the others were split off still stands for each. */
	if (have & CAP_BIT(CAP_SYS_ADMIN))
		have |= CAP_BIT(CAP_BPF) | CAP_BIT(CAP_PERFMON) | CAP_BIT(CAP_NET_ADMIN);
	for (unsigned i = 0; i < NCAPS; i++)
		if (needed & ~have & CAP_BIT(cap_names[i].cap))
			missing[count++] = cap_names[i].name;
	if (!count)
		return 0;
	for (unsigned i = 0; i < count; i++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s",
				i == 0		? ""
				: i + 1 < count ? ", "
						: " and ",
				missing[i]);
	return live_fail(
		why, n, EPERM,
		"needs %s (run as root, or: setcap cap_bpf,cap_perfmon,cap_net_admin+ep dtrace)",
		list);
}

/* Other kinds of preemption begin the same: "PREEMPT", "PREEMPT_DYNAMIC". */
bool features_realtime_version(const char *version)
{
	static const char word[] = "PREEMPT_RT";
	const char *at = strstr(version, word);

	return at && (!at[sizeof(word) - 1] || at[sizeof(word) - 1] == ' ');
}

bool features_realtime(void)
{
	struct utsname u;

	return !uname(&u) && features_realtime_version(u.version);
}

/* A ring buffer of a page: asks for the capability where it counts, and for the map type. */
static int check_bpf(char *why, size_t n)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, NULL, 0, 0, sysconf(_SC_PAGESIZE), NULL);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	switch (errno) {
	case EPERM:
		return live_fail(
			why, n, EPERM,
			"the kernel does not permit BPF here: in a container, capabilities of the host are "
			"needed (CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN), and a seccomp profile that allows bpf()");
	case ENOSYS:
		return live_fail(why, n, ENOSYS, "this kernel has no BPF (CONFIG_BPF_SYSCALL)");
	case EINVAL:
		return live_fail(
			why, n, EINVAL,
			"this kernel has no BPF ring buffers (Linux 5.8 or newer is needed)");
	default:
		return live_fail(why, n, errno, "BPF does not work here: %s", strerror(errno));
	}
}

int live_check(const struct program *p, char *why, size_t n)
{
	unsigned hooks = 0;
	int err = features_check_capabilities(features_needed(p), features_capabilities(), why, n);

	if (err)
		return err;
	if (!p->nprograms && !p->nmaps)
		return 0;
	err = check_bpf(why, n);
	for (int i = 0; i < p->nprograms; i++)
		hooks |= 1u << p->programs[i].hook->attach;
	if (!err && (hooks & 1u << ATTACH_TP_BTF) && access("/sys/kernel/btf/vmlinux", R_OK))
		err = live_fail(
			why, n, ENOENT,
			"this kernel has no BTF: /sys/kernel/btf/vmlinux is missing (CONFIG_DEBUG_INFO_BTF)");
	if (!err && (hooks & 1u << ATTACH_CGROUP)) {
		int fd = features_cgroup_root(why, n);

		if (fd < 0)
			return fd;
		close(fd);
	}
	return err;
}
