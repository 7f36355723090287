/* SPDX-License-Identifier: BSD-2-Clause */
/* A tracing session on an engine: from loading a compiled program to its last line of output. */
#pragma once

#include <stdio.h>

#include "engine.h"
#include "victim.h"

struct session_input {
	const struct engine_calls *engine;
	const struct program *program;
	struct options *options; /* setopt() changes some */
	struct victims *victims;
	FILE *out;
	const char *out_name; /* for messages */
};

/*
 * Runs until the script calls exit(), all victims have ended, a signal comes, or
 * nobody reads the output any more. Messages go to stderr. The exit status:
 * exit()'s, or 0, or 1 when it failed.
 */
int session_run(const struct session_input *in);
