/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp: a segment that passes Linux's filters, and so the ingress hook, twice: for
 * the request of a connection that is being opened; and, since it acknowledges
 * something else than the SYN,ACK, for the listener, which answers with a reset.
 *
 * In between nothing else runs in this CPU's softirq, so each CPU keeps which
 * segment it was.
 */
#include <stddef.h>

#include "provider/tcp.h"
#include "source/tcp_opening.h"

struct look {
	uint64_t skb; /* 0: none is awaited again */
	uint32_t seq, ack;
};

/* A register with this CPU's struct look, perhaps 0. */
static int first_look(struct emit *e)
{
	int key = ir_stack(e->ir, 4);

	ir_stack_storei(e->ir, key, 0, 0, 4);
	return emit_map_lookup(e,
			       emit_map_once(e,
					     (struct map_def){
						     .name = "first_look",
						     .role = MAP_PLAIN,
						     .type = BPF_MAP_TYPE_PERCPU_ARRAY,
						     .key_size = 4,
						     .value_size = sizeof(struct look),
						     .max_entries = 1,
					     }),
			       (struct place){SPACE_STACK, key, 0});
}

/* if (at->field != reg) goto other */
static void branch_other(struct emit *e, int at, int off, int size, int reg, int other)
{
	int was = ir_reg(e->ir);

	ir_load(e->ir, was, at, off, size);
	ir_branch(e->ir, IR_NE, was, reg, other);
}

void tcp_skip_second_look(struct emit *e, const struct tcp_socket *t, int skip)
{
	int request = tcp_opening(e, t), done = ir_label(e->ir), other = ir_label(e->ir), at;
	int skb = emit_number_of(e, (struct place){SPACE_KERNEL, emit_ctx(e), 0});
	struct opening_numbers n;
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, request, 0, done);
	tcp_opening_numbers(e, &n);
	ir_branchi(e->ir, IR_EQ, n.flag, 0, done);
	at = ir_reg(e->ir);
	ir_alui(e->ir, IR_ADD, at, tcp_opening_field(e, request, "snt_isn"), 1);
	ir_extend(e->ir, at, at, 4, false);
	ir_branch(e->ir, IR_EQ, at, n.ack, done);
	at = first_look(e);
	ir_branchi(e->ir, IR_EQ, at, 0, done);
	branch_other(e, at, offsetof(struct look, skb), 8, skb, other);
	branch_other(e, at, offsetof(struct look, seq), 4, n.seq, other);
	branch_other(e, at, offsetof(struct look, ack), 4, n.ack, other);
	ir_storei(e->ir, at, offsetof(struct look, skb), 0, 8);
	emit_branch_point(e);
	ir_jump(e->ir, skip);
	ir_place(e->ir, other);
	ir_store(e->ir, at, offsetof(struct look, skb), skb, 8);
	ir_store(e->ir, at, offsetof(struct look, seq), n.seq, 4);
	ir_store(e->ir, at, offsetof(struct look, ack), n.ack, 4);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
}
