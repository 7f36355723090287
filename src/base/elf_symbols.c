/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/elf_symbols.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>

#include "base/vec.h"

struct function {
	uint64_t address, size;
	const char *name;
};

struct segment {
	uint64_t offset, size, address;
};

struct elf_symbols {
	struct function *functions; /* by address */
	size_t nfunctions;
	struct segment *segments; /* what is loaded */
	size_t nsegments;
};

struct reader {
	struct arena *arena;
	VEC(struct function) functions;
	VEC(struct segment) segments;
};

/* --- one file --- */

static void read_segments(struct reader *r, Elf *elf)
{
	size_t n;

	if (elf_getphdrnum(elf, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr p;

		if (gelf_getphdr(elf, (int)i, &p) && p.p_type == PT_LOAD)
			vec_push(&r->segments, (struct segment){p.p_offset, p.p_filesz, p.p_vaddr});
	}
}

static void read_symbols(struct reader *r, Elf *elf, Elf_Scn *section, const GElf_Shdr *head)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t n = data && head->sh_entsize ? head->sh_size / head->sh_entsize : 0;

	for (size_t i = 0; i < n; i++) {
		const char *name;
		GElf_Sym s;
		int type;

		if (!gelf_getsym(data, (int)i, &s) || s.st_shndx == SHN_UNDEF || !s.st_value)
			continue;
		type = GELF_ST_TYPE(s.st_info);
		name = elf_strptr(elf, head->sh_link, s.st_name);
		if ((type == STT_FUNC || type == STT_GNU_IFUNC) && name && *name)
			vec_push(&r->functions, (struct function){s.st_value, s.st_size,
								  arena_strdup(r->arena, name)});
	}
}

static Elf_Scn *find_section(Elf *elf, unsigned type, const char *name, GElf_Shdr *head)
{
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		const char *is;

		if (!gelf_getshdr(s, head) || head->sh_type != type)
			continue;
		is = name ? elf_strptr(elf, names, head->sh_name) : NULL;
		if (!name || (is && !strcmp(is, name)))
			return s;
	}
	return NULL;
}

static bool read_table(struct reader *r, Elf *elf, unsigned type)
{
	GElf_Shdr head;
	Elf_Scn *section = find_section(elf, type, NULL, &head);

	if (section)
		read_symbols(r, elf, section, &head);
	return section;
}

struct file {
	int fd;
	Elf *elf; /* NULL: it is none */
};

static struct file file_open(const char *path)
{
	struct file f = {.fd = open(path, O_RDONLY | O_CLOEXEC)};

	elf_version(EV_CURRENT);
	if (f.fd >= 0)
		f.elf = elf_begin(f.fd, ELF_C_READ_MMAP, NULL);
	if (f.elf && elf_kind(f.elf) != ELF_K_ELF) {
		elf_end(f.elf);
		f.elf = NULL;
	}
	return f;
}

static void file_close(struct file *f)
{
	if (f->elf)
		elf_end(f->elf);
	if (f->fd >= 0)
		close(f->fd);
}

/* --- debugging symbols in a file of their own --- */

static bool read_debug_at(struct reader *r, const char *path)
{
	struct file f = file_open(path);
	bool found = f.elf && read_table(r, f.elf, SHT_SYMTAB);

	file_close(&f);
	return found;
}

/* /usr/lib/debug/.build-id/ab/cdef... .debug */
static bool read_by_build_id(struct reader *r, Elf *elf, const char *root)
{
	GElf_Shdr head;
	Elf_Scn *section = find_section(elf, SHT_NOTE, ".note.gnu.build-id", &head);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	size_t name, desc;
	GElf_Nhdr note;
	char path[PATH_MAX];
	int n;

	if (!data || !gelf_getnote(data, 0, &note, &name, &desc) || note.n_descsz < 2 ||
	    note.n_descsz > 64)
		return false;
	n = snprintf(path, sizeof(path), "%s/usr/lib/debug/.build-id/", root);
	for (size_t i = 0; i < note.n_descsz && n > 0 && n < (int)sizeof(path); i++)
		n += snprintf(path + n, sizeof(path) - (size_t)n, "%02x%s",
			      ((const unsigned char *)data->d_buf)[desc + i], i ? "" : "/");
	if (n <= 0 || n + sizeof(".debug") > sizeof(path))
		return false;
	strcpy(path + n, ".debug");
	return read_debug_at(r, path);
}

/* DIRECTORY/NAME, DIRECTORY/.debug/NAME, /usr/lib/debug/DIRECTORY/NAME */
static bool read_by_link(struct reader *r, Elf *elf, const char *root, const char *path)
{
	static const char *const places[][2] = {{"", ""}, {"", "/.debug"}, {"/usr/lib/debug", ""}};
	GElf_Shdr head;
	Elf_Scn *section = find_section(elf, SHT_PROGBITS, ".gnu_debuglink", &head);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	const char *slash = strrchr(path, '/');
	char debug[PATH_MAX];

	if (!data || !data->d_size || !slash || strnlen(data->d_buf, data->d_size) == data->d_size)
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int n = snprintf(debug, sizeof(debug), "%s%s%.*s%s/%s", root, places[i][0],
				 (int)(slash - path), path, places[i][1],
				 (const char *)data->d_buf);

		if (n < (int)sizeof(debug) && read_debug_at(r, debug))
			return true;
	}
	return false;
}

/* --- all of it --- */

static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static void read_all(struct reader *r, const char *root, const char *path)
{
	char whole[PATH_MAX];
	struct file f;

	if (snprintf(whole, sizeof(whole), "%s%s", root, path) >= (int)sizeof(whole))
		return;
	f = file_open(whole);
	if (f.elf) {
		read_segments(r, f.elf);
		read_table(r, f.elf, SHT_DYNSYM);
		if (!read_table(r, f.elf, SHT_SYMTAB) && !read_by_build_id(r, f.elf, root))
			read_by_link(r, f.elf, root, path);
	}
	file_close(&f);
}

static void *keep(struct arena *a, const void *from, size_t size)
{
	void *to = arena_alloc(a, size + 1);

	if (size)
		memcpy(to, from, size);
	return to;
}

const struct elf_symbols *elf_symbols_read(struct arena *a, const char *root, const char *path)
{
	struct elf_symbols *s = ARENA_NEW(a, struct elf_symbols);
	struct reader r = {.arena = a};

	read_all(&r, root, path);
	if (r.functions.n)
		qsort(r.functions.at, r.functions.n, sizeof(*r.functions.at), by_address);
	s->functions = keep(a, r.functions.at, r.functions.n * sizeof(*s->functions));
	s->nfunctions = r.functions.n;
	s->segments = keep(a, r.segments.at, r.segments.n * sizeof(*s->segments));
	s->nsegments = r.segments.n;
	vec_free(&r.functions);
	vec_free(&r.segments);
	return s;
}

static bool address_of(const struct elf_symbols *s, uint64_t place, uint64_t *address)
{
	for (size_t i = 0; i < s->nsegments; i++) {
		const struct segment *g = &s->segments[i];

		if (place < g->offset || place - g->offset >= g->size)
			continue;
		*address = place - g->offset + g->address;
		return true;
	}
	return false;
}

const char *elf_symbols_find(const struct elf_symbols *s, uint64_t place, uint64_t *offset)
{
	size_t from = 0, to = s->nfunctions;
	const struct function *f;
	uint64_t address;

	if (!address_of(s, place, &address))
		return NULL;
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (s->functions[middle].address <= address)
			from = middle + 1;
		else
			to = middle;
	}
	if (!from)
		return NULL;
	f = &s->functions[from - 1];
	*offset = address - f->address;
	return !f->size || *offset < f->size ? f->name : NULL;
}
