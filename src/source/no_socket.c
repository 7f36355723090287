/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/no_socket.h"

#include "source/owner.h"

void no_socket(struct no_socket *n)
{
	*n = (struct no_socket){.object.source = &source_no_socket,
				.state = -1,
				.net = -1,
				.retransmit = -1,
				.cookie = -1};
}

static void member_state(struct emit *e, const struct object *o, struct value *out)
{
	socket_state_value(e, ((const struct no_socket *)o)->state, out);
}

static void member_zone(struct emit *e, const struct object *o, struct value *out)
{
	int net = ((const struct no_socket *)o)->net;

	value_int(out, net < 0 ? emit_const(e, 0) : net_zone(e, net));
}

static void member_retransmit(struct emit *e, const struct object *o, struct value *out)
{
	int reg = ((const struct no_socket *)o)->retransmit;

	value_int(out, reg >= 0 ? reg : emit_const(e, 0));
}

static void member_cookie(struct emit *e, const struct object *o, struct value *out)
{
	int reg = ((const struct no_socket *)o)->cookie;

	value_int(out, reg >= 0 ? reg : emit_const(e, 0));
}

static struct owned owned(struct emit *e, const struct object *o)
{
	(void)e;
	return (struct owned){.sk = -1, .apart = ((const struct no_socket *)o)->cookie};
}

OWNER_CODE(owned)

/* A register with owner_apart() of what may be 0. */
static int apart_of(struct emit *e, struct place sk)
{
	int reg = ir_reg(e->ir), none = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, reg, 0);
	ir_branchi(e->ir, IR_EQ, sk.base, 0, none);
	ir_mov(e->ir, reg, owner_apart(e, sk));
	ir_place(e->ir, none);
	emit_scope_end(e, mark);
	return reg;
}

void no_socket_of(struct emit *e, struct no_socket *n, int sk, const struct needs *needs)
{
	if (needs->bits & (NEED_OWNER | NEED_COOKIE))
		n->cookie = apart_of(e, (struct place){SPACE_BTF, sk, 0});
}

static void carry(struct emit *e, struct object *o)
{
	emit_carry_reg(e, &((struct no_socket *)o)->cookie);
	emit_carry_reg(e, &((struct no_socket *)o)->retransmit);
	emit_carry_reg(e, &((struct no_socket *)o)->net);
	emit_carry_reg(e, &((struct no_socket *)o)->state);
}

/* clang-format off */
static const struct source_member members[] = {
	{ "sk", socket_member_null },
	{ "zone", member_zone },
	{ "tp", socket_member_null },
	{ "cookie", member_cookie, .needs = NEED_COOKIE },
	{ "laddr", socket_member_unknown, REP_ADDR },
	{ "raddr", socket_member_unknown, REP_ADDR },
	{ "lport", socket_member_none },
	{ "rport", socket_member_none },
	{ "state", member_state },
	{ "last", socket_member_none },
	{ "active", socket_member_none },
	{ "rnxt", socket_member_none },
	{ "retransmit", member_retransmit },
	{ "iss", socket_member_none },
	{ "irs", socket_member_none },
	OWNER_MEMBERS,
	{ NULL },
};
/* clang-format on */

const struct object_source source_no_socket = {
	.tag = "tcp_socket",
	.members = members,
	.carry = carry,
	.size = sizeof(struct no_socket),
};
