/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A packet kept for a later hook: a copy of its headers, and where it was, in a
 * map's value.
 */
#include <stddef.h>

#include "source/packet.h"

struct kept {
	uint64_t until; /* for MAP_TIMED */
	uint64_t note;
	uint64_t skb, dev;
	uint32_t version, length;
	uint8_t ip[40], l4[24];
};

uint32_t kept_packet_size(void)
{
	return sizeof(struct kept);
}

/* -1: 0 */
static void store_word(struct emit *e, int copy, unsigned off, int reg)
{
	if (reg < 0)
		ir_stack_storei(e->ir, copy, off, 0, 8);
	else
		ir_stack_store(e->ir, copy, off, reg, 8);
}

struct place kept_packet_store(struct emit *e, const struct skb_packet *s, int until, int note)
{
	int copy = ir_stack(e->ir, sizeof(struct kept));
	struct place at = {SPACE_STACK, copy, 0};

	store_word(e, copy, offsetof(struct kept, until), until);
	store_word(e, copy, offsetof(struct kept, note), note);
	ir_stack_store(e->ir, copy, offsetof(struct kept, skb), s->skb.base, 8);
	ir_stack_store(e->ir, copy, offsetof(struct kept, dev), skb_field(e, s, "dev"), 8);
	ir_stack_store(e->ir, copy, offsetof(struct kept, version), s->p.version, 4);
	ir_stack_store(e->ir, copy, offsetof(struct kept, length), s->p.length, 4);
	emit_copy(e, place_at(at, offsetof(struct kept, ip)), s->p.ip, 40);
	emit_copy(e, place_at(at, offsetof(struct kept, l4)), s->p.l4, 20);
	ir_stack_storei(e->ir, copy, offsetof(struct kept, l4) + 20, 0, 4);
	return at;
}

static int field(struct emit *e, int address, unsigned off, unsigned size)
{
	return emit_peek(e, (struct place){SPACE_MAP, address, (int)off}, size);
}

void kept_packet_load(struct emit *e, struct kept_packet *k, int address)
{
	struct place at = {SPACE_MAP, address, 0};

	*k = (struct kept_packet){.p = {.object.source = &source_kept_packet, .l4_offset = -1}};
	k->skb = field(e, address, offsetof(struct kept, skb), 8);
	k->dev = field(e, address, offsetof(struct kept, dev), 8);
	k->note = field(e, address, offsetof(struct kept, note), 8);
	k->p.version = field(e, address, offsetof(struct kept, version), 4);
	k->p.length = field(e, address, offsetof(struct kept, length), 4);
	k->p.ip = emit_firing_copy(e, place_at(at, offsetof(struct kept, ip)), 40);
	k->p.l4 = emit_firing_copy(e, place_at(at, offsetof(struct kept, l4)), 24);
}

static void member_skb(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, ((const struct kept_packet *)o)->skb);
}

static void member_dev(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_pointer(out, SPACE_KERNEL, ((const struct kept_packet *)o)->dev, true);
}

/* The buffer is gone: there is no address in it. */
static void member_address(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_int(out, emit_const(e, 0));
}

static void carry(struct emit *e, struct object *o)
{
	struct kept_packet *k = (struct kept_packet *)o;

	packet_carry(e, &k->p);
	emit_carry_reg(e, &k->skb);
	emit_carry_reg(e, &k->dev);
}

/* clang-format off */
static const struct source_member members[] = {
	{ "skb", member_skb },
	{ "version", packet_member_version },
	{ "length", packet_member_length },
	{ "header", member_address },
	{ "transport", member_address },
	{ "ip4", packet_member_ip4, .header = HEADER_IP },
	{ "ip6", packet_member_ip6, .header = HEADER_IP },
	{ "tcp", packet_member_l4, .header = HEADER_L4 },
	{ "udp", packet_member_l4, .header = HEADER_L4 },
	{ "dev", member_dev },
	{ NULL },
};
/* clang-format on */

const struct object_source source_kept_packet = {
	.tag = "net_packet",
	.members = members,
	.carry = carry,
	.size = sizeof(struct kept_packet),
};
