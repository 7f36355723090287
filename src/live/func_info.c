/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types of functions.  A subprogram may make a tail call only if it returns an
 * int, since what returns in its place does (check_btf_func() in the kernel's
 * verifier), and only what is known to be a static function may be called back by
 * a helper; of programs without BTF it believes nothing.  So such a program brings
 * a BTF of its own along: int, `int f(void)`, and a function of that
 * type for the program and for each subprogram.  What arguments they have the
 * verifier sees for itself at each call of a static function.
 */
#include "live/func_info.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/btf.h>

#include "live/type_list.h"

int func_info_open(struct func_info *f, const struct ir_code *code)
{
	struct type_list t = {0};
	uint32_t number, function;

	*f = (struct func_info){.btf_fd = -1};
	if (!code->types_functions)
		return 0;
	f->n = 1 + code->nsubprogs;
	f->records = calloc(f->n, sizeof(*f->records));
	t.words = calloc(TYPE_INT_WORDS + TYPE_WORDS * (1 + f->n), sizeof(*t.words));
	if (!f->records || !t.words) {
		free(t.words);
		return -ENOMEM;
	}
	number = type_list_int(&t, "int", 4, BTF_INT_SIGNED);
	function = type_list_add(&t, "", BTF_KIND_FUNC_PROTO, number);
	f->records[0].type_id = type_list_add(&t, "program", BTF_KIND_FUNC, function);
	for (uint32_t i = 0; i < code->nsubprogs; i++)
		f->records[1 + i] = (struct bpf_func_info){
			.insn_off = code->subprogs[i].insn,
			.type_id =
				type_list_add(&t, code->subprogs[i].name, BTF_KIND_FUNC, function),
		};
	f->btf_fd = type_list_load(&t);
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
