/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strings and their representations: rows of one table.
 *
 * All zero means "" in each of them, so memory that was never written reads as
 * the empty string.  Where two meet, the narrowest that holds both wins:
 *
 *	literal + name (if it fits 15 characters)	-> name
 *	literal + address				-> address
 *	literal + number with a name			-> that number
 *	anything else					-> bytes
 *
 * A literal that is the text of an address is an address where strings meet.
 */
#include <arpa/inet.h>
#include <string.h>

#include "base/names.h"
#include "emit/emit_impl.h"

/* How a representation lies in registers and in memory, and whether its words compare as its text
 * does. */
static const struct rep_row {
	enum item_kind item;
	unsigned words, word_size;
	uint32_t size; /* in memory; 0: its capacity */
	bool ordered;
	enum naming naming;
} rows[] = {
	[REP_LITERAL] = {ITEM_STRID, 1, 4, 4, false},
	[REP_NAME] = {ITEM_NAME, 2, 8, 16, true},
	[REP_ADDR] = {ITEM_ADDR, 3, 8, sizeof(struct item_addr), false},
	[REP_SYMBOL] = {ITEM_NAMED, 2, 8, sizeof(struct item_named), false, NAMING_SYMBOL},
	[REP_CGROUP] = {ITEM_NAMED, 2, 8, sizeof(struct item_named), false, NAMING_CGROUP},
	[REP_NETNS] = {ITEM_NAMED, 2, 8, sizeof(struct item_named), false, NAMING_NETNS},
	[REP_BYTES] = {ITEM_BYTES, 0, 0, 0, true},
};

static uint32_t round8(uint32_t n)
{
	return (n + 7) & ~7u;
}

uint32_t emit_text_size(const struct emit *e)
{
	uint64_t n = e->options->strsize;

	return n < 1 ? 1 : n > 4096 ? 4096 : n;
}

struct strrep emit_bytes_rep(const struct emit *e, uint32_t n)
{
	uint32_t max = round8(emit_text_size(e));

	n = round8(n);
	return (struct strrep){REP_BYTES, n > max ? max : n};
}

struct strrep emit_literal_rep(const struct emit *e, const char *text)
{
	size_t n = strlen(text) + 1, max = emit_text_size(e);

	return (struct strrep){REP_LITERAL, round8(n < max ? n : max)};
}

static enum naming rep_naming(struct strrep rep)
{
	return rows[rep.rep].naming;
}

struct strrep rep_join(struct strrep a, struct strrep b)
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
	if (a.rep == REP_LITERAL && rep_naming(b))
		return (struct strrep){b.rep, r.cap};
	r.rep = REP_BYTES;
	return r;
}

/* An address as its text says, if it is the one text that inet_ntop() gives. */
bool string_address(const char *text, struct item_addr *a)
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
struct strrep emit_constant_rep(const struct emit *e, const char *text)
{
	struct item_addr a;

	if (string_address(text, &a))
		return (struct strrep){REP_ADDR, ADDR_TEXT};
	return emit_literal_rep(e, text);
}

uint32_t rep_size(struct strrep rep)
{
	return rows[rep.rep].size ? rows[rep.rep].size : rep.cap;
}

int rep_words(struct strrep rep)
{
	return (int)rows[rep.rep].words;
}

bool rep_is_ordered(struct strrep rep)
{
	return rows[rep.rep].ordered;
}

enum item_kind rep_item(struct strrep rep)
{
	return rows[rep.rep].item;
}

int emit_string_id(struct emit *e, const char *text)
{
	struct string_state *s = &e->state->string;
	intptr_t id = (intptr_t)strmap_get(s->ids, text);

	if (!id) {
		vec_push(&s->all, text);
		id = s->all.n;
		strmap_put(s->ids, text, (void *)id);
	}
	return id - 1;
}

void emit_string_literal(struct emit *e, const char *text, struct value *out)
{
	size_t most = emit_text_size(e) - 1;

	if (strlen(text) > most)
		text = arena_printf(e->arena, "%.*s", (int)most, text);
	value_string(out, emit_literal_rep(e, text));
	out->literal = emit_string_id(e, text);
	out->word[0] = emit_const(e, out->literal);
}

/* Writes the string as the item of its representation. */
void emit_string_store(struct emit *e, const struct value *v, struct place to)
{
	const struct rep_row *row = &rows[v->rep.rep];

	for (unsigned i = 0; i < row->words; i++)
		emit_store(e, place_at(to, i * 8), v->word[i], row->word_size);
	if (!row->words)
		emit_copy(e, to, v->bytes, v->rep.cap);
}

/* Reads an item. Its memory may be that of a variable: words are copied now, bytes stay where they
 * are. */
void emit_string_load(struct emit *e, struct place from, struct strrep rep, struct value *out)
{
	const struct rep_row *row = &rows[rep.rep];

	value_string(out, rep);
	for (unsigned i = 0; i < row->words; i++) {
		out->word[i] = ir_reg(e->ir);
		memory_load_word(e, place_at(from, i * 8), out->word[i], row->word_size);
	}
	if (!row->words)
		out->bytes = from;
}

/* --- literals that are looked up at run time: strsize bytes each --- */

#define STRINGS_MAX 1024 /* a power of two */

uint32_t string_stride(const struct emit *e)
{
	return round8(emit_text_size(e));
}

struct place string_bytes(struct emit *e, int id)
{
	uint32_t stride = string_stride(e);
	int off = ir_reg(e->ir), addr = ir_reg(e->ir), base = ir_reg(e->ir);

	ir_mov(e->ir, off, id);
	/* The verifier must see the bound; the map has as many entries. */
	ir_alui(e->ir, IR_AND, off, off, STRINGS_MAX - 1);
	ir_alui(e->ir, IR_MUL, off, off, stride);
	ir_map_value(e->ir, base, e->state->map.strings, 0);
	ir_alu(e->ir, IR_ADD, addr, base, off);
	e->state->string.looked_up = true;
	return (struct place){SPACE_MAP, addr, 0};
}

void string_fill(struct emit *e, struct map_def *m)
{
	const struct string_state *s = &e->state->string;
	uint32_t stride = string_stride(e);
	char *text;

	if (!s->looked_up) {
		m->value_size = 8;
		m->init = "\0\0\0\0\0\0\0";
		return;
	}
	if (s->all.n > STRINGS_MAX)
		emit_error(e, (struct loc){0}, "D_STR_MANY", "more than %d string constants",
			   STRINGS_MAX);
	m->value_size = STRINGS_MAX * stride;
	text = arena_alloc(e->arena, m->value_size);
	m->init = text;
	for (size_t i = 0; i < s->all.n && i < STRINGS_MAX; i++)
		memcpy(text + i * stride, s->all.at[i], strnlen(s->all.at[i], stride - 1));
}

/* --- from one representation to another --- */

static void literal_to_addr(struct emit *e, struct value *v)
{
	struct item_addr a;
	uint64_t w[3];

	if (v->literal >= 0 && string_address(e->state->string.all.at[v->literal], &a)) {
		memcpy(w, &a, sizeof(w));
		for (int i = 0; i < 3; i++)
			v->word[i] = emit_const(e, w[i]);
	} else {
		v->word[1] = v->word[2] = emit_const(e, 0);
	}
	v->rep = (struct strrep){REP_ADDR, ADDR_TEXT};
}

struct names *emit_names(struct emit *e)
{
	if (!e->program->names)
		e->program->names = names_new(e->arena);
	return e->program->names;
}

void emit_string_named(struct emit *e, enum rep rep, int number, struct value *out)
{
	names_prepare(emit_names(e), rows[rep].naming);
	value_string(out, (struct strrep){rep, ADDR_TEXT});
	out->word[0] = number;
	out->word[1] = emit_const(e, rows[rep].naming);
}

/* A text that names a number is that number. */
static void literal_to_named(struct emit *e, struct value *v, struct strrep rep)
{
	const char *text = v->literal >= 0 ? e->state->string.all.at[v->literal] : "";
	uint64_t number;

	if (*text && names_number(emit_names(e), rep_naming(rep), text, &number)) {
		emit_string_named(e, rep.rep, emit_const(e, (int64_t)number), v);
		return;
	}
	v->word[1] = emit_const(e, NAMING_NONE);
	v->rep = rep;
}

void emit_string_convert(struct emit *e, struct value *v, struct strrep rep)
{
	if (v->rep.rep == rep.rep && rep.rep != REP_BYTES)
		return;
	switch (rep.rep) {
	case REP_NAME:
		if (v->literal >= 0) {
			const char *text = e->state->string.all.at[v->literal];

			v->word[0] = emit_const(e, text_word(text, 0));
			v->word[1] = emit_const(e, text_word(text, 1));
			v->rep = rep;
			return;
		}
		text_to_bytes(e, v, 16);
		emit_string_load(e, v->bytes, rep, v);
		return;
	case REP_ADDR:
		literal_to_addr(e, v);
		return;
	case REP_SYMBOL:
	case REP_CGROUP:
	case REP_NETNS:
		literal_to_named(e, v, rep);
		return;
	default:
		text_to_bytes(e, v, rep.cap);
	}
}

/* --- comparison --- */

/* Big-endian words compare as the text does. */
static void order_words(struct emit *e, int a, int b, enum op op, bool last, int yes, int no)
{
	int x = ir_reg(e->ir), y = ir_reg(e->ir), next = ir_label(e->ir);
	bool less = op == OP_LT || op == OP_LE;

	ir_swap(e->ir, x, a, 8);
	ir_swap(e->ir, y, b, 8);
	if (op == OP_EQ || op == OP_NE) {
		ir_branch(e->ir, IR_NE, x, y, op == OP_EQ ? no : yes);
	} else {
		ir_branch(e->ir, IR_EQ, x, y, next);
		ir_branch(e->ir, less ? IR_ULT : IR_UGT, x, y, yes);
		ir_jump(e->ir, no);
	}
	ir_place(e->ir, next);
	if (last)
		ir_jump(e->ir, op == OP_EQ || op == OP_LE || op == OP_GE ? yes : no);
}

/* As the result of memcmp() stands to 0. */
static void compare_result(struct emit *e, enum op op, int result, int yes, int no)
{
	static const enum ir_cond conds[] = {
		[OP_EQ] = IR_EQ,  [OP_NE] = IR_NE,  [OP_LT] = IR_SLT,
		[OP_LE] = IR_SLE, [OP_GT] = IR_SGT, [OP_GE] = IR_SGE,
	};

	ir_branchi(e->ir, conds[op], result, 0, yes);
	ir_jump(e->ir, no);
}

/* From here on a routine does it. */
#define COMPARE_WORDS 16

static void compare_bytes(struct emit *e, enum op op, const struct value *a, const struct value *b,
			  int yes, int no)
{
	uint32_t n = a->rep.cap / 8;

	if (n >= COMPARE_WORDS) {
		compare_result(e, op, compute_compare(e, a, b), yes, no);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		int x = ir_reg(e->ir), y = ir_reg(e->ir);

		memory_load_word(e, place_at(a->bytes, i * 8), x, 8);
		memory_load_word(e, place_at(b->bytes, i * 8), y, 8);
		order_words(e, x, y, op, i + 1 == n, yes, no);
	}
}

static void compare_words(struct emit *e, enum op op, struct value *a, struct value *b, int yes,
			  int no)
{
	int n = rep_words(a->rep);

	if (a->rep.rep == REP_NAME) {
		if (a->literal < 0)
			text_name_clean(e, a, &a->word[0], &a->word[1]);
		if (b->literal < 0)
			text_name_clean(e, b, &b->word[0], &b->word[1]);
	}
	for (int i = 0; i < n; i++)
		if (op == OP_EQ || op == OP_NE)
			ir_branch(e->ir, IR_NE, emit_tested(e, a->word[i]),
				  emit_tested(e, b->word[i]), op == OP_EQ ? no : yes);
		else
			order_words(e, a->word[i], b->word[i], op, i + 1 == n, yes, no);
	if (op == OP_EQ || op == OP_NE)
		ir_jump(e->ir, op == OP_EQ ? yes : no);
}

void emit_string_compare(struct emit *e, enum op op, struct value *a, struct value *b, int yes,
			 int no)
{
	if (a->rep.rep == REP_BYTES)
		compare_bytes(e, op, a, b, yes, no);
	else
		compare_words(e, op, a, b, yes, no);
}
