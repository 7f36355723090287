/* SPDX-License-Identifier: BSD-2-Clause */
#include "provider/found.h"

#define CONTEXT "bpf_iter__task_file"

/* Purposes for which each socket was found, as bits: gone with the socket. */
static int found(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "found",
					.role = MAP_SOCKET,
					.type = BPF_MAP_TYPE_SK_STORAGE,
					.key_size = 4,
					.value_size = 8,
				});
}

static int of_context(struct emit *e, const char *field, int skip)
{
	int reg = ir_reg(e->ir);

	ir_load(e->ir, reg, emit_ctx(e), emit_field(e, CONTEXT, field).bit_offset / 8, 8);
	skip_if(e, IR_EQ, reg, 0, skip);
	return reg;
}

struct place found_task(struct emit *e, int skip)
{
	return (struct place){SPACE_BTF, of_context(e, "task", skip), 0};
}

struct place found_sock(struct emit *e, int skip)
{
	int file = of_context(e, "file", skip), socket = ir_reg(e->ir), sk;

	IR_CALL(e->ir, socket, BPF_FUNC_sock_from_file, file);
	skip_if(e, IR_EQ, socket, 0, skip);
	sk = emit_peek_field(e, (struct place){SPACE_BTF, socket, 0}, "socket", "sk");
	skip_if(e, IR_EQ, sk, 0, skip);
	return (struct place){SPACE_BTF, sk, 0};
}

struct place found_socket(struct emit *e, unsigned purpose, int skip)
{
	struct place sk = found_sock(e, skip);
	int map = ir_reg(e->ir), at = ir_reg(e->ir), seen = ir_reg(e->ir), bit = ir_reg(e->ir);

	ir_map(e->ir, map, found(e));
	IR_CALL(e->ir, at, BPF_FUNC_sk_storage_get, map, sk.base, emit_const(e, 0),
		emit_const(e, BPF_SK_STORAGE_GET_F_CREATE));
	skip_if(e, IR_EQ, at, 0, skip);
	ir_load(e->ir, seen, at, 0, 8);
	ir_alui(e->ir, IR_AND, bit, seen, purpose);
	skip_if(e, IR_NE, bit, 0, skip);
	ir_alui(e->ir, IR_OR, seen, seen, purpose);
	ir_store(e->ir, at, 0, seen, 8);
	return sk;
}
