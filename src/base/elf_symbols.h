/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions of an ELF file, by where they lie in the file: from its symbols
 * for linking, those for loading, and a file of debugging symbols beside it or
 * under /usr/lib/debug.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct elf_symbols;

/* root: what paths begin with, of the file's own system ("/proc/7/root", ""). Never NULL: a file
 * that cannot be read has none. */
const struct elf_symbols *elf_symbols_read(struct arena *a, const char *root, const char *path);
/* The function at this place in the file, and where in it; NULL: there is none. */
const char *elf_symbols_find(const struct elf_symbols *s, uint64_t place, uint64_t *offset);
