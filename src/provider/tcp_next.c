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
#include "provider/tcp_next.h"

#include <stddef.h>

#include "routines/routines.h"
#include "routines/tcp_next.h"

/* Longer than TCP takes from the hook to the end of a segment's processing. */
#define UNDER_WAY_NS 100000

static int followed(struct codegen *cg)
{
	return cg_hook_map(cg, (struct map_def){
				       .name = "tcp_next",
				       .role = MAP_PLAIN,
				       .type = BPF_MAP_TYPE_LRU_HASH,
				       .key_size = 8,
				       .value_size = sizeof(struct tcp_next),
				       .max_entries = 16384,
			       });
}

/* The sequence number behind the segment: payload, SYN and FIN count. */
static int segment_end(struct codegen *cg, const struct net_event *ev, int seq)
{
	int end = ir_reg(cg->ir), header = ir_reg(cg->ir), flags = net_tcp_flags(cg, ev),
	    bit = ir_reg(cg->ir);

	ir_load(cg->ir, end, cg->ctx, offsetof(struct __sk_buff, len), 4);
	ir_alu(cg->ir, IR_SUB, end, end, ev->l4_offset);
	ir_alui(cg->ir, IR_SHR, header, cg_peek(cg, cg_place_at(ev->l4, 12), 1), 4);
	ir_alui(cg->ir, IR_SHL, header, header, 2);
	ir_alu(cg->ir, IR_SUB, end, end, header);
	ir_alu(cg->ir, IR_ADD, end, end, seq);
	ir_alui(cg->ir, IR_AND, bit, flags, TH_FIN);
	ir_alu(cg->ir, IR_ADD, end, end, bit);
	ir_alui(cg->ir, IR_AND, bit, flags, TH_SYN);
	ir_alui(cg->ir, IR_SHR, bit, bit, 1);
	ir_alu(cg->ir, IR_ADD, end, end, bit);
	ir_extend(cg->ir, end, end, 4, false);
	return end;
}

/* This connection's entry in a register, made if there is none; NULL if there is no room. */
static int entry_of(struct codegen *cg)
{
	int map = ir_reg(cg->ir), cookie = ir_reg(cg->ir), entry = ir_reg(cg->ir),
	    fresh = ir_reg(cg->ir);
	int found = ir_label(cg->ir);
	struct place key = {SPACE_STACK, ir_stack(cg->ir, 8), 0},
		     zero = {SPACE_STACK, ir_stack(cg->ir, sizeof(struct tcp_next)), 0};

	IR_CALL(cg->ir, cookie, BPF_FUNC_get_socket_cookie, cg->ctx);
	ir_stack_store(cg->ir, key.base, 0, cookie, 8);
	ir_map(cg->ir, map, followed(cg));
	IR_CALL(cg->ir, entry, BPF_FUNC_map_lookup_elem, map, cg_address(cg, key));
	ir_branchi(cg->ir, IR_NE, entry, 0, found);
	cg_zero(cg, zero, sizeof(struct tcp_next));
	IR_CALL(cg->ir, -1, BPF_FUNC_map_update_elem, map, cg_address(cg, key),
		cg_address(cg, zero), cg_const(cg, BPF_NOEXIST));
	IR_CALL(cg->ir, fresh, BPF_FUNC_map_lookup_elem, map, cg_address(cg, key));
	ir_mov(cg->ir, entry, fresh);
	ir_place(cg->ir, found);
	return entry;
}

/* 1 if segments that came before may not have been processed. */
static int waits(struct codegen *cg, const struct net_event *ev, int entry, int now)
{
	int owned = cg_peek_field(cg, ev->sk, "sock", "sk_lock.owned"), since = ir_reg(cg->ir);
	int reg = ir_reg(cg->ir), done = ir_label(cg->ir);

	ir_const(cg->ir, reg, 1);
	ir_branchi(cg->ir, IR_NE, owned, 0, done);
	ir_load(cg->ir, since, entry, offsetof(struct tcp_next, time), 8);
	ir_alu(cg->ir, IR_SUB, since, now, since);
	ir_branchi(cg->ir, IR_ULE, since, UNDER_WAY_NS, done);
	ir_const(cg->ir, reg, 0);
	ir_place(cg->ir, done);
	return reg;
}

int tcp_expected(struct codegen *cg, const struct net_event *ev)
{
	int seq = net_tcp_seq(cg, ev), end = segment_end(cg, ev, seq), now = cg_time(cg);
	int entry = entry_of(cg), out = ir_reg(cg->ir), unknown = ir_label(cg->ir),
	    expected = ir_reg(cg->ir), wait, rcv_nxt;

	rcv_nxt = cg_peek_field(cg, ev->tp, "tcp_sock", "rcv_nxt");
	ir_mov(cg->ir, expected, rcv_nxt);
	ir_branchi(cg->ir, IR_EQ, entry, 0, unknown);
	wait = waits(cg, ev, entry, now);
	/* rcv_nxt is read behind the lock: a lock given back says that all is in it */
	ir_load(cg->ir, rcv_nxt = ir_reg(cg->ir), ev->tp.base,
		cg_field(cg, "tcp_sock", "rcv_nxt").bit_offset / 8, 4);
	ir_store(cg->ir, entry, offsetof(struct tcp_next, time), now, 8);
	ir_call_support(cg->ir, expected, ROUTINE_TCP_NEXT, 5,
			(const int[]){entry, rcv_nxt, seq, end, wait});
	ir_extend(cg->ir, expected, expected, 4, false);
	ir_place(cg->ir, unknown);
	ir_mov(cg->ir, out, expected);
	return out;
}
