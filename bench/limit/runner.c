/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The benchmark's measuring instrument:
 *
 *   runner hold OBJECT             load and attach a hand-written program, consume its records,
 * until SIGINT runner cost PID EVENTS CMD...  ns per event that PID's programs take while CMD makes
 * EVENTS events runner tracing PID             is it attached by now? runner time N CMD... median
 * ms of N complete runs runner attach N CMD...         median ms of N starts, until the tracer is
 * attached
 *
 * Costs are the kernel's own account (BPF_STATS_RUN_TIME): the time inside the
 * programs that PID holds, divided by the events of the traffic, not by runs:
 * a tracer that needs two programs for an event pays for both.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include "../../tests/live/proc.h"

#define MAX_PROGRAMS 256
#define MAX_RUNS 1000

static volatile sig_atomic_t stopped;

static void on_stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "runner: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int n)
{
	qsort(values, n, sizeof(*values), compare_doubles);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* ---- hold ---- */

static int take_record(void *arg, void *data, size_t size)
{
	(void)data;
	(void)size;
	++*(uint64_t *)arg;
	return 0;
}

static int cmd_hold(char **argv)
{
	struct bpf_object *object = bpf_object__open_file(argv[0], NULL);
	struct sigaction stop = {.sa_handler = on_stop};
	struct ring_buffer *ring = NULL;
	struct bpf_program *program;
	uint64_t records = 0;

	if (!object || bpf_object__load(object))
		die(argv[0]);
	bpf_object__for_each_program(program, object) if (!bpf_program__attach(program))
		die("attach");
	int fd = bpf_object__find_map_fd_by_name(object, "records");
	if (fd >= 0 && !(ring = ring_buffer__new(fd, take_record, &records, NULL)))
		die("ring buffer");
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	while (!stopped) {
		struct timespec tick = {0, 100000000}; /* as switchrate=10Hz */

		nanosleep(&tick, NULL);
		if (ring)
			ring_buffer__consume(ring);
	}
	printf("records %llu\n", (unsigned long long)records);
	ring_buffer__free(ring);
	bpf_object__close(object);
	return 0;
}

/* ---- cost ---- */

struct programs {
	uint32_t id[MAX_PROGRAMS];
	int n;
};

static void add_program(void *arg, const char *line)
{
	struct programs *ps = arg;
	unsigned id;

	if (strncmp(line, "prog_id:", 8) || sscanf(line + 8, "%u", &id) != 1)
		return;
	for (int i = 0; i < ps->n; i++)
		if (ps->id[i] == id)
			return;
	if (ps->n < MAX_PROGRAMS)
		ps->id[ps->n++] = id;
}

struct account {
	uint64_t ns, runs, misses;
};

static struct account read_account(const struct programs *ps)
{
	struct account sum = {0};

	for (int i = 0; i < ps->n; i++) {
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(ps->id[i]);

		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size))
			die("program statistics");
		close(fd);
		sum.ns += info.run_time_ns;
		sum.runs += info.run_cnt;
		sum.misses += info.recursion_misses;
	}
	return sum;
}

static pid_t spawn(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		if (!getenv("BENCH_STDERR"))
			dup2(null, 2);
		signal(SIGINT, SIG_DFL); /* what a shell starts in the background has it ignored */
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid;
}

static void reap(pid_t pid, const char *what)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "runner: %s ended with status %d\n", what,
			WIFEXITED(status) ? WEXITSTATUS(status) : -1);
		exit(1);
	}
}

static int cmd_cost(char **argv)
{
	int pid = atoi(argv[0]);
	double events = atof(argv[1]);
	struct programs ps = {.n = 0};
	int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);

	if (stats < 0)
		die("BPF_STATS_RUN_TIME");
	if (!proc_each_fdinfo_line(pid, add_program, &ps) || !ps.n) {
		fprintf(stderr, "runner: process %d holds no programs\n", pid);
		return 1;
	}
	struct account before = read_account(&ps);
	reap(spawn(argv + 2), argv[2]);
	struct account after = read_account(&ps);

	printf("%.1f %.2f %llu\n", (after.ns - before.ns) / events,
	       (after.runs - before.runs) / events,
	       (unsigned long long)(after.misses - before.misses));
	close(stats);
	return 0;
}

/* ---- time, attach ---- */

static double run_once(char **argv)
{
	double start = now_ms();

	reap(spawn(argv), argv[0]);
	return now_ms() - start;
}

static double attach_once(char **argv)
{
	double start = now_ms(), took;
	pid_t pid = spawn(argv);

	while (!proc_is_tracing(pid)) {
		struct timespec t = {0, 200000};

		if (proc_is_gone(pid) || now_ms() - start > 20000) {
			fprintf(stderr, "runner: %s does not trace\n", argv[0]);
			kill(pid, SIGKILL);
			exit(1);
		}
		nanosleep(&t, NULL);
	}
	took = now_ms() - start;
	kill(pid, SIGINT);
	waitpid(pid, NULL, 0);
	return took;
}

static int repeat(char **argv, double (*once)(char **argv))
{
	static double ms[MAX_RUNS];
	int n = atoi(argv[0]);

	if (n < 1 || n > MAX_RUNS)
		return 2;
	for (int i = 0; i < n; i++)
		ms[i] = once(argv + 1);
	printf("%.1f\n", median(ms, n));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "hold"))
		return cmd_hold(argv + 2);
	if (argc == 3 && !strcmp(argv[1], "tracing"))
		return proc_is_tracing(atoi(argv[2])) ? 0 : 1;
	if (argc > 4 && !strcmp(argv[1], "cost"))
		return cmd_cost(argv + 2);
	if (argc > 3 && !strcmp(argv[1], "time"))
		return repeat(argv + 2, run_once);
	if (argc > 3 && !strcmp(argv[1], "attach"))
		return repeat(argv + 2, attach_once);
	fprintf(stderr,
		"usage: runner hold OBJECT | tracing PID | cost PID EVENTS CMD... | time N CMD... | attach N CMD...\n");
	return 2;
}
