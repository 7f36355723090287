/* SPDX-License-Identifier: BSD-2-Clause */
/* The answer to -V. The D version is the one whose language is implemented: scripts and tools ask
 * for it. */
#include "version.h"

#include "base/options.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#define NET_VERSION "0.1"

/* In /proc/filesystems cgroup v2 is there whether or not it is mounted. */
static bool has_filesystem(const char *name)
{
	FILE *f = fopen("/proc/filesystems", "re");
	char line[128];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		const char *tab = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		found = tab && strcmp(tab + 1, name) == 0;
	}
	if (f)
		fclose(f);
	return found;
}

void version_print(bool verbose, FILE *out)
{
	static const char btf[] = "/sys/kernel/btf/vmlinux";
	struct utsname u;

	fprintf(out, "dtrace: Sun D %s (dtrace-net %s)\n", OPTIONS_D_VERSION, NET_VERSION);
	if (!verbose)
		return;
	if (uname(&u) == 0)
		fprintf(out, "kernel: %s %s, %s\n", u.sysname, u.release, u.machine);
	fprintf(out, "kernel types: %s: %s\n", btf,
		access(btf, R_OK) == 0 ? "readable" : strerror(errno));
	fprintf(out, "cgroup v2: %s\n", has_filesystem("cgroup2") ? "yes" : "not in this kernel");
	fprintf(out, "libbpf: %s\n", libbpf_version_string());
}
