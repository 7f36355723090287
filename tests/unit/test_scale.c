/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Long programs: parsing and checking take time in proportion to the text. What
 * a byte of each kind of text costs is compared with a byte of a plain one, in
 * CPU time, so that it matters little how fast the machine is, or how busy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lang/check.h"
#include "lang/parse.h"

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds for a text; errors counts its mistakes. */
static double front_end(const struct buf *text, int *errors)
{
	static struct macro_args macros;
	double start = cpu_seconds();
	struct arena *a = arena_new();
	struct types *ts = types_new(a, "/dev/null");
	struct diag *d = diag_new(a);
	struct script *s = script_new(a, ts, d, &macros);
	struct source src = {.name = "t.d", .text = text->s, .len = text->n, .is_file = true};

	parse_source(s, &src, PARSE_PROGRAM);
	for (struct clause *c = s->clauses; c; c = c->next)
		check_clause(s, c, (struct check_args){.n = -1});
	check_finish(s);
	*errors = diag_count(d);
	if (*errors == 1)
		diag_print(d, true, stderr);
	types_free(ts);
	arena_free(a);
	return cpu_seconds() - start;
}

/* Nanoseconds per byte: the best of three. */
static double cost(const struct buf *text, int errors)
{
	double best = 0;

	for (int i = 0; i < 3; i++) {
		int found;
		double t = front_end(text, &found);

		assert_int_equal(found, errors);
		if (i == 0 || t < best)
			best = t;
	}
	return best * 1e9 / (double)text->n;
}

/* Once each for i = 0 … n-1; a format with %d takes i wherever one stands. */
static void repeat(struct buf *b, int n, const char *format)
{
	for (int i = 0; i < n; i++)
		for (const char *p = format; *p; p++) {
			if (p[0] == '%' && p[1] == 'd')
				buf_printf(b, "%d", (p++, i));
			else
				buf_putc(b, *p);
		}
}

static double plain_cost(void)
{
	static double plain;
	struct buf b = {0};

	if (plain)
		return plain;
	buf_puts(&b, "BEGIN {\n");
	repeat(&b, 10000, "\tprintf(\"%s: %x\\n\", execname, x = pid + 12345);\n");
	buf_puts(&b, "}\n");
	plain = cost(&b, 0);
	buf_free(&b);
	return plain;
}

/* A byte costs at most so many times what a plain one does. */
static void assert_cheap(const char *what, double times, struct buf *text, int errors)
{
	double plain = plain_cost(), found = cost(text, errors);

	if (found > times * plain)
		fail_msg("%s: %.0f ns per byte, a plain script %.0f", what, found, plain);
	buf_free(text);
}

static void clauses(void **state)
{
	struct buf b = {0};

	(void)state;
	repeat(&b, 40000, "tcp:::send{}\n");
	assert_cheap("40,000 clauses", 3, &b, 0);
	for (int i = 0; i < 2000; i++) {
		buf_puts(&b, "BEGIN { ");
		repeat(&b, 20, "this->v%d = pid + %d * 2; ");
		buf_puts(&b, "}\n");
	}
	assert_cheap("2,000 clauses of 500 bytes", 3, &b, 0);
}

static void declarators(void **state)
{
	struct buf b = {0};

	(void)state;
	repeat(&b, 10000, "int v%d[string, int];\n");
	buf_puts(&b, "BEGIN {\n");
	repeat(&b, 10000, "v%d[\"x\", 1] = (uint8_t)pid + (char)%d;\n");
	buf_puts(&b, "}\n");
	assert_cheap("10,000 declarations and casts", 3, &b, 0);
}

static void variables(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_puts(&b, "BEGIN {\n");
	repeat(&b, 10000, "g%d = 1; self->s%d = \"a\"; this->t%d = pid; a%d[pid, \"x\"] = %d;\n");
	buf_puts(&b, "}\n");
	assert_cheap("10,000 variables of each scope", 3, &b, 0);
	buf_puts(&b, "BEGIN {\n");
	for (int i = 0; i < 500; i++) {
		buf_printf(&b, "@a%d[0", i);
		repeat(&b, 31, ", %d");
		buf_printf(&b, "] = count(); b%d[0", i);
		repeat(&b, 31, ", %d");
		buf_puts(&b, "] = 1;\n");
	}
	buf_puts(&b, "}\n");
	assert_cheap("32 keys", 3, &b, 0);
}

static void aggregations(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_puts(&b, "END {\n");
	repeat(&b, 10000, "printa(\"%@d\", @a%d);\n");
	buf_puts(&b, "}\nBEGIN {\n");
	repeat(&b, 10000, "@a%d[pid] = count();\n");
	buf_puts(&b, "}\n");
	assert_cheap("10,000 aggregations", 3, &b, 0);
}

static void types(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_puts(&b, "enum { e0,\n");
	for (int i = 1; i < 10000; i++)
		buf_printf(&b, "e%d = e%d + 1,\n", i, i - 1);
	buf_puts(&b, "};\n");
	assert_cheap("10,000 enumerators", 3, &b, 0);
	buf_puts(&b, "struct s {\n");
	repeat(&b, 10000, "int m%d;\n");
	buf_puts(&b, "};\nBEGIN {\nthis->s = (struct s *)0;\n");
	repeat(&b, 10000, "trace(this->s->m%d);\n");
	buf_puts(&b, "}\n");
	assert_cheap("10,000 members", 3, &b, 0);
	repeat(&b, 10000, "struct s%d; typedef struct s%d t%d;\n");
	repeat(&b, 10000, "struct s%d { t%d *next; };\n");
	assert_cheap("10,000 structs announced", 3, &b, 0);
}

static void translators(void **state)
{
	struct buf b = {0};

	(void)state;
	repeat(&b, 5000,
	       "struct i%d { int a; }; typedef struct { int x; } o%d;\n"
	       "translator o%d < struct i%d *I > { x = I->a; };\n");
	buf_puts(&b, "BEGIN {\n");
	repeat(&b, 5000, "trace(xlate <o%d> ((struct i%d *)0).x);\n");
	buf_puts(&b, "}\n");
	assert_cheap("5,000 translators", 3, &b, 0);
	buf_puts(&b, "struct i { int a; }; typedef struct {\n");
	repeat(&b, 10000, "int m%d;\n");
	buf_puts(&b, "} o;\ntranslator o < struct i *I > {\n");
	repeat(&b, 10000, "m%d = I->a;\n");
	buf_puts(&b, "};\nBEGIN {\n");
	repeat(&b, 10000, "trace(xlate <o> ((struct i *)0).m%d);\n");
	buf_puts(&b, "}\n");
	assert_cheap("10,000 members of a translator", 3, &b, 0);
}

static void mistakes(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_puts(&b, "BEGIN {\n");
	repeat(&b, 10000, "g%d = 1;\n");
	repeat(&b, 5000, "trace(g%dx);\n");
	buf_puts(&b, "}\n");
	/* The first hundred are looked up near. */
	assert_cheap("5,000 unknown names near 10,000 known ones", 40, &b, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clauses),   cmocka_unit_test(declarators),
		cmocka_unit_test(variables), cmocka_unit_test(aggregations),
		cmocka_unit_test(types),     cmocka_unit_test(translators),
		cmocka_unit_test(mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
