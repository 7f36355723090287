/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes of -c and -p.
 *
 * A command is forked at once, so that its pid is known to the compiler as
 * $target, and waits on a pipe ("gate") until everything is enabled. When
 * dtrace goes away for whatever reason the pipe closes and it never runs; once
 * it runs it dies with dtrace, as DTrace has it. Ends are seen through pidfds,
 * which also cannot be fooled by a pid that is used again.
 */
#include "victim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int pidfd_of(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : fd;
}

/* One step over the text of a word; quoting characters give nothing. False at its end. */
static bool word_step(const char **in, char *quote, char **out)
{
	char c = **in;

	if (c == '\0' || (!*quote && strchr(" \t\n", c)))
		return false;
	(*in)++;
	if (*quote ? c == *quote : c == '\'' || c == '"') {
		*quote = *quote ? '\0' : c;
	} else if (c == '\\' && *quote != '\'' && **in != '\0' &&
		   (*quote == '\0' || strchr("\"\\$`", **in))) {
		*(*out)++ = *(*in)++;
	} else {
		*(*out)++ = c;
	}
	return true;
}

char **victim_words(const char *line)
{
	size_t len = strlen(line), nwords = len / 2 + 2;
	char **words = calloc(1, nwords * sizeof(*words) + len + 1);
	char *out, quote = '\0';
	size_t n = 0;

	if (!words)
		return NULL;
	out = (char *)(words + nwords);
	for (;;) {
		line += strspn(line, " \t\n");
		if (*line == '\0')
			break;
		words[n++] = out;
		while (word_step(&line, &quote, &out))
			;
		if (quote) {
			free(words);
			return NULL;
		}
		*out++ = '\0';
	}
	return words;
}

/* In the child. Does not return. */
static void run_command(char **words, int gate, int trouble, pid_t parent)
{
	static const int ignored_here[] = {SIGPIPE};
	sigset_t none;
	char byte;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || read(gate, &byte, 1) != 1)
		_exit(0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (size_t i = 0; i < sizeof(ignored_here) / sizeof(ignored_here[0]); i++)
		signal(ignored_here[i], SIG_DFL);
	execvp(words[0], words);
	err = errno;
	if (write(trouble, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

static int add_command(struct victims *v, const char *command, char **words)
{
	struct victim new = {.command = command, .gate = -1, .trouble = -1, .pidfd = -1};
	pid_t parent = getpid();
	int gate[2], trouble[2], err;

	if (pipe2(gate, O_CLOEXEC) != 0)
		return -errno;
	if (pipe2(trouble, O_CLOEXEC) != 0) {
		err = errno;
		close(gate[0]);
		close(gate[1]);
		return -err;
	}
	new.pid = fork();
	if (new.pid == 0) {
		close(gate[1]); /* or its own copy would keep the gate open */
		for (size_t i = 0; i < v->list.n; i++)
			close(v->list.at[i].gate);
		run_command(words, gate[0], trouble[1], parent);
	}
	err = new.pid < 0 ? -errno : 0;
	close(gate[0]);
	close(trouble[1]);
	if (!err) {
		new.pidfd = pidfd_of(new.pid);
		err = new.pidfd < 0 ? new.pidfd : 0;
	}
	if (err) {
		close(gate[1]);
		close(trouble[0]);
		if (new.pid > 0)
			waitpid(new.pid, NULL, 0);
		return err;
	}
	new.gate = gate[1];
	new.trouble = trouble[0];
	vec_push(&v->list, new);
	v->alive++;
	return 0;
}

int victims_start(struct victims *v, const char *command, char *why, size_t n)
{
	char **words = victim_words(command);
	int err;

	if (!words || !words[0]) {
		snprintf(why, n, "failed to execute '%s': %s", command,
			 words ? "the command is empty" : "a quote is not closed");
		free(words);
		return -1;
	}
	err = add_command(v, command, words);
	if (err)
		snprintf(why, n, "failed to start '%s': %s", command, strerror(-err));
	free(words);
	return err ? -1 : 0;
}

int victims_grab(struct victims *v, pid_t pid, char *why, size_t n)
{
	struct victim new = {.pid = pid, .gate = -1, .trouble = -1};

	new.pidfd = pidfd_of(pid);
	if (new.pidfd < 0) {
		/* a thread that leads no process: EINVAL, ENOENT */
		bool is_thread = new.pidfd == -EINVAL || new.pidfd == -ENOENT;

		snprintf(why, n, "failed to grab pid %d: %s", pid,
			 is_thread ? "it is a thread, not a process" : strerror(-new.pidfd));
		return -1;
	}
	vec_push(&v->list, new);
	v->alive++;
	return 0;
}

/* It has ended. */
static void forget(struct victims *v, struct victim *one)
{
	close(one->pidfd);
	one->pidfd = -1;
	v->alive--;
}

int victims_release(struct victims *v, char *why, size_t n)
{
	for (size_t i = 0; i < v->list.n; i++) {
		struct victim *one = &v->list.at[i];
		int err = 0;

		if (one->gate < 0)
			continue;
		if (write(one->gate, "", 1) != 1)
			err = ESRCH; /* somebody killed it while it waited: victims_reap() tells */
		close(one->gate);
		one->gate = -1;
		if (!err && read(one->trouble, &err, sizeof(err)) == sizeof(err)) {
			snprintf(why, n, "failed to execute '%s': %s", one->command, strerror(err));
			waitpid(one->pid, NULL, 0);
			forget(v, one);
			return -1;
		}
	}
	return 0;
}

static void tell_end(const struct victim *v, int wstatus, FILE *out)
{
	if (!v->command)
		fprintf(out, "dtrace: pid %d has exited\n", v->pid);
	else if (WIFSIGNALED(wstatus))
		fprintf(out, "dtrace: pid %d terminated by SIG%s\n", v->pid,
			sigabbrev_np(WTERMSIG(wstatus)) ? sigabbrev_np(WTERMSIG(wstatus)) : "RT");
	else if (WEXITSTATUS(wstatus) != 0)
		fprintf(out, "dtrace: pid %d exited with status %d\n", v->pid,
			WEXITSTATUS(wstatus));
	else
		fprintf(out, "dtrace: pid %d has exited\n", v->pid);
}

void victims_reap(struct victims *v, FILE *notices)
{
	for (size_t i = 0; i < v->list.n; i++) {
		struct victim *one = &v->list.at[i];
		struct pollfd p = {.fd = one->pidfd, .events = POLLIN};
		int wstatus = 0;

		if (one->pidfd < 0 || poll(&p, 1, 0) <= 0)
			continue;
		if (one->command)
			waitpid(one->pid, &wstatus, 0);
		if (notices)
			tell_end(one, wstatus, notices);
		forget(v, one);
	}
}

void victims_free(struct victims *v)
{
	for (size_t i = 0; i < v->list.n; i++) {
		struct victim *one = &v->list.at[i];

		if (one->gate >= 0)
			close(one->gate); /* still held: it ends by itself */
		if (one->trouble >= 0)
			close(one->trouble);
		if (one->pidfd < 0)
			continue;
		if (one->command) {
			kill(one->pid, SIGKILL);
			waitpid(one->pid, NULL, 0);
		}
		close(one->pidfd);
	}
	vec_free(&v->list);
	v->alive = 0;
}
