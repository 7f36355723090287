/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults of clauses, in words. */
#pragma once

#include "base/buf.h"
#include "program/program.h"

struct fault_told {
	const struct fault *fault;
	const struct enabling *enabling;
	int cpu;
	const char *kind; /* "divide-by-zero" */
	bool has_address;
};

/* False: no program of ours can have written this. */
bool fault_tell(const struct program *p, int cpu, const struct fault *f, struct fault_told *out);
/* The sentence that DTrace has for it, without "dtrace: ". */
void fault_print(const struct fault_told *t, struct buf *out);
