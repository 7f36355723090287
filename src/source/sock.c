/* SPDX-License-Identifier: BSD-2-Clause */
/* What the sources of sockets share. */
#include "source/sock.h"

#include <stddef.h>

int sock_field(struct emit *e, struct place sk, const char *path)
{
	return emit_peek_field(e, sk, "sock", path);
}

int sock_remote_port(struct emit *e, struct place sk)
{
	int port = ir_reg(e->ir);

	ir_swap(e->ir, port, sock_field(e, sk, "__sk_common.skc_dport"), 2);
	return port;
}

static int words_of(struct emit *e, struct place sk, const char *path, int i)
{
	struct field f = emit_field(e, "sock", path);

	return emit_peek(e, place_at(sk, f.bit_offset / 8 + i * 8), 8);
}

/* ::ffff:a.b.c.d in the second word of an address, little endian. */
#define MAPPED_PREFIX 0xffff0000

void sock_address(struct emit *e, struct place sk, bool local, int word[3])
{
	static const char *const v4_path[] = {"__sk_common.skc_daddr", "__sk_common.skc_rcv_saddr"};
	static const char *const v6_path[] = {"__sk_common.skc_v6_daddr",
					      "__sk_common.skc_v6_rcv_saddr"};
	int v4 = ir_label(e->ir), v6 = ir_label(e->ir), done = ir_label(e->ir), t, d0, d1;
	size_t mark = emit_scope(e);

	for (int i = 0; i < 3; i++)
		word[i] = ir_reg(e->ir);
	t = ir_reg(e->ir);
	ir_branchi(e->ir, IR_NE, sock_field(e, sk, "__sk_common.skc_family"), FAMILY_INET6, v4);

	/* a v6 socket whose remote end is a mapped v4 address carries v4 */
	d0 = words_of(e, sk, v6_path[0], 0);
	d1 = words_of(e, sk, v6_path[0], 1);
	ir_branchi(e->ir, IR_NE, d0, 0, v6);
	ir_extend(e->ir, t, d1, 4, false);
	ir_branchi(e->ir, IR_EQ, t, MAPPED_PREFIX, v4);
	ir_place(e->ir, v6);
	ir_mov(e->ir, word[0], words_of(e, sk, v6_path[local], 0));
	ir_mov(e->ir, word[1], words_of(e, sk, v6_path[local], 1));
	ir_const(e->ir, word[2], 6);
	ir_jump(e->ir, done);
	emit_scope_end(e, mark);

	ir_place(e->ir, v4);
	ir_mov(e->ir, word[0], sock_field(e, sk, v4_path[local]));
	ir_const(e->ir, word[1], 0);
	ir_const(e->ir, word[2], 4);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
}

void socket_zone_value(struct emit *e, struct place sk, struct value *out)
{
	value_int(out, net_zone(e, sock_field(e, sk, "__sk_common.skc_net.net")));
}

int net_zone(struct emit *e, int net)
{
	return emit_peek_field(e, (struct place){SPACE_KERNEL, net, 0}, "net", "ns.inum");
}

int device_net(struct emit *e, int dev)
{
	return emit_peek_field(e, (struct place){SPACE_KERNEL, dev, 0}, "net_device", "nd_net.net");
}

/* --- 4-tuples --- */

struct tuple {
	uint64_t net; /* struct net * */
	uint64_t local[2], remote[2];
	uint64_t ports; /* local << 16 | remote, host order */
};

uint32_t tuple_size(void)
{
	return sizeof(struct tuple);
}

struct place tuple_of_ends(struct emit *e, int net, const struct ends *ends)
{
	struct place to = {SPACE_STACK, ir_stack(e->ir, sizeof(struct tuple)), 0};
	int ports = ir_reg(e->ir);

	ir_alui(e->ir, IR_SHL, ports, ends->lport, 16);
	ir_alu(e->ir, IR_OR, ports, ports, ends->rport);
	ir_stack_store(e->ir, to.base, offsetof(struct tuple, net), net, 8);
	for (int i = 0; i < 2; i++) {
		ir_stack_store(e->ir, to.base, offsetof(struct tuple, local) + i * 8,
			       ends->local[i], 8);
		ir_stack_store(e->ir, to.base, offsetof(struct tuple, remote) + i * 8,
			       ends->remote[i], 8);
	}
	ir_stack_store(e->ir, to.base, offsetof(struct tuple, ports), ports, 8);
	return to;
}

struct place tuple_of_context(struct emit *e)
{
	struct place to = {SPACE_STACK, ir_stack(e->ir, sizeof(struct tuple)), 0};

	for (unsigned off = 0; off < sizeof(struct tuple); off += 8) {
		int word = ir_reg(e->ir);

		ir_load(e->ir, word, emit_ctx(e), (int)off, 8);
		ir_stack_store(e->ir, to.base, (int)off, word, 8);
	}
	return to;
}

int tuple_over(struct emit *e, int map, struct place key, bool ends, int skip)
{
	int at = emit_map_lookup(e, map, key), until = ir_reg(e->ir), over = ir_label(e->ir);
	size_t mark;

	skip_if(e, IR_EQ, at, 0, skip);
	mark = emit_scope(e);
	if (ends)
		ir_branchi(e->ir, IR_NE, emit_control(e, offsetof(struct control, ending), 4), 0,
			   over);
	ir_load(e->ir, until, at, 0, 8);
	emit_branch_point(e);
	ir_branch(e->ir, IR_UGT, until, emit_time(e), skip);
	emit_scope_end(e, mark);
	ir_place(e->ir, over);
	return at;
}

static int port_at(struct emit *e, const struct packet *p, int off)
{
	int port = ir_reg(e->ir);

	ir_swap(e->ir, port, emit_peek(e, place_at(p->l4, off), 2), 2);
	return port;
}

/* sent: the packet's source is the local end */
static struct place tuple_of_packet(struct emit *e, const struct packet *p, int net, bool sent)
{
	int v6 = ir_label(e->ir), done = ir_label(e->ir);
	struct ends ends = {0};
	int *from = sent ? ends.local : ends.remote, *to = sent ? ends.remote : ends.local;
	size_t mark;

	for (int i = 0; i < 2; i++) {
		ends.local[i] = ir_reg(e->ir);
		ends.remote[i] = ir_reg(e->ir);
	}
	ir_branchi(e->ir, IR_EQ, p->version, 6, v6);
	mark = emit_scope(e);
	ir_mov(e->ir, from[0], emit_peek(e, place_at(p->ip, 12), 4));
	ir_mov(e->ir, to[0], emit_peek(e, place_at(p->ip, 16), 4));
	ir_const(e->ir, ends.remote[1], 0);
	ir_const(e->ir, ends.local[1], 0);
	ir_jump(e->ir, done);
	emit_scope_end(e, mark);
	ir_place(e->ir, v6);
	for (int i = 0; i < 2; i++) {
		ir_mov(e->ir, from[i], emit_peek(e, place_at(p->ip, 8 + i * 8), 8));
		ir_mov(e->ir, to[i], emit_peek(e, place_at(p->ip, 24 + i * 8), 8));
	}
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
	ends.rport = port_at(e, p, sent ? 2 : 0);
	ends.lport = port_at(e, p, sent ? 0 : 2);
	return tuple_of_ends(e, net, &ends);
}

struct place tuple_of_received(struct emit *e, const struct packet *p, int net)
{
	return tuple_of_packet(e, p, net, false);
}

struct place tuple_of_sent(struct emit *e, const struct packet *p, int net)
{
	return tuple_of_packet(e, p, net, true);
}

/* --- states --- */

/* One nibble for each of the kernel's states: FreeBSD's number (a register). */
#define STATE_MAP 0x371850a963240ull

static int state_number(struct emit *e, int kernel)
{
	int shift = ir_reg(e->ir), map = emit_const(e, STATE_MAP), out = ir_reg(e->ir);

	ir_alui(e->ir, IR_SHL, shift, kernel, 2);
	ir_alu(e->ir, IR_SHR, out, map, shift);
	ir_alui(e->ir, IR_AND, out, out, 0xf);
	return out;
}

static void state_value(struct emit *e, int kernel, const void *tag, struct value *out)
{
	int reg = emit_cached(e, tag);

	if (reg < 0) {
		reg = kernel < 0 ? emit_const(e, 0) : state_number(e, kernel);
		emit_cache(e, tag, reg);
	}
	value_int(out, reg);
}

void socket_state_value(struct emit *e, int kernel, struct value *out)
{
	static const char tag[] = "state";

	state_value(e, kernel, tag, out);
}

void socket_last_value(struct emit *e, int kernel, struct value *out)
{
	static const char tag[] = "last";

	state_value(e, kernel, tag, out);
}

/* Its words are found once in a firing. */
void socket_address_value(struct emit *e, struct place sk, bool local, struct value *out)
{
	static const char tags[2][3];

	value_string(out, (struct strrep){REP_ADDR, ADDR_TEXT});
	if (emit_cached(e, &tags[local][2]) >= 0) {
		for (int i = 0; i < 3; i++)
			out->word[i] = emit_cached(e, &tags[local][i]);
		return;
	}
	sock_address(e, sk, local, out->word);
	for (int i = 0; i < 3; i++)
		emit_cache(e, &tags[local][i], out->word[i]);
}

/* --- the socket of a cgroup program --- */

/* if (!(states >> sk->state & 1)) goto skip; the one test that needs no call, so it comes first */
static void skip_states(struct emit *e, int sk, unsigned states, int skip)
{
	int state = ir_reg(e->ir), bit;

	ir_load(e->ir, state, sk, offsetof(struct bpf_sock, state), 4);
	if (!(states & (states - 1))) {
		skip_if(e, IR_NE, state, __builtin_ctz(states), skip);
		return;
	}
	bit = ir_reg(e->ir);
	ir_alu(e->ir, IR_SHR, bit, emit_const(e, states), state);
	ir_alui(e->ir, IR_AND, bit, bit, 1);
	skip_if(e, IR_EQ, bit, 0, skip);
}

int cgroup_socket_again(struct emit *e, int none)
{
	int sk = ir_reg(e->ir);

	ir_load(e->ir, sk, emit_ctx(e), offsetof(struct __sk_buff, sk), 8);
	skip_if(e, IR_EQ, sk, 0, none);
	return sk;
}

int cgroup_socket(struct emit *e, int type, int protocol, unsigned states, int skip)
{
	int sk = cgroup_socket_again(e, skip), full = ir_reg(e->ir), field = ir_reg(e->ir);

	if (states)
		skip_states(e, sk, states, skip);
	IR_CALL(e->ir, full, BPF_FUNC_sk_fullsock, sk);
	skip_if(e, IR_EQ, full, 0, skip);
	ir_load(e->ir, field, full, offsetof(struct bpf_sock, protocol), 4);
	skip_if(e, IR_NE, field, protocol, skip);
	/* The kernel's control sockets for resets are raw ones: see control_segment(). */
	ir_load(e->ir, field, full, offsetof(struct bpf_sock, type), 4);
	skip_if(e, IR_NE, field, type, skip);
	return sk;
}

/* --- of what nothing is known --- */

void socket_member_none(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_int(out, emit_const(e, 0));
}

void socket_member_null(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_pointer(out, SPACE_KERNEL, emit_const(e, 0), false);
	out->nonnull = NONNULL_NEVER;
}

void socket_member_unknown(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	emit_string_literal(e, "<unknown>", out);
	emit_string_convert(e, out, (struct strrep){REP_ADDR, ADDR_TEXT});
}
