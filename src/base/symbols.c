/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/symbols.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

struct symbol {
	uint64_t address;
	const char *name, *module;
};

struct symbols {
	struct symbol *at; /* by address */
	size_t n;
};

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* ADDRESS TYPE NAME [MODULE]: code alone is of interest. */
static bool read_line(struct arena *a, const char *line, struct symbol *s, const char **module)
{
	char type, name[512], in[64] = "vmlinux";

	if (sscanf(line, "%" SCNx64 " %c %511s [%63[^]]", &s->address, &type, name, in) < 3 ||
	    !s->address || !strchr("tTwW", type))
		return false;
	s->name = arena_strdup(a, name);
	if (!*module || strcmp(*module, in)) /* those of one stand together */
		*module = arena_strdup(a, in);
	s->module = *module;
	return true;
}

const struct symbols *symbols_read(struct arena *a, const char *path)
{
	struct symbols *s = ARENA_NEW(a, struct symbols);
	VEC(struct symbol) all = {0};
	FILE *f = fopen(path, "re");
	const char *module = NULL;
	struct symbol one;
	char line[1024];

	while (f && fgets(line, sizeof(line), f))
		if (read_line(a, line, &one, &module))
			vec_push(&all, one);
	if (f)
		fclose(f);
	s->n = all.n;
	if (!all.n)
		return s;
	qsort(all.at, all.n, sizeof(*all.at), by_address);
	s->at = arena_alloc(a, all.n * sizeof(*s->at));
	memcpy(s->at, all.at, all.n * sizeof(*s->at));
	vec_free(&all);
	return s;
}

/* ADDRESS TYPE NAME [MODULE] of data; module: NULL for any, "vmlinux" for none */
static bool is_data(const char *line, const char *module, const char *name, uint64_t *address)
{
	char type, found[512], in[128] = "[vmlinux]";
	size_t n = module ? strlen(module) : 0;
	int fields = sscanf(line, "%" SCNx64 " %c %511s %127s", address, &type, found, in);

	if (fields < 3 || strcmp(found, name) || !strchr("abBdDgGrRsSvV", type))
		return false;
	return !module || (strlen(in) == n + 2 && !strncmp(in + 1, module, n));
}

bool symbols_data(const char *path, const char *module, const char *name, uint64_t *address)
{
	FILE *f = fopen(path, "re");
	char line[1024];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = is_data(line, module, name, address);
	if (f)
		fclose(f);
	return found;
}

/* The last that does not begin behind the address. */
static const struct symbol *symbol_below(const struct symbols *s, uint64_t address)
{
	size_t from = 0, to = s->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (s->at[middle].address <= address)
			from = middle + 1;
		else
			to = middle;
	}
	return from ? &s->at[from - 1] : NULL;
}

/* No function is larger: farther from a symbol is none of it. */
#define FUNCTION_MAX 0x1000000

struct code_symbol symbols_code(const struct symbols *s, uint64_t address)
{
	const struct symbol *below = symbol_below(s, address);

	if (!below || address - below->address >= FUNCTION_MAX)
		return (struct code_symbol){0};
	return (struct code_symbol){below->module, below->name, address - below->address};
}

size_t symbols_text(const struct symbols *s, uint64_t address, char *text, size_t size)
{
	const struct symbol *below = symbol_below(s, address);
	int n;

	if (!below || address - below->address >= FUNCTION_MAX)
		n = snprintf(text, size, "0x%" PRIx64, address);
	else if (address == below->address)
		n = snprintf(text, size, "%s", below->name);
	else
		n = snprintf(text, size, "%s+0x%" PRIx64, below->name, address - below->address);
	return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

bool symbols_address(const struct symbols *s, const char *text, uint64_t *address)
{
	size_t n = strcspn(text, "+");
	uint64_t offset = 0;
	char *end;

	if (text[n]) {
		offset = strtoull(text + n + 1, &end, 16);
		if (*end || end == text + n + 1)
			return false;
	}
	for (size_t i = 0; i < s->n; i++)
		if (!strncmp(s->at[i].name, text, n) && !s->at[i].name[n]) {
			*address = s->at[i].address + offset;
			return true;
		}
	return false;
}
