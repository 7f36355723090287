/* SPDX-License-Identifier: BSD-2-Clause */
/* The D libraries of one compilation: embedded ones (dlib/), and files of -L directories. */
#pragma once

#include "base/options.h"
#include "tree/tree.h"

struct libraries;

/*
 * The libraries for a script, whose texts may now ask for them: for all at a
 * name that nothing defines, for one by #pragma D depends_on. Directories are
 * those that *o names when a library is read.
 */
struct libraries *libraries_new(struct script *s, const struct options *o);
/* An error for each directory of -L and -x libdir that cannot be opened. */
void libraries_check_dirs(struct libraries *ls);
/* Where something is in error: says which libraries of the user's stand for embedded ones. */
void libraries_hint_replaced(struct libraries *ls);
/* Reads a library that something at a place needs, and says what is wrong with it. */
void libraries_need(struct libraries *ls, const char *name, struct loc at);
