/* SPDX-License-Identifier: BSD-2-Clause */
/* A program under test, from IR to its listing. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/ir.h"

struct bench {
	struct arena *arena;
	struct ir *ir;
	struct ir_code code;
	const char *why;
	char *text;
	size_t length;
};

static inline void open_bench(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->arena = arena_new();
	b->ir = ir_new(b->arena);
}

static inline const char *bench_map_name(void *arg, int map)
{
	const char *const *names = arg;

	return names[map];
}

static inline void expect_listing(struct bench *b, const char *expected)
{
	const char *names[] = {"flows", "config"};
	FILE *out;

	assert_int_equal(ir_finish(b->ir, &b->code, &b->why), 0);
	out = open_memstream(&b->text, &b->length);
	ir_list(&b->code, bench_map_name, names, out);
	fclose(out);
	assert_string_equal(b->text, expected);
}

static inline void close_bench(struct bench *b)
{
	free(b->text);
	arena_free(b->arena);
}
