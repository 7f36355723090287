/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files are read through the root of their process (/proc/PID/root), so that those
 * of containers are found, and once for each process and path that has code on a
 * stack.  Code that a compiler has made at run time is named by the table that it
 * writes (/tmp/perf-PID.map), read again when an address is not in it.
 */
#include "base/processes.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/elf_symbols.h"
#include "base/vec.h"

/* A process that has made no new mapping is not asked for one more often. */
#define AGAIN_NS 50000000

/* As vec.h has it, in the arena: it ends with everything else. */
#define push(arena, v, ...)                                                                        \
	do {                                                                                       \
		if ((v)->n == (v)->cap)                                                            \
			(v)->at = grown(arena, (v)->at, &(v)->cap, sizeof(*(v)->at));              \
		(v)->at[(v)->n++] = __VA_ARGS__;                                                   \
	} while (0)

static void *grown(struct arena *a, const void *at, size_t *cap, size_t size)
{
	void *to = arena_alloc(a, (*cap ? 2 * *cap : 8) * size);

	if (*cap)
		memcpy(to, at, *cap * size);
	*cap = *cap ? 2 * *cap : 8;
	return to;
}

struct mapping {
	uint64_t from, to, place; /* place of from in the file */
	const char *path;	  /* NULL: anonymous */
	const char *name;	  /* its last part */
	bool read;
	const struct elf_symbols *symbols;
};

struct compiled {
	uint64_t from, size;
	const char *name;
};

struct process {
	uint32_t pid, inner;		   /* as the process knows itself */
	uint64_t started;		   /* a pid may be used again; 0: it was gone */
	uint64_t mappings_at, compiled_at; /* when they were read last */
	VEC(struct mapping) mappings;
	VEC(struct compiled) compiled;
	struct process *next;
};

/* Of files outside containers, whoever has them mapped. */
struct shared_file {
	dev_t device;
	ino_t inode;
	const struct elf_symbols *symbols;
};

struct processes {
	struct arena *arena;
	const char *proc;
	struct process *all;
	struct process *last; /* asked for */
	VEC(struct shared_file) files;
};

struct processes *processes_new(struct arena *a, const char *proc)
{
	struct processes *ps = ARENA_NEW(a, struct processes);

	ps->arena = a;
	ps->proc = proc;
	return ps;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static FILE *open_of(const struct processes *ps, const struct process *p, const char *name)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%" PRIu32 "/%s", ps->proc, p->pid, name);

	return n < (int)sizeof(path) ? fopen(path, "re") : NULL;
}

/* When it started, in ticks: the 20th number behind the name. 0: there is none. */
static uint64_t start_of(const struct processes *ps, const struct process *p)
{
	FILE *f = open_of(ps, p, "stat");
	char line[1024] = "", *at;
	uint64_t started = 0;

	if (!f)
		return 0;
	at = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	for (int i = 0; at && i < 20; i++)
		at = strchr(at + 1, ' ');
	if (at)
		started = strtoull(at, NULL, 10);
	fclose(f);
	return started;
}

static uint32_t inner_pid(const struct processes *ps, const struct process *p)
{
	FILE *f = open_of(ps, p, "status");
	uint32_t pid = p->pid;
	char line[1024];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "NSpid:", 6))
			pid = (uint32_t)strtoul(strrchr(line, '\t') + 1, NULL, 10);
	if (f)
		fclose(f);
	return pid;
}

static struct mapping *find_mapping(const struct process *p, uint64_t address)
{
	for (size_t i = 0; i < p->mappings.n; i++)
		if (address >= p->mappings.at[i].from && address < p->mappings.at[i].to)
			return &p->mappings.at[i];
	return NULL;
}

/* FROM-TO PERMISSIONS PLACE DEVICE INODE PATH: code alone is of interest. */
static void read_mapping(struct processes *ps, struct process *p, char *line)
{
	struct mapping m = {0};
	char permissions[8], *path;
	const struct mapping *known;
	int at = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*s %*s %n", &m.from, &m.to,
		   permissions, &m.place, &at) < 4 ||
	    permissions[2] != 'x')
		return;
	path = line + at;
	path[strcspn(path, "\n")] = '\0';
	known = find_mapping(p, m.from);
	if (known && known->from == m.from && known->to == m.to &&
	    !strcmp(known->path ? known->path : "", path))
		return;
	if (*path) {
		m.path = arena_strdup(ps->arena, path);
		m.name = strrchr(m.path, '/') ? strrchr(m.path, '/') + 1 : m.path;
	}
	for (size_t i = 0; i < p->mappings.n; i++) /* what was there before is there no more */
		if (p->mappings.at[i].from < m.to && m.from < p->mappings.at[i].to)
			p->mappings.at[i--] = p->mappings.at[--p->mappings.n];
	push(ps->arena, &p->mappings, m);
}

static void read_mappings(struct processes *ps, struct process *p)
{
	FILE *f = open_of(ps, p, "maps");
	char line[PATH_MAX + 128];

	while (f && fgets(line, sizeof(line), f))
		read_mapping(ps, p, line);
	if (f)
		fclose(f);
}

/* FROM SIZE NAME */
static void read_compiled(struct processes *ps, struct process *p)
{
	char line[1024], name[64];
	FILE *f;

	snprintf(name, sizeof(name), "root/tmp/perf-%" PRIu32 ".map", p->inner);
	f = open_of(ps, p, name);
	if (f)
		p->compiled.n = 0;
	while (f && fgets(line, sizeof(line), f)) {
		struct compiled c;
		int at = 0;

		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %n", &c.from, &c.size, &at) < 2 || !at)
			continue;
		line[strcspn(line, "\n")] = '\0';
		c.name = arena_strdup(ps->arena, line + at);
		push(ps->arena, &p->compiled, c);
	}
	if (f)
		fclose(f);
}

static const struct compiled *find_compiled(const struct process *p, uint64_t address)
{
	for (size_t i = p->compiled.n; i-- > 0;) /* what was written last counts */
		if (address - p->compiled.at[i].from < p->compiled.at[i].size)
			return &p->compiled.at[i];
	return NULL;
}

/* A file's symbols: those of the same file may be known from another process. */
static const struct elf_symbols *symbols_of(struct processes *ps, const struct process *p,
					    const struct mapping *m)
{
	char root[64], path[PATH_MAX];
	struct shared_file file = {0};
	struct stat st;

	snprintf(root, sizeof(root), "%s/%" PRIu32 "/root", ps->proc, p->pid);
	if (snprintf(path, sizeof(path), "%s%s", root, m->path) >= (int)sizeof(path) ||
	    stat(path, &st))
		return NULL;
	for (size_t i = 0; i < ps->files.n; i++)
		if (ps->files.at[i].device == st.st_dev && ps->files.at[i].inode == st.st_ino)
			return ps->files.at[i].symbols;
	file.device = st.st_dev;
	file.inode = st.st_ino;
	file.symbols = elf_symbols_read(ps->arena, root, m->path);
	push(ps->arena, &ps->files, file);
	return file.symbols;
}

static struct process *find_process(struct processes *ps, uint32_t pid)
{
	struct process *p = ps->last && ps->last->pid == pid ? ps->last : ps->all;

	while (p && p->pid != pid)
		p = p->next;
	if (!p) {
		p = ARENA_NEW(ps->arena, struct process);
		p->pid = pid;
		p->next = ps->all;
		ps->all = p;
	}
	ps->last = p;
	return p;
}

/* Another process under this number is another: what was known of the one before is forgotten. */
static void look_at(struct processes *ps, struct process *p)
{
	uint64_t started = start_of(ps, p);

	if (!started) /* it is gone: what is known stays */
		return;
	if (started != p->started) {
		p->started = started;
		p->mappings.n = p->compiled.n = 0;
		p->compiled_at = 0;
		p->inner = inner_pid(ps, p);
	}
	read_mappings(ps, p);
}

static bool is_due(uint64_t *last)
{
	uint64_t now = now_ns();

	if (now - *last < AGAIN_NS)
		return false;
	*last = now;
	return true;
}

void processes_see(struct processes *ps, uint32_t pid, uint64_t address)
{
	struct process *p = find_process(ps, pid);
	struct mapping *m = find_mapping(p, address);

	if (!m && is_due(&p->mappings_at)) {
		look_at(ps, p);
		m = find_mapping(p, address);
	}
	if (!m)
		return;
	if (!m->path && !find_compiled(p, address) && is_due(&p->compiled_at))
		read_compiled(ps, p);
	if (m->path && *m->path == '/' && !m->read) {
		m->read = true;
		m->symbols = symbols_of(ps, p, m);
	}
}

struct code_symbol processes_symbol(struct processes *ps, uint32_t pid, uint64_t address)
{
	struct process *p = find_process(ps, pid);
	const struct mapping *m = find_mapping(p, address);
	const struct compiled *c = m && !m->path ? find_compiled(p, address) : NULL;
	struct code_symbol s = {0};

	if (c)
		return (struct code_symbol){"jit", c->name, address - c->from};
	if (!m)
		return s;
	s.module = m->name;
	if (m->symbols)
		s.function = elf_symbols_find(m->symbols, address - m->from + m->place, &s.offset);
	return s;
}
