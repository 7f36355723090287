/* SPDX-License-Identifier: BSD-2-Clause */
/* The pipeline as a whole: what a compiled program offers to whoever prints it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "compile.h"
#include "types/type.h"

/*
 * The types of what a program records are whole when it is printed, those of
 * the kernel too: their members are read when somebody asks.
 */
static void test_types_after(void **state)
{
	static const char text[] = "struct pair { int a; char b[4]; };"
				   "BEGIN { trace(*(struct pair *)1); trace(*(struct bits *)1); }";
	struct arena *a = arena_new();
	struct types *ts = types_new(a, "tests/fixtures/types.btf");
	struct probes *ps = probes_new(a);
	struct source source = {.name = "text", .text = text, .len = sizeof(text) - 1};
	struct compile_input in = {.source = &source};
	struct macro_args macros = {0};
	struct options options;
	struct program *p;
	const struct enabling *recording;
	const struct action *actions;
	struct member m;

	(void)state;
	options_init(&options);
	macros.options = &options;
	assert_int_equal(compile(a, ts, diag_new(a), ps, &options, &macros, &in, 1, &p), 0);
	assert_ptr_equal(p->types, ts);
	recording = &p->enablings[p->nenablings - 1];
	assert_int_equal(recording->nactions, 2);
	actions = recording->actions;
	assert_true(types_member(p->types, actions[0].items[0].type, "b", &m, NULL));
	assert_int_equal(m.bit_offset, 32);
	assert_string_equal(type_name(a, m.type), "char [4]");
	assert_true(types_member(p->types, actions[1].items[0].type, "b", &m, NULL));
	assert_int_equal(m.bit_offset, 3);
	assert_int_equal(m.bit_size, 7);
	probes_free(ps);
	types_free(ts);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
