/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that a clause allocates, and copies into it.
 *
 * Each call has memory of its own in that of the firing, since a call is reached
 * once at most: of the size that it names, or of DYNAMIC bytes where that is known
 * only when the probe fires. What is more is a fault: no scratch space.
 */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"

#define DYNAMIC 4096 /* a power of two */
#define LARGEST (64 << 10)

static bool is_constant(const struct node *size)
{
	return size->kind == NODE_INT;
}

static uint64_t bytes_at_most(const struct node *size)
{
	return is_constant(size) ? size->value : DYNAMIC;
}

static bool check_size(struct script *s, struct node *n, const struct node *size)
{
	uint64_t bytes = bytes_at_most(size);

	if (bytes <= LARGEST)
		return true;
	diag_error(s->diag, size->loc, "D_ALLOCA_SIZE", "%s( ) of %lld bytes: there are %d at most",
		   n->builtin->name, (long long)bytes, LARGEST);
	return false;
}

/* The memory of a call, of so many bytes as its argument says; n->right. */
static bool take_memory(struct script *s, struct node *n, const struct node *size)
{
	uint64_t bytes = bytes_at_most(size);

	if (!check_size(s, n, size))
		return false;
	bytes = bytes ? bytes : 1;
	n->right = script_memory(s, types_array(s->types, types_basic(s->types, "char"), bytes),
				 false, n->loc);
	return true;
}

static bool check_alloca(struct script *s, struct node *n)
{
	return take_memory(s, n, n->args);
}

static bool check_copyin(struct script *s, struct node *n)
{
	return take_memory(s, n, n->args->next);
}

static bool check_bcopy(struct script *s, struct node *n)
{
	return check_size(s, n, n->args->next->next);
}

static bool check_copyinto(struct script *s, struct node *n)
{
	return check_size(s, n, n->args->next);
}

/* A register: the size, at most DYNAMIC where it is no constant. */
static int bounded_size(struct emit *e, struct node *size)
{
	int reg = emit_int(e, size), bounded;

	if (is_constant(size))
		return reg;
	emit_fault_if(e, IR_UGT, emit_tested(e, reg), DYNAMIC, FLT_NOSCRATCH, -1);
	bounded = ir_reg(e->ir);
	ir_alui(e->ir, IR_AND, bounded, reg, 2 * DYNAMIC - 1); /* for the verifier */
	return bounded;
}

static struct place memory_of(struct emit *e, struct node *n)
{
	struct value v;

	emit_expr(e, n->right, &v);
	return v.at;
}

static void pointer_to(struct emit *e, struct place at, struct value *out)
{
	value_pointer(out, SPACE_MAP, emit_address(e, at), false);
	out->at = at;
}

static void code_alloca(struct emit *e, struct node *n, struct value *out)
{
	bounded_size(e, n->args);
	pointer_to(e, memory_of(e, n), out);
}

/* The helper's copy, where it can fail; from: a number. */
static void copy(struct emit *e, enum bpf_func_id helper, struct place to, int size, int from)
{
	int failed = ir_reg(e->ir);

	IR_CALL(e->ir, failed, helper, emit_address(e, to), size, from);
	emit_fault_if(e, IR_NE, failed, 0, FLT_BADADDR, from);
	emit_forget_loads(e);
}

static void code_copyin(struct emit *e, struct node *n, struct value *out)
{
	int from = emit_int(e, n->args), size = bounded_size(e, n->args->next);
	struct place to = memory_of(e, n);

	emit_room_behind(e, 2 * DYNAMIC);
	copy(e, BPF_FUNC_probe_read_user, to, size, from);
	pointer_to(e, to, out);
}

/* Memory to write is the program's own. */
static void copy_to(struct emit *e, enum bpf_func_id helper, struct node *from, struct node *size,
		    struct node *to)
{
	int at = emit_int(e, from), n = bounded_size(e, size), address = emit_int(e, to);

	if (is_constant(size) && !size->value)
		return;
	if (is_constant(size)) {
		copy(e, helper, emit_own(e, address, (uint32_t)size->value), n, at);
		return;
	}
	copy(e, helper, emit_own_room(e, address, n, 2 * DYNAMIC), n, at);
}

static void code_bcopy(struct emit *e, struct node *n, struct value *out)
{
	copy_to(e, BPF_FUNC_probe_read_kernel, n->args, n->args->next->next, n->args->next);
	if (out)
		value_int(out, emit_const(e, 0));
}

static void code_copyinto(struct emit *e, struct node *n, struct value *out)
{
	copy_to(e, BPF_FUNC_probe_read_user, n->args, n->args->next, n->args->next->next);
	if (out)
		value_int(out, emit_const(e, 0));
}

static uint32_t room_copyinstr(struct emit *e, struct node *n)
{
	const struct node *most = n->args->next;

	return most && is_constant(most) && most->value < emit_text_size(e) ? most->value + 1
									    : emit_text_size(e);
}

/* A register: bytes to read at most, with the NUL. */
static int copyinstr_size(struct emit *e, struct node *most, uint32_t all)
{
	int size = emit_const(e, all), want, done = ir_label(e->ir);

	if (!most)
		return size;
	want = ir_reg(e->ir);
	ir_alui(e->ir, IR_ADD, want, emit_int(e, most), 1);
	ir_branchi(e->ir, IR_UGE, want, all, done);
	ir_mov(e->ir, size, want);
	ir_place(e->ir, done);
	return size;
}

static void code_copyinstr(struct emit *e, struct node *n, struct value *out)
{
	uint32_t room = room_copyinstr(e, n);
	int from = emit_int(e, n->args), size = copyinstr_size(e, n->args->next, room);
	struct text to = emit_text_new(e, emit_bytes_rep(e, room).cap);
	int length = ir_reg(e->ir);

	IR_CALL(e->ir, length, BPF_FUNC_probe_read_user_str, emit_address(e, to.at), size, from);
	emit_fault_if(e, IR_SLT, length, 0, FLT_BADADDR, from);
	emit_text_value(&to, out);
}

#define S BUILTIN_SUBROUTINE
/* clang-format off */
const struct builtin builtin_memory[] = {
	{ "alloca",    S, "void *", "integer", .check = check_alloca, .code = code_alloca },
	{ "bcopy",     S, "void", "pointer, pointer, integer", .check = check_bcopy, .code = code_bcopy },
	{ "copyin",    S, "void *", "pointer, integer", .check = check_copyin, .code = code_copyin },
	{ "copyinstr", S, "string", "pointer, [ integer", .code = code_copyinstr, .rep = REP_BYTES, .room = room_copyinstr },
	{ "copyinto",  S, "void", "pointer, integer, pointer", .check = check_copyinto, .code = code_copyinto },
	{ NULL },
};
/* clang-format on */
