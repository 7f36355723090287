/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Diagnostics: a user's mistakes, collected, so that one run shows them all.
 * Each has a place, a stable tag ("D_SYNTAX"), a message, and perhaps a hint.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"

/* One text given by -s FILE, -n, -P, -m, -f, -i, or a library. */
struct source {
	const char *name; /* the file as the user named it; for -n the text of the specifier */
	const char *text; /* NUL-terminated */
	size_t len;
	bool is_file; /* a script file: "failed to compile script NAME: line N: ..."; else "invalid
			 probe specifier NAME: ..." */
	bool is_library; /* embedded or -L */
	bool is_header;	 /* of C, by way of cpp: what D does not know there is passed over */
	int first_line;	 /* number of the first line of text, after a #line; 0 as 1 */
};

struct loc {
	const struct source *source; /* NULL: no place */
	int line, col;		     /* from 1 */
};

struct diag;

struct diag *diag_new(struct arena *a);
void diag_error(struct diag *d, struct loc at, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Adds to the last error a line "hint: …". */
void diag_hint(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool diag_failed(const struct diag *d);
int diag_count(const struct diag *d);
/* So many that one more will not be shown: hints for it are not worth a search. */
bool diag_is_long(const struct diag *d);
/* Errors are dropped from mark (an earlier diag_count()) on: for what is tried and given up. */
void diag_rewind(struct diag *d, int mark);
/* Appends all errors of from, which has none afterwards; both of one arena. */
void diag_move(struct diag *to, struct diag *from);
/* All of them, each with its source line and a caret; after 20 it says how many more there are. */
void diag_print(const struct diag *d, bool with_tags, FILE *out);
