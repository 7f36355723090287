/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a reset refuses our SYN, by what it acknowledges: SND.UNA < SEG.ACK =<
 * SND.NXT, RFC 9293 section 3.10.7.3. It may be here before the sender has moved
 * SND.NXT past the SYN; write_seq is set before that is sent.
 */
#include <stdint.h>

uint64_t tcp_refused(uint64_t ack, uint64_t una, uint64_t write_seq)
{
	uint32_t acknowledged = (uint32_t)ack - (uint32_t)una - 1;

	return acknowledged < (uint32_t)write_seq - (uint32_t)una;
}
