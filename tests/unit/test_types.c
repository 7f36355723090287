/* SPDX-License-Identifier: BSD-2-Clause */
/* Types: D's own, declarations and their layout, names, and BTF from tests/fixtures/types.btf. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "types/type.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *arena;
static struct types *ts;

/* Next to this source, or from the top of the tree. */
static char *fixture(void)
{
	const char *slash = strrchr(__FILE__, '/');
	struct buf path = {0};

	buf_add(&path, __FILE__, slash ? (size_t)(slash - __FILE__ + 1) : 0);
	buf_puts(&path, "../fixtures/types.btf");
	if (access(path.s, R_OK) < 0) {
		buf_reset(&path);
		buf_puts(&path, "tests/fixtures/types.btf");
	}
	return path.s;
}

static int start(const char *btf_path)
{
	arena = arena_new();
	ts = types_new(arena, btf_path);
	return 0;
}

static int with_fixture(void **state)
{
	char *path = fixture();

	(void)state;
	start(path);
	free(path);
	return 0;
}

/* For what must not touch BTF: there is none. */
static int without_btf(void **state)
{
	(void)state;
	return start("/nonexistent/btf");
}

static int stop(void **state)
{
	(void)state;
	types_free(ts);
	arena_free(arena);
	return 0;
}

static struct type *basic(const char *name)
{
	return types_basic(ts, name);
}

static void assert_named(struct type *t, const char *name)
{
	assert_non_null(t);
	assert_string_equal(type_name(arena, t), name);
}

static void test_basic_types(void **state)
{
	static const struct {
		const char *name;
		uint64_t size;
		bool is_signed;
	} rows[] = {
		{"char", 1, true},
		{"unsigned char", 1, false},
		{"short", 2, true},
		{"int", 4, true},
		{"unsigned int", 4, false},
		{"long", 8, true},
		{"unsigned long long", 8, false},
		{"_Bool", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct type *t = basic(rows[i].name);

		assert_non_null(t);
		assert_int_equal(t->kind, TYPE_INT);
		assert_int_equal(t->size, rows[i].size);
		assert_int_equal(t->is_signed, rows[i].is_signed);
		assert_named(t, rows[i].name);
	}
	assert_int_equal(basic("void")->kind, TYPE_VOID);
	assert_int_equal(basic("double")->kind, TYPE_FLOAT);
	assert_int_equal(basic("string")->kind, TYPE_STRING);
	assert_null(basic("uint32_t"));
	assert_int_equal(types_btf_error(ts), 0);
}

static void test_predefined_typedefs(void **state)
{
	static const struct {
		const char *name;
		uint64_t size;
		bool is_signed;
	} rows[] = {
		{"int8_t", 1, true},	{"uint16_t", 2, false},	    {"int64_t", 8, true},
		{"size_t", 8, false},	{"uintptr_t", 8, false},    {"pid_t", 4, true},
		{"zoneid_t", 4, false}, {"ipaddr_t", 4, false},	    {"in_port_t", 2, false},
		{"hrtime_t", 8, true},	{"u_longlong_t", 8, false}, {"uid_t", 4, false},
		{"dev_t", 8, false},	{"netstackid_t", 4, false}, {"u_char", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct type *t = types_typedef(ts, rows[i].name);

		assert_non_null(t);
		assert_int_equal(t->kind, TYPE_TYPEDEF);
		assert_int_equal(t->size, rows[i].size);
		assert_int_equal(type_resolve(t)->is_signed, rows[i].is_signed);
		assert_named(t, rows[i].name);
		assert_ptr_equal(t, types_typedef(ts, rows[i].name));
	}
	assert_named(type_resolve(types_typedef(ts, "caddr_t")), "char *");
	/* None of this asked BTF, the next one does. */
	assert_int_equal(types_btf_error(ts), 0);
	assert_null(types_typedef(ts, "no_such_t"));
	assert_int_equal(types_btf_error(ts), -ENOENT);
}

static void test_names(void **state)
{
	struct type *character = basic("char"), *integer = basic("int");
	struct type *pair = types_array(ts, integer, 4);
	struct member params[] = {{.type = integer}, {.type = types_pointer(ts, character)}};
	struct type *call = types_function(ts, integer, params, 2);
	struct type *none = types_function(ts, basic("void"), NULL, 0);

	(void)state;
	assert_named(types_array(ts, character, 16), "char [16]");
	assert_named(types_pointer(ts, types_pointer(ts, character)), "char **");
	assert_named(types_array(ts, types_pointer(ts, integer), 4), "int *[4]");
	assert_named(types_pointer(ts, pair), "int (*)[4]");
	assert_named(types_array(ts, pair, 2), "int [2][4]");
	assert_named(types_array(ts, integer, 0), "int []");
	assert_named(call, "int (int, char *)");
	assert_named(types_pointer(ts, call), "int (*)(int, char *)");
	assert_named(types_array(ts, types_pointer(ts, call), 3), "int (*[3])(int, char *)");
	assert_named(types_pointer(ts, types_pointer(ts, none)), "void (**)(void)");
	assert_named(types_function(ts, types_pointer(ts, pair), NULL, 0), "int (*(void))[4]");
}

static void test_deep_types(void **state)
{
	struct type *a = basic("int"), *b = types_typedef(ts, "int32_t");

	(void)state;
	for (int i = 0; i < 10000; i++) {
		a = types_pointer(ts, a);
		b = types_array(ts, types_pointer(ts, b), 1);
	}
	assert_true(strlen(type_name(arena, a)) < 1000);
	assert_true(strlen(type_name(arena, b)) < 1000);
	assert_false(type_same(a, b));
	assert_true(type_same(a, types_pointer(ts, a->base)));
}

static void test_predicates(void **state)
{
	struct type *character = basic("char"), *string = types_typedef(ts, "uint8_t");

	(void)state;
	assert_true(type_is_integer(types_typedef(ts, "pid_t")));
	assert_false(type_is_integer(types_pointer(ts, character)));
	assert_true(type_is_scalar(types_pointer(ts, character)));
	assert_false(type_is_scalar(basic("double")));
	assert_true(type_is_string(types_array(ts, character, 8)));
	assert_false(type_is_string(types_array(ts, string, 8)));
	assert_true(type_is_string(basic("string")));
	assert_false(type_is_string(types_pointer(ts, character)));
	assert_false(type_is_struct(character));
}

static void test_same(void **state)
{
	struct type *integer = basic("int"), *alias = types_typedef(ts, "int32_t");
	struct member one = {.type = integer}, other = {.type = alias},
		      third = {.type = basic("long")};

	(void)state;
	assert_true(type_same(integer, alias));
	assert_true(type_same(basic("long"), basic("long long")));
	assert_false(type_same(integer, basic("unsigned int")));
	assert_false(type_same(basic("char"), basic("unsigned char")));
	assert_true(type_same(types_pointer(ts, integer), types_pointer(ts, alias)));
	assert_false(type_same(types_pointer(ts, integer), integer));
	assert_true(type_same(types_array(ts, integer, 3), types_array(ts, alias, 3)));
	assert_false(type_same(types_array(ts, integer, 3), types_array(ts, integer, 4)));
	assert_true(type_same(types_function(ts, integer, &one, 1),
			      types_function(ts, alias, &other, 1)));
	assert_false(type_same(types_function(ts, integer, &one, 1),
			       types_function(ts, integer, &third, 1)));
	assert_false(type_same(basic("string"), integer));
}

static void test_layout(void **state)
{
	struct member inner[] = {
		{.name = "v4", .type = basic("unsigned int")},
		{.name = "v6", .type = types_array(ts, basic("unsigned char"), 17)},
	};
	struct member members[] = {
		{.name = "c", .type = basic("char")},
		{.name = "s", .type = basic("short")},
		{.name = "p", .type = types_pointer(ts, basic("void"))},
		{.name = "d", .type = basic("char")},
		{.type = types_declare_struct(ts, TYPE_UNION, NULL, inner, 2)},
		{.name = "tail", .type = types_array(ts, basic("long"), 0)},
	};
	struct type *t = types_declare_struct(ts, TYPE_STRUCT, "laid", members, COUNT(members));
	struct member m;

	(void)state;
	assert_non_null(t);
	assert_int_equal(members[4].type->size, 20);
	assert_int_equal(members[1].bit_offset, 16);
	assert_int_equal(members[2].bit_offset, 64);
	assert_int_equal(members[3].bit_offset, 128);
	assert_int_equal(members[4].bit_offset, 160);
	assert_int_equal(members[5].bit_offset, 320);
	assert_int_equal(t->size, 40);
	assert_true(types_member(ts, t, "v6", &m, NULL));
	assert_int_equal(m.bit_offset, 160);
	assert_ptr_equal(types_tag(ts, TYPE_STRUCT, "laid"), t);
	assert_named(types_pointer(ts, t), "struct laid *");
}

/* Against what the compiler of this test does. */
struct fields {
	unsigned a : 3;
	unsigned b : 7;
	int c : 5;
	unsigned long long d : 40;
	unsigned char e : 1;
	unsigned char f : 4;
	unsigned char g : 5;
	unsigned : 0;
	unsigned short h : 9;
};

static unsigned char *find_one(void *bytes, size_t n, unsigned *bit)
{
	unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++) {
		if (p[i]) {
			*bit = (unsigned)(i * 8) + (unsigned)__builtin_ctz(p[i]);
			return p;
		}
	}
	return NULL;
}

#define FIRST_BIT(member)                                                                          \
	({                                                                                         \
		struct fields _f;                                                                  \
		unsigned _bit = ~0u;                                                               \
		memset(&_f, 0, sizeof(_f));                                                        \
		_f.member = 1;                                                                     \
		find_one(&_f, sizeof(_f), &_bit);                                                  \
		_bit;                                                                              \
	})

static void test_bit_fields(void **state)
{
	struct member m[] = {
		{.name = "a", .type = basic("unsigned int"), .bit_size = 3},
		{.name = "b", .type = basic("unsigned int"), .bit_size = 7},
		{.name = "c", .type = basic("int"), .bit_size = 5},
		{.name = "d", .type = basic("unsigned long long"), .bit_size = 40},
		{.name = "e", .type = basic("unsigned char"), .bit_size = 1},
		{.name = "f", .type = basic("unsigned char"), .bit_size = 4},
		{.name = "g", .type = basic("unsigned char"), .bit_size = 5},
		{.type = basic("unsigned int")},
		{.name = "h", .type = basic("unsigned short"), .bit_size = 9},
	};
	struct type *t = types_declare_struct(ts, TYPE_STRUCT, "fields", m, COUNT(m));

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->size, sizeof(struct fields));
	assert_int_equal(m[0].bit_offset, FIRST_BIT(a));
	assert_int_equal(m[1].bit_offset, FIRST_BIT(b));
	assert_int_equal(m[2].bit_offset, FIRST_BIT(c));
	assert_int_equal(m[3].bit_offset, FIRST_BIT(d));
	assert_int_equal(m[4].bit_offset, FIRST_BIT(e));
	assert_int_equal(m[5].bit_offset, FIRST_BIT(f));
	assert_int_equal(m[6].bit_offset, FIRST_BIT(g));
	assert_int_equal(m[8].bit_offset, FIRST_BIT(h));
}

static void test_bad_members(void **state)
{
	struct type *integer = basic("int");
	struct member too_wide = {.name = "a", .type = integer, .bit_size = 33};
	struct member of_pointer = {.name = "a", .type = types_pointer(ts, integer), .bit_size = 3};
	struct member nothing = {.name = "a", .type = basic("void")};
	struct member big = {.name = "a", .type = types_array(ts, integer, UINT64_MAX / 2)};
	struct member twins[] = {{.name = "a", .type = integer}, {.name = "a", .type = integer}};
	struct member self = {.name = "a"};

	(void)state;
	assert_null(types_declare_struct(ts, TYPE_STRUCT, "bad", &too_wide, 1));
	assert_int_equal(errno, EINVAL);
	assert_null(types_declare_struct(ts, TYPE_STRUCT, "bad", &of_pointer, 1));
	assert_int_equal(errno, EINVAL);
	assert_null(types_declare_struct(ts, TYPE_STRUCT, "bad", &nothing, 1));
	assert_int_equal(errno, EINVAL);
	assert_null(types_declare_struct(ts, TYPE_STRUCT, "bad", &big, 1));
	assert_int_equal(errno, EOVERFLOW);
	assert_null(types_declare_struct(ts, TYPE_STRUCT, "bad", twins, 2));
	assert_int_equal(errno, ENOTUNIQ);
	self.type = types_declare_struct(ts, TYPE_STRUCT, "bad", NULL, 0);
	assert_null(types_declare_struct(ts, TYPE_STRUCT, "bad", &self, 1));
	assert_int_equal(errno, EINVAL);
	assert_int_equal(types_btf_error(ts), 0);
}

static void test_forward(void **state)
{
	struct type *forward = types_declare_struct(ts, TYPE_STRUCT, "node", NULL, 0), *t;
	struct member m[] = {
		{.name = "next", .type = types_pointer(ts, forward)},
		{.name = "value", .type = basic("int")},
	};

	(void)state;
	assert_int_equal(forward->kind, TYPE_FORWARD);
	assert_named(forward, "struct node");
	assert_int_equal(types_declare_typedef(ts, "node_t", forward), 0);
	assert_int_equal(types_typedef(ts, "node_t")->size, 0);
	t = types_declare_struct(ts, TYPE_STRUCT, "node", m, 2);
	assert_ptr_equal(t, forward);
	assert_int_equal(t->kind, TYPE_STRUCT);
	assert_int_equal(types_typedef(ts, "node_t")->size, 16);
	assert_true(types_member(ts, types_typedef(ts, "node_t"), "next", &m[1], NULL));
	assert_ptr_equal(m[1].type->base, t);
	assert_null(types_declare_struct(ts, TYPE_UNION, "node", NULL, 0));
	assert_int_equal(errno, EEXIST);
}

static void test_redeclaration(void **state)
{
	struct member m[] = {{.name = "a", .type = basic("int")},
			     {.name = "b", .type = basic("long")}};
	struct type *t = types_declare_struct(ts, TYPE_STRUCT, "pair", m, 2);
	struct enumerator e[] = {{"E_ONE", 1}, {"E_TWO", 2}}, clash = {"E_ONE", 7};
	struct type *set = types_declare_enum(ts, "set", e, 2);

	(void)state;
	assert_ptr_equal(types_declare_struct(ts, TYPE_STRUCT, "pair", m, 2), t);
	assert_null(types_declare_struct(ts, TYPE_STRUCT, "pair", m, 1));
	assert_int_equal(errno, EEXIST);
	assert_ptr_equal(types_declare_enum(ts, "set", e, 2), set);
	assert_null(types_declare_enum(ts, "other", &clash, 1));
	assert_int_equal(errno, EEXIST);
	assert_int_equal(types_declare_typedef(ts, "mine", basic("int")), 0);
	assert_int_equal(types_declare_typedef(ts, "mine", types_typedef(ts, "pid_t")), 0);
	assert_int_equal(types_declare_typedef(ts, "mine", basic("long")), -EEXIST);
	assert_int_equal(types_declare_typedef(ts, "size_t", basic("unsigned long")), 0);
	assert_int_equal(types_declare_typedef(ts, "size_t", basic("int")), -EEXIST);
	/* Of other systems: theirs until the program has its own. */
	assert_int_equal(types_typedef(ts, "mode_t")->size, 4);
	assert_int_equal(types_declare_typedef(ts, "mode_t", basic("unsigned short")), 0);
	assert_int_equal(types_typedef(ts, "mode_t")->size, 2);
}

static void test_declared_enum(void **state)
{
	struct enumerator e[] = {{"LOW", -1}, {"HIGH", 10}}, wide = {"WIDE", 1ll << 40};
	struct type *t = types_declare_enum(ts, "level", e, 2), *of = NULL;
	int64_t value = 0;

	(void)state;
	assert_int_equal(t->size, 4);
	assert_true(t->is_signed);
	assert_int_equal(types_declare_enum(ts, NULL, &wide, 1)->size, 8);
	assert_true(types_enumerator(ts, "LOW", &value, &of));
	assert_int_equal(value, -1);
	assert_ptr_equal(of, t);
	assert_int_equal(types_btf_error(ts), 0);
	assert_false(types_enumerator(ts, "MIDDLE", &value, &of));
}

static void test_suggestion(void **state)
{
	struct type *t = types_tag(ts, TYPE_STRUCT, "packet");
	struct suggest s;
	struct member m;

	(void)state;
	suggest_start(&s, "lenght");
	assert_false(types_member(ts, t, "lenght", &m, &s));
	assert_string_equal(suggest_best(&s), "length");
	suggest_start(&s, "prt"); /* in a struct in a union in a struct: named, so not offered */
	assert_false(types_member(ts, t, "prt", &m, &s));
	suggest_start(&s, "knd");
	assert_false(types_member(ts, t, "knd", &m, &s));
	assert_string_equal(suggest_best(&s), "kind");
	assert_false(types_member(ts, basic("int"), "x", &m, NULL));
}

static void test_kernel_struct(void **state)
{
	static const struct {
		const char *name, *type;
		uint32_t bit_offset;
	} rows[] = {
		{"next", "struct packet *", 0},
		{"name", "char *", 64},
		{"length", "u32", 128},
		{"kind", "u8", 192},
		{"in", "struct inner", 256},
		{"raw", "u64 [3]", 256},
		{"color", "enum color", 448},
		{"handler", "int (*)(struct packet *, void *, u32)", 512},
		{"log", "int (*)(char *, ...)", 576},
		{"text", "char [16]", 640},
		{"matrix", "int [2][3]", 768},
		{"nowhere", "struct nowhere *", 960},
		{"ratio", "double", 1088},
		{"where", "u32 *", 1152},
		{"flag", "bool", 1216},
		{"tail", "__u8 []", 1224},
	};
	struct type *t = types_tag(ts, TYPE_STRUCT, "packet");
	struct member m;

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->size, 160);
	assert_int_equal(t->btf_id, 2);
	assert_true(t->from_kernel);
	assert_false(t->complete);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(types_member(ts, t, rows[i].name, &m, NULL));
		assert_named(m.type, rows[i].type);
		assert_int_equal(m.bit_offset, rows[i].bit_offset);
		assert_int_equal(m.bit_size, 0);
	}
	assert_true(types_member(ts, t, "in", &m, NULL));
	assert_false(m.type->complete); /* decoding one struct leaves the others alone */
	assert_true(types_member(ts, m.type, "v6", &m, NULL));
	assert_int_equal(m.bit_offset, 32);
	assert_true(types_member(ts, t, "next", &m, NULL));
	assert_ptr_equal(m.type, types_pointer(ts, t));
	assert_true(types_member(ts, t, "nowhere", &m, NULL));
	assert_int_equal(m.type->base->kind, TYPE_FORWARD);
	assert_int_equal(types_btf_error(ts), 0);
}

static void test_kernel_bit_fields(void **state)
{
	static const struct {
		const char *name;
		uint32_t offset, size;
	} rows[] = {{"a", 0, 3}, {"b", 3, 7}, {"c", 10, 5}, {"d", 15, 40}, {"e", 55, 1}};
	struct type *t = types_tag(ts, TYPE_STRUCT, "bits");
	struct member m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(types_member(ts, t, rows[i].name, &m, NULL));
		assert_int_equal(m.bit_offset, rows[i].offset);
		assert_int_equal(m.bit_size, rows[i].size);
	}
}

static void test_kernel_names(void **state)
{
	struct type *t, *of = NULL;
	int64_t value = 0;

	(void)state;
	t = types_typedef(ts, "u32");
	assert_named(t->base, "__u32");
	assert_ptr_equal(type_resolve(t), basic("unsigned int"));
	t = types_typedef(ts, "atomic_t");
	assert_int_equal(t->size, 4);
	assert_true(type_is_struct(t));
	assert_named(type_resolve(t), "struct <anonymous>");
	assert_null(types_tag(ts, TYPE_UNION, "packet"));
	assert_null(types_tag(ts, TYPE_STRUCT, "pack"));
	assert_null(types_tag(ts, TYPE_STRUCT, "acket"));
	assert_null(types_tag(ts, TYPE_STRUCT, ""));
	t = types_tag(ts, TYPE_ENUM, "color");
	types_complete(ts, t);
	assert_int_equal(t->nenumerators, 3);
	assert_string_equal(t->enumerators[1].name, "GREEN");
	assert_true(types_enumerator(ts, "BLUE", &value, &of));
	assert_int_equal(value, 6);
	assert_ptr_equal(of, t);
	assert_false(types_enumerator(ts, "packet", &value, &of));
	assert_int_equal(types_tracepoint_btf_id(ts, "packet_seen"), 59);
	assert_int_equal(types_tracepoint_btf_id(ts, "packet_lost"), 0);
	assert_int_equal(types_iterator_btf_id(ts, "packet_length"), 0);
	assert_int_equal(types_btf_error(ts), 0);
}

/* D's definitions go before the kernel's, but structs by one tag are one type. */
static void test_kernel_and_declared(void **state)
{
	struct type *theirs = types_tag(ts, TYPE_STRUCT, "inner"), *announced;
	struct member m = {.name = "mine", .type = basic("int")};
	struct type *ours = types_declare_struct(ts, TYPE_STRUCT, "inner", &m, 1);

	(void)state;
	assert_ptr_not_equal(ours, theirs);
	assert_ptr_equal(types_tag(ts, TYPE_STRUCT, "inner"), ours);
	assert_true(type_same(ours, theirs));
	announced = types_declare_struct(ts, TYPE_STRUCT, "bits", NULL, 0);
	assert_int_equal(types_declare_typedef(ts, "bits_t", announced), 0);
	assert_true(types_member(ts, announced, "d", &m, NULL));
	assert_int_equal(m.bit_size, 40);
	assert_int_equal(types_typedef(ts, "bits_t")->size, 8);
}

int main(void)
{
#define WITHOUT(test) cmocka_unit_test_setup_teardown(test, without_btf, stop)
#define WITH(test) cmocka_unit_test_setup_teardown(test, with_fixture, stop)
	const struct CMUnitTest tests[] = {
		WITHOUT(test_basic_types),
		WITHOUT(test_predefined_typedefs),
		WITHOUT(test_names),
		WITHOUT(test_deep_types),
		WITHOUT(test_predicates),
		WITHOUT(test_same),
		WITHOUT(test_layout),
		WITHOUT(test_bit_fields),
		WITHOUT(test_bad_members),
		WITHOUT(test_forward),
		WITHOUT(test_redeclaration),
		WITHOUT(test_declared_enum),
		WITH(test_suggestion),
		WITH(test_kernel_struct),
		WITH(test_kernel_bit_fields),
		WITH(test_kernel_names),
		WITH(test_kernel_and_declared),
	};

	return cmocka_run_group_tests_name("types", tests, NULL, NULL);
}
