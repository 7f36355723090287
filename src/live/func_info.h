/* SPDX-License-Identifier: BSD-2-Clause */
/* The types of a program's functions, which the kernel asks for where one makes a tail call. */
#pragma once

#include <linux/bpf.h>

#include "ir/ir.h"

struct func_info {
	int btf_fd; /* -1: not needed */
	struct bpf_func_info *records;
	uint32_t n;
};

/* 0 or -errno. What was made goes with func_info_close(), also after a failure. */
int func_info_open(struct func_info *f, const struct ir_code *code);
void func_info_close(struct func_info *f);
