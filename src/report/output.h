/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What forms print gathers in memory and is written in blocks, at the latest by
 * output_flush(). The first failure to write stays and silences all further
 * output. Private to src/report/.
 */
#pragma once

#include <stdio.h>

#include "base/buf.h"

struct output {
	FILE *file;
	struct buf text; /* not yet written */
	int error;	 /* -errno of a write */
	int first;	 /* redirected: where it went before, at least 3; else 0 */
};

void output_free(struct output *o);
/* After a line: writes, if that is worth while. */
void output_line(struct output *o);
/* 0, or -errno of the first write that failed. */
int output_flush(struct output *o);
/*
 * What follows goes to the end of this file; NULL: to where it went first. The
 * descriptor stays, so what is run (system()) writes to the same place. 0 or -errno.
 */
int output_redirect(struct output *o, const char *path);
/* Only a file can be cut; a terminal or a pipe keeps what it has got. */
void output_truncate(struct output *o);
