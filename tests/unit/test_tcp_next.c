/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The support routine tcp_next(), compiled for this machine, against a receiver
 * that marks every byte that has come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#include "routines/tcp_next.c"

#define SEGMENTS 400
#define SIZE 10

/* TCP that has all bytes it was given: what it expects, from start on. */
struct receiver {
	uint32_t start;
	bool come[SEGMENTS * SIZE];
	uint32_t next;
};

static void take(struct receiver *r, uint32_t seq, uint32_t end)
{
	for (uint32_t at = seq; at != end; at++)
		r->come[at - r->start] = true;
	while (r->next - r->start < SEGMENTS * SIZE && r->come[r->next - r->start])
		r->next++;
}

/* Segments in an order that has at most `holes` holes at a time, some of them twice. */
static void shuffle(uint32_t *order, int window, unsigned *seed)
{
	for (int i = 0; i < SEGMENTS; i++)
		order[i] = (uint32_t)i;
	for (int i = 0; i + window <= SEGMENTS; i += window)
		for (int k = window - 1; k > 0; k--) {
			int other = rand_r(seed) % (k + 1);
			uint32_t t = order[i + k];

			order[i + k] = order[i + other];
			order[i + other] = t;
		}
}

/* Everything waits: TCP's own rcv_nxt stays where it was all the time. */
static void follow(uint32_t start, int window, unsigned seed)
{
	struct receiver r = {.start = start, .next = start};
	struct tcp_next n = {0};
	uint32_t order[SEGMENTS];

	shuffle(order, window, &seed);
	for (int i = 0; i < SEGMENTS; i++) {
		uint32_t seq = start + order[i] * SIZE, end = seq + SIZE;
		uint64_t got = tcp_next(&n, start, seq, end, 1);

		assert_int_equal((uint32_t)got, r.next);
		take(&r, seq, end);
		if (rand_r(&seed) % 5 == 0) { /* again */
			got = tcp_next(&n, start, seq, end, 1);
			assert_int_equal((uint32_t)got, r.next);
		}
	}
}

static void test_in_order(void **state)
{
	(void)state;
	follow(1000, 1, 1);
	follow(0xffffff00u, 1, 2); /* the numbers begin again on the way */
}

/* A window of w segments has fewer than w / 2 + 1 ranges at a time. */
static void test_reordered(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 500; seed++) {
		follow(1, 2 + (int)(seed % (2 * TCP_NEXT_RANGES - 2)), seed);
		follow(0xfffff000u, 8, seed);
	}
}

/* Pure acknowledgements move nothing; a socket that nobody holds is asked itself. */
static void test_trusts_tcp(void **state)
{
	struct tcp_next n = {0};

	(void)state;
	assert_int_equal(tcp_next(&n, 100, 100, 100, 1), 100);
	assert_int_equal(tcp_next(&n, 100, 100, 110, 1), 100);
	assert_int_equal(tcp_next(&n, 100, 110, 120, 1), 110);
	/* dropped for want of memory: TCP still expects it */
	assert_int_equal(tcp_next(&n, 100, 100, 110, 0), 100);
	assert_int_equal(tcp_next(&n, 110, 110, 120, 0), 110);
}

/* More holes than ranges: nothing worse than an earlier number. */
static void test_too_many_holes(void **state)
{
	struct tcp_next n = {0};
	uint32_t at = 0;

	(void)state;
	for (int i = 1; i <= 2 * TCP_NEXT_RANGES; i++)
		assert_int_equal(tcp_next(&n, 0, i * 20, i * 20 + 10, 1), 0);
	for (int i = 0; i < 2 * TCP_NEXT_RANGES; i++) {
		uint32_t next = (uint32_t)tcp_next(&n, 0, i * 20, i * 20 + 20, 1);

		assert_true(next >= at && next <= (uint32_t)i * 20 + 10);
		at = next;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_reordered),
		cmocka_unit_test(test_trusts_tcp),
		cmocka_unit_test(test_too_many_holes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
