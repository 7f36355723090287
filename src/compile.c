/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pipeline, each pass named in order:
 *
 *	parse		texts -> script
 *	options		pragmas -> options
 *	enable		descriptions -> probes; the libraries their providers need
 *	check		each clause for the probes it enables
 *	group		probes -> the hooks they fire at
 *	generate	one program for each hook
 */
#include "compile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "codegen/codegen.h"
#include "lang/check.h"
#include "library.h"

/* A clause at one way of a probe to fire. Where arguments differ, clauses are copies. */
struct enabled {
	struct clause *clause;
	const struct probe *probe;
	const struct way *way;
};

struct kinds {
	VEC(struct enabled) all;
};

struct compiler {
	struct arena *arena;
	struct diag *diag;
	struct probes *probes;
	struct options *options;
	struct script *script;
	struct libraries *libraries;
	VEC(struct clause *) clauses;
	VEC(struct enabled) enabled;
	VEC(struct probe *) enabled_probes; /* each once, in the order of the script */
	VEC(bool) is_enabled;		    /* by id */
};

/* --- options --- */

static void apply_pragmas(struct compiler *c)
{
	char why[256];

	for (struct pragma_option *p = c->script->options; p; p = p->next)
		if (options_set(c->options, p->name, p->value, why, sizeof(why)))
			diag_error(c->diag, p->loc, "D_PRAGMA_OPTSET", "%s", why);
	c->script->destructive = c->options->destructive;
}

/* --- probes --- */

struct match {
	struct compiler *c;
	VEC(struct probe *) found;
	const struct probe *kernels; /* matched, and never fires over a capture */
};

/* Whether the way is one of the trace at hand: over a capture, or in the kernel. */
static bool is_offered(const struct compiler *c, const struct probe *p, const struct way *w)
{
	if (c->options->ncaptures)
		return w->hook->attach == ATTACH_CAPTURE || p->role != ROLE_EVENT;
	return w->hook->attach != ATTACH_CAPTURE;
}

static bool is_any_offered(const struct compiler *c, const struct probe *p)
{
	for (const struct way *w = p->row->ways; w->hook; w++)
		if (is_offered(c, p, w))
			return true;
	return false;
}

static void match_add(void *arg, struct probe *p)
{
	struct match *m = arg;

	for (size_t i = 0; i < m->found.n; i++)
		if (m->found.at[i] == p)
			return;
	if (is_any_offered(m->c, p))
		vec_push(&m->found, p);
	else
		m->kernels = p;
}

/* tcp::send and tcp:send, which name a module and a function tcp. */
static const struct provider *misplaced_provider(const struct probe_desc *d)
{
	const struct provider *p = *d->provider ? NULL : provider_find(d->module);

	return p || *d->provider ? p : provider_find(d->function);
}

static const char *nearest(struct compiler *c, const struct probe_desc *d, bool provider_known)
{
	const struct provider *meant = misplaced_provider(d);
	const char *provider = meant ? meant->name : provider_known ? d->provider : NULL, *best;
	struct suggest s;

	suggest_start(&s, provider ? d->name : d->provider);
	probes_suggest(c->probes, provider, &s);
	best = suggest_best(&s);
	return provider && *provider && best ? arena_printf(c->arena, "%s:::%s", provider, best)
					     : best;
}

static void no_match(struct compiler *c, struct probe_desc *d)
{
	bool provider_known = !*d->provider || provider_find(d->provider);
	bool no_provider = !provider_known && !strpbrk(d->provider, "*?[");
	const char *near = nearest(c, d, provider_known);
	const char *instead = provider_instead(d->provider, d->name);
	const struct provider *named = *d->provider ? provider_find(d->provider) : NULL;

	diag_error(c->diag, d->loc, "D_PDESC_ZERO",
		   "probe description %s:%s:%s:%s does not match any probes%s%s", d->provider,
		   d->module, d->function, d->name, no_provider ? ": there is no provider " : "",
		   no_provider ? d->provider : "");
	if (instead)
		diag_hint(c->diag, "%s", instead);
	else if (named && named->elsewhere)
		diag_hint(c->diag, "%s", named->elsewhere);
	else if (near)
		diag_hint(c->diag, "did you mean %s?", near);
	else
		diag_hint(c->diag,
			  "dtrace -l lists the probes; -Z accepts descriptions that match none");
}

static int match_desc(struct compiler *c, struct probe_desc *d, struct match *m)
{
	const char *why = NULL;
	int n;

	if (d->id) {
		struct probe *p = probes_by_id(c->probes, d->id);

		if (p)
			match_add(m, p);
		else if (!c->options->zdefs)
			diag_error(c->diag, d->loc, "D_PDESC_INVAL", "there is no probe with id %u",
				   d->id);
		return p ? 1 : 0;
	}
	n = probes_match(c->probes, d->provider, d->module, d->function, d->name, match_add, m,
			 &why);
	if (n < 0)
		diag_error(c->diag, d->loc, "D_PDESC_INVAL", "invalid probe name %s: %s", d->name,
			   why);
	else if (n == 0 && !c->options->zdefs)
		no_match(c, d);
	else if (m->kernels && !m->found.n)
		diag_error(
			c->diag, d->loc, "D_PDESC_CAPTURE",
			"%s:%s:%s:%s fires in a running kernel alone: a capture does not tell of it",
			m->kernels->provider, m->kernels->module, m->kernels->function,
			m->kernels->name);
	return n < 0 ? 0 : n;
}

static void need_library(struct compiler *c, const struct provider *owner)
{
	if (owner->library)
		libraries_need(c->libraries, owner->library, (struct loc){0});
	if (owner->library && c->options->ncaptures)
		libraries_need(c->libraries, "capture.d", (struct loc){0});
}

/* --- check --- */

/* Probes and ways of one signature have one check; a clause on several is copied for each. */
static bool same_args(const struct enabled *a, const struct probe *p, const struct way *w)
{
	return a->probe->args == p->args && a->probe->nargs == p->nargs &&
	       a->way->natives == w->natives;
}

/* The copy of the clause for this way of the probe to fire: checked once for each list of
 * arguments. */
static struct clause *clause_for(struct compiler *c, struct clause *clause, struct kinds *kinds,
				 const struct probe *p, const struct way *w)
{
	struct enabled kind = {clause, p, w};

	for (size_t k = 0; k < kinds->all.n; k++)
		if (same_args(&kinds->all.at[k], p, w))
			return kinds->all.at[k].clause;
	/* Copies are made before the first check writes into the original. */
	if (kinds->all.n)
		kind.clause = clause_clone(c->script, clause);
	vec_push(&c->clauses, kind.clause);
	vec_push(&kinds->all, kind);
	return kind.clause;
}

static void enable_probe(struct compiler *c, struct probe *p)
{
	while (c->is_enabled.n <= p->id)
		vec_push(&c->is_enabled, false);
	if (!c->is_enabled.at[p->id])
		vec_push(&c->enabled_probes, p);
	c->is_enabled.at[p->id] = true;
}

static void enable_clause(struct compiler *c, struct clause *clause, struct match *m)
{
	struct kinds kinds = {0};

	for (size_t i = 0; i < m->found.n; i++) {
		struct probe *p = m->found.at[i];

		enable_probe(c, p);
		for (const struct way *w = p->row->ways; w->hook; w++)
			if (!w->prepares && is_offered(c, p, w))
				vec_push(&c->enabled,
					 (struct enabled){clause_for(c, clause, &kinds, p, w), p,
							  w});
	}
	for (size_t k = 0; k < kinds.all.n; k++) {
		const struct enabled *kind = &kinds.all.at[k];

		check_clause(c->script, kind->clause,
			     (struct check_args){kind->probe->args, kind->way->natives,
						 kind->probe->nargs});
	}
	vec_free(&kinds.all);
}

/* What the libraries have behind them enables nothing: only these texts' clauses are looked at. */
static void enable_clauses(struct compiler *c, struct clause *from, const struct clause *end,
			   struct compile_input *in)
{
	in->matched = 0;
	for (struct clause *clause = from; clause && clause != end; clause = clause->next) {
		struct match m = {.c = c};

		for (struct probe_desc *d = clause->descs; d; d = d->next)
			in->matched += match_desc(c, d, &m);
		for (size_t i = 0; i < m.found.n; i++)
			need_library(c, m.found.at[i]->owner);
		if (m.found.n)
			enable_clause(c, clause, &m);
		else if (c->options->zdefs)
			check_unmatched_clause(c->script, clause);
		vec_free(&m.found);
	}
}

/* --- generate --- */

/* The ways that fire in one hook's program. */
struct hook_group {
	const struct hook *hook;
	enum role role;
	struct probe *own_probe;
	VEC(struct hook_fire) fires;
};

struct groups {
	VEC(struct hook_group) all;
};

static struct hook_group *group_for(struct groups *g, const struct way *w, struct probe *p)
{
	enum role role = w->role ? w->role : p->role;
	/* What the consumer or a timer runs is a program of one probe. */
	struct probe *own = role == ROLE_EVENT || role == ROLE_FOLLOW ? NULL : p;

	for (size_t i = 0; i < g->all.n; i++)
		if (g->all.at[i].hook == w->hook && g->all.at[i].role == role &&
		    g->all.at[i].own_probe == own)
			return &g->all.at[i];
	vec_push(&g->all, (struct hook_group){.hook = w->hook, .role = role, .own_probe = own});
	return &vec_last(&g->all);
}

/* The probe's clauses at one of its ways, and what they need there. */
static struct hook_fire fire_for(struct compiler *c, struct probe *p, const struct way *w)
{
	struct hook_fire f = {.way = w, .probe = p};
	VEC(struct clause *) clauses = {0};

	for (size_t i = 0; i < c->enabled.n; i++)
		if (c->enabled.at[i].probe == p && c->enabled.at[i].way == w)
			vec_push(&clauses, c->enabled.at[i].clause);
	f.nclauses = clauses.n;
	f.clauses = arena_alloc(c->arena, (clauses.n + 1) * sizeof(*f.clauses));
	if (clauses.n)
		memcpy(f.clauses, clauses.at, clauses.n * sizeof(*f.clauses));
	vec_free(&clauses);
	codegen_needs(f.clauses, f.nclauses, &f.needs);
	return f;
}

/* What prepares something stands once in a program, whichever probes ask for it. */
static void group_preparation(struct groups *g, const struct way *w, struct probe *p)
{
	struct hook_group *hg = group_for(g, w, p);

	for (size_t i = 0; i < hg->fires.n; i++)
		if (hg->fires.at[i].way->code == w->code)
			return;
	vec_push(&hg->fires, (struct hook_fire){.way = w, .probe = p});
}

/* A function's entry fires before its return, whichever the script names first. */
static bool probe_before(const struct probe *a, const struct probe *b)
{
	return a->owner == b->owner && *a->function && !strcmp(a->function, b->function) &&
	       a->id < b->id;
}

static bool fires_before(const struct hook_fire *a, const struct hook_fire *b)
{
	if (a->way->behind != b->way->behind)
		return b->way->behind;
	return probe_before(a->probe, b->probe);
}

static void add_fire(struct hook_group *hg, struct hook_fire f)
{
	size_t i = hg->fires.n;

	vec_push(&hg->fires, f);
	for (; i > 0 && fires_before(&f, &hg->fires.at[i - 1]); i--)
		hg->fires.at[i] = hg->fires.at[i - 1];
	hg->fires.at[i] = f;
}

static bool has_probe(const struct compiler *c, const struct provider *owner, const char *name)
{
	for (size_t i = 0; i < c->enabled_probes.n; i++)
		if (c->enabled_probes.at[i]->owner == owner &&
		    !strcmp(c->enabled_probes.at[i]->name, name))
			return true;
	return false;
}

/* Whether the script's other probes call for the way. */
static bool applies(const struct compiler *c, const struct probe *p, const struct way *w)
{
	return (!w->with || has_probe(c, p->owner, w->with)) &&
	       (!w->without || !has_probe(c, p->owner, w->without));
}

static void group_probe(struct compiler *c, struct groups *g, struct probe *p)
{
	unsigned needs = PREPARES_ALWAYS;

	for (const struct way *w = p->row->ways; w->hook; w++) {
		if (w->prepares || !is_offered(c, p, w) || !applies(c, p, w))
			continue;
		struct hook_fire f = fire_for(c, p, w);

		needs |= f.needs.bits;
		add_fire(group_for(g, w, p), f);
	}
	for (const struct way *w = p->row->ways; w->hook; w++)
		if (w->prepares & needs && is_offered(c, p, w))
			group_preparation(g, w, p);
}

/* Each enabled probe once, in the order in which the script first names them. */
static void group_probes(struct compiler *c, struct groups *g)
{
	for (size_t i = 0; i < c->enabled_probes.n; i++)
		group_probe(c, g, c->enabled_probes.at[i]);
}

/* What follows something stands before what reads it: of two programs on one hook the one attached
 * first runs first. */
static int generate_role(struct codegen *cg, struct groups *g, bool follow)
{
	for (size_t i = 0; i < g->all.n; i++) {
		struct hook_group *hg = &g->all.at[i];

		if ((hg->role == ROLE_FOLLOW) == follow &&
		    codegen_hook(cg, hg->hook, hg->role, hg->own_probe, hg->fires.at, hg->fires.n))
			return -1;
	}
	return 0;
}

static bool only_consumer(const struct groups *g)
{
	for (size_t i = 0; i < g->all.n; i++)
		if (!role_is_consumers(g->all.at[i].role))
			return false;
	return true;
}

static int generate(struct compiler *c, struct program **out)
{
	struct groups g = {0};
	struct codegen *cg;
	int err;

	group_probes(c, &g);
	cg = codegen_new(c->script, c->options, c->clauses.at, c->clauses.n, only_consumer(&g));
	err = codegen_variables(cg);
	if (!err)
		err = generate_role(cg, &g, true);
	if (!err)
		err = generate_role(cg, &g, false);
	for (size_t i = 0; i < g.all.n; i++)
		vec_free(&g.all.at[i].fires);
	vec_free(&g.all);
	if (!err)
		*out = codegen_finish(cg);
	else
		codegen_free(cg);
	return err;
}

/* Macro arguments that no text used: a mistake, unless -x defaultargs. */
static void check_arguments(struct compiler *c, const struct macro_args *m)
{
	if (c->options->defaultargs)
		return;
	for (int i = 1; m->used && i < m->argc; i++)
		if (!m->used[i])
			diag_error(c->diag, (struct loc){0}, "D_MACRO_UNUSED",
				   "extraneous argument '%s' ($%d is not referenced)", m->argv[i],
				   i);
}

/* The clauses of one text: from the first added by it. */
static struct clause *parse_input(struct compiler *c, struct compile_input *in)
{
	struct clause **tail = c->script->clauses_tail;

	parse_source(c->script, in->source, in->as);
	return *tail;
}

/* Where the clauses of text i end: at those of the next text that has any. */
static const struct clause *clauses_end(struct clause *const *first, int i, int n)
{
	while (++i < n)
		if (first[i])
			return first[i];
	return NULL;
}

int compile(struct arena *a, struct types *ts, struct diag *d, struct probes *ps, struct options *o,
	    struct macro_args *m, struct compile_input *in, int nin, struct program **out)
{
	struct compiler c = {.arena = a, .diag = d, .probes = ps, .options = o};
	struct clause **first = arena_alloc(a, (nin + 1) * sizeof(*first));
	int err = -1;

	c.script = script_new(a, ts, d, m);
	c.libraries = libraries_new(c.script, o);
	for (int i = 0; i < nin; i++)
		first[i] = parse_input(&c, &in[i]);
	apply_pragmas(&c);
	libraries_check_dirs(c.libraries);
	if (diag_failed(d))
		goto out;
	for (int i = 0; i < nin; i++)
		enable_clauses(&c, first[i], clauses_end(first, i, nin), &in[i]);
	check_finish(c.script);
	check_arguments(&c, m);
	if (types_btf_error(ts))
		diag_error(d, (struct loc){0}, "D_KERNEL_BTF",
			   "the kernel's types cannot be read (/sys/kernel/btf/vmlinux: %s): "
			   "the kernel must be built with CONFIG_DEBUG_INFO_BTF",
			   strerror(-types_btf_error(ts)));
	if (!diag_failed(d))
		err = generate(&c, out);
out:
	if (diag_failed(d)) {
		libraries_hint_replaced(c.libraries);
		err = -1;
	}
	vec_free(&c.clauses);
	vec_free(&c.enabled);
	vec_free(&c.enabled_probes);
	vec_free(&c.is_enabled);
	return err;
}
