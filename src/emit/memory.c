/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads, stores and copies.
 *
 * A place says what kind of memory it is: what the verifier knows as a kernel
 * struct (BTF), our stack and maps are read directly; any other kernel address
 * goes through bpf_probe_read_kernel(), and an unreadable one ends the clause.
 */
#include "emit/emit_impl.h"

int emit_const(struct emit *e, int64_t v)
{
	int reg = ir_reg(e->ir);

	ir_const(e->ir, reg, v);
	return reg;
}

int emit_address(struct emit *e, struct place at)
{
	int reg = ir_reg(e->ir);

	if (at.space == SPACE_STACK)
		ir_stack_addr(e->ir, reg, at.base, at.off);
	else if (at.off)
		ir_alui(e->ir, IR_ADD, reg, at.base, at.off);
	else
		return at.base;
	return reg;
}

/*
 * A pointer that the verifier knows, as a number to calculate with: it allows no
 * arithmetic on pointers, but does not follow them through memory that a helper
 * reads.
 */
int emit_number_of(struct emit *e, struct place at)
{
	static const char tag[] = "number";
	int addr = emit_address(e, at), reg = cache_find(e, tag, at, 8);
	int obj, from, to;

	if (at.space == SPACE_KERNEL && at.base != e->state->ctx)
		return addr;
	if (reg >= 0)
		return reg;
	obj = ir_stack(e->ir, 16);
	from = ir_reg(e->ir);
	to = ir_reg(e->ir);
	reg = ir_reg(e->ir);
	ir_stack_store(e->ir, obj, 0, addr, 8);
	ir_stack_addr(e->ir, from, obj, 0);
	ir_stack_addr(e->ir, to, obj, 8);
	IR_CALL(e->ir, -1, BPF_FUNC_probe_read_kernel, to, emit_const(e, 8), from);
	ir_stack_load(e->ir, reg, obj, 8, 8);
	cache_add(e, tag, at, 8, reg);
	return reg;
}

int memory_probe_read(struct emit *e, struct place to, struct place at, uint32_t size)
{
	int ret = ir_reg(e->ir);

	IR_CALL(e->ir, ret, BPF_FUNC_probe_read_kernel, emit_address(e, to), emit_const(e, size),
		emit_address(e, at));
	return ret;
}

void memory_load_word(struct emit *e, struct place at, int reg, unsigned size)
{
	if (at.space == SPACE_STACK)
		ir_stack_load(e->ir, reg, at.base, at.off, size);
	else
		ir_load(e->ir, reg, at.base, at.off, size);
}

void emit_store(struct emit *e, struct place to, int reg, unsigned size)
{
	if (to.space == SPACE_STACK)
		ir_stack_store(e->ir, to.base, to.off, reg, size);
	else
		ir_store(e->ir, to.base, to.off, reg, size);
}

/* From here on one call is shorter than the loads and stores, and hardly slower. */
#define COPY_BY_CALL 128
#define ZERO_BY_CALL 512

static unsigned widest(uint32_t left)
{
	return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/* On the stack up to a multiple of 8: an object there has that much. */
void emit_zero(struct emit *e, struct place to, uint32_t size)
{
	if (to.space == SPACE_STACK) {
		for (uint32_t i = 0; i < size; i += 8)
			ir_stack_storei(e->ir, to.base, to.off + i, 0, 8);
		return;
	}
	if (size >= ZERO_BY_CALL) {
		struct place zeros = {SPACE_MAP, emit_zeros(e, size), 0};

		memory_probe_read(e, to, zeros, size);
		return;
	}
	for (uint32_t i = 0; i < size; i += widest(size - i))
		ir_storei(e->ir, to.base, to.off + i, 0, widest(size - i));
}

void emit_copy(struct emit *e, struct place to, struct place from, uint32_t size)
{
	int word;

	/* The verifier knows a kernel struct member by member, not as bytes. */
	if (from.space == SPACE_KERNEL || from.space == SPACE_BTF) {
		int ret = memory_probe_read(e, to, from, size);

		emit_fault_if(e, IR_NE, ret, 0, FLT_BADADDR, emit_address(e, from));
		return;
	}
	if (from.space == SPACE_MAP && size >= COPY_BY_CALL) {
		memory_probe_read(e, to, from, size);
		return;
	}
	for (uint32_t off = 0; off < size;) {
		unsigned n = widest(size - off);

		word = ir_reg(e->ir);
		memory_load_word(e, place_at(from, off), word, n);
		emit_store(e, place_at(to, off), word, n);
		off += n;
	}
}

static int load_raw(struct emit *e, struct place at, unsigned size, bool peek)
{
	int reg = ir_reg(e->ir);
	int tmp, ret;

	if (at.space != SPACE_KERNEL) {
		memory_load_word(e, at, reg, size);
		return reg;
	}
	tmp = ir_stack(e->ir, 8);
	ret = memory_probe_read(e, (struct place){SPACE_STACK, tmp, 0}, at, size);
	if (!peek)
		emit_fault_if(e, IR_NE, ret, 0, FLT_BADADDR, emit_address(e, at));
	ir_stack_load(e->ir, reg, tmp, 0, size);
	return reg;
}

static int load(struct emit *e, struct place at, unsigned size, bool is_signed, bool peek)
{
	static const char signed_tag[] = "signed";
	const void *tag = is_signed && size < 8 ? signed_tag : NULL;
	int reg = cache_find(e, tag, at, size);

	if (reg >= 0)
		return reg;
	reg = load_raw(e, at, size, peek);
	if (tag) {
		int wide = ir_reg(e->ir);

		ir_extend(e->ir, wide, reg, size, true);
		reg = wide;
	}
	/* What programs change between two reads must be read again. */
	if (at.space != SPACE_MAP)
		cache_add(e, tag, at, size, reg);
	return reg;
}

int emit_load(struct emit *e, struct place at, unsigned size, bool is_signed)
{
	return load(e, at, size, is_signed, false);
}

int emit_peek(struct emit *e, struct place at, unsigned size)
{
	return load(e, at, size, false, true);
}

/* A bit-field: the smallest aligned unit that holds it is loaded, shifted and masked. */
int emit_load_bits(struct emit *e, struct place at, uint32_t bit_off, uint32_t bit_size,
		   bool is_signed, bool peek)
{
	unsigned size = 1;
	uint32_t unit, shift;
	int raw, reg;

	for (;; size *= 2) {
		unit = bit_off / (size * 8) * size;
		shift = bit_off - unit * 8;
		if (shift + bit_size <= size * 8 || size == 8)
			break;
	}
	raw = load(e, place_at(at, unit), size, false, peek);
	reg = ir_reg(e->ir);
	ir_alui(e->ir, IR_SHL, reg, raw, 64 - shift - bit_size);
	ir_alui(e->ir, is_signed ? IR_SAR : IR_SHR, reg, reg, 64 - bit_size);
	return reg;
}
