/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The states of a connection as RFC 9293 has them, told from what Linux shows.
 * Numbers of states are the kernel's (include/net/tcp_states.h).
 */
#pragma once

#include <stdint.h>

enum tcp_end {
	TCP_END_NOTHING = 0,   /* there was no connection: nothing to tell */
	TCP_END_FIN_WAIT2 = 5, /* goes on without its socket until the peer's FIN */
	TCP_END_TIME_WAIT = 6,
	TCP_END_CLOSED = 7,
};

/* What tcp_closing() looks at, each in the low bits of a number. */
#define TCP_END_DONE 1	   /* the peer's FIN has been received (SOCK_DONE) */
#define TCP_END_ERROR 2	   /* the connection ended by a reset or an error (sk_err) */
#define TCP_END_NO_WAIT 4  /* TCP_LINGER2 below 0: a reset instead of FIN_WAIT_2 */
#define TCP_END_SYN_SENT 8 /* something was sent, and not acknowledged: in SYN_SENT the SYN */
