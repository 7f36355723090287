/* SPDX-License-Identifier: BSD-2-Clause */
/* The dtrace command: options in, exit status out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "compile.h"
#include "listing.h"
#include "live/live.h"
#include "replay/replay.h"
#include "script_file.h"
#include "session.h"
#include "version.h"
#include "victim.h"

struct run {
	struct arena *arena;
	struct command command;
	struct source *sources; /* one for each of command.specs */
	struct macro_args macros;
	struct diag *diag;
	struct probes *probes;
	struct types *types; /* of the program, until the last line is printed */
	struct victims victims;
	FILE *out;
	const char *out_name;
};

static int fail(const char *why)
{
	fprintf(stderr, "dtrace: %s\n", why);
	return -1;
}

static int read_sources(struct run *r)
{
	struct command *c = &r->command;
	struct script_cpp cpp = {c->options.cpp ? c->cpp_path : NULL, c->cpp_args.at,
				 c->cpp_args.n};
	char why[1024];

	r->sources = arena_alloc(r->arena, (c->specs.n + 1) * sizeof(*r->sources));
	for (size_t i = 0; i < c->specs.n; i++) {
		const struct command_spec *spec = &c->specs.at[i];

		if (!spec->is_file)
			r->sources[i] = (struct source){
				.name = spec->text, .text = spec->text, .len = strlen(spec->text)};
		else if (script_read(r->arena, spec->text, &cpp, &r->sources[i], why, sizeof(why)) <
			 0)
			return fail(why);
	}
	return 0;
}

static int start_victims(struct run *r)
{
	struct command *c = &r->command;
	char why[512];

	for (size_t i = 0; i < c->commands.n; i++) {
		if (victims_start(&r->victims, c->commands.at[i], why, sizeof(why)) < 0)
			return fail(why);
	}
	for (size_t i = 0; i < c->pids.n; i++) {
		if (victims_grab(&r->victims, c->pids.at[i], why, sizeof(why)) < 0)
			return fail(why);
	}
	return 0;
}

static void set_macros(struct run *r)
{
	struct command *c = &r->command;

	r->macros = (struct macro_args){
		.argv = c->args.at,
		.argc = (int)c->args.n,
		.used = arena_alloc(r->arena, c->args.n * sizeof(bool)),
		.options = &c->options,
		.target = r->victims.list.n ? r->victims.list.at[0].pid : 0,
	};
}

static int open_output(struct run *r)
{
	r->out = stdout;
	r->out_name = "standard output";
	if (!r->command.output)
		return 0;
	r->out_name = r->command.output;
	r->out = fopen(r->command.output, "ae");
	if (r->out)
		return 0;
	fprintf(stderr, "dtrace: failed to open output file '%s': %s\n", r->command.output,
		strerror(errno));
	return -1;
}

/* The last bytes, and what the file system only says now; not again after a message about it. */
static int close_output(struct run *r, bool quiet)
{
	FILE *out = r->out;
	bool had_error;

	if (!out)
		return 0;
	r->out = NULL;
	errno = 0;
	had_error = ferror(out) || fflush(out) != 0;
	if (out != stdout && fclose(out) != 0)
		had_error = true;
	if (!had_error || quiet || errno == EPIPE)
		return 0;
	fprintf(stderr, "dtrace: failed to write to %s: %s\n", r->out_name,
		errno ? strerror(errno) : "output error");
	return -1;
}

/* "dtrace: description 'ip:::send ' matched 1 probe": a specifier is named up to its predicate or
 * action. */
static void tell_matches(const struct compile_input *in, int nin)
{
	for (int i = 0; i < nin; i++) {
		const struct source *s = in[i].source;

		fprintf(stderr, "dtrace: %s '%.*s' matched %d probe%s\n",
			s->is_file ? "script" : "description",
			(int)(s->is_file ? strlen(s->name) : strcspn(s->name, "/{;")), s->name,
			in[i].matched, in[i].matched == 1 ? "" : "s");
	}
}

static int compile_all(struct run *r, struct program **program)
{
	struct command *c = &r->command;
	int nin = (int)c->specs.n;
	struct compile_input *in = arena_alloc(r->arena, (c->specs.n + 1) * sizeof(*in));

	for (int i = 0; i < nin; i++)
		in[i] = (struct compile_input){.source = &r->sources[i], .as = c->specs.at[i].as};
	if (compile(r->arena, r->types, r->diag, r->probes, &c->options, &r->macros, in, nin,
		    program) < 0) {
		diag_print(r->diag, c->options.errtags, stderr);
		return -1;
	}
	if (!c->options.quiet)
		tell_matches(in, nin);
	if ((*program)->nenablings == 0 && !c->options.zdefs)
		return fail("no probes matched");
	return 0;
}

static int run_trace(struct run *r)
{
	static const struct engine_calls *const engines[] = {
		[ENGINE_KERNEL] = &live_engine,
		[ENGINE_MACHINE] = &replay_engine,
	};
	struct command *c = &r->command;
	struct program *program;

	if (c->mode == COMMAND_CHECK && !c->specs.n)
		return EXIT_SUCCESS;
	if (read_sources(r) < 0 || start_victims(r) < 0)
		return EXIT_FAILURE;
	set_macros(r);
	r->types = types_new(r->arena, NULL);
	if (compile_all(r, &program) < 0)
		return EXIT_FAILURE;
	if (c->show_ir)
		listing_code(program, stderr);
	if (open_output(r) < 0)
		return EXIT_FAILURE;
	if (c->options.verbose)
		listing_enabled(program, c->options.oformat == OUTPUT_TEXT ? r->out : stderr);
	if (c->mode == COMMAND_CHECK)
		return EXIT_SUCCESS;
	return session_run(&(struct session_input){
		.engine = c->options.ncaptures ? &capture_engine : engines[c->options.engine],
		.program = program,
		.options = &c->options,
		.victims = &r->victims,
		.out = r->out,
		.out_name = r->out_name,
	});
}

static int run_list(struct run *r)
{
	struct command *c = &r->command;
	int nin = (int)c->specs.n, err;
	struct listing_input *in = arena_alloc(r->arena, (c->specs.n + 1) * sizeof(*in));

	if (read_sources(r) < 0 || open_output(r) < 0)
		return EXIT_FAILURE;
	set_macros(r);
	for (int i = 0; i < nin; i++)
		in[i] = (struct listing_input){&r->sources[i], c->specs.at[i].as};
	err = listing_probes(r->arena, r->diag, r->probes, &r->macros, in, nin, c->options.verbose,
			     r->out);
	if (diag_failed(r->diag))
		diag_print(r->diag, c->options.errtags, stderr);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run_version(struct run *r)
{
	if (open_output(r) < 0)
		return EXIT_FAILURE;
	version_print(r->command.options.verbose, r->out);
	return EXIT_SUCCESS;
}

static int run_help(struct run *r)
{
	if (open_output(r) < 0)
		return EXIT_FAILURE;
	command_help(r->out);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static int (*const modes[])(struct run *) = {
		[COMMAND_TRACE] = run_trace, [COMMAND_CHECK] = run_trace,
		[COMMAND_LIST] = run_list,   [COMMAND_VERSION] = run_version,
		[COMMAND_HELP] = run_help,
	};
	struct run r = {.arena = arena_new()};
	int status = command_parse(&r.command, r.arena, argc, argv, stderr);

	if (status == 0) {
		r.diag = diag_new(r.arena);
		r.probes = probes_new(r.arena);
		status = modes[r.command.mode](&r);
	}
	if (close_output(&r, status != 0) < 0)
		status = EXIT_FAILURE;
	victims_free(&r.victims);
	command_free(&r.command);
	probes_free(r.probes);
	types_free(r.types);
	arena_free(r.arena);
	return status;
}
