/* SPDX-License-Identifier: BSD-2-Clause */
/* D libraries: where they are found, what they depend on, and who hears of their mistakes. */
#include <errno.h>
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

#include "base/strmap.h"
#include "lang/parse.h"
#include "library.h"

struct fixture {
	char dir[64];
	struct arena *arena;
	struct types *types;
	struct diag *diag;
	struct script *script;
	struct options options;
	struct macro_args macros;
	struct libraries *libraries;
};

static struct fixture f;

/* A compilation of its own, with a new empty directory for libraries. */
static int begin(void **state)
{
	(void)state;
	memset(&f, 0, sizeof(f));
	snprintf(f.dir, sizeof(f.dir), "/tmp/dtrace-library-XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	f.arena = arena_new();
	f.types = types_new(f.arena, "/dev/null");
	f.diag = diag_new(f.arena);
	f.script = script_new(f.arena, f.types, f.diag, &f.macros);
	options_init(&f.options);
	f.options.libdir = f.dir;
	f.libraries = libraries_new(f.script, &f.options);
	return 0;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", f.dir);
	assert_int_equal(system(command), 0);
	types_free(f.types);
	arena_free(f.arena);
	return 0;
}

static const char *path(const char *name)
{
	return arena_printf(f.arena, "%s/%s", f.dir, name);
}

static void library(const char *name, const char *text)
{
	FILE *out = fopen(path(name), "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void script(const char *text)
{
	struct source *src = ARENA_NEW(f.arena, struct source);

	*src = (struct source){.name = "t.d", .text = text, .len = strlen(text), .is_file = true};
	parse_source(f.script, src, PARSE_PROGRAM);
}

static void need(const char *name)
{
	libraries_need(f.libraries, name, (struct loc){0});
}

static bool defined(const char *name)
{
	return strmap_get(f.script->globals, name) != NULL;
}

/* All errors so far hold these texts, in this order; then there are none. */
static void assert_told(const char *first, ...)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	const char *at;
	va_list ap;

	diag_print(f.diag, true, out);
	fclose(out);
	at = text;
	va_start(ap, first);
	for (const char *want = first; want; want = va_arg(ap, const char *)) {
		at = strstr(at, want);
		if (!at)
			fail_msg("no '%s' in: %s", want, text);
		at += strlen(want);
	}
	va_end(ap);
	free(text);
	diag_rewind(f.diag, 0);
}

static void assert_quiet(void)
{
	if (diag_failed(f.diag))
		diag_print(f.diag, true, stderr);
	assert_false(diag_failed(f.diag));
}

/* A name that nothing defines is looked for in all files of the directories, also in those that no
 * built-in library has the name of; what is wrong with one that has nothing to do with it is not
 * told. */
static void names_of_files(void **state)
{
	(void)state;
	library("zoo.d", "inline int ZOO = 7;");
	library("broken.d", "inline int ;");
	library("zoo.txt", "inline int TEXT = 7;");
	f.script->libraries.read_all(f.script->libraries.arg);
	assert_quiet();
	assert_true(defined("ZOO"));
	assert_false(defined("TEXT"));
}

static void embedded(void **state)
{
	(void)state;
	need("tcp.d");
	assert_quiet();
	assert_true(defined("TH_SYN"));
	assert_true(defined("IPPROTO_TCP")); /* of net.d, on which it depends */
	assert_false(defined("EPERM"));
	assert_true(script_read_libraries(f.script));
	assert_true(defined("EPERM"));
	assert_false(script_read_libraries(f.script));
	assert_quiet();
}

static void in_place_of_embedded(void **state)
{
	(void)state;
	library("errno.d", "inline int EMINE = 1;");
	f.options.libdir = arena_printf(f.arena, "/tmp:%s", f.dir);
	need("errno.d");
	assert_quiet();
	assert_true(defined("EMINE"));
	assert_false(defined("EPERM"));
}

static void dependencies_come_first(void **state)
{
	(void)state;
	library("a.d", "inline int A = sizeof(b_t);\n/* the order is not the text's */\n"
		       "#pragma D depends_on library b.d\n");
	library("b.d", "#pragma D depends_on library c.d\ntypedef c_t b_t;");
	library("c.d", "typedef int c_t;");
	need("a.d");
	assert_quiet();
	assert_true(defined("A"));
}

static void circles(void **state)
{
	(void)state;
	library("a.d", "#pragma D depends_on library b.d\ninline int A = 1;");
	library("b.d", "#pragma D depends_on library a.d\n#pragma D depends_on library b.d\n"
		       "inline int B = 2;");
	need("a.d");
	assert_quiet();
	assert_true(defined("A") && defined("B"));
}

static void missing(void **state)
{
	(void)state;
	library("a.d", "\n#pragma D depends_on library nowhere.d\n");
	need("a.d");
	assert_told("failed to compile library a.d: [D_PRAGMA_DEPEND] line 2: ", "a.d", "nowhere.d",
		    NULL);
	need("gone.d");
	assert_told("library gone.d does not exist", NULL);
	library("up.d", "#pragma D depends_on library ../tmp/a.d\n");
	need("up.d");
	assert_told("up.d depends on library ../tmp/a.d", NULL);
}

static void left_out(void **state)
{
	(void)state;
	library("p.d", "inline int P = 1;\n#pragma D depends_on provider nosuch\n");
	library("m.d", "#pragma D depends_on module zfs\ninline int M = 1;\n");
	library("x.d", "#pragma D depends_on library p.d\ninline int X = 1;\n");
	library("y.d", "#pragma D depends_on provider tcp\n#pragma D depends_on module vmlinux\n"
		       "#pragma D depends_on module kernel\ninline int Y = 1;\n");
	need("p.d");
	need("m.d");
	need("x.d");
	need("y.d");
	assert_quiet();
	assert_false(defined("P") || defined("M") || defined("X"));
	assert_true(defined("Y"));
}

static void only_where_it_is_one(void **state)
{
	(void)state;
	library("a.d", "/*\n#pragma D depends_on library no1.d\n*/\n"
		       "inline string S = \"/*\"; // \"\n"
		       "inline string T = \"\\\"#pragma D depends_on library no2.d\"; /* \" */\n"
		       "  # pragma\tD depends_on library b.d // yes\n");
	library("b.d", "inline int B = 1;");
	need("a.d");
	assert_quiet();
	assert_true(defined("B") && defined("S") && defined("T"));
}

static uint64_t size_of(const char *type, bool of_program)
{
	bool was = types_read_program(f.types, of_program);
	struct type *t = types_typedef(f.types, type);

	types_read_program(f.types, was);
	assert_non_null(t);
	return t->size;
}

/* A script may have types and names of its own that a library has too, whichever comes first. */
static void names_of_both(void **state)
{
	(void)state;
	library("errno.d", "struct pair { char c; };\ntypedef struct pair pair_t;\n"
			   "typedef struct { char c[3]; } once_t;\nenum { E = 1 };\n"
			   "inline int V = 1;\ninline int W = 1;\ninline int X = sizeof(pair_t);");
	script("struct pair { int a, b; };\ntypedef struct pair pair_t;\nint V;\n");
	script("enum { E = 2 };\nBEGIN { x = (once_t *)0; }"); /* reads all libraries */
	script("typedef struct { int a[5]; } once_t;\nstruct other { struct pair p; once_t o; };\n"
	       "typedef struct other other_t;\nint W;\n");
	need("errno.d");
	assert_quiet();
	assert_int_equal(size_of("pair_t", true), 8);
	assert_int_equal(size_of("pair_t", false), 1);
	assert_int_equal(size_of("once_t", true), 20);
	assert_int_equal(size_of("once_t", false), 3);
	assert_int_equal(size_of("other_t", true), 28);
	assert_int_equal(((struct symbol *)strmap_get(f.script->globals, "V"))->kind, SYM_VARIABLE);
	assert_int_equal(((struct symbol *)strmap_get(f.script->globals, "W"))->kind, SYM_VARIABLE);
	assert_true(defined("X"));
}

static void of_a_script(void **state)
{
	(void)state;
	library("a.d", "inline int A = 1;");
	library("p.d", "#pragma D depends_on provider nosuch\n");
	script("#pragma D depends_on library a.d\n#pragma D depends_on provider ip\n"
	       "#pragma D depends_on module vmlinux\nBEGIN { x = A; }");
	assert_quiet();
	assert_true(defined("A"));
	script("#pragma D depends_on library gone.d\nBEGIN {}");
	assert_told("script t.d: [D_PRAGMA_DEPEND] line 1: library gone.d does not exist", NULL);
	script("#pragma D depends_on library p.d\nBEGIN {}");
	assert_told("D_PRAGMA_DEPEND", "library p.d depends on something", NULL);
	script("\n#pragma D depends_on provider nosuch\nBEGIN {}");
	assert_told("[D_PRAGMA_DEPEND] line 2: there is no provider nosuch", NULL);
	script("#pragma D depends_on module zfs\nBEGIN {}");
	assert_told("there is no module zfs", NULL);
	script("#pragma D depends_on planet mars\nBEGIN {}");
	assert_told("[D_PRAGMA_INVAL]", "malformed dependency", NULL);
	script("#pragma D depends_on library\nBEGIN {}");
	assert_told("[D_PRAGMA_MALFORM]", "malformed dependency", NULL);
}

static void mistakes(void **state)
{
	(void)state;
	library("errno.d", "inline int EGOOD = 1;\ninline int = 2;\n");
	assert_true(script_read_libraries(f.script));
	assert_quiet();
	assert_true(defined("EGOOD"));
	library("a.d", "#pragma D depends_on library errno.d\n");
	need("a.d");
	assert_told("failed to compile library errno.d: [D_SYNTAX] line 2: ", NULL);
	need("errno.d");
	assert_quiet();
}

static void clauses(void **state)
{
	(void)state;
	library("a.d", "tcp:::send { trace(1); }\ninline int A = 1;");
	need("a.d");
	assert_quiet();
	assert_true(defined("A"));
	assert_null(f.script->clauses);
}

static void odd_files(void **state)
{
	(void)state;
	library("empty.d", "");
	need("empty.d");
	assert_quiet();
	assert_int_equal(mkdir(path("dir.d"), 0700), 0);
	need("dir.d");
	assert_told("failed to read library ", path("dir.d"), "not a regular file", NULL);
	assert_int_equal(mkfifo(path("fifo.d"), 0600), 0);
	need("fifo.d");
	assert_told(path("fifo.d"), "not a regular file", NULL);
	assert_int_equal(symlink("/dev/zero", path("zero.d")), 0);
	need("zero.d");
	assert_told(path("zero.d"), "not a regular file", NULL);
	assert_int_equal(symlink("loop.d", path("loop.d")), 0);
	need("loop.d");
	assert_told(path("loop.d"), strerror(ELOOP), NULL);
	if (geteuid() == 0)
		return;
	library("secret.d", "inline int S = 1;");
	assert_int_equal(chmod(path("secret.d"), 0), 0);
	need("secret.d");
	assert_told(path("secret.d"), strerror(EACCES), NULL);
}

static void directories(void **state)
{
	(void)state;
	libraries_check_dirs(f.libraries);
	assert_quiet();
	library("file", "");
	f.options.libdir = arena_printf(f.arena, "%s/none:%s:%s/file", f.dir, f.dir, f.dir);
	libraries_check_dirs(f.libraries);
	assert_told(path("none"), strerror(ENOENT), path("file"), strerror(ENOTDIR), NULL);
	f.options.libdir = NULL;
	libraries_check_dirs(f.libraries);
	assert_quiet();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_of_files),
		TEST(embedded),
		TEST(in_place_of_embedded),
		TEST(circles),
		TEST(dependencies_come_first),
		TEST(missing),
		TEST(left_out),
		TEST(of_a_script),
		TEST(only_where_it_is_one),
		TEST(names_of_both),
		TEST(mistakes),
		TEST(clauses),
		TEST(odd_files),
		TEST(directories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
