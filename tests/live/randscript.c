/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes random, valid D scripts, as large as asked for; equal seeds give equal scripts.
 *
 *   randscript model SEED CLAUSES EXPECTED
 *	Clauses for BEGIN, all values known: what they must print goes to the file EXPECTED, whose
 *	lines, like those that the script prints, are in order once sorted.
 *   randscript packets SEED CLAUSES ADDRESS...
 *	Clauses for probes of ip, tcp and udp, over the fields of their arguments. The first and
 *	the last clause of each probe print the same sums, for packets from the addresses:
 *	"PROBE first|last TIMESTAMP KEPT SADDR DADDR SUM...", KEPT being the first clause's first
 *sum.
 *
 * Text is written and evaluated at once. Where a branch is not taken, statements are written and
 * not carried out (dead > 0).
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEN(a) (int)(sizeof(a) / sizeof((a)[0]))

/* ---- random numbers ---- */

static uint64_t state;

static uint64_t rand64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* 0 to n - 1 */
static int pick(int n)
{
	return (rand64() >> 20) % n;
}

static bool chance(int percent)
{
	return pick(100) < percent;
}

/* ---- the model: what the script's variables hold ---- */

#define NVARS 24 /* at most: a small script has fewer */
#define NKEYS 8

/* What a string can be; 0 is that of a variable never assigned. */
static const char *const words[] = {
	"", "dtrace", "BEGIN", "x", "yy", "10.0.0.1", "2001:db8::1", "a longer piece of text",
};

/* As an expression: some constants, some looked up in the kernel. */
static const char *const word_texts[] = {
	"\"\"",	  "execname",	  "probename",	     "\"x\"",
	"\"yy\"", "\"10.0.0.1\"", "\"2001:db8::1\"", "\"a longer piece of text\"",
};

enum function { SUM, COUNT, MIN, MAX };
static const char *const functions[] = {"sum", "count", "min", "max"};

struct cell {
	bool used;
	int64_t value;
};

static struct {
	int64_t ints[3][NVARS]; /* global, self->, this-> */
	int64_t by_int[NVARS][NKEYS];
	int64_t by_word[NVARS][LEN(words)];
	int strings[2][NVARS]; /* global, this->: index into words */
	struct cell aggs[4][NKEYS][LEN(words)];
} model;

static const char *const int_names[] = {"g", "self->s", "this->t"};
static const char *const string_names[] = {"gs", "this->ts"};

static int nvars;
static bool packets; /* fields are at hand, and nothing is known */
static int dead;
static FILE *script, *expected;

/* Fields of the probe at hand. */
struct fields {
	const char *provider;
	const char *ints[12];
	const char *strings[8];
};

static const struct fields fields[] = {
	{"tcp",
	 {"args[2]->ip_plength", "args[2]->ip_ver", "args[4]->tcp_seq", "args[4]->tcp_ack",
	  "args[4]->tcp_sport", "args[4]->tcp_dport", "args[4]->tcp_flags", "args[4]->tcp_window",
	  "args[4]->tcp_offset", "args[3]->tcps_rnxt", "args[1]->cs_cid"},
	 {"args[2]->ip_saddr", "args[2]->ip_daddr", "args[3]->tcps_raddr", "args[3]->tcps_laddr",
	  "execname", "probename"}},
	{"udp",
	 {"args[2]->ip_plength", "args[2]->ip_ver", "args[4]->udp_sport", "args[4]->udp_dport",
	  "args[4]->udp_length", "args[1]->cs_cid"},
	 {"args[2]->ip_saddr", "args[2]->ip_daddr", "execname", "probename"}},
	{"ip",
	 {"args[2]->ip_plength", "args[2]->ip_ver", "args[4]->ipv4_ttl", "args[4]->ipv4_ident",
	  "args[4]->ipv4_length", "args[5]->ipv6_hlim", "args[5]->ipv6_plen", "args[3]->if_local"},
	 {"args[2]->ip_saddr", "args[2]->ip_daddr", "args[3]->if_name", "args[4]->ipv4_protostr",
	  "execname", "probename"}},
};

static const struct fields *here; /* those of the probe whose clause is written */

static int count_texts(const char *const *texts, int max)
{
	int n = 0;

	while (n < max && texts[n])
		n++;
	return n;
}

static __attribute__((format(printf, 1, 2))) void out(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(script, fmt, ap);
	va_end(ap);
}

/* ---- expressions: each writes its text and returns its value ---- */

static bool condition(int depth);

/* An integer variable or element; *text gets its name. Its place in the model. */
static int64_t *int_place(char *text, size_t n)
{
	int i = pick(nvars), key = pick(NKEYS), scope = pick(5);

	switch (scope) {
	case 3:
		snprintf(text, n, "a%d[%d]", i, key);
		return &model.by_int[i][key];
	case 4:
		key = pick(LEN(words));
		snprintf(text, n, "b%d[%s]", i, word_texts[key]);
		return &model.by_word[i][key];
	default:
		snprintf(text, n, "%s%d", int_names[scope], i);
		return &model.ints[scope][i];
	}
}

static int64_t int_leaf(void)
{
	char text[64];
	int64_t value;

	if (packets && chance(50)) {
		out("%s", here->ints[pick(count_texts(here->ints, LEN(here->ints)))]);
		return 0;
	}
	switch (pick(8)) {
	case 0:
		value = pick(1000) - 500;
		break;
	case 1:
		value = (int64_t)rand64() >> pick(60);
		break;
	case 2:
		out("(int64_t)(pid - $pid)"); /* 0, but only the kernel knows */
		return 0;
	default:
		value = *int_place(text, sizeof(text));
		out("%s", text);
		return value;
	}
	if (value < 0)
		out("(-%" PRIu64 "LL)", -(uint64_t)value);
	else
		out("%" PRId64 "LL", value);
	return value;
}

static int64_t int_expr(int depth);

static int64_t shifted(int depth)
{
	int by = pick(64);
	bool left = chance(50);
	int64_t value;

	out("(");
	value = int_expr(depth - 1);
	out(" %s %d)", left ? "<<" : ">>", by);
	return left ? (int64_t)((uint64_t)value << by) : value >> by;
}

static int64_t divided(int depth)
{
	int by = 1 + pick(1000);
	bool rest = chance(50);
	int64_t value;

	out("(");
	value = int_expr(depth - 1);
	out(" %s %dLL)", rest ? "%" : "/", by);
	return rest ? value % by : value / by;
}

static int64_t chosen(int depth)
{
	int64_t yes, no;
	bool which;

	out("(");
	which = condition(depth - 1);
	out(" ? ");
	yes = int_expr(depth - 1);
	out(" : ");
	no = int_expr(depth - 1);
	out(")");
	return which ? yes : no;
}

static int64_t binary(int depth)
{
	static const char ops[] = "+-*&|^";
	char op = ops[pick(LEN(ops) - 1)];
	uint64_t a, b;

	out("(");
	a = int_expr(depth - 1);
	out(" %c ", op);
	b = int_expr(depth - 1);
	out(")");
	return op == '+'   ? a + b
	       : op == '-' ? a - b
	       : op == '*' ? a * b
	       : op == '&' ? a & b
	       : op == '|' ? a | b
			   : a ^ b;
}

static int64_t int_expr(int depth)
{
	int64_t value;

	if (depth <= 0 || chance(20))
		return int_leaf();
	switch (pick(10)) {
	case 0:
		return shifted(depth);
	case 1:
		return divided(depth);
	case 2:
		return chosen(depth);
	case 3:
		out("(~");
		value = int_expr(depth - 1);
		out(")");
		return ~value;
	default:
		return binary(depth);
	}
}

/* The index of the word. */
static int string_expr(int depth)
{
	int scope = pick(2), i = pick(nvars), yes, no;
	bool which;

	if (packets && chance(50)) {
		out("%s", here->strings[pick(count_texts(here->strings, LEN(here->strings)))]);
		return 0;
	}
	if (depth > 0 && chance(20)) {
		out("(");
		which = condition(depth - 1);
		out(" ? ");
		yes = string_expr(depth - 1);
		out(" : ");
		no = string_expr(depth - 1);
		out(")");
		return which ? yes : no;
	}
	if (chance(40)) {
		i = 1 + pick(LEN(words) - 1);
		out("%s", word_texts[i]);
		return i;
	}
	out("%s%d", string_names[scope], i);
	return model.strings[scope][i];
}

static bool compared(int order, int op)
{
	switch (op) {
	case 0:
		return order == 0;
	case 1:
		return order != 0;
	case 2:
		return order < 0;
	case 3:
		return order <= 0;
	case 4:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool comparison(int depth)
{
	static const char *const ops[] = {"==", "!=", "<", "<=", ">", ">="};
	int op = pick(LEN(ops)), v, w;
	int64_t a, b;

	if (chance(35)) {
		v = string_expr(depth - 1);
		out(" %s ", ops[op]);
		w = string_expr(depth - 1);
		return compared(strcmp(words[v], words[w]), op);
	}
	a = int_expr(depth - 1);
	out(" %s ", ops[op]);
	b = int_expr(depth - 1);
	return compared(a < b ? -1 : a > b, op);
}

static bool condition(int depth)
{
	bool a, b, both;

	out("(");
	if (depth <= 0 || chance(50)) {
		a = comparison(depth);
	} else if (chance(20)) {
		out("!");
		a = !condition(depth - 1);
	} else if (chance(20)) {
		a = int_expr(depth - 1) != 0;
	} else {
		both = chance(50);
		a = condition(depth - 1);
		out(both ? " && " : " || ");
		b = condition(depth - 1);
		a = both ? a && b : a || b;
	}
	out(")");
	return a;
}

/* ---- statements ---- */

static void assign_int(void)
{
	static const char *const ops[] = {"=", "=", "=", "+=", "-=", "*=", "&=", "|=", "^="};
	int op = pick(LEN(ops));
	char text[64];
	int64_t *place = int_place(text, sizeof(text));
	uint64_t was, by, now;

	out("%s %s ", text, ops[op]);
	by = int_expr(3);
	was = *place;
	now = op < 3	? by
	      : op == 3 ? was + by
	      : op == 4 ? was - by
	      : op == 5 ? was * by
	      : op == 6 ? (was & by)
	      : op == 7 ? (was | by)
			: (was ^ by);
	out(";\n");
	if (!dead)
		*place = now;
}

static void step_int(void)
{
	bool up = chance(50);
	char text[64];
	int64_t *place = int_place(text, sizeof(text));

	out("%s%s;\n", text, up ? "++" : "--");
	if (!dead)
		*place = (uint64_t)*place + (up ? 1 : -1);
}

static void assign_string(void)
{
	int scope = pick(2), i = pick(nvars), v;

	out("%s%d = ", string_names[scope], i);
	v = string_expr(2);
	out(";\n");
	if (!dead)
		model.strings[scope][i] = v;
}

static void aggregate(void)
{
	int f = pick(4), i = pick(NKEYS), v;
	int64_t value = 1;
	struct cell *c;

	out("@%s[%d, ", functions[f], i);
	v = string_expr(1);
	out("] = %s(", functions[f]);
	if (f != COUNT)
		value = int_expr(2);
	out(");\n");
	if (dead)
		return;
	c = &model.aggs[f][i][v];
	if (!c->used)
		c->value = f == SUM || f == COUNT ? 0 : value;
	c->used = true;
	if (f == SUM || f == COUNT)
		c->value = (uint64_t)c->value + value;
	else if (f == MIN ? value < c->value : value > c->value)
		c->value = value;
}

static void print(void)
{
	static int n;
	int64_t a, b;
	int v;

	if (packets)
		return; /* its first and last clauses alone print */
	out("printf(\"print %d: %%d %%s %%d\\n\", ", n);
	a = int_expr(2);
	out(", ");
	v = string_expr(1);
	out(", ");
	b = int_expr(2);
	out(");\n");
	if (!dead)
		fprintf(expected, "print %d: %" PRId64 " %s %" PRId64 "\n", n, a, words[v], b);
	n++;
}

static void statements(int n, int depth);

static void choice(int depth)
{
	bool which;

	out("if ");
	which = condition(2);
	out(" {\n");
	dead += !which;
	statements(1 + pick(5), depth - 1);
	dead -= !which;
	out("}");
	if (chance(50)) {
		out(" else {\n");
		dead += which;
		statements(1 + pick(5), depth - 1);
		dead -= which;
		out("}");
	}
	out("\n");
}

static void statements(int n, int depth)
{
	for (int i = 0; i < n; i++) {
		int what = pick(100);

		if (what < 15 && depth > 0)
			choice(depth);
		else if (what < 25)
			step_int();
		else if (what < 40)
			assign_string();
		else if (what < 55)
			aggregate();
		else if (what < 60)
			print();
		else
			assign_int();
	}
}

static void clause(const char *probe)
{
	bool run = true;

	out("%s\n", probe);
	if (chance(40)) {
		out("/");
		run = condition(2);
		out("/\n");
	}
	dead = !run;
	out("{\n");
	statements(1 + pick(6), 3);
	out("}\n");
	dead = 0;
}

/* All are declared: what a script only reads must be known too. */
static void declarations(void)
{
	for (int i = 0; i < nvars; i++) {
		out("int64_t g%d; self int64_t s%d; this int64_t t%d;\n", i, i, i);
		out("int64_t a%d[int]; int64_t b%d[string];\n", i, i);
		out("string gs%d; this string ts%d;\n", i, i);
	}
}

/* ---- BEGIN, with a model ---- */

static void expect_aggregations(void)
{
	out("END\n{\n");
	for (int f = 0; f < LEN(functions); f++) {
		/* one use of each, lest it be unknown */
		out("\t@%s[0, \"\"] = %s(%s);\n", functions[f], functions[f],
		    f == COUNT ? "" : "0");
		out("\tprinta(\"%s %%d [%%s] %%@d\\n\", @%s);\n\ttrunc(@%s);\n", functions[f],
		    functions[f], functions[f]);
	}
	out("}\n");
	for (int f = 0; f < LEN(functions); f++) {
		struct cell *c = &model.aggs[f][0][0];

		if (f == COUNT)
			c->value++;
		else if (!c->used || (f == MIN && c->value > 0) || (f == MAX && c->value < 0))
			c->value = 0;
		c->used = true;
		for (int i = 0; i < NKEYS; i++)
			for (int v = 0; v < LEN(words); v++)
				if (model.aggs[f][i][v].used)
					fprintf(expected, "%s %d [%s] %" PRId64 "\n", functions[f],
						i, words[v], model.aggs[f][i][v].value);
	}
}

static void expect_variables(void)
{
	for (int i = 0; i < nvars; i++) {
		out("BEGIN\n{\n\tprintf(\"ints %d: %%d %%d %%d\\n\", g%d, self->s%d, this->t%d);\n",
		    i, i, i, i);
		fprintf(expected, "ints %d: %" PRId64 " %" PRId64 " %" PRId64 "\n", i,
			model.ints[0][i], model.ints[1][i], model.ints[2][i]);
		out("\tprintf(\"strings %d: [%%s] [%%s]\\n\", gs%d, this->ts%d);\n", i, i, i);
		fprintf(expected, "strings %d: [%s] [%s]\n", i, words[model.strings[0][i]],
			words[model.strings[1][i]]);
		for (int k = 0; k < NKEYS; k++) {
			out("\tprintf(\"arrays %d %d: %%d %%d\\n\", a%d[%d], b%d[%s]);\n", i, k, i,
			    k, i, word_texts[k]);
			fprintf(expected, "arrays %d %d: %" PRId64 " %" PRId64 "\n", i, k,
				model.by_int[i][k], model.by_word[i][k]);
		}
		out("}\n");
	}
}

static void write_model(int clauses)
{
	declarations();
	for (int i = 0; i < clauses; i++)
		clause("BEGIN");
	expect_variables();
	out("BEGIN\n{\n\texit(0);\n}\n");
	expect_aggregations();
}

/* ---- packets ---- */

#define NSUMS 5

static const char *const probes[] = {
	"tcp:::send", "tcp:::receive", "udp:::send", "udp:::receive", "ip:::send", "ip:::receive",
};

static const struct fields *fields_of(const char *probe)
{
	for (int i = 0; i < LEN(fields); i++)
		if (!strncmp(probe, fields[i].provider, strlen(fields[i].provider)))
			return &fields[i];
	exit(2);
}

/* A sum over the probe's fields alone; the numbers of one probe's sums are the seed. */
static void sum_of_fields(void)
{
	int n = 2 + pick(4);

	out("(int64_t)0");
	for (int i = 0; i < n; i++)
		out(" + %s * %d", here->ints[pick(count_texts(here->ints, LEN(here->ints)))],
		    1 + pick(100));
}

/* The same random numbers for the first and for the last clause of a probe. */
static void end_clause(const char *probe, const char *which, uint64_t seed, char **addresses)
{
	uint64_t saved = state;

	out("%s\n/", probe);
	for (int i = 0; addresses[i]; i++)
		out("%sargs[2]->ip_saddr == \"%s\"", i ? " || " : "", addresses[i]);
	out("/\n{\n");
	if (!strcmp(which, "first")) {
		state = seed;
		out("\tthis->kept = ");
		sum_of_fields();
		out(";\n\tthis->from = args[2]->ip_saddr;\n");
	}
	state = seed;
	out("\tprintf(\"%s %s %%d %%d %%s %%s", probe, which);
	for (int i = 0; i < NSUMS; i++)
		out(" %%d");
	out("\\n\", timestamp, this->kept, this->from, args[2]->ip_daddr");
	for (int i = 0; i < NSUMS; i++) {
		out(", ");
		sum_of_fields();
	}
	out(");\n}\n");
	state = saved;
}

static void write_packets(int clauses, char **addresses)
{
	uint64_t seeds[LEN(probes)];

	declarations();
	out("this int64_t kept;\nthis string from;\n");
	for (int i = 0; i < LEN(probes); i++) {
		seeds[i] = rand64();
		here = fields_of(probes[i]);
		end_clause(probes[i], "first", seeds[i], addresses);
	}
	for (int i = 0; i < clauses; i++) {
		const char *probe = probes[pick(LEN(probes))];

		here = fields_of(probe);
		clause(probe);
	}
	for (int i = 0; i < LEN(probes); i++) {
		here = fields_of(probes[i]);
		end_clause(probes[i], "last", seeds[i], addresses);
	}
	out("END\n{\n");
	for (int f = 0; f < LEN(functions); f++)
		out("\t@%s[0, \"\"] = %s(%s);\n\ttrunc(@%s);\n", functions[f], functions[f],
		    f == COUNT ? "" : "0", functions[f]);
	out("}\n");
}

int main(int argc, char **argv)
{
	script = stdout;
	if (argc >= 5) {
		state = strtoull(argv[2], NULL, 10) * 0x9e3779b97f4a7c15 + 1;
		for (int i = 0; i < 20; i++)
			rand64();
	}
	nvars = argc < 5 ? 1 : atoi(argv[3]) / 10 + 2;
	nvars = nvars > NVARS ? NVARS : nvars;
	out("#pragma D option quiet\n");
	if (argc == 5 && !strcmp(argv[1], "model")) {
		expected = fopen(argv[4], "w");
		if (!expected) {
			perror(argv[4]);
			return 1;
		}
		write_model(atoi(argv[3]));
		return fclose(expected) || fclose(stdout) ? 1 : 0;
	}
	if (argc >= 5 && !strcmp(argv[1], "packets")) {
		packets = true;
		write_packets(atoi(argv[3]), argv + 4);
		return fclose(stdout) ? 1 : 0;
	}
	fprintf(stderr, "usage: randscript model SEED CLAUSES EXPECTED\n"
			"       randscript packets SEED CLAUSES ADDRESS...\n");
	return 2;
}
