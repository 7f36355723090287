/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The states of both ends, RFC 9293, section 3.3.2 and 3.10, from what is seen: a
 * change that a process asks for (connect, close) shows with the segment that it
 * sends, one that a segment causes when the segment comes.
 */
#include "capture/flow_impl.h"

static struct end *sender(const struct telling *t)
{
	return &t->flow->end[t->from];
}

static struct end *receiver(const struct telling *t)
{
	return &t->flow->end[!t->from];
}

void flow_tell(struct telling *t, enum captured_kind kind, int end, int last)
{
	const struct end *e = &t->flow->end[end], *peer = &t->flow->end[!end];
	struct captured_end shown;

	if (!t->s->traced[end != t->from])
		return;
	flow_show(e, peer, &shown);
	shown.last = last;
	shown.retransmit = t->retransmission && end == t->from;
	t->fn(t->arg, &(struct flow_told){kind, end != t->from, t->flow->id, &shown});
}

static void change(struct telling *t, int end, enum state to)
{
	struct end *e = &t->flow->end[end];
	enum state last = e->state;

	e->state = to;
	flow_tell(t, CAPTURED_TCP_STATE_CHANGE, end, last);
}

/* --- the sender --- */

static void sending_syn(struct telling *t, const struct parsed *p)
{
	struct end *from = sender(t);

	if (p->flags & TH_ACK) {
		if (from->state == LISTEN)
			change(t, t->from, SYN_RECEIVED);
	} else if (from->state == CLOSED) {
		from->flags |= END_ACTIVE;
		change(t, t->from, SYN_SENT);
		flow_tell(t, CAPTURED_TCP_CONNECT_REQUEST, t->from, 0);
	}
}

static void sending_fin(struct telling *t)
{
	enum state state = sender(t)->state;

	if (state == ESTABLISHED || state == SYN_RECEIVED)
		change(t, t->from, FIN_WAIT_1);
	else if (state == CLOSE_WAIT)
		change(t, t->from, LAST_ACK);
}

/* A listener has no connection to lose; who waits for an answer to its SYN goes on waiting. */
static void sending_reset(struct telling *t)
{
	struct end *from = sender(t);

	if (from->state == LISTEN)
		from->state = CLOSED;
	else if (from->state != CLOSED && from->state != SYN_SENT && from->state != TIME_WAIT)
		change(t, t->from, CLOSED);
}

void flow_sending(struct telling *t, const struct parsed *p)
{
	if (p->flags & TH_RST)
		sending_reset(t);
	else if (p->flags & TH_SYN)
		sending_syn(t, p);
	else if (p->flags & TH_FIN)
		sending_fin(t);
}

/* --- the receiver --- */

static void received_reset(struct telling *t, const struct parsed *p)
{
	struct end *to = receiver(t), *from = sender(t);
	int end = !t->from;
	bool answers_syn = to->state == SYN_SENT && (p->flags & TH_ACK) && p->ack == to->nxt;

	if (answers_syn) {
		change(t, end, CLOSED);
		flow_tell(t, CAPTURED_TCP_CONNECT_REFUSED, end, 0);
	} else if (to->state != CLOSED && to->state != LISTEN && to->state != SYN_SENT &&
		   to->state != TIME_WAIT) {
		/* RFC 5961: the number expected next, or one in the window */
		if (p->seq - from->una <= (to->wnd ? to->wnd : 65535) || p->seq == from->nxt)
			change(t, end, CLOSED);
	}
}

/* In SYN_SENT. */
static void received_answer(struct telling *t, const struct parsed *p)
{
	struct end *to = receiver(t);

	if (!(p->flags & TH_SYN))
		return;
	if (!(p->flags & TH_ACK)) {
		change(t, !t->from, SYN_RECEIVED); /* both ends have opened */
	} else if (p->ack == to->nxt) {
		change(t, !t->from, ESTABLISHED);
		flow_tell(t, CAPTURED_TCP_CONNECT_ESTABLISHED, !t->from, 0);
	}
}

/* The other end has all that this one has sent, its FIN too. */
static void received_last_ack(struct telling *t)
{
	struct end *to = receiver(t);

	if (to->state == FIN_WAIT_1)
		change(t, !t->from, FIN_WAIT_2);
	else if (to->state == CLOSING)
		change(t, !t->from, TIME_WAIT);
	else if (to->state == LAST_ACK)
		change(t, !t->from, CLOSED);
}

static void received_fin(struct telling *t)
{
	struct end *to = receiver(t);

	if (to->state == ESTABLISHED || to->state == SYN_RECEIVED)
		change(t, !t->from, CLOSE_WAIT);
	else if (to->state == FIN_WAIT_1)
		change(t, !t->from, CLOSING);
	else if (to->state == FIN_WAIT_2)
		change(t, !t->from, TIME_WAIT);
}

static void received_ack(struct telling *t, const struct parsed *p)
{
	struct end *to = receiver(t);

	if (to->state == SYN_RECEIVED && p->ack == to->nxt) {
		change(t, !t->from, ESTABLISHED);
		flow_tell(t,
			  to->flags & END_ACTIVE ? CAPTURED_TCP_CONNECT_ESTABLISHED
						 : CAPTURED_TCP_ACCEPT_ESTABLISHED,
			  !t->from, 0);
	}
	if ((to->flags & END_FIN) && p->ack == to->nxt)
		received_last_ack(t);
}

void flow_received(struct telling *t, const struct parsed *p)
{
	struct end *to = receiver(t), *from = sender(t);

	if (p->flags & TH_RST) {
		received_reset(t, p);
		return;
	}
	if (to->state == SYN_SENT) {
		received_answer(t, p);
		return;
	}
	if (p->flags & TH_ACK)
		received_ack(t, p);
	/* its FIN counts when all before it has come */
	if ((from->flags & END_FIN) && !(from->flags & END_HOLE))
		received_fin(t);
}
