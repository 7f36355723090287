/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line, taken apart: what is to be done, with which programs and options. */
#pragma once

#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/vec.h"
#include "lang/parse.h"

enum command_mode {
	COMMAND_TRACE,
	COMMAND_CHECK, /* -e: compile, enable nothing */
	COMMAND_LIST,
	COMMAND_VERSION,
	COMMAND_HELP,
};

/* One -s FILE, or one -n, -P, -m, -f, -i with what is appended to it. */
struct command_spec {
	enum parse_as as;
	bool is_file;
	const char *text; /* the file's name, or the specifier */
};

struct command {
	enum command_mode mode;
	struct options options;
	bool show_ir; /* -S */
	const char *cpp_path;
	const char *output; /* -o, or NULL */
	VEC(struct command_spec) specs;
	VEC(const char *) cpp_args; /* -D -U -I -H as cpp wants them */
	VEC(const char *) commands; /* -c */
	VEC(pid_t) pids;	    /* -p */
	VEC(const char *) captures; /* -r */
	VEC(const char *) args;	    /* $0 and on */
};

/*
 * 0, or the exit status: 2 after a message and the usage, 1 after a message.
 * Strings are argv's or the arena's. command_free() in any case.
 */
int command_parse(struct command *c, struct arena *a, int argc, char **argv, FILE *err);
void command_free(struct command *c);
/* What --help prints. */
void command_help(FILE *out);
