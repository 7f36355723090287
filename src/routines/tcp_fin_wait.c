/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a segment does to a connection that waits in FIN_WAIT_2 without its
 * socket, RFC 9293 section 3.10.7.4; data are answered with a reset, as section
 * 3.6.1 has it where nobody is there to read them.  Linux decides by the same
 * rules (tcp_timewait_state_process()), after old timestamps (RFC 7323), which are not
 * looked at here.
 */
#include "routines/tcp_closing.h"

#define FIN 1
#define SYN 2
#define RST 4
#define ACK 16

#define INLINE static inline __attribute__((always_inline))

/* a lies behind b in sequence space */
INLINE uint64_t after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

INLINE uint64_t acceptable(uint32_t nxt, uint32_t wnd, uint32_t seq, uint32_t end)
{
	if (seq == nxt)
		return 1;
	if (after(end, nxt) && after(nxt + wnd, seq))
		return 1;
	return seq == nxt + wnd && seq == end;
}

/* The segment is [seq, end), its SYN and FIN counted: an enum tcp_end, FIN_WAIT2 if it stays. */
uint64_t tcp_fin_wait(uint64_t nxt, uint64_t wnd, uint64_t seq, uint64_t end, uint64_t flags)
{
	if (!acceptable((uint32_t)nxt, (uint32_t)wnd, (uint32_t)seq, (uint32_t)end))
		return TCP_END_FIN_WAIT2;
	if (flags & RST)
		return TCP_END_CLOSED;
	if ((flags & SYN) && !after((uint32_t)nxt, (uint32_t)seq))
		return TCP_END_CLOSED;
	if (!(flags & ACK) || !after((uint32_t)end, (uint32_t)nxt) ||
	    (uint32_t)end == (uint32_t)seq)
		return TCP_END_FIN_WAIT2;
	if ((flags & FIN) && (uint32_t)end == (uint32_t)nxt + 1)
		return TCP_END_TIME_WAIT;
	return TCP_END_CLOSED;
}
