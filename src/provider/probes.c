/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of probes.  Static ones get their ids in the order of the tables
 * below, the same in every run; probes on demand follow as they are named.
 */
#include "provider/provider.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/vec.h"
#include "provider/tables.h"

static const struct provider *const providers[] = {
	&provider_dtrace,  &provider_ip,  &provider_tcp,     &provider_udp,
	&provider_profile, &provider_fbt, &provider_udplite, NULL,
};

const struct provider *provider_find(const char *name)
{
	for (const struct provider *const *p = providers; *p; p++)
		if (!strcmp((*p)->name, name))
			return *p;
	return NULL;
}

/* FreeBSD's scripts name the module "kernel". */
static bool is_module(const char *module, const char *name)
{
	return *module && (!strcmp(name, module) || !strcmp(name, "kernel"));
}

bool provider_has_module(const char *name)
{
	for (const struct provider *const *p = providers; *p; p++)
		if (is_module((*p)->module, name))
			return true;
	return false;
}

struct probes {
	struct arena *arena;
	VEC(struct probe *) all;
};

static struct probe *probes_add(struct probes *ps, const struct provider *owner,
				const struct probe_row *row, const char *name, uint64_t period_ns)
{
	struct probe *p = ARENA_NEW(ps->arena, struct probe);

	p->id = ps->all.n + 1;
	p->provider = owner->name;
	p->module = owner->module;
	p->function = row->function ? row->function : "";
	p->name = arena_strdup(ps->arena, name);
	p->args = row->args;
	p->nargs = row->nargs;
	p->owner = owner;
	p->row = row;
	p->role = row->role;
	p->period_ns = period_ns;
	vec_push(&ps->all, p);
	return p;
}

struct probes *probes_new(struct arena *a)
{
	struct probes *ps = ARENA_NEW(a, struct probes);

	ps->arena = a;
	for (const struct provider *const *pv = providers; *pv; pv++)
		for (const struct probe_row *row = (*pv)->rows; row && row->name; row++)
			probes_add(ps, *pv, row, row->name, 0);
	return ps;
}

void probes_free(struct probes *ps)
{
	if (ps)
		vec_free(&ps->all);
}

static bool field_matches(const char *glob, const char *text)
{
	return !*glob || !fnmatch(glob, text, 0);
}

static bool module_matches(const char *glob, const char *module)
{
	return field_matches(glob, module) || is_module(module, glob);
}

/* Probes on demand: tick-5s, profile-997. 1 made or there already, 0 not of this kind, -EINVAL
 * malformed. */
static int probes_demand(struct probes *ps, const char *provider, const char *name,
			 const char **why)
{
	for (const struct provider *const *pv = providers; *pv; pv++) {
		const struct probe_row *row;
		uint64_t period;

		if (!(*pv)->demand || !field_matches(provider, (*pv)->name))
			continue;
		for (size_t i = 0; i < ps->all.n; i++)
			if (ps->all.at[i]->owner == *pv && !strcmp(ps->all.at[i]->name, name))
				return 1;
		row = (*pv)->demand(name, &period, why);
		if (row) {
			probes_add(ps, *pv, row, name, period);
			return 1;
		}
		if (*why)
			return -EINVAL;
	}
	return 0;
}

int probes_match(struct probes *ps, const char *provider, const char *module, const char *function,
		 const char *name, void (*visit)(void *arg, struct probe *p), void *arg,
		 const char **why)
{
	int n = 0;

	*why = NULL;
	if (*name && !strpbrk(name, "*?[")) {
		int err = probes_demand(ps, provider, name, why);

		if (err < 0)
			return err;
	}
	for (size_t i = 0; i < ps->all.n; i++) {
		struct probe *p = ps->all.at[i];

		if (field_matches(provider, p->provider) && module_matches(module, p->module) &&
		    field_matches(function, p->function) && field_matches(name, p->name)) {
			n++;
			if (visit)
				visit(arg, p);
		}
	}
	return n;
}

struct probe *probes_by_id(struct probes *ps, uint32_t id)
{
	return id >= 1 && id <= ps->all.n ? ps->all.at[id - 1] : NULL;
}

void probes_suggest(struct probes *ps, const char *provider, struct suggest *s)
{
	if (!provider) {
		for (const struct provider *const *pv = providers; *pv; pv++)
			suggest_offer(s, (*pv)->name);
		return;
	}
	for (size_t i = 0; i < ps->all.n; i++)
		if (field_matches(provider, ps->all.at[i]->provider))
			suggest_offer(s, ps->all.at[i]->name);
}
