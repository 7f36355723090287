/* SPDX-License-Identifier: BSD-2-Clause */
/* The D libraries of dlib/, embedded in the binary: the build makes the table (tools/embed.c). */
#pragma once

#include <stddef.h>

struct dlib_file {
	const char *name; /* "tcp.d" */
	const char *text; /* NUL-terminated */
	size_t len;
};

extern const struct dlib_file dlib_files[]; /* in order of name */
extern const size_t dlib_nfiles;
