/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands at an address of code: "libc.so.6`write+0x14". */
#pragma once

#include <stdint.h>

struct code_symbol {
	const char *module;   /* NULL: not known */
	const char *function; /* NULL: not known */
	uint64_t offset;      /* in it */
};
