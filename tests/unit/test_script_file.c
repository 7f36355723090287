/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading script files, with and without the preprocessor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "script_file.h"

struct fixture {
	char dir[32];
	struct arena *arena;
	struct source source;
	char why[512];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->dir, "/tmp/dtrace-unit-XXXXXX");
	f->arena = arena_new();
	*state = f;
	return mkdtemp(f->dir) && chdir(f->dir) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	unlink("x.d");
	unlink("x.h");
	arena_free(f->arena);
	if (chdir("/") != 0 || rmdir(f->dir) != 0)
		return -1;
	free(f);
	return 0;
}

static void write_file(const char *name, const char *text, size_t n)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, n, out), n);
	fclose(out);
}

static int read_script(struct fixture *f, const char *name, const char *cpp, const char **args,
		       size_t nargs)
{
	struct script_cpp how = {cpp, args, nargs};

	f->why[0] = '\0';
	return script_read(f->arena, name, &how, &f->source, f->why, sizeof(f->why));
}

static void test_plain(void **state)
{
	static const char text[] = "BEGIN { }\0\n#define kept";
	struct fixture *f = *state;

	write_file("x.d", text, sizeof(text) - 1);
	assert_int_equal(read_script(f, "x.d", NULL, NULL, 0), 0);
	assert_int_equal(f->source.len, sizeof(text) - 1);
	assert_memory_equal(f->source.text, text, sizeof(text));
	assert_string_equal(f->source.name, "x.d");
	assert_true(f->source.is_file);
}

static void test_cannot_be_read(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_script(f, "nowhere.d", NULL, NULL, 0), -1);
	assert_string_equal(f->why, "failed to open script nowhere.d: No such file or directory");
	assert_int_equal(read_script(f, f->dir, NULL, NULL, 0), -1);
	assert_non_null(strstr(f->why, "Is a directory"));
	write_file("x.d", "", 0);
	assert_int_equal(read_script(f, "x.d", NULL, NULL, 0), -1);
	assert_string_equal(f->why, "script x.d is empty: no probes specified");
}

static void test_preprocessed(void **state)
{
	static const char text[] = "#!/usr/sbin/dtrace -s\n#include \"x.h\"\n/* note */\n"
				   "#ifdef YES\nBEGIN { trace(N); linux = \"N\"; }\n#endif\n"
				   "#!/bin/sh 'once\n#!\n"
				   "END { @[`x] = count(); }\n";
	static const char header[] = "#define N 42\n";
	const char *args[] = {"-DYES", "-I."};
	struct fixture *f = *state;
	const char *at;

	write_file("x.d", text, sizeof(text) - 1);
	write_file("x.h", header, sizeof(header) - 1);
	assert_int_equal(read_script(f, "x.d", "cpp", args, 2), 0);
	assert_non_null(strstr(f->source.text, "BEGIN { trace(42); linux = \"N\"; }\n"));
	assert_non_null(strstr(f->source.text, "END { @[`x] = count(); }\n"));
	assert_null(strstr(f->source.text, "dtrace -s"));
	assert_non_null(strstr(f->source.text, "#line 1 \"x.d\"\n"));
	assert_null(strstr(f->source.text, "<stdin>"));
	assert_int_equal(f->source.len, strlen(f->source.text));
	/* every directive that is left is one that D knows */
	for (at = f->source.text; (at = strchr(at, '#')); at++)
		assert_int_equal(strncmp(at, "#line ", 6), 0);
}

static void test_preprocessor_fails(void **state)
{
	struct fixture *f = *state;

	write_file("x.d", "#if 0\n", 6);
	assert_int_equal(read_script(f, "x.d", "false", NULL, 0), -1);
	assert_string_equal(
		f->why, "failed to compile script x.d: the C preprocessor rejected it (status 1)");
	assert_int_equal(read_script(f, "x.d", "./no-such-cpp", NULL, 0), -1);
	assert_non_null(strstr(f->why, "'./no-such-cpp': No such file or directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cannot_be_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_preprocessed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_preprocessor_fails, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
