/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The code of processes: which file, and which function in it, an address is of.
 * A process is looked at when one of its addresses is first seen, since it may be
 * gone when that is printed; what is known of it then stays known.
 */
#pragma once

#include "base/arena.h"
#include "base/code_symbol.h"

struct processes;

struct processes *processes_new(struct arena *a, const char *proc); /* "/proc" */
void processes_see(struct processes *ps, uint32_t pid, uint64_t address);
struct code_symbol processes_symbol(struct processes *ps, uint32_t pid, uint64_t address);
