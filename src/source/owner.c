/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/owner.h"

#include <stddef.h>
#include <string.h>

#define USES_MAX 65536	/* sockets in use at once */
#define APART_MAX 65536 /* sockets: the oldest go */
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

int owner_map_apart(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "apart",
					.role = MAP_PLAIN,
					.type = BPF_MAP_TYPE_LRU_HASH,
					.key_size = 8,
					.value_size = sizeof(struct owner),
					.max_entries = APART_MAX,
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

static int execs(struct emit *e)
{
	return emit_map_only(e, "execs_so_far", BPF_MAP_TYPE_ARRAY, 8);
}

int owner_age(struct emit *e)
{
	int reg = ir_reg(e->ir);

	ir_load(e->ir, reg, execs(e), 0, 8);
	ir_alui(e->ir, IR_ADD, reg, reg, 1);
	return reg;
}

void owner_age_more(struct emit *e)
{
	ir_atomic(e->ir, IR_ATOMIC_ADD, -1, execs(e), 0, emit_const(e, 1), -1, 8);
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
enum { PID, UID, CGROUP, NAME, NAME_END, AGE, WORDS };

static const struct {
	unsigned off, size;
} words[WORDS] = {
	[PID] = {offsetof(struct owner, pid), 4},
	[UID] = {offsetof(struct owner, uid), 4},
	[CGROUP] = {offsetof(struct owner, cgroup), 8},
	[NAME] = {offsetof(struct owner, name), 8},
	[NAME_END] = {offsetof(struct owner, name) + 8, 8},
	[AGE] = {offsetof(struct owner, age), 8},
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
	ir_const(e->ir, reg[AGE], 0);
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
static void skip_own(struct emit *e, struct place sk, int skip)
{
	ir_branchi(e->ir, IR_EQ, sock_field(e, sk, "sk_kern_sock"), 0, skip);
}

static void set_if_kernel(struct emit *e, const int *reg, struct place sk)
{
	int no = ir_label(e->ir);

	skip_own(e, sk, no);
	set_known(e, reg, 0, ROOT_CGROUP, "kernel");
	ir_place(e->ir, no);
}

/* Of MPTCP's connections a process has another socket, that the kernel's TCP sockets are part of.
 */
static void set_if_part(struct emit *e, const int *reg, struct place sk)
{
	struct place tp = {SPACE_KERNEL}, whole = {SPACE_KERNEL};
	int no = ir_label(e->ir), part, cookie;

	if (!emit_has_field(e, "mptcp_subflow_context", "conn"))
		return;
	skip_own(e, sk, no);
	ir_branchi(e->ir, IR_NE, sock_field(e, sk, "sk_protocol"), PROTOCOL_TCP, no);
	tp.base = emit_number_of(e, sk);
	ir_branchi(e->ir, IR_EQ, emit_peek_field(e, tp, "tcp_sock", "is_mptcp"), 0, no);
	part = emit_peek_field(e, tp, "tcp_sock", "inet_conn.icsk_ulp_data");
	whole.base = emit_peek_field(e, (struct place){SPACE_KERNEL, part, 0},
				     "mptcp_subflow_context", "conn");
	cookie = owner_cookie(e, whole);
	ir_branchi(e->ir, IR_EQ, cookie, 0, no);
	set_from(e, reg, find(e, owner_map_apart(e), cookie));
	set_from(e, reg, owner_of_cookie(e, cookie));
	ir_place(e->ir, no);
}

/* Who used it last; if nobody is known, who made it. */
static void find_of_full(struct emit *e, struct owned s, const int *reg)
{
	int made = ir_label(e->ir), done = ir_label(e->ir), at, cookie = owner_cookie(e, s.fields);

	ir_branchi(e->ir, IR_EQ, cookie, 0, made);
	at = owner_of_cookie(e, cookie);
	ir_branchi(e->ir, IR_EQ, at, 0, made);
	set_from(e, reg, at);
	ir_jump(e->ir, done);
	ir_place(e->ir, made);
	set_if_kernel(e, reg, s.fields);
	set_from(e, reg, owner_of_socket(e, s.sk, false));
	set_if_part(e, reg, s.fields);
	ir_place(e->ir, done);
}

static void find_of_any(struct emit *e, struct owned s, const int *reg)
{
	int apart = owner_apart(e, s.fields), full = ir_label(e->ir), done = ir_label(e->ir);

	ir_branchi(e->ir, IR_EQ, apart, 0, full);
	set_from(e, reg, find(e, owner_map_apart(e), apart));
	ir_jump(e->ir, done);
	ir_place(e->ir, full);
	find_of_full(e, s, reg);
	ir_place(e->ir, done);
}

static void find_words(struct emit *e, struct owned s, const int *reg)
{
	int none = ir_label(e->ir);
	size_t mark = emit_scope(e);

	set_known(e, reg, -1, 0, "<unknown>");
	if (s.sk >= 0) {
		ir_branchi(e->ir, IR_EQ, s.sk, 0, none);
		(s.any ? find_of_any : find_of_full)(e, s, reg);
	} else if (s.apart >= 0) {
		set_from(e, reg, find(e, owner_map_apart(e), s.apart));
	}
	ir_place(e->ir, none);
	emit_scope_end(e, mark);
}

static void find_full(struct emit *e, int sk, int *reg)
{
	for (int i = 0; i < WORDS; i++)
		reg[i] = ir_reg(e->ir);
	find_words(e, (struct owned){sk, {SPACE_BTF, sk, 0}}, reg);
}

static void store_words(struct emit *e, struct place to, const int *reg)
{
	for (int i = 0; i < WORDS; i++)
		emit_store(e, place_at(to, words[i].off), reg[i], words[i].size);
}

void owner_set_apart(struct emit *e, int sk)
{
	struct place key = {SPACE_STACK, ir_stack(e->ir, 8), 0};
	struct place value = {SPACE_STACK, ir_stack(e->ir, sizeof(struct owner)), 0};
	int reg[WORDS];

	find_full(e, sk, reg);
	store_words(e, value, reg);
	emit_store(e, key, owner_cookie(e, (struct place){SPACE_BTF, sk, 0}), 8);
	emit_map_update(e, owner_map_apart(e), key, value, offsetof(struct drops, dynamic));
}

void owner_set_part(struct emit *e, int sk)
{
	int skip = ir_label(e->ir), at, reg[WORDS];
	size_t mark = emit_scope(e);

	skip_own(e, (struct place){SPACE_BTF, sk, 0}, skip);
	find_full(e, sk, reg);
	at = owner_of_socket(e, sk, true);
	ir_branchi(e->ir, IR_EQ, at, 0, skip);
	store_words(e, (struct place){SPACE_MAP, at, 0}, reg);
	emit_scope_end(e, mark);
	ir_place(e->ir, skip);
}

int owner_apart(struct emit *e, struct place sk)
{
	int cookie = ir_reg(e->ir), done = ir_label(e->ir), own = ir_label(e->ir), state;
	size_t mark = emit_scope(e);
	struct place listener = {SPACE_KERNEL};

	ir_const(e->ir, cookie, 0);
	state = sock_field(e, sk, "__sk_common.skc_state");
	ir_branchi(e->ir, IR_EQ, state, KTCP_TIME_WAIT, own);
	ir_branchi(e->ir, IR_NE, state, KTCP_NEW_SYN_RECV, done);
	listener.base = sock_field(e, sk, "__sk_common.skc_listener");
	ir_mov(e->ir, cookie, owner_cookie(e, listener));
	ir_jump(e->ir, done);
	ir_place(e->ir, own);
	ir_mov(e->ir, cookie, owner_cookie(e, sk));
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return cookie;
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
	int same = ir_label(e->ir), pid = ir_reg(e->ir), age = ir_reg(e->ir), exec;
	size_t mark = emit_scope(e);

	ir_branch(e->ir, IR_EQ, owner_age(e), word(e, s, AGE), same); /* nobody has */
	ir_extend(e->ir, pid, word(e, s, PID), 4, false);
	exec = find(e, owner_map_execs(e), pid);
	ir_branchi(e->ir, IR_EQ, exec, 0, same);
	ir_load(e->ir, age, exec, offsetof(struct owner, age), 8);
	ir_branch(e->ir, IR_ULE, age, word(e, s, AGE), same);
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
