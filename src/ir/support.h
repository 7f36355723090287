/* SPDX-License-Identifier: BSD-2-Clause */
/* The support routines: subprograms in BPF that a program takes along when it calls them. */
#pragma once

#include <stdint.h>

#include <linux/bpf.h>

struct support_routine {
	const char *name;
	const struct bpf_insn *insns; /* self-contained: no maps, no calls of other routines */
	uint32_t ninsns;
};

extern const struct support_routine support_routines[];
extern const unsigned support_count;
