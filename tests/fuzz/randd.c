/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes random D that is well typed; equal arguments give equal text (another one on a kernel
 * without types).
 *
 *   randd both SEED [ONE]
 *	Programs for BEGIN, ticks and END, each with variables and aggregations of its own, and
 *their number in the first line. Both engines must print the same. ONE: that program alone. randd c
 *SEED D-FILE C-FILE Integers alone, in D and in C: what both print must be equal. randd fields SEED
 *	Clauses over the fields of the network providers' probes, which the kernel must accept.
 *
 * The grammar is tables of texts (forms.h), in which %X asks for a text of another table: a
 * subroutine, an action or a field more is a row there.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "forms.h"

#define LEN(a) (int)(sizeof(a) / sizeof((a)[0]))

/* ---- random numbers ---- */

static uint64_t state;

static uint64_t rand64(void)
{
	uint64_t x = state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* Neighbours have nothing in common. */
static void seed(uint64_t n)
{
	state = n;
	state = rand64();
}

/* 0 to n - 1 */
static int pick(int n)
{
	return (int)(rand64() % (unsigned)n);
}

static bool chance(int percent)
{
	return pick(100) < percent;
}

/* ---- what is written at present ---- */

#define NVARS 3 /* of each scope */

static const char *const scopes[] = {"g", "self->s", "this->t"};
#define NSCOPES LEN(scopes)
#define THIS 2 /* its place in scopes */

struct program {
	int number;
	int types[NSCOPES][NVARS]; /* indices into int_types */
};

static struct writer {
	FILE *out, *c; /* c: in the mode of that name, which has integers alone */
	enum usable usable;
	const struct args *args; /* the fields of the probe at hand */
	struct program p;
} w;

static void put(const char *text)
{
	fputs(text, w.out);
	if (w.c)
		fputs(text, w.c);
}

static __attribute__((format(printf, 1, 2))) void say(const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put(text);
}

/* ---- texts ---- */

static const struct form *pick_form(const struct form *forms)
{
	int sum = 0, at;

	for (const struct form *f = forms; f->text; f++)
		sum += f->needs & ~w.usable ? 0 : f->weight;
	at = pick(sum);
	for (const struct form *f = forms;; f++) {
		at -= f->needs & ~w.usable ? 0 : f->weight;
		if (at < 0)
			return f;
	}
}

static void expand(const char *text, int depth);

static void form(const struct form *forms, int depth)
{
	expand(pick_form(forms)->text, depth);
}

static void constant(void)
{
	static const char *const suffixes[] = {"", "u", "LL", "ULL"};
	int suffix = pick(LEN(suffixes)), cut = pick(64);
	uint64_t value = chance(50) ? (uint64_t)pick(10) : rand64() >> cut;

	if (suffix == 0)
		value &= INT32_MAX;
	else if (suffix == 1)
		value &= UINT32_MAX;
	else if (suffix == 2)
		value &= INT64_MAX;
	if (chance(25))
		say("(-%" PRIu64 "%s)", value, suffixes[suffix]);
	else if (chance(20))
		say("0x%" PRIx64 "%s", value, suffixes[suffix]);
	else
		say("%" PRIu64 "%s", value, suffixes[suffix]);
}

/* Integer variables of C are those of scope 0. */
static void int_variable(int depth)
{
	int scope = w.c ? 0 : pick(NSCOPES);

	if (!w.c && chance(25))
		form(int_elements, depth - 1);
	else
		say("%s%d_%d", scopes[scope], w.p.number, pick(NVARS));
}

static const char *pick_field(const char *const *fields)
{
	int n = 0;

	while (fields[n])
		n++;
	return fields[pick(n)];
}

static void int_text(int depth)
{
	if (depth > 0 && chance(75))
		form(int_forms, depth);
	else if (w.args && chance(50))
		put(pick_field(w.args->ints));
	else if (chance(50))
		int_variable(depth);
	else if (chance(80))
		constant();
	else
		form(int_leaves, depth);
}

static void string_text(int depth)
{
	if (w.args && w.args->strings[0] && chance(50))
		put(pick_field(w.args->strings));
	else
		form(depth > 0 ? string_forms : string_leaves, depth - 1);
}

static void statements(int n, int depth)
{
	while (n-- > 0)
		form(statement_forms, depth);
}

/* What a letter behind a % stands for. */
static void letter(char which, int depth)
{
	switch (which) {
	case 'i': /* an integer */
		int_text(depth - 1);
		break;
	case 's': /* a string */
		string_text(depth - 1);
		break;
	case 'b': /* a condition */
		form(depth > 1 ? condition_forms : condition_leaves, depth - 1);
		break;
	case 'v': /* what an integer may be assigned to */
		int_variable(depth - 1);
		break;
	case 'w': /* a string, likewise */
		form(string_places, depth - 1);
		break;
	case 't': /* a type of integers */
		put(int_types[pick(LEN(int_types))].name);
		break;
	case 'n': /* a number from 1 */
		say("%d", 1 + pick(chance(50) ? 10 : 1000));
		break;
	case 'B': /* statements */
		statements(1 + pick(3), depth - 1);
		break;
	case '#': /* the program */
		say("%d", w.p.number);
		break;
	default: /* another % */
		put("%");
	}
}

static void expand(const char *text, int depth)
{
	for (; *text; text++)
		if (*text != '%')
			say("%c", *text);
		else
			letter(*++text, depth);
}

/* ---- programs ---- */

/* In C a variable has its type at the place of its declaration, so that is written by hand. */
static void declare(void)
{
	static const char *const prefixes[] = {"", "self ", "this "};
	static const char *const names[] = {"g", "s", "t"};

	for (int s = 0; s < (w.c ? 1 : NSCOPES); s++)
		for (int v = 0; v < NVARS; v++) {
			const char *type = int_types[w.p.types[s][v] = pick(LEN(int_types))].name;

			say("%s%s %s%d_%d;\n", prefixes[s], type, names[s], w.p.number, v);
		}
	for (const char *const *d = declarations; *d && !w.c; d++)
		expand(*d, 0);
}

/*
 * Where a clause that is cut into steps faults, what it has recorded up to there is printed.
 * Whether it is cut depends on the code, which reads the task otherwise in the kernel: large ones
 * never fault.
 */
#define MAYBE_CUT 20

static void clause(const char *probe, const char *guard, int size)
{
	enum usable usable = w.usable;

	if (size >= MAYBE_CUT)
		w.usable &= ~FAULTS;
	say("%s\n", probe);
	if (chance(30)) {
		say("/%s%s", guard ? guard : "", guard ? " && (" : "");
		form(condition_forms, 2);
		say("%s/\n", guard ? ")" : "");
	} else if (guard) {
		say("/%s/\n", guard);
	}
	put("{\n");
	statements(size, 4);
	put("}\n");
	w.usable = usable;
}

/* What is in the variables and aggregations afterwards. */
static void print_state(void)
{
	put("BEGIN\n{\n");
	for (int s = 0; s < THIS; s++)
		for (int v = 0; v < NVARS; v++)
			say("\tprintf(\"%s%d_%d %%d\\n\", %s%d_%d);\n", scopes[s], w.p.number, v,
			    scopes[s], w.p.number, v);
	expand("\tprintf(\"[%%s] [%%s] [%%s]\\n\", gs%#, self->ss%#, e%#[1]);\n}\n", 0);
}

/* Sizes of clauses: most are small, a few need steps. */
static int clause_size(void)
{
	return chance(85) ? 1 + pick(5) : chance(85) ? 5 + pick(20) : 40 + pick(200);
}

#define TICK "tick-3ms"
#define ROUNDS 3

static void program(bool ticks)
{
	int n = 1 + pick(3);

	declare();
	for (int i = 0; i < n; i++)
		clause("BEGIN", NULL, clause_size());
	print_state();
	if (ticks && chance(50))
		clause(TICK, "rounds < 3", clause_size());
	if (chance(30))
		clause("END", NULL, 1 + pick(3));
	if (chance(50)) {
		put("END\n{\n");
		form(printa_forms, 1);
		form(printa_forms, 1);
		put("}\n");
	}
}

static int pick_count(void)
{
	return chance(60) ? 10 : chance(50) ? 1 + pick(10) : chance(90) ? 30 : 60;
}

/* Each program from a seed of its own, so that one can be written alone. */
static void write_both(uint64_t number, int only)
{
	bool ticks;
	int count;

	seed(number);
	ticks = chance(30);
	count = pick_count();
	printf("/* %d programs, seed %" PRIu64 " */\n#pragma D option quiet\n",
	       only < 0 ? count : 1, number);
	if (chance(20))
		put("#pragma D option strsize=24\n");
	put("int rounds;\n");
	if (chance(50))
		put("ERROR\n{\n\tprintf(\"ERROR %d %d\\n\", arg4, rounds);\n}\n");
	w.usable = STRINGS | FAULTS;
	if (!access("/sys/kernel/btf/vmlinux", R_OK))
		w.usable |= TYPES;
	for (int i = 0; i < count; i++) {
		seed(number << 8 | i);
		w.p.number = i;
		if (only < 0 || only == i)
			program(ticks);
	}
	say("BEGIN /!%d/ { exit(0); }\n" TICK " { rounds++; }\n" TICK
	    " /rounds == %d/ { exit(0); }\n",
	    ticks, ROUNDS);
}

/* ---- arithmetic, in D and in C ---- */

/*
 * Variables of D keep more than their types hold, until the value is cut: by a cast to a narrower
 * type, or by arithmetic of 32 bits.
 */
static void c_assign(void)
{
	static const char *const ops[] = {"+", "-", "*", "&", "|", "^"};
	int v = pick(NVARS);
	const struct int_type *type = &int_types[w.p.types[0][v]];

	if (chance(40)) {
		say("\tg%d_%d = (%s)(", w.p.number, v, type->name);
	} else if (type->bytes >= 4) {
		say("\tg%d_%d %s= (%s)(", w.p.number, v, ops[pick(LEN(ops))], type->name);
	} else {
		say("\tg%d_%d = (%s)(g%d_%d %s ", w.p.number, v, type->name, w.p.number, v,
		    ops[pick(LEN(ops))]);
	}
	int_text(5);
	put(");\n");
}

static void c_program(int number)
{
	w.p.number = number;
	declare();
	fputs("BEGIN\n{\n", w.out);
	fprintf(w.c, "static void f%d(void)\n{\n", number);
	for (int i = 0; i < 12; i++) {
		c_assign();
		c_assign();
		fprintf(w.out, "\tprintf(\"%d.%d %%d\\n\", (int64_t)(", number, i);
		fprintf(w.c, "\tprintf(\"%d.%d %%lld\\n\", (long long)(", number, i);
		int_text(4);
		put("));\n");
	}
	put("}\n");
}

static int write_c(uint64_t number, const char *d_file, const char *c_file)
{
	int count = 20;

	w.out = fopen(d_file, "w");
	w.c = fopen(c_file, "w");
	if (!w.out || !w.c) {
		perror("randd");
		return 1;
	}
	seed(number);
	fprintf(w.out, "/* %d programs, seed %" PRIu64 " */\n#pragma D option quiet\n", count,
		number);
	fputs("#include <stdint.h>\n#include <stdio.h>\n", w.c);
	w.usable = 0;
	for (int i = 0; i < count; i++)
		c_program(i);
	fputs("BEGIN { exit(0); }\n", w.out);
	fputs("int main(void)\n{\n", w.c);
	for (int i = 0; i < count; i++)
		fprintf(w.c, "\tf%d();\n", i);
	fputs("\treturn 0;\n}\n", w.c);
	return fclose(w.out) | fclose(w.c) ? 1 : 0;
}

/* ---- fields ---- */

static void write_fields(uint64_t number)
{
	int count;

	seed(number);
	count = 1 + pick(6);
	printf("/* %d programs, seed %" PRIu64 " */\n#pragma D option quiet\nint rounds;\n", count,
	       number);
	w.usable = STRINGS | FAULTS;
	for (int i = 0; i < count; i++) {
		const struct net_probe *p = &net_probes[pick(LEN(net_probes))];

		w.p.number = i;
		w.args = NULL;
		declare();
		w.args = p->args;
		for (int n = 1 + pick(3); n > 0; n--)
			clause(p->name, NULL, clause_size());
	}
	put("BEGIN\n{\n\texit(0);\n}\n");
}

int main(int argc, char **argv)
{
	uint64_t number = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;

	w.out = stdout;
	if ((argc == 3 || argc == 4) && !strcmp(argv[1], "both")) {
		write_both(number, argc == 4 ? atoi(argv[3]) : -1);
		return fclose(stdout) ? 1 : 0;
	}
	if (argc == 5 && !strcmp(argv[1], "c"))
		return write_c(number, argv[3], argv[4]);
	if (argc == 3 && !strcmp(argv[1], "fields")) {
		write_fields(number);
		return fclose(stdout) ? 1 : 0;
	}
	fputs("usage: randd both SEED [ONE]\n       randd c SEED D-FILE C-FILE\n       randd fields SEED\n",
	      stderr);
	return 2;
}
