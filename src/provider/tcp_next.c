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
 *	a segment that begins there moves it on to its end; if it fills the hole
 *	before what came out of order, to the end of that
 *
 * What came out of order is kept as one range, the lowest.  With several holes
 * at once the segment behind each further hole counts as out of order.
 */
#include "provider/tcp_next.h"

#include <stddef.h>

/* Value of the map; the key is the socket's cookie. */
struct next {
	uint32_t expected;
	uint32_t low, high; /* what came out of order; equal: nothing */
	uint32_t zero;
	uint64_t time; /* of the segment before */
};

/* Longer than TCP takes from the hook to the end of a segment's processing. */
#define UNDER_WAY_NS 100000

/* Distances in sequence space up to here are forward. */
#define HALF 0x3fffffff

static int followed(struct codegen *cg)
{
	return cg_hook_map(cg, (struct map_def){
				       .name = "tcp_next",
				       .role = MAP_PLAIN,
				       .type = BPF_MAP_TYPE_LRU_HASH,
				       .key_size = 8,
				       .value_size = sizeof(struct next),
				       .max_entries = 16384,
			       });
}

/* (uint32_t)(a - b) */
static int distance(struct codegen *cg, int a, int b)
{
	int reg = ir_reg(cg->ir);

	ir_alu(cg->ir, IR_SUB, reg, a, b);
	ir_extend(cg->ir, reg, reg, 4, false);
	return reg;
}

/* to = the later of to and other, in sequence space */
static void later(struct codegen *cg, int to, int other)
{
	int done = ir_label(cg->ir);

	ir_branchi(cg->ir, IR_UGT, distance(cg, other, to), HALF, done);
	ir_mov(cg->ir, to, other);
	ir_place(cg->ir, done);
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

struct range {
	int low, high;
};

/* A segment that begins at the expected number: next = its end, or that of the range it reaches. */
static void in_order(struct codegen *cg, struct range *r, int next, int end, int done)
{
	ir_mov(cg->ir, next, end);
	ir_branch(cg->ir, IR_EQ, r->low, r->high, done);
	/* if (low > end) there is a hole still */
	ir_branchi(cg->ir, IR_UGT, distance(cg, end, r->low), HALF, done);
	later(cg, next, r->high);
	ir_mov(cg->ir, r->low, r->high);
	ir_jump(cg->ir, done);
}

/* One that begins further on: the range grows by it, or begins with it if it is the lowest. */
static void out_of_order(struct codegen *cg, struct range *r, int seq, int end, int done)
{
	int fresh = ir_label(cg->ir), above = ir_label(cg->ir);

	ir_branch(cg->ir, IR_EQ, r->low, r->high, fresh);
	ir_branch(cg->ir, IR_NE, seq, r->high, above);
	ir_mov(cg->ir, r->high, end);
	ir_jump(cg->ir, done);
	ir_place(cg->ir, above);
	/* if (seq >= low) it lies in the range or behind another hole */
	ir_branchi(cg->ir, IR_ULE, distance(cg, seq, r->low), HALF, done);
	ir_branch(cg->ir, IR_NE, end, r->low, fresh);
	ir_mov(cg->ir, r->low, seq);
	ir_jump(cg->ir, done);
	ir_place(cg->ir, fresh);
	ir_mov(cg->ir, r->low, seq);
	ir_mov(cg->ir, r->high, end);
	ir_jump(cg->ir, done);
}

/* struct next as the map has it: two words. */
static void words_of(struct codegen *cg, int expected, const struct range *r, int word[2])
{
	word[0] = ir_reg(cg->ir);
	ir_alui(cg->ir, IR_SHL, word[0], r->low, 32);
	ir_alu(cg->ir, IR_OR, word[0], word[0], expected);
	word[1] = r->high;
}

/*
 * Two CPUs may be here with segments of one connection at once: each writes only
 * what it has moved, so that one out of order does not take back the number that
 * one in order has moved on.
 */
static void remember(struct codegen *cg, int entry, struct place key, int expected, int next,
		     const struct range *r)
{
	int same = ir_label(cg->ir), fresh = ir_label(cg->ir), done = ir_label(cg->ir),
	    map = ir_reg(cg->ir), word[2], now = cg_time(cg);
	struct place value = {SPACE_STACK, ir_stack(cg->ir, sizeof(struct next)), 0};

	words_of(cg, next, r, word);
	ir_branchi(cg->ir, IR_EQ, entry, 0, fresh);
	ir_store(cg->ir, entry, offsetof(struct next, time), now, 8);
	ir_store(cg->ir, entry, offsetof(struct next, low), r->low, 4);
	ir_store(cg->ir, entry, offsetof(struct next, high), r->high, 4);
	ir_branch(cg->ir, IR_EQ, next, expected, same);
	ir_store(cg->ir, entry, offsetof(struct next, expected), next, 4);
	ir_place(cg->ir, same);
	ir_jump(cg->ir, done);
	ir_place(cg->ir, fresh);
	ir_stack_store(cg->ir, value.base, 0, word[0], 8);
	ir_stack_store(cg->ir, value.base, 8, word[1], 8);
	ir_stack_store(cg->ir, value.base, offsetof(struct next, time), now, 8);
	ir_map(cg->ir, map, followed(cg));
	IR_CALL(cg->ir, -1, BPF_FUNC_map_update_elem, map, cg_address(cg, key),
		cg_address(cg, value), cg_const(cg, BPF_ANY));
	ir_place(cg->ir, done);
}

/* expected = rcv_nxt or what was followed; the range as it was. Where entry is NULL nothing is
 * known. */
static void recall(struct codegen *cg, const struct net_event *ev, int entry, int expected,
		   struct range *r)
{
	int owned = cg_peek_field(cg, ev->sk, "sock", "sk_lock.owned"), since = ir_reg(cg->ir),
	    word = ir_reg(cg->ir);
	int known = ir_label(cg->ir), locked = ir_label(cg->ir), now = cg_time(cg);

	ir_const(cg->ir, r->low, 0);
	ir_const(cg->ir, r->high, 0);
	ir_mov(cg->ir, expected, cg_peek_field(cg, ev->tp, "tcp_sock", "rcv_nxt"));
	ir_branchi(cg->ir, IR_EQ, entry, 0, known);
	ir_load(cg->ir, r->low, entry, offsetof(struct next, low), 4);
	ir_load(cg->ir, r->high, entry, offsetof(struct next, high), 4);
	ir_branchi(cg->ir, IR_NE, owned, 0, locked);
	ir_load(cg->ir, since, entry, offsetof(struct next, time), 8);
	ir_alu(cg->ir, IR_SUB, since, now, since);
	ir_branchi(cg->ir, IR_UGT, since, UNDER_WAY_NS, known);
	ir_place(cg->ir, locked);
	ir_load(cg->ir, word, entry, offsetof(struct next, expected), 4);
	later(cg, expected, word);
	ir_place(cg->ir, known);
}

int tcp_expected(struct codegen *cg, const struct net_event *ev)
{
	int seq = net_tcp_seq(cg, ev), end = segment_end(cg, ev, seq), entry = ir_reg(cg->ir),
	    map = ir_reg(cg->ir);
	int expected = ir_reg(cg->ir), next = ir_reg(cg->ir), cookie = ir_reg(cg->ir),
	    out = ir_reg(cg->ir);
	int ahead = ir_label(cg->ir), store = ir_label(cg->ir);
	struct place key = {SPACE_STACK, ir_stack(cg->ir, 8), 0};
	struct range r = {ir_reg(cg->ir), ir_reg(cg->ir)};

	IR_CALL(cg->ir, cookie, BPF_FUNC_get_socket_cookie, cg->ctx);
	ir_stack_store(cg->ir, key.base, 0, cookie, 8);
	ir_map(cg->ir, map, followed(cg));
	IR_CALL(cg->ir, entry, BPF_FUNC_map_lookup_elem, map, cg_address(cg, key));
	recall(cg, ev, entry, expected, &r);

	ir_mov(cg->ir, next, expected);
	ir_branch(cg->ir, IR_EQ, seq, end, store);
	ir_branch(cg->ir, IR_NE, seq, expected, ahead);
	in_order(cg, &r, next, end, store);
	ir_place(cg->ir, ahead);
	/* what begins before has been here already; its end may be new */
	int again = ir_label(cg->ir);

	ir_branchi(cg->ir, IR_UGT, distance(cg, seq, expected), HALF, again);
	out_of_order(cg, &r, seq, end, store);
	ir_place(cg->ir, again);
	later(cg, next, end);
	ir_place(cg->ir, store);
	remember(cg, entry, key, expected, next, &r);
	ir_mov(cg->ir, out, expected);
	return out;
}
