/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routines that tell how connections end and what refuses them, run as
 * native code against RFC 9293.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/routines/tcp_closing.c"
#include "../../src/routines/tcp_refused.c"

/* Kernel's numbers of the states in which a full socket can end. */
enum { ESTABLISHED = 1, SYN_RECV = 3, FIN_WAIT1 = 4, CLOSE_WAIT = 8, LAST_ACK, LISTEN };

static void ends_of_a_close(void **state)
{
	(void)state;
	/* the FIN came while the socket was there, or both ends closed at once */
	assert_int_equal(tcp_closing(FIN_WAIT2, TCP_END_DONE | TCP_END_HAS_PORT),
			 TCP_END_TIME_WAIT);
	assert_int_equal(tcp_closing(CLOSING, TCP_END_HAS_PORT), TCP_END_TIME_WAIT);
	/* it did not: the connection waits without a socket, unless TCP_LINGER2 forbids */
	assert_int_equal(tcp_closing(FIN_WAIT2, TCP_END_HAS_PORT), TCP_END_FIN_WAIT2);
	assert_int_equal(tcp_closing(FIN_WAIT2, TCP_END_NO_WAIT), TCP_END_CLOSED);
	assert_int_equal(tcp_closing(FIN_WAIT2, TCP_END_NO_WAIT | TCP_END_DONE), TCP_END_TIME_WAIT);
	assert_int_equal(tcp_closing(LAST_ACK, TCP_END_DONE), TCP_END_CLOSED);
	assert_int_equal(tcp_closing(LISTEN, 0), TCP_END_CLOSED);
}

static void resets_close(void **state)
{
	static const int states[] = {ESTABLISHED, SYN_RECV, FIN_WAIT1, FIN_WAIT2,
				     CLOSE_WAIT,  LAST_ACK, CLOSING};

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		for (uint64_t marks = 0; marks < 16; marks++)
			assert_int_equal(tcp_closing(states[i], marks | TCP_END_ERROR),
					 TCP_END_CLOSED);
}

/* connect() that found no port or no route sent no SYN: there was no connection. */
static void failed_opens(void **state)
{
	(void)state;
	assert_int_equal(tcp_closing(SYN_SENT, 0), TCP_END_NOTHING);
	assert_int_equal(tcp_closing(SYN_SENT, TCP_END_ERROR), TCP_END_NOTHING);
	assert_int_equal(tcp_closing(SYN_SENT, TCP_END_HAS_PORT), TCP_END_CLOSED);
	assert_int_equal(tcp_closing(SYN_SENT, TCP_END_HAS_PORT | TCP_END_ERROR), TCP_END_CLOSED);
}

/* SND.UNA < SEG.ACK =< SND.NXT, at the wrap of sequence numbers too. */
static void refusals(void **state)
{
	static const uint32_t isses[] = {0, 1000, 0x7fffffff, 0xfffffffe, 0xffffffff};

	(void)state;
	for (size_t i = 0; i < sizeof(isses) / sizeof(*isses); i++) {
		uint32_t iss = isses[i];

		assert_int_equal(tcp_refused((uint32_t)(iss + 1), iss, (uint32_t)(iss + 1)), 1);
		assert_int_equal(tcp_refused(iss, iss, (uint32_t)(iss + 1)), 0);
		assert_int_equal(tcp_refused((uint32_t)(iss + 2), iss, (uint32_t)(iss + 1)), 0);
		/* Fast Open: the SYN carried 100 bytes */
		assert_int_equal(tcp_refused((uint32_t)(iss + 101), iss, (uint32_t)(iss + 101)), 1);
		assert_int_equal(tcp_refused((uint32_t)(iss + 102), iss, (uint32_t)(iss + 101)), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_of_a_close),
		cmocka_unit_test(resets_close),
		cmocka_unit_test(failed_opens),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
