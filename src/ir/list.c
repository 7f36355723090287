/* SPDX-License-Identifier: BSD-2-Clause */
/* The listing: BPF instructions as C-like text, in the manner of bpftool. Reads only struct
 * ir_code. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ir/ir.h"

struct lister {
	const struct ir_code *code;
	const char *(*map_name)(void *arg, int map);
	void *arg;
	FILE *out;
	unsigned *label; /* of each instruction, 0 for none */
	char *is_function;
	uint32_t use; /* next in code->uses */
};

/* The header's list of helpers brings its own commas up to Linux 6.1, and numbers since. */
#ifdef ___BPF_FUNC_MAPPER
#define HELPER_NAME(name, number, ...) [number] = "bpf_" #name,
#else
#define HELPER_NAME(name) [BPF_FUNC_##name] = "bpf_" #name
#endif
static const char *const helper_names[] = {
#ifdef ___BPF_FUNC_MAPPER
	___BPF_FUNC_MAPPER(HELPER_NAME)
#else
	__BPF_FUNC_MAPPER(HELPER_NAME)
#endif
};

static const char *size_name(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return "u8";
	case BPF_H:
		return "u16";
	case BPF_W:
		return "u32";
	}
	return "u64";
}

static bool is_jump(const struct bpf_insn *i)
{
	int class = BPF_CLASS(i->code), op = BPF_OP(i->code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL && op != BPF_EXIT;
}

static bool is_wide(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static bool is_subprogram_call(const struct bpf_insn *i)
{
	return i->code == (BPF_JMP | BPF_CALL) && i->src_reg == BPF_PSEUDO_CALL;
}

/* The address of a function, for a helper that calls it back. */
static bool is_function_address(const struct bpf_insn *i)
{
	return is_wide(i) && i->src_reg == BPF_PSEUDO_FUNC;
}

static void number_labels(struct lister *l)
{
	const struct ir_code *c = l->code;
	unsigned next = 1;

	for (uint32_t i = 0; i < c->ninsns; i++) {
		const struct bpf_insn *in = &c->insns[i];
		int64_t to = -1;

		if (is_jump(in))
			to = (int64_t)i + 1 + in->off;
		else if (is_subprogram_call(in) || is_function_address(in))
			to = (int64_t)i + 1 + in->imm;
		if (to >= 0 && to < c->ninsns) {
			l->label[to] = 1;
			l->is_function[to] |= !is_jump(in);
		}
		i += is_wide(in);
	}
	for (uint32_t i = 0; i < c->ninsns; i++)
		if (l->label[i])
			l->label[i] = next++;
}

static void put_label(struct lister *l, int64_t at)
{
	if (at < 0 || at >= l->code->ninsns)
		fprintf(l->out, "<%" PRId64 ">", at);
	else
		fprintf(l->out, "%c%u", l->is_function[at] ? 'F' : 'L', l->label[at]);
}

static void put_alu(struct lister *l, const struct bpf_insn *i)
{
	static const char *const ops[16] = {
		"+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", NULL, "%=", "^=", "=", "s>>=",
	};
	char w = BPF_CLASS(i->code) == BPF_ALU ? 'w' : 'r';
	int op = BPF_OP(i->code);

	if (op == BPF_NEG)
		fprintf(l->out, "%c%d = -%c%d", w, i->dst_reg, w, i->dst_reg);
	else if (op == BPF_END)
		fprintf(l->out, "r%d = %s%d r%d", i->dst_reg, BPF_SRC(i->code) ? "be" : "le",
			i->imm, i->dst_reg);
	else if (BPF_SRC(i->code) == BPF_X)
		fprintf(l->out, "%c%d %s %c%d", w, i->dst_reg, ops[op >> 4], w, i->src_reg);
	else
		fprintf(l->out, "%c%d %s %d", w, i->dst_reg, ops[op >> 4], i->imm);
}

static const char *helper_name(int32_t helper)
{
	if (helper < 0 || (size_t)helper >= sizeof(helper_names) / sizeof(*helper_names) ||
	    !helper_names[helper])
		return "helper";
	return helper_names[helper];
}

static void put_jump(struct lister *l, const struct bpf_insn *i, uint32_t at)
{
	static const char *const conds[16] = {
		NULL, "==", ">", ">=", "&", "!=", "s>", "s>=", NULL, NULL, "<", "<=", "s<", "s<=",
	};
	char w = BPF_CLASS(i->code) == BPF_JMP32 ? 'w' : 'r';
	int op = BPF_OP(i->code);

	if (op == BPF_EXIT) {
		fputs("exit", l->out);
		return;
	}
	if (op == BPF_CALL && is_subprogram_call(i)) {
		fputs("call ", l->out);
		put_label(l, (int64_t)at + 1 + i->imm);
		return;
	}
	if (op == BPF_CALL) {
		fprintf(l->out, "call %s#%d", helper_name(i->imm), i->imm);
		return;
	}
	if (op != BPF_JA && BPF_SRC(i->code) == BPF_X)
		fprintf(l->out, "if %c%d %s %c%d ", w, i->dst_reg, conds[op >> 4], w, i->src_reg);
	else if (op != BPF_JA)
		fprintf(l->out, "if %c%d %s %d ", w, i->dst_reg, conds[op >> 4], i->imm);
	fputs("goto ", l->out);
	put_label(l, (int64_t)at + 1 + i->off);
}

static void put_atomic(struct lister *l, const struct bpf_insn *i)
{
	char place[48];

	snprintf(place, sizeof(place), "(%s *)(r%d %+d)", size_name(i->code), i->dst_reg, i->off);
	switch (i->imm) {
	case BPF_ADD:
		fprintf(l->out, "lock *%s += r%d", place, i->src_reg);
		break;
	case BPF_OR:
		fprintf(l->out, "lock *%s |= r%d", place, i->src_reg);
		break;
	case BPF_ADD | BPF_FETCH:
		fprintf(l->out, "r%d = atomic_fetch_add(%s, r%d)", i->src_reg, place, i->src_reg);
		break;
	case BPF_XCHG:
		fprintf(l->out, "r%d = xchg(%s, r%d)", i->src_reg, place, i->src_reg);
		break;
	case BPF_CMPXCHG:
		fprintf(l->out, "r0 = cmpxchg(%s, r0, r%d)", place, i->src_reg);
		break;
	default:
		fprintf(l->out, "atomic(%s, r%d, %#x)", place, i->src_reg, i->imm);
	}
}

static void put_wide(struct lister *l, const struct bpf_insn *i, uint32_t at)
{
	const struct ir_code *c = l->code;

	while (l->use < c->nuses && c->uses[l->use].insn < at)
		l->use++;
	fprintf(l->out, "r%d = ", i->dst_reg);
	if (l->use < c->nuses && c->uses[l->use].insn == at) {
		const char *name = l->map_name ? l->map_name(l->arg, c->uses[l->use].map) : NULL;

		if (name)
			fprintf(l->out, "map[%s]", name);
		else
			fprintf(l->out, "map[%d]", c->uses[l->use].map);
		if (i->src_reg == BPF_PSEUDO_MAP_VALUE)
			fprintf(l->out, " value +%u", (unsigned)i[1].imm);
		return;
	}
	if (is_function_address(i)) {
		fputc('&', l->out);
		put_label(l, (int64_t)at + 1 + i->imm);
		return;
	}
	fprintf(l->out, "%#" PRIx64 " ll",
		(uint64_t)(uint32_t)i->imm | (uint64_t)(uint32_t)i[1].imm << 32);
}

static void put_insn(struct lister *l, const struct bpf_insn *i, uint32_t at)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		put_alu(l, i);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		put_jump(l, i, at);
		break;
	case BPF_LDX:
		fprintf(l->out, "r%d = *(%s *)(r%d %+d)", i->dst_reg, size_name(i->code),
			i->src_reg, i->off);
		break;
	case BPF_ST:
		fprintf(l->out, "*(%s *)(r%d %+d) = %d", size_name(i->code), i->dst_reg, i->off,
			i->imm);
		break;
	case BPF_STX:
		if (BPF_MODE(i->code) == BPF_ATOMIC)
			put_atomic(l, i);
		else
			fprintf(l->out, "*(%s *)(r%d %+d) = r%d", size_name(i->code), i->dst_reg,
				i->off, i->src_reg);
		break;
	default:
		if (is_wide(i) && at + 1 < l->code->ninsns)
			put_wide(l, i, at);
		else
			fprintf(l->out, "code %#x", i->code);
	}
}

static void put_comment(FILE *out, const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		fprintf(out, "; %.*s\n", (int)n, text);
		text += n + (text[n] == '\n');
	}
}

void ir_list(const struct ir_code *code, const char *(*map_name)(void *arg, int map), void *arg,
	     FILE *out)
{
	struct lister l = {.code = code, .map_name = map_name, .arg = arg, .out = out};

	l.label = calloc(code->ninsns + 1, sizeof(*l.label));
	l.is_function = calloc(code->ninsns + 1, 1);
	if (l.label && l.is_function) {
		number_labels(&l);
		for (uint32_t i = 0; i < code->ninsns; i++) {
			const struct bpf_insn *in = &code->insns[i];

			if (code->comments)
				put_comment(out, code->comments[i]);
			if (l.label[i]) {
				put_label(&l, i);
				fputs(":\n", out);
			}
			fprintf(out, "%5u: (%02x) ", i, in->code);
			put_insn(&l, in, i);
			fputc('\n', out);
			i += is_wide(in);
		}
	} else {
		fputs("(no memory for the listing)\n", out);
	}
	free(l.label);
	free(l.is_function);
}
