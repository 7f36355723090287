/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcps_rnxt of a segment received: what was expected when it came.
 *
 * The cgroup hook sees a segment when it arrives.  While a process works on the
 * socket, TCP only queues it (the backlog) and rcv_nxt stands still: segments in
 * order would look out of order.  So the sequence number that TCP will expect is
 * followed here, connection by connection, for scripts that read it:
 *
 *	expected = rcv_nxt
 *	if the socket is locked, or the segment before came just now and may still
 *	be under way on another CPU, and the number followed is ahead: that one
 *	a segment that begins there moves it on to its end, and over what came out
 *	of order behind it
 *
 * The arithmetic is a support routine, routines/tcp_next.c. It keeps a handful of
 * ranges that came out of order; beyond that many holes at once a segment behind
 * a further one may count as out of order.
 */
#include <stddef.h>

#include "routines/routines.h"
#include "routines/tcp_next.h"
#include "source/tcp_socket.h"

/* Longer than TCP takes from the hook to the end of a segment's processing. */
#define UNDER_WAY_NS 100000

/* Gone with the socket. */
static int followed(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "tcp_next",
					.role = MAP_SOCKET,
					.type = BPF_MAP_TYPE_SK_STORAGE,
					.key_size = 4,
					.value_size = sizeof(struct tcp_next),
				});
}

/* This connection's entry in a register, made if there is none; NULL, and the segment counted, if
 * the kernel gives it no room. */
static int entry_of(struct emit *e, const struct tcp_socket *t)
{
	int map = ir_reg(e->ir), entry = ir_reg(e->ir), found = ir_label(e->ir);

	ir_map(e->ir, map, followed(e));
	IR_CALL(e->ir, entry, BPF_FUNC_sk_storage_get, map, t->sk.base, emit_const(e, 0),
		emit_const(e, BPF_SK_STORAGE_GET_F_CREATE));
	ir_branchi(e->ir, IR_NE, entry, 0, found);
	emit_count_drop(e, offsetof(struct drops, connections));
	ir_place(e->ir, found);
	return entry;
}

/* 1 if segments that came before may not have been processed. */
static int waits(struct emit *e, const struct tcp_socket *t, int entry, int now)
{
	int owned = sock_field(e, t->sk, "sk_lock.owned"), since = ir_reg(e->ir);
	int reg = ir_reg(e->ir), done = ir_label(e->ir);

	ir_const(e->ir, reg, 1);
	ir_branchi(e->ir, IR_NE, owned, 0, done);
	ir_load(e->ir, since, entry, offsetof(struct tcp_next, time), 8);
	ir_alu(e->ir, IR_SUB, since, now, since);
	ir_branchi(e->ir, IR_ULE, since, UNDER_WAY_NS, done);
	ir_const(e->ir, reg, 0);
	ir_place(e->ir, done);
	return reg;
}

int tcp_expected(struct emit *e, const struct tcp_socket *t, const struct packet *p)
{
	int seq = packet_tcp_seq(e, p), end = packet_tcp_end(e, p, seq), now = emit_time(e);
	int entry = entry_of(e, t), out = ir_reg(e->ir), unknown = ir_label(e->ir),
	    expected = ir_reg(e->ir), wait, rcv_nxt;
	size_t mark;

	ir_mov(e->ir, expected, tcp_socket_field(e, t, "rcv_nxt"));
	ir_branchi(e->ir, IR_EQ, entry, 0, unknown);
	mark = emit_scope(e);
	wait = waits(e, t, entry, now);
	/* rcv_nxt is read behind the lock: a lock given back says that all is in it */
	ir_load(e->ir, rcv_nxt = ir_reg(e->ir), t->tp.base,
		emit_field(e, "tcp_sock", "rcv_nxt").bit_offset / 8, 4);
	ir_store(e->ir, entry, offsetof(struct tcp_next, time), now, 8);
	ir_call_support(e->ir, expected, ROUTINE_TCP_NEXT, 5,
			(const int[]){entry, rcv_nxt, seq, end, wait});
	ir_extend(e->ir, expected, expected, 4, false);
	emit_scope_end(e, mark);
	ir_place(e->ir, unknown);
	ir_mov(e->ir, out, expected);
	return out;
}
