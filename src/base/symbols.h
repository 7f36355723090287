/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's symbols, as /proc/kallsyms has them when it is read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#include "base/code_symbol.h"

struct symbols;

/* Never NULL: what cannot be read has no symbols. */
const struct symbols *symbols_read(struct arena *a, const char *path);
/* "tcp_v4_rcv+0x12", "nft_do_chain+0x30"; the number where there is none. Returns its length. */
size_t symbols_text(const struct symbols *s, uint64_t address, char *text, size_t size);
/* The same in parts; what is of no module is of vmlinux. */
struct code_symbol symbols_code(const struct symbols *s, uint64_t address);
/* The address that such a text names. */
bool symbols_address(const struct symbols *s, const char *text, uint64_t *address);
/* A variable of the kernel or (module: not NULL) of one of its modules or "vmlinux". False: there
 * is none. *address is 0 where the file hides addresses. */
bool symbols_data(const char *path, const char *module, const char *name, uint64_t *address);
