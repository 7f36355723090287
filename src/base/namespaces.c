/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directory is read again when it has changed. A name is made in two steps: a
 * file, on which the namespace is then mounted; as long as a file has no mount,
 * the directory says nothing about what it will be.
 */
#include "base/namespaces.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <linux/magic.h>

struct named {
	struct named *next;
	uint64_t inode;
	const char *name;
};

struct namespaces {
	struct arena *arena, *of_all;
	const char *directory;
	struct named *all;
	struct timespec changed; /* the directory, when it was read */
	bool settled;		 /* it can be as it was read */
};

struct namespaces *namespaces_open(struct arena *a, const char *directory)
{
	struct namespaces *ns = ARENA_NEW(a, struct namespaces);

	ns->arena = a;
	ns->directory = arena_strdup(a, directory);
	return ns;
}

static bool inode_of(int directory, const char *name, uint64_t *inode)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct statfs fs;
	struct stat st;
	bool found;

	if (fd < 0)
		return false;
	found = !fstatfs(fd, &fs) && fs.f_type == NSFS_MAGIC && !fstat(fd, &st);
	close(fd);
	if (found)
		*inode = st.st_ino;
	return found;
}

static void forget_all(struct namespaces *ns)
{
	arena_free(ns->of_all);
	ns->of_all = arena_child(ns->arena);
	ns->all = NULL;
}

static void add(struct namespaces *ns, const char *name, uint64_t inode)
{
	struct named *one = ARENA_NEW(ns->of_all, struct named);

	*one = (struct named){ns->all, inode, arena_strdup(ns->of_all, name)};
	ns->all = one;
}

static void read_all(struct namespaces *ns)
{
	DIR *d = opendir(ns->directory);
	struct dirent *entry;
	uint64_t inode;

	forget_all(ns);
	while (d && (entry = readdir(d))) {
		if (*entry->d_name == '.')
			continue;
		if (inode_of(dirfd(d), entry->d_name, &inode))
			add(ns, entry->d_name, inode);
		else
			ns->settled = false;
	}
	if (d)
		closedir(d);
}

static bool same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* The clock of files goes on in ticks: what has changed just now may change again in the same. */
static bool is_old(struct timespec t)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec - t.tv_sec > 1;
}

static void look(struct namespaces *ns)
{
	struct stat st;

	if (stat(ns->directory, &st)) {
		forget_all(ns);
		ns->settled = false;
		return;
	}
	if (ns->settled && same(ns->changed, st.st_mtim))
		return;
	ns->changed = st.st_mtim;
	ns->settled = is_old(st.st_mtim);
	read_all(ns);
}

const char *namespaces_name(struct namespaces *ns, uint64_t inode)
{
	const char *name = NULL;

	look(ns);
	for (const struct named *one = ns->all; one; one = one->next)
		if (one->inode == inode && (!name || strcmp(one->name, name) < 0))
			name = one->name;
	return name;
}

bool namespaces_inode(struct namespaces *ns, const char *name, uint64_t *inode)
{
	look(ns);
	for (const struct named *one = ns->all; one; one = one->next)
		if (!strcmp(one->name, name)) {
			*inode = one->inode;
			return true;
		}
	return false;
}
