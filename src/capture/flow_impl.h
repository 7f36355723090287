/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of flows share; nobody else includes this. */
#pragma once

#include <stdbool.h>

#include "capture/flow.h"

/* FreeBSD's numbers, as TCPS_* of dlib/tcp.d. */
enum state {
	CLOSED,
	LISTEN,
	SYN_SENT,
	SYN_RECEIVED,
	ESTABLISHED,
	CLOSE_WAIT,
	FIN_WAIT_1,
	CLOSING,
	LAST_ACK,
	FIN_WAIT_2,
	TIME_WAIT,
};

enum { TH_FIN = 1, TH_SYN = 2, TH_RST = 4, TH_ACK = 16 };

#define NO_SCALE 0xff

enum {
	END_SPOKE = 1,	/* iss (or the first number seen) and nxt are known */
	END_ACTIVE = 2, /* it sent the first SYN */
	END_TIMED = 4,	/* sample_seq and sample_us are a sample under way */
	END_STAMPS = 8, /* its SYN had the time stamp option */
	END_SYN = 32,	/* its SYN was seen: iss is its number */
	END_HOLE = 64,	/* bytes between hole_start and hole_end were not seen */
	END_FIN = 128,	/* its FIN was seen: nxt is the number behind it */
};

/*
 * One end: what it has sent, and what it measures of that. What it has received is
 * what the other end has sent. Numbers in host order; times in us, modulo 2^32.
 */
struct end {
	uint32_t iss;
	uint32_t una; /* acknowledged by the other end */
	uint32_t nxt; /* behind the last byte sent: no byte behind it was */
	uint32_t wnd; /* the window it last told, in bytes */
	uint32_t wl1; /* number of the segment that told the window it may send into */
	uint32_t ts_recent;
	uint32_t srtt, rttvar, rtt, minrtt;
	uint32_t retrans;
	uint32_t sack;	 /* behind the highest byte that the other end has SACKed */
	uint32_t resent; /* behind the last byte sent again */
	uint32_t sample_seq, sample_us;
	uint32_t nxt_us; /* when nxt last moved */
	uint32_t hole_start, hole_end;
	uint16_t mss;  /* what its SYN offers; 0: not seen */
	uint8_t scale; /* of its windows; NO_SCALE: its SYN did not offer it, or was not seen */
	uint8_t state;
	uint8_t flags;
};

struct flow {
	uint8_t address[2][16]; /* of version 4: the first four bytes, then zeros */
	uint16_t port[2];	/* host order */
	uint32_t seen;		/* when, in 10 ms */
	uint32_t id;
	uint32_t next; /* of its bucket, from 1; 0: none */
	struct end end[2];
};

_Static_assert(sizeof(struct flow) <= 216, "memory of a million connections");

/* --- flow_table.c: finds flows by their ends --- */

struct table {
	struct flow **chunks;
	uint32_t nchunks, used, free; /* free: list of flows not in use, by next */
	uint32_t *buckets;
	uint32_t nbuckets; /* a power of two */
	uint32_t sweep;	   /* the bucket that is looked at next for what is over */
	uint32_t live;
};

int table_open(struct table *t);
void table_close(struct table *t);
/* The flow of two ends, made if there is none (then *is_new); *first: which of its ends is the one
 * given first. NULL: no memory. */
struct flow *table_find(struct table *t, const uint8_t *a, uint16_t a_port, const uint8_t *b,
			uint16_t b_port, int size, int *first, bool *is_new);
/* Gives back a few flows that were not seen since a time. */
void table_sweep(struct table *t, uint32_t since);

/* --- flow_parse.c: a segment's numbers and options --- */

struct parsed {
	uint32_t seq, ack, end; /* end: seq and all that counts in the sequence */
	uint16_t window;
	uint8_t flags;
	uint16_t mss;  /* 0: no option */
	uint8_t scale; /* NO_SCALE: no option */
	bool has_stamp;
	uint32_t stamp;
	uint32_t sack; /* highest edge; 0: no option */
	uint32_t payload;
	uint32_t us;
};

void flow_parse(const struct segment *s, struct parsed *p);

static inline bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* --- flow_measure.c: what an end has sent again, and how long its segments take --- */

/* Whether the segment was sent before. */
bool flow_is_retransmission(const struct end *from, const struct end *to, const struct parsed *p);
/* The end has sent it. */
void flow_note_sent(struct end *from, const struct parsed *p, bool retransmission);
/* The end has received it: what was acknowledged. gaps: ++ for bytes that were acknowledged and not
 * seen. */
void flow_note_received(struct end *to, const struct end *from, const struct parsed *p,
			uint64_t *gaps);

/* --- flow_state.c: RFC 9293 --- */

struct telling {
	const struct segment *s;
	struct flow *flow;
	int from; /* the sender's end */
	bool retransmission;
	flow_fn *fn;
	void *arg;
};

void flow_show(const struct end *e, const struct end *peer, struct captured_end *out);
void flow_tell(struct telling *t, enum captured_kind kind, int end, int last);
/* Before and after the segment goes out, and comes in. */
void flow_sending(struct telling *t, const struct parsed *p);
void flow_received(struct telling *t, const struct parsed *p);
