/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A packet in an skb: at a cgroup hook, which reads it by bpf_skb_load_bytes(),
 * or at a tracepoint, whose first argument it is.
 */
#include <stddef.h>

#include "source/packet.h"

/* Bytes to read of a header: in words, and no more than there may be. */
static unsigned wanted(unsigned own, uint32_t clauses, unsigned max)
{
	unsigned n = own > clauses ? own : clauses;

	n = (n + 3) & ~3u;
	return n > max ? max : n;
}

#define IP_BYTES 40
#define L4_BYTES 24

static struct header_bytes bytes_to_read(struct header_bytes own, const struct needs *n)
{
	unsigned l4 = wanted(own.l4, n->bytes[HEADER_L4], L4_BYTES);
	/* where TCP or UDP begins is told by the first 8 bytes */
	unsigned least = l4 && own.ip < 8 ? 8 : own.ip;

	return (struct header_bytes){wanted(least, n->bytes[HEADER_IP], IP_BYTES), l4};
}

static void header_rooms(struct emit *e, struct packet *p)
{
	p->ip = emit_firing_room(e, IP_BYTES);
	p->l4 = emit_firing_room(e, L4_BYTES);
}

/* Bytes of the IP header: v4 by its length field; v6 counts no extension headers. */
static int ip_header_bytes(struct emit *e, const struct packet *p)
{
	int n = ir_reg(e->ir), done = ir_label(e->ir), bits = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, n, 40);
	ir_branchi(e->ir, IR_EQ, p->version, 6, done);
	ir_alui(e->ir, IR_AND, bits, emit_peek(e, p->ip, 1), 0xf);
	ir_alui(e->ir, IR_SHL, n, bits, 2);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return n;
}

int skb_field(struct emit *e, const struct skb_packet *s, const char *path)
{
	return emit_peek_field(e, s->skb, "sk_buff", path);
}

/*
 * Where TCP or UDP begins. A v6 packet with extension headers has another next
 * header: then the stack's own note says where (it has parsed them).
 */
static int l4_offset(struct emit *e, const struct skb_packet *s)
{
	int n = ip_header_bytes(e, &s->p), done = ir_label(e->ir), off = ir_reg(e->ir), next,
	    transport, network;
	size_t mark = emit_scope(e);

	ir_mov(e->ir, off, n);
	ir_branchi(e->ir, IR_EQ, s->p.version, 4, done);
	next = emit_peek(e, place_at(s->p.ip, 6), 1);
	ir_branchi(e->ir, IR_EQ, next, 6, done);
	ir_branchi(e->ir, IR_EQ, next, 17, done);
	transport = skb_field(e, s, "transport_header");
	network = skb_field(e, s, "network_header");
	ir_alu(e->ir, IR_SUB, off, transport, network);
	ir_alui(e->ir, IR_AND, off, off, 0xffff);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return off;
}

/* --- at a tracepoint --- */

static struct place skb_argument(struct emit *e)
{
	return (struct place){SPACE_BTF, tracepoint_arg(e, 0), 0};
}

void skb_of_tracepoint(struct emit *e, struct skb_packet *s, int skip)
{
	*s = (struct skb_packet){.p = {.object.source = &source_skb_packet, .l4_offset = -1},
				 .in_argument = true,
				 .dev = -1};
	s->skb = skb_argument(e);
	packet_version(e, &s->p, skb_field(e, s, "protocol"), skip);
	s->p.length = skb_field(e, s, "len");
}

void skb_of_version(const struct skb_packet *s, struct skb_packet *out, int version)
{
	*out = *s;
	out->p.object.nonnull = NONNULL_EQUAL;
	out->p.object.null_reg = s->p.version;
	out->p.object.null_eq = version;
}

int skb_network_header(struct emit *e, const struct skb_packet *s)
{
	int base = ir_reg(e->ir);

	ir_alu(e->ir, IR_ADD, base, skb_field(e, s, "head"), skb_field(e, s, "network_header"));
	return base;
}

void skb_headers_at(struct emit *e, struct skb_packet *s, int base, struct header_bytes own,
		    const struct needs *n)
{
	struct header_bytes read = bytes_to_read(own, n);

	header_rooms(e, &s->p);
	if (read.ip)
		IR_CALL(e->ir, -1, BPF_FUNC_probe_read_kernel, emit_address(e, s->p.ip),
			emit_const(e, read.ip), base);
	if (read.l4) {
		int from = ir_reg(e->ir);

		s->p.l4_offset = l4_offset(e, s);
		ir_alu(e->ir, IR_ADD, from, base, s->p.l4_offset);
		IR_CALL(e->ir, -1, BPF_FUNC_probe_read_kernel, emit_address(e, s->p.l4),
			emit_const(e, read.l4), from);
	}
}

/* --- at a cgroup hook --- */

static int context_field(struct emit *e, unsigned off)
{
	int reg = ir_reg(e->ir);

	ir_load(e->ir, reg, emit_ctx(e), off, 4);
	return reg;
}

static void load_bytes(struct emit *e, int ret, int offset, struct place to, unsigned n)
{
	IR_CALL(e->ir, ret, BPF_FUNC_skb_load_bytes, emit_ctx(e), offset, emit_address(e, to),
		emit_const(e, n));
}

#define V4_LEAST 28 /* bytes of the shortest packet: UDP without payload over v4 */

static void load_ip(struct emit *e, const struct packet *p, unsigned n, int skip)
{
	int ret = ir_reg(e->ir), zero = emit_const(e, 0), done, v4;

	if (n <= V4_LEAST) {
		load_bytes(e, ret, zero, p->ip, n);
		skip_if(e, IR_SLT, ret, 0, skip);
		return;
	}
	done = ir_label(e->ir);
	v4 = ir_label(e->ir);
	ir_branchi(e->ir, IR_EQ, p->version, 4, v4);
	load_bytes(e, ret, zero, p->ip, n);
	ir_jump(e->ir, done);
	ir_place(e->ir, v4);
	emit_zero(e, p->ip, IP_BYTES);
	load_bytes(e, ret, zero, p->ip, 20);
	ir_place(e->ir, done);
	skip_if(e, IR_SLT, ret, 0, skip);
}

void skb_of_cgroup(struct emit *e, struct skb_packet *s, struct header_bytes own,
		   const struct needs *n, int skip)
{
	struct header_bytes read = bytes_to_read(own, n);

	*s = (struct skb_packet){.p = {.object.source = &source_skb_packet, .l4_offset = -1},
				 .dev = -1};
	s->skb = (struct place){SPACE_KERNEL, emit_ctx(e), 0};
	s->p.length = context_field(e, offsetof(struct __sk_buff, len));
	packet_version(e, &s->p, context_field(e, offsetof(struct __sk_buff, protocol)), skip);
	header_rooms(e, &s->p);
	if (read.ip)
		load_ip(e, &s->p, read.ip, skip);
	if (read.l4) {
		int ret = ir_reg(e->ir);

		s->p.l4_offset = l4_offset(e, s);
		/* the options may be missing from the buffer's linear part, and from the packet */
		load_bytes(e, ret, s->p.l4_offset, s->p.l4, read.l4 > 20 ? 20 : read.l4);
		skip_if(e, IR_SLT, ret, 0, skip);
	}
}

/* --- members --- */

static const struct skb_packet *skb_of(const struct object *o)
{
	return (const struct skb_packet *)o;
}

static void member_skb(struct emit *e, const struct object *o, struct value *out)
{
	value_int(out, emit_number_of(e, skb_of(o)->skb));
}

static void member_dev(struct emit *e, const struct object *o, struct value *out)
{
	const struct skb_packet *s = skb_of(o);

	if (s->dev < 0) {
		value_pointer(out, s->skb.space, skb_field(e, s, "dev"), true);
		return;
	}
	value_pointer(out, SPACE_KERNEL, s->dev, true);
	out->typed = true; /* on one of the ways to here */
}

/* The address of a header in the buffer, which notes where it begins from its head on. */
static void member_header(struct emit *e, const struct object *o, struct value *out)
{
	value_int(out, skb_network_header(e, skb_of(o)));
}

static void member_transport(struct emit *e, const struct object *o, struct value *out)
{
	const struct skb_packet *s = skb_of(o);
	int reg = ir_reg(e->ir);

	ir_alu(e->ir, IR_ADD, reg, skb_field(e, s, "head"), skb_field(e, s, "transport_header"));
	value_int(out, reg);
}

static void carry(struct emit *e, struct object *o)
{
	struct skb_packet *s = (struct skb_packet *)o;

	packet_carry(e, &s->p);
	emit_carry_reg(e, &s->dev);
	if (!emit_resuming(e))
		return;
	s->skb = s->in_argument ? skb_argument(e) : (struct place){SPACE_KERNEL, emit_ctx(e), 0};
}

/* clang-format off */
static const struct source_member members[] = {
	{ "skb", member_skb },
	{ "version", packet_member_version },
	{ "length", packet_member_length },
	{ "header", member_header },
	{ "transport", member_transport },
	{ "ip4", packet_member_ip4, .header = HEADER_IP },
	{ "ip6", packet_member_ip6, .header = HEADER_IP },
	{ "tcp", packet_member_l4, .header = HEADER_L4 },
	{ "udp", packet_member_l4, .header = HEADER_L4 },
	{ "dev", member_dev },
	{ NULL },
};
/* clang-format on */

const struct object_source source_skb_packet = {
	.tag = "net_packet",
	.members = members,
	.carry = carry,
	.size = sizeof(struct skb_packet),
};
