/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Subroutines on strings.  A string that is found in none is "": D's NULL, which
 * compares equal to it.
 */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"
#include "routines/routines.h"
#include "routines/text.h"

#define WORK(field) offsetof(struct text_work, field)

static int work_read(struct emit *e, struct place work, int off)
{
	return emit_load(e, place_at(work, off), 8, false);
}

static void work_write(struct emit *e, struct place work, int off, int reg)
{
	emit_store(e, place_at(work, off), reg, 8);
}

/* An integer argument as one of type int; none: the value given. */
static int int_argument(struct emit *e, struct node *n, int64_t otherwise)
{
	int reg;

	if (!n)
		return emit_const(e, otherwise);
	reg = ir_reg(e->ir);
	ir_extend(e->ir, reg, emit_int(e, n), 4, true);
	return reg;
}

/* --- strings no longer than the first argument --- */

static uint32_t room_as_first(struct emit *e, struct node *n)
{
	return emit_text_cap(e, n->args);
}

static void code_strlen(struct emit *e, struct node *n, struct value *out)
{
	struct text t;

	emit_text(e, n->args, &t);
	value_int(out, emit_text_length(e, emit_text_work(e), &t));
}

/* What was found: work.n bytes from work.from on. */
static void found(struct emit *e, struct place work, const struct text *t, struct text *out)
{
	*out = emit_text_new(e, t->cap);
	emit_text_bytes(e, out, emit_text_at(e, t->at, work_read(e, work, WORK(from))),
			work_read(e, work, WORK(n)));
}

static void code_substr(struct emit *e, struct node *n, struct value *out)
{
	struct node *count = n->args->next->next;
	struct text t, part;
	struct place work;
	int args[5];

	emit_text(e, n->args, &t);
	args[2] = int_argument(e, n->args->next, 0);
	args[4] = emit_const(e, emit_text_size(e));
	args[3] = count ? int_argument(e, count, 0) : args[4];
	work = emit_text_work(e);
	args[1] = emit_text_length(e, work, &t);
	args[0] = emit_address(e, work);
	emit_text_call(e, ROUTINE_TEXT_PART, 5, args);
	found(e, work, &t, &part);
	emit_text_value(&part, out);
}

/* which: to upper case */
static void code_case(struct emit *e, struct node *n, struct value *out)
{
	struct text from, to;

	emit_text(e, n->args, &from);
	to = (struct text){emit_text_room(e, from.cap), from.cap};
	emit_copy(e, to.at, from.at, to.cap);
	EMIT_TEXT_CALL(e, ROUTINE_TEXT_CASE, emit_address(e, emit_text_work(e)),
		       emit_address(e, to.at), emit_const(e, to.cap),
		       emit_const(e, n->builtin->which), emit_text_mask(e));
	emit_text_value(&to, out);
}

/* which: the directory. A part of no bytes is ".". */
static void code_path(struct emit *e, struct node *n, struct value *out)
{
	int some = ir_label(e->ir);
	struct place work;
	struct text path, part;

	emit_text(e, n->args, &path);
	work = emit_text_work(e);
	EMIT_TEXT_CALL(e, ROUTINE_TEXT_PATH, emit_address(e, work), emit_address(e, path.at),
		       emit_const(e, n->builtin->which), emit_text_mask(e));
	found(e, work, &path, &part);
	ir_branchi(e->ir, IR_NE, work_read(e, work, WORK(n)), 0, some);
	emit_store(e, part.at, emit_const(e, '.'), 1);
	ir_place(e->ir, some);
	emit_text_value(&part, out);
}

static void code_cleanpath(struct emit *e, struct node *n, struct value *out)
{
	struct text path, clean, part;
	struct place work;

	emit_text(e, n->args, &path);
	clean = emit_text_new(e, path.cap);
	work = emit_text_work(e);
	EMIT_TEXT_CALL(e, ROUTINE_TEXT_CLEAN, emit_address(e, work), emit_address(e, path.at),
		       emit_address(e, clean.at), emit_text_mask(e));
	part = emit_text_new(e, path.cap);
	emit_text_bytes(e, &part, emit_address(e, clean.at), work_read(e, work, WORK(n)));
	emit_text_value(&part, out);
}

static void code_json(struct emit *e, struct node *n, struct value *out)
{
	struct text json, path, part;
	struct place work;

	emit_text(e, n->args, &json);
	emit_text(e, n->args->next, &path);
	work = emit_text_work(e);
	EMIT_TEXT_CALL(e, ROUTINE_TEXT_JSON, emit_address(e, work), emit_address(e, json.at),
		       emit_address(e, path.at), emit_text_mask(e));
	found(e, work, &json, &part);
	emit_text_value(&part, out);
}

/* --- tokens --- */

/*
 * The text that is taken apart is the firing's: a copy of it, and behind that a word
 * with one more than where the next token begins, 0: there is none.
 */
static bool check_strtok(struct script *s, struct node *n)
{
	if (s->token_memory) {
		n->right = node_new(s, NODE_NAME, n->loc);
		n->right->name = s->token_memory->name;
		n->right->scope = SCOPE_THIS;
		n->right->sym = s->token_memory;
		n->right->type = s->token_memory->type;
		return true;
	}
	n->right = script_memory(s, types_array(s->types, types_basic(s->types, "char"), 8), true,
				 n->loc);
	s->token_memory = n->right->sym;
	return true;
}

static void code_strtok(struct emit *e, struct node *n, struct value *out)
{
	bool goes_on = n->args->kind == NODE_INT; /* NULL */
	struct text from, set, token;
	struct value memory;
	struct place work, next;
	int at = ir_reg(e->ir);

	if (!goes_on)
		emit_text(e, n->args, &from);
	emit_text(e, n->args->next, &set);
	emit_expr(e, n->right, &memory);
	token = emit_text_new(e, emit_bytes_rep(e, emit_text_size(e)).cap);
	next = place_at(memory.at, (int)token.cap);
	if (!goes_on) {
		emit_text_copy(e, &(struct text){memory.at, token.cap}, emit_address(e, from.at));
		ir_const(e->ir, at, 0);
	} else {
		int live = emit_load(e, next, 8, false);

		emit_fault_if(e, IR_EQ, live, 0, FLT_BADADDR, -1);
		ir_alui(e->ir, IR_SUB, at, live, 1);
	}
	work = emit_text_work(e);
	work_write(e, work, WORK(at), at);
	EMIT_TEXT_CALL(e, ROUTINE_TEXT_TOKEN, emit_address(e, work), emit_address(e, memory.at),
		       emit_address(e, set.at), emit_text_mask(e));
	ir_alui(e->ir, IR_ADD, at, work_read(e, work, WORK(at)), 1);
	emit_store(e, next, at, 8);
	emit_text_bytes(e, &token, emit_text_at(e, memory.at, work_read(e, work, WORK(from))),
			work_read(e, work, WORK(n)));
	emit_text_value(&token, out);
}

/* --- finding --- */

struct search {
	struct text text, what;
	struct place work;
	int length; /* register: of the text */
	int last;   /* the last place, else the first */
	int at;	    /* register: not before, or not behind */
};

/* A register: where it is, or TEXT_NOWHERE. */
static int find(struct emit *e, const struct search *s)
{
	struct place table = emit_text_room(e, 2 * s->what.cap);
	int length = emit_text_length(e, s->work, &s->what);

	work_write(e, s->work, WORK(k), length);
	work_write(e, s->work, WORK(n), s->length);
	work_write(e, s->work, WORK(more), s->at);
	work_write(e, s->work, WORK(state), emit_const(e, s->last));
	return EMIT_TEXT_CALL(e, ROUTINE_TEXT_FIND, emit_address(e, s->work),
			      emit_address(e, s->text.at), emit_address(e, s->what.at),
			      emit_address(e, table), emit_text_mask(e));
}

/* Both strings. */
static void search_begin(struct emit *e, struct node *n, struct search *s)
{
	emit_text(e, n->args, &s->text);
	emit_text(e, n->args->next, &s->what);
	s->work = emit_text_work(e);
	s->length = emit_text_length(e, s->work, &s->text);
}

/* which: rindex() */
static void code_index(struct emit *e, struct node *n, struct value *out)
{
	struct node *at = n->args->next->next;
	struct search s = {.last = n->builtin->which};

	s.at = int_argument(e, at, s.last ? INT32_MAX : 0);
	search_begin(e, n, &s);
	value_int(out, find(e, &s));
}

/* The text from what was found on; "" if it was not. */
static void rest(struct emit *e, const struct search *s, struct value *out)
{
	struct text to = emit_text_new(e, s->text.cap);
	int at = find(e, s), missing = ir_label(e->ir);

	ir_branchi(e->ir, IR_EQ, at, (int64_t)TEXT_NOWHERE, missing);
	emit_text_copy(e, &to, emit_text_at(e, s->text.at, at));
	ir_place(e->ir, missing);
	emit_text_value(&to, out);
}

static void code_strstr(struct emit *e, struct node *n, struct value *out)
{
	struct search s = {.at = emit_const(e, 0)};

	search_begin(e, n, &s);
	rest(e, &s, out);
}

/*
 * which: strrchr(). A character is a string of one, and '\0' is one of none, which
 * is at the end: for strchr() that is the first place not before INT_MAX.
 */
static void code_strchr(struct emit *e, struct node *n, struct value *out)
{
	struct search s = {.last = n->builtin->which, .what.cap = 8};
	int c = ir_reg(e->ir);

	emit_text(e, n->args, &s.text);
	ir_extend(e->ir, c, emit_int(e, n->args->next), 1, false);
	s.what.at = emit_text_room(e, 8);
	emit_store(e, s.what.at, c, 8);
	s.at = ir_reg(e->ir);
	ir_alui(e->ir, IR_SUB, s.at, c, 1);
	ir_alui(e->ir, IR_SHR, s.at, s.at, 33);
	if (s.last)
		ir_const(e->ir, s.at, INT32_MAX);
	s.work = emit_text_work(e);
	s.length = emit_text_length(e, s.work, &s.text);
	rest(e, &s, out);
}

/* --- strings that grow --- */

/* In steps of a power of two: s = strjoin(s, "x") has its size soon. */
static uint32_t room_join(struct emit *e, struct node *n)
{
	uint32_t want = emit_text_cap(e, n->args) + emit_text_cap(e, n->args->next), size = 16;

	while (size < want)
		size *= 2;
	return size;
}

static void code_strjoin(struct emit *e, struct node *n, struct value *out)
{
	struct text a, b, joined;

	emit_text(e, n->args, &a);
	emit_text(e, n->args->next, &b);
	emit_text_join(e, &a, &b, emit_bytes_rep(e, room_join(e, n)).cap, &joined);
	emit_text_value(&joined, out);
}

/* --- numbers --- */

#define DIGITS_ROOM 128 /* of text_digits() */

static uint32_t room_digits(struct emit *e, struct node *n)
{
	const struct node *base = n->args->next;

	(void)e;
	return !base || (base->kind == NODE_INT && base->value >= 8) ? 24 : 72;
}

/* The base: 2 to 36, or a fault. */
static int base_argument(struct emit *e, struct node *n)
{
	int base = int_argument(e, n, 10), off = ir_reg(e->ir);

	if (n && n->kind != NODE_INT) {
		ir_alui(e->ir, IR_SUB, off, base, 2);
		emit_fault_if(e, IR_UGT, off, 34, FLT_ILLOP, -1);
	}
	return base;
}

static bool check_base(struct script *s, struct node *n)
{
	const struct node *base = n->args->next;

	if (!base || base->kind != NODE_INT || base->value - 2 <= 34)
		return true;
	diag_error(s->diag, base->loc, "D_PROTO_ARG", "%s( ) takes a base from 2 to 36",
		   n->builtin->name);
	return false;
}

static void code_lltostr(struct emit *e, struct node *n, struct value *out)
{
	int number = emit_int(e, n->args), base = base_argument(e, n->args->next), at;
	struct place work = emit_text_work(e), digits = emit_text_room(e, DIGITS_ROOM + 8);
	struct text to = emit_text_new(e, emit_bytes_rep(e, room_digits(e, n)).cap);

	at = EMIT_TEXT_CALL(e, ROUTINE_TEXT_DIGITS, emit_address(e, work), emit_address(e, digits),
			    number, base);
	emit_text_copy(e, &to, emit_text_at(e, digits, at));
	emit_text_value(&to, out);
}

static void code_strtoll(struct emit *e, struct node *n, struct value *out)
{
	struct text t;
	int base;

	emit_text(e, n->args, &t);
	base = base_argument(e, n->args->next);
	value_int(out, EMIT_TEXT_CALL(e, ROUTINE_TEXT_NUMBER, emit_address(e, emit_text_work(e)),
				      emit_address(e, t.at), base, emit_text_mask(e)));
}

#define S BUILTIN_SUBROUTINE
#define FIRST .rep = REP_BYTES, .room = room_as_first
/* clang-format off */
const struct builtin builtin_string[] = {
	{ "basename", S, "string", "string", .code = code_path, FIRST },
	{ "cleanpath", S, "string", "string", .code = code_cleanpath, FIRST },
	{ "dirname",  S, "string", "string", .code = code_path, FIRST, .which = 1 },
	{ "index",    S, "int", "string, string, [ integer", .code = code_index },
	{ "json",     S, "string", "string, string", .code = code_json, FIRST },
	{ "lltostr",  S, "string", "int64_t, [ integer", .check = check_base, .code = code_lltostr, .rep = REP_BYTES, .room = room_digits },
	{ "rindex",   S, "int", "string, string, [ integer", .code = code_index, .which = 1 },
	{ "strchr",   S, "string", "string, integer", .code = code_strchr, FIRST },
	{ "strjoin",  S, "string", "string, string", .code = code_strjoin, .rep = REP_BYTES, .room = room_join },
	{ "strlen",   S, "size_t", "string", .code = code_strlen },
	{ "strrchr",  S, "string", "string, integer", .code = code_strchr, FIRST, .which = 1 },
	{ "strstr",   S, "string", "string, string", .code = code_strstr, FIRST },
	{ "strtok",   S, "string", "string or NULL, string", .check = check_strtok, .code = code_strtok, .rep = REP_BYTES },
	{ "strtoll",  S, "int64_t", "string, [ integer", .check = check_base, .code = code_strtoll },
	{ "substr",   S, "string", "string, integer, [ integer", .code = code_substr, FIRST },
	{ "tolower",  S, "string", "string", .code = code_case, FIRST },
	{ "toupper",  S, "string", "string", .code = code_case, FIRST, .which = 1 },
	{ NULL },
};
/* clang-format on */
