/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/udp_socket.h"

#include "source/owner.h"

static struct udp_socket at_context(struct emit *e, int sk)
{
	return (struct udp_socket){
		.object.source = &source_udp_socket,
		.sk = sk,
		.skb.skb = {SPACE_KERNEL, emit_ctx(e), 0},
	};
}

void udp_socket_of_cgroup(struct emit *e, struct udp_socket *u, int protocol, int skip)
{
	*u = at_context(e, cgroup_socket(e, SOCK_TYPE_DGRAM, protocol, 0, skip));
}

static struct place sk_of(struct emit *e, const struct object *o)
{
	const struct udp_socket *u = (const struct udp_socket *)o;

	return (struct place){SPACE_KERNEL, skb_field(e, &u->skb, "sk"), 0};
}

static void member_sk(struct emit *e, const struct object *o, struct value *out)
{
	value_pointer(out, SPACE_KERNEL, sk_of(e, o).base, false);
}

static void member_zone(struct emit *e, const struct object *o, struct value *out)
{
	socket_zone_value(e, sk_of(e, o), out);
}

static void member_cookie(struct emit *e, const struct object *o, struct value *out)
{
	static const char tag[] = "cookie";
	int reg = emit_cached(e, tag);

	(void)o;
	if (reg < 0) {
		reg = ir_reg(e->ir);
		IR_CALL(e->ir, reg, BPF_FUNC_get_socket_cookie, emit_ctx(e));
		emit_cache(e, tag, reg);
	}
	value_int(out, reg);
}

static void member_laddr(struct emit *e, const struct object *o, struct value *out)
{
	socket_address_value(e, sk_of(e, o), true, out);
}

static void member_raddr(struct emit *e, const struct object *o, struct value *out)
{
	socket_address_value(e, sk_of(e, o), false, out);
}

static void member_lport(struct emit *e, const struct object *o, struct value *out)
{
	value_int(out, sock_field(e, sk_of(e, o), "__sk_common.skc_num"));
}

static void member_rport(struct emit *e, const struct object *o, struct value *out)
{
	value_int(out, sock_remote_port(e, sk_of(e, o)));
}

static struct owned owned(struct emit *e, const struct object *o)
{
	return (struct owned){((const struct udp_socket *)o)->sk, sk_of(e, o)};
}

OWNER_CODE(owned)

static void carry(struct emit *e, struct object *o)
{
	if (emit_resuming(e))
		*(struct udp_socket *)o = at_context(e, cgroup_socket_again(e, emit_lost(e)));
}

/* clang-format off */
static const struct source_member members[] = {
	{ "sk", member_sk },
	{ "zone", member_zone },
	{ "cookie", member_cookie, .needs = NEED_COOKIE },
	{ "laddr", member_laddr, REP_ADDR },
	{ "raddr", member_raddr, REP_ADDR },
	{ "lport", member_lport },
	{ "rport", member_rport },
	OWNER_MEMBERS,
	{ NULL },
};
/* clang-format on */

const struct object_source source_udp_socket = {
	.tag = "net_socket",
	.members = members,
	.carry = carry,
	.size = sizeof(struct udp_socket),
};
