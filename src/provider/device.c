/* SPDX-License-Identifier: BSD-2-Clause */
#include "provider/device.h"

#include "provider/kernel.h"

#define IFF_SLAVE 0x800

struct place device_of(struct emit *e, const struct skb_packet *s)
{
	return (struct place){SPACE_BTF, skb_field(e, s, "dev"), 0};
}

static int device_field(struct emit *e, const struct skb_packet *s, const char *path)
{
	return emit_peek_field(e, device_of(e, s), "net_device", path);
}

int device_marks(struct emit *e, const struct skb_packet *s, int64_t marks)
{
	int reg = ir_reg(e->ir);

	ir_alui(e->ir, IR_AND, reg, device_field(e, s, "priv_flags"), marks);
	return reg;
}

/*
 * IP neither gets packets from nor gives any to a device that is a port of a
 * bridge, bond or team: the master has them before or after, and is counted.
 */
void device_skip_ports(struct emit *e, const struct skb_packet *s, int skip)
{
	int slave = ir_reg(e->ir);

	skip_if(e, IR_NE, device_marks(e, s, kernel_port_flags(e)), 0, skip);
	ir_alui(e->ir, IR_AND, slave, device_field(e, s, "flags"), IFF_SLAVE);
	skip_if(e, IR_NE, slave, 0, skip);
}

/* A packet with a VLAN tag has been handed to the VLAN's device before. */
static void skip_tagged(struct emit *e, const struct skb_packet *s, int skip)
{
	skip_if(e, IR_NE, skb_field(e, s, kernel_vlan_field(e)), 0, skip);
}

/* --- link-layer addresses --- */

#define ETHERNET 1 /* ARPHRD_ETHER */
#define ADDRESS_SHIFT 16

/* Six bytes of memory as a number. */
static int ethernet_address(struct emit *e, int at)
{
	int reg = ir_reg(e->ir);

	ir_alui(e->ir, IR_SHL, reg, emit_peek(e, (struct place){SPACE_KERNEL, at, 0}, 8),
		ADDRESS_SHIFT);
	return reg;
}

/* The frame's link-layer header, which begins at `data` while a device has it. */
static void skip_other_source(struct emit *e, const struct skb_packet *s, int skip)
{
	int source = ir_reg(e->ir);

	ir_alui(e->ir, IR_ADD, source, skb_field(e, s, "data"), 6);
	emit_branch_point(e);
	ir_branch(e->ir, IR_NE, ethernet_address(e, source),
		  ethernet_address(e, device_field(e, s, "dev_addr")), skip);
}

/*
 * Frames that a device gets from elsewhere than from IP: from the macvlan above
 * it, which had them from IP; and from tc, which takes what another device has
 * received past IP. IP writes the device's own address as the source. Both tell
 * of themselves, so that the addresses need not be read of all packets.
 */
static void skip_other_devices(struct emit *e, const struct skb_packet *s, int skip)
{
	int ok = ir_label(e->ir), look = ir_label(e->ir);
	size_t mark = emit_scope(e);
	int64_t port;

	ir_branchi(e->ir, IR_NE, skb_field(e, s, "skb_iif"), 0, look);
	if (emit_enumerator(e, "IFF_MACVLAN_PORT", &port))
		ir_branchi(e->ir, IR_NE, device_marks(e, s, port), 0, look);
	ir_jump(e->ir, ok);
	ir_place(e->ir, look);
	emit_scope_end(e, mark);
	ir_branchi(e->ir, IR_NE, device_field(e, s, "type"), ETHERNET, ok);
	skip_other_source(e, s, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

void device_skip_passed_on(struct emit *e, const struct skb_packet *s, int skip)
{
	device_skip_ports(e, s, skip);
	skip_tagged(e, s, skip);
	skip_other_devices(e, s, skip);
}
