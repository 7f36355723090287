/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpfembed FILE.o... > support.c: the functions of BPF objects as C arrays, one
 * for each global function (src/ir/support.h). Runs at build time only.
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

/* Whether a relocation changes this part of the section. */
static bool relocated(Elf *elf, size_t section, uint64_t from, uint64_t to, uint64_t *where)
{
	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		Elf_Data *data;
		GElf_Shdr head;
		GElf_Rel rel;

		if (!gelf_getshdr(s, &head) || head.sh_info != section ||
		    (head.sh_type != SHT_REL && head.sh_type != SHT_RELA))
			continue;
		data = elf_getdata(s, NULL);
		for (int i = 0; data && i < (int)(head.sh_size / head.sh_entsize); i++) {
			GElf_Rela rela;

			if (head.sh_type == SHT_REL && gelf_getrel(data, i, &rel))
				*where = rel.r_offset;
			else if (head.sh_type == SHT_RELA && gelf_getrela(data, i, &rela))
				*where = rela.r_offset;
			else
				continue;
			if (*where >= from && *where < to)
				return true;
		}
	}
	return false;
}

static int check(const char *path, const char *name, const struct bpf_insn *insns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct bpf_insn *in = &insns[i];

		if (in->code == (BPF_JMP | BPF_CALL) && in->src_reg)
			return wrong(path, name, "instruction %zu calls another function", i);
		if (in->code == (BPF_LD | BPF_IMM | BPF_DW) && in->src_reg)
			return wrong(path, name, "instruction %zu needs a map", i);
	}
	if (!n || BPF_CLASS(insns[n - 1].code) != BPF_JMP)
		return wrong(path, name, "it runs off its end");
	return 0;
}

static int embed(const char *path, Elf *elf, const GElf_Sym *sym, const char *name)
{
	Elf_Scn *s = elf_getscn(elf, sym->st_shndx);
	Elf_Data *data = s ? elf_getdata(s, NULL) : NULL;
	size_t n = sym->st_size / sizeof(struct bpf_insn);
	const struct bpf_insn *insns;
	uint64_t where;

	if (!data || sym->st_value > data->d_size || sym->st_size > data->d_size - sym->st_value ||
	    sym->st_size % sizeof(*insns))
		return wrong(path, name, "its instructions are not in the file");
	if (relocated(elf, sym->st_shndx, sym->st_value, sym->st_value + sym->st_size, &where))
		return wrong(path, name,
			     "instruction %zu needs a relocation: no data, constants in memory or "
			     "calls that are not inlined",
			     (size_t)(where - sym->st_value) / sizeof(*insns));
	insns = (const void *)((const char *)data->d_buf + sym->st_value);
	if (check(path, name, insns, n))
		return -1;
	if (nnames == MAX_ROUTINES || strlen(name) >= MAX_NAME)
		return wrong(path, name, "too many routines, or too long a name");
	strcpy(names[nnames++], name);
	printf("static const struct bpf_insn %s[] = {\n", name);
	for (size_t i = 0; i < n; i++)
		printf("\t{0x%02x, %u, %u, %d, %d},\n", insns[i].code, insns[i].dst_reg,
		       insns[i].src_reg, insns[i].off, insns[i].imm);
	printf("};\n\n");
	return 0;
}

static int embed_all(const char *path, Elf *elf)
{
	int before = nnames;

	for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
		Elf_Data *data;
		GElf_Shdr head;
		GElf_Sym sym;

		if (!gelf_getshdr(s, &head) || head.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(s, NULL);
		for (int i = 0; data && gelf_getsym(data, i, &sym); i++)
			if (GELF_ST_TYPE(sym.st_info) == STT_FUNC &&
			    GELF_ST_BIND(sym.st_info) == STB_GLOBAL && sym.st_shndx != SHN_UNDEF &&
			    embed(path, elf, &sym, elf_strptr(elf, head.sh_link, sym.st_name)))
				return -1;
	}
	return nnames > before ? 0 : wrong(path, "", "no function in it is global");
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
	printf("] = {\"%s\", %s, sizeof(%s) / sizeof(*%s)},\n", name, name, name, name);
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
