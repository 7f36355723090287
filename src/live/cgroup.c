/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the root of cgroup v2, a program on which sees the packets of every
 * socket of every container.
 *
 * In this order, and the first that is the root of the system's hierarchy wins,
 * not that of a cgroup namespace (a container's), below which the sockets of
 * others are not seen:
 *
 *	a mount of ours		on every usual system; costs and changes nothing
 *	a mount of process 1	its root directory can be entered with CAP_SYS_PTRACE
 *	a new mount		in no directory, by fsopen() (Linux 5.2, CAP_SYS_ADMIN)
 *	the same, in the cgroup namespace of process 1
 *
 * A new mount takes care: the hierarchy is one for the whole system and so are
 * its options, and a mount without them takes them away from all; so it gets
 * those in force.
 */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

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
	int root;	   /* a directory: the root; -1: none */
	bool part;	   /* there is a mount of a part of the hierarchy */
	unsigned in_force; /* bits: options[] */
};

/* Every cgroup but the root has that file; something else may be mounted above. */
static bool is_root(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC &&
	       faccessat(fd, "cgroup.events", F_OK, 0) && errno == ENOENT;
}

static void look_at(struct mounts *ms, const char *above, const struct mntent *m)
{
	char path[4096];
	int fd;

	for (unsigned i = 0; i < NOPTIONS; i++)
		if (hasmntopt(m, options[i]))
			ms->in_force |= 1u << i;
	if (ms->root >= 0 ||
	    snprintf(path, sizeof(path), "%s%s", above, m->mnt_dir) >= (int)sizeof(path))
		return;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (is_root(fd)) {
		ms->root = fd;
		return;
	}
	ms->part = true;
	close(fd);
}

/* The mounts that a file of /proc lists, with directories below `above`. */
static void look_for_mounts(struct mounts *ms, const char *list, const char *above)
{
	FILE *f = setmntent(list, "re");
	struct mntent *m;

	while (f && (m = getmntent(f)))
		if (!strcmp(m->mnt_type, "cgroup2"))
			look_at(ms, above, m);
	if (f)
		endmntent(f);
}

/* A descriptor of this namespace's root, or -errno. */
static int mount_here(unsigned in_force)
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

struct elsewhere {
	unsigned in_force;
	int fd; /* as mount_here() */
};

/* A thread of its own, since only its namespace changes: the process stays where it is. */
static void *mount_elsewhere(void *arg)
{
	struct elsewhere *e = arg;
	int namespace = open("/proc/1/ns/cgroup", O_RDONLY | O_CLOEXEC);

	e->fd = namespace < 0 || setns(namespace, CLONE_NEWCGROUP) ? -errno
								   : mount_here(e->in_force);
	if (namespace >= 0)
		close(namespace);
	return NULL;
}

static int mount_of_first(unsigned in_force)
{
	struct elsewhere e = {.in_force = in_force, .fd = -EAGAIN};
	pthread_t thread;
	int err = pthread_create(&thread, NULL, mount_elsewhere, &e);

	return err || (err = pthread_join(thread, NULL)) ? -err : e.fd;
}

/* The first cgroup namespace's number is the same on every kernel. */
#define FIRST_CGROUP_NAMESPACE 0xeffffffb

static bool in_container(void)
{
	struct stat st;

	return !stat("/proc/self/ns/cgroup", &st) && st.st_ino != FIRST_CGROUP_NAMESPACE;
}

/* Of a new mount's root that one which is the root of all. */
static int only_root(struct mounts *ms, int fd)
{
	if (fd < 0 || is_root(fd))
		return fd;
	ms->part = true;
	close(fd);
	return -EXDEV;
}

static int refuse(const struct mounts *ms, int err, char *why, size_t n)
{
	if (ms->part || in_container())
		return live_fail(
			why, n, EPERM,
			"this is a container with a cgroup namespace of its own, but tcp and udp see packets at the root "
			"of the host's cgroup v2: mount that into the container, at any place (-v "
			"/sys/fs/cgroup:/host/cgroup:ro), or share the host's processes (--pid=host) and grant "
			"CAP_SYS_PTRACE or CAP_SYS_ADMIN");
	if (err == ENODEV)
		return live_fail(
			why, n, ENODEV,
			"this kernel has no cgroup v2 (CONFIG_CGROUPS), on which IP packets are seen");
	if (err == ENOSYS || err == EINVAL)
		return live_fail(
			why, n, err,
			"no cgroup v2 is mounted, and this kernel has no mounts without a directory (Linux "
			"5.2): mount -t cgroup2 none DIRECTORY");
	if (err == EPERM)
		return live_fail(
			why, n, EPERM,
			"no cgroup v2 is mounted, and without CAP_SYS_ADMIN its root cannot be reached "
			"(run as root, or: mount -t cgroup2 none DIRECTORY)");
	return live_fail(why, n, err, "cannot reach the root of cgroup v2: %s", strerror(err));
}

int features_cgroup_root(char *why, size_t n)
{
	struct mounts ms = {.root = -1};
	int fresh;

	look_for_mounts(&ms, "/proc/self/mounts", "");
	if (ms.root < 0)
		look_for_mounts(&ms, "/proc/1/mounts", "/proc/1/root");
	if (ms.root >= 0)
		return ms.root;
	fresh = only_root(&ms, mount_here(ms.in_force));
	if (fresh == -EXDEV)
		fresh = only_root(&ms, mount_of_first(ms.in_force));
	return fresh >= 0 ? fresh : refuse(&ms, -fresh, why, n);
}
