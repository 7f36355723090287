/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/kept_connection.h"

#include <stddef.h>

#include "source/owner.h"

struct kept {
	uint64_t until; /* first: tuple_over() */
	uint64_t cookie;
	uint64_t local[3], remote[3]; /* as struct item_addr */
	uint32_t lport, rport;
	uint32_t active, rcv_nxt, rcv_wnd, zone;
};

uint32_t kept_connection_size(void)
{
	return sizeof(struct kept);
}

/* What is left of the window: max(rcv_wup + rcv_wnd - rcv_nxt, 0) */
static int window(struct emit *e, const struct tcp_socket *t)
{
	int left = ir_reg(e->ir), ok = ir_label(e->ir);

	ir_alu(e->ir, IR_ADD, left, tcp_socket_field(e, t, "rcv_wup"),
	       tcp_socket_field(e, t, "rcv_wnd"));
	ir_alu(e->ir, IR_SUB, left, left, tcp_socket_field(e, t, "rcv_nxt"));
	ir_extend(e->ir, left, left, 4, true);
	ir_branchi(e->ir, IR_SGE, left, 0, ok);
	ir_const(e->ir, left, 0);
	ir_place(e->ir, ok);
	return left;
}

struct place kept_connection_store(struct emit *e, const struct tcp_socket *t,
				   const struct ends *ends, int until)
{
	struct place value = {SPACE_STACK, ir_stack(e->ir, sizeof(struct kept)), 0};
	struct value zone;

	ir_stack_store(e->ir, value.base, offsetof(struct kept, until), until, 8);
	ir_stack_store(e->ir, value.base, offsetof(struct kept, cookie), tcp_socket_cookie(e, t),
		       8);
	for (int i = 0; i < 3; i++) {
		ir_stack_store(e->ir, value.base, offsetof(struct kept, local) + i * 8,
			       ends->local[i], 8);
		ir_stack_store(e->ir, value.base, offsetof(struct kept, remote) + i * 8,
			       ends->remote[i], 8);
	}
	ir_stack_store(e->ir, value.base, offsetof(struct kept, lport), ends->lport, 4);
	ir_stack_store(e->ir, value.base, offsetof(struct kept, rport), ends->rport, 4);
	ir_stack_store(e->ir, value.base, offsetof(struct kept, active), tcp_socket_active(e, t),
		       4);
	ir_stack_store(e->ir, value.base, offsetof(struct kept, rcv_nxt),
		       tcp_socket_field(e, t, "rcv_nxt"), 4);
	ir_stack_store(e->ir, value.base, offsetof(struct kept, rcv_wnd), window(e, t), 4);
	socket_zone_value(e, t->sk, &zone);
	ir_stack_store(e->ir, value.base, offsetof(struct kept, zone), zone.reg, 4);
	return value;
}

static int field(struct emit *e, int address, unsigned off, unsigned size)
{
	return emit_peek(e, (struct place){SPACE_MAP, address, (int)off}, size);
}

void kept_connection_load(struct emit *e, struct kept_connection *k, int address)
{
	*k = (struct kept_connection){.object.source = &source_kept_connection};
	k->rcv_nxt = field(e, address, offsetof(struct kept, rcv_nxt), 4);
	k->rcv_wnd = field(e, address, offsetof(struct kept, rcv_wnd), 4);
	k->cookie = field(e, address, offsetof(struct kept, cookie), 8);
	k->active = field(e, address, offsetof(struct kept, active), 4);
	k->zone = field(e, address, offsetof(struct kept, zone), 4);
	for (int i = 0; i < 3; i++) {
		k->ends.local[i] = field(e, address, offsetof(struct kept, local) + i * 8, 8);
		k->ends.remote[i] = field(e, address, offsetof(struct kept, remote) + i * 8, 8);
	}
	k->ends.lport = field(e, address, offsetof(struct kept, lport), 4);
	k->ends.rport = field(e, address, offsetof(struct kept, rport), 4);
}

static const struct kept_connection *kept_of(const struct object *o)
{
	return (const struct kept_connection *)o;
}

static void member_cookie(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, kept_of(o)->cookie);
}

static void address(const int word[3], struct value *out)
{
	value_string(out, (struct strrep){REP_ADDR, ADDR_TEXT});
	for (int i = 0; i < 3; i++)
		out->word[i] = word[i];
}

static void member_laddr(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	address(kept_of(o)->ends.local, out);
}

static void member_raddr(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	address(kept_of(o)->ends.remote, out);
}

static void member_lport(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, kept_of(o)->ends.lport);
}

static void member_rport(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, kept_of(o)->ends.rport);
}

static void member_active(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, kept_of(o)->active);
}

static void member_zone(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, kept_of(o)->zone);
}

static void member_state(struct emit *e, const struct object *o, struct value *out)
{
	socket_state_value(e, kept_of(o)->state, out);
}

static void member_last(struct emit *e, const struct object *o, struct value *out)
{
	socket_last_value(e, kept_of(o)->last, out);
}

static struct owned owned(struct emit *e, const struct object *o)
{
	(void)e;
	return (struct owned){.sk = -1, .apart = kept_of(o)->cookie};
}

OWNER_CODE(owned)

static void carry(struct emit *e, struct object *o)
{
	struct kept_connection *k = (struct kept_connection *)o;

	for (int i = 0; i < 3; i++) {
		emit_carry_reg(e, &k->ends.local[i]);
		emit_carry_reg(e, &k->ends.remote[i]);
	}
	emit_carry_reg(e, &k->ends.lport);
	emit_carry_reg(e, &k->ends.rport);
	emit_carry_reg(e, &k->cookie);
	emit_carry_reg(e, &k->active);
	emit_carry_reg(e, &k->zone);
	emit_carry_reg(e, &k->state);
	emit_carry_reg(e, &k->last);
}

/* clang-format off */
static const struct source_member members[] = {
	{ "sk", socket_member_null },
	{ "zone", member_zone },
	{ "tp", socket_member_null },
	{ "cookie", member_cookie, .needs = NEED_COOKIE },
	{ "laddr", member_laddr, REP_ADDR },
	{ "raddr", member_raddr, REP_ADDR },
	{ "lport", member_lport },
	{ "rport", member_rport },
	{ "state", member_state },
	{ "last", member_last },
	{ "active", member_active },
	{ "rnxt", socket_member_none },
	{ "retransmit", socket_member_none },
	{ "iss", socket_member_none },
	{ "irs", socket_member_none },
	OWNER_MEMBERS,
	{ NULL },
};
/* clang-format on */

const struct object_source source_kept_connection = {
	.tag = "tcp_socket",
	.members = members,
	.carry = carry,
	.size = sizeof(struct kept_connection),
};
