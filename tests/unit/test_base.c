/* SPDX-License-Identifier: BSD-2-Clause */
/* The base: arena, vectors, buffers, string map, suggestions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/strmap.h"
#include "base/suggest.h"
#include "base/processes.h"
#include "base/symbols.h"
#include "base/vec.h"

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t size = 0; size < 200000; size = size * 2 + 1) {
		unsigned char *p = arena_alloc(a, size);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	arena_free(a);
	arena_free(NULL);
}

static void arena_pieces_do_not_overlap(void **state)
{
	struct arena *a = arena_new();
	char *at[1000];

	(void)state;
	for (int i = 0; i < 1000; i++)
		at[i] = arena_printf(a, "number %d", i);
	for (int i = 0; i < 1000; i++) {
		char want[32];

		snprintf(want, sizeof(want), "number %d", i);
		assert_string_equal(at[i], want);
	}
	arena_free(a);
}

static void arena_strings(void **state)
{
	struct arena *a = arena_new();
	char *s = arena_strndup(a, "ab\0cd", 5);

	(void)state;
	assert_memory_equal(s, "ab\0cd", 6);
	assert_string_equal(arena_strdup(a, ""), "");
	s = arena_printf(a, "%0300d|%s", 7, "x");
	assert_int_equal(strlen(s), 302);
	assert_string_equal(s + 298, "07|x");
	arena_free(a);
}

static void vec_grows(void **state)
{
	VEC(long) v = {0};

	(void)state;
	for (long i = 0; i < 10000; i++)
		vec_push(&v, i * i);
	assert_int_equal(v.n, 10000);
	for (long i = 0; i < 10000; i++)
		assert_int_equal(v.at[i], i * i);
	assert_int_equal(vec_last(&v), 9999L * 9999);
	vec_free(&v);
	assert_null(v.at);
	assert_int_equal(v.n, 0);
}

static void buf_collects(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_puts(&b, "a");
	buf_putc(&b, 'b');
	buf_add(&b, "c\0d", 3);
	assert_int_equal(b.n, 5);
	assert_memory_equal(buf_str(&b), "abc\0d", 6);
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%03d,", i);
	assert_int_equal(b.n, 4000);
	assert_memory_equal(b.s + 3996, "999,", 5);
	buf_printf(&b, "%05000d", 1);
	assert_int_equal(b.n, 9000);
	assert_int_equal(b.s[8999], '1');
	assert_int_equal(b.s[9000], '\0');
	buf_free(&b);
	assert_string_equal(buf_str(&b), "");
}

static void strmap_finds_what_was_put(void **state)
{
	struct arena *a = arena_new();
	struct strmap *m = strmap_new(a);
	char *keys[5000];

	(void)state;
	assert_null(strmap_get(m, "absent"));
	for (int i = 0; i < 5000; i++) {
		keys[i] = arena_printf(a, "key%d", i);
		strmap_put(m, keys[i], &keys[i]);
	}
	for (int i = 0; i < 5000; i++)
		assert_ptr_equal(strmap_get(m, arena_printf(a, "key%d", i)), &keys[i]);
	assert_null(strmap_get(m, "key5000"));
	strmap_put(m, "key7", m);
	assert_ptr_equal(strmap_get(m, "key7"), m);
	strmap_put(m, "", a);
	assert_ptr_equal(strmap_get(m, ""), a);
	arena_free(a);
}

static const char *nearest(const char *wanted)
{
	static const char *const names[] = {"quantize",	 "lquantize", "count",
					    "timestamp", "tcp",	      "ip"};
	struct suggest s;

	suggest_start(&s, wanted);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		suggest_offer(&s, names[i]);
	return suggest_best(&s);
}

static void suggest_finds_the_nearest(void **state)
{
	(void)state;
	assert_string_equal(nearest("quantise"), "quantize");
	assert_string_equal(nearest("lquantise"), "lquantize");
	assert_string_equal(nearest("conut"), "count");
	assert_string_equal(nearest("timestmp"), "timestamp");
	assert_string_equal(nearest("TCP"), "tcp");
	assert_string_equal(nearest("tpc"), "tcp");
	assert_null(nearest("printf"));
	assert_null(nearest("x"));
	assert_null(nearest(
		"quantizequantizequantizequantizequantizequantizequantizequantizequantize"));
}

/* Freed early, in any order, or with the parent: under the sanitizers, once. */
static void test_arena_children(void **state)
{
	struct arena *a = arena_new(), *child[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		child[i] = arena_child(a);
		memset(arena_alloc(child[i], 100), i, 100);
		memset(arena_alloc(arena_child(child[i]), 100), i, 100);
	}
	arena_free(child[1]);
	arena_free(child[3]);
	arena_free(child[0]);
	memset(arena_alloc(child[2], 100000), 2, 100000);
	arena_free(a);
}

__attribute__((noinline)) static int own_function(int x)
{
	return x + 1;
}

static void put_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void code_is(struct processes *ps, uint64_t address, const char *module,
		    const char *function, uint64_t offset)
{
	struct code_symbol s;

	processes_see(ps, 7, address);
	s = processes_symbol(ps, 7, address);
	if (module)
		assert_string_equal(s.module, module);
	else
		assert_null(s.module);
	if (function)
		assert_string_equal(s.function, function);
	else
		assert_null(s.function);
	assert_int_equal(s.offset, offset);
}

/* A /proc of our own: what processes map, what they compile, their end, and their pid again. */
static void processes_name_code(void **state)
{
	static const char stat[] = "7 (a) b) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %d 0 0\n";
	char dir[] = "/tmp/test_base.XXXXXX", proc[64], text[256], clean[128];
	struct arena *a = arena_new();
	struct processes *ps;
	const struct timespec moment = {.tv_nsec = 60000000};

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(proc, sizeof(proc), "%s/7", dir);
	snprintf(text, sizeof(text), "mkdir -p %s/root/tmp", proc);
	assert_int_equal(system(text), 0);
	snprintf(text, sizeof(text), stat, 100);
	put_file(proc, "stat", text);
	put_file(proc, "status", "Name:\ta\nNSpid:\t7\t3\n");
	put_file(proc, "maps",
		 "1000-2000 r-xp 00000000 00:00 0                          /lib/no such.so\n"
		 "2000-3000 rw-p 00000000 00:00 0                          /lib/data.so\n"
		 "3000-4000 r-xp 00000000 00:00 0 \n"
		 "5000-6000 r-xp 00000000 00:00 0                          [vdso]\n");
	put_file(proc, "root/tmp/perf-3.map",
		 "3000 100 old name\n3000 80 LFoo;::bar baz\nnonsense\n3200 10 other\n");
	ps = processes_new(a, dir);
	code_is(ps, 0x1234, "no such.so", NULL, 0);
	code_is(ps, 0x2234, NULL, NULL, 0);
	code_is(ps, 0x3010, "jit", "LFoo;::bar baz", 0x10);
	code_is(ps, 0x3090, "jit", "old name", 0x90);
	code_is(ps, 0x5001, "[vdso]", NULL, 0);
	/* more is mapped, and compiled: seen when an address is not known yet */
	put_file(proc, "maps", "7000-8000 r-xp 00000000 00:00 0                          /new\n");
	nanosleep(&moment, NULL);
	code_is(ps, 0x7001, "new", NULL, 0);
	code_is(ps, 0x1234, "no such.so", NULL, 0);
	/* another process has the number */
	snprintf(text, sizeof(text), stat, 200);
	put_file(proc, "stat", text);
	nanosleep(&moment, NULL);
	code_is(ps, 0x9001, NULL, NULL, 0);
	code_is(ps, 0x1234, NULL, NULL, 0);
	code_is(ps, 0x7002, "new", NULL, 0);
	/* gone: what was known stays */
	snprintf(clean, sizeof(clean), "rm -r %s", dir);
	assert_int_equal(system(clean), 0);
	nanosleep(&moment, NULL);
	code_is(ps, 0x7003, "new", NULL, 0);
	code_is(ps, 0xa000, NULL, NULL, 0);
	/* this process itself */
	ps = processes_new(a, "/proc");
	processes_see(ps, (uint32_t)getpid(), (uintptr_t)own_function + 1);
	assert_string_equal(
		processes_symbol(ps, (uint32_t)getpid(), (uintptr_t)own_function + 1).function,
		"own_function");
	arena_free(a);
}

static void symbols_name_places(void **state)
{
	char path[] = "/tmp/test_base.XXXXXX", text[32];
	struct arena *a = arena_new();
	const struct symbols *s;
	uint64_t address = 0;
	FILE *f = fdopen(mkstemp(path), "w");

	(void)state;
	fputs("ffffffff81000200 T second\nffffffff81000100 t first\t[module]\n"
	      "ffffffff81000180 d data\n0000000000000000 T hidden\n",
	      f);
	fclose(f);
	s = symbols_read(a, path);
	remove(path);
	symbols_text(s, 0xffffffff81000199, text, sizeof(text));
	assert_string_equal(text, "first+0x99");
	symbols_text(s, 0xffffffff81000200, text, sizeof(text));
	assert_string_equal(text, "second");
	assert_int_equal(symbols_text(s, 0xffffffff810000ff, text, sizeof(text)), 18);
	assert_string_equal(text, "0xffffffff810000ff");
	symbols_text(s, 0xfffffffff1000000, text, sizeof(text));
	assert_string_equal(text, "0xfffffffff1000000");
	assert_int_equal(symbols_text(s, 0xffffffff81000199, text, 6), 5);
	assert_string_equal(text, "first");
	assert_true(symbols_address(s, "second+0x10", &address));
	assert_int_equal(address, 0xffffffff81000210);
	assert_true(symbols_address(s, "first", &address));
	assert_false(symbols_address(s, "firs", &address));
	assert_false(symbols_address(s, "first+", &address));
	assert_false(symbols_address(s, "first+0xg", &address));
	assert_false(symbols_address(s, "data", &address));
	assert_false(symbols_address(symbols_read(a, "/nowhere"), "first", &address));
	symbols_text(symbols_read(a, "/nowhere"), 16, text, sizeof(text));
	assert_string_equal(text, "0x10");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_children),
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(arena_pieces_do_not_overlap),
		cmocka_unit_test(arena_strings),
		cmocka_unit_test(vec_grows),
		cmocka_unit_test(buf_collects),
		cmocka_unit_test(strmap_finds_what_was_put),
		cmocka_unit_test(symbols_name_places),
		cmocka_unit_test(processes_name_code),
		cmocka_unit_test(suggest_finds_the_nearest),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
