/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the root of cgroup v2, a program on which sees the packets of every
 * socket of every container.
 *
 * A mount that shows the root is the first choice: it is on every usual system,
 * costs nothing and changes nothing.  Otherwise fsopen() makes a mount that is
 * in no directory (Linux 5.2; needs CAP_SYS_ADMIN).  That takes care: the
 * hierarchy is one for the whole system and so are its options, and a new mount
 * without them takes them away from all; so it gets those in force.
 *
 * In a cgroup namespace of its own (a container's) the root of the namespace is
 * all there is: sockets of other containers are not seen then.
 */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "live/live_impl.h"
#include "live/features.h"

// clang-format off
/* The options of the hierarchy, beside those of a mount (rw, nosuid, ...). */
static const char *const options[] = {
	"nsdelegate",
	"favordynmods",
	"memory_localevents",
	"memory_recursiveprot",
	"memory_hugetlb_accounting",
	"pids_localevents",
};
// clang-format on

#define NOPTIONS (sizeof(options) / sizeof(*options))

struct mounts {
	int best;	   /* a directory: part of the tree or a namespace's root; -1: none */
	int root;	   /* the root itself; -1: none */
	unsigned in_force; /* bits: options[] */
};

/* Every cgroup but the root has this file. */
static bool is_root(int fd)
{
	return faccessat(fd, "cgroup.events", F_OK, 0) && errno == ENOENT;
}

static void look_at(struct mounts *ms, const struct mntent *m)
{
	int fd;

	for (unsigned i = 0; i < NOPTIONS; i++)
		if (hasmntopt(m, options[i]))
			ms->in_force |= 1u << i;
	if (ms->root >= 0)
		return;
	fd = open(m->mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (is_root(fd))
		ms->root = fd;
	else if (ms->best < 0)
		ms->best = fd;
	else
		close(fd);
}

static struct mounts look_for_mounts(void)
{
	struct mounts ms = {.best = -1, .root = -1};
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct mntent *m;

	while (f && (m = getmntent(f)))
		if (!strcmp(m->mnt_type, "cgroup2"))
			look_at(&ms, m);
	if (f)
		endmntent(f);
	return ms;
}

static int new_mount(unsigned in_force)
{
	int fs = fsopen("cgroup2", FSOPEN_CLOEXEC), fd = 0;

	if (fs < 0)
		return -errno;
	for (unsigned i = 0; i < NOPTIONS && !fd; i++)
		if (in_force & 1u << i)
			fd = fsconfig(fs, FSCONFIG_SET_FLAG, options[i], NULL, 0);
	if (!fd)
		fd = fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (!fd)
		fd = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (fd < 0)
		fd = -errno;
	close(fs);
	return fd;
}

int features_cgroup_root(char *why, size_t n)
{
	struct mounts ms = look_for_mounts();
	int fresh = -1;

	if (ms.root < 0)
		fresh = new_mount(ms.in_force);
	if (ms.root >= 0 || fresh >= 0) {
		if (ms.best >= 0)
			close(ms.best);
		return ms.root >= 0 ? ms.root : fresh;
	}
	if (ms.best >= 0)
		return ms.best;
	if (fresh == -ENODEV)
		return live_fail(
			why, n, ENODEV,
			"this kernel has no cgroup v2 (CONFIG_CGROUPS), on which IP packets are seen");
	if (fresh == -EPERM)
		return live_fail(
			why, n, EPERM,
			"no cgroup v2 is mounted, and without CAP_SYS_ADMIN its root cannot be reached "
			"(run as root, or: mount -t cgroup2 none DIRECTORY)");
	return live_fail(why, n, -fresh, "cannot reach the root of cgroup v2: %s",
			 strerror(-fresh));
}
