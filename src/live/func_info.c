/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types of functions.  A subprogram may make a tail call only if it returns an
 * int, since what returns in its place does (check_btf_func() in the kernel's
 * verifier); of programs without BTF it believes nothing.  So such a program
 * brings a BTF of its own along: int, `int f(void)`, and a function of that
 * type for the program and for each subprogram.  What arguments they have the
 * verifier sees for itself at each call of a static function.
 */
#include "live/func_info.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/btf.h>

#define MAX_STRINGS 1024

/* One type after the other, as words, and their names. */
struct type_list {
	uint32_t *words;
	uint32_t nwords, ntypes;
	char strings[MAX_STRINGS]; /* begins with the empty one */
	uint32_t nstrings;
};

static uint32_t add_name(struct type_list *t, const char *name)
{
	uint32_t at = t->nstrings;
	size_t n = strlen(name) + 1;

	if (!*name || n > MAX_STRINGS - at)
		return 0; /* (a function without a name the kernel will refuse) */
	memcpy(t->strings + at, name, n);
	t->nstrings += n;
	return at;
}

static uint32_t add_type(struct type_list *t, const char *name, unsigned kind,
			 uint32_t size_or_type)
{
	uint32_t info = kind << 24; /* of functions: BTF_FUNC_STATIC, of others: no members */

	t->words[t->nwords++] = add_name(t, name);
	t->words[t->nwords++] = info;
	t->words[t->nwords++] = size_or_type;
	return ++t->ntypes;
}

static int load_types(const struct type_list *t)
{
	struct btf_header head = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(head),
		.type_len = t->nwords * sizeof(*t->words),
		.str_off = t->nwords * sizeof(*t->words),
		.str_len = t->nstrings,
	};
	size_t size = sizeof(head) + head.type_len + head.str_len;
	char *all = malloc(size);
	int fd;

	if (!all)
		return -ENOMEM;
	memcpy(all, &head, sizeof(head));
	memcpy(all + sizeof(head), t->words, head.type_len);
	memcpy(all + sizeof(head) + head.str_off, t->strings, head.str_len);
	fd = bpf_btf_load(all, size, NULL);
	if (fd < 0)
		fd = -errno;
	free(all);
	return fd;
}

int func_info_open(struct func_info *f, const struct ir_code *code)
{
	struct type_list t = {.nstrings = 1};
	uint32_t number, function;

	*f = (struct func_info){.btf_fd = -1};
	if (!code->calls_onward)
		return 0;
	f->n = 1 + code->nsubprogs;
	f->records = calloc(f->n, sizeof(*f->records));
	t.words = calloc(4 + 3 * (1 + f->n), sizeof(*t.words));
	if (!f->records || !t.words) {
		free(t.words);
		return -ENOMEM;
	}
	number = add_type(&t, "int", BTF_KIND_INT, 4);
	t.words[t.nwords++] = BTF_INT_SIGNED << 24 | 32;
	function = add_type(&t, "", BTF_KIND_FUNC_PROTO, number);
	f->records[0].type_id = add_type(&t, "program", BTF_KIND_FUNC, function);
	for (uint32_t i = 0; i < code->nsubprogs; i++)
		f->records[1 + i] = (struct bpf_func_info){
			.insn_off = code->subprogs[i].insn,
			.type_id = add_type(&t, code->subprogs[i].name, BTF_KIND_FUNC, function),
		};
	f->btf_fd = load_types(&t);
	free(t.words);
	return f->btf_fd < 0 ? f->btf_fd : 0;
}

void func_info_close(struct func_info *f)
{
	if (f->btf_fd >= 0)
		close(f->btf_fd);
	free(f->records);
	*f = (struct func_info){.btf_fd = -1};
}
