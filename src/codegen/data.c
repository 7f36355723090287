/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values in memory: how a variable's value lies there, and stores into members,
 * elements of arrays, and what pointers point to.
 *
 * Structs, unions and arrays lie as C lays them out, and so does a number whose
 * address is taken; any other number has 64 bits.  Memory that a program may
 * write is its variables': a pointer that leads elsewhere is a fault.
 */
#include "codegen/gen.h"

bool data_is_text(const struct symbol *sym)
{
	return type_resolve(sym->type)->kind == TYPE_STRING;
}

bool data_is_composite(struct type *t)
{
	t = type_resolve(t);
	return type_is_struct(t) || t->kind == TYPE_ARRAY;
}

void data_number(const struct symbol *sym, int reg, struct value *out)
{
	if (type_resolve(sym->type)->kind == TYPE_POINTER)
		value_pointer(out, SPACE_KERNEL, reg, true);
	else
		value_int(out, reg);
}

void data_read(struct emit *e, const struct symbol *sym, struct place at, struct value *out)
{
	int reg;

	if (data_is_text(sym)) {
		emit_string_load(e, at, gen_place(sym)->rep.rep, out);
		return;
	}
	if (gen_place(sym)->as_in_c) {
		gen_load_value(e, at, sym->type, 0, 0, out);
		return;
	}
	reg = ir_reg(e->ir);
	ir_load(e->ir, reg, at.base, at.off, 8);
	data_number(sym, reg, out);
}

void data_write(struct emit *e, const struct symbol *sym, struct place at, const struct value *v)
{
	if (data_is_text(sym))
		emit_string_store(e, v, at);
	else if (gen_place(sym)->as_in_c)
		data_store(e, at, sym->type, 0, 0, v);
	else
		emit_store(e, at, emit_as_int(e, v), 8);
}

/* --- stores of values of any type --- */

/* Text, cut off or followed by zeros: an array may be full of it. */
static void store_text(struct emit *e, struct place to, const struct type *t, const struct value *v)
{
	uint32_t size = (uint32_t)t->size;
	uint32_t n = v->rep.cap < size ? v->rep.cap : size;

	emit_copy(e, to, v->bytes, n);
	if (n == size && t->kind == TYPE_STRING)
		emit_store(e, place_at(to, (int)size - 1), emit_const(e, 0), 1);
	if (n < size)
		emit_zero(e, place_at(to, (int)n), size - n);
}

/* The aligned unit that holds the bits is read, and written with the new ones. */
static void store_bits(struct emit *e, struct place at, uint32_t bit_offset, uint32_t bit_size,
		       int reg)
{
	unsigned size = 1;
	uint32_t unit, shift;
	int old, bits, all;
	uint64_t mask;

	for (;; size *= 2) {
		unit = bit_offset / (size * 8) * size;
		shift = bit_offset - unit * 8;
		if (shift + bit_size <= size * 8 || size == 8)
			break;
	}
	at = place_at(at, (int)unit);
	mask = (bit_size < 64 ? (1ull << bit_size) - 1 : ~0ull) << shift;
	old = ir_reg(e->ir);
	ir_alui(e->ir, IR_AND, old, emit_load(e, at, size, false), (int64_t)~mask);
	bits = ir_reg(e->ir);
	ir_alui(e->ir, IR_SHL, bits, reg, shift);
	ir_alui(e->ir, IR_AND, bits, bits, (int64_t)mask);
	all = ir_reg(e->ir);
	ir_alu(e->ir, IR_OR, all, old, bits);
	emit_store(e, at, all, size);
}

void data_store(struct emit *e, struct place at, struct type *t, uint32_t bit_offset,
		uint32_t bit_size, const struct value *v)
{
	struct type *r = type_resolve(t);

	emit_forget_loads(e);
	if (bit_size)
		store_bits(e, at, bit_offset, bit_size, emit_as_int(e, v));
	else if (v->kind == VALUE_STRING)
		store_text(e, at, r, v);
	else if (data_is_composite(r))
		emit_copy(e, at, v->at, (uint32_t)r->size);
	else
		emit_store(e, at, emit_as_int(e, v), r->size ? (unsigned)r->size : 8);
}

/* --- assignment to what is in memory --- */

/* The string that is to be stored there, as bytes. */
static void text_value(struct emit *e, struct node *target, struct node *right, struct value *out)
{
	uint32_t size = (uint32_t)type_resolve(target->type)->size;

	struct strrep room = emit_bytes_rep(e, size ? size : 1);

	gen_string_as(e, right, rep_join(gen_rep(e, right), room), out);
}

void data_value(struct emit *e, struct node *target, struct node *right, struct value *out)
{
	if (type_is_string(target->type))
		text_value(e, target, right, out);
	else if (data_is_composite(target->type))
		gen_expr(e, right, out);
	else
		value_int(out, emit_int(e, right));
}

/* Where the node is to be stored, and the bits of a bit-field. */
struct target {
	struct place at;
	uint32_t bit_offset, bit_size;
};

static struct target find_target(struct emit *e, struct node *n)
{
	struct target t = {.at = gen_lvalue_to_write(e, n)};

	if (n->kind == NODE_MEMBER && n->bit_size) {
		t.bit_offset = n->bit_offset % 8;
		t.bit_size = n->bit_size;
	}
	return t;
}

static void load_target(struct emit *e, const struct target *t, struct type *type,
			struct value *out)
{
	gen_load_value(e, t->at, type, t->bit_offset, t->bit_size, out);
}

/* As what is read there would come. */
static int as_stored(struct emit *e, const struct target *t, struct type *type, int reg)
{
	struct type *r = type_resolve(type);
	int out;

	if (!t->bit_size && (r->kind == TYPE_POINTER || r->size >= 8))
		return reg;
	out = ir_reg(e->ir);
	if (!t->bit_size) {
		ir_extend(e->ir, out, reg, (unsigned)r->size, r->is_signed);
		return out;
	}
	ir_alui(e->ir, IR_SHL, out, reg, 64 - t->bit_size);
	ir_alui(e->ir, r->is_signed ? IR_SAR : IR_SHR, out, out, 64 - t->bit_size);
	return out;
}

static void number_stored(struct emit *e, const struct target *t, struct type *type, int reg,
			  struct value *out)
{
	struct symbol as = {.type = type};

	data_number(&as, as_stored(e, t, type, reg), out);
}

static void store_number(struct emit *e, const struct target *t, struct type *type, int reg)
{
	struct value v;

	value_int(&v, reg);
	data_store(e, t->at, type, t->bit_offset, t->bit_size, &v);
}

/* A zero for a struct clears it. */
static void clear_target(struct emit *e, const struct target *t, struct type *type)
{
	uint32_t size = (uint32_t)type_resolve(type)->size;

	emit_forget_loads(e);
	emit_copy(e, t->at, (struct place){SPACE_MAP, emit_zeros(e, size), 0}, size);
}

/* Each member that a translator gives; the others are 0. */
static void assign_members(struct emit *e, struct node *n, struct value *out)
{
	struct target t = find_target(e, n->left);

	clear_target(e, &t, n->left->type);
	for (struct node *a = n->args; a; a = a->next) {
		struct member m;
		struct value v;
		uint32_t room = emit_scratch_mark(e);

		if (!types_member(e->script->types, type_resolve(n->left->type), a->name, &m, NULL))
			continue;
		data_value(e, &(struct node){.type = m.type}, a, &v);
		if (m.bit_size)
			data_store(e, t.at, m.type, m.bit_offset, m.bit_size, &v);
		else
			data_store(e, place_at(t.at, (int)(m.bit_offset / 8)), m.type, 0, 0, &v);
		emit_scratch_release(e, room);
	}
	*out = (struct value){.kind = VALUE_STRUCT, .at = t.at, .reg = -1};
}

void data_assign(struct emit *e, struct node *n, struct value *out)
{
	struct node *target = n->left;
	struct type *type = target->type, *common = n->operand_type;
	int64_t divisor = n->op == OP_NONE ? 0 : gen_divisor(n, common ? common : type);
	struct value v, old;
	struct target t;
	int b, reg;

	if (n->args) {
		assign_members(e, n, out);
		return;
	}
	if (n->op == OP_NONE && data_is_composite(type) && gen_is_zero(n->right)) {
		t = find_target(e, target);
		clear_target(e, &t, type);
		*out = (struct value){.kind = VALUE_STRUCT, .at = t.at, .reg = -1};
		return;
	}
	if (n->op == OP_NONE) {
		data_value(e, target, n->right, &v);
		t = find_target(e, target);
		data_store(e, t.at, type, t.bit_offset, t.bit_size, &v);
		if (v.kind == VALUE_INT)
			number_stored(e, &t, type, v.reg, out);
		else
			*out = v;
		return;
	}
	if (!common)
		common = type;
	b = divisor ? -1 : emit_convert(e, emit_int(e, n->right), n->right->type, common);
	t = find_target(e, target);
	load_target(e, &t, type, &old);
	reg = gen_arith(e, n->op, emit_convert(e, emit_as_int(e, &old), type, common), b, common,
			divisor);
	store_number(e, &t, type, reg);
	number_stored(e, &t, type, reg, out);
}

void data_increment(struct emit *e, struct node *n, int64_t step, bool post, struct value *out)
{
	struct type *type = n->left->type;
	struct target t = find_target(e, n->left);
	struct value old;
	int reg = ir_reg(e->ir);

	load_target(e, &t, type, &old);
	old.reg = emit_as_int(e, &old);
	ir_alui(e->ir, IR_ADD, reg, old.reg, step);
	store_number(e, &t, type, reg);
	if (post)
		*out = old;
	else
		number_stored(e, &t, type, reg, out);
}
