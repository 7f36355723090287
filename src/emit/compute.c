/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strings that subroutines look at and make.
 *
 * They lie in scratch memory, all of them: what a routine or a helper is given there
 * may be read, to the verifier, up to the end of the entry, and behind the last of
 * them there is room for a whole string and more.  So no index has to be compared
 * with a string's own size, and the code for a subroutine is a few calls in a row.
 */
#include <stddef.h>

#include "emit/emit_impl.h"
#include "routines/routines.h"
#include "routines/text.h"

/* A power of two that no string exceeds, nor the room for the digits of a number. */
static uint32_t span(const struct emit *e)
{
	uint32_t n = 128, most = string_stride(e);

	while (n < most)
		n *= 2;
	return n;
}

/* An index is at most span - 1, and a whole string may be written there. */
static void need_behind(struct emit *e)
{
	emit_room_behind(e, 2 * span(e) + 8);
}

int emit_text_mask(struct emit *e)
{
	return emit_const(e, span(e) - 1);
}

int emit_text_at(struct emit *e, struct place text, int index)
{
	int addr = ir_reg(e->ir);

	ir_alui(e->ir, IR_AND, addr, index, span(e) - 1);
	ir_alu(e->ir, IR_ADD, addr, emit_address(e, text), addr);
	return addr;
}

struct place emit_text_room(struct emit *e, uint32_t size)
{
	need_behind(e);
	return emit_scratch_room(e, (size + 7) & ~7u);
}

struct place emit_text_work(struct emit *e)
{
	return emit_text_room(e, sizeof(struct text_work));
}

static struct strrep plain_rep(struct emit *e, struct node *n)
{
	return n->kind == NODE_STRING ? emit_literal_rep(e, n->name) : emit_rep(e, n);
}

uint32_t emit_text_cap(struct emit *e, struct node *n)
{
	return emit_bytes_rep(e, plain_rep(e, n).cap).cap;
}

/* Bytes that are in scratch memory stay where they are. */
static struct place in_scratch(struct emit *e, const struct value *v, uint32_t cap)
{
	struct place to;

	need_behind(e);
	if (v->rep.rep == REP_BYTES && scratch_has(e, v->bytes))
		return v->bytes;
	to = emit_text_room(e, text_room(v->rep, cap));
	text_store(e, v, to, cap);
	return to;
}

void emit_text(struct emit *e, struct node *n, struct text *out)
{
	struct strrep rep = plain_rep(e, n);
	struct value v;

	out->cap = emit_text_cap(e, n);
	if (n->kind == NODE_STRING)
		emit_string_literal(e, n->name, &v);
	else
		emit_string_as(e, n, rep, &v);
	out->at = in_scratch(e, &v, out->cap);
}

struct text emit_text_new(struct emit *e, uint32_t cap)
{
	struct text t = {emit_text_room(e, cap), cap};

	emit_zero(e, t.at, cap);
	return t;
}

int emit_text_call(struct emit *e, int routine, int nargs, const int *args)
{
	int out = ir_reg(e->ir);

	ir_call_support(e->ir, out, routine, nargs, args);
	return out;
}

int emit_text_length(struct emit *e, struct place work, const struct text *t)
{
	return EMIT_TEXT_CALL(e, ROUTINE_TEXT_LENGTH, emit_address(e, work), emit_address(e, t->at),
			      emit_text_mask(e));
}

static int copy_string(struct emit *e, int to, uint32_t size, int from)
{
	int n = ir_reg(e->ir);

	IR_CALL(e->ir, n, BPF_FUNC_probe_read_kernel_str, to, emit_const(e, size), from);
	return n;
}

void emit_text_copy(struct emit *e, const struct text *to, int from)
{
	uint32_t most = emit_text_size(e);

	copy_string(e, emit_address(e, to->at), to->cap < most ? to->cap : most, from);
}

void emit_text_bytes(struct emit *e, const struct text *to, int from, int n)
{
	int bounded = ir_reg(e->ir);

	ir_alui(e->ir, IR_AND, bounded, n, span(e) - 1);
	IR_CALL(e->ir, -1, BPF_FUNC_probe_read_kernel, emit_address(e, to->at), bounded, from);
}

/* What lies behind the longest string that there may be. */
static void cut(struct emit *e, const struct text *t)
{
	for (uint32_t i = emit_text_size(e) - 1; i < t->cap; i++)
		emit_store(e, place_at(t->at, i), emit_const(e, 0), 1);
}

void emit_text_join(struct emit *e, const struct text *a, const struct text *b, uint32_t cap,
		    struct text *out)
{
	uint32_t both = a->cap + b->cap;
	int length, end = ir_reg(e->ir);

	*out = (struct text){emit_text_room(e, both > cap ? both : cap), cap};
	emit_zero(e, out->at, cap);
	length = copy_string(e, emit_address(e, out->at), a->cap, emit_address(e, a->at));
	ir_alui(e->ir, IR_SUB, end, length, 1);
	copy_string(e, emit_text_at(e, out->at, end), b->cap, emit_address(e, b->at));
	cut(e, out);
}

void emit_text_value(const struct text *t, struct value *out)
{
	value_string(out, (struct strrep){REP_BYTES, t->cap});
	out->bytes = t->at;
}

int compute_compare(struct emit *e, const struct value *a, const struct value *b)
{
	struct place work = emit_text_work(e), x = in_scratch(e, a, a->rep.cap),
		     y = in_scratch(e, b, b->rep.cap);

	return EMIT_TEXT_CALL(e, ROUTINE_TEXT_COMPARE, emit_address(e, work), emit_address(e, x),
			      emit_address(e, y), emit_const(e, a->rep.cap), emit_text_mask(e));
}
