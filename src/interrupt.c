/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals that end tracing, turned into a readable descriptor.
 *
 * Handlers rather than a signalfd: with SA_RESETHAND the kernel itself ends the
 * process on the second signal, also while the first has not been looked at
 * because a write to a terminal or pipe blocks. A handler can be told its
 * descriptor only through a static variable: the one exception to the rule
 * against mutable state, written once before any handler is set.
 */
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile int wake_fd = -1;

static void on_signal(int signal)
{
	int saved = errno;
	uint64_t one = 1;

	(void)signal;
	if (write(wake_fd, &one, sizeof(one)) < 0) {
		/* the counter is full: readable already */
	}
	errno = saved;
}

int interrupt_open(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART | SA_RESETHAND};
	struct sigaction old;
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	wake_fd = fd;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
	}
	return fd;
}
