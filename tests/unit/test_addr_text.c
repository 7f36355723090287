/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The support routine addr_text(), compiled for this machine, against
 * inet_ntop(), with which user space prints addresses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#include "routines/addr_text.c"

static void expect_text(const uint8_t addr[16], int family)
{
	uint64_t to[ROOM / 8], word[2];
	char expected[TEXT] = {0};

	memset(to, 0xa5, sizeof(to));
	memcpy(word, addr, sizeof(word));
	assert_non_null(
		inet_ntop(family == 4 ? AF_INET : AF_INET6, addr, expected, sizeof(expected)));
	addr_text(to, word[0], word[1], family);
	assert_string_equal((char *)to, expected);
	memset(expected + strlen(expected), 0, sizeof(expected) - strlen(expected));
	assert_memory_equal(to, expected, sizeof(expected));
}

static void test_known(void **state)
{
	/* clang-format off */
	static const char *const texts[] = {
		"::", "::1", "1::", "::2:3:4:5:6:7:8", "1:0:3:4:5:6:7:8", "1:2:3:4:5:6:7:0", "1:2:3:4:5:6::",
		"1::4:0:0:7:8", "1:0:0:4::8", "0:0:1::", "0:1:0:1:0:1:0:1", "1:0:1:0:1:0:1:0", "::1:0:0:0",
		"fe80::aBcD:0fe0:a09:90", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::a",
		"1000:200:30:4:f000:e00:d0:c",
		/* IPv4 in IPv6, and what looks like it */
		"::ffff:0.0.0.0", "::ffff:255.255.255.255", "::ffff:10.0.200.9", "::1.2.3.4", "::0.1.0.0",
		"::1:2:3", "::fffe:1.2.3.4", "::ffff:0:1.2.3.4", "64:ff9b::1.2.3.4", "0:0:0:0:0:ffff:1:0",
		"0:0:0:0:1:ffff:1:1", "::1:ffff:102:304", "::ffff:ffff:0:0",
	};
	/* clang-format on */
	uint8_t addr[16];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(inet_pton(AF_INET6, texts[i], addr), 1);
		expect_text(addr, 6);
	}
}

/* Which groups are zero, with each pair of values for the others. */
static void test_runs(void **state)
{
	static const uint16_t values[] = {1, 0xf, 0x10, 0xab, 0x100, 0x9a0, 0x1000, 0xa09f, 0xffff};
	uint8_t addr[16];

	(void)state;
	for (unsigned zero = 0; zero < 256; zero++)
		for (unsigned v = 0; v < 81; v++) {
			for (int i = 0; i < 8; i++) {
				uint16_t group = zero >> i & 1 ? 0 : values[i == 5 ? v / 9 : v % 9];

				addr[2 * i] = group >> 8;
				addr[2 * i + 1] = group & 0xff;
			}
			expect_text(addr, 6);
		}
}

static void test_octets(void **state)
{
	uint8_t addr[16] = {0};

	(void)state;
	for (unsigned octet = 0; octet < 256; octet++)
		for (int i = 0; i < 4; i++) {
			for (int k = 0; k < 4; k++)
				addr[k] = k == i ? octet : i * 85u;
			expect_text(addr, 4);
		}
}

static uint64_t random_bits(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* What lies behind the four bytes of an IPv4 address is noise. */
static void test_random(void **state)
{
	uint64_t seed = 0x2545f4914f6cdd1d;
	uint8_t addr[16];

	(void)state;
	for (int n = 0; n < 200000; n++) {
		uint64_t words[2] = {random_bits(&seed), random_bits(&seed)},
			 bits = random_bits(&seed);

		memcpy(addr, words, sizeof(addr));
		for (int i = 0; i < 16; i++)
			if (bits >> i & 1)
				addr[i] &= bits >> (16 + 2 * i) & 1 ? 0x0f : 0;
		expect_text(addr, n % 4 ? 6 : 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
