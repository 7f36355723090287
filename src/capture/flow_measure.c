/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an end has sent again, and how long its segments take: as an observer can
 * know it.
 *
 * A segment below the highest byte sent is, in this order,
 *	a keep-alive	one byte or none, the last one that was acknowledged
 *	sent again	its bytes were seen before, or were acknowledged
 *	out of order	its bytes were missing, and it comes no later than a round
 *			trip (3 ms, as long as none is known) behind those that
 *			overtook it
 *	sent again	else: the first one was lost in front of the observer
 */
#include "capture/flow_impl.h"

#define REORDERING_US 3000u
#define RTO_MIN_US 200000u /* as Linux has it; RFC 6298 asks for 1 s */
#define RTO_FIRST_US 1000000u

/* Of window probes and keep-alives the sequence number lies one behind what comes next. */
static bool is_keep_alive(const struct end *from, const struct parsed *p)
{
	return !(p->flags & (TH_SYN | TH_FIN | TH_RST)) && p->payload <= 1 &&
	       p->seq == from->nxt - 1 && from->una == from->nxt;
}

static bool in_hole(const struct end *e, const struct parsed *p)
{
	return (e->flags & END_HOLE) && !before(p->seq, e->hole_start) &&
	       !before(e->hole_end, p->end);
}

bool flow_is_retransmission(const struct end *from, const struct end *to, const struct parsed *p)
{
	uint32_t round_trip = from->minrtt ? from->minrtt : to->minrtt;

	if (p->end == p->seq || !(from->flags & END_SPOKE) || !before(p->seq, from->nxt))
		return false;
	if (is_keep_alive(from, p))
		return false;
	if (!in_hole(from, p) || !before(from->una, p->end))
		return true;
	return p->us - from->nxt_us >= (round_trip ? round_trip : REORDERING_US);
}

/* Between what was sent and this segment bytes are missing. */
static void open_hole(struct end *e, const struct parsed *p)
{
	if (!(e->flags & END_HOLE))
		e->hole_start = e->nxt;
	e->hole_end = p->seq;
	e->flags |= END_HOLE;
}

static void fill_hole(struct end *e, const struct parsed *p)
{
	if (!before(e->hole_start, p->seq) && before(e->hole_start, p->end))
		e->hole_start = p->end;
	if (!before(e->hole_start, e->hole_end))
		e->flags &= ~END_HOLE;
}

void flow_note_sent(struct end *from, const struct parsed *p, bool retransmission)
{
	if (!(from->flags & END_SPOKE)) {
		from->flags |= END_SPOKE;
		from->iss = from->una = from->nxt = p->seq;
	}
	if (p->end == p->seq)
		return;
	if (retransmission) {
		from->retrans++;
		from->resent = p->end;
		from->flags &= ~END_TIMED; /* Karn: nobody can tell which one is acknowledged */
	}
	if (from->flags & END_HOLE)
		fill_hole(from, p);
	if (!before(from->nxt, p->end))
		return;
	if (before(from->nxt, p->seq))
		open_hole(from, p);
	from->nxt = p->end;
	from->nxt_us = p->us;
	if (!(from->flags & END_TIMED) && !retransmission) {
		from->flags |= END_TIMED;
		from->sample_seq = p->end;
		from->sample_us = p->us;
	}
}

/* RFC 6298, section 2. */
static void take_sample(struct end *e, uint32_t us)
{
	uint32_t off = us > e->srtt ? us - e->srtt : e->srtt - us;

	us = us ? us : 1;
	if (!e->srtt) {
		e->srtt = us;
		e->rttvar = us / 2;
	} else {
		e->rttvar = e->rttvar - e->rttvar / 4 + off / 4;
		e->srtt = e->srtt - e->srtt / 8 + us / 8;
	}
	e->rtt = us;
	if (!e->minrtt || us < e->minrtt)
		e->minrtt = us;
}

static void acknowledge(struct end *to, const struct parsed *p, uint64_t *gaps)
{
	if (before(p->ack, to->una) || before(to->nxt, p->ack))
		return;
	to->una = p->ack;
	if ((to->flags & END_TIMED) && !before(p->ack, to->sample_seq)) {
		take_sample(to, p->us - to->sample_us);
		to->flags &= ~END_TIMED;
	}
	/* What was not seen has come all the same. */
	if ((to->flags & END_HOLE) && !before(p->ack, to->hole_end)) {
		to->flags &= ~END_HOLE;
		++*gaps;
	} else if ((to->flags & END_HOLE) && before(to->hole_start, p->ack))
		to->hole_start = p->ack;
}

void flow_note_received(struct end *to, const struct end *from, const struct parsed *p,
			uint64_t *gaps)
{
	if (p->has_stamp && !before(from->nxt, p->seq))
		to->ts_recent = p->stamp;
	if (!(p->flags & TH_ACK))
		return;
	if (!(to->flags & END_SPOKE)) {
		to->flags |= END_SPOKE;
		to->iss = to->una = to->nxt = p->ack;
	}
	acknowledge(to, p, gaps);
	to->wl1 = p->seq;
	if (p->sack && before(to->una, p->sack) && !before(to->nxt, p->sack))
		to->sack = p->sack;
}

static uint32_t rto_of(const struct end *e)
{
	uint32_t rto = e->srtt + 4 * e->rttvar;

	if (!e->srtt)
		return RTO_FIRST_US;
	return rto < RTO_MIN_US ? RTO_MIN_US : rto;
}

/* What its segments may carry: the smaller of both offers, without room for time stamps. */
static uint32_t mss_of(const struct end *e, const struct end *peer)
{
	uint32_t mss = peer->mss && (!e->mss || peer->mss < e->mss) ? peer->mss : e->mss;

	return mss > 12 && (e->flags & peer->flags & END_STAMPS) ? mss - 12 : mss;
}

static uint32_t expected_next(const struct end *peer)
{
	return peer->flags & END_HOLE ? peer->hole_start : peer->nxt;
}

/* Whether both SYNs offered scaling; where they were not seen, as they are. */
static int scale_of(const struct end *e, const struct end *peer)
{
	return e->scale != NO_SCALE && peer->scale != NO_SCALE ? e->scale : 0;
}

void flow_show(const struct end *e, const struct end *peer, struct captured_end *out)
{
	uint32_t mss = mss_of(e, peer), out_bytes = e->nxt - e->una;

	*out = (struct captured_end){
		.state = e->state,
		.active = !!(e->flags & END_ACTIVE),
		.iss = e->flags & END_SYN ? e->iss : 0,
		.irs = peer->flags & END_SYN ? peer->iss : 0,
		.suna = e->una,
		.snxt = e->nxt,
		.smax = e->nxt,
		.rnxt = expected_next(peer),
		.rack = peer->una,
		.swnd = peer->wnd,
		.rwnd = e->wnd,
		.swl1 = e->wl1,
		.swl2 = e->una,
		.snd_ws = scale_of(peer, e),
		.rcv_ws = scale_of(e, peer),
		.mss = mss,
		.ts_recent = e->ts_recent,
		.srtt_us = e->srtt,
		.rtt_us = e->rtt,
		.rttvar_us = e->rttvar,
		.rto_us = rto_of(e),
		.minrtt_us = e->minrtt,
		.total_retrans = e->retrans,
		.inflight = mss ? (out_bytes + mss - 1) / mss : !!out_bytes,
		.sack_fack = before(e->una, e->sack) && e->sack ? e->sack : e->una,
		.sack_snxt = before(e->una, e->resent) && e->resent ? e->resent : e->una,
	};
}
