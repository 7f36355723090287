/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux closes the full socket of a connection that enters TIME_WAIT, or that
 * waits in FIN_WAIT_2 after close(): RFC 9293 section 3.6 has other states there.
 * Which one it is: an enum tcp_end.
 */
#include "routines/tcp_closing.h"

#define SYN_SENT 2
#define FIN_WAIT2 5
#define CLOSING 11

uint64_t tcp_closing(uint64_t last, uint64_t marks)
{
	if (last == SYN_SENT) /* connect() failed, perhaps before the SYN */
		return marks & TCP_END_SYN_SENT ? TCP_END_CLOSED : TCP_END_NOTHING;
	if (marks & TCP_END_ERROR)
		return TCP_END_CLOSED;
	if (last == CLOSING)
		return TCP_END_TIME_WAIT;
	if (last != FIN_WAIT2)
		return TCP_END_CLOSED;
	if (marks & TCP_END_DONE)
		return TCP_END_TIME_WAIT;
	return marks & TCP_END_NO_WAIT ? TCP_END_CLOSED : TCP_END_FIN_WAIT2;
}
