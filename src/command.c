/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line.
 *
 * Options, specifiers and operands may be mixed in any order. Operands are the
 * script's arguments $1, $2, ... except that after -P, -m, -f, -n or -i a word
 * that begins with '/' or '{' and can follow there is the predicate or the
 * action of that specifier. "--" ends the options. A word like -5 is an
 * operand: no option is a digit.
 *
 * getopt() does the splitting of clusters; it is stopped at each operand, so
 * that the order is seen.
 */
#include "command.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_ERROR = 1, STATUS_USAGE = 2 };

static const char optstring[] = "+:aAb:c:CD:ef:FGhHi:I:lL:m:n:o:p:P:qr:s:SU:vVwx:X:Z";

static const char usage_text[] =
	"Usage: dtrace [-aACeFGhHlqSvVwZ] [-b bufsz] [-c cmd] [-D name[=value]] [-I path]\n"
	"\t[-L path] [-o output] [-p pid] [-r capture] [-s script] [-U name]\n"
	"\t[-x opt[=val]] [-X a|c|s|t]\n"
	"\n"
	"\t[-P provider [[predicate] action]]\n"
	"\t[-m [provider:]module [[predicate] action]]\n"
	"\t[-f [[provider:]module:]function [[predicate] action]]\n"
	"\t[-n [[[provider:]module:]function:]name [[predicate] action]]\n"
	"\t[-i probe-id [[predicate] action]] [args ...]\n"
	"\n"
	"\tpredicate -> '/' D-expression '/'\n"
	"\t   action -> '{' D-statements '}'\n"
	"\n"
	"\t-b  size of the record buffer of each CPU (k, m, g, t)\n"
	"\t-c  run a command, trace until it exits; its pid is $target\n"
	"\t-C  run cpp(1) on script files first\n"
	"\t-D  define a name for the preprocessor\n"
	"\t-e  compile only: exit before anything is enabled\n"
	"\t-f  enable or list probes of a function\n"
	"\t-F  indent the output by function entry and return\n"
	"\t-H  print the headers that the preprocessor includes\n"
	"\t-i  enable or list the probe with this id\n"
	"\t-I  add a directory for the preprocessor's includes\n"
	"\t-l  list probes instead of enabling them\n"
	"\t-L  add a directory with D libraries\n"
	"\t-m  enable or list probes of a module\n"
	"\t-n  enable or list probes by name\n"
	"\t-o  append the output to a file\n"
	"\t-p  trace until this process exits; its pid is $target\n"
	"\t-P  enable or list probes of a provider\n"
	"\t-q  print only what the script prints\n"
	"\t-r  trace the packets of a capture file instead of the kernel's\n"
	"\t-s  enable or list probes of a D script\n"
	"\t-S  print the code that the compiler generates\n"
	"\t-U  undefine a name for the preprocessor\n"
	"\t-v  more about the program, or with -l about each probe\n"
	"\t-V  print the version\n"
	"\t-w  permit destructive actions\n"
	"\t-x  set an option of the compiler or of tracing\n"
	"\t-X  how the preprocessor follows the C standard\n"
	"\t-Z  permit descriptions that match no probe\n"
	"\t-a, -A, -G, -h (anonymous tracing, static probes) are not supported here\n";

struct parsing {
	struct command *c;
	struct arena *arena;
	FILE *err;
	int argc;
	char **argv;
	bool headers;  /* -H */
	char modes[4]; /* the letters of -l -V -e that were given */
	int nmodes;
};

static int usage(struct parsing *p)
{
	fputs(usage_text, p->err);
	return STATUS_USAGE;
}

/* Options that are an -x for short. */
static const struct {
	char letter;
	const char *name;
} flag_options[] = {
	{'b', "bufsize"},     {'F', "flowindent"}, {'q', "quiet"},
	{'w', "destructive"}, {'Z', "zdefs"},	   {'v', "verbose"},
};

static const struct {
	char letter;
	const char *reason;
} refused[] = {
	{'a', "anonymous tracing is"},
	{'A', "anonymous tracing is"},
	{'G', "linking static probes (USDT) into programs is"},
	{'h', "making headers for static probes (USDT) is"},
};

/* Options of the preprocessor in their -x form: the same as this letter. */
static const struct {
	const char *name;
	char letter;
} cpp_options[] = {
	{"cpp", 'C'},	 {"cpphdrs", 'H'}, {"define", 'D'},
	{"incdir", 'I'}, {"undef", 'U'},   {"libdir", 'L'},
};

static int set_option(struct parsing *p, const char *name, const char *value)
{
	char why[256];

	if (options_set(&p->c->options, name, value, why, sizeof(why)) == 0)
		return 0;
	fprintf(p->err, "dtrace: %s\n", why);
	return STATUS_ERROR;
}

/* -L DIR: options.libdir is a list joined by ':'. */
static int add_libdir(struct parsing *p, const char *dir)
{
	const char *had = p->c->options.libdir;

	return set_option(p, "libdir", had ? arena_printf(p->arena, "%s:%s", had, dir) : dir);
}

static void add_cpp_arg(struct parsing *p, char letter, const char *value)
{
	vec_push(&p->c->cpp_args, arena_printf(p->arena, "-%c%s", letter, value));
}

static int parse_letter(struct parsing *p, int letter, const char *arg);

/* -x name[=value] */
static int parse_x(struct parsing *p, const char *arg)
{
	const char *equals = strchr(arg, '=');
	const char *value = equals ? equals + 1 : NULL;
	const char *name = equals ? arena_strndup(p->arena, arg, (size_t)(equals - arg)) : arg;

	for (size_t i = 0; i < sizeof(cpp_options) / sizeof(cpp_options[0]); i++) {
		bool takes_value = strchr("DIUL", cpp_options[i].letter) != NULL;

		if (strcmp(name, cpp_options[i].name) == 0 && takes_value == (value != NULL))
			return parse_letter(p, cpp_options[i].letter, value);
	}
	if (strcmp(name, "cpppath") == 0 && value)
		p->c->cpp_path = value;
	return set_option(p, name, value);
}

/*
 * A specifier: -n ip:::send '/pid == 1/' '{ trace(1); }'. The words of the
 * predicate and the action are joined to it by blanks.
 */
static int parse_spec(struct parsing *p, enum parse_as as, const char *text)
{
	while (optind < p->argc) {
		const char *word = p->argv[optind];
		bool predicate = word[0] == '/' && !strpbrk(text, "/{");
		bool action = word[0] == '{' && !strchr(text, '{');

		if (!predicate && !action)
			break;
		text = arena_printf(p->arena, "%s %s", text, word);
		optind++;
	}
	vec_push(&p->c->specs, (struct command_spec){as, false, text});
	return 0;
}

static int parse_pid(struct parsing *p, const char *arg)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(arg, &end, 10);
	if (end == arg || *end != '\0' || errno != 0 || pid <= 0 || pid > INT_MAX) {
		fprintf(p->err, "dtrace: invalid pid: %s\n", arg);
		return STATUS_ERROR;
	}
	vec_push(&p->c->pids, (pid_t)pid);
	return 0;
}

static int parse_mode(struct parsing *p, char letter, enum command_mode mode)
{
	p->c->mode = mode;
	if (!memchr(p->modes, letter, (size_t)p->nmodes))
		p->modes[p->nmodes++] = letter;
	return 0;
}

static int parse_stdc(struct parsing *p, const char *arg)
{
	if (strlen(arg) == 1 && strchr("acst", arg[0]))
		return set_option(p, "stdc", arg);
	fprintf(p->err, "dtrace: -X takes a, c, s or t, not '%s'\n", arg);
	return usage(p);
}

static int parse_letter(struct parsing *p, int letter, const char *arg)
{
	struct command *c = p->c;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (letter == refused[i].letter) {
			fprintf(p->err, "dtrace: -%c: %s not supported on this system\n", letter,
				refused[i].reason);
			return STATUS_ERROR;
		}
	}
	for (size_t i = 0; i < sizeof(flag_options) / sizeof(flag_options[0]); i++) {
		if (letter == flag_options[i].letter)
			return set_option(p, flag_options[i].name, arg);
	}

	switch (letter) {
	case 'P':
		return parse_spec(p, PARSE_PROVIDER, arg);
	case 'm':
		return parse_spec(p, PARSE_MODULE, arg);
	case 'f':
		return parse_spec(p, PARSE_FUNCTION, arg);
	case 'n':
		return parse_spec(p, PARSE_NAME, arg);
	case 'i':
		return parse_spec(p, PARSE_ID, arg);
	case 'r':
		vec_push(&p->c->captures, arg);
		break;
	case 's':
		vec_push(&c->specs, (struct command_spec){PARSE_PROGRAM, true, arg});
		break;
	case 'e':
		return parse_mode(p, 'e', COMMAND_CHECK);
	case 'l':
		return parse_mode(p, 'l', COMMAND_LIST);
	case 'V':
		return parse_mode(p, 'V', COMMAND_VERSION);
	case 'S':
		c->show_ir = true;
		break;
	case 'C':
		return set_option(p, "cpp", NULL);
	case 'H':
		p->headers = true;
		vec_push(&c->cpp_args, "-H");
		return set_option(p, "cpphdrs", NULL);
	case 'D':
	case 'I':
	case 'U':
		add_cpp_arg(p, (char)letter, arg);
		break;
	case 'L':
		return add_libdir(p, arg);
	case 'c':
		vec_push(&c->commands, arg);
		break;
	case 'p':
		return parse_pid(p, arg);
	case 'o':
		c->output = arg;
		break;
	case 'x':
		return parse_x(p, arg);
	case 'X':
		return parse_stdc(p, arg);
	case ':':
		fprintf(p->err, "dtrace: option requires an argument -- '%c'\n", optopt);
		return usage(p);
	default:
		fprintf(p->err, "dtrace: invalid option -- '%c'\n", optopt);
		return usage(p);
	}
	return 0;
}

static bool is_number_word(const char *word)
{
	return word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

void command_help(FILE *out)
{
	fputs(usage_text, out);
}

/* Of GNU's long options those that people try: alone on the line. */
static bool parse_long(struct parsing *p)
{
	const char *word = p->argc == 2 ? p->argv[1] : "";

	if (!strcmp(word, "--help"))
		p->c->mode = COMMAND_HELP;
	else if (!strcmp(word, "--version"))
		p->c->mode = COMMAND_VERSION;
	else
		return false;
	return true;
}

static int parse_words(struct parsing *p)
{
	int status, letter;

	optind = 0; /* glibc: start afresh */
	opterr = 0;
	getopt(1, p->argv, optstring);
	for (;;) {
		bool number = optind < p->argc && is_number_word(p->argv[optind]);

		letter = number ? -1 : getopt(p->argc, p->argv, optstring);
		if (letter != -1) {
			status = parse_letter(p, letter, optarg);
			if (status)
				return status;
			continue;
		}
		if (optind >= p->argc)
			return 0;
		if (!number && strcmp(p->argv[optind - 1], "--") == 0 && optind > 1)
			break;
		vec_push(&p->c->args, p->argv[optind++]);
	}
	while (optind < p->argc)
		vec_push(&p->c->args, p->argv[optind++]);
	return 0;
}

/* dtrace tcp:::send, dtrace script.d */
static int no_specifier(struct parsing *p)
{
	const char *word = p->c->args.n > 1 ? p->c->args.at[1] : "";
	size_t n = strlen(word);

	fprintf(p->err, "dtrace: no probes specified\n");
	if (strchr(word, ':') || !strcmp(word, "BEGIN") || !strcmp(word, "END"))
		fprintf(p->err, "hint: did you mean -n '%s'?\n", word);
	else if (n > 2 && !strcmp(word + n - 2, ".d"))
		fprintf(p->err, "hint: did you mean -s %s?\n", word);
	return STATUS_ERROR;
}

/* With -e alone the options are checked. */
static bool wants_probes(const struct command *c)
{
	return c->mode == COMMAND_TRACE || (c->mode == COMMAND_CHECK && c->args.n > 1);
}

/* Over a capture nothing is run, changed or looked for in the kernel. */
static int check_captures(struct parsing *p)
{
	struct command *c = p->c;
	const char *letter = c->commands.n ? "c" : c->pids.n ? "p" : NULL;

	if (!c->captures.n)
		return 0;
	if (letter)
		fprintf(p->err, "dtrace: -%s is about a process: a capture has none\n", letter);
	else if (c->options.destructive)
		fprintf(p->err,
			"dtrace: -w is about this system: over a capture nothing changes it\n");
	else
		return set_option(p, "engine", "machine");
	return STATUS_ERROR;
}

/* What only the whole line shows. */
static int check_whole(struct parsing *p)
{
	struct command *c = p->c;

	if (p->nmodes > 1) {
		fprintf(p->err, "dtrace: only one of -%c and -%c can be given\n", p->modes[0],
			p->modes[1]);
		return usage(p);
	}
	if (p->headers && !c->options.cpp) {
		fprintf(p->err, "dtrace: -H is about the preprocessor: it needs -C\n");
		return STATUS_ERROR;
	}
	if (c->specs.n == 0 && wants_probes(c))
		return no_specifier(p);
	for (size_t i = 0; i < c->specs.n; i++) {
		if (c->specs.at[i].is_file) {
			c->args.at[0] = c->specs.at[i].text;
			break;
		}
	}
	c->options.captures = c->captures.at;
	c->options.ncaptures = (int)c->captures.n;
	if (check_captures(p))
		return STATUS_ERROR;
	options_fix(&c->options);
	return 0;
}

int command_parse(struct command *c, struct arena *a, int argc, char **argv, FILE *err)
{
	struct parsing p = {.c = c, .arena = a, .err = err, .argc = argc, .argv = argv};
	int status;

	*c = (struct command){.mode = COMMAND_TRACE, .cpp_path = "cpp"};
	options_init(&c->options);
	vec_push(&c->args, argc > 0 ? argv[0] : "dtrace"); /* $0; a script takes its place */
	if (argc <= 1)
		return usage(&p);
	if (parse_long(&p))
		return 0;
	status = parse_words(&p);
	return status ? status : check_whole(&p);
}

void command_free(struct command *c)
{
	vec_free(&c->specs);
	vec_free(&c->cpp_args);
	vec_free(&c->commands);
	vec_free(&c->pids);
	vec_free(&c->captures);
	vec_free(&c->args);
}
