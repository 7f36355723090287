/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of options and the reading of their values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/options.h"

static char why[256];

static struct options fresh(void)
{
	struct options o;

	options_init(&o);
	why[0] = '\0';
	return o;
}

static int set(struct options *o, const char *name, const char *value)
{
	return options_set(o, name, value, why, sizeof(why));
}

static void test_defaults(void **state)
{
	struct options o = fresh();

	(void)state;
	assert_false(o.quiet);
	assert_int_equal(o.switchrate, 1000000000);
	assert_int_equal(o.aggrate, 1000000000);
	assert_int_equal(o.bufsize, 4 << 20);
	assert_int_equal(o.strsize, 256);
	assert_int_equal(o.cpu, -1);
	assert_null(o.libdir);
}

static void test_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {
		{"4096", 4096},	    {"16k", 16384},	{"16K", 16384},	  {"4m", 4 << 20},
		{"1G", 1ull << 30}, {"2t", 2ull << 40}, {"0x1000", 4096}, {"8kb", 8192},
	};
	static const char *const bad[] = {
		"",	     "k", "-1",	 "4x", "4 k", "4kk", "99999999999999999999",
		"16777216t", "0", "1.5m"};
	struct options o = fresh();

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(set(&o, "bufsize", good[i].text), 0);
		assert_int_equal(o.bufsize, good[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(set(&o, "bufsize", bad[i]), -1);
		assert_non_null(strstr(why, "bufsize"));
	}
	assert_int_equal(o.bufsize, 8192);
}

static void test_rates(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{"10Hz", 100000000},	{"10hz", 100000000},
		{"1HZ", 1000000000},	{"2sec", 2000000000},
		{"2s", 2000000000},	{"100ms", 100000000},
		{"100msec", 100000000}, {"5us", 5000},
		{"5usec", 5000},	{"7ns", 7},
		{"7nsec", 7},		{"10", 10},
		{"1m", 60000000000},	{"1min", 60000000000},
		{"1h", 3600000000000},	{"1d", 86400000000000},
		{"3 hz", 333333333},	{"2SEC", 2000000000},
	};
	static const char *const bad[] = {"",  "hz",  "0hz",	      "10parsecs",    "-1hz",
					  "0", "1e3", "2000000000hz", "999999999999d"};
	struct options o = fresh();

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(set(&o, "switchrate", good[i].text), 0);
		assert_int_equal(o.switchrate, good[i].ns);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(set(&o, "switchrate", bad[i]), -1);
	assert_int_equal(o.switchrate, 2000000000);
}

static void test_flags(void **state)
{
	struct options o = fresh();

	(void)state;
	assert_int_equal(set(&o, "quiet", NULL), 0);
	assert_true(o.quiet);
	assert_int_equal(set(&o, "quiet", "0"), 0);
	assert_false(o.quiet);
	assert_int_equal(set(&o, "quiet", "Yes"), 0);
	assert_true(o.quiet);
	for (int i = 0; i < 8; i++) {
		static const char *const words[] = {"disable", "enable", "off",	  "on",
						    "unset",   "set",	 "false", "TRUE"};

		assert_int_equal(set(&o, "quiet", words[i]), 0);
		assert_int_equal(o.quiet, i % 2);
	}
	assert_int_equal(set(&o, "quiet", "maybe"), -1);
	assert_string_equal(why, "invalid value 'maybe' for option quiet: wanted nothing, 1 or 0");
	assert_true(o.quiet);
}

static void test_others(void **state)
{
	struct options o = fresh();

	(void)state;
	assert_int_equal(set(&o, "cpu", "0"), 0);
	assert_int_equal(o.cpu, 0);
	assert_int_equal(set(&o, "cpu", "all"), 0);
	assert_int_equal(o.cpu, -1);
	assert_int_equal(set(&o, "cpu", "-2"), -1);
	assert_int_equal(set(&o, "cpu", "1000000"), -1);
	assert_int_equal(set(&o, "aggsortpos", "2"), 0);
	assert_int_equal(o.aggsortpos, 2);
	assert_int_equal(set(&o, "libdir", "/some/where"), 0);
	assert_string_equal(o.libdir, "/some/where");
	assert_int_equal(set(&o, "bufpolicy", "ring"), 0);
	assert_int_equal(set(&o, "bufpolicy", "rin"), -1);
	assert_int_equal(set(&o, "bufpolicy", "switch fill"), -1);
	assert_non_null(strstr(why, "one of switch fill ring"));
	assert_int_equal(set(&o, "version", "1.6.3"), 0);
	assert_int_equal(set(&o, "version", "1"), -1);
	assert_int_equal(set(&o, "version", "1.2x"), -1);
	assert_int_equal(set(&o, "version", "2.5"), -1);
	assert_int_equal(set(&o, "tree", NULL), 0);
	assert_int_equal(set(&o, "tree", "7"), 0);
	assert_int_equal(set(&o, "encoding", "utf8"), 0);
	assert_int_equal(set(&o, "encoding", "ebcdic"), -1);
	assert_int_equal(set(&o, "bufsize", NULL), -1);
	assert_non_null(strstr(why, "needs a value"));
}

static void test_unknown(void **state)
{
	struct options o = fresh();

	(void)state;
	assert_int_equal(set(&o, "swtichrate", "1s"), -1);
	assert_string_equal(why, "unknown option 'swtichrate': did you mean 'switchrate'?");
	assert_int_equal(set(&o, "zzzzzzzzzzzz", NULL), -1);
	assert_string_equal(why, "unknown option 'zzzzzzzzzzzz'");
	assert_int_equal(set(&o, "", NULL), -1);
	assert_int_equal(set(&o, "grabanon", NULL), -1);
	assert_non_null(strstr(why, "not supported"));
	assert_int_equal(options_set(&o, "swtichrate", NULL, why, 5), -1);
	assert_string_equal(why, "unkn");
}

static void test_fixed(void **state)
{
	struct options o = fresh();

	(void)state;
	assert_int_equal(set(&o, "strsize", "64"), 0);
	options_fix(&o);
	assert_int_equal(set(&o, "strsize", "512"), 0);
	assert_int_equal(o.strsize, 64);
	assert_int_equal(set(&o, "strsize", "many"), -1); /* still checked */
	assert_int_equal(set(&o, "quiet", NULL), 0);	  /* not fixed */
	assert_true(o.quiet);
}

static void test_table(void **state)
{
	/* every option of the guides; the table may have more */
	static const char *const known[] = {
		"aggrate",     "aggsize",      "aggsortkey",  "aggsortkeypos", "aggsortpos",
		"aggsortrev",  "agghist",      "aggzoom",     "aggpack",       "bufpolicy",
		"bufresize",   "bufsize",      "cleanrate",   "cpp",	       "cpphdrs",
		"cpu",	       "ctypes",       "defaultargs", "destructive",   "dynvarsize",
		"errtags",     "flowindent",   "grabanon",    "incdir",	       "iregs",
		"knodefs",     "libdir",       "link",	      "linkmode",      "maxframes",
		"noresolve",   "nspec",	       "oformat",     "preallocate",   "quiet",
		"quietresize", "rawbytes",     "specsize",    "stackframes",   "statusrate",
		"strsize",     "switchrate",   "syslibdir",   "temporal",      "tree",
		"undefs",      "ustackframes", "verbose",     "version",       "zdefs",
	};
	const char *name, *before = "";
	enum option_effect effect;
	int n = 0;

	(void)state;
	for (; options_at(n, &name, &effect); n++) {
		assert_true(strcmp(before, name) < 0);
		before = name;
	}
	assert_true(n <= OPTIONS_MAX);
	assert_false(options_at(-1, &name, &effect));
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		bool found = false;

		for (int row = 0; options_at(row, &name, &effect); row++)
			found |= strcmp(name, known[i]) == 0;
		if (!found)
			fail_msg("option %s is not in the table", known[i]);
	}
}

/* The manual names every option, as a word of its own. Tests run in the root of the tree. */
static void test_manual(void **state)
{
	static char text[65536];
	FILE *f = fopen("docs/dtrace.1", "r");
	const char *name;
	enum option_effect effect;

	(void)state;
	if (!f)
		fail_msg("docs/dtrace.1 cannot be read: run this in the root of the tree");
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	for (int i = 0; options_at(i, &name, &effect); i++) {
		bool found = false;

		for (const char *at = text; (at = strstr(at, name)) && !found; at++)
			found = at > text && at[-1] == ' ' && strchr(" ,.\n", at[strlen(name)]);
		if (!found)
			fail_msg("docs/dtrace.1 does not have the option %s", name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults), cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_rates),	 cmocka_unit_test(test_flags),
		cmocka_unit_test(test_others),	 cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_fixed),	 cmocka_unit_test(test_table),
		cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
