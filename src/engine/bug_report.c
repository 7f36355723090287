/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/bug_report.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char *list_map_name(void *arg, int map)
{
	const struct program *p = arg;

	return map >= 0 && map < p->nmaps ? p->maps[map].name : "?";
}

int engine_bug_report(const struct program *p, const struct hook_program *prog,
		      const struct ir_code *code, const char *error, const char *log, char *path,
		      size_t n)
{
	const char *dir = getenv("TMPDIR");
	struct utsname u = {0};
	FILE *f;
	int fd;

	snprintf(path, n, "%s/dtrace-XXXXXX.log", dir && *dir ? dir : "/tmp");
	fd = mkstemps(path, 4);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f) {
		int err = -errno;

		if (fd >= 0)
			close(fd);
		return err;
	}
	uname(&u);
	fprintf(f, "hook: %s\nkernel: %s %s %s\nerror: %s\n\nprogram:\n", prog->hook->name,
		u.release, u.version, u.machine, error);
	ir_list(code, list_map_name, (void *)p, f);
	fprintf(f, "\nverifier:\n%s\n", log);
	return fclose(f) ? -errno : 0;
}
