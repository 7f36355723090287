/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes as everybody sees them: names, arguments, ids, and who runs their clauses. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct provider;
struct probe_row;

/*
 * Who runs a probe's clauses, and when.  Set by the provider's row; a program
 * has the role of the probes that it holds, or of what it follows for them.
 * Programs of an iterator's hook are run once by the session: those that follow
 * before BEGIN, those that fire as soon as probes do.
 */
enum role {
	ROLE_EVENT,   /* a hook, whenever its event happens: one program for each hook */
	ROLE_FOLLOW,  /* the same before BEGIN too, on every CPU: it keeps what other programs read
		       */
	ROLE_PROFILE, /* a clock on every CPU, each period */
	ROLE_TICK,    /* the consumer, each period */
	ROLE_TIMEOUT, /* the consumer, for each element of a MAP_TIMED whose time is over: its key
			 is the program's context */
	ROLE_BEGIN,   /* the consumer, before all else */
	ROLE_END,     /* the consumer, after all else */
	ROLE_ERROR,   /* the consumer, for each fault */
};

/* The consumer runs the program itself: it is attached nowhere. */
static inline bool role_is_consumers(enum role r)
{
	return r >= ROLE_TICK;
}

/* The consumer alone decides when it runs, and that it does. */
static inline bool role_is_unconditional(enum role r)
{
	return r >= ROLE_TIMEOUT;
}

/* A period goes with it. */
static inline bool role_is_periodic(enum role r)
{
	return r == ROLE_PROFILE || r == ROLE_TICK;
}

struct probe {
	uint32_t id;
	const char *provider, *module, *function, *name;
	/* args[] as a script sees them, types in D spelling; nargs < 0: not typed */
	const char *const *args;
	int nargs;
	enum role role;
	uint64_t period_ns; /* role_is_periodic() */
	const struct provider *owner;
	const struct probe_row *row; /* the owner's */
};
