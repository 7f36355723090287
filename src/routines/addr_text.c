/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of an address, byte for byte that of inet_ntop(): user space prints
 * addresses with it, and equal strings must be equal.
 *
 * There is hardly a branch in here: the verifier walks every path of every
 * call, and each if in a loop would double their number. Characters are made
 * in a register, the first in the lowest byte, written eight at a time, and
 * only as many counted as there are; the next ones overwrite the rest.
 */
#include <stdint.h>

#define TEXT 48	  /* what the caller reads, all of it written */
#define PLACES 64 /* where a write may begin, for the verifier: a power of two above TEXT */
#define ROOM (PLACES + 8)
#define INLINE static inline __attribute__((always_inline)) /* one function, nothing to link */

struct text {
	char *to;
	uint64_t at;
};

/* The compiler must not know more of a value than the verifier: it drops masks, makes branches. */
#define OPAQUE(x) __asm__ volatile("" : "+r"(x))

#define EACH(byte) ((byte)*0x0101010101010101ull)

INLINE void put(struct text *t, uint64_t chars, uint64_t n)
{
	uint64_t at = t->at;

	OPAQUE(at);
	__builtin_memcpy(t->to + (at & (PLACES - 1)), &chars, sizeof(chars));
	t->at += n;
}

/* 1 if any bit is set, of the lower 63. */
INLINE uint64_t any(uint64_t x)
{
	OPAQUE(x);
	return -x >> 63;
}

INLINE void put_octet(struct text *t, uint64_t x, uint64_t dot)
{
	uint64_t hundreds = x * 41 >> 12, rest = x - hundreds * 100, tens = rest * 103 >> 10;
	uint64_t chars = (hundreds | tens << 8 | (rest - tens * 10) << 16) + EACH('0');
	uint64_t leading = 2 - any(hundreds) - any(hundreds | tens);

	chars = chars >> 8 * leading << 8 * dot | '.' * dot;
	put(t, chars, 3 - leading + dot);
}

/* The digits of a group without leading zeros, if show is 1, behind a colon if that is 1. */
INLINE void put_group(struct text *t, uint64_t x, uint64_t colon, uint64_t show)
{
	uint64_t digits = x >> 12 | (x & 0xf00) | (x & 0xf0) << 12 | (x & 0xf) << 24;
	uint64_t letters = (digits + EACH(6)) >> 4 & EACH(1);
	uint64_t chars = digits + EACH('0') + letters * ('a' - '9' - 1);
	uint64_t leading = 3 - any(x >> 4) - any(x >> 8) - any(x >> 12);

	chars = chars >> 8 * leading << 8 * colon | ':' * colon;
	put(t, chars, show * (4 - leading) + colon);
}

/*
 * The groups that "::" stands for: the longest run of two or more that are
 * zero, the first of such. Bit i is group i.
 */
INLINE uint64_t longest_run(uint64_t high, uint64_t low)
{
	uint64_t zero = 0, runs, longest = 0, length = 1, first;

#pragma clang loop unroll(disable)
	for (uint64_t i = 0; i < 8; i++) {
		zero |= (1 ^ any(high >> 48)) << i;
		high = high << 16 | low >> 48;
		low <<= 16;
	}
	/* runs: where one of length + 1 groups begins */
	runs = zero;
#pragma clang loop unroll(disable)
	for (uint64_t i = 1; i < 8; i++) {
		uint64_t found;

		runs &= zero >> i;
		found = any(runs);
		OPAQUE(found);
		longest ^= (longest ^ runs) & -found;
		length += found;
	}
	first = longest & -longest;
	return (first << length) - first;
}

/* True if IPv4 text follows for the last two groups. */
INLINE uint64_t put_v6(struct text *t, uint64_t high, uint64_t low)
{
	uint64_t run = longest_run(high, low);
	uint64_t mapped = (run ^ 0x1f) | ((low >> 32 & 0xffff) ^ 0xffff), compatible = run ^ 0x3f;
	uint64_t quad = 1 ^ (any(mapped) & any(compatible));
	uint64_t show = ~(run | 0xc0 * quad);
	uint64_t colon = (run & -run) | (~run & 0xfe & ~(quad << 7));

#pragma clang loop unroll(disable)
	for (uint64_t i = 0; i < 8; i++) {
		put_group(t, high >> 48, colon >> i & 1, show >> i & 1);
		high = high << 16 | low >> 48;
		low <<= 16;
	}
	put(t, ':', run >> 7 & 1);
	return quad;
}

/*
 * Writes the text with NULs up to 48 bytes. to has room for 72. first and
 * second are the address in memory order (struct item_addr), family is 4 or 6.
 */
void addr_text(uint64_t *to, uint64_t first, uint64_t second, uint64_t family)
{
	uint64_t high = __builtin_bswap64(first), low = __builtin_bswap64(second),
		 quad = high >> 32;
	struct text t = {(char *)to, 0};

	_Static_assert(ROOM == 72 && TEXT + 8 <= PLACES, "addr_text()'s room");
#pragma clang loop unroll(full)
	for (int i = 0; i < TEXT / 8; i++)
		to[i] = 0;
	if (family != 4) {
		if (!put_v6(&t, high, low))
			goto end;
		quad = low & 0xffffffff;
	}
#pragma clang loop unroll(disable)
	for (uint64_t i = 0; i < 4; i++) {
		put_octet(&t, quad >> 24, any(i));
		quad = quad << 8 & 0xffffffff;
	}
end:
	put(&t, 0, 0);
}
