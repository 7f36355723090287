/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strings and their representations.
 *
 * All zero means "" in each of them, so memory that was never written reads as
 * the empty string.  Which representation an expression has is known before its
 * code is made (cg_rep()); where two meet, the narrowest that holds both wins:
 *
 *	literal + name (if it fits 15 characters)	-> name
 *	literal + address				-> address
 *	anything else					-> bytes
 *
 * A literal that is the text of an address is an address here.  An address's
 * bytes are made by a support routine, as inet_ntop() would.
 */
#include "codegen/cg.h"

#include <arpa/inet.h>
#include <string.h>

#include "routines/routines.h"
#include "builtin/builtin.h"
#include "provider/native.h"

static uint32_t round8(uint32_t n)
{
	return (n + 7) & ~7u;
}

/* Bytes that a string may have at most, with its NUL. */
static uint32_t text_size(const struct codegen *cg)
{
	uint64_t n = cg->options->strsize;

	return n < 1 ? 1 : n > 4096 ? 4096 : n;
}

/* The room for it. */
static uint32_t strsize(const struct codegen *cg)
{
	return round8(text_size(cg));
}

static struct strrep bytes_rep(const struct codegen *cg, uint32_t n)
{
	uint32_t max = strsize(cg);

	n = round8(n);
	return (struct strrep){REP_BYTES, n > max ? max : n};
}

static struct strrep literal_rep(const struct codegen *cg, const char *text)
{
	size_t n = strlen(text) + 1;

	return (struct strrep){REP_LITERAL, round8(n < text_size(cg) ? n : text_size(cg))};
}

struct strrep cg_rep_join(struct strrep a, struct strrep b)
{
	struct strrep r = {a.rep, a.cap > b.cap ? a.cap : b.cap};

	if (a.rep == b.rep)
		return r;
	if (b.rep == REP_LITERAL) {
		struct strrep t = a;

		a = b;
		b = t;
	}
	if (a.rep == REP_LITERAL && b.rep == REP_NAME && a.cap <= 16)
		return b;
	if (a.rep == REP_LITERAL && b.rep == REP_ADDR)
		return (struct strrep){REP_ADDR, r.cap};
	r.rep = REP_BYTES;
	return r;
}

/* Of an array of characters at a place. */
static struct strrep array_rep(const struct codegen *cg, struct type *t)
{
	t = type_resolve(t);
	if (t->kind == TYPE_ARRAY && t->count == 16)
		return (struct strrep){REP_NAME, 16};
	return bytes_rep(cg, t->kind == TYPE_ARRAY && t->count ? t->count + 1 : strsize(cg));
}

static struct strrep variable_rep(struct codegen *cg, struct node *n)
{
	const struct symbol *sym = n->sym;
	struct var_place *vp;
	struct binding *b;

	switch (sym->kind) {
	case SYM_INLINE:
		return cg_rep(cg, sym->expr);
	case SYM_PARAM:
		b = cg_binding(cg, sym);
		return b ? b->rep : bytes_rep(cg, strsize(cg));
	default:
		vp = sym->place;
		return vp && vp->rep_known ? vp->rep : (struct strrep){REP_LITERAL, 8};
	}
}

static struct strrep member_rep(struct codegen *cg, struct node *n)
{
	struct type *t;

	if (n->xmember)
		return cg_rep(cg, n->xmember->expr);
	t = type_resolve(n->left->type);
	if (t->kind == TYPE_POINTER)
		t = type_resolve(t->base);
	if (t->name && native_find(t->name))
		return (struct strrep){native_member(native_find(t->name), n->name)->rep, 48};
	return array_rep(cg, n->type);
}

static struct strrep call_rep(struct codegen *cg, const struct builtin *b)
{
	switch (b->aux) {
	case REP_NAME + 1:
		return (struct strrep){REP_NAME, 16};
	case REP_ADDR + 1:
		return (struct strrep){REP_ADDR, 48};
	case REP_LITERAL + 1:
		return (struct strrep){REP_LITERAL, 64};
	}
	return bytes_rep(cg, strsize(cg));
}

/* An address as its text says, if it is the one text that inet_ntop() gives. */
static bool text_address(const char *text, struct item_addr *a)
{
	char back[INET6_ADDRSTRLEN];

	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, a->addr) == 1)
		a->family = 4;
	else if (inet_pton(AF_INET6, text, a->addr) == 1)
		a->family = 6;
	else
		return false;
	return inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->addr, back, sizeof(back)) &&
	       !strcmp(back, text);
}

/*
 * Where strings meet: the text of an address counts as an address, so that it
 * equals one also when it comes out of a variable.
 */
static struct strrep constant_rep(const struct codegen *cg, const char *text)
{
	struct item_addr a;

	if (text_address(text, &a))
		return (struct strrep){REP_ADDR, 48};
	return literal_rep(cg, text);
}

/* The representation in which cg_expr() of a string expression comes; a constant comes as
 * REP_LITERAL. */
struct strrep cg_rep(struct codegen *cg, struct node *n)
{
	switch (n->kind) {
	case NODE_STRING:
		return constant_rep(cg, n->name);
	case NODE_COND:
		return cg_rep_join(cg_rep(cg, n->right), cg_rep(cg, n->third));
	case NODE_NAME:
		if (n->builtin)
			return call_rep(cg, n->builtin);
		return variable_rep(cg, n);
	case NODE_INDEX:
		if (n->sym)
			return variable_rep(cg, n);
		return array_rep(cg, n->type);
	case NODE_MEMBER:
		return member_rep(cg, n);
	case NODE_CALL:
		return call_rep(cg, n->builtin);
	case NODE_ASSIGN:
		return variable_rep(cg, n->left);
	case NODE_BINARY: /* comma */
		return cg_rep(cg, n->right);
	case NODE_CAST:
	case NODE_UNARY:
		if (type_is_string(n->left->type))
			return cg_rep(cg, n->left);
		return bytes_rep(cg, strsize(cg));
	case NODE_INT: /* 0 assigned to a string: empty */
		return (struct strrep){REP_LITERAL, 8};
	default:
		return bytes_rep(cg, strsize(cg));
	}
}

uint32_t cg_rep_size(struct strrep rep)
{
	switch (rep.rep) {
	case REP_LITERAL:
		return 4;
	case REP_NAME:
		return 16;
	case REP_ADDR:
		return sizeof(struct item_addr);
	default:
		return rep.cap;
	}
}

/* How many registers hold it: none for bytes. */
int cg_rep_words(struct strrep rep)
{
	static const int words[] = {
		[REP_LITERAL] = 1, [REP_NAME] = 2, [REP_ADDR] = 3, [REP_BYTES] = 0};

	return words[rep.rep];
}

enum item_kind cg_rep_item(struct strrep rep)
{
	static const enum item_kind kinds[] = {
		[REP_LITERAL] = ITEM_STRID,
		[REP_NAME] = ITEM_NAME,
		[REP_ADDR] = ITEM_ADDR,
		[REP_BYTES] = ITEM_BYTES,
	};

	return kinds[rep.rep];
}

int cg_string_id(struct codegen *cg, const char *text)
{
	intptr_t id = (intptr_t)strmap_get(cg->string_ids, text);

	if (!id) {
		vec_push(&cg->strings, text);
		id = cg->strings.n;
		strmap_put(cg->string_ids, text, (void *)id);
	}
	return id - 1;
}

void cg_string_literal(struct codegen *cg, const char *text, struct value *out)
{
	size_t most = text_size(cg) - 1;

	if (strlen(text) > most)
		text = arena_printf(cg->arena, "%.*s", (int)most, text);
	*out = (struct value){.kind = VALUE_STRING, .rep = literal_rep(cg, text)};
	out->literal = cg_string_id(cg, text);
	out->word[0] = cg_const(cg, out->literal);
}

static void load_word(struct codegen *cg, struct place at, int reg, unsigned size)
{
	if (at.space == SPACE_STACK)
		ir_stack_load(cg->ir, reg, at.base, at.off, size);
	else
		ir_load(cg->ir, reg, at.base, at.off, size);
}

/* Writes the string as the item of its representation. */
void cg_string_store(struct codegen *cg, const struct value *v, struct place to)
{
	switch (v->rep.rep) {
	case REP_LITERAL:
		cg_store(cg, to, v->word[0], 4);
		return;
	case REP_NAME:
		cg_store(cg, to, v->word[0], 8);
		cg_store(cg, cg_place_at(to, 8), v->word[1], 8);
		return;
	case REP_ADDR:
		cg_store(cg, to, v->word[0], 8);
		cg_store(cg, cg_place_at(to, 8), v->word[1], 8);
		cg_store(cg, cg_place_at(to, 16), v->word[2], 8);
		return;
	case REP_BYTES:
		cg_copy(cg, to, v->bytes, v->rep.cap);
		return;
	}
}

/* Reads an item. Its memory may be that of a variable: words are copied now, bytes stay where they
 * are. */
void cg_string_load(struct codegen *cg, struct place from, struct strrep rep, struct value *out)
{
	*out = (struct value){.kind = VALUE_STRING, .rep = rep, .literal = -1};
	if (rep.rep == REP_BYTES) {
		out->bytes = from;
		return;
	}
	for (int i = 0; i < cg_rep_words(rep); i++) {
		out->word[i] = ir_reg(cg->ir);
		load_word(cg, cg_place_at(from, i * 8), out->word[i],
			  rep.rep == REP_LITERAL ? 4 : 8);
	}
}

/* A kernel name's words, with what follows the NUL cleared. */
static void name_clean(struct codegen *cg, const struct value *v, int *w0, int *w1)
{
	int label = ir_label(cg->ir), t = ir_reg(cg->ir), u = ir_reg(cg->ir);
	int out[2] = {ir_reg(cg->ir), ir_reg(cg->ir)};

	for (int i = 0; i < 2; i++) {
		int next = ir_label(cg->ir);

		/* t: the high bit of each byte that is 0, the lowest of them exactly */
		ir_mov(cg->ir, out[i], v->word[i]);
		ir_alui(cg->ir, IR_SUB, t, out[i], 0x0101010101010101);
		ir_not(cg->ir, u, out[i]);
		ir_alu(cg->ir, IR_AND, t, t, u);
		ir_alui(cg->ir, IR_AND, t, t, (int64_t)0x8080808080808080);
		ir_branchi(cg->ir, IR_EQ, t, 0, next);
		/* keep the bytes below: all bits under the lowest set one's byte */
		ir_alui(cg->ir, IR_SUB, u, t, 1);
		ir_alu(cg->ir, IR_XOR, t, t, u);
		ir_alui(cg->ir, IR_SHR, t, t, 8);
		ir_alu(cg->ir, IR_AND, out[i], out[i], t);
		if (i == 0) {
			ir_const(cg->ir, out[1], 0);
			ir_jump(cg->ir, label);
		}
		ir_place(cg->ir, next);
	}
	ir_place(cg->ir, label);
	*w0 = ir_reg(cg->ir);
	*w1 = ir_reg(cg->ir);
	ir_mov(cg->ir, *w0, out[0]);
	ir_mov(cg->ir, *w1, out[1]);
}

static uint64_t text_word(const char *text, unsigned word)
{
	char b[8] = {0};
	size_t n = strlen(text);

	if (n > word * 8)
		memcpy(b, text + word * 8, n - word * 8 > 8 ? 8 : n - word * 8);
	uint64_t w;
	memcpy(&w, b, 8);
	return w;
}

static void literal_to_addr(struct codegen *cg, struct value *v)
{
	struct item_addr a;
	uint64_t w[3];

	if (v->literal >= 0 && text_address(cg->strings.at[v->literal], &a)) {
		memcpy(w, &a, sizeof(w));
		for (int i = 0; i < 3; i++)
			v->word[i] = cg_const(cg, w[i]);
	} else {
		v->word[1] = v->word[2] = cg_const(cg, 0);
	}
	v->rep = (struct strrep){REP_ADDR, 48};
}

/* The entry of a literal in the map of all literals, one each strsize bytes. */
static struct place literal_bytes(struct codegen *cg, int id)
{
	uint32_t stride = strsize(cg);
	int off = ir_reg(cg->ir), addr = ir_reg(cg->ir), base = ir_reg(cg->ir);

	ir_mov(cg->ir, off, id);
	/* The verifier must see the bound; the map has as many entries, rounded up to a power of
	 * two. */
	ir_alui(cg->ir, IR_AND, off, off, STRINGS_MAX - 1);
	ir_alui(cg->ir, IR_MUL, off, off, stride);
	ir_map_value(cg->ir, base, cg->strings_map, 0);
	ir_alu(cg->ir, IR_ADD, addr, base, off);
	cg->strings_used = true;
	return (struct place){SPACE_MAP, addr, 0};
}

static void zero_from(struct codegen *cg, struct place to, uint32_t from, uint32_t cap)
{
	if (from < cap)
		cg_zero(cg, cg_place_at(to, from), cap - from);
}

static void known_to_bytes(struct codegen *cg, const char *text, struct place to, uint32_t cap)
{
	for (uint32_t i = 0; i < cap / 8; i++)
		cg_store(cg, cg_place_at(to, i * 8), cg_const(cg, text_word(text, i)), 8);
}

static void literal_to_bytes(struct codegen *cg, int id, struct place to, uint32_t cap)
{
	uint32_t n = cap < strsize(cg) ? cap : strsize(cg);

	cg_copy(cg, to, literal_bytes(cg, id), n);
	zero_from(cg, to, n, cap);
}

/* The routine writes ADDR_TEXT bytes, and nothing of value beyond them up to ADDR_ROOM. */
#define ADDR_TEXT 48
#define ADDR_ROOM 72

static void addr_to_bytes(struct codegen *cg, const struct value *v, struct place to, uint32_t cap)
{
	int address = ir_label(cg->ir), done = ir_label(cg->ir);
	int args[] = {cg_address(cg, to), v->word[0], v->word[1], v->word[2]};

	ir_branchi(cg->ir, IR_NE, v->word[2], 0, address);
	literal_to_bytes(cg, v->word[0], to, cap);
	ir_jump(cg->ir, done);
	ir_place(cg->ir, address);
	ir_call_support(cg->ir, -1, ROUTINE_ADDR_TEXT, 4, args);
	for (uint32_t i = text_size(cg) - 1; i < cap && cap < ADDR_TEXT; i++)
		cg_store(cg, cg_place_at(to, i), cg_const(cg, 0), 1); /* cut off */
	zero_from(cg, to, ADDR_TEXT, cap);
	ir_place(cg->ir, done);
}

static void to_bytes(struct codegen *cg, struct value *v, uint32_t cap)
{
	struct place to;
	int w0, w1;

	if (v->rep.rep == REP_BYTES && v->rep.cap >= cap) {
		v->rep.cap = cap;
		return;
	}
	to = cg_room(cg, v->rep.rep == REP_ADDR && cap < ADDR_ROOM ? ADDR_ROOM : cap);
	switch (v->rep.rep) {
	case REP_LITERAL:
		if (v->literal >= 0)
			known_to_bytes(cg, cg->strings.at[v->literal], to, cap);
		else
			literal_to_bytes(cg, v->word[0], to, cap);
		break;
	case REP_NAME:
		name_clean(cg, v, &w0, &w1);
		cg_store(cg, to, w0, 8);
		cg_store(cg, cg_place_at(to, 8), w1, 8);
		zero_from(cg, to, 16, cap);
		break;
	case REP_BYTES:
		cg_copy(cg, to, v->bytes, v->rep.cap);
		zero_from(cg, to, v->rep.cap, cap);
		break;
	case REP_ADDR:
		if (v->literal >= 0)
			known_to_bytes(cg, cg->strings.at[v->literal], to, cap);
		else
			addr_to_bytes(cg, v, to, cap);
		break;
	}
	v->kind = VALUE_STRING;
	v->rep = (struct strrep){REP_BYTES, cap};
	v->bytes = to;
	v->literal = -1;
}

void cg_string_convert(struct codegen *cg, struct value *v, struct strrep rep)
{
	if (v->rep.rep == rep.rep && rep.rep != REP_BYTES)
		return;
	switch (rep.rep) {
	case REP_NAME:
		if (v->literal >= 0) {
			const char *text = cg->strings.at[v->literal];

			v->word[0] = cg_const(cg, text_word(text, 0));
			v->word[1] = cg_const(cg, text_word(text, 1));
			v->rep = rep;
			return;
		}
		to_bytes(cg, v, 16);
		cg_string_load(cg, v->bytes, rep, v);
		return;
	case REP_ADDR:
		literal_to_addr(cg, v);
		return;
	default:
		to_bytes(cg, v, rep.cap);
	}
}

static void copy_words(struct codegen *cg, struct value *to, const struct value *from)
{
	for (int i = 0; i < 3; i++)
		if (to->word[i] >= 0)
			ir_mov(cg->ir, to->word[i], from->word[i]);
}

static void arm(struct codegen *cg, struct node *n, struct strrep rep, struct value *to)
{
	size_t mark = cg_scope(cg);
	struct value v;

	cg_string_as(cg, n, rep, &v);
	if (rep.rep == REP_BYTES)
		cg_copy(cg, to->bytes, v.bytes, rep.cap);
	else
		copy_words(cg, to, &v);
	cg_scope_end(cg, mark);
}

static void conditional(struct codegen *cg, struct node *n, struct strrep rep, struct value *out)
{
	int no = ir_label(cg->ir), done = ir_label(cg->ir);
	size_t mark;

	*out = (struct value){.kind = VALUE_STRING, .rep = rep, .literal = -1};
	for (int i = 0; i < 3; i++)
		out->word[i] = i < cg_rep_words(rep) ? ir_reg(cg->ir) : -1;
	if (rep.rep == REP_BYTES)
		out->bytes = cg_room(cg, rep.cap);
	mark = cg_condition(cg, n->left, no);
	arm(cg, n->right, rep, out);
	ir_jump(cg->ir, done);
	cg_scope_end(cg, mark);
	ir_place(cg->ir, no);
	arm(cg, n->third, rep, out);
	ir_place(cg->ir, done);
}

/* The characters at an address or in an array. */
static void from_memory(struct codegen *cg, struct node *n, struct strrep rep, struct value *out)
{
	uint32_t most = rep.cap < text_size(cg) ? rep.cap : text_size(cg);
	struct value v;
	struct place to;
	int ret;

	cg_lvalue(cg, n, &v);
	if (v.kind == VALUE_STRING) {
		*out = v;
		cg_string_convert(cg, out, rep);
		return;
	}
	if (v.kind == VALUE_INT)
		v.at = (struct place){SPACE_KERNEL, v.reg, 0};
	*out = (struct value){.kind = VALUE_STRING, .rep = rep, .literal = -1};
	if (rep.rep == REP_NAME && v.at.space != SPACE_KERNEL) {
		for (int i = 0; i < 2; i++)
			out->word[i] = cg_load(cg, cg_place_at(v.at, i * 8), 8, false);
		return;
	}
	to = cg_room(cg, rep.cap);
	cg_zero(cg, to, rep.cap);
	ret = ir_reg(cg->ir);
	IR_CALL(cg->ir, ret, BPF_FUNC_probe_read_kernel_str, cg_address(cg, to), cg_const(cg, most),
		cg_address(cg, v.at));
	cg_fault_if(cg, IR_SLT, ret, 0, FLT_BADADDR, cg_address(cg, v.at));
	out->bytes = to;
	if (rep.rep == REP_NAME)
		cg_string_load(cg, to, rep, out);
}

/* Evaluates a string expression into the representation asked for. */
void cg_string_as(struct codegen *cg, struct node *n, struct strrep rep, struct value *out)
{
	while ((n->kind == NODE_CAST || (n->kind == NODE_UNARY && n->op == OP_STRINGOF)) &&
	       type_is_string(n->left->type))
		n = n->left;
	if (n->kind == NODE_COND) {
		conditional(cg, n, rep, out);
		return;
	}
	if (n->kind == NODE_INT) {
		cg_string_literal(cg, "", out);
	} else if (n->kind == NODE_CAST || (n->kind == NODE_UNARY && n->op == OP_STRINGOF)) {
		from_memory(cg, n->left, cg_rep(cg, n), out);
	} else {
		cg_expr(cg, n, out);
		if (out->kind == VALUE_STRUCT)
			from_memory(cg, n, cg_rep(cg, n), out);
	}
	cg_string_convert(cg, out, rep);
}

/* Big-endian words compare as the text does. */
static void order_words(struct codegen *cg, int a, int b, enum op op, bool last, int yes, int no)
{
	int x = ir_reg(cg->ir), y = ir_reg(cg->ir), next = ir_label(cg->ir);
	bool less = op == OP_LT || op == OP_LE;

	ir_swap(cg->ir, x, a, 8);
	ir_swap(cg->ir, y, b, 8);
	if (op == OP_EQ || op == OP_NE) {
		ir_branch(cg->ir, IR_NE, x, y, op == OP_EQ ? no : yes);
	} else {
		ir_branch(cg->ir, IR_EQ, x, y, next);
		ir_branch(cg->ir, less ? IR_ULT : IR_UGT, x, y, yes);
		ir_jump(cg->ir, no);
	}
	ir_place(cg->ir, next);
	if (last)
		ir_jump(cg->ir, op == OP_EQ || op == OP_LE || op == OP_GE ? yes : no);
}

static void compare_bytes(struct codegen *cg, enum op op, const struct value *a,
			  const struct value *b, int yes, int no)
{
	uint32_t n = a->rep.cap / 8;

	for (uint32_t i = 0; i < n; i++) {
		int x = ir_reg(cg->ir), y = ir_reg(cg->ir);

		load_word(cg, cg_place_at(a->bytes, i * 8), x, 8);
		load_word(cg, cg_place_at(b->bytes, i * 8), y, 8);
		order_words(cg, x, y, op, i + 1 == n, yes, no);
	}
}

static void compare_words(struct codegen *cg, enum op op, struct value *a, struct value *b, int yes,
			  int no)
{
	int n = cg_rep_words(a->rep);

	if (a->rep.rep == REP_NAME) {
		if (a->literal < 0)
			name_clean(cg, a, &a->word[0], &a->word[1]);
		if (b->literal < 0)
			name_clean(cg, b, &b->word[0], &b->word[1]);
	}
	for (int i = 0; i < n; i++)
		if (op == OP_EQ || op == OP_NE)
			ir_branch(cg->ir, IR_NE, a->word[i], b->word[i], op == OP_EQ ? no : yes);
		else
			order_words(cg, a->word[i], b->word[i], op, i + 1 == n, yes, no);
	if (op == OP_EQ || op == OP_NE)
		ir_jump(cg->ir, op == OP_EQ ? yes : no);
}

/* Jumps to label if (a op b) == when. */
void cg_string_compare(struct codegen *cg, enum op op, struct node *a, struct node *b, int label,
		       bool when)
{
	struct strrep rep = cg_rep_join(cg_rep(cg, a), cg_rep(cg, b));
	bool equality = op == OP_EQ || op == OP_NE;
	int through = ir_label(cg->ir);
	struct value va, vb;

	/* Ids and addresses have no order of their own. */
	if (!equality && (rep.rep == REP_LITERAL || rep.rep == REP_ADDR))
		rep.rep = REP_BYTES;
	cg_string_as(cg, a, rep, &va);
	cg_string_as(cg, b, rep, &vb);
	cg_branch_point(cg);
	if (rep.rep == REP_BYTES)
		compare_bytes(cg, op, &va, &vb, when ? label : through, when ? through : label);
	else
		compare_words(cg, op, &va, &vb, when ? label : through, when ? through : label);
	ir_place(cg->ir, through);
}
