/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/owner.h"

#include <stddef.h>
#include <string.h>

#define USES_MAX 65536	/* sockets in use at once */
#define EXECS_MAX 16384 /* processes that called exec(): the oldest go */
#define ROOT_CGROUP 1	/* its id: of the root of every hierarchy */

int owner_map_sockets(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "owners",
					.role = MAP_SOCKET,
					.type = BPF_MAP_TYPE_SK_STORAGE,
					.key_size = 4,
					.value_size = sizeof(struct owner),
					.flags = BPF_F_CLONE,
				});
}

int owner_map_uses(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "uses",
					.role = MAP_PLAIN,
					.type = BPF_MAP_TYPE_HASH,
					.key_size = 8,
					.value_size = sizeof(struct owner),
					.max_entries = USES_MAX,
					.flags = BPF_F_NO_PREALLOC,
				});
}

int owner_map_execs(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "execs",
					.role = MAP_PLAIN,
					.type = BPF_MAP_TYPE_LRU_HASH,
					.key_size = 8,
					.value_size = sizeof(struct owner),
					.max_entries = EXECS_MAX,
				});
}

int owner_of_socket(struct emit *e, int sk, bool make)
{
	int map = ir_reg(e->ir), at = ir_reg(e->ir);

	ir_map(e->ir, map, owner_map_sockets(e));
	IR_CALL(e->ir, at, BPF_FUNC_sk_storage_get, map, sk, emit_const(e, 0),
		emit_const(e, make ? BPF_SK_STORAGE_GET_F_CREATE : 0));
	return at;
}

static int find(struct emit *e, int map, int key)
{
	struct place at = {SPACE_STACK, ir_stack(e->ir, 8), 0};

	emit_store(e, at, key, 8);
	return emit_map_lookup(e, map, at);
}

int owner_of_cookie(struct emit *e, int cookie)
{
	return find(e, owner_map_uses(e), cookie);
}

int owner_cookie(struct emit *e, struct place sk)
{
	return sock_field(e, sk, "__sk_common.skc_cookie");
}

/* --- reading --- */

/* Registers, one for each word of a struct owner that is read. */
enum { PID, UID, CGROUP, NAME, NAME_END, TIME, WORDS };

static const struct {
	unsigned off, size;
} words[WORDS] = {
	[PID] = {offsetof(struct owner, pid), 4},
	[UID] = {offsetof(struct owner, uid), 4},
	[CGROUP] = {offsetof(struct owner, cgroup), 8},
	[NAME] = {offsetof(struct owner, name), 8},
	[NAME_END] = {offsetof(struct owner, name) + 8, 8},
	[TIME] = {offsetof(struct owner, time), 8},
};

static void set_known(struct emit *e, const int *reg, int64_t id, int64_t cgroup, const char *name)
{
	char text[16] = "";
	uint64_t half[2];

	strncpy(text, name, sizeof(text) - 1);
	memcpy(half, text, sizeof(half));
	ir_const(e->ir, reg[PID], id);
	ir_const(e->ir, reg[UID], id);
	ir_const(e->ir, reg[CGROUP], cgroup);
	ir_const(e->ir, reg[NAME], half[0]);
	ir_const(e->ir, reg[NAME_END], half[1]);
	ir_const(e->ir, reg[TIME], 0);
}

/* if (at) the words are what is there */
static void set_from(struct emit *e, const int *reg, int at)
{
	int none = ir_label(e->ir);

	ir_branchi(e->ir, IR_EQ, at, 0, none);
	for (int i = 0; i < WORDS; i++)
		ir_load(e->ir, reg[i], at, words[i].off, words[i].size);
	ir_place(e->ir, none);
}

/* A socket that the kernel made for itself; an accepted one has that from its listener. */
static void set_if_kernel(struct emit *e, const int *reg, struct place sk)
{
	int no = ir_label(e->ir);

	ir_branchi(e->ir, IR_EQ, sock_field(e, sk, "sk_kern_sock"), 0, no);
	set_known(e, reg, 0, ROOT_CGROUP, "kernel");
	ir_place(e->ir, no);
}

static void find_words(struct emit *e, struct owned s, const int *reg)
{
	int none = ir_label(e->ir), cookie;
	size_t mark = emit_scope(e);

	set_known(e, reg, -1, 0, "<unknown>");
	if (s.sk < 0)
		return;
	ir_branchi(e->ir, IR_EQ, s.sk, 0, none);
	set_if_kernel(e, reg, s.fields);
	set_from(e, reg, owner_of_socket(e, s.sk, false));
	cookie = owner_cookie(e, s.fields);
	ir_branchi(e->ir, IR_EQ, cookie, 0, none);
	set_from(e, reg, owner_of_cookie(e, cookie));
	ir_place(e->ir, none);
	emit_scope_end(e, mark);
}

/* Found once in a firing. */
static int word(struct emit *e, struct owned s, int which)
{
	static const char tags[WORDS];
	int reg[WORDS];

	if (emit_cached(e, &tags[which]) >= 0)
		return emit_cached(e, &tags[which]);
	for (int i = 0; i < WORDS; i++)
		reg[i] = ir_reg(e->ir);
	find_words(e, s, reg);
	for (int i = 0; i < WORDS; i++)
		emit_cache(e, &tags[i], reg[i]);
	return reg[which];
}

static void number(struct emit *e, struct owned s, int which, struct value *out)
{
	int reg = ir_reg(e->ir);

	ir_extend(e->ir, reg, word(e, s, which), 4, which == PID);
	value_int(out, reg);
}

void owner_pid(struct emit *e, struct owned s, struct value *out)
{
	number(e, s, PID, out);
}

void owner_uid(struct emit *e, struct owned s, struct value *out)
{
	number(e, s, UID, out);
}

void owner_cgroup(struct emit *e, struct owned s, struct value *out)
{
	value_int(out, word(e, s, CGROUP));
}

/* The process may have called exec() since it was seen with the socket. */
static void newer_name(struct emit *e, struct owned s, int name[2])
{
	int same = ir_label(e->ir), pid = ir_reg(e->ir), time = ir_reg(e->ir), exec;
	size_t mark = emit_scope(e);

	ir_extend(e->ir, pid, word(e, s, PID), 4, false);
	exec = find(e, owner_map_execs(e), pid);
	ir_branchi(e->ir, IR_EQ, exec, 0, same);
	ir_load(e->ir, time, exec, offsetof(struct owner, time), 8);
	ir_branch(e->ir, IR_ULE, time, word(e, s, TIME), same);
	for (int i = 0; i < 2; i++)
		ir_load(e->ir, name[i], exec, words[NAME + i].off, 8);
	ir_place(e->ir, same);
	emit_scope_end(e, mark);
}

void owner_execname(struct emit *e, struct owned s, struct value *out)
{
	static const char tags[2];

	value_string(out, (struct strrep){REP_NAME, 16});
	for (int i = 0; i < 2; i++)
		out->word[i] = emit_cached(e, &tags[i]);
	if (out->word[0] >= 0)
		return;
	for (int i = 0; i < 2; i++) {
		out->word[i] = ir_reg(e->ir);
		ir_mov(e->ir, out->word[i], word(e, s, NAME + i));
	}
	newer_name(e, s, out->word);
	for (int i = 0; i < 2; i++)
		emit_cache(e, &tags[i], out->word[i]);
}

/* --- no socket --- */

static const struct owned none = {.sk = -1};

void owner_member_nobody(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_int(out, emit_const(e, -1));
}

void owner_member_nameless(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_string(out, (struct strrep){REP_NAME, 16});
	for (int i = 0; i < 2; i++)
		out->word[i] = word(e, none, NAME + i);
}
