/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records: what a clause traces goes into one record in this CPU's ring,
 * reserved before the first statement and submitted after the last.  It wakes the
 * consumer if the ring is more than half full, or by exit().
 */
#include <stddef.h>

#include "emit/builtin.h"
#include "emit/emit_impl.h"
#include "tree/text.h"

/*
 *	wake = NO_WAKEUP;
 *	if (available(ring) > control.wake_at) { wake = FORCE_WAKEUP; control.wake_at = NEVER; }
 *
 * The consumer sets wake_at and then looks whether a ring has more than that already; the record is
 * reserved and then wake_at is looked at: one of them sees the other. wake is made without the
 * branch, so that the verifier walks on from here once.
 */
static int wake_flags(struct emit *e, int ring)
{
	int available = ir_reg(e->ir), control = ir_reg(e->ir), wake = ir_reg(e->ir);
	int left = ir_reg(e->ir), ok = ir_label(e->ir);

	if (e->program->one_ring) /* the consumer runs the program: it is awake */
		return emit_const(e, BPF_RB_NO_WAKEUP);
	IR_CALL(e->ir, available, BPF_FUNC_ringbuf_query, ring, emit_const(e, BPF_RB_AVAIL_DATA));
	ir_map_value(e->ir, control, e->program->control_map, offsetof(struct control, wake_at));
	ir_load(e->ir, left, control, 0, 8);
	ir_alu(e->ir, IR_SUB, left, left, available);
	ir_alui(e->ir, IR_SHR, wake, left, 63);
	ir_alui(e->ir, IR_ADD, wake, wake, BPF_RB_NO_WAKEUP);
	ir_branchi(e->ir, IR_SGE, left, 0, ok);
	ir_const(e->ir, available, WAKE_NEVER);
	ir_store(e->ir, control, 0, available, 8);
	ir_place(e->ir, ok);
	return wake;
}

_Static_assert(BPF_RB_FORCE_WAKEUP == BPF_RB_NO_WAKEUP + 1, "as wake_flags() adds");

int record_reserve(struct emit *e, int rec, int size, unsigned drop, int full, int cpu)
{
	int key = ir_stack(e->ir, 8), ring = ir_reg(e->ir);
	int missing = ir_label(e->ir), ok = ir_label(e->ir);

	if (e->program->one_ring) {
		ir_map(e->ir, ring, e->program->rings_map);
	} else {
		ir_stack_store(e->ir, key, 0, cpu, 4);
		ring = emit_map_lookup(e, e->program->rings_map,
				       (struct place){SPACE_STACK, key, 0});
		ir_branchi(e->ir, IR_EQ, ring, 0, missing);
	}
	IR_CALL(e->ir, rec, BPF_FUNC_ringbuf_reserve, ring, size, emit_const(e, 0));
	ir_branchi(e->ir, IR_NE, rec, 0, ok);
	ir_place(e->ir, missing);
	emit_count_drop(e, drop);
	ir_jump(e->ir, full);
	ir_place(e->ir, ok);
	return wake_flags(e, ring);
}

/* At the beginning of a clause: no record yet. */
void record_begin(struct emit *e)
{
	struct record_state *r = &e->state->record;

	r->reg = ir_reg(e->ir);
	r->open = false;
	r->epid = -1;
	r->tag = -1;
}

void record_discard(struct emit *e)
{
	IR_CALL(e->ir, -1, BPF_FUNC_ringbuf_discard, e->state->record.reg, e->state->record.wake);
}

static void enabling_new(struct emit *e)
{
	struct emit_state *s = e->state;
	struct enabling en = {
		.probe = s->probe, .id = s->clause_id, .speculative = s->record.tag >= 0};

	vec_push(&s->enablings, en);
	s->record.epid = s->enablings.n - 1;
	s->record.actions.n = 0;
	s->record.exits = false;
	s->record.off = RECORD_TAG_AT + (en.speculative ? sizeof(uint64_t) : 0);
}

/* Its size is known when it is closed: it is put in then. */
void emit_open_record(struct emit *e, bool has_data, int full)
{
	struct record_state *r = &e->state->record;
	int now, cpu, size, rec;

	enabling_new(e);
	if (!has_data)
		return;
	now = emit_time(e);
	cpu = emit_cpu(e);
	emit_leave_point(e);
	size = ir_reg(e->ir);
	r->size_at[0] = ir_here(e->ir);
	ir_const(e->ir, size, 0);
	if (r->tag >= 0)
		speculate_account(e, r->tag, size, full);
	rec = ir_reg(e->ir);
	r->wake = record_reserve(e, rec, size, offsetof(struct drops, records), full, cpu);
	ir_mov(e->ir, r->reg, rec);
	r->open = true;
	ir_storei(e->ir, r->reg, offsetof(struct record_head, epid), r->epid, 4);
	r->size_at[1] = ir_here(e->ir);
	ir_storei(e->ir, r->reg, offsetof(struct record_head, size), 0, 4);
	ir_store(e->ir, r->reg, offsetof(struct record_head, time), now, 8);
	if (r->tag >= 0)
		ir_store(e->ir, r->reg, RECORD_TAG_AT, r->tag, 8);
}

static void submit(struct emit *e, uint32_t size)
{
	struct record_state *r = &e->state->record;

	for (int i = 0; i < 2; i++)
		ir_patch(e->ir, r->size_at[i], size);
	IR_CALL(e->ir, -1, BPF_FUNC_ringbuf_submit, r->reg,
		r->exits ? emit_const(e, BPF_RB_FORCE_WAKEUP) : r->wake);
	r->open = false;
}

void emit_close_record(struct emit *e)
{
	struct record_state *r = &e->state->record;
	struct enabling *en;

	if (r->epid < 0)
		return;
	en = &e->state->enablings.at[r->epid];
	en->nactions = r->actions.n;
	en->actions = arena_alloc(e->arena, (r->actions.n + 1) * sizeof(*en->actions));
	for (size_t i = 0; i < r->actions.n; i++)
		en->actions[i] = r->actions.at[i];
	en->record_size = (r->off + 7) & ~7u;
	if (r->open)
		submit(e, en->record_size);
	r->epid = -1;
}

void emit_record_joins(struct emit *e, bool before, bool after)
{
	struct enabling *en = &e->state->enablings.at[e->state->record.epid];

	en->joins_before = before;
	en->joins_after = after;
}

bool emit_recording(const struct emit *e)
{
	return e->state->record.open;
}

uint32_t emit_record_room(struct emit *e, uint32_t size, uint32_t align)
{
	struct record_state *r = &e->state->record;
	uint32_t off = (r->off + align - 1) & ~(align - 1);

	r->off = off + size;
	return off;
}

struct place emit_record_at(struct emit *e, uint32_t off)
{
	return (struct place){SPACE_MAP, e->state->record.reg, off};
}

void emit_record_value(struct emit *e, struct node *n, struct item *it)
{
	struct type *t = type_resolve(n->type);
	struct value v;

	if (type_is_string(n->type)) {
		struct strrep rep = emit_rep(e, n);

		emit_string_as(e, n, rep, &v);
		*it = item_of(n->type, &rep);
	} else {
		emit_expr(e, n, &v);
		if (v.kind == VALUE_STRUCT && t->kind != TYPE_CODE) {
			*it = (struct item){.kind = ITEM_MEM, .type = n->type, .size = t->size};
			it->offset = emit_record_room(e, (it->size + 7) & ~7u, 8);
			emit_copy(e, emit_record_at(e, it->offset), v.at, it->size);
			return;
		}
		*it = item_of(n->type, NULL);
	}
	it->offset = emit_record_room(e, it->size, item_align(it));
	emit_item_store(e, it, &v, emit_record_at(e, it->offset));
}

const char *emit_item_name(struct emit *e, const struct node *n)
{
	struct buf text = {0};
	const char *name;

	if (e->options->oformat == OUTPUT_TEXT)
		return NULL;
	node_print(n, &text);
	name = arena_strdup(e->arena, buf_str(&text));
	buf_free(&text);
	return name;
}

static void record_argument(struct emit *e, struct node *n, struct item *it)
{
	emit_record_value(e, n, it);
	it->name = emit_item_name(e, n);
}

struct action *emit_action(struct emit *e, struct node *call, struct node *first)
{
	struct action a = {
		.type = &call->builtin->action, .name = call->builtin->name, .loc = call->loc};
	int n = 0;

	for (struct node *arg = first; arg; arg = arg->next)
		n++;
	a.items = arena_alloc(e->arena, (n + 1) * sizeof(*a.items));
	a.aggs = arena_alloc(e->arena, (n + 1) * sizeof(*a.aggs));
	for (struct node *arg = first; arg; arg = arg->next) {
		if (arg->kind == NODE_AGG)
			a.aggs[a.naggs++] = emit_agg_def(e, arg->agg);
		else
			record_argument(e, arg, &a.items[a.nitems++]);
	}
	vec_push(&e->state->record.actions, a);
	return &vec_last(&e->state->record.actions);
}

static void drain(struct emit *e)
{
	int activity = ir_reg(e->ir);

	ir_map_value(e->ir, activity, e->program->control_map, offsetof(struct control, activity));
	ir_storei(e->ir, activity, 0, ACTIVITY_DRAINING, 4);
}

/* An action changed activity; no clause of this firing runs from here on. */
void emit_exit(struct emit *e)
{
	drain(e);
	e->state->record.exits = true;
}

void emit_exit_unrecorded(struct emit *e, int status)
{
	int at = ir_reg(e->ir);

	ir_map_value(e->ir, at, e->program->control_map, offsetof(struct control, exited));
	ir_storei(e->ir, at, 0, 1, 4);
	ir_store(e->ir, at,
		 offsetof(struct control, exit_status) - offsetof(struct control, exited), status,
		 4);
	drain(e);
}
