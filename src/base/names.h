/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers that people know by name: a place in the kernel's code, a cgroup, a
 * network namespace. Programs have the number; its text is made in user space.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum naming {
	NAMING_NONE, /* the number is none of these */
	NAMING_SYMBOL,
	NAMING_CGROUP,
	NAMING_NETNS,
	/* Addresses of code, as names_code() says it. */
	NAMING_CODE_ADDRESS,  /* module`function+offset */
	NAMING_CODE_FUNCTION, /* module`function */
	NAMING_CODE_MODULE,
	NAMINGS
};

struct names;

struct names *names_new(struct arena *a);
/* Reads what is read once, before there is anything to name. */
void names_prepare(struct names *n, enum naming naming);
/*
 * The name of a number; where it has none any more, its digits. Written to text, or
 * lying elsewhere until the next call.
 */
const char *names_text(struct names *n, enum naming naming, uint64_t number, char *text,
		       size_t size);
/* The number that has this text. */
bool names_number(struct names *n, enum naming naming, const char *text, uint64_t *number);

/*
 * What is at an address of code, of the process or (pid 0) of the kernel, as
 * DTrace writes it; where it is not known, the number. names_see_code(): it is
 * seen now, and the process may be gone when it is printed.
 */
void names_see_code(struct names *n, uint32_t pid, uint64_t address);
void names_code(struct names *n, enum naming how, uint32_t pid, uint64_t address, struct buf *out);
/* Whether the kernel is there on behalf of our own program: bpf_trace_run2(), ... */
bool names_is_ours(struct names *n, uint64_t address);
