/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reasons have names in BTF: enum skb_drop_reason.  Numbers drift between
 * kernels, so a table of the script at hand leads from them to its strings.  Of
 * reasons that a part of the kernel has for itself (the upper half of the number)
 * that part is named.
 */
#include "source/drop.h"

#include <string.h>

#define REASONS 256 /* entries of the table: a power of two */
#define PARTS 16    /* the last of them are of parts of the kernel */
#define PREFIX "SKB_DROP_REASON_"
#define PART_PREFIX PREFIX "SUBSYS_"

enum { ARG_LOCATION = 1, ARG_REASON };

void drop_of_tracepoint(struct drop *d)
{
	*d = (struct drop){.object.source = &source_drop};
}

int drop_reason(struct emit *e)
{
	static const char tag[] = "reason";
	int reg = emit_cached(e, tag);

	if (reg >= 0)
		return reg;
	reg = ir_reg(e->ir);
	ir_extend(e->ir, reg, tracepoint_arg(e, ARG_REASON), 4, false);
	emit_cache(e, tag, reg);
	return reg;
}

void drop_branch(struct emit *e, const char *const *names, int label)
{
	int reason = drop_reason(e);
	int64_t v;

	emit_branch_point(e);
	for (; *names; names++)
		if (emit_enumerator(e, *names, &v))
			ir_branchi(e->ir, IR_EQ, reason, v, label);
}

/* The names of an enum with a prefix, as numbers of strings, from table on. */
static void fill(struct emit *e, const char *tag, const char *prefix, uint32_t *table, int64_t n)
{
	struct type *t = types_tag(e->script->types, TYPE_ENUM, tag);
	size_t skip = strlen(prefix);

	if (!t)
		return;
	types_complete(e->script->types, t);
	for (uint32_t i = 0; i < t->nenumerators; i++) {
		const struct enumerator *en = &t->enumerators[i];

		if (en->value >= 0 && en->value < n && !strncmp(en->name, prefix, skip))
			table[en->value] = (uint32_t)emit_string_id(e, en->name + skip);
	}
}

static int names(struct emit *e)
{
	uint32_t *table = arena_alloc(e->arena, REASONS * sizeof(*table));
	uint32_t unknown = (uint32_t)emit_string_id(e, "<unknown>");

	for (int i = 0; i < REASONS; i++)
		table[i] = unknown;
	fill(e, "skb_drop_reason", PREFIX, table, REASONS - PARTS);
	fill(e, "skb_drop_reason_subsys", PART_PREFIX, table + REASONS - PARTS, PARTS);
	return emit_map_once(e, (struct map_def){
					.name = "drop_reasons",
					.role = MAP_DATA,
					.type = BPF_MAP_TYPE_ARRAY,
					.key_size = 4,
					.value_size = REASONS * sizeof(*table),
					.max_entries = 1,
					.init = table,
				});
}

/* table[reason < 1 << 16 ? reason : REASONS - PARTS + (reason >> 16)] */
static void member_reason(struct emit *e, const struct object *o, struct value *out)
{
	int reason = drop_reason(e), i = ir_reg(e->ir), part = ir_reg(e->ir), id = ir_reg(e->ir),
	    base = ir_reg(e->ir), at = ir_reg(e->ir), plain = ir_label(e->ir);

	(void)o;
	ir_mov(e->ir, i, reason);
	ir_alui(e->ir, IR_SHR, part, reason, 16);
	ir_branchi(e->ir, IR_EQ, part, 0, plain);
	ir_alui(e->ir, IR_AND, i, part, PARTS - 1);
	ir_alui(e->ir, IR_ADD, i, i, REASONS - PARTS);
	ir_place(e->ir, plain);
	ir_alui(e->ir, IR_AND, i, i, REASONS - 1);
	ir_alui(e->ir, IR_SHL, i, i, 2);
	ir_map_value(e->ir, base, names(e), 0);
	ir_alu(e->ir, IR_ADD, at, base, i);
	ir_load(e->ir, id, at, 0, 4);
	value_string(out, (struct strrep){REP_LITERAL, ADDR_TEXT});
	out->word[0] = id;
}

static void member_location(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	value_int(out, tracepoint_arg(e, ARG_LOCATION));
}

static void member_symbol(struct emit *e, const struct object *o, struct value *out)
{
	(void)o;
	emit_string_named(e, REP_SYMBOL, tracepoint_arg(e, ARG_LOCATION), out);
}

static void carry(struct emit *e, struct object *o)
{
	(void)e, (void)o; /* all is in the arguments */
}

/* clang-format off */
static const struct source_member members[] = {
	{ "reason", member_reason, REP_LITERAL },
	{ "location", member_location },
	{ "symbol", member_symbol, REP_SYMBOL },
	{ NULL },
};
/* clang-format on */

const struct object_source source_drop = {
	.tag = "net_drop",
	.members = members,
	.carry = carry,
	.size = sizeof(struct drop),
};
