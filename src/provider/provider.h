/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes and the providers that publish them: names, arguments, ids. How they fire is hook.h's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/suggest.h"
#include "program/probe.h"

/* One entry of args[]: D types in their spelling. */
struct probe_arg {
	const char *native; /* what the hook has: "struct net_packet *" */
	const char *stable; /* what the script sees: "ipinfo_t *"; a translator connects the two */
};

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
