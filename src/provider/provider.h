/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Providers: probes, their arguments, and the ways in which they fire, as const
 * tables.  A way ties a probe to a hook: its code is made in the hook's program;
 * it tests whether the event is this probe's, fills the sources of what the hook
 * has (source/source.h) and calls emit_fire() where the clauses belong.
 */
#pragma once

#include "base/arena.h"
#include "base/suggest.h"
#include "program/hook.h"
#include "program/probe.h"

struct emit;
struct needs;
struct value;

struct way {
	const struct hook *hook;
	/* Makes the test and the firing. Control falls through in every case. */
	void (*code)(struct emit *e, const struct needs *n);
	/* args[] as this way has them, in D's spelling: a translator leads from each to the
	 * probe's type. NULL: they are of the probe's types. */
	const char *const *natives;
	/* Not a firing: prepares what clauses with one of these needs (bits; ALWAYS: any clause)
	 * read at the probe's other ways. */
	unsigned prepares;
	/* Of what prepares: it follows something, in a program of its own (ROLE_FOLLOW), or stands
	 * in that of the event (0). */
	enum role role;
	/* Which of the objects handed on, from 1, tells of the process that the event is about:
	 * execname, pid, uid. 0: that is the task of the hook. */
	int subject;
	/* The way is there only if the script also has the provider's probe of this name, or has it
	 * not. NULL: in any case. */
	const char *with, *without;
	/* It fires behind the other ways of its hook, whichever the script names first. */
	bool behind;
	bool optional; /* there are other ways to the same on a kernel that has not this hook */
};

#define PREPARES_ALWAYS (1u << 31)

struct probe_row {
	const char *name;
	enum role role;
	const char *const *args; /* types in D's spelling */
	int nargs;		 /* < 0: not typed */
	const struct way *ways;	 /* ends with hook NULL */
	const char *function;	 /* NULL: "" */
};

/* As the DTrace guide's chapter on stability has them. */
enum stability { STABILITY_PRIVATE, STABILITY_EVOLVING, STABILITY_STABLE };
enum dependency_class { DEPENDENCY_UNKNOWN, DEPENDENCY_ISA, DEPENDENCY_COMMON };

struct attributes {
	enum stability names, data;
	enum dependency_class class;
};

struct provider {
	const char *name;
	const char *module;	      /* of its probes; "" */
	const char *library;	      /* the D library it needs: "tcp.d", or NULL */
	struct attributes probe, arg; /* stability */
	const struct probe_row *rows; /* static probes; ends with name NULL */
	/* Makes a probe of this name on demand: its row and period, NULL if the name is not of its
	 * kind or, with *why, malformed. */
	const struct probe_row *(*demand)(const char *name, uint64_t *period_ns, const char **why);
	/* Why a description that names this provider matches nothing, and what to do; or NULL. */
	const char *elsewhere;
	/* arg0 … of probes whose arguments are no objects. */
	void (*number)(struct emit *e, const struct probe *p, int i, struct value *out);
};

bool provider_has_module(const char *name);		/* of any provider's probes */
const struct provider *provider_find(const char *name); /* NULL: there is none */

/* What to use instead of another system's probe that there is not here; NULL: it is none. */
const char *provider_instead(const char *provider, const char *name);

struct probes;

struct probes *probes_new(struct arena *a);
void probes_free(struct probes *ps); /* takes NULL; the probes themselves live in the arena */

/*
 * Calls visit for each probe that a description with globs matches ("" matches
 * all), in order of id; probes that are made on demand (tick-5s) are made when
 * named in full. Returns the number of matches, or -EINVAL for a malformed name
 * (tick-5parsecs), *why saying so.
 */
int probes_match(struct probes *ps, const char *provider, const char *module, const char *function,
		 const char *name, void (*visit)(void *arg, struct probe *p), void *arg,
		 const char **why);
struct probe *probes_by_id(struct probes *ps, uint32_t id);
/* Offers every provider's, or a provider's every probe's name. */
void probes_suggest(struct probes *ps, const char *provider, struct suggest *s);
