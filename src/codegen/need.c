/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What clauses need of an event: bits of the members that they read, and how far
 * into which header they look.  Found in the tree, clause by clause and probe by
 * probe, before any code is made.
 */
#include <string.h>

#include "builtin/builtin.h"
#include "codegen/gen.h"

static void walk(struct needs *out, const struct node *n);

const struct source_member *gen_source_member(const struct node *n)
{
	struct type *t;

	if (n->kind != NODE_MEMBER || n->xmember || !n->left->type)
		return NULL;
	t = type_resolve(n->left->type);
	if (t->kind == TYPE_POINTER)
		t = type_resolve(t->base);
	return t->name ? source_member_of(t->name, n->name) : NULL;
}

/* A pointer to a header, through whatever inlines and translators it came. */
static enum header header_of(const struct node *n)
{
	const struct source_member *m = gen_source_member(n);

	return m ? m->header : HEADER_NONE;
}

static void need_bytes(struct needs *out, enum header h, uint64_t bytes)
{
	if (h != HEADER_NONE && bytes > out->bytes[h])
		out->bytes[h] = bytes;
}

/* The last byte of a header's member that the node names; 0 if it is no such thing. */
static uint64_t extent(const struct node *n, enum header *h)
{
	uint64_t size = type_resolve(n->type)->size, end;

	if (n->kind != NODE_MEMBER || n->op != OP_ARROW)
		return 0;
	*h = header_of(n->left);
	if (*h == HEADER_NONE)
		return 0;
	end = n->bit_size ? (n->bit_offset + n->bit_size + 7) / 8 : n->bit_offset / 8 + size;
	return end ? end : 1;
}

static void walk_list(struct needs *out, const struct node *n)
{
	for (; n; n = n->next)
		walk(out, n);
}

/* A pointer to a header that is only tested for NULL reads nothing of it. */
static bool only_tested(const struct node *n)
{
	return n->kind == NODE_BINARY && (n->op == OP_EQ || n->op == OP_NE) &&
	       gen_is_zero(n->right) && header_of(n->left) != HEADER_NONE;
}

static void walk_member(struct needs *out, const struct node *n)
{
	const struct source_member *m = gen_source_member(n);
	enum header h;
	uint64_t end;

	if (n->xmember) {
		walk(out, n->left);
		walk(out, n->xmember->expr);
		return;
	}
	if (m) {
		out->bits |= m->needs;
		if (m->header != HEADER_NONE) /* as a whole, whatever becomes of it */
			need_bytes(out, m->header, type_resolve(type_resolve(n->type)->base)->size);
		walk(out, n->left);
		return;
	}
	end = extent(n, &h);
	if (end) {
		need_bytes(out, h, end);
		walk(out, n->left->left);
		return;
	}
	walk(out, n->left);
}

/* &header->member as an argument: what is called reads the member. */
static void walk_argument(struct needs *out, const struct node *n)
{
	enum header h;
	uint64_t end;

	if (n->kind == NODE_UNARY && n->op == OP_ADDR) {
		end = extent(n->left, &h);
		if (end) {
			need_bytes(out, h, end);
			return;
		}
	}
	walk(out, n);
}

/* &header->member in an expression may lead anywhere in the header. */
static void walk_address(struct needs *out, const struct node *n)
{
	enum header h;

	if (extent(n->left, &h))
		walk(out, n->left->left);
	else
		walk(out, n->left);
}

static void walk_symbol(struct needs *out, const struct node *n)
{
	const struct builtin *b = n->builtin;

	if (n->sym && n->sym->kind == SYM_BUILTIN)
		b = n->sym->builtin;
	if (b)
		out->bits |= b->needs;
	if (n->sym && n->sym->kind == SYM_INLINE && n->sym->expr)
		walk(out, n->sym->expr);
}

static void walk(struct needs *out, const struct node *n)
{
	if (!n || only_tested(n))
		return;
	switch (n->kind) {
	case NODE_MEMBER:
		walk_member(out, n);
		return;
	case NODE_CALL:
		for (const struct node *a = n->args; a; a = a->next)
			walk_argument(out, a);
		return;
	case NODE_UNARY:
		if (n->op == OP_ADDR) {
			walk_address(out, n);
			return;
		}
		break;
	case NODE_NAME:
	case NODE_INDEX:
		walk_symbol(out, n);
		break;
	default:
		break;
	}
	walk(out, n->left);
	walk_list(out, n->right); /* of an if: statements */
	walk_list(out, n->third);
	walk_list(out, n->args);
}

static void join(struct needs *all, const struct needs *clause)
{
	all->bits |= clause->bits;
	all->timed += (clause->bits & NEED_TIME) != 0;
	for (int h = 0; h < HEADERS; h++)
		if (clause->bytes[h] > all->bytes[h])
			all->bytes[h] = clause->bytes[h];
}

void codegen_needs(struct clause *const *clauses, int n, struct needs *out)
{
	for (int i = 0; i < n; i++) {
		struct needs one = {0};

		walk(&one, clauses[i]->predicate);
		walk_list(&one, clauses[i]->body);
		join(out, &one);
	}
}
