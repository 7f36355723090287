/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks at a tracer from outside, through /proc alone, so that scripts run
 * unchanged and nothing has to sleep for a guessed time:
 *
 *   watch tracing PID MS   wait until it is attached and waits for events
 *   watch gone PID MS      wait until it has ended
 *   watch owned PID        list what it holds: "prog ID", "link ID", "map ID"
 *
 * Exit status 0, or 1 if the time runs out or the process ends first.
 */
#include <time.h>

#include "proc.h"

static int wait_until(bool (*condition)(int pid), int pid, long ms)
{
	for (long i = 0; i < ms; i++) {
		struct timespec t = {0, 1000000};

		if (condition(pid))
			return 0;
		if (condition != proc_is_gone && proc_is_gone(pid))
			break;
		nanosleep(&t, NULL);
	}
	return 1;
}

static void print_owned(void *arg, const char *line)
{
	static const char *const kinds[] = {"prog", "link", "map"};
	char key[32];
	unsigned id;

	(void)arg;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(key, sizeof(key), "%s_id:", kinds[i]);
		if (!strncmp(line, key, strlen(key)) && sscanf(line + strlen(key), "%u", &id) == 1)
			printf("%s %u\n", kinds[i], id);
	}
}

int main(int argc, char **argv)
{
	int pid = argc > 2 ? atoi(argv[2]) : 0;

	if (pid > 0 && argc == 4 && !strcmp(argv[1], "tracing"))
		return wait_until(proc_is_tracing, pid, atol(argv[3]));
	if (pid > 0 && argc == 4 && !strcmp(argv[1], "gone"))
		return wait_until(proc_is_gone, pid, atol(argv[3]));
	if (pid > 0 && argc == 3 && !strcmp(argv[1], "owned"))
		return proc_each_fdinfo_line(pid, print_owned, NULL) ? 0 : 1;
	fprintf(stderr, "usage: watch tracing|gone PID MS; watch owned PID\n");
	return 2;
}
