/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * system(format, values...): a command for the shell, run when the record is
 * consumed, after all that was printed before. Output waits until it has ended.
 *
 * It gets what dtrace was started with, not what dtrace has made of it: signals
 * reach it, and a closed pipe ends it.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "action/action.h"
#include "consume/take.h"

static int start(const char *command, pid_t *pid)
{
	char *const words[] = {"sh", "-c", (char *)command, NULL};
	posix_spawnattr_t how;
	sigset_t none, all;
	int err = posix_spawnattr_init(&how);

	if (err)
		return err;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawn(pid, "/bin/sh", NULL, &how, words, environ);
	posix_spawnattr_destroy(&how);
	return err;
}

static void take(const struct taking *t)
{
	struct buf command = {0};
	pid_t pid;
	int err;

	if (!t->format)
		return;
	t->form->calls->format(t, t->format, &command);
	t->form->calls->flush(t->form);
	err = start(buf_str(&command), &pid);
	if (err)
		taking_warn(t, "system( ): cannot run \"%s\": %s", buf_str(&command),
			    strerror(err));
	while (!err && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	buf_free(&command);
}

// clang-format off
const struct builtin action_system[] = {
	{ "system", BUILTIN_ACTION, "void", "format, ...",
	  .code = action_code_format, .destructive = true, .action = { take } },
	{ NULL },
};
// clang-format on
