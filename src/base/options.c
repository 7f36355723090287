/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of options, and how their values are read.
 *
 * Rows are in order of name. A row without a field in struct options is known
 * and its value is checked, but it changes nothing: the option tunes something
 * that this system does by other means, or has no need of. docs/dtrace.1 lists
 * those; a test holds the table and the manual together.
 */
#include "base/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/suggest.h"

#define NANOSEC 1000000000ull

enum option_kind {
	KIND_FLAG,    /* no value, or one of the words for yes and no */
	KIND_SIZE,    /* bytes, with k m g t */
	KIND_RATE,    /* ns, with a unit of time, or per second with hz */
	KIND_NUMBER,  /* a whole number from 0 */
	KIND_CPU,     /* a number, or "all" */
	KIND_STRING,  /* any text */
	KIND_WORD,    /* one of a list */
	KIND_VERSION, /* of D: not beyond the one in detail */
	KIND_REFUSED,
};

#define NO_FIELD SIZE_MAX

struct option_row {
	const char *name;
	enum option_kind kind;
	size_t field;	    /* offset in struct options, or NO_FIELD */
	uint64_t min, max;  /* KIND_SIZE, KIND_RATE, KIND_NUMBER */
	const char *detail; /* KIND_WORD: the words; KIND_REFUSED: the reason */
	bool alone;	    /* it may come without a value, too */
	bool at_run_time;   /* setopt() may change it */
};

#define FIELD(f) offsetof(struct options, f)
#define SIZES 1, 1ull << 50
#define RATES 1, UINT64_MAX >> 1
#define NUMBERS 0, INT32_MAX

/* clang-format off */
static const struct option_row rows[] = {
	{ "agghist",       KIND_FLAG,    FIELD(agghist), .at_run_time = true },
	{ "aggpack",       KIND_FLAG,    FIELD(aggpack), .at_run_time = true },
	{ "aggrate",       KIND_RATE,    FIELD(aggrate), RATES, .at_run_time = true },
	{ "aggsize",       KIND_SIZE,    FIELD(aggsize), SIZES },
	{ "aggsortkey",    KIND_FLAG,    FIELD(aggsortkey), .at_run_time = true },
	{ "aggsortkeypos", KIND_NUMBER,  FIELD(aggsortkeypos), NUMBERS, .at_run_time = true },
	{ "aggsortpos",    KIND_NUMBER,  FIELD(aggsortpos), NUMBERS, .at_run_time = true },
	{ "aggsortrev",    KIND_FLAG,    FIELD(aggsortrev), .at_run_time = true },
	{ "aggzoom",       KIND_FLAG,    FIELD(aggzoom), .at_run_time = true },
	{ "amin",          KIND_STRING,  NO_FIELD },
	{ "argref",        KIND_FLAG,    NO_FIELD },
	{ "bufpolicy",     KIND_WORD,    NO_FIELD, 0, 0, "switch fill ring" },
	{ "bufresize",     KIND_WORD,    NO_FIELD, 0, 0, "auto manual" },
	{ "bufsize",       KIND_SIZE,    FIELD(bufsize), SIZES },
	{ "cleanrate",     KIND_RATE,    NO_FIELD, RATES },
	{ "cpp",           KIND_FLAG,    FIELD(cpp) },
	{ "cpphdrs",       KIND_FLAG,    NO_FIELD },
	{ "cpppath",       KIND_STRING,  NO_FIELD },
	{ "cpu",           KIND_CPU,     FIELD(cpu) },
	{ "ctypes",        KIND_REFUSED, NO_FIELD, 0, 0, "C types come from the kernel's BTF" },
	{ "debug",         KIND_FLAG,    NO_FIELD },
	{ "defaultargs",   KIND_FLAG,    FIELD(defaultargs) },
	{ "define",        KIND_STRING,  NO_FIELD },
	{ "destructive",   KIND_FLAG,    FIELD(destructive) },
	{ "droptags",      KIND_FLAG,    FIELD(droptags), .at_run_time = true },
	{ "dtypes",        KIND_REFUSED, NO_FIELD, 0, 0, "D types are not written to files" },
	{ "dynvarsize",    KIND_SIZE,    FIELD(dynvarsize), SIZES },
	{ "empty",         KIND_FLAG,    NO_FIELD },
	{ "encoding",      KIND_WORD,    FIELD(encoding), 0, 0, "ascii utf8", .at_run_time = true },
	{ "engine",        KIND_WORD,    FIELD(engine), 0, 0, "kernel machine" },
	{ "errtags",       KIND_FLAG,    FIELD(errtags) },
	{ "evaltime",      KIND_WORD,    NO_FIELD, 0, 0, "exec preinit postinit main" },
	{ "flowindent",    KIND_FLAG,    FIELD(flowindent), .at_run_time = true },
	{ "flowtimeout",   KIND_RATE,    FIELD(flowtimeout), RATES },
	{ "grabanon",      KIND_REFUSED, NO_FIELD, 0, 0, "there is no anonymous tracing" },
	{ "incdir",        KIND_STRING,  NO_FIELD },
	{ "iregs",         KIND_NUMBER,  NO_FIELD, NUMBERS },
	{ "jstackframes",  KIND_NUMBER,  FIELD(jstackframes), 1, 512 },
	{ "jstackstrsize", KIND_SIZE,    NO_FIELD, SIZES },
	{ "knodefs",       KIND_FLAG,    NO_FIELD },
	{ "late",          KIND_WORD,    NO_FIELD, 0, 0, "dynamic static" },
	{ "libdir",        KIND_STRING,  FIELD(libdir) },
	{ "link",          KIND_STRING,  NO_FIELD },
	{ "linkmode",      KIND_WORD,    NO_FIELD, 0, 0, "kernel primary dynamic static" },
	{ "linktype",      KIND_WORD,    NO_FIELD, 0, 0, "elf dof" },
	{ "local",         KIND_STRING,  FIELD(local) },
	{ "maxframes",     KIND_NUMBER,  NO_FIELD, NUMBERS },
	{ "noresolve",     KIND_FLAG,    NO_FIELD },
	{ "nspec",         KIND_NUMBER,  FIELD(nspec), 0, 65536 },
	{ "oformat",       KIND_WORD,    FIELD(oformat), 0, 0, "text json" },
	{ "pgmax",         KIND_NUMBER,  NO_FIELD, NUMBERS },
	{ "preallocate",   KIND_SIZE,    NO_FIELD, SIZES },
	{ "pspec",         KIND_FLAG,    NO_FIELD },
	{ "quiet",         KIND_FLAG,    FIELD(quiet), .at_run_time = true },
	{ "quietresize",   KIND_FLAG,    NO_FIELD, .at_run_time = true },
	{ "rawbytes",      KIND_FLAG,    FIELD(rawbytes), .at_run_time = true },
	{ "specsize",      KIND_SIZE,    FIELD(specsize), 0, 1u << 30 },
	{ "stackframes",   KIND_NUMBER,  FIELD(stackframes), 1, 512 },
	{ "stackindent",   KIND_NUMBER,  NO_FIELD, NUMBERS, .at_run_time = true },
	{ "statusrate",    KIND_RATE,    FIELD(statusrate), RATES },
	{ "stdc",          KIND_WORD,    NO_FIELD, 0, 0, "a c s t" },
	{ "strip",         KIND_FLAG,    NO_FIELD },
	{ "strsize",       KIND_SIZE,    FIELD(strsize), 1, 65536 },
	{ "switchrate",    KIND_RATE,    FIELD(switchrate), RATES, .at_run_time = true },
	{ "syslibdir",     KIND_STRING,  NO_FIELD },
	{ "temporal",      KIND_FLAG,    NO_FIELD },
	{ "tree",          KIND_NUMBER,  NO_FIELD, NUMBERS, .alone = true },
	{ "tregs",         KIND_NUMBER,  NO_FIELD, NUMBERS },
	{ "undef",         KIND_STRING,  NO_FIELD },
	{ "undefs",        KIND_FLAG,    NO_FIELD },
	{ "unodefs",       KIND_FLAG,    NO_FIELD },
	{ "ustackframes",  KIND_NUMBER,  FIELD(ustackframes), 1, 512 },
	{ "verbose",       KIND_FLAG,    FIELD(verbose) },
	{ "version",       KIND_VERSION, NO_FIELD, 0, 0, OPTIONS_D_VERSION },
	{ "zdefs",         KIND_FLAG,    FIELD(zdefs) },
	{ "zone",          KIND_REFUSED, NO_FIELD, 0, 0, "there are no zones" },
};

/* Compared whole, in any case. */
static const struct rate_unit {
	const char *name;
	uint64_t ns;
} rate_units[] = {
	{ "ns", 1 },		   { "nsec", 1 },
	{ "us", 1000 },		   { "usec", 1000 },
	{ "ms", 1000000 },	   { "msec", 1000000 },
	{ "s", NANOSEC },	   { "sec", NANOSEC },
	{ "m", 60 * NANOSEC },	   { "min", 60 * NANOSEC },
	{ "h", 3600 * NANOSEC },   { "hour", 3600 * NANOSEC },
	{ "d", 86400 * NANOSEC },  { "day", 86400 * NANOSEC },
};
/* clang-format on */

#define NROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(NROWS <= OPTIONS_MAX, "OPTIONS_MAX is too small for the table");

void options_init(struct options *o)
{
	*o = (struct options){
		.switchrate = NANOSEC,
		.aggrate = NANOSEC,
		.statusrate = NANOSEC,
		.bufsize = 4 << 20,
		.aggsize = 4 << 20,
		.dynvarsize = 4 << 20,
		.strsize = 256,
		.nspec = 1,
		.stackframes = 20,
		.ustackframes = 20,
		.jstackframes = 50,
		.specsize = 32 << 10,
		.flowtimeout = 600 * NANOSEC,
		.cpu = -1,
		.encoding = ENCODING_OF_TERMINAL,
	};
}

bool options_at(int i, const char **name, enum option_effect *effect)
{
	if (i < 0 || (size_t)i >= NROWS)
		return false;
	*name = rows[i].name;
	*effect = rows[i].kind == KIND_REFUSED ? OPTION_UNSUPPORTED
		  : rows[i].field == NO_FIELD  ? OPTION_ACCEPTED
					       : OPTION_WORKS;
	return true;
}

/* Digits (decimal, 0x, 0) at the start of s; what follows them is *end. False: none, negative, or
 * too many. */
static bool read_number(const char *s, uint64_t *out, const char **end)
{
	char *stop;

	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	*out = strtoull(s, &stop, 0);
	*end = stop;
	return errno == 0;
}

static bool read_flag(const char *value, uint64_t *out)
{
	static const struct {
		const char *word;
		bool yes;
	} words[] = {
		{"1", true},	   {"0", false},	{"on", true},	{"off", false},
		{"yes", true},	   {"no", false},	{"set", true},	{"unset", false},
		{"enabled", true}, {"disabled", false}, {"true", true}, {"false", false},
		{"enable", true},  {"disable", false},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(value, words[i].word) == 0) {
			*out = words[i].yes;
			return true;
		}
	}
	return false;
}

static bool read_size(const char *value, uint64_t *out)
{
	static const char suffixes[] = "kmgt";
	const char *end, *suffix;
	unsigned shift;

	if (!read_number(value, out, &end))
		return false;
	if (*end == '\0')
		return true;
	suffix = strchr(suffixes, tolower((unsigned char)*end));
	/* "4k", and "4kb" as a courtesy */
	if (!suffix || (end[1] != '\0' && strcasecmp(end + 1, "b") != 0))
		return false;
	shift = 10 * (unsigned)(suffix - suffixes + 1);
	if (*out > UINT64_MAX >> shift)
		return false;
	*out <<= shift;
	return true;
}

static bool read_rate(const char *value, uint64_t *out)
{
	const char *unit;

	if (!read_number(value, out, &unit))
		return false;
	while (*unit == ' ')
		unit++;
	if (*unit == '\0')
		return true;
	if (strcasecmp(unit, "hz") == 0) {
		if (*out == 0 || *out > NANOSEC)
			return false;
		*out = NANOSEC / *out;
		return true;
	}
	for (size_t i = 0; i < sizeof(rate_units) / sizeof(rate_units[0]); i++) {
		if (strcasecmp(unit, rate_units[i].name) == 0)
			return !__builtin_mul_overflow(*out, rate_units[i].ns, out);
	}
	return false;
}

/* *out: which of them it is, from 0. */
static bool read_word(const char *value, const char *words, uint64_t *out)
{
	size_t n = strlen(value);

	*out = 0;
	for (const char *w = words; *w; w += strspn(w, " ")) {
		size_t len = strcspn(w, " ");

		if (len == n && strncasecmp(w, value, n) == 0)
			return true;
		w += len;
		++*out;
	}
	return false;
}

static bool read_cpu(const char *value, uint64_t *out)
{
	const char *end;

	if (strcmp(value, "all") == 0) {
		*out = (uint64_t)-1;
		return true;
	}
	return read_number(value, out, &end) && *end == '\0' &&
	       *out < (uint64_t)sysconf(_SC_NPROCESSORS_CONF);
}

/* A.B or A.B.C, as one number to compare. */
static bool read_version(const char *value, uint64_t *out)
{
	unsigned part[3] = {0};
	int n = 0, end = 0;

	n = sscanf(value, "%3u.%3u%n.%3u%n", &part[0], &part[1], &end, &part[2], &end);
	*out = ((uint64_t)part[0] * 1000 + part[1]) * 1000 + part[2];
	return n >= 2 && value[end] == '\0';
}

static bool is_version(const char *value, const char *latest)
{
	uint64_t most, wanted;

	return read_version(latest, &most) && read_version(value, &wanted) && wanted <= most;
}

/* The value in its row's form, into *out. False: it has not that form. */
static bool read_value(const struct option_row *row, const char *value, uint64_t *out)
{
	const char *end;

	switch (row->kind) {
	case KIND_FLAG:
		return read_flag(value, out);
	case KIND_SIZE:
		return read_size(value, out) && *out >= row->min && *out <= row->max;
	case KIND_RATE:
		return read_rate(value, out) && *out >= row->min && *out <= row->max;
	case KIND_NUMBER:
		return read_number(value, out, &end) && *end == '\0' && *out >= row->min &&
		       *out <= row->max;
	case KIND_CPU:
		return read_cpu(value, out);
	case KIND_WORD:
		return read_word(value, row->detail, out);
	case KIND_VERSION:
		return is_version(value, row->detail);
	case KIND_STRING:
	case KIND_REFUSED:
		break;
	}
	return true;
}

static const char *wanted_form(const struct option_row *row)
{
	switch (row->kind) {
	case KIND_FLAG:
		return "nothing, 1 or 0";
	case KIND_SIZE:
		return "a size in bytes such as 512k or 4m";
	case KIND_RATE:
		return "a rate such as 10hz or 500ms";
	case KIND_NUMBER:
		return "a number";
	case KIND_CPU:
		return "the number of a CPU, or all";
	case KIND_WORD:
		return row->detail;
	case KIND_VERSION:
		return "a version of D up to " OPTIONS_D_VERSION ", such as 1.5";
	case KIND_STRING:
	case KIND_REFUSED:
		break;
	}
	return "a value";
}

static void store(struct options *o, const struct option_row *row, const char *text,
		  uint64_t number)
{
	char *field = (char *)o + row->field;

	if (row->kind == KIND_FLAG)
		*(bool *)field = number != 0;
	else if (row->kind == KIND_STRING)
		*(const char **)field = text;
	else
		*(uint64_t *)field = number;
}

static const struct option_row *find(const char *name, char *why, size_t why_size)
{
	struct suggest s;
	const char *near;

	suggest_start(&s, name);
	for (size_t i = 0; i < NROWS; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
		suggest_offer(&s, rows[i].name);
	}
	near = suggest_best(&s);
	if (near)
		snprintf(why, why_size, "unknown option '%s': did you mean '%s'?", name, near);
	else
		snprintf(why, why_size, "unknown option '%s'", name);
	return NULL;
}

/* The value, or that of a flag without one. 0, or -1 with a message in why. */
static int read_option(const struct option_row *row, const char *value, uint64_t *number, char *why,
		       size_t why_size)
{
	if (!value && row->kind != KIND_FLAG && !row->alone) {
		snprintf(why, why_size, "option %s needs a value: %s", row->name, wanted_form(row));
		return -1;
	}
	if (!value || read_value(row, value, number))
		return 0;
	snprintf(why, why_size, "invalid value '%s' for option %s: wanted %s%s", value, row->name,
		 row->kind == KIND_WORD ? "one of " : "", wanted_form(row));
	return -1;
}

int options_set(struct options *o, const char *name, const char *value, char *why, size_t why_size)
{
	const struct option_row *row = find(name, why, why_size);
	uint64_t number = 1;
	size_t i;

	if (!row)
		return -1;
	if (row->kind == KIND_REFUSED) {
		snprintf(why, why_size, "option %s is not supported on this system: %s", name,
			 row->detail);
		return -1;
	}
	if (read_option(row, value, &number, why, why_size))
		return -1;
	i = (size_t)(row - rows);
	if (o->fixed[i])
		return 0;
	o->set[i] = true;
	if (row->field != NO_FIELD)
		store(o, row, value, number);
	return 0;
}

int options_set_now(struct options *o, const char *name, const char *value, char *why,
		    size_t why_size)
{
	const struct option_row *row = find(name, why, why_size);
	uint64_t number = 1;

	if (!row)
		return -1;
	if (!row->at_run_time) {
		snprintf(why, why_size, "option %s cannot be changed while tracing", name);
		return -1;
	}
	if (read_option(row, value, &number, why, why_size))
		return -1;
	if (row->field != NO_FIELD)
		store(o, row, value, number);
	return 0;
}

void options_fix(struct options *o)
{
	memcpy(o->fixed, o->set, sizeof(o->fixed));
}
