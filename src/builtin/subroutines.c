/* SPDX-License-Identifier: BSD-2-Clause */
/* The subroutines. aux of those that give a string: its representation + 1. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "codegen/cg.h"

/* Network to host order and back are one operation on this byte order. */
static void code_swap(struct codegen *cg, struct node *n, struct value *out)
{
	int reg = ir_reg(cg->ir);

	ir_swap(cg->ir, reg, cg_int(cg, n->args), n->builtin->aux);
	cg_value_int(out, reg);
}

/* Where a pointer argument points. */
static struct place pointee(struct codegen *cg, struct node *arg)
{
	struct value v;

	cg_expr(cg, arg, &v);
	if (v.kind == VALUE_INT)
		return (struct place){SPACE_KERNEL, v.reg, 0};
	return v.at;
}

static void address_value(struct codegen *cg, struct place at, int family, struct value *out)
{
	*out = (struct value){.kind = VALUE_STRING, .rep = {REP_ADDR, 48}, .literal = -1};
	if (family == 4) {
		out->word[0] = cg_load(cg, at, 4, false);
		out->word[1] = cg_const(cg, 0);
	} else {
		out->word[0] = cg_load(cg, at, 8, false);
		out->word[1] = cg_load(cg, cg_place_at(at, 8), 8, false);
	}
	out->word[2] = cg_const(cg, family);
}

static void code_inet_ntoa(struct codegen *cg, struct node *n, struct value *out)
{
	address_value(cg, pointee(cg, n->args),
		      n->builtin->aux == REP_ADDR + 1 && n->builtin->name[9] ? 6 : 4, out);
}

/* inet_ntop(af, addr): af must be a constant, since it says how much is read. */
static bool check_inet_ntop(struct script *s, struct node *n)
{
	if (n->args->kind == NODE_INT && (n->args->value == 2 || n->args->value == 10))
		return true;
	diag_error(s->diag, n->args->loc, "D_PROTO_ARG",
		   "inet_ntop() takes AF_INET or AF_INET6 as its first argument");
	return false;
}

static void code_inet_ntop(struct codegen *cg, struct node *n, struct value *out)
{
	address_value(cg, pointee(cg, n->args->next), n->args->value == 2 ? 4 : 6, out);
}

#define S BUILTIN_SUBROUTINE
/* clang-format off */
const struct builtin builtin_subroutines[] = {
	{ "htonl",      S, "uint32_t", "uint32_t", .code = code_swap, .aux = 4 },
	{ "htonll",     S, "uint64_t", "uint64_t", .code = code_swap, .aux = 8 },
	{ "htons",      S, "uint16_t", "uint16_t", .code = code_swap, .aux = 2 },
	{ "inet_ntoa",  S, "string", "pointer", .code = code_inet_ntoa, .aux = REP_ADDR + 1 },
	{ "inet_ntoa6", S, "string", "pointer", .code = code_inet_ntoa, .aux = REP_ADDR + 1 },
	{ "inet_ntop",  S, "string", "integer, pointer", .check = check_inet_ntop, .code = code_inet_ntop, .aux = REP_ADDR + 1 },
	{ "ntohl",      S, "uint32_t", "uint32_t", .code = code_swap, .aux = 4 },
	{ "ntohll",     S, "uint64_t", "uint64_t", .code = code_swap, .aux = 8 },
	{ "ntohs",      S, "uint16_t", "uint16_t", .code = code_swap, .aux = 2 },
	{ NULL },
};
/* clang-format on */
