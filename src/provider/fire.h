/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ways a probe fires: rows that tie a probe to hooks.  A row's code is
 * emitted in the hook's program; it tests whether the event is this probe's,
 * says what the hook knows (the native arguments), and calls cg_clauses() where
 * the clauses belong: never (a row that only notes something for another hook),
 * once, or more often.
 */
#pragma once

#include "program/hook.h"
#include "provider/provider.h"

struct codegen;
struct value;

struct fire {
	const struct hook *hook;
	/* Emits the test and the firing. Control falls through in every case. */
	void (*code)(struct codegen *cg);
	/* A row that only prepares something for another hook: emitted once in a program, whichever
	 * probes ask. NULL: a firing. */
	const char *note;
	bool once; /* fires but once for an event, whoever asks: its clauses cannot be spread over
		      several programs */
};

/* A row of a provider's table. */
struct probe_row {
	const char *name;
	enum role role;
	const struct probe_arg *args;
	int nargs;
	const struct fire *fires; /* ends with hook NULL */
};

struct provider {
	const char *name;
	const char *library;	      /* the D library it needs: "tcp.d", or NULL */
	const struct probe_row *rows; /* static probes; ends with name NULL */
	/* Makes a probe of this name on demand: its row and period, NULL if the name is not of its
	 * kind or, with *why, malformed. */
	const struct probe_row *(*demand)(const char *name, uint64_t *period_ns, const char **why);
	/* The native value of args[i]. */
	void (*arg)(struct codegen *cg, const struct probe *p, int i, struct value *out);
};

const struct provider *provider_at(int i); /* NULL past the last */
