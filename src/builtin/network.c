/* SPDX-License-Identifier: BSD-2-Clause */
/* Subroutines for byte order and addresses. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"
#include "routines/routines.h"

/* Network to host order and back are one operation on this byte order. which: bytes. */
static void code_swap(struct emit *e, struct node *n, struct value *out)
{
	int reg = ir_reg(e->ir);

	ir_swap(e->ir, reg, emit_int(e, n->args), n->builtin->which);
	value_int(out, reg);
}

/* Where a pointer argument points. */
static struct place pointee(struct emit *e, struct node *arg)
{
	struct value v;

	emit_expr(e, arg, &v);
	if (v.kind == VALUE_INT)
		return (struct place){SPACE_KERNEL, v.reg, 0};
	return v.at;
}

static void address_value(struct emit *e, struct place at, int version, struct value *out)
{
	value_string(out, (struct strrep){REP_ADDR, ADDR_TEXT});
	if (version == 4) {
		out->word[0] = emit_load(e, at, 4, false);
		out->word[1] = emit_const(e, 0);
	} else {
		out->word[0] = emit_load(e, at, 8, false);
		out->word[1] = emit_load(e, place_at(at, 8), 8, false);
	}
	out->word[2] = emit_const(e, version);
}

/* which: version of IP */
static void code_inet_ntoa(struct emit *e, struct node *n, struct value *out)
{
	address_value(e, pointee(e, n->args), n->builtin->which, out);
}

#define FAMILY_INET 2 /* Linux's AF_INET, AF_INET6 */
#define FAMILY_INET6 10

/* inet_ntop(af, addr): af must be a constant, since it says how much is read. */
static bool check_inet_ntop(struct script *s, struct node *n)
{
	if (n->args->kind == NODE_INT &&
	    (n->args->value == FAMILY_INET || n->args->value == FAMILY_INET6))
		return true;
	diag_error(s->diag, n->args->loc, "D_PROTO_ARG",
		   "inet_ntop() takes AF_INET or AF_INET6 as its first argument");
	return false;
}

static void code_inet_ntop(struct emit *e, struct node *n, struct value *out)
{
	address_value(e, pointee(e, n->args->next), n->args->value == FAMILY_INET ? 4 : 6, out);
}

/* link_ntop(type, addr): the kind of hardware says how much is read. */
static const struct {
	uint64_t type; /* Linux's ARPHRD_* */
	unsigned length;
} links[] = {{1, 6}, {32, 20}};

static unsigned link_length(const struct node *type)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (type->kind == NODE_INT && type->value == links[i].type)
			return links[i].length;
	return 0;
}

static bool check_link_ntop(struct script *s, struct node *n)
{
	if (link_length(n->args))
		return true;
	diag_error(s->diag, n->args->loc, "D_PROTO_ARG",
		   "link_ntop() takes ARPHRD_ETHER or ARPHRD_INFINIBAND as its first argument");
	return false;
}

static uint32_t room_link_ntop(struct emit *e, struct node *n)
{
	(void)e;
	return 3 * link_length(n->args);
}

static void code_link_ntop(struct emit *e, struct node *n, struct value *out)
{
	unsigned length = link_length(n->args);
	struct place address = emit_text_room(e, length);
	struct text to = emit_text_new(e, 3 * length), text;

	emit_copy(e, address, (struct place){SPACE_KERNEL, emit_int(e, n->args->next), 0}, length);
	EMIT_TEXT_CALL(e, ROUTINE_LINK_TEXT, emit_address(e, address), emit_const(e, length),
		       emit_address(e, to.at), emit_text_mask(e));
	text = emit_text_new(e, emit_bytes_rep(e, 3 * length).cap);
	emit_text_copy(e, &text, emit_address(e, to.at));
	emit_text_value(&text, out);
}

/* cgroup_path(id), netns_name(inode): what names the number is the representation of the name. */
static void code_name(struct emit *e, struct node *n, struct value *out)
{
	emit_string_named(e, n->builtin->rep, emit_int(e, n->args), out);
}

#define S BUILTIN_SUBROUTINE
/* clang-format off */
const struct builtin builtin_network[] = {
	{ "cgroup_path", S, "string", "uint64_t", .code = code_name, .rep = REP_CGROUP },
	{ "htonl",      S, "uint32_t", "uint32_t", .code = code_swap, .which = 4 },
	{ "htonll",     S, "uint64_t", "uint64_t", .code = code_swap, .which = 8 },
	{ "htons",      S, "uint16_t", "uint16_t", .code = code_swap, .which = 2 },
	{ "inet_ntoa",  S, "string", "pointer", .code = code_inet_ntoa, .which = 4, .rep = REP_ADDR },
	{ "inet_ntoa6", S, "string", "pointer, [ integer", .code = code_inet_ntoa, .which = 6, .rep = REP_ADDR },
	{ "inet_ntop",  S, "string", "integer, pointer", .check = check_inet_ntop, .code = code_inet_ntop, .rep = REP_ADDR },
	{ "link_ntop",  S, "string", "integer, pointer", .check = check_link_ntop, .code = code_link_ntop, .rep = REP_BYTES, .room = room_link_ntop },
	{ "netns_name", S, "string", "uint64_t", .code = code_name, .rep = REP_NETNS },
	{ "ntohl",      S, "uint32_t", "uint32_t", .code = code_swap, .which = 4 },
	{ "ntohll",     S, "uint64_t", "uint64_t", .code = code_swap, .which = 8 },
	{ "ntohs",      S, "uint16_t", "uint16_t", .code = code_swap, .which = 2 },
	{ NULL },
};
/* clang-format on */
