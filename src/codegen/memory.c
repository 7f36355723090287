/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads, with the cache of what this firing has loaded already, and faults.
 *
 * A place says what kind of memory it is: what the verifier knows as a kernel
 * struct (BTF), our stack and maps are read directly; any other kernel address
 * goes through bpf_probe_read_kernel(), and an unreadable one ends the clause.
 */
#include "codegen/cg.h"

#include <string.h>

int cg_const(struct codegen *cg, int64_t v)
{
	int reg = ir_reg(cg->ir);

	ir_const(cg->ir, reg, v);
	return reg;
}

struct place cg_place_at(struct place base, int off)
{
	base.off += off;
	return base;
}

size_t cg_scope(struct codegen *cg)
{
	return cg->cache.n;
}

void cg_scope_end(struct codegen *cg, size_t mark)
{
	if (cg->cache.n > mark)
		cg->cache.n = mark;
	/* What follows comes behind the branches that were made in the scope. */
	if (cg->leave_mark > (long)mark)
		cg->leave_mark = (long)mark;
	if (cg->branch_mark > (long)mark)
		cg->branch_mark = (long)mark;
}

void cg_leave_point(struct codegen *cg)
{
	if (cg->leave_mark < 0)
		cg->leave_mark = (long)cg->cache.n;
}

void cg_branch_point(struct codegen *cg)
{
	if (cg->branch_mark < 0)
		cg->branch_mark = (long)cg->cache.n;
}

static int cache_find(struct codegen *cg, enum cached_kind kind, struct place at, unsigned size,
		      const void *tag)
{
	for (size_t i = cg->cache.n; i-- > 0;) {
		const struct cached *c = &cg->cache.at[i];

		if (c->kind == kind && c->tag == tag && c->space == at.space &&
		    c->base == at.base && c->off == at.off && c->size == size)
			return c->reg;
	}
	return -1;
}

static void cache_add(struct codegen *cg, enum cached_kind kind, struct place at, unsigned size,
		      const void *tag, int reg)
{
	struct cached c = {
		.kind = kind,
		.space = at.space,
		.base = at.base,
		.off = at.off,
		.size = size,
		.tag = tag,
		.reg = reg,
	};

	vec_push(&cg->cache, c);
}

int cg_cached_call(struct codegen *cg, const void *tag)
{
	return cache_find(cg, CACHED_CALL, (struct place){0}, 0, tag);
}

void cg_cache_call(struct codegen *cg, const void *tag, int reg)
{
	cache_add(cg, CACHED_CALL, (struct place){0}, 0, tag, reg);
}

static const char nonnull_tag[] = "nonnull";

/* From here on, as far as this code reaches, the register is known not to be 0. */
void cg_note_nonnull(struct codegen *cg, int reg)
{
	cache_add(cg, CACHED_CALL, (struct place){.base = reg}, 0, nonnull_tag, reg);
}

bool cg_is_nonnull(struct codegen *cg, int reg)
{
	return cache_find(cg, CACHED_CALL, (struct place){.base = reg}, 0, nonnull_tag) >= 0;
}

/* if (reg cond imm) the clause ends with this fault. */
void cg_fault_if(struct codegen *cg, enum ir_cond cond, int reg, int64_t imm, int kind,
		 int addr_reg)
{
	int ok;

	if (cg->fault_label < 0)
		return;
	static const enum ir_cond inverse[] = {
		[IR_EQ] = IR_NE,   [IR_NE] = IR_EQ,   [IR_ULT] = IR_UGE, [IR_ULE] = IR_UGT,
		[IR_UGT] = IR_ULE, [IR_UGE] = IR_ULT, [IR_SLT] = IR_SGE, [IR_SLE] = IR_SGT,
		[IR_SGT] = IR_SLE, [IR_SGE] = IR_SLT,
	};

	ok = ir_label(cg->ir);
	cg_leave_point(cg);
	cg->fault_used = true;
	ir_branchi(cg->ir, inverse[cond], reg, imm, ok);
	ir_const(cg->ir, cg->fault_kind, kind | cg->statement << 8);
	if (addr_reg >= 0)
		ir_mov(cg->ir, cg->fault_addr, addr_reg);
	else
		ir_const(cg->ir, cg->fault_addr, 0);
	ir_jump(cg->ir, cg->fault_label);
	ir_place(cg->ir, ok);
}

int cg_address(struct codegen *cg, struct place at)
{
	int reg = ir_reg(cg->ir);

	if (at.space == SPACE_STACK)
		ir_stack_addr(cg->ir, reg, at.base, at.off);
	else if (at.off)
		ir_alui(cg->ir, IR_ADD, reg, at.base, at.off);
	else
		return at.base;
	return reg;
}

/*
 * A pointer that the verifier knows, as a number to calculate with: it allows no
 * arithmetic on pointers, but does not follow them through memory that a helper
 * reads.
 */
int cg_number_of(struct codegen *cg, struct place at)
{
	int addr = cg_address(cg, at), reg = cache_find(cg, CACHED_CALL, at, 8, cg_number_of);
	int obj, from, to;

	if (at.space == SPACE_KERNEL && at.base != cg->ctx)
		return addr;
	if (reg >= 0)
		return reg;
	obj = ir_stack(cg->ir, 16);
	from = ir_reg(cg->ir);
	to = ir_reg(cg->ir);
	reg = ir_reg(cg->ir);
	ir_stack_store(cg->ir, obj, 0, addr, 8);
	ir_stack_addr(cg->ir, from, obj, 0);
	ir_stack_addr(cg->ir, to, obj, 8);
	IR_CALL(cg->ir, -1, BPF_FUNC_probe_read_kernel, to, cg_const(cg, 8), from);
	ir_stack_load(cg->ir, reg, obj, 8, 8);
	cache_add(cg, CACHED_CALL, at, 8, cg_number_of, reg);
	return reg;
}

/* bpf_probe_read_kernel(to, size, at), result register. */
static int probe_read(struct codegen *cg, struct place to, struct place at, uint32_t size)
{
	int ret = ir_reg(cg->ir);

	IR_CALL(cg->ir, ret, BPF_FUNC_probe_read_kernel, cg_address(cg, to), cg_const(cg, size),
		cg_address(cg, at));
	return ret;
}

/* How far into the packet's headers the clauses look. */
static void note_extent(struct codegen *cg, struct place at, uint32_t size)
{
	uint32_t end = at.off + size;

	if (at.space != SPACE_STACK)
		return;
	if (at.base == cg->header_obj && end > cg->header_bytes)
		cg->header_bytes = end;
	if (at.base == cg->l4_obj && end > cg->l4_bytes)
		cg->l4_bytes = end;
}

void cg_store(struct codegen *cg, struct place to, int reg, unsigned size)
{
	if (to.space == SPACE_STACK)
		ir_stack_store(cg->ir, to.base, to.off, reg, size);
	else
		ir_store(cg->ir, to.base, to.off, reg, size);
}

void cg_zero(struct codegen *cg, struct place to, uint32_t size)
{
	for (uint32_t i = 0; i < size; i += 8)
		if (to.space == SPACE_STACK)
			ir_stack_storei(cg->ir, to.base, to.off + i, 0, 8);
		else
			ir_storei(cg->ir, to.base, to.off + i, 0, 8);
}

/* From here on one call is shorter than the loads and stores, and hardly slower. */
#define COPY_BY_CALL 128

void cg_copy(struct codegen *cg, struct place to, struct place from, uint32_t size)
{
	int word;

	note_extent(cg, from, size);
	if (from.space == SPACE_KERNEL) {
		int ret = probe_read(cg, to, from, size);

		cg_fault_if(cg, IR_NE, ret, 0, FLT_BADADDR, cg_address(cg, from));
		return;
	}
	if (from.space == SPACE_MAP && size >= COPY_BY_CALL) {
		probe_read(cg, to, from, size);
		return;
	}
	for (uint32_t off = 0; off < size;) {
		unsigned n = size - off >= 8 ? 8 : size - off >= 4 ? 4 : size - off >= 2 ? 2 : 1;

		word = ir_reg(cg->ir);
		if (from.space == SPACE_STACK)
			ir_stack_load(cg->ir, word, from.base, from.off + off, n);
		else
			ir_load(cg->ir, word, from.base, from.off + off, n);
		cg_store(cg, cg_place_at(to, off), word, n);
		off += n;
	}
}

static int load_raw(struct codegen *cg, struct place at, unsigned size, bool peek)
{
	int reg = ir_reg(cg->ir);
	int tmp, ret;

	switch (at.space) {
	case SPACE_STACK:
		ir_stack_load(cg->ir, reg, at.base, at.off, size);
		return reg;
	case SPACE_BTF:
	case SPACE_MAP:
		ir_load(cg->ir, reg, at.base, at.off, size);
		return reg;
	case SPACE_KERNEL:
		break;
	}
	tmp = ir_stack(cg->ir, 8);
	ret = probe_read(cg, (struct place){SPACE_STACK, tmp, 0}, at, size);
	if (!peek)
		cg_fault_if(cg, IR_NE, ret, 0, FLT_BADADDR, cg_address(cg, at));
	ir_stack_load(cg->ir, reg, tmp, 0, size);
	return reg;
}

static int load(struct codegen *cg, struct place at, unsigned size, bool is_signed, bool peek)
{
	static const char signed_tag[] = "signed";
	const void *tag = is_signed && size < 8 ? signed_tag : NULL;
	int reg = cache_find(cg, CACHED_LOAD, at, size, tag);

	if (reg >= 0)
		return reg;
	note_extent(cg, at, size);
	reg = load_raw(cg, at, size, peek);
	if (tag) {
		int wide = ir_reg(cg->ir);

		ir_extend(cg->ir, wide, reg, size, true);
		reg = wide;
	}
	/* What programs change between two reads must be read again. */
	if (at.space != SPACE_MAP)
		cache_add(cg, CACHED_LOAD, at, size, tag, reg);
	return reg;
}

int cg_load(struct codegen *cg, struct place at, unsigned size, bool is_signed)
{
	return load(cg, at, size, is_signed, false);
}

int cg_peek(struct codegen *cg, struct place at, unsigned size)
{
	return load(cg, at, size, false, true);
}

/* A bit-field: the smallest aligned unit that holds it is loaded, shifted and masked. */
int cg_load_bits(struct codegen *cg, struct place at, uint32_t bit_off, uint32_t bit_size,
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
	raw = load(cg, cg_place_at(at, unit), size, false, peek);
	reg = ir_reg(cg->ir);
	ir_alui(cg->ir, IR_SHL, reg, raw, 64 - shift - bit_size);
	ir_alui(cg->ir, is_signed ? IR_SAR : IR_SHR, reg, reg, 64 - bit_size);
	return reg;
}

static bool field_find(struct codegen *cg, const char *tag, const char *path, struct field *f)
{
	struct type *t = types_tag(cg->script->types, TYPE_STRUCT, tag);
	char name[64];

	memset(f, 0, sizeof(*f));
	while (t) {
		size_t n = strcspn(path, ".");
		struct member m;

		if (n >= sizeof(name))
			return false;
		memcpy(name, path, n);
		name[n] = 0;
		if (!types_member(cg->script->types, type_resolve(t), name, &m, NULL))
			return false;
		f->bit_offset += m.bit_offset;
		f->bit_size = m.bit_size;
		f->type = m.type;
		t = m.type;
		if (!path[n])
			break;
		path += n + 1;
	}
	if (!t)
		return false;
	t = type_resolve(t);
	f->size = t->size;
	f->is_signed = t->is_signed;
	return true;
}

bool cg_has_field(struct codegen *cg, const char *tag, const char *path)
{
	struct field f;

	return field_find(cg, tag, path, &f);
}

struct field cg_field(struct codegen *cg, const char *tag, const char *path)
{
	struct field f;

	if (!field_find(cg, tag, path, &f)) {
		cg_error(cg,
			 cg->fire && cg->fire->nclauses ? cg->fire->clauses[0]->loc
							: (struct loc){0},
			 "D_KERNEL_FIELD",
			 "this kernel's struct %s has no member %s, which %s needs", tag, path,
			 cg->hook->name);
		f.size = 1;
	}
	return f;
}

int cg_peek_field(struct codegen *cg, struct place base, const char *tag, const char *path)
{
	struct field f = cg_field(cg, tag, path);

	if (f.bit_size)
		return cg_load_bits(cg, base, f.bit_offset, f.bit_size, f.is_signed, true);
	if (f.size != 1 && f.size != 2 && f.size != 4)
		f.size = 8;
	return cg_peek(cg, cg_place_at(base, f.bit_offset / 8), f.size);
}
