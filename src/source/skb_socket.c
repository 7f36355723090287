/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/skb_socket.h"

#include "source/owner.h"

void skb_socket_of_sending(struct emit *e, struct skb_socket *s, const struct skb_packet *p)
{
	*s = (struct skb_socket){.object.source = &source_skb_socket};
	s->sk = skb_field(e, p, "sk");
}

/* The socket of the tracepoint's skb. */
static int of_argument(struct emit *e)
{
	return emit_peek_field(e, (struct place){SPACE_BTF, tracepoint_arg(e, 0), 0}, "sk_buff",
			       "sk");
}

#define RX_SK 3

void skb_socket_of_dropped(struct emit *e, struct skb_socket *s, bool named)
{
	int done = ir_label(e->ir);
	size_t mark = emit_scope(e);

	*s = (struct skb_socket){
		.object.source = &source_skb_socket, .of_dropped = true, .named = named};
	s->sk = ir_reg(e->ir);
	if (named) {
		ir_mov(e->ir, s->sk, tracepoint_arg(e, RX_SK));
		ir_branchi(e->ir, IR_NE, s->sk, 0, done);
	}
	ir_mov(e->ir, s->sk, of_argument(e));
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
}

void skb_socket_of_receiving(struct skb_socket *s)
{
	*s = (struct skb_socket){.object.source = &source_skb_socket, .sk = -1};
}

static void member_sk(struct emit *e, const struct object *o, struct value *out)
{
	int sk = ((const struct skb_socket *)o)->sk;

	if (sk < 0)
		socket_member_null(e, o, out);
	else
		value_pointer(out, SPACE_BTF, sk, true);
}

/* The socket's namespace, else that of the packet's device. */
static void member_zone(struct emit *e, const struct object *o, struct value *out)
{
	int net = ir_reg(e->ir), sk = ((const struct skb_socket *)o)->sk, done = ir_label(e->ir),
	    unowned = ir_label(e->ir);
	size_t mark = emit_scope(e);

	if (sk >= 0) {
		ir_branchi(e->ir, IR_EQ, sk, 0, unowned);
		ir_mov(e->ir, net,
		       sock_field(e, (struct place){SPACE_BTF, sk, 0}, "__sk_common.skc_net.net"));
		ir_jump(e->ir, done);
	}
	ir_place(e->ir, unowned);
	ir_mov(e->ir, net,
	       device_net(e, emit_peek_field(e, (struct place){SPACE_BTF, tracepoint_arg(e, 0), 0},
					     "sk_buff", "dev")));
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	value_int(out, net_zone(e, net));
}

static void member_cookie(struct emit *e, const struct object *o, struct value *out)
{
	static const char tag[] = "cookie";
	int reg = emit_cached(e, tag), sk = ((const struct skb_socket *)o)->sk;
	int none = ir_label(e->ir);
	struct place at = {SPACE_BTF, sk, 0};
	size_t mark;

	if (reg >= 0) {
		value_int(out, reg);
		return;
	}
	reg = ir_reg(e->ir);
	ir_const(e->ir, reg, 0);
	value_int(out, reg);
	if (sk < 0)
		return;
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, sk, 0, none);
	ir_mov(e->ir, reg, owner_apart(e, at));
	ir_branchi(e->ir, IR_NE, reg, 0, none);
	ir_mov(e->ir, reg, owner_cookie(e, at));
	emit_scope_end(e, mark);
	ir_place(e->ir, none);
	emit_cache(e, tag, reg);
}

static struct owned owned(struct emit *e, const struct object *o)
{
	int sk = ((const struct skb_socket *)o)->sk;

	(void)e;
	return (struct owned){sk, {SPACE_BTF, sk, 0}, .any = true, .apart = -1};
}

OWNER_CODE(owned)

static void carry(struct emit *e, struct object *o)
{
	struct skb_socket *s = (struct skb_socket *)o;

	if (s->sk < 0 || !emit_resuming(e))
		return;
	if (s->of_dropped)
		skb_socket_of_dropped(e, s, s->named);
	else
		s->sk = of_argument(e);
}

/* clang-format off */
static const struct source_member members[] = {
	{ "sk", member_sk },
	{ "zone", member_zone },
	{ "cookie", member_cookie, .needs = NEED_COOKIE },
	{ "laddr", socket_member_unknown, REP_ADDR },
	{ "raddr", socket_member_unknown, REP_ADDR },
	{ "lport", socket_member_none },
	{ "rport", socket_member_none },
	OWNER_MEMBERS,
	{ NULL },
};
/* clang-format on */

const struct object_source source_skb_socket = {
	.tag = "net_socket",
	.members = members,
	.carry = carry,
	.size = sizeof(struct skb_socket),
};
