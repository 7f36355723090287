/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs: one for each hook, holding every clause of every probe that the
 * hook serves, in the order of the script.
 *
 *	if (control.activity != ACTIVE) return pass;
 *	for each way of firing (provider/fire.h):
 *		if the event is this probe's:
 *			for each clause: if (predicate) { statements }
 *	return pass;
 *
 * Each program is generated twice: the first pass finds out how large records
 * are and how much of the packet's headers the clauses read.
 */
#include "codegen/cg.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

void cg_error(struct codegen *cg, struct loc at, const char *tag, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(cg->arena, fmt, ap);
	va_end(ap);
	if (!cg->failed || !cg->measuring)
		diag_error(cg->diag, at.source || !cg->clause ? at : cg->clause->loc, tag, "%s",
			   text);
	cg->failed = true;
}

int cg_map(struct codegen *cg, struct map_def def)
{
	vec_push(&cg->maps, def);
	return cg->maps.n - 1;
}

int cg_hook_map(struct codegen *cg, struct map_def def)
{
	intptr_t i = (intptr_t)strmap_get(cg->hook_maps, def.name);

	if (!i) {
		i = cg_map(cg, def) + 1;
		strmap_put(cg->hook_maps, def.name, (void *)i);
	}
	return i - 1;
}

struct codegen *codegen_new(struct script *s, const struct options *o,
			    struct clause *const *clauses, int nclauses, bool one_ring)
{
	struct codegen *cg = ARENA_NEW(s->arena, struct codegen);

	cg->arena = s->arena;
	cg->script = s;
	cg->diag = s->diag;
	cg->options = o;
	cg->clauses = clauses;
	cg->nclauses = nclauses;
	cg->program = ARENA_NEW(s->arena, struct program);
	cg->program->arena = s->arena;
	cg->string_ids = strmap_new(s->arena);
	cg->hook_maps = strmap_new(s->arena);
	cg_string_id(cg, "");
	cg->program->control_map = cg_map(cg, (struct map_def){
						      .name = "control",
						      .role = MAP_CONTROL,
						      .type = BPF_MAP_TYPE_ARRAY,
						      .key_size = 4,
						      .value_size = sizeof(struct control),
						      .max_entries = 1,
						      .flags = BPF_F_MMAPABLE,
					      });
	cg->one_ring = one_ring;
	cg->program->rings_map = cg_map(
		cg, (struct map_def){
			    .name = "rings",
			    .role = MAP_RINGS,
			    .type = one_ring ? BPF_MAP_TYPE_RINGBUF : BPF_MAP_TYPE_ARRAY_OF_MAPS,
			    .key_size = one_ring ? 0 : 4,
			    .value_size = one_ring ? 0 : 4,
		    });
	cg->program->drops_map = cg_map(cg, (struct map_def){
						    .name = "drops",
						    .role = MAP_DROPS,
						    .type = BPF_MAP_TYPE_PERCPU_ARRAY,
						    .key_size = 4,
						    .value_size = sizeof(struct drops),
						    .max_entries = 1,
					    });
	cg->globals_map = cg_map(cg, (struct map_def){.name = "globals",
						      .role = MAP_PLAIN,
						      .type = BPF_MAP_TYPE_ARRAY,
						      .key_size = 4,
						      .max_entries = 1});
	cg->zeros_map = cg_map(cg, (struct map_def){.name = "zeros",
						    .role = MAP_PLAIN,
						    .type = BPF_MAP_TYPE_ARRAY,
						    .key_size = 4,
						    .max_entries = 1});
	cg->strings_map = cg_map(cg, (struct map_def){.name = "strings",
						      .role = MAP_DATA,
						      .type = BPF_MAP_TYPE_ARRAY,
						      .key_size = 4,
						      .max_entries = 1});
	cg->scratch_map = cg_map(cg, (struct map_def){.name = "scratch",
						      .role = MAP_PLAIN,
						      .type = BPF_MAP_TYPE_PERCPU_ARRAY,
						      .key_size = 4,
						      .max_entries = SCRATCH_LEVELS});
	return cg;
}

/* A field of struct control, loaded once in a firing. */
int cg_control(struct codegen *cg, unsigned offset, unsigned size)
{
	static const char tags[sizeof(struct control)];
	int reg = cg_cached_call(cg, &tags[offset]), addr;

	if (reg >= 0)
		return reg;
	addr = ir_reg(cg->ir);
	reg = ir_reg(cg->ir);
	ir_map_value(cg->ir, addr, cg->program->control_map, offset);
	ir_load(cg->ir, reg, addr, 0, size);
	cg_cache_call(cg, &tags[offset], reg);
	return reg;
}

void cg_count_drop(struct codegen *cg, unsigned offset)
{
	int key = ir_stack(cg->ir, 8), map = ir_reg(cg->ir), drops = ir_reg(cg->ir),
	    done = ir_label(cg->ir);

	/* The slow path: something was lost. */
	ir_stack_storei(cg->ir, key, 0, 0, 4);
	ir_map(cg->ir, map, cg->program->drops_map);
	IR_CALL(cg->ir, drops, BPF_FUNC_map_lookup_elem, map,
		cg_address(cg, (struct place){SPACE_STACK, key, 0}));
	ir_branchi(cg->ir, IR_EQ, drops, 0, done);
	ir_atomic(cg->ir, IR_ATOMIC_ADD, -1, drops, offset, cg_const(cg, 1), -1, 8);
	ir_place(cg->ir, done);
}

/* The fault of the clause becomes a record of its own. */
static void emit_fault(struct codegen *cg, int epid)
{
	int rec, kind = ir_reg(cg->ir), statement = ir_reg(cg->ir), none = ir_label(cg->ir), now,
		 key;

	ir_branchi(cg->ir, IR_EQ, cg->record, 0, none);
	IR_CALL(cg->ir, -1, BPF_FUNC_ringbuf_discard, cg->record, cg_const(cg, BPF_RB_NO_WAKEUP));
	ir_place(cg->ir, none);
	now = ir_reg(cg->ir);
	IR_CALL0(cg->ir, now, BPF_FUNC_ktime_get_ns);
	key = ir_reg(cg->ir);
	IR_CALL0(cg->ir, key, BPF_FUNC_get_smp_processor_id);
	rec = cg_reserve(cg, sizeof(struct fault), offsetof(struct drops, errors), cg->end_label,
			 key);
	ir_alui(cg->ir, IR_AND, kind, cg->fault_kind, 0xff);
	ir_alui(cg->ir, IR_SHR, statement, cg->fault_kind, 8);
	ir_storei(cg->ir, rec, offsetof(struct fault, head.epid), FAULT_EPID, 4);
	ir_storei(cg->ir, rec, offsetof(struct fault, head.size), sizeof(struct fault), 4);
	ir_store(cg->ir, rec, offsetof(struct fault, head.time), now, 8);
	ir_storei(cg->ir, rec, offsetof(struct fault, epid), epid, 4);
	ir_store(cg->ir, rec, offsetof(struct fault, kind), kind, 4);
	ir_store(cg->ir, rec, offsetof(struct fault, action), statement, 4);
	ir_storei(cg->ir, rec, offsetof(struct fault, pad), 0, 4);
	ir_store(cg->ir, rec, offsetof(struct fault, address), cg->fault_addr, 8);
	IR_CALL(cg->ir, -1, BPF_FUNC_ringbuf_submit, rec, cg_const(cg, BPF_RB_NO_WAKEUP));
}

/* After exit() no further clause of this firing runs. */
static void emit_exit_check(struct codegen *cg, int out)
{
	int addr = ir_reg(cg->ir), activity = ir_reg(cg->ir);

	ir_map_value(cg->ir, addr, cg->program->control_map, offsetof(struct control, activity));
	ir_load(cg->ir, activity, addr, 0, 4);
	ir_branchi(cg->ir, IR_EQ, activity, ACTIVITY_DRAINING, out);
}

static void emit_clause(struct codegen *cg, struct clause *c, int out)
{
	long saved_branch = cg->branch_mark;
	int epid;

	cg->clause = c;
	cg->leave_mark = cg->branch_mark = -1;
	cg->fault_label = ir_label(cg->ir);
	cg->end_label = ir_label(cg->ir);
	cg->fault_kind = ir_reg(cg->ir);
	cg->fault_addr = ir_reg(cg->ir);
	cg->record = ir_reg(cg->ir);
	ir_const(cg->ir, cg->record, 0);
	cg->fault_used = cg->recording = cg->exits_clause = false;
	cg->statement = 0;
	cg->epid = -1;
	epid = cg->enablings.n;
	cg->clause_id = epid ? vec_last(&cg->enablings).id + 1 : 1;
	if (c->predicate) {
		ir_comment(cg->ir, "line %d: predicate", c->loc.line);
		cg_branch(cg, c->predicate, cg->end_label, false);
		if (cg->branch_mark >= 0 &&
		    (cg->leave_mark < 0 || cg->leave_mark > cg->branch_mark))
			cg->leave_mark = cg->branch_mark;
	}
	ir_comment(cg->ir, "line %d: clause", c->loc.line);
	if (c->body)
		cg_body(cg, c->body);
	else
		cg_default_action(cg);
	if (cg->fault_used) {
		ir_jump(cg->ir, cg->end_label);
		ir_place(cg->ir, cg->fault_label);
		emit_fault(cg, epid);
	}
	ir_place(cg->ir, cg->end_label);
	if (cg->leave_mark >= 0)
		cg_scope_end(cg, cg->leave_mark);
	if (cg->exits_clause)
		emit_exit_check(cg, out);
	cg->branch_mark = saved_branch;
	cg->fault_label = -1;
	cg->clause = NULL;
}

void cg_clauses(struct codegen *cg)
{
	int out = ir_label(cg->ir);
	uint32_t scratch;

	cg->probe = cg->fire->probe;
	cg->useful = true;
	ir_comment(cg->ir, "probe %s:%s:%s:%s", cg->probe->provider, cg->probe->module,
		   cg->probe->function, cg->probe->name);
	cg_this_reset(cg);
	scratch = cg->scratch_used;
	for (int i = 0; i < cg->fire->nclauses; i++) {
		/* what a clause has built is of no use to the next */
		cg->scratch_used = scratch;
		cg->key_room = 0;
		emit_clause(cg, cg->fire->clauses[i], out);
	}
	ir_place(cg->ir, out);
}

static void emit_program(struct codegen *cg, struct hook_fire *fires, int nfires)
{
	int out = ir_label(cg->ir);

	cg->cache.n = 0;
	cg->key_room = 0;
	cg->segment = 0;
	cg->fault_label = cg->header_obj = cg->l4_obj = -1;
	cg->ctx = ir_reg(cg->ir);
	ir_ctx(cg->ir, cg->ctx);
	/* the consumer alone decides when BEGIN, END and ERROR fire */
	if (!role_is_consumers(cg->role) || role_is_periodic(cg->role)) {
		int activity;

		activity = cg_control(cg, offsetof(struct control, activity), 4);
		ir_branchi(cg->ir, IR_NE, activity, ACTIVITY_ACTIVE, out);
	}
	/* -x cpu: what the consumer runs fires wherever that is */
	if (cg->options->cpu >= 0 && !role_is_consumers(cg->role))
		ir_branchi(cg->ir, IR_NE, cg_cpu(cg), cg->options->cpu, out);
	cg_scratch_take(cg, out);
	for (int i = 0; i < nfires; i++) {
		size_t mark;

		cg->scratch_used = cg->key_room = 0;
		cg->fire = &fires[i];
		cg->event = NULL;
		cg->header_obj = cg->l4_obj = -1;
		cg->branch_mark = -1;
		fires[i].fire->code(cg);
		/* What was loaded before this firing's test holds for the next one's too. */
		mark = cg->branch_mark >= 0 ? (size_t)cg->branch_mark : 0;
		cg_scope_end(cg, mark);
	}
	cg_scratch_give(cg);
	ir_place(cg->ir, out);
	ir_ret(cg->ir, cg->hook->pass);
}

static struct loc first_place(const struct hook_fire *fires, int nfires)
{
	for (int i = 0; i < nfires; i++)
		if (fires[i].nclauses)
			return fires[i].clauses[0]->loc;
	return (struct loc){0};
}

/*
 * What one program may hold: the verifier follows 8,192 open branches at most
 * (BPF_COMPLEXITY_LIMIT_JMP_SEQ), and a branch reaches 32,767 instructions.
 */
#define PROGRAM_MAX 16000

/* The clauses of these fires with orders from low up to high. */
static int fires_between(struct codegen *cg, const struct hook_fire *fires, int nfires, int low,
			 int high, bool first, struct hook_fire *out)
{
	int n = 0;

	for (int i = 0; i < nfires; i++) {
		struct hook_fire f = fires[i];

		f.clauses = arena_alloc(cg->arena, (f.nclauses + 1) * sizeof(*f.clauses));
		f.nclauses = 0;
		for (int k = 0; k < fires[i].nclauses; k++)
			if (fires[i].clauses[k]->order >= low && fires[i].clauses[k]->order < high)
				f.clauses[f.nclauses++] = fires[i].clauses[k];
		if (f.nclauses ? !f.fire->note || first : first && f.fire->note)
			out[n++] = f;
	}
	return n;
}

static bool can_spread(const struct codegen *cg, const struct hook_fire *fires, int nfires)
{
	for (int i = 0; i < nfires; i++)
		if (fires[i].fire->once)
			return false;
	for (const struct symbol *s = cg->script->variables; s; s = s->next)
		if (s->scope == SCOPE_THIS)
			return false;
	return true;
}

static void clause_range(const struct hook_fire *fires, int nfires, int *low, int *high)
{
	*low = INT32_MAX;
	*high = 0;
	for (int i = 0; i < nfires; i++)
		for (int k = 0; k < fires[i].nclauses; k++) {
			int order = fires[i].clauses[k]->order;

			*low = order < *low ? order : *low;
			*high = order >= *high ? order + 1 : *high;
		}
}

static int generate(struct codegen *cg, struct hook_fire *fires, int nfires, bool first);

/* The clauses spread over several programs of the hook, which run one after the other in order. */
static int spread(struct codegen *cg, struct hook_fire *fires, int nfires, unsigned parts,
		  bool first)
{
	struct hook_fire *part = arena_alloc(cg->arena, nfires * sizeof(*part));
	int low, high, step;

	clause_range(fires, nfires, &low, &high);
	step = (high - low + parts - 1) / parts;
	for (int at = low; at < high; at += step, first = false) {
		int n = fires_between(cg, fires, nfires, at, at + step, first, part);

		if (n && generate(cg, part, n, first))
			return -1;
	}
	return 0;
}

static int generate(struct codegen *cg, struct hook_fire *fires, int nfires, bool first)
{
	struct hook_program p = {.role = cg->role, .hook = cg->hook, .probe = cg->own_probe};
	size_t enablings = cg->enablings.n;
	const char *why = "";
	int err, low, high;

	cg->header_bytes = cg->l4_bytes = 0;
	cg->record_sizes.n = 0;
	cg->scratch_need = 0;
	cg->wants_rnxt = false;
	cg->useful = false;
	for (int pass = 0; pass < 2 && !cg->failed; pass++) {
		cg->measuring = pass == 0;
		cg->enablings.n = enablings;
		cg->ir = ir_new(cg->arena);
		emit_program(cg, fires, nfires);
	}
	if (cg->failed)
		return -1;
	if (!cg->useful)
		return 0;
	err = ir_finish(cg->ir, &p.code, &why);
	clause_range(fires, nfires, &low, &high);
	if ((err == -E2BIG || (!err && p.code.ninsns > PROGRAM_MAX)) && high - low > 1 &&
	    can_spread(cg, fires, nfires)) {
		cg->enablings.n = enablings;
		return spread(cg, fires, nfires, err ? 2 : p.code.ninsns / PROGRAM_MAX + 1, first);
	}
	if (err) {
		diag_error(cg->diag, first_place(fires, nfires), "D_TOOBIG",
			   "the clauses for %s do not fit into one BPF program: %s", cg->hook->name,
			   why);
		return -1;
	}
	if (cg->hook->attach == ATTACH_TP_BTF)
		p.attach_btf_id = cg->attach_btf_id;
	vec_push(&cg->programs, p);
	return 0;
}

int codegen_hook(struct codegen *cg, const struct hook *hook, enum role role,
		 struct probe *own_probe, struct hook_fire *fires, int nfires)
{
	cg->hook = hook;
	cg->role = role;
	cg->own_probe = own_probe;
	if (hook->attach == ATTACH_TP_BTF) {
		cg->attach_btf_id = types_tracepoint_btf_id(cg->script->types, hook->target);
		if (!cg->attach_btf_id) {
			diag_error(cg->diag, first_place(fires, nfires), "D_KERNEL_HOOK",
				   "this kernel has no tracepoint %s, which %s:::%s needs",
				   hook->target, fires[0].probe->provider, fires[0].probe->name);
			return -1;
		}
	}
	return generate(cg, fires, nfires, true);
}

/* What the kernel keeps for an element beside its key and value, and its share of the table. */
#define ELEMENT_OVERHEAD 48

static uint32_t entries_for(uint64_t budget, uint32_t entry)
{
	uint64_t n = budget / (entry + ELEMENT_OVERHEAD);

	return n < 64 ? 64 : n > 1u << 22 ? 1u << 22 : n;
}

/* The literals that programs look up at run time: strsize bytes each. */
static void fill_strings(struct codegen *cg)
{
	struct map_def *m = &cg->maps.at[cg->strings_map];
	uint64_t stride = (cg->options->strsize + 7) & ~7ull;
	char *text;

	stride = stride < 8 ? 8 : stride > 4096 ? 4096 : stride;
	if (!cg->strings_used) {
		m->value_size = 8;
		m->init = "\0\0\0\0\0\0\0";
		return;
	}
	if (cg->strings.n > STRINGS_MAX)
		diag_error(cg->diag, (struct loc){0}, "D_STR_MANY", "more than %d string constants",
			   STRINGS_MAX);
	m->value_size = STRINGS_MAX * stride;
	text = arena_alloc(cg->arena, m->value_size);
	m->init = text;
	for (size_t i = 0; i < cg->strings.n && i < STRINGS_MAX; i++)
		memcpy(text + i * stride, cg->strings.at[i],
		       strnlen(cg->strings.at[i], stride - 1));
}

static void size_maps(struct codegen *cg)
{
	const struct options *o = cg->options;

	cg->maps.at[cg->globals_map].value_size = cg->globals_size ? cg->globals_size : 8;
	cg->maps.at[cg->scratch_map].value_size = cg->scratch_size ? cg->scratch_size : 8;
	cg->maps.at[cg->zeros_map].value_size = cg->zeros_size ? cg->zeros_size : 8;
	fill_strings(cg);
	for (size_t i = 0; i < cg->maps.n; i++) {
		struct map_def *m = &cg->maps.at[i];

		if (m->max_entries)
			continue;
		if (m->role == MAP_AGG)
			m->max_entries = entries_for(o->aggsize, m->key_size + m->value_size);
		else if (m->role == MAP_PLAIN)
			m->max_entries = entries_for(o->dynvarsize, m->key_size + m->value_size);
	}
}

struct program *codegen_finish(struct codegen *cg)
{
	struct program *p = cg->program;

	size_maps(cg);
#define TAKE(field)                                                                                \
	do {                                                                                       \
		p->field = arena_alloc(cg->arena, (cg->field.n + 1) * sizeof(*cg->field.at));      \
		if (cg->field.n)                                                                   \
			memcpy(p->field, cg->field.at, cg->field.n * sizeof(*cg->field.at));       \
		p->n##field = cg->field.n;                                                         \
	} while (0)
	TAKE(maps);
	TAKE(programs);
	TAKE(enablings);
	TAKE(aggs);
	TAKE(strings);
#undef TAKE
	codegen_free(cg);
	return p;
}

/* The heap parts; the rest is the arena's. */
void codegen_free(struct codegen *cg)
{
	if (!cg)
		return;
	vec_free(&cg->maps);
	vec_free(&cg->programs);
	vec_free(&cg->enablings);
	vec_free(&cg->aggs);
	vec_free(&cg->strings);
	vec_free(&cg->cache);
	vec_free(&cg->actions);
	vec_free(&cg->record_sizes);
}
