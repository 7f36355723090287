/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The run-time options of -x, #pragma D option and setopt(): one table row each
 * in options.c, parsed into this. Sizes in bytes, rates in nanoseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The latest version of D that programs may ask for: option version. */
#define OPTIONS_D_VERSION "1.13"

#define OPTIONS_MAX 80

/* Which engine runs the programs, in the order of the option's words. */
enum engine_choice { ENGINE_KERNEL, ENGINE_MACHINE };

/* The form of output, likewise. */
enum output_choice { OUTPUT_TEXT, OUTPUT_JSON };

/* Of the characters of aggpack, likewise; the last where the option is not set. */
enum encoding_choice { ENCODING_ASCII, ENCODING_UTF8, ENCODING_OF_TERMINAL };

struct options {
	bool quiet, flowindent, destructive, zdefs, defaultargs, verbose, errtags, rawbytes,
		aggsortkey, aggsortrev, agghist, aggpack, aggzoom, droptags;
	bool cpp;	   /* accepted, without effect so far: see options.c */
	uint64_t encoding; /* enum encoding_choice */
	int64_t aggsortpos, aggsortkeypos;
	uint64_t switchrate, aggrate, statusrate;
	uint64_t engine;  /* enum engine_choice */
	uint64_t oformat; /* enum output_choice */
	uint64_t bufsize, aggsize, dynvarsize, strsize, nspec, specsize;
	uint64_t stackframes, ustackframes, jstackframes;
	int64_t cpu; /* -1: all */
	const char *const
		*captures; /* -r: files; packets come from them, engine is ENGINE_MACHINE */
	int ncaptures;
	const char *local;    /* addresses of the host whose packets a capture has; or NULL */
	uint64_t flowtimeout; /* of a capture's connections */
	const char *libdir;   /* several (-L) are joined by ':' */
	bool set[OPTIONS_MAX], fixed[OPTIONS_MAX]; /* by table row: see options_fix() */
};

void options_init(struct options *o);
/*
 * "name" and its value or NULL, which must live as long as o. 0, or -1 with a
 * message in why. Unknown names get the nearest.
 */
int options_set(struct options *o, const char *name, const char *value, char *why, size_t why_size);
/* The same while probes fire: setopt(). Not all can be changed then; what could not be before, can.
 */
int options_set_now(struct options *o, const char *name, const char *value, char *why,
		    size_t why_size);
/* What was set so far (by the command line) stays: a later options_set() (of a pragma) checks its
 * value and changes nothing. */
void options_fix(struct options *o);

enum option_effect {
	OPTION_WORKS,
	OPTION_ACCEPTED,    /* known and checked, without effect so far */
	OPTION_UNSUPPORTED, /* known, and refused: this system cannot */
};

/* The table, in order of name: false past the last row. */
bool options_at(int i, const char **name, enum option_effect *effect);
