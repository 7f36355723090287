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

enum naming {
	NAMING_NONE, /* the number is none of these */
	NAMING_SYMBOL,
	NAMING_CGROUP,
	NAMING_NETNS,
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
