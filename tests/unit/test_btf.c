/* SPDX-License-Identifier: BSD-2-Clause */
/* BTF written by hand, good and bad: forms that no compiler at hand writes, and damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "types/kbtf.h"
#include "types/type.h"

/* A file being written: string section and type section. */
struct image {
	struct buf strings, types, layout;
	uint32_t last;
};

static struct arena *arena;
static struct types *ts;
static int fd = -1;

static uint32_t string(struct image *im, const char *s)
{
	uint32_t at;

	if (!im->strings.n)
		buf_putc(&im->strings, '\0');
	at = (uint32_t)im->strings.n;
	buf_add(&im->strings, s, strlen(s) + 1);
	return at;
}

static void word(struct image *im, uint32_t w)
{
	buf_add(&im->types, &w, sizeof(w));
}

static uint32_t type(struct image *im, uint32_t name, uint32_t kind, uint32_t vlen, int flag,
		     uint32_t size)
{
	word(im, name);
	word(im, (uint32_t)flag << 31 | kind << 24 | vlen);
	word(im, size);
	return ++im->last;
}

static uint32_t integer(struct image *im, const char *name, uint32_t size, uint32_t encoding)
{
	uint32_t id = type(im, string(im, name), BTF_KIND_INT, 0, 0, size);

	word(im, encoding);
	return id;
}

static void member(struct image *im, uint32_t name, uint32_t id, uint32_t offset)
{
	word(im, name);
	word(im, id);
	word(im, offset);
}

/* Bytes in a file without a name; opened by its path under /proc. */
static void open_bytes(const void *bytes, size_t n)
{
	char path[64];

	fd = memfd_create("btf", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	arena = arena_new();
	ts = types_new(arena, path);
}

static void close_all(void)
{
	types_free(ts);
	arena_free(arena);
	close(fd);
	fd = -1;
}

static void write_image(struct image *im, struct buf *out)
{
	struct {
		struct btf_header h;
		uint32_t layout_off, layout_len;
	} h = {.h = {.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(h)}};

	if (!im->strings.n)
		buf_putc(&im->strings, '\0');
	h.h.type_len = (uint32_t)im->types.n;
	h.layout_off = h.h.type_len;
	h.layout_len = (uint32_t)im->layout.n;
	h.h.str_off = h.layout_off + h.layout_len;
	h.h.str_len = (uint32_t)im->strings.n;
	buf_add(out, &h, sizeof(h));
	buf_add(out, buf_str(&im->types), im->types.n);
	buf_add(out, buf_str(&im->layout), im->layout.n);
	buf_add(out, im->strings.s, im->strings.n);
}

static void open_image(struct image *im)
{
	struct buf out = {0};

	write_image(im, &out);
	open_bytes(out.s, out.n);
	buf_free(&out);
	buf_free(&im->types);
	buf_free(&im->strings);
	buf_free(&im->layout);
}

static void test_forward_is_definition(void **state)
{
	struct image im = {0};
	uint32_t name = string(&im, "thing"), id;
	struct type *t;

	(void)state;
	type(&im, name, BTF_KIND_FWD, 0, 0, 0);
	id = type(&im, 0, BTF_KIND_PTR, 0, 0, 1);
	type(&im, string(&im, "thing_p"), BTF_KIND_TYPEDEF, 0, 0, id);
	type(&im, name, BTF_KIND_STRUCT, 0, 0, 24);
	open_image(&im);
	t = type_resolve(types_typedef(ts, "thing_p"));
	assert_int_equal(t->kind, TYPE_POINTER);
	assert_int_equal(t->base->kind, TYPE_STRUCT);
	assert_ptr_equal(t->base, types_tag(ts, TYPE_STRUCT, "thing"));
	assert_int_equal(t->base->size, 24);
	close_all();
}

/* Struct members before kind_flag: the integer tells the bits. */
static void test_old_bit_fields(void **state)
{
	struct image im = {0};
	uint32_t five, plain;
	struct member m;
	struct type *t;

	(void)state;
	plain = integer(&im, "unsigned int", 4, 32);
	five = integer(&im, "unsigned int", 4, 5);
	type(&im, string(&im, "s"), BTF_KIND_STRUCT, 2, 0, 8);
	member(&im, string(&im, "bits"), five, 3);
	member(&im, string(&im, "word"), plain, 32);
	open_image(&im);
	t = types_tag(ts, TYPE_STRUCT, "s");
	assert_true(types_member(ts, t, "bits", &m, NULL));
	assert_int_equal(m.bit_offset, 3);
	assert_int_equal(m.bit_size, 5);
	assert_true(types_member(ts, t, "word", &m, NULL));
	assert_int_equal(m.bit_size, 0);
	close_all();
}

static void test_enums(void **state)
{
	struct image im = {0};
	struct type *of = NULL;
	int64_t value = 0;

	(void)state;
	type(&im, 0, BTF_KIND_ENUM, 1, 1, 4);
	word(&im, string(&im, "NEGATIVE"));
	word(&im, (uint32_t)-5);
	type(&im, string(&im, "big"), BTF_KIND_ENUM64, 1, 0, 8);
	word(&im, string(&im, "HUGE_ONE"));
	word(&im, 0x9abcdef0);
	word(&im, 0x12345678);
	open_image(&im);
	assert_true(types_enumerator(ts, "NEGATIVE", &value, &of));
	assert_int_equal(value, -5);
	assert_true(of->is_signed);
	assert_true(types_enumerator(ts, "HUGE_ONE", &value, &of));
	assert_int_equal(value, 0x123456789abcdef0);
	assert_string_equal(of->name, "big");
	assert_int_equal(of->size, 8);
	close_all();
}

static void test_shared_tails(void **state)
{
	struct image im = {0};
	uint32_t tcp_sock = string(&im, "tcp_sock");
	struct type *of = NULL;
	int64_t value = 0;

	(void)state;
	type(&im, tcp_sock, BTF_KIND_STRUCT, 0, 0, 8);
	type(&im, tcp_sock + 4, BTF_KIND_STRUCT, 0, 0, 4);
	type(&im, 0, BTF_KIND_ENUM, 1, 0, 4);
	word(&im, tcp_sock + 5);
	word(&im, 9);
	open_image(&im);
	assert_int_equal(types_tag(ts, TYPE_STRUCT, "tcp_sock")->size, 8);
	assert_int_equal(types_tag(ts, TYPE_STRUCT, "sock")->size, 4);
	assert_true(types_enumerator(ts, "ock", &value, &of));
	assert_int_equal(value, 9);
	assert_null(types_tag(ts, TYPE_STRUCT, "ck"));
	close_all();
}

/* So many that the strings are hashed. */
static void ask_for_many_names(void)
{
	char name[16];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "none%d", i);
		assert_null(types_tag(ts, TYPE_STRUCT, name));
	}
}

/* One name twice in the string section, as no careful writer has it. */
static void test_double_strings(void **state)
{
	for (int hashed = 0; hashed < 2; hashed++) {
		struct image im = {0};

		(void)state;
		type(&im, string(&im, "same"), BTF_KIND_STRUCT, 0, 0, 8);
		type(&im, string(&im, "same"), BTF_KIND_UNION, 0, 0, 16);
		open_image(&im);
		if (hashed)
			ask_for_many_names();
		assert_int_equal(types_tag(ts, TYPE_STRUCT, "same")->size, 8);
		assert_int_equal(types_tag(ts, TYPE_UNION, "same")->size, 16);
		close_all();
	}
}

static void test_many_names(void **state)
{
	struct image im = {0};
	struct type *of = NULL;
	int64_t value = 0;
	char name[16];

	(void)state;
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		type(&im, string(&im, name), BTF_KIND_STRUCT, 0, 0, (uint32_t)i + 1);
	}
	type(&im, 0, BTF_KIND_ENUM, 1, 0, 4);
	word(&im, string(&im, "E"));
	word(&im, 9);
	open_image(&im);
	ask_for_many_names();
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		assert_int_equal(types_tag(ts, TYPE_STRUCT, name)->size, i + 1);
	}
	assert_true(types_enumerator(ts, "E", &value, &of));
	assert_int_equal(value, 9);
	close_all();
}

/* A kind that this code has never seen: stepped over if the file says how long it is. */
static void test_unknown_kind(void **state)
{
	for (int described = 0; described < 2; described++) {
		struct image im = {0};

		(void)state;
		type(&im, 0, 33, 2, 0, 0);
		for (int i = 0; i < 1 + 2 * 2; i++)
			word(&im, 0xffffffff);
		type(&im, string(&im, "after"), BTF_KIND_STRUCT, 0, 0, 8);
		for (int kind = 0; described && kind < 34; kind++) {
			const uint8_t entry[4] = {kind == 33 ? 4 : 0, kind == 33 ? 8 : 0};

			buf_add(&im.layout, entry, sizeof(entry));
		}
		open_image(&im);
		assert_int_equal(types_tag(ts, TYPE_STRUCT, "after") != NULL, described);
		assert_int_equal(types_btf_error(ts), described ? 0 : -EINVAL);
		close_all();
	}
}

/* Types that stand on themselves end in an error. */
static void test_circles(void **state)
{
	static const uint32_t kinds[] = {BTF_KIND_TYPEDEF, BTF_KIND_CONST, BTF_KIND_PTR,
					 BTF_KIND_TYPE_TAG};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct image im = {0};
		struct type *t;

		type(&im, string(&im, "loop"), BTF_KIND_TYPEDEF, 0, 0, 2);
		type(&im, string(&im, "x"), kinds[i], 0, 0, 1);
		open_image(&im);
		t = types_typedef(ts, "loop");
		assert_non_null(t);
		assert_true(strlen(type_name(arena, t)) < 100);
		assert_non_null(type_resolve(t));
		assert_int_equal(types_btf_error(ts), -EINVAL);
		close_all();
	}
}

static void test_long_chain(void **state)
{
	struct image im = {0};

	(void)state;
	type(&im, string(&im, "deep"), BTF_KIND_TYPEDEF, 0, 0, 2);
	for (uint32_t i = 0; i < 100000; i++)
		type(&im, 0, BTF_KIND_PTR, 0, 0, i + 3);
	integer(&im, "int", 4, 32);
	open_image(&im);
	assert_non_null(types_typedef(ts, "deep"));
	assert_int_equal(types_btf_error(ts), -EINVAL);
	close_all();
}

/* An anonymous member of the struct itself, many times over. */
static void test_struct_in_itself(void **state)
{
	struct image im = {0};
	struct suggest s;
	struct member m;

	(void)state;
	type(&im, string(&im, "s"), BTF_KIND_STRUCT, 60, 0, 8);
	for (int i = 0; i < 60; i++)
		member(&im, 0, 1 + (uint32_t)(i % 2), 0);
	type(&im, string(&im, "u"), BTF_KIND_UNION, 60, 0, 8);
	for (int i = 0; i < 60; i++)
		member(&im, 0, 1 + (uint32_t)(i % 2), 0);
	open_image(&im);
	suggest_start(&s, "nothing");
	assert_false(types_member(ts, types_tag(ts, TYPE_STRUCT, "s"), "nothing", &m, &s));
	close_all();
}

static void test_bad_members(void **state)
{
	struct image im = {0};
	struct member m;
	struct type *t;
	uint32_t i;

	(void)state;
	i = integer(&im, "int", 4, 32 | BTF_INT_SIGNED << 24);
	type(&im, string(&im, "s"), BTF_KIND_STRUCT, 5, 1, 8);
	member(&im, string(&im, "good"), i, 32);
	member(&im, string(&im, "outside"), i, 64);
	member(&im, string(&im, "no_type"), 77, 0);
	member(&im, string(&im, "wide"), i, 40u << 24);
	member(&im, 0xffffff, i, 0); /* a name outside the file */
	open_image(&im);
	t = types_tag(ts, TYPE_STRUCT, "s");
	assert_true(types_member(ts, t, "good", &m, NULL));
	assert_false(types_member(ts, t, "outside", &m, NULL));
	assert_false(types_member(ts, t, "wide", &m, NULL));
	assert_int_equal(types_btf_error(ts), -EINVAL);
	close_all();
}

/* Everything that can be asked, for a file that may be anything. */
static void ask_everything(void)
{
	static const char *const names[] = {"packet",	"bits", "u32",
					    "atomic_t", "BLUE", "packet_length"};
	struct type *t, *of = NULL;
	struct member m;
	int64_t value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		t = types_tag(ts, TYPE_STRUCT, names[i]);
		if (t && types_member(ts, t, "in", &m, NULL))
			types_member(ts, m.type, "v4", &m, NULL);
		for (uint32_t k = 0; t && k < t->nmembers; k++)
			type_name(arena, t->members[k].type);
		t = types_typedef(ts, names[i]);
		if (t) {
			types_complete(ts, t);
			type_name(arena, type_resolve(t));
		}
		types_enumerator(ts, names[i], &value, &of);
	}
	types_tracepoint_btf_id(ts, "packet_seen");
}

static size_t read_fixture(uint8_t *to, size_t most)
{
	static const char *const places[] = {"tests/fixtures/types.btf", "../fixtures/types.btf",
					     "../../tests/fixtures/types.btf"};
	size_t n = 0;

	for (size_t i = 0; !n && i < sizeof(places) / sizeof(places[0]); i++) {
		FILE *f = fopen(places[i], "r");

		if (f) {
			n = fread(to, 1, most, f);
			fclose(f);
		}
	}
	return n;
}

static void test_damage(void **state)
{
	static uint8_t good[8192], bad[sizeof(good)];
	size_t n = read_fixture(good, sizeof(good));
	uint32_t seed = 1;

	(void)state;
	if (!n) {
		print_message("the fixture is not under this directory\n");
		skip();
	}
	for (size_t cut = 0; cut < n; cut += 97) {
		open_bytes(good, cut);
		assert_null(types_tag(ts, TYPE_STRUCT, "packet"));
		assert_int_equal(types_btf_error(ts), -EINVAL);
		close_all();
	}
	for (int round = 0; round < 1000; round++) {
		memcpy(bad, good, n);
		for (int i = 0; i <= round % 8; i++) {
			seed = seed * 1664525 + 1013904223;
			bad[(seed >> 8) % n] = (uint8_t)(seed >> 24);
		}
		open_bytes(bad, n);
		ask_everything();
		close_all();
	}
}

static void test_no_btf(void **state)
{
	int error = 0;

	(void)state;
	assert_null(kbtf_open("/nonexistent/btf", &error));
	assert_int_equal(error, -ENOENT);
	assert_null(kbtf_open("/dev/null", &error));
	assert_int_equal(error, -EINVAL);
	assert_null(kbtf_open("/", &error));
	assert_true(error < 0);
	kbtf_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forward_is_definition),
		cmocka_unit_test(test_old_bit_fields),
		cmocka_unit_test(test_enums),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_shared_tails),
		cmocka_unit_test(test_double_strings),
		cmocka_unit_test(test_unknown_kind),
		cmocka_unit_test(test_circles),
		cmocka_unit_test(test_long_chain),
		cmocka_unit_test(test_struct_in_itself),
		cmocka_unit_test(test_bad_members),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_no_btf),
	};

	return cmocka_run_group_tests_name("btf", tests, NULL, NULL);
}
