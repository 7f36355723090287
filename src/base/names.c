/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cgroups.h"
#include "base/namespaces.h"
#include "base/processes.h"
#include "base/symbols.h"

#define UNKNOWN "<unknown>" /* 0, that no cgroup and no namespace has */

struct names {
	struct arena *arena;
	const struct symbols *symbols;
	struct cgroups *cgroups;
	struct namespaces *namespaces;
	struct processes *processes;
};

struct names *names_new(struct arena *a)
{
	struct names *n = ARENA_NEW(a, struct names);

	n->arena = a;
	n->cgroups = cgroups_open(a);
	n->namespaces = namespaces_open(a, NAMESPACES);
	n->processes = processes_new(a, "/proc");
	return n;
}

void names_prepare(struct names *n, enum naming naming)
{
	if (naming == NAMING_SYMBOL && !n->symbols)
		n->symbols = symbols_read(n->arena, "/proc/kallsyms");
}

static const char *symbol(struct names *n, uint64_t number, char *text, size_t size)
{
	names_prepare(n, NAMING_SYMBOL);
	symbols_text(n->symbols, number, text, size);
	return text;
}

static const char *or_number(const char *name, uint64_t number, char *text, size_t size)
{
	if (name)
		return name;
	if (!number)
		return UNKNOWN;
	snprintf(text, size, "%" PRIu64, number);
	return text;
}

const char *names_text(struct names *n, enum naming naming, uint64_t number, char *text,
		       size_t size)
{
	switch (naming) {
	case NAMING_SYMBOL:
		return symbol(n, number, text, size);
	case NAMING_CGROUP:
		return or_number(cgroups_path(n->cgroups, number), number, text, size);
	case NAMING_NETNS:
		return or_number(namespaces_name(n->namespaces, number), number, text, size);
	default:
		return "";
	}
}

/* Digits, and what they count has no other text. */
static bool is_nameless(struct names *n, enum naming naming, const char *text, uint64_t *number)
{
	char again[32];

	*number = strcmp(text, UNKNOWN) ? strtoull(text, NULL, 10) : 0;
	return !strcmp(names_text(n, naming, *number, again, sizeof(again)), text);
}

bool names_number(struct names *n, enum naming naming, const char *text, uint64_t *number)
{
	switch (naming) {
	case NAMING_SYMBOL:
		names_prepare(n, NAMING_SYMBOL);
		return *text && symbols_address(n->symbols, text, number);
	case NAMING_CGROUP:
		return cgroups_id(text, number) || is_nameless(n, naming, text, number);
	case NAMING_NETNS:
		return namespaces_inode(n->namespaces, text, number) ||
		       is_nameless(n, naming, text, number);
	default:
		return false;
	}
}

static struct code_symbol code_at(struct names *n, uint32_t pid, uint64_t address)
{
	if (pid)
		return processes_symbol(n->processes, pid, address);
	names_prepare(n, NAMING_SYMBOL);
	return symbols_code(n->symbols, address);
}

void names_see_code(struct names *n, uint32_t pid, uint64_t address)
{
	if (pid)
		processes_see(n->processes, pid, address);
}

void names_code(struct names *n, enum naming how, uint32_t pid, uint64_t address, struct buf *out)
{
	struct code_symbol s = code_at(n, pid, address);

	if (s.module)
		buf_puts(out, s.module);
	if (how == NAMING_CODE_MODULE && s.module)
		return;
	if (s.module)
		buf_putc(out, '`');
	if (!s.function || how == NAMING_CODE_MODULE) {
		buf_printf(out, "0x%" PRIx64, address);
		return;
	}
	buf_puts(out, s.function);
	if (how == NAMING_CODE_ADDRESS && s.offset)
		buf_printf(out, "+0x%" PRIx64, s.offset);
}

bool names_is_ours(struct names *n, uint64_t address)
{
	static const char *const functions[] = {
		"bpf_prog_", "bpf_trace_run", "__bpf_trace_", "__traceiter_", "bpf_get_stack",
	};
	struct code_symbol s = code_at(n, 0, address);

	for (size_t i = 0; s.function && i < sizeof(functions) / sizeof(*functions); i++)
		if (!strncmp(s.function, functions[i], strlen(functions[i])))
			return true;
	return false;
}
