/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/flow.h"

#include <stdlib.h>
#include <string.h>

#include "capture/flow_impl.h"

#define TICK_NS 10000000ull /* of struct flow's seen */

struct flows {
	struct table table;
	uint32_t last_id;
	uint32_t timeout; /* in ticks */
	uint64_t gaps;
};

struct flows *flows_new(uint64_t timeout_ns)
{
	struct flows *f = calloc(1, sizeof(*f));

	if (!f || table_open(&f->table)) {
		free(f);
		return NULL;
	}
	f->timeout = timeout_ns / TICK_NS < INT32_MAX ? timeout_ns / TICK_NS : INT32_MAX;
	return f;
}

void flows_free(struct flows *f)
{
	if (!f)
		return;
	table_close(&f->table);
	free(f);
}

uint64_t flows_gaps(const struct flows *f)
{
	return f->gaps;
}

/* A connection that is seen for the first time with this segment. */
static void begin(struct flows *f, struct flow *flow, int from, const struct parsed *p)
{
	bool opens = (p->flags & TH_SYN) && !(p->flags & TH_RST), answers = p->flags & TH_ACK;
	struct end *sender = &flow->end[from], *receiver = &flow->end[!from];

	memset(flow->end, 0, sizeof(flow->end));
	sender->scale = receiver->scale = NO_SCALE;
	flow->id = ++f->last_id;
	sender->state = receiver->state = ESTABLISHED; /* it was open already */
	if (opens && !answers) {
		sender->state = CLOSED;
		receiver->state = LISTEN;
	} else if (opens) {
		sender->state = LISTEN; /* its request was not seen */
		receiver->state = SYN_SENT;
		receiver->flags |= END_ACTIVE;
	} else if (p->flags & TH_RST) {
		sender->state = CLOSED;
	}
}

/* A SYN with a new number where the old connection is over. */
static bool begins_anew(const struct flow *flow, int from, const struct parsed *p)
{
	const struct end *e = &flow->end[from], *peer = &flow->end[!from];
	bool over = (e->state == CLOSED || e->state == TIME_WAIT) &&
		    (peer->state == CLOSED || peer->state == TIME_WAIT);

	if ((p->flags & (TH_SYN | TH_ACK | TH_RST)) != TH_SYN)
		return false;
	return over || ((e->flags & END_SYN) ? p->seq != e->iss : e->state > SYN_RECEIVED);
}

/* What a segment says of the end that sends it, in force when it goes out. */
static void take_offers(struct end *from, const struct end *to, const struct parsed *p)
{
	bool scaled = from->scale != NO_SCALE && to->scale != NO_SCALE;

	if (p->flags & TH_SYN) {
		from->mss = p->mss;
		from->scale = p->scale;
		from->flags |= p->has_stamp ? END_STAMPS : 0;
		scaled = false; /* RFC 7323, 2.2: that of a SYN never is */
	}
	if (!(p->flags & TH_RST))
		from->wnd = (uint32_t)p->window << (scaled ? from->scale : 0);
}

static void note_syn_and_fin(struct end *from, const struct parsed *p)
{
	if (p->flags & TH_SYN) {
		from->iss = p->seq;
		from->flags |= END_SYN;
	}
	if ((p->flags & TH_FIN) && p->end == from->nxt)
		from->flags |= END_FIN;
}

/* Refused: a reset in answer to the SYN, where nobody listens. */
static bool refuses(const struct flow *flow, int from, const struct parsed *p)
{
	const struct end *to = &flow->end[!from];

	return (p->flags & TH_RST) && flow->end[from].state == LISTEN && to->state == SYN_SENT &&
	       (p->flags & TH_ACK) && p->ack == to->nxt;
}

static void tell(struct flows *f, struct telling *t, const struct parsed *p)
{
	struct end *from = &t->flow->end[t->from], *to = &t->flow->end[!t->from];
	bool refused = refuses(t->flow, t->from, p);

	t->retransmission = flow_is_retransmission(from, to, p);
	take_offers(from, to, p);
	if (p->flags & TH_ACK && !(to->flags & END_SPOKE))
		to->una = p->ack;
	flow_sending(t, p);
	flow_tell(t, CAPTURED_TCP_SEND, t->from, 0);
	if (t->retransmission)
		flow_tell(t, CAPTURED_TCP_RETRANSMIT, t->from, 0);
	if (refused)
		flow_tell(t, CAPTURED_TCP_ACCEPT_REFUSED, t->from, 0);
	flow_tell(t, CAPTURED_TCP_RECEIVE, !t->from, 0);
	if (!(p->flags & TH_RST)) {
		flow_note_sent(from, p, t->retransmission);
		note_syn_and_fin(from, p);
		flow_note_received(to, from, p, &f->gaps);
	}
	flow_received(t, p);
}

bool flows_segment(struct flows *f, const struct segment *s, flow_fn *fn, void *arg)
{
	uint16_t source = s->tcp[0] << 8 | s->tcp[1], destination = s->tcp[2] << 8 | s->tcp[3];
	uint32_t now = (uint32_t)(s->time / TICK_NS);
	struct telling t = {.s = s, .fn = fn, .arg = arg};
	struct parsed p;
	bool is_new;

	table_sweep(&f->table, now - f->timeout);
	flow_parse(s, &p);
	t.flow = table_find(&f->table, s->source, source, s->destination, destination,
			    s->version == 4 ? 4 : 16, &t.from, &is_new);
	if (!t.flow)
		return false;
	if (is_new || now - t.flow->seen > f->timeout || begins_anew(t.flow, t.from, &p))
		begin(f, t.flow, t.from, &p);
	t.flow->seen = now;
	tell(f, &t, &p);
	return true;
}
