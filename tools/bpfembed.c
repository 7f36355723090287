/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpfembed FILE.o... > support.c: the functions of BPF objects as C arrays, one
 * for each global function (src/ir/support.h). Runs at build time only.
 *
 * Functions of hidden visibility are parts of the one that is not: those that
 * bpf_loop() calls back. They stand behind it, and the addresses of them that it
 * gives are distances, as the kernel has them.
 *
 * The instructions are appended to programs as they are, so they must stand by
 * themselves: what needs the loader's help (relocations: data, constants in
 * memory, maps, calls of other functions) is refused here.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>
#include <linux/bpf.h>

#define MAX_ROUTINES 100
#define MAX_NAME 64
#define MAX_PARTS 8
#define MAX_INSNS 4096

static char names[MAX_ROUTINES][MAX_NAME];
static int nnames;

static int wrong(const char *path, const char *function, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "bpfembed: %s: %s%s", path, function, *function ? "(): " : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return -1;
}

/* A function, and where its instructions come to lie behind those of the routine. */
struct function {
	GElf_Sym sym;
	const char *name;
	size_t n, at;
};

/* A routine: the function that is called, and its parts. */
struct routine {
	const char *path, *name;
	struct function all[MAX_PARTS];
	int count;
	struct bpf_insn insns[MAX_INSNS];
	size_t n;
};

static Elf_Data *section_data(Elf *elf, size_t section)
{
	Elf_Scn *s = elf_getscn(elf, section);

	return s ? elf_getdata(s, NULL) : NULL;
}

static bool is_function(const GElf_Sym *sym)
{
	return GELF_ST_TYPE(sym->st_info) == STT_FUNC && GELF_ST_BIND(sym->st_info) == STB_GLOBAL &&
	       sym->st_shndx != SHN_UNDEF;
}

static int add(struct routine *r, Elf *elf, const GElf_Sym *sym, const char *name)
{
	Elf_Data *data = section_data(elf, sym->st_shndx);
	struct function *f = &r->all[r->count++];

	*f = (struct function){*sym, name, sym->st_size / sizeof(*r->insns), r->n};
	if (!data || sym->st_value > data->d_size || sym->st_size > data->d_size - sym->st_value ||
	    sym->st_size % sizeof(*r->insns) || !f->n)
		return wrong(r->path, name, "its instructions are not in the file");
	if (r->n + f->n > MAX_INSNS)
		return wrong(r->path, name, "too many instructions");
	memcpy(r->insns + r->n, (const char *)data->d_buf + sym->st_value, sym->st_size);
	r->n += f->n;
	return 0;
}

/* The function of the routine at this place of the section. */
static struct function *function_at(struct routine *r, size_t section, uint64_t where)
{
	for (int i = 0; i < r->count; i++) {
		const GElf_Sym *sym = &r->all[i].sym;

		if (sym->st_shndx == section && where >= sym->st_value &&
		    where < sym->st_value + sym->st_size)
			return &r->all[i];
	}
	return NULL;
}

/* The address of a part, in place of what the loader would put there. */
static int relocate(struct routine *r, const GElf_Rel *rel, size_t section, const GElf_Sym *to)
{
	struct function *f = function_at(r, section, rel->r_offset);
	const struct function *part = function_at(r, to->st_shndx, to->st_value);
	struct bpf_insn *insn;
	size_t at;

	if (!f)
		return 0;
	at = (rel->r_offset - f->sym.st_value) / sizeof(*insn);
	insn = &r->insns[f->at + at];
	if (!part || !is_function(to) || insn->code != (BPF_LD | BPF_IMM | BPF_DW))
		return wrong(r->path, f->name,
			     "instruction %zu needs a relocation: no data, constants in memory or "
			     "calls that are not inlined",
			     at);
	insn->src_reg = BPF_PSEUDO_FUNC;
	insn->imm = (int32_t)(part->at - (f->at + at) - 1);
	return 0;
}

static int relocate_all(struct routine *r, Elf *elf, Elf_Data *symbols)
{
	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		GElf_Shdr head;
		GElf_Rel rel;
		GElf_Sym to;

		if (!gelf_getshdr(s, &head) || head.sh_type != SHT_REL)
			continue;
		for (int i = 0; gelf_getrel(elf_getdata(s, NULL), i, &rel); i++)
			if (!gelf_getsym(symbols, (int)GELF_R_SYM(rel.r_info), &to) ||
			    relocate(r, &rel, head.sh_info, &to))
				return -1;
	}
	return 0;
}

static int check(const struct routine *r)
{
	for (int i = 0; i < r->count; i++) {
		const struct function *f = &r->all[i];

		for (size_t k = f->at; k < f->at + f->n; k++) {
			const struct bpf_insn *in = &r->insns[k];

			if (in->code == (BPF_JMP | BPF_CALL) && in->src_reg)
				return wrong(r->path, f->name,
					     "instruction %zu calls another function", k - f->at);
			if (in->code == (BPF_LD | BPF_IMM | BPF_DW) && in->src_reg &&
			    in->src_reg != BPF_PSEUDO_FUNC)
				return wrong(r->path, f->name, "instruction %zu needs a map",
					     k - f->at);
		}
		if (BPF_CLASS(r->insns[f->at + f->n - 1].code) != BPF_JMP)
			return wrong(r->path, f->name, "it runs off its end");
	}
	return 0;
}

static int print(const struct routine *r)
{
	if (nnames == MAX_ROUTINES || strlen(r->name) >= MAX_NAME)
		return wrong(r->path, r->name, "too many routines, or too long a name");
	strcpy(names[nnames++], r->name);
	printf("static const struct bpf_insn %s[] = {\n", r->name);
	for (size_t i = 0; i < r->n; i++)
		printf("\t{0x%02x, %u, %u, %d, %d},\n", r->insns[i].code, r->insns[i].dst_reg,
		       r->insns[i].src_reg, r->insns[i].off, r->insns[i].imm);
	printf("};\n\nstatic const struct support_part %s_parts[] = {\n", r->name);
	for (int i = 0; i < r->count; i++)
		printf("\t{\"%s\", %zu},\n", r->all[i].name, r->all[i].at);
	printf("};\n\n");
	return 0;
}

/* Each part, or what is none. */
static int add_all(struct routine *r, Elf *elf, Elf_Data *symbols, size_t strings, bool parts)
{
	GElf_Sym sym;

	for (int i = 0; gelf_getsym(symbols, i, &sym); i++) {
		bool is_part = GELF_ST_VISIBILITY(sym.st_other) == STV_HIDDEN;

		if (!is_function(&sym) || is_part != parts)
			continue;
		if (r->count == MAX_PARTS || (r->count && !parts))
			return wrong(r->path, r->name, "too many functions: one, and its parts");
		if (add(r, elf, &sym, elf_strptr(elf, strings, sym.st_name)))
			return -1;
	}
	return 0;
}

static int embed_all(const char *path, Elf *elf)
{
	static struct routine r;

	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		Elf_Data *symbols;
		GElf_Shdr head;

		if (!gelf_getshdr(s, &head) || head.sh_type != SHT_SYMTAB)
			continue;
		symbols = elf_getdata(s, NULL);
		r = (struct routine){.path = path, .name = ""};
		if (add_all(&r, elf, symbols, head.sh_link, false))
			return -1;
		if (!r.count)
			break;
		r.name = r.all[0].name;
		if (add_all(&r, elf, symbols, head.sh_link, true) || relocate_all(&r, elf, symbols))
			return -1;
		return check(&r) || print(&r) ? -1 : 0;
	}
	return wrong(path, "", "no function in it is global");
}

static int embed_file(const char *path)
{
	int fd = open(path, O_RDONLY), err;
	GElf_Ehdr head;
	Elf *elf;

	if (fd < 0) {
		perror(path);
		return -1;
	}
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || !gelf_getehdr(elf, &head) || head.e_machine != EM_BPF)
		err = wrong(path, "", "not a BPF object");
	else
		err = embed_all(path, elf);
	elf_end(elf);
	close(fd);
	return err;
}

/* The row of addr_text() is [ROUTINE_ADDR_TEXT]. */
static void print_row(const char *name)
{
	printf("\t[ROUTINE_");
	for (const char *c = name; *c; c++)
		putchar(toupper((unsigned char)*c));
	printf("] = {%s, sizeof(%s) / sizeof(*%s), %s_parts, sizeof(%s_parts) / sizeof(*%s_parts)},\n",
	       name, name, name, name, name, name);
}

int main(int argc, char **argv)
{
	elf_version(EV_CURRENT);
	printf("/* Made by tools/bpfembed.c. */\n#include \"routines/routines.h\"\n"
	       "#include \"ir/support.h\"\n\n");
	for (int i = 1; i < argc; i++)
		if (embed_file(argv[i]))
			return 1;
	printf("_Static_assert(ROUTINES == %d, \"src/routines/routines.h names other routines than src/routines/*.c "
	       "have\");\n\nconst struct support_routine support_routines[] = {\n",
	       nnames);
	for (int i = 0; i < nnames; i++)
		print_row(names[i]);
	printf("};\nconst unsigned support_count = %d;\n", nnames);
	return fflush(stdout) != 0;
}
