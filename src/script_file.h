/* SPDX-License-Identifier: BSD-2-Clause */
/* A script file into memory, through the C preprocessor if wanted. */
#pragma once

#include "base/arena.h"
#include "base/diag.h"

struct script_cpp {
	const char *path; /* of cpp; NULL: no preprocessing */
	const char **args;
	size_t nargs;
};

/* name "-" is standard input; a FIFO will do. 0 and *out, or -1 after a message in why. */
int script_read(struct arena *a, const char *name, const struct script_cpp *cpp, struct source *out,
		char *why, size_t why_size);
