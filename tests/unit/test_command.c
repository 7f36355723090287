/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line taken apart, and the splitting of -c commands into words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "command.h"
#include "victim.h"

#define MAX_WORDS 32

struct fixture {
	struct arena *arena;
	struct command c;
	char *err; /* what was said */
	size_t err_len;
	int status;
};

/* Parses the words behind "dtrace", up to NULL. */
static void parse(struct fixture *f, ...)
{
	char *argv[MAX_WORDS] = {(char *)"dtrace"};
	int argc = 1;
	va_list ap;
	FILE *err;

	va_start(ap, f);
	while ((argv[argc] = va_arg(ap, char *)))
		argc++;
	va_end(ap);
	*f = (struct fixture){.arena = arena_new()};
	err = open_memstream(&f->err, &f->err_len);
	f->status = command_parse(&f->c, f->arena, argc, argv, err);
	fclose(err);
}

static void done(struct fixture *f)
{
	command_free(&f->c);
	arena_free(f->arena);
	free(f->err);
}

static void test_order(void **state)
{
	struct fixture f;

	(void)state;
	parse(&f, "-qs", "a.d", "one", "-n", "BEGIN", "-x", "strsize=64", "two", "-Ptcp", "-i", "7",
	      NULL);
	assert_int_equal(f.status, 0);
	assert_int_equal(f.c.mode, COMMAND_TRACE);
	assert_true(f.c.options.quiet);
	assert_int_equal(f.c.options.strsize, 64);
	assert_int_equal(f.c.specs.n, 4);
	assert_true(f.c.specs.at[0].is_file);
	assert_string_equal(f.c.specs.at[0].text, "a.d");
	assert_int_equal(f.c.specs.at[1].as, PARSE_NAME);
	assert_int_equal(f.c.specs.at[2].as, PARSE_PROVIDER);
	assert_string_equal(f.c.specs.at[2].text, "tcp");
	assert_int_equal(f.c.specs.at[3].as, PARSE_ID);
	assert_int_equal(f.c.args.n, 3);
	assert_string_equal(f.c.args.at[0], "a.d");
	assert_string_equal(f.c.args.at[1], "one");
	assert_string_equal(f.c.args.at[2], "two");
	done(&f);
}

static void test_appended_words(void **state)
{
	struct fixture f;

	(void)state;
	parse(&f, "-n", "ip:::send", "/pid == 1/", "{ trace(1); }", "{ no }", NULL);
	assert_int_equal(f.status, 0);
	assert_string_equal(f.c.specs.at[0].text, "ip:::send /pid == 1/ { trace(1); }");
	assert_int_equal(f.c.args.n, 2); /* it has its action: the rest is an operand */
	done(&f);

	parse(&f, "-n", "BEGIN/1/{ trace($$1); }", "/etc/passwd", NULL);
	assert_string_equal(f.c.specs.at[0].text, "BEGIN/1/{ trace($$1); }");
	assert_string_equal(f.c.args.at[1], "/etc/passwd");
	done(&f);

	parse(&f, "-s", "a.d", "/etc/passwd", NULL);
	assert_int_equal(f.c.args.n, 2);
	done(&f);
}

static void test_operands(void **state)
{
	struct fixture f;

	(void)state;
	parse(&f, "-s", "a.d", "-5", "--", "-q", "-z", "--", NULL);
	assert_int_equal(f.status, 0);
	assert_false(f.c.options.quiet);
	assert_int_equal(f.c.args.n, 5);
	assert_string_equal(f.c.args.at[1], "-5");
	assert_string_equal(f.c.args.at[2], "-q");
	assert_string_equal(f.c.args.at[4], "--");
	done(&f);

	parse(&f, "-7", "-n", "BEGIN", NULL);
	assert_int_equal(f.status, 0);
	assert_string_equal(f.c.args.at[0], "dtrace");
	assert_string_equal(f.c.args.at[1], "-7");
	done(&f);
}

static void test_no_specifier(void **state)
{
	static const struct {
		const char *word, *hint;
	} rows[] = {
		{"tcp:::send", "-n 'tcp:::send'"},
		{"tcp:::send { trace(1); }", "-n 'tcp:::send { trace(1); }'"},
		{"BEGIN", "-n 'BEGIN'"},
		{"script.d", "-s script.d"},
		{"other", NULL},
		{NULL, NULL},
	};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		parse(&f, "-q", rows[i].word, NULL);
		assert_int_equal(f.status, 1);
		assert_non_null(strstr(f.err, "no probes specified"));
		if (rows[i].hint)
			assert_non_null(strstr(f.err, rows[i].hint));
		else
			assert_null(strstr(f.err, "hint"));
		done(&f);
	}
}

static void test_preprocessor(void **state)
{
	struct fixture f;

	(void)state;
	parse(&f, "-C", "-D", "A=1", "-U", "B", "-x", "incdir=/x", "-x", "define=C", "-H", "-s",
	      "a.d", "-L", "/l1", "-x", "libdir=/l2", "-x", "cpppath=mycpp", NULL);
	assert_int_equal(f.status, 0);
	assert_true(f.c.options.cpp);
	assert_int_equal(f.c.cpp_args.n, 5);
	assert_string_equal(f.c.cpp_args.at[0], "-DA=1");
	assert_string_equal(f.c.cpp_args.at[1], "-UB");
	assert_string_equal(f.c.cpp_args.at[2], "-I/x");
	assert_string_equal(f.c.cpp_args.at[3], "-DC");
	assert_string_equal(f.c.cpp_args.at[4], "-H");
	assert_string_equal(f.c.options.libdir, "/l1:/l2");
	assert_string_equal(f.c.cpp_path, "mycpp");
	done(&f);
}

static void test_modes(void **state)
{
	struct fixture f;

	(void)state;
	parse(&f, "-lv", "-P", "ip", NULL);
	assert_int_equal(f.status, 0);
	assert_int_equal(f.c.mode, COMMAND_LIST);
	assert_true(f.c.options.verbose);
	done(&f);
	parse(&f, "-l", NULL);
	assert_int_equal(f.status, 0);
	done(&f);
	parse(&f, "-V", NULL);
	assert_int_equal(f.c.mode, COMMAND_VERSION);
	done(&f);
	parse(&f, "--version", NULL);
	assert_int_equal(f.status, 0);
	assert_int_equal(f.c.mode, COMMAND_VERSION);
	done(&f);
	parse(&f, "--help", NULL);
	assert_int_equal(f.status, 0);
	assert_int_equal(f.c.mode, COMMAND_HELP);
	done(&f);
	parse(&f, "-b", "1m", "-x", "tree", "-x", "version=1.5.1", "-x", "droptags", "-e", NULL);
	assert_int_equal(f.status, 0);
	assert_int_equal(f.c.mode, COMMAND_CHECK);
	assert_int_equal(f.c.options.bufsize, 1 << 20);
	assert_true(f.c.options.droptags);
	done(&f);
	parse(&f, "-e", "-S", "-n", "BEGIN", "-o", "x", "-c", "a b", "-p", "12", NULL);
	assert_int_equal(f.c.mode, COMMAND_CHECK);
	assert_true(f.c.show_ir);
	assert_string_equal(f.c.output, "x");
	assert_int_equal(f.c.commands.n, 1);
	assert_int_equal(f.c.pids.at[0], 12);
	done(&f);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *words[4];
		int status;
		const char *says;
	} table[] = {
		{{NULL}, 2, "Usage: dtrace"},
		{{"-j"}, 2, "invalid option -- 'j'\nUsage:"},
		{{"-n"}, 2, "option requires an argument -- 'n'\nUsage:"},
		{{"--help", "-q"}, 2, "Usage: dtrace"},
		{{"--nothing"}, 2, "Usage: dtrace"},
		{{"-e", "-b", "1x"}, 1, "invalid value '1x' for option bufsize"},
		{{"-e", "-x", "version=99.1"}, 1, "wanted a version of D up to"},
		{{"-l", "-V"}, 2, "only one of -l and -V"},
		{{"-q"}, 1, "dtrace: no probes specified\n"},
		{{"-X", "y", "-l"}, 2, "-X takes a, c, s or t, not 'y'"},
		{{"-x", "swtichrate=1", "-l"}, 1, "did you mean 'switchrate'?"},
		{{"-b", "lots", "-l"}, 1, "invalid value 'lots' for option bufsize"},
		{{"-p", "0", "-l"}, 1, "invalid pid: 0"},
		{{"-p", "12x", "-l"}, 1, "invalid pid: 12x"},
		{{"-A", "-l"}, 1, "not supported on this system"},
		{{"-a", "-l"}, 1, "not supported on this system"},
		{{"-G", "-l"}, 1, "not supported on this system"},
		{{"-h", "-l"}, 1, "not supported on this system"},
		{{"-H", "-l"}, 1, "-H is about the preprocessor"},
	};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *const *w = table[i].words;

		parse(&f, w[0], w[1], w[2], w[3], NULL);
		assert_int_equal(f.status, table[i].status);
		if (!strstr(f.err, table[i].says))
			fail_msg("%s: expected \"%s\" in: %.200s", w[0], table[i].says, f.err);
		done(&f);
	}
}

static void test_command_line_wins(void **state)
{
	struct fixture f;
	char why[100];

	(void)state;
	parse(&f, "-x", "strsize=32", "-n", "BEGIN", NULL);
	assert_int_equal(options_set(&f.c.options, "strsize", "1024", why, sizeof(why)), 0);
	assert_int_equal(f.c.options.strsize, 32);
	done(&f);
}

static void test_words(void **state)
{
	char **w = victim_words("  ls -l 'a b'\"c\\\"d\\n\" e\\ f '' ");

	(void)state;
	assert_string_equal(w[0], "ls");
	assert_string_equal(w[1], "-l");
	assert_string_equal(w[2], "a bc\"d\\n");
	assert_string_equal(w[3], "e f");
	assert_string_equal(w[4], "");
	assert_null(w[5]);
	free(w);
	w = victim_words("a b c d");
	assert_string_equal(w[3], "d");
	assert_null(w[4]);
	free(w);
	w = victim_words(" \t");
	assert_null(w[0]);
	free(w);
	assert_null(victim_words("ls 'x"));
	w = victim_words("trailing\\");
	assert_string_equal(w[0], "trailing\\");
	free(w);
}

static void test_victim_runs_when_released(void **state)
{
	struct victims v = {0};
	char why[200];

	(void)state;
	assert_int_equal(victims_start(&v, "sh -c 'exit 3'", why, sizeof(why)), 0);
	assert_int_equal(victims_start(&v, "sleep 100", why, sizeof(why)), 0);
	victims_reap(&v, NULL);
	assert_int_equal(v.alive, 2);
	assert_int_equal(victims_release(&v, why, sizeof(why)), 0);
	for (int i = 0; i < 200 && v.alive == 2; i++) {
		char *said = NULL;
		size_t n = 0;
		FILE *out = open_memstream(&said, &n);

		nanosleep(&(struct timespec){0, 20000000}, NULL);
		victims_reap(&v, out);
		fclose(out);
		if (v.alive == 1)
			assert_non_null(strstr(said, "exited with status 3\n"));
		free(said);
	}
	assert_int_equal(v.alive, 1);
	victims_free(&v); /* ends the other */

	assert_int_equal(victims_start(&v, "/no/such/command", why, sizeof(why)), 0);
	assert_int_equal(victims_release(&v, why, sizeof(why)), -1);
	assert_string_equal(why, "failed to execute '/no/such/command': No such file or directory");
	victims_free(&v);
	assert_int_equal(victims_start(&v, "", why, sizeof(why)), -1);
	assert_int_equal(victims_grab(&v, 999999999, why, sizeof(why)), -1);
	victims_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_appended_words),
		cmocka_unit_test(test_operands),
		cmocka_unit_test(test_no_specifier),
		cmocka_unit_test(test_preprocessor),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_command_line_wins),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_victim_runs_when_released),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
