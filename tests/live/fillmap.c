/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills a hash map until it has room for so many elements more: what a test of losses
 * needs.
 *
 *   fillmap PID KEY-SIZE VALUE-SIZE ROOM
 *
 * The map is the one of this process with such sizes.  Every byte of the values
 * is 0xff; the keys are numbers, behind bytes of 0xff.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct map {
	unsigned key_size, value_size, max_entries, id;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "fillmap: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* What /proc says of a descriptor that is a map. */
static bool read_map(const char *pid, const char *fd, struct map *m)
{
	char path[512], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", pid, fd);
	f = fopen(path, "re");
	*m = (struct map){0};
	while (f && fgets(line, sizeof(line), f)) {
		sscanf(line, "key_size: %u", &m->key_size);
		sscanf(line, "value_size: %u", &m->value_size);
		sscanf(line, "max_entries: %u", &m->max_entries);
		sscanf(line, "map_id: %u", &m->id);
	}
	if (f)
		fclose(f);
	return m->id != 0;
}

static int open_map(const char *pid, struct map *m)
{
	struct map want = *m;
	char path[512];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		union bpf_attr attr = {0};

		if (!read_map(pid, entry->d_name, m) || m->key_size != want.key_size ||
		    m->value_size != want.value_size)
			continue;
		closedir(dir);
		attr.map_id = m->id;
		return bpf(BPF_MAP_GET_FD_BY_ID, &attr);
	}
	errno = ENOENT;
	return -1;
}

int main(int argc, char **argv)
{
	struct map m;
	uint8_t key[512], value[4096];
	unsigned room;
	int fd;

	if (argc != 5)
		return 2;
	m.key_size = atoi(argv[2]);
	m.value_size = atoi(argv[3]);
	room = atoi(argv[4]);
	if (m.key_size > sizeof(key) || m.key_size < 4 || m.value_size > sizeof(value))
		return 2;
	fd = open_map(argv[1], &m);
	if (fd < 0)
		die("no such map");
	memset(key, 0xff, sizeof(key));
	memset(value, 0xff, sizeof(value));
	for (uint32_t i = 0; i + room < m.max_entries; i++) {
		union bpf_attr attr = {.map_fd = fd,
				       .key = (uintptr_t)key,
				       .value = (uintptr_t)value,
				       .flags = BPF_ANY};

		memcpy(key, &i, sizeof(i));
		if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
			die("update");
	}
	return 0;
}
