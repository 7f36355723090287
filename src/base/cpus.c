/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/cpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIRECTORY "/sys/devices/system/cpu/"

void cpus_list(const char *list, bool *online, int n)
{
	while (*list >= '0' && *list <= '9') {
		char *end;
		long first = strtol(list, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		for (long cpu = first; cpu <= last && cpu < n; cpu++)
			online[cpu] = true;
		list = *end == ',' ? end + 1 : end;
	}
}

static bool read_list(const char *path, char *list, int size)
{
	FILE *f = fopen(path, "re");
	bool read = f && fgets(list, size, f);

	if (f)
		fclose(f);
	return read;
}

void cpus_online(bool *online, int n)
{
	char list[4096];
	bool read = read_list(DIRECTORY "online", list, sizeof(list));

	memset(online, !read, n * sizeof(*online));
	if (read)
		cpus_list(list, online, n);
}

int cpus_possible(void)
{
	char list[4096];
	long last = -1;

	if (!read_list(DIRECTORY "possible", list, sizeof(list)))
		return sysconf(_SC_NPROCESSORS_CONF);
	for (char *at = list; *at;) {
		if (*at >= '0' && *at <= '9')
			last = strtol(at, &at, 10);
		else
			at++;
	}
	return last + 1;
}
