/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Listings: -l in DTrace's columns, -lv with stability and the types of the
 * arguments in DTrace's layout, -S.
 *
 * Descriptions are read by the parser of the language, so that -l takes
 * whatever a script may contain; clauses are parsed and otherwise ignored.
 */
#include "listing.h"

#include <string.h>

#include "types/type.h"

static const char *const stability_names[] = {
	[STABILITY_PRIVATE] = "Private",
	[STABILITY_EVOLVING] = "Evolving",
	[STABILITY_STABLE] = "Stable",
};
static const char *const dependency_names[] = {
	[DEPENDENCY_UNKNOWN] = "Unknown",
	[DEPENDENCY_ISA] = "ISA",
	[DEPENDENCY_COMMON] = "Common",
};

/* A description is as stable as its least stable field; modules and functions are private. */
static struct attributes probe_attributes(const struct probe *p)
{
	if (*p->module || *p->function)
		return (struct attributes){0};
	return p->owner->probe;
}

static void print_attributes(const char *of, struct attributes a, FILE *out)
{
	fprintf(out,
		"\n\t%s Attributes\n\t\tIdentifier Names: %s\n\t\tData Semantics:   %s\n"
		"\t\tDependency Class: %s\n",
		of, stability_names[a.names], stability_names[a.data], dependency_names[a.class]);
}

static void print_header(FILE *out)
{
	fprintf(out, "%5s %10s %17s %33s %s\n", "ID", "PROVIDER", "MODULE", "FUNCTION", "NAME");
}

static void print_probe(const struct probe *p, bool verbose, FILE *out)
{
	fprintf(out, "%5u %10s %17s %33s %s\n", p->id, p->provider, p->module, p->function,
		p->name);
	if (!verbose)
		return;
	print_attributes("Probe Description", probe_attributes(p), out);
	print_attributes("Argument", p->owner->arg, out);
	fprintf(out, "\n\tArgument Types\n");
	for (int i = 0; i < p->nargs; i++)
		fprintf(out, "\t\targs[%d]: %s\n", i, p->args[i]);
	if (p->nargs <= 0)
		fprintf(out, "\t\tNone\n");
	fputc('\n', out);
}

struct printing {
	bool verbose;
	FILE *out;
};

static void visit_probe(void *arg, struct probe *p)
{
	struct printing *to = arg;

	print_probe(p, to->verbose, to->out);
}

static int list_desc(struct probes *ps, const struct probe_desc *desc, struct printing *to)
{
	const char *why = NULL;
	int n;

	if (desc->id) {
		struct probe *p = probes_by_id(ps, desc->id);

		if (p)
			print_probe(p, to->verbose, to->out);
		else
			fprintf(stderr,
				"dtrace: failed to match id %u: No probe matches description\n",
				desc->id);
		return p ? 0 : -1;
	}
	n = probes_match(ps, desc->provider, desc->module, desc->function, desc->name, visit_probe,
			 to, &why);
	if (n > 0)
		return 0;
	fprintf(stderr, "dtrace: failed to match %s:%s:%s:%s: %s\n", desc->provider, desc->module,
		desc->function, desc->name, n < 0 && why ? why : "No probe matches description");
	return -1;
}

int listing_probes(struct arena *a, struct diag *d, struct probes *ps, struct macro_args *m,
		   const struct listing_input *in, int nin, bool verbose, FILE *out)
{
	struct printing to = {verbose, out};
	struct types *types = types_new(a, NULL);
	struct script *script = script_new(a, types, d, m);
	static const struct probe_desc everything = {
		.provider = "", .module = "", .function = "", .name = ""};
	int status = 0;

	for (int i = 0; i < nin; i++)
		parse_source(script, in[i].source, in[i].as);
	if (diag_failed(d)) {
		status = -1;
		goto done;
	}
	print_header(out);
	if (nin == 0)
		status = list_desc(ps, &everything, &to);
	for (const struct clause *c = script->clauses; c; c = c->next) {
		for (const struct probe_desc *desc = c->descs; desc; desc = desc->next)
			status |= list_desc(ps, desc, &to);
	}
done:
	types_free(types);
	return status;
}

void listing_enabled(const struct program *p, FILE *out)
{
	print_header(out);
	for (int i = 0; i < p->nenablings; i++) {
		bool seen = false;

		for (int j = 0; j < i && !seen; j++)
			seen = p->enablings[j].probe == p->enablings[i].probe;
		if (!seen)
			print_probe(p->enablings[i].probe, true, out);
	}
}

static const char *map_name(void *arg, int map)
{
	const struct program *p = arg;

	return map >= 0 && map < p->nmaps ? p->maps[map].name : "?";
}

/* part: of the program, -1: the program itself */
static void list_code(const struct program *p, const struct hook_program *hp,
		      const struct ir_code *code, int part, FILE *out)
{
	fprintf(out, "\n%s%s%s", hp->hook->name, hp->probe ? " " : "",
		hp->probe ? hp->probe->name : "");
	if (part >= 0)
		fprintf(out, " part %d", part);
	fprintf(out, ": %u instructions, %u bytes of stack\n", code->ninsns, code->stack_used);
	ir_list(code, map_name, (void *)p, out);
}

void listing_code(const struct program *p, FILE *out)
{
	for (int i = 0; i < p->nmaps; i++) {
		const struct map_def *m = &p->maps[i];

		fprintf(out, "map %s: key %u, value %u, %u entries\n", m->name, m->key_size,
			m->value_size, m->max_entries);
	}
	for (int i = 0; i < p->nprograms; i++) {
		const struct hook_program *hp = &p->programs[i];

		list_code(p, hp, &hp->code, -1, out);
		for (int k = 0; k < hp->nparts; k++)
			if (hp->parts[k].ninsns)
				list_code(p, hp, &hp->parts[k], k, out);
	}
}
