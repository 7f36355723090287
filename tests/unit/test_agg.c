/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Aggregating functions: the code they emit is run, instruction by instruction,
 * on many values and its words are compared with a plain C reading of what
 * DTrace documents; then merging, order, parameters, and the exact drawing of
 * histograms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agg/agg.h"
#include "base/vec.h"
#include "ir_machine.h"

/* --- what the functions are to do --- */

static const int64_t values[] = {
	0,
	1,
	-1,
	2,
	-2,
	3,
	-3,
	4,
	5,
	7,
	8,
	9,
	10,
	11,
	15,
	16,
	17,
	19,
	20,
	31,
	32,
	63,
	64,
	65,
	99,
	100,
	101,
	127,
	128,
	255,
	256,
	499,
	500,
	501,
	999,
	1000,
	1001,
	1499,
	1500,
	1501,
	9999,
	10000,
	65535,
	65536,
	99999,
	100000,
	1000000,
	-4,
	-5,
	-7,
	-8,
	-9,
	-50,
	-99,
	-100,
	-101,
	-200,
	-201,
	-1000,
	INT32_MAX,
	INT32_MIN,
	(int64_t)INT32_MAX + 1,
	UINT32_MAX,
	(int64_t)UINT32_MAX + 1,
	-(int64_t)UINT32_MAX,
	123456789012345678,
	-123456789012345678,
	((int64_t)1 << 61) - 1,
	(int64_t)1 << 61,
	((int64_t)1 << 62) - 1,
	(int64_t)1 << 62,
	((int64_t)1 << 62) + 1,
	-((int64_t)1 << 62),
	-((int64_t)1 << 62) - 1,
	-((int64_t)1 << 61),
	INT64_MAX,
	INT64_MAX - 1,
	INT64_MIN,
	INT64_MIN + 1,
};
#define N_VALUES (sizeof(values) / sizeof(*values))

struct ctx {
	int64_t value, increment;
	int64_t words[AGG_MAX_WORDS];
};

static void aggregate(const struct ir_code *code, struct ctx *c)
{
	struct trial t = {.ctx = (uint8_t *)c, .ctx_bytes = sizeof(*c)};

	run(&t, code);
	if (t.wrong)
		fail_msg("the code %s", t.wrong);
}

/* The program loads value and increment from its context and aggregates into the words there. */
static struct ir_code compile(struct arena *a, const struct agg_func *f, const int64_t *params,
			      int nparams, bool with_increment)
{
	struct ir *ir = ir_new(a);
	int ctx = ir_reg(ir), base = ir_reg(ir), value = -1, increment = -1;
	struct ir_code code;
	const char *why = NULL;

	ir_ctx(ir, ctx);
	if (f->nvalues)
		ir_load(ir, value = ir_reg(ir), ctx, offsetof(struct ctx, value), 8);
	if (with_increment)
		ir_load(ir, increment = ir_reg(ir), ctx, offsetof(struct ctx, increment), 8);
	ir_alui(ir, IR_ADD, base, ctx, offsetof(struct ctx, words));
	f->code(ir, base, value, increment, params, nparams, true);
	ir_ret(ir, 0);
	if (ir_finish(ir, &code, &why))
		fail_msg("%s: %s", f->name, why);
	return code;
}

static int quantize_bucket(int64_t v)
{
	uint64_t m = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	int bits = 0;

	for (; m; m >>= 1)
		bits++;
	if (bits > 63)
		bits = 63;
	return v < 0 ? 63 - bits : 63 + bits;
}

static int lquantize_bucket(int64_t v, const int64_t *p)
{
	int64_t levels = (p[1] - p[0]) / p[2];

	if (v < p[0])
		return (int)levels + 1;
	for (int64_t i = 0; i < levels; i++)
		if (v < p[0] + (i + 1) * p[2])
			return (int)i;
	return (int)levels;
}

/* Walks the levels one by one. */
static int llquantize_bucket(int64_t v, const int64_t *p)
{
	int64_t value = 1, next, step;
	int bin = 1;
	int64_t order = 0;

	for (; order < p[1]; order++)
		value *= p[0];
	if (v < value)
		return 0;
	next = value * p[0];
	step = next > p[3] ? next / p[3] : 1;
	while (order <= p[2]) {
		if (v < value + step)
			return bin;
		bin++;
		value += step;
		if (value == next) {
			order++;
			if (order <= p[2]) {
				next = value * p[0];
				step = next > p[3] ? next / p[3] : 1;
			}
		}
	}
	return bin;
}

static void check_histogram(const char *name, const int64_t *params, int nparams,
			    int (*bucket)(int64_t, const int64_t *))
{
	struct arena *a = arena_new();
	const struct agg_func *f = agg_find(name);
	struct ir_code plain = compile(a, f, params, nparams, false);
	struct ir_code with_increment = compile(a, f, params, nparams, true);
	uint32_t n = f->nwords(params, nparams);
	static struct ctx c;

	for (size_t i = 0; i < N_VALUES; i++) {
		int want = bucket(values[i], params);

		memset(&c, 0, sizeof(c));
		c.value = values[i];
		c.increment = -7;
		aggregate(&plain, &c);
		aggregate(&plain, &c);
		for (uint32_t w = 0; w < AGG_MAX_WORDS; w++)
			if (c.words[w] != (w < n && (int)w == want ? 2 : 0))
				fail_msg("%s(%lld): word %u is %lld, expected bucket %d", name,
					 (long long)values[i], w, (long long)c.words[w], want);
		aggregate(&with_increment, &c);
		assert_int_equal(c.words[want], -5);
	}
	arena_free(a);
}

static int quantize_reference(int64_t v, const int64_t *params)
{
	(void)params;
	return quantize_bucket(v);
}

static void test_code_histograms(void **state)
{
	static const int64_t l[][3] = {{0, 1500, 100},	{0, 64, 1},  {-100, 100, 10},
				       {-200, -100, 7}, {10, 20, 3}, {0, 1024, 8},
				       {-1000, 1, 1000}};
	static const int64_t ll[][4] = {{10, 0, 6, 20},	   {10, 0, 6, 10},  {2, 0, 16, 4},
					{10, 2, 3, 100},   {10, 0, 17, 10}, {2, 3, 61, 2},
					{100, 0, 2, 1000}, {5, 1, 4, 25}};
	const char *why;

	(void)state;
	check_histogram("quantize", NULL, 0, quantize_reference);
	for (size_t i = 0; i < sizeof(l) / sizeof(*l); i++)
		check_histogram("lquantize", l[i], 3, lquantize_bucket);
	for (size_t i = 0; i < sizeof(ll) / sizeof(*ll); i++) {
		if (!agg_find("llquantize")->check(ll[i], 4, &why))
			fail_msg("llquantize %zu: %s", i, why);
		check_histogram("llquantize", ll[i], 4, llquantize_bucket);
	}
}

/* Aggregates the first n values; *scalar gets what would be printed. */
static int64_t run_scalar(const char *name, size_t first, size_t n, int64_t normal)
{
	struct arena *a = arena_new();
	const struct agg_func *f = agg_find(name);
	struct ir_code code = compile(a, f, NULL, 0, false);
	static struct ctx c, other;
	int64_t result;

	memset(&c, 0, sizeof(c));
	memset(&other, 0, sizeof(other));
	for (size_t i = first; i < first + n; i++) {
		struct ctx *to = i % 2 ? &c : &other;

		to->value = values[i];
		aggregate(&code, to);
		assert_int_not_equal(to->words[0], 0);
	}
	f->merge(c.words, other.words, f->nwords(NULL, 0));
	result = f->scalar(c.words, normal, true);
	arena_free(a);
	return result;
}

static void test_code_scalars(void **state)
{
	(void)state;
	for (size_t first = 0; first < N_VALUES; first += 5) {
		size_t n = N_VALUES - first;
		int64_t min = INT64_MAX, max = INT64_MIN;
		uint64_t sum = 0;

		for (size_t i = first; i < N_VALUES; i++) {
			min = values[i] < min ? values[i] : min;
			max = values[i] > max ? values[i] : max;
			sum += (uint64_t)values[i];
		}
		assert_int_equal(run_scalar("count", first, n, 1), n);
		assert_true(run_scalar("sum", first, n, 1) == (int64_t)sum);
		assert_true(run_scalar("sum", first, n, 3) == (int64_t)sum / 3);
		assert_true(run_scalar("avg", first, n, 1) == (int64_t)sum / (int64_t)n);
		assert_true(run_scalar("min", first, n, 1) == min);
		assert_true(run_scalar("max", first, n, 1) == max);
	}
	assert_true(run_scalar("min", 0, 1, 1) == 0);
	assert_true(run_scalar("max", N_VALUES - 2, 1, 1) == INT64_MIN);
	assert_true(run_scalar("max", 2, 1, 1) == -1);
	assert_true(run_scalar("min", N_VALUES - 4, 1, 1) == INT64_MAX);
}

static void test_code_stddev(void **state)
{
	struct arena *a = arena_new();
	const struct agg_func *f = agg_find("stddev");
	struct ir_code code = compile(a, f, NULL, 0, false);
	unsigned __int128 squares = 0;
	int64_t split[4] = {0};
	static struct ctx c;

	(void)state;
	memset(&c, 0, sizeof(c));
	for (size_t i = 0; i < N_VALUES; i++) {
		uint64_t m = values[i] < 0 ? 0 - (uint64_t)values[i] : (uint64_t)values[i];

		squares += (unsigned __int128)m * m;
		c.value = values[i];
		aggregate(&code, &c);
		assert_true((uint64_t)c.words[2] == (uint64_t)squares);
		assert_true((uint64_t)c.words[3] == (uint64_t)(squares >> 64));
		assert_int_equal(c.words[0], i + 1);
	}
	/* The carry between the halves survives a merge. */
	split[2] = -1;
	f->merge(split, (int64_t[]){1, 1, 1, 0}, 4);
	assert_int_equal(split[2], 0);
	assert_int_equal(split[3], 1);
	/* 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2; in thousands: 2000, normalized 2 */
	assert_int_equal(f->scalar((int64_t[]){8, 40, 232, 0}, 1, true), 2);
	assert_int_equal(f->scalar((int64_t[]){8, -40, 232, 0}, 1, true), 2);
	assert_int_equal(f->scalar((int64_t[]){8, 40000, 232000000, 0}, 1, true), 2000);
	assert_int_equal(f->scalar((int64_t[]){8, 40000, 232000000, 0}, 1000, true), 2);
	assert_int_equal(f->scalar((int64_t[]){0, 0, 0, 0}, 1, true), 0);
	arena_free(a);
}

/* --- parameters, registry --- */

static void refused(const char *name, const int64_t *params, int nparams, const char *part)
{
	const char *why = NULL;

	assert_false(agg_find(name)->check(params, nparams, &why));
	assert_non_null(why);
	if (!strstr(why, part))
		fail_msg("%s: \"%s\" lacks \"%s\"", name, why, part);
}

#define P(...) (const int64_t[]){__VA_ARGS__}, sizeof((int64_t[]){__VA_ARGS__}) / 8

static void test_check(void **state)
{
	const char *why;

	(void)state;
	assert_true(agg_find("lquantize")->check(P(0, 1500, 100), &why));
	assert_true(agg_find("lquantize")->check(P(0, 4094), &why));
	assert_int_equal(agg_find("lquantize")->nwords(P(0, 4094)), AGG_MAX_WORDS);
	refused("lquantize", P(0, 4095), "too many levels");
	refused("lquantize", P(5, 5), "below the high");
	refused("lquantize", P(0, 10, 0), "step");
	refused("lquantize", P(0, 10, -1), "step");
	refused("lquantize", P(0, 10, 11), "too large");
	refused("lquantize", P(0, (int64_t)1 << 31), "32 bits");
	refused("lquantize", P(INT64_MIN, 0), "32 bits");
	refused("lquantize", P(0), "low and a high");
	assert_true(agg_find("llquantize")->check(P(10, 0, 6, 20), &why));
	refused("llquantize", P(1, 0, 6, 20), "factor");
	refused("llquantize", P(10, 6, 6, 20), "magnitude");
	refused("llquantize", P(10, 0, 18, 10), "64 bits");
	refused("llquantize", P(10, 0, 60000, 10), "64 bits");
	refused("llquantize", P(10, 0, 6, 5), "below the factor");
	refused("llquantize", P(10, 0, 6, 25), "multiple");
	refused("llquantize", P(10, 0, 6, 30), "divide");
	refused("llquantize", P(10, -1, 6, 20), "65535");
	refused("llquantize", P(10, 0, 17, 1000), "too many levels");
	refused("llquantize", P(10, 0, 6), "needs");
	refused("count", P(1), "no constant");
}

/* Sorting goes by the scalars first, and by nothing else where the function says so. */
static void order_of_scalars(const struct agg_func *f)
{
	static const int64_t values[] = {0, 1, 2, 3, 7, -1, -3, 1000, -1000};
	enum { N = sizeof(values) / sizeof(*values) };

	if (f->is_histogram)
		return;
	for (int i = 0; i < N * N * N * N; i++) {
		int64_t a[] = {1 + i % N, values[i / N % N], 9, 0};
		int64_t b[] = {1 + i / N / N % N, values[i / N / N / N % N], 9, 0};
		int64_t l = f->scalar(a, 1, true), r = f->scalar(b, 1, true);
		int c = f->compare(a, b, f->nwords(NULL, 0), NULL, 0, true);

		assert_true(f->nwords(NULL, 0) <= 4);
		if (l != r)
			assert_int_equal(c < 0 ? -1 : c > 0, l < r ? -1 : 1);
		else if (f->orders_by_scalar)
			assert_int_equal(c, 0);
	}
}

static void test_registry(void **state)
{
	const char *before = "";
	int n = 0;

	(void)state;
	for (const struct agg_func *f; (f = agg_at(n)); n++) {
		assert_true(strcmp(before, f->name) < 0);
		before = f->name;
		assert_ptr_equal(agg_find(f->name), f);
		assert_true(f->check && f->nwords && f->code && f->merge && f->compare);
		order_of_scalars(f);
		assert_true(f->is_histogram ? f->print && !f->scalar : f->scalar && !f->print);
		assert_true(f->max_args >= f->min_args && f->min_args >= f->nvalues);
	}
	assert_int_equal(n, 9);
	assert_null(agg_at(-1));
	assert_null(agg_find("median"));
}

/* --- drawing and order --- */

static void drawn(const char *name, const int64_t *words, const int64_t *params, int nparams,
		  int64_t normal, const char *want)
{
	struct buf out = {0};

	agg_find(name)->print(words, params, nparams, normal, false, &out);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

static void test_draw_quantize(void **state)
{
	int64_t w[127] = {0};

	(void)state;
	drawn("quantize", w, NULL, 0, 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "              -1 |                                         0        \n"
	      "               0 |                                         0        \n"
	      "               1 |                                         0        \n");
	w[126] = 1234;
	drawn("quantize", w, NULL, 0, 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "2305843009213693952 |                                         0        \n"
	      "4611686018427387904 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1234     \n");
	w[126] = 0;
	w[63] = 1;
	w[64] = 3;
	w[62] = 4;
	drawn("quantize", w, NULL, 0, 2,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "              -2 |                                         0        \n"
	      "              -1 |@@@@@@@@@@@@@@@@@@@@                     2        \n"
	      "               0 |@@@@@                                    0        \n"
	      "               1 |@@@@@@@@@@@@@@@                          1        \n"
	      "               2 |                                         0        \n");
}

static void test_draw_lquantize(void **state)
{
	/* Levels 0, 100, ... 1400, then above, then below. */
	int64_t w[17] = {479, 61};

	(void)state;
	drawn("lquantize", w, P(0, 1500, 100), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "             < 0 |                                         0        \n"
	      "               0 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@      479      \n"
	      "             100 |@@@@@                                    61       \n"
	      "             200 |                                         0        \n");
	memset(w, 0, sizeof(w));
	w[14] = 1;
	w[15] = 1;
	drawn("lquantize", w, P(0, 1500, 100), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "            1300 |                                         0        \n"
	      "            1400 |@@@@@@@@@@@@@@@@@@@@                     1        \n"
	      "         >= 1500 |@@@@@@@@@@@@@@@@@@@@                     1        \n");
	w[14] = -1;
	w[15] = -3;
	w[16] = 0;
	drawn("lquantize", w, P(0, 1500, 100), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "            1300                                         | 0        \n"
	      "            1400                               @@@@@@@@@@| -1       \n"
	      "         >= 1500           @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@| -3       \n");
	w[14] = 1;
	w[15] = -1;
	drawn("lquantize", w, P(0, 1500, 100), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "            1300                     |                     0        \n"
	      "            1400                     |@@@@@@@@@@           1        \n"
	      "         >= 1500           @@@@@@@@@@|                     -1       \n");
	memset(w, 0, sizeof(w));
	drawn("lquantize", w, P(0, 1500, 100), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "             < 0 |                                         0        \n"
	      "               0 |                                         0        \n"
	      "             100 |                                         0        \n");
}

static void test_draw_llquantize(void **state)
{
	int64_t w[64] = {0};

	(void)state;
	/* 10, 0, 1, 20: 1 to 9 one by one, then 10, 15, ... 95, then above */
	assert_int_equal(agg_find("llquantize")->nwords(P(10, 0, 1, 20)), 1 + 9 + 18 + 1);
	w[9] = w[10] = 1;
	w[0] = 1;
	drawn("llquantize", w, P(10, 8, 9, 10), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "     < 100000000 |@@@@@@@@@@@@@                            1        \n"
	      "       100000000 |                                         0        \n"
	      "       200000000 |                                         0        \n"
	      "       300000000 |                                         0        \n"
	      "       400000000 |                                         0        \n"
	      "       500000000 |                                         0        \n"
	      "       600000000 |                                         0        \n"
	      "       700000000 |                                         0        \n"
	      "       800000000 |                                         0        \n"
	      "       900000000 |@@@@@@@@@@@@@                            1        \n"
	      "      1000000000 |@@@@@@@@@@@@@                            1        \n"
	      "      2000000000 |                                         0        \n");
}

static void test_draw_llquantize_edges(void **state)
{
	int64_t w[29] = {0};

	(void)state;
	w[8] = 1;
	w[10] = 1;
	drawn("llquantize", w, P(10, 0, 1, 20), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "               7 |                                         0        \n"
	      "               8 |@@@@@@@@@@@@@@@@@@@@                     1        \n"
	      "               9 |                                         0        \n"
	      "              10 |@@@@@@@@@@@@@@@@@@@@                     1        \n"
	      "              15 |                                         0        \n");
	w[8] = w[10] = 0;
	w[28] = 2;
	drawn("llquantize", w, P(10, 0, 1, 20), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "              95 |                                         0        \n"
	      "          >= 100 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 2        \n");
	w[28] = 0;
	drawn("llquantize", w, P(10, 0, 1, 20), 1,
	      "\n           value  ------------- Distribution ------------- count    \n"
	      "             < 1 |                                         0        \n"
	      "               1 |                                         0        \n");
}

static int order(const char *name, const int64_t *a, const int64_t *b, const int64_t *params,
		 int nparams)
{
	const struct agg_func *f = agg_find(name);
	int c = f->compare(a, b, f->nwords(params, nparams), params, nparams, true);

	assert_int_equal(c, -f->compare(b, a, f->nwords(params, nparams), params, nparams, true));
	return c;
}

static void test_order(void **state)
{
	int64_t a[127] = {0}, b[127] = {0};

	(void)state;
	assert_int_equal(order("count", (int64_t[]){1}, (int64_t[]){2}, NULL, 0), -1);
	assert_int_equal(order("sum", (int64_t[]){1, -5}, (int64_t[]){1, 5}, NULL, 0), -1);
	assert_int_equal(order("sum", (int64_t[]){1, 5}, (int64_t[]){9, 5}, NULL, 0), 0);
	assert_int_equal(order("avg", (int64_t[]){2, 1}, (int64_t[]){3, 2}, NULL, 0), -1);
	/* By the sum of bucket values; equal ones by the zeros. */
	a[64] = 3;
	b[65] = 2;
	assert_int_equal(order("quantize", a, b, NULL, 0), -1);
	a[64] = 4;
	assert_int_equal(order("quantize", a, b, NULL, 0), 0);
	a[63] = 1;
	assert_int_equal(order("quantize", a, b, NULL, 0), 1);
	memset(a, 0, sizeof(a));
	memset(b, 0, sizeof(b));
	a[11] = 1; /* below */
	b[10] = 1; /* above */
	assert_int_equal(order("lquantize", a, b, P(0, 100, 10)), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_code_histograms),
		cmocka_unit_test(test_code_scalars),
		cmocka_unit_test(test_code_stddev),
		cmocka_unit_test(test_draw_quantize),
		cmocka_unit_test(test_draw_lquantize),
		cmocka_unit_test(test_draw_llquantize),
		cmocka_unit_test(test_draw_llquantize_edges),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
