/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of -c and -p: tracing lasts as long as one of them lives. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/vec.h"

struct victim {
	pid_t pid;
	const char *command; /* -c; NULL for -p */
	int pidfd;	     /* readable when it has ended; -1 afterwards */
	int gate;    /* -c: closing it ends the child, a byte starts the command; -1 afterwards */
	int trouble; /* -c: brings the errno of a failed exec */
};

struct victims {
	VEC(struct victim) list;
	size_t alive;
};

/* Starts the command, held before its first instruction, or takes hold of a process. 0, or -1 with
 * a message in why. */
int victims_start(struct victims *v, const char *command, char *why, size_t n);
int victims_grab(struct victims *v, pid_t pid, char *why, size_t n);
/* Lets the commands go. 0, or -1 when one could not be executed. */
int victims_release(struct victims *v, char *why, size_t n);
/* Looks who has ended; says so on notices, if given. */
void victims_reap(struct victims *v, FILE *notices);
/* Commands still running are killed; processes of -p are left alone. */
void victims_free(struct victims *v);

/* The words of a command line: split at blanks, '…', "…" and \ as sh has them. NULL if a quote is
 * open. free() it: one block. */
char **victim_words(const char *line);
