/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From packet to firing: a packet is told to the probes of ip, then to those of
 * its protocol, at the sender's end and at the receiver's, as the view has it.
 */
#include "replay/feed.h"

#include <errno.h>
#include <stdlib.h>

#include "capture/flow.h"
#include "capture/view.h"

#define BYTES_MAX (1u << 18) /* of a packet that programs can read */
#define TURN 4096	     /* packets, until others have something to do */

enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

struct feed {
	struct capture *capture;
	struct view *view;
	struct flows *flows;
	int programs[CAPTURED_KINDS]; /* -1: the script has not the probe */
	struct captured *context;
	uint8_t *bytes;
	uint32_t shown; /* so many of them programs may read */
	uint64_t now;
	uint64_t forgotten;  /* segments whose connections there was no memory for */
	struct arena *arena; /* of what is said at the end */
	struct capture_frame next;
	enum capture_state state; /* of next */
	bool at_once;
	/* Of the packet at hand: */
	struct replay *replay;
	struct wire_packet packet;
};

uint64_t feed_room(void)
{
	return memory_room(sizeof(struct captured)) + memory_room(BYTES_MAX) + 64;
}

static int take_memory(struct feed *f, struct memory *m)
{
	f->context = (struct captured *)memory_take(m, sizeof(*f->context), 8);
	f->bytes = memory_take(m, BYTES_MAX, 8);
	if (!f->context || !f->bytes)
		return -ENOMEM;
	memory_allow(m, f->context, sizeof(*f->context));
	return 0;
}

static void find_programs(struct feed *f, const struct program *p)
{
	for (int i = 0; i < CAPTURED_KINDS; i++)
		f->programs[i] = -1;
	for (int i = 0; i < p->nprograms; i++)
		if (p->programs[i].hook->attach == ATTACH_CAPTURE)
			f->programs[p->programs[i].hook->number] = i;
}

/* Whether a record changes or prints aggregations: they must have what came before it, and no more.
 */
static bool uses_aggregations(const struct program *p)
{
	for (int i = 0; i < p->nenablings; i++)
		for (int k = 0; k < p->enablings[i].nactions; k++)
			if (p->enablings[i].actions[k].naggs)
				return true;
	return false;
}

static bool traces_tcp(const struct feed *f)
{
	for (int i = CAPTURED_TCP_SEND; i < CAPTURED_KINDS; i++)
		if (f->programs[i] >= 0)
			return true;
	return false;
}

static void advance(struct feed *f)
{
	f->state = capture_next(f->capture, &f->next);
}

int feed_open(struct replay *r, const struct options *o, char *why, size_t n)
{
	struct feed *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return replay_fail(why, n, ENOMEM, "not enough memory");
	r->feed = f;
	f->replay = r;
	f->arena = arena_new();
	find_programs(f, r->p);
	f->at_once = uses_aggregations(r->p);
	f->view = view_new(o->local, why, n);
	if (!f->view)
		return -EINVAL;
	if (traces_tcp(f))
		f->flows = flows_new(o->flowtimeout);
	if ((traces_tcp(f) && !f->flows) || take_memory(f, &r->machine.memory))
		return replay_fail(why, n, ENOMEM, "not enough memory");
	err = capture_open(o->captures, o->ncaptures, &f->capture, why, n);
	if (err)
		return err;
	do
		advance(f);
	while (f->state == CAPTURE_WAIT);
	f->now = f->state == CAPTURE_PACKET ? f->next.time : 0;
	r->machine.time = f->now;
	return 0;
}

void feed_close(struct feed *f)
{
	if (!f)
		return;
	capture_close(f->capture);
	arena_free(f->arena);
	flows_free(f->flows);
	view_free(f->view);
	free(f);
}

uint64_t feed_now(const struct feed *f)
{
	return f->now;
}

/* "3 packets were", "1 packet was" */
static const char *counted(struct feed *f, uint64_t n, const char *what, const char *rest)
{
	return arena_printf(f->arena, "%llu %s%s %s %s", (unsigned long long)n, what,
			    n == 1 ? "" : "s", n == 1 ? "was" : "were", rest);
}

/* Each in its turn: i goes down for each that there is to tell. */
static bool is_turn(uint64_t n, int *i)
{
	return n && (*i)-- == 0;
}

const char *feed_remark(struct feed *f, int i, bool *failed)
{
	uint64_t lost = capture_lost(f->capture), gaps = f->flows ? flows_gaps(f->flows) : 0, n;
	const char *what, *name;
	int problems = 0;

	*failed = true;
	for (; (what = capture_problem(f->capture, problems)); problems++)
		if (i == problems)
			return what;
	i -= problems;
	if (is_turn(f->forgotten, &i))
		return counted(f, f->forgotten, "segment",
			       "not told: there is no memory for more connections");
	*failed = false;
	if (is_turn(lost, &i))
		return counted(f, lost, "packet", "lost when the capture was made, as it says");
	if (is_turn(gaps, &i))
		return counted(
			f, gaps, "gap",
			"seen in connections: bytes that were acknowledged and are not there");
	for (int k = 0; n = capture_backwards(f->capture, k, &name), name; k++)
		if (is_turn(n, &i))
			return arena_printf(f->arena, "%s: %s", name,
					    counted(f, n, "packet", "older than what is in front"));
	return NULL;
}

bool feed_filling(const struct replay *r)
{
	return r->feed->at_once && !rings_empty(&r->rings);
}

/* --- a packet --- */

static void copy_padded(uint8_t *to, uint32_t room, const uint8_t *from, uint32_t n)
{
	n = n < room ? n : room;
	memcpy(to, from, n);
	memset(to + n, 0, room - n);
}

static void copy_name(char to[16], const char *from)
{
	size_t n = strnlen(from, 15);

	memset(to, 0, 16);
	memcpy(to, from, n);
}

/* What a frame and its packet tell, whichever probe fires. */
static void describe(struct feed *f, const struct capture_frame *frame)
{
	const struct wire_packet *p = &f->packet;
	struct captured *c = f->context;

	c->time = frame->time;
	c->address = (uintptr_t)f->bytes;
	c->cookie = 0;
	c->length = p->length;
	c->l4_at = p->l4_at;
	c->zone = frame->on->zone;
	c->pid = frame->pid;
	c->version = p->version;
	c->local = frame->on->is_loopback;
	copy_name(c->if_name, frame->on->name);
	copy_name(c->execname, frame->execname);
	copy_padded(c->ip, sizeof(c->ip), p->ip, p->version == 4 && p->size > 20 ? 20 : p->size);
	if (p->l4_at)
		copy_padded(c->l4, sizeof(c->l4), p->ip + p->l4_at, p->size - p->l4_at);
}

/* Programs can read the packet's bytes, as many as there are. */
static void show_bytes(struct feed *f)
{
	struct memory *m = &f->replay->machine.memory;
	uint32_t n = f->packet.size < BYTES_MAX ? f->packet.size : BYTES_MAX;

	if (n < f->shown)
		memory_forbid(m, f->bytes + n, f->shown - n);
	else
		memory_allow(m, f->bytes + f->shown, n - f->shown);
	f->shown = n;
	memcpy(f->bytes, f->packet.ip, n);
}

/* The end at hand is the sender's, or the receiver's. */
static void take_end(struct feed *f, bool receiver)
{
	const struct wire_packet *p = &f->packet;
	uint32_t size = p->version == 4 ? 4 : 16;
	const uint8_t *from = p->ip + (p->version == 4 ? 12 : 8), *to = from + size;
	struct captured *c = f->context;

	memcpy(c->laddr, receiver ? to : from, size);
	memcpy(c->raddr, receiver ? from : to, size);
	c->lport = c->l4[receiver ? 2 : 0] << 8 | c->l4[receiver ? 3 : 1];
	c->rport = c->l4[receiver ? 0 : 2] << 8 | c->l4[receiver ? 1 : 3];
}

static void fire(struct feed *f, enum captured_kind kind)
{
	if (f->programs[kind] >= 0)
		replay_run_with(f->replay, f->programs[kind], 0, f->context);
}

static void tell_flow(void *arg, const struct flow_told *told)
{
	struct feed *f = arg;

	if (f->programs[told->kind] < 0)
		return;
	f->context->cookie = told->cookie;
	f->context->end = *told->end;
	take_end(f, told->at_receiver);
	fire(f, told->kind);
}

static void tell_segment(struct feed *f, const struct capture_frame *frame, bool sent,
			 bool received)
{
	const struct wire_packet *p = &f->packet;
	const uint8_t *from = p->ip + (p->version == 4 ? 12 : 8);
	uint32_t there = p->size - p->l4_at, header;
	struct segment s;

	if (there < 20 || p->l4_length < 20)
		return;
	header = (p->ip[p->l4_at + 12] >> 4) * 4;
	if (header < 20 || header > p->l4_length)
		return;
	s = (struct segment){
		.time = frame->time,
		.version = p->version,
		.source = from,
		.destination = from + (p->version == 4 ? 4 : 16),
		.tcp = p->ip + p->l4_at,
		.tcp_size = there < header ? there : header,
		.payload = p->l4_length - header,
		.traced = {sent, received},
	};
	if (!flows_segment(f->flows, &s, tell_flow, f))
		f->forgotten++;
}

static void tell_datagram(struct feed *f, bool sent, bool received)
{
	if (f->packet.size - f->packet.l4_at < 8)
		return;
	for (int end = 0; end < 2; end++) {
		if (!(end ? received : sent))
			continue;
		take_end(f, end);
		fire(f, end ? CAPTURED_UDP_RECEIVE : CAPTURED_UDP_SEND);
	}
}

static void tell_packet(struct feed *f, const struct capture_frame *frame)
{
	const struct wire_packet *p = &f->packet;
	bool sent, received;

	view_of(f->view, frame, p, &sent, &received);
	describe(f, frame);
	show_bytes(f);
	if (sent)
		fire(f, CAPTURED_IP_SEND);
	if (received)
		fire(f, CAPTURED_IP_RECEIVE);
	if (p->l4_at && p->protocol == PROTOCOL_TCP && f->flows && !p->is_fragment)
		tell_segment(f, frame, sent, received);
	else if (p->l4_at && p->protocol == PROTOCOL_UDP)
		tell_datagram(f, sent, received);
}

static void finish(struct replay *r)
{
	uint32_t active = ACTIVITY_ACTIVE;

	__atomic_compare_exchange_n(&r->control->activity, &active, ACTIVITY_DRAINING, false,
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* Time as clocks have it: it does not go back, though a file's may. */
static void pass(struct feed *f, uint64_t time)
{
	if (time > f->now)
		f->now = time;
}

void feed_run(struct replay *r, uint64_t until)
{
	struct feed *f = r->feed;
	int turn = 0;

	if (f->state == CAPTURE_WAIT)
		advance(f);
	while (f->state == CAPTURE_PACKET && f->next.time <= until) {
		struct capture_frame *frame = &f->next;

		if (++turn > TURN || r->machine.woken || *r->fault || feed_filling(r))
			return;
		pass(f, frame->time);
		r->machine.time = frame->time;
		if (packet_find(frame, &f->packet))
			tell_packet(f, frame);
		advance(f);
	}
	if (f->state == CAPTURE_END)
		finish(r);
	else if (f->state == CAPTURE_PACKET)
		pass(f, until);
	r->machine.time = f->now;
}
