/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What /proc tells of a tracer: what it holds, whether it traces, whether it
 * has ended. Shared by the live tests' watch.c and the benchmark's runner.c.
 */
#pragma once

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Calls visit for each line of the process's /proc/PID/fdinfo files; false: there is no such
 * process. */
static inline bool proc_each_fdinfo_line(int pid, void (*visit)(void *arg, const char *line),
					 void *arg)
{
	char path[PATH_MAX], line[512];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", pid, entry->d_name);
		FILE *f = entry->d_name[0] == '.' ? NULL : fopen(path, "r");

		while (f && fgets(line, sizeof(line), f))
			visit(arg, line);
		if (f)
			fclose(f);
	}
	closedir(dir);
	return true;
}

static inline void proc_count_programs(void *arg, const char *line)
{
	if (!strncmp(line, "prog_id:", 8))
		++*(int *)arg;
}

static inline bool proc_sleeps_waiting(int pid)
{
	static const long waits[] = {
#ifdef SYS_poll
		SYS_poll,	  SYS_select,	 SYS_epoll_wait,
#endif
		SYS_ppoll,	  SYS_pselect6,	 SYS_epoll_pwait,
		SYS_epoll_pwait2, SYS_nanosleep, SYS_clock_nanosleep,
	};
	char path[64];
	long number = -1;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	FILE *f = fopen(path, "r");
	if (!f || fscanf(f, "%ld", &number) != 1)
		number = -1; /* "running" */
	if (f)
		fclose(f);
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (waits[i] == number)
			return true;
	return false;
}

/* Ended: gone, or a zombie that only its parent can remove. */
static inline bool proc_is_gone(int pid)
{
	char path[64], state = 'Z';

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *f = fopen(path, "r");
	if (!f)
		return true;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(f);
	return state == 'Z';
}

/*
 * Attached and past its start: it holds BPF programs (or links to them), and
 * its main thread sleeps in a system call that waits, which it first does once
 * everything is in place. Needs no help from the tracer.
 */
static inline bool proc_is_tracing(int pid)
{
	int programs = 0;

	return proc_each_fdinfo_line(pid, proc_count_programs, &programs) && programs &&
	       proc_sleeps_waiting(pid);
}
