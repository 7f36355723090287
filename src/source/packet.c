/* SPDX-License-Identifier: BSD-2-Clause */
/* What all packets have in common: the copies of their headers. */
#include "source/packet.h"

void skip_if(struct emit *e, enum ir_cond cond, int reg, int64_t imm, int skip)
{
	emit_branch_point(e);
	ir_branchi(e->ir, cond, reg, imm, skip);
}

int tracepoint_arg(struct emit *e, int i)
{
	static const char tags[8];
	int reg = emit_cached(e, &tags[i]);

	if (reg >= 0)
		return reg;
	reg = ir_reg(e->ir);
	ir_load(e->ir, reg, emit_ctx(e), i * 8, 8);
	emit_cache(e, &tags[i], reg);
	return reg;
}

/* ETH_P_IP and ETH_P_IPV6 as a little-endian machine loads them. */
#define PROTOCOL_IP 0x0008
#define PROTOCOL_IPV6 0xdd86

void packet_version(struct emit *e, struct packet *p, int protocol, int skip)
{
	int done = ir_label(e->ir);

	emit_branch_point(e);
	p->version = ir_reg(e->ir);
	ir_const(e->ir, p->version, 4);
	ir_branchi(e->ir, IR_EQ, protocol, PROTOCOL_IP, done);
	ir_const(e->ir, p->version, 6);
	ir_branchi(e->ir, IR_NE, protocol, PROTOCOL_IPV6, skip);
	ir_place(e->ir, done);
}

int packet_tcp_flags(struct emit *e, const struct packet *p)
{
	return emit_peek(e, place_at(p->l4, 13), 1);
}

static int word_at(struct emit *e, const struct packet *p, int off)
{
	int reg = ir_reg(e->ir);

	ir_swap(e->ir, reg, emit_peek(e, place_at(p->l4, off), 4), 4);
	return reg;
}

int packet_tcp_seq(struct emit *e, const struct packet *p)
{
	return word_at(e, p, 4);
}

int packet_tcp_ack(struct emit *e, const struct packet *p)
{
	return word_at(e, p, 8);
}

int packet_protocol(struct emit *e, const struct packet *p)
{
	int reg = ir_reg(e->ir), done = ir_label(e->ir);
	size_t mark;

	ir_mov(e->ir, reg, emit_peek(e, place_at(p->ip, 9), 1));
	ir_branchi(e->ir, IR_EQ, p->version, 4, done);
	mark = emit_scope(e);
	ir_mov(e->ir, reg, emit_peek(e, place_at(p->ip, 6), 1));
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
	return reg;
}

int packet_tcp_end(struct emit *e, const struct packet *p, int seq)
{
	int end = ir_reg(e->ir), header = ir_reg(e->ir), flags = packet_tcp_flags(e, p),
	    bit = ir_reg(e->ir);

	ir_alu(e->ir, IR_SUB, end, p->length, p->l4_offset);
	ir_alui(e->ir, IR_SHR, header, emit_peek(e, place_at(p->l4, 12), 1), 4);
	ir_alui(e->ir, IR_SHL, header, header, 2);
	ir_alu(e->ir, IR_SUB, end, end, header);
	ir_alu(e->ir, IR_ADD, end, end, seq);
	ir_alui(e->ir, IR_AND, bit, flags, TH_FIN);
	ir_alu(e->ir, IR_ADD, end, end, bit);
	ir_alui(e->ir, IR_AND, bit, flags, TH_SYN);
	ir_alui(e->ir, IR_SHR, bit, bit, 1);
	ir_alu(e->ir, IR_ADD, end, end, bit);
	ir_extend(e->ir, end, end, 4, false);
	return end;
}

/* --- members --- */

static const struct packet *packet_of(const struct object *o)
{
	return (const struct packet *)o;
}

void packet_member_length(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, packet_of(o)->length);
}

void packet_member_version(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, packet_of(o)->version);
}

static void header_pointer(struct value *out, struct place at, int version_reg, int version)
{
	*out = (struct value){.kind = VALUE_POINTER, .reg = -1, .at = at};
	if (!version)
		return;
	out->nonnull = NONNULL_EQUAL;
	out->null_reg = version_reg;
	out->null_eq = version;
}

void packet_member_ip4(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	header_pointer(out, packet_of(o)->ip, packet_of(o)->version, 4);
}

void packet_member_ip6(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	header_pointer(out, packet_of(o)->ip, packet_of(o)->version, 6);
}

void packet_member_l4(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	header_pointer(out, packet_of(o)->l4, 0, 0);
}

/* --- no packet --- */

/* Memory to point at where there is nothing: never read, since the pointer is NULL. */
static void nothing_pointer(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	*out = (struct value){.kind = VALUE_POINTER, .reg = -1, .nonnull = NONNULL_NEVER};
	out->at = (struct place){SPACE_STACK, ir_stack(e->ir, 40), 0};
}

static void nothing_number(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_int(out, emit_const(e, 0));
}

static void nothing_kernel(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_pointer(out, SPACE_KERNEL, emit_const(e, 0), true);
	out->nonnull = NONNULL_NEVER;
}

static void nothing_carried(struct emit *e, struct object *o)
{
	(void)e, (void)o;
}

void packet_carry(struct emit *e, struct packet *p)
{
	emit_carry_reg(e, &p->version);
	emit_carry_reg(e, &p->length);
	emit_carry_place(e, &p->ip);
	emit_carry_place(e, &p->l4);
	if (p->object.nonnull == NONNULL_EQUAL)
		p->object.null_reg = p->version;
}

void no_packet(struct packet *p)
{
	*p = (struct packet){.object = {.source = &source_no_packet, .nonnull = NONNULL_NEVER}};
}

/* clang-format off */
static const struct source_member no_packet_members[] = {
	{ "skb", nothing_number },    { "version", nothing_number },   { "length", nothing_number },
	{ "header", nothing_number }, { "transport", nothing_number }, { "ip4", nothing_pointer },
	{ "ip6", nothing_pointer },   { "tcp", nothing_pointer },      { "udp", nothing_pointer },
	{ "dev", nothing_kernel },    { NULL },
};
/* clang-format on */

const struct object_source source_no_packet = {
	.tag = "net_packet",
	.members = no_packet_members,
	.carry = nothing_carried,
	.size = sizeof(struct packet),
};
