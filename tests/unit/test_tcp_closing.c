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
#include "../../src/routines/tcp_fin_wait.c"
#include "../../src/routines/tcp_refused.c"

/* Kernel's numbers of the states in which a full socket can end. */
enum { ESTABLISHED = 1, SYN_RECV = 3, FIN_WAIT1 = 4, CLOSE_WAIT = 8, LAST_ACK, LISTEN };

static void ends_of_a_close(void **state)
{
	(void)state;
	/* the FIN came while the socket was there, or both ends closed at once */
	assert_int_equal(tcp_closing(FIN_WAIT2, TCP_END_DONE | TCP_END_SYN_SENT),
			 TCP_END_TIME_WAIT);
	assert_int_equal(tcp_closing(CLOSING, TCP_END_SYN_SENT), TCP_END_TIME_WAIT);
	/* it did not: the connection waits without a socket, unless TCP_LINGER2 forbids */
	assert_int_equal(tcp_closing(FIN_WAIT2, TCP_END_SYN_SENT), TCP_END_FIN_WAIT2);
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
	assert_int_equal(tcp_closing(SYN_SENT, TCP_END_SYN_SENT), TCP_END_CLOSED);
	assert_int_equal(tcp_closing(SYN_SENT, TCP_END_SYN_SENT | TCP_END_ERROR), TCP_END_CLOSED);
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

/* A connection in FIN_WAIT_2 that expects nxt and takes 1000 bytes. */
static uint64_t waits(uint32_t nxt, uint32_t seq, uint32_t length, uint64_t flags)
{
	uint32_t end = seq + length + !!(flags & FIN) + !!(flags & SYN);

	return tcp_fin_wait(nxt, 1000, seq, end, flags);
}

static void segments_in_fin_wait_2(void **state)
{
	static const uint32_t nxts[] = {1000, 0, 0xffffffff, 0x7fffffff};

	(void)state;
	for (size_t i = 0; i < sizeof(nxts) / sizeof(*nxts); i++) {
		uint32_t nxt = nxts[i];

		assert_int_equal(waits(nxt, nxt, 0, FIN | ACK), TCP_END_TIME_WAIT);
		/* a FIN that is not next, or comes with data that nobody reads */
		assert_int_equal(waits(nxt, nxt + 1, 0, FIN | ACK), TCP_END_CLOSED);
		assert_int_equal(waits(nxt, nxt, 10, FIN | ACK), TCP_END_CLOSED);
		assert_int_equal(waits(nxt, nxt, 10, ACK), TCP_END_CLOSED);
		/* resets count in the window alone */
		assert_int_equal(waits(nxt, nxt, 0, RST), TCP_END_CLOSED);
		assert_int_equal(waits(nxt, nxt + 1000, 0, RST), TCP_END_CLOSED);
		assert_int_equal(waits(nxt, nxt + 1001, 0, RST), TCP_END_FIN_WAIT2);
		assert_int_equal(waits(nxt, nxt - 1, 0, RST), TCP_END_FIN_WAIT2);
		assert_int_equal(waits(nxt, nxt, 0, SYN), TCP_END_CLOSED);
		/* acknowledgements, keepalives, what was received before */
		assert_int_equal(waits(nxt, nxt, 0, ACK), TCP_END_FIN_WAIT2);
		assert_int_equal(waits(nxt, nxt - 1, 0, ACK), TCP_END_FIN_WAIT2);
		assert_int_equal(waits(nxt, nxt - 10, 10, ACK), TCP_END_FIN_WAIT2);
		assert_int_equal(waits(nxt, nxt + 5000, 10, ACK), TCP_END_FIN_WAIT2);
		/* a FIN that does not acknowledge */
		assert_int_equal(waits(nxt, nxt, 0, FIN), TCP_END_FIN_WAIT2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_of_a_close),	  cmocka_unit_test(resets_close),
		cmocka_unit_test(failed_opens),		  cmocka_unit_test(refusals),
		cmocka_unit_test(segments_in_fin_wait_2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
