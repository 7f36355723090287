/* SPDX-License-Identifier: BSD-2-Clause */
/* The support routines: subprograms in BPF that a program takes along when it calls them. */
#pragma once

#include <stdint.h>

#include <linux/bpf.h>

/* A function of a routine: the one that is called comes first, then those that it has called back.
 */
struct support_part {
	const char *name;
	uint32_t insn; /* its first */
};

struct support_routine {
	const struct bpf_insn *insns; /* self-contained: no maps, no calls of other routines */
	uint32_t ninsns;
	const struct support_part *parts;
	uint32_t nparts;
};

extern const struct support_routine support_routines[];
extern const unsigned support_count;
