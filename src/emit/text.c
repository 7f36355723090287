/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings as bytes in memory, NUL-padded to their capacity. */
#include <string.h>

#include "emit/emit_impl.h"
#include "routines/routines.h"

/* A kernel name's words, with what follows the NUL cleared. */
void text_name_clean(struct emit *e, const struct value *v, int *w0, int *w1)
{
	int label = ir_label(e->ir), t = ir_reg(e->ir), u = ir_reg(e->ir);
	int out[2] = {ir_reg(e->ir), ir_reg(e->ir)};

	for (int i = 0; i < 2; i++) {
		int next = ir_label(e->ir);

		/* t: the high bit of each byte that is 0, the lowest of them exactly */
		ir_mov(e->ir, out[i], v->word[i]);
		ir_alui(e->ir, IR_SUB, t, out[i], 0x0101010101010101);
		ir_not(e->ir, u, out[i]);
		ir_alu(e->ir, IR_AND, t, t, u);
		ir_alui(e->ir, IR_AND, t, t, (int64_t)0x8080808080808080);
		ir_branchi(e->ir, IR_EQ, t, 0, next);
		/* keep the bytes below: all bits under the lowest set one's byte */
		ir_alui(e->ir, IR_SUB, u, t, 1);
		ir_alu(e->ir, IR_XOR, t, t, u);
		ir_alui(e->ir, IR_SHR, t, t, 8);
		ir_alu(e->ir, IR_AND, out[i], out[i], t);
		if (i == 0) {
			ir_const(e->ir, out[1], 0);
			ir_jump(e->ir, label);
		}
		ir_place(e->ir, next);
	}
	ir_place(e->ir, label);
	*w0 = ir_reg(e->ir);
	*w1 = ir_reg(e->ir);
	ir_mov(e->ir, *w0, out[0]);
	ir_mov(e->ir, *w1, out[1]);
}

uint64_t text_word(const char *text, unsigned word)
{
	char b[8] = {0};
	size_t n = strlen(text);

	if (n > word * 8)
		memcpy(b, text + word * 8, n - word * 8 > 8 ? 8 : n - word * 8);
	uint64_t w;
	memcpy(&w, b, 8);
	return w;
}

static void zero_from(struct emit *e, struct place to, uint32_t from, uint32_t cap)
{
	if (from < cap)
		emit_zero(e, place_at(to, from), cap - from);
}

/* From here on it is looked up. */
#define KNOWN_MAX 128

static void known_to_bytes(struct emit *e, const char *text, struct place to, uint32_t cap)
{
	for (uint32_t i = 0; i < cap / 8; i++)
		emit_store(e, place_at(to, i * 8), emit_const(e, text_word(text, i)), 8);
}

static void literal_to_bytes(struct emit *e, int id, struct place to, uint32_t cap)
{
	uint32_t stride = string_stride(e), n = cap < stride ? cap : stride;

	emit_copy(e, to, string_bytes(e, id), n);
	zero_from(e, to, n, cap);
}

/* The routine writes ADDR_TEXT bytes, and nothing of value beyond them up to ADDR_ROOM. */
#define ADDR_ROOM 72

static void address_to_bytes(struct emit *e, const struct value *v, struct place to, uint32_t cap)
{
	int address = ir_label(e->ir), done = ir_label(e->ir);
	int args[] = {emit_address(e, to), v->word[0], v->word[1], v->word[2]};

	ir_branchi(e->ir, IR_NE, v->word[2], 0, address);
	literal_to_bytes(e, v->word[0], to, cap);
	ir_jump(e->ir, done);
	ir_place(e->ir, address);
	ir_call_support(e->ir, -1, ROUTINE_ADDR_TEXT, 4, args);
	for (uint32_t i = emit_text_size(e) - 1; i < cap && cap < ADDR_TEXT; i++)
		emit_store(e, place_at(to, i), emit_const(e, 0), 1); /* cut off */
	zero_from(e, to, ADDR_TEXT, cap);
	ir_place(e->ir, done);
}

static void name_to_bytes(struct emit *e, const struct value *v, struct place to, uint32_t cap)
{
	int word[2];

	text_name_clean(e, v, &word[0], &word[1]);
	emit_store(e, to, word[0], 8);
	emit_store(e, place_at(to, 8), word[1], 8);
	zero_from(e, to, 16, cap);
}

void text_store(struct emit *e, const struct value *v, struct place to, uint32_t cap)
{
	if (v->literal >= 0 && cap < KNOWN_MAX) {
		known_to_bytes(e, e->state->string.all.at[v->literal], to, cap);
		return;
	}
	switch (v->rep.rep) {
	case REP_NONE:
		break;
	case REP_LITERAL:
		literal_to_bytes(e, v->word[0], to, cap);
		break;
	case REP_NAME:
		name_to_bytes(e, v, to, cap);
		break;
	case REP_ADDR:
		address_to_bytes(e, v, to, cap);
		break;
	case REP_SYMBOL:
	case REP_CGROUP:
	case REP_NETNS:
		emit_error(e, (struct loc){0}, "D_SYMBOL_TEXT",
			   "the name of a place in the kernel's code, of a cgroup or of a network "
			   "namespace is made where it is printed: it can be compared by == and "
			   "!=, kept and be a key, and no more");
		break;
	case REP_BYTES:
		emit_copy(e, to, v->bytes, v->rep.cap);
		zero_from(e, to, v->rep.cap, cap);
		break;
	}
}

uint32_t text_room(struct strrep rep, uint32_t cap)
{
	return rep.rep == REP_ADDR && cap < ADDR_ROOM ? ADDR_ROOM : cap;
}

void text_to_bytes(struct emit *e, struct value *v, uint32_t cap)
{
	struct place to;

	if (v->rep.rep == REP_BYTES && v->rep.cap >= cap) {
		v->rep.cap = cap;
		return;
	}
	to = emit_room(e, text_room(v->rep, cap));
	text_store(e, v, to, cap);
	value_string(v, (struct strrep){REP_BYTES, cap});
	v->bytes = to;
}
