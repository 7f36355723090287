/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cgroup's id is what a handle of its directory holds, and is never given
 * twice; a directory of the hierarchy cannot be moved. So what was found once is
 * good for ever, and what was not found will never be.
 */
#include "base/cgroups.h"

#include <fcntl.h>
#include <inttypes.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strmap.h"

#define PATH 4096
#define FILEID_KERNFS 0xfe /* the kind of handle, since Linux 5.5 */

struct cgroups {
	struct arena *arena;
	struct strmap *paths; /* by the id's text; "": there is none */
};

/* Where a descriptor is, as this process sees it. */
static bool path_of(int fd, char path[PATH])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH - 1);
	if (n < 0)
		return false;
	path[n] = 0;
	return true;
}

/* A mount in a list of /proc, whose directories are below `above`; -1: none. */
static int find_mount(const char *list, const char *above)
{
	FILE *f = setmntent(list, "re");
	struct mntent *m;
	char path[PATH];
	int fd = -1;

	while (f && fd < 0 && (m = getmntent(f)))
		if (!strcmp(m->mnt_type, "cgroup2") &&
		    snprintf(path, sizeof(path), "%s%s", above, m->mnt_dir) < (int)sizeof(path))
			fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f)
		endmntent(f);
	return fd;
}

static int open_root(void)
{
	int fd = find_mount("/proc/self/mounts", "");

	return fd >= 0 ? fd : find_mount("/proc/1/mounts", "/proc/1/root");
}

struct cgroups *cgroups_open(struct arena *a)
{
	struct cgroups *c = ARENA_NEW(a, struct cgroups);

	c->arena = a;
	c->paths = strmap_new(a);
	return c;
}

/* A descriptor of the cgroup's directory, as the hierarchy with this root has it. */
static int open_id(int root, uint64_t id)
{
	struct file_handle *handle;
	char space[sizeof(*handle) + sizeof(id)] __attribute__((aligned(8)));

	handle = (struct file_handle *)space;
	handle->handle_bytes = sizeof(id);
	handle->handle_type = FILEID_KERNFS;
	memcpy(handle->f_handle, &id, sizeof(id));
	return open_by_handle_at(root, handle, O_PATH | O_CLOEXEC);
}

/* Both paths begin with the mount's, if it has one. */
static const char *below(struct arena *a, const char *root, const char *path)
{
	size_t n = strcmp(root, "/") ? strlen(root) : 0;

	if (strncmp(path, root, n))
		return "";
	return path[n] ? arena_strdup(a, path + n) : "/";
}

static const char *find_path(struct arena *a, uint64_t id)
{
	int root = open_root(), fd = root < 0 ? -1 : open_id(root, id);
	char above[PATH], path[PATH];
	const char *found = "";

	if (fd >= 0 && path_of(root, above) && path_of(fd, path))
		found = below(a, above, path);
	if (fd >= 0)
		close(fd);
	if (root >= 0)
		close(root);
	return found;
}

const char *cgroups_path(struct cgroups *c, uint64_t id)
{
	const char *path;
	char key[32];

	snprintf(key, sizeof(key), "%" PRIu64, id);
	path = strmap_get(c->paths, key);
	if (!path) {
		path = find_path(c->arena, id);
		strmap_put(c->paths, arena_strdup(c->arena, key), (void *)path);
	}
	return *path ? path : NULL;
}

bool cgroups_id(const char *path, uint64_t *id)
{
	int root = open_root();
	char file[PATH];
	struct stat st;
	bool found = root >= 0 && *path == '/' &&
		     snprintf(file, sizeof(file), ".%s", path) < (int)sizeof(file) &&
		     !fstatat(root, file, &st, 0) && S_ISDIR(st.st_mode);

	if (root >= 0)
		close(root);
	if (found)
		*id = st.st_ino;
	return found;
}
