/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records -> their actions -> the form of output.
 *
 * With option flowindent a record is held back until the next one of its CPU is
 * known (see flow.h); nothing is held over a flush.
 */
#include "consume/consumer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"
#include "consume/speculation.h"
#include "consume/take.h"

struct cpu_flow {
	struct flow flow;
	VEC(char) held; /* a record */
	bool holds;
};

struct consumer {
	const struct program *program;
	struct options *options;
	struct form *form;
	consumer_refresh_fn *refresh;
	void *refresh_arg;
	struct arena *arena;		/* parsed formats */
	const struct format ***formats; /* by enabling and action; NULL where there is none */
	struct agg_table *tables;	/* by aggregation */
	bool fresh;			/* the tables are as of this batch */
	bool exited;
	int status;
	VEC(struct cpu_flow) flows;	   /* by CPU */
	struct speculations *speculations; /* NULL: nothing was speculated yet */
};

/* A malformed format (the checker lets none pass) is printed as it stands. */
static const struct format *parse_format(struct arena *a, const char *text)
{
	const char *why;
	struct format *f = format_parse(a, text, &why);

	if (f)
		return f;
	f = ARENA_NEW(a, struct format);
	f->convs = ARENA_NEW(a, struct format_conv);
	f->convs->text = text;
	f->convs->text_len = (int)strlen(text);
	f->nconvs = 1;
	return f;
}

static void parse_formats(struct consumer *c, const struct program *p)
{
	c->formats = arena_alloc(c->arena, ((size_t)p->nenablings + 1) * sizeof(*c->formats));
	for (int i = 0; i < p->nenablings; i++) {
		const struct enabling *e = &p->enablings[i];

		c->formats[i] =
			arena_alloc(c->arena, ((size_t)e->nactions + 1) * sizeof(**c->formats));
		for (int j = 0; j < e->nactions; j++)
			if (e->actions[j].format)
				c->formats[i][j] = parse_format(c->arena, e->actions[j].format);
	}
}

struct consumer *consumer_new(const struct program *p, struct options *o, struct form *form,
			      consumer_refresh_fn *refresh, void *arg)
{
	struct arena *a = arena_new();
	struct consumer *c = ARENA_NEW(a, struct consumer);

	c->arena = a;
	c->program = p;
	c->options = o;
	c->form = form;
	c->refresh = refresh;
	c->refresh_arg = arg;
	c->tables = arena_alloc(a, ((size_t)p->naggs + 1) * sizeof(*c->tables));
	for (int i = 0; i < p->naggs; i++)
		agg_table_init(&c->tables[i], p, &p->aggs[i]);
	parse_formats(c, p);
	return c;
}

void consumer_free(struct consumer *c)
{
	if (!c)
		return;
	for (int i = 0; i < c->program->naggs; i++)
		agg_table_free(&c->tables[i]);
	for (size_t i = 0; i < c->flows.n; i++)
		vec_free(&c->flows.at[i].held);
	vec_free(&c->flows);
	speculations_free(c->speculations);
	arena_free(c->arena);
}

static void refresh(struct consumer *c)
{
	if (c->fresh)
		return;
	c->fresh = true;
	if (c->refresh)
		c->refresh(c->refresh_arg);
}

/* What actions ask (take.h). */

bool taking_value(const struct taking *t, int i, char text[ITEM_TEXT], struct item_value *v)
{
	const struct item *it;

	if (i >= t->action->nitems)
		return false;
	it = &t->action->items[i];
	*v = item_value(t->program, it, t->record + it->offset, text);
	return true;
}

int64_t taking_number(const struct taking *t, int i, int64_t other)
{
	char text[ITEM_TEXT];
	struct item_value v;

	if (!taking_value(t, i, text, &v) || v.kind != ITEM_VALUE_INT)
		return other;
	return v.is_signed ? item_signed(&v) : (int64_t)v.bits;
}

struct agg_table *taking_table(const struct taking *t, int i)
{
	return &t->consumer->tables[t->action->aggs[i]];
}

void taking_option(const struct taking *t, const char *name, const char *value)
{
	struct consumer *c = t->consumer;
	char why[256];

	if (options_set_now(c->options, name, value, why, sizeof(why)))
		taking_warn(t, "%s( ): %s", t->action->name, why);
}

void taking_exit(const struct taking *t, int status)
{
	t->consumer->status = status;
	t->consumer->exited = true;
}

void taking_warn(const struct taking *t, const char *fmt, ...)
{
	va_list ap;

	t->form->calls->flush(t->form);
	fputs("dtrace: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* Records. */

/* END, and ERROR: it may tell of a fault from before the end or in END. */
static bool outlives_exit(const struct probe *p)
{
	return p->role == ROLE_END || p->role == ROLE_ERROR;
}

/* Those that come before the record, or those in it. */
static void take_actions(struct consumer *c, const struct record_head *rec, bool apart)
{
	const struct enabling *e = &c->program->enablings[rec->epid];

	for (int i = 0; i < e->nactions; i++) {
		const struct action *act = &e->actions[i];

		if (act->type->apart != apart)
			continue;
		if (act->type->reads_aggs)
			refresh(c);
		act->type->take(&(struct taking){
			.consumer = c,
			.form = c->form,
			.program = c->program,
			.action = act,
			.format = c->formats[rec->epid][i],
			.record = (const char *)rec,
		});
	}
}

/* No line stands for such a record. */
static bool all_apart(const struct enabling *e)
{
	for (int i = 0; i < e->nactions; i++)
		if (!e->actions[i].type->apart)
			return false;
	return e->nactions > 0;
}

static struct cpu_flow *flow_of(struct consumer *c, int cpu)
{
	while (c->flows.n <= (size_t)cpu)
		vec_push(&c->flows, (struct cpu_flow){.flow.last_epid = FLOW_NO_EPID});
	return &c->flows.at[cpu];
}

/* A record whose enabling is known. next: the same CPU's next record, if flowindent asked for it.
 */
static void take_record(struct consumer *c, int cpu, const struct record_head *rec,
			const struct record_head *next)
{
	const struct enabling *e = &c->program->enablings[rec->epid];
	struct form_record r = {.enabling = e, .cpu = cpu, .time = rec->time};
	struct flow_step step;

	take_actions(c, rec, true);
	if (all_apart(e))
		return;
	if (c->options->flowindent) {
		bool continues = next && next->epid != rec->epid &&
				 c->program->enablings[next->epid].probe == e->probe;

		step = flow_next(&flow_of(c, cpu)->flow, rec->epid, e->probe, continues);
		r.flow = &step;
	}
	c->form->calls->open(c->form, &r);
	take_actions(c, rec, false);
	c->form->calls->close(c->form, &r);
}

/* What other CPUs had under way when exit() was called is past the end of the script. */
static bool counts(const struct consumer *c, const struct record_head *rec)
{
	return !c->exited || outlives_exit(c->program->enablings[rec->epid].probe);
}

static void release_held(struct consumer *c, int cpu, const struct record_head *next)
{
	struct cpu_flow *f = &c->flows.at[cpu];

	if (!f->holds)
		return;
	f->holds = false;
	if (counts(c, (const struct record_head *)f->held.at))
		take_record(c, cpu, (const struct record_head *)f->held.at, next);
}

static void release_all(struct consumer *c)
{
	for (size_t i = 0; i < c->flows.n; i++)
		release_held(c, (int)i, NULL);
}

static void hold_record(struct consumer *c, int cpu, const struct record_head *rec)
{
	struct cpu_flow *f;

	/* what a commit() lets out may make room for another CPU's, and move this one's */
	flow_of(c, cpu);
	release_held(c, cpu, rec);
	f = flow_of(c, cpu);
	f->held.n = 0;
	while (f->held.cap < rec->size)
		f->held.at = vec_grow(f->held.at, &f->held.cap, 1);
	memcpy(f->held.at, rec, rec->size);
	f->holds = true;
}

static void take_committed(void *arg, int cpu, const struct record_head *rec)
{
	take_record(arg, cpu, rec, NULL);
}

static void speculate(struct consumer *c, int cpu, const struct record_head *rec)
{
	uint64_t tag;

	if (!c->speculations)
		c->speculations = speculations_new();
	memcpy(&tag, (const char *)rec + RECORD_TAG_AT, sizeof(tag));
	speculations_hold(c->speculations, tag, cpu, rec, take_committed, c);
}

void taking_commit(const struct taking *t, uint64_t tag)
{
	struct consumer *c = t->consumer;

	if (tag && c->speculations)
		speculations_commit(c->speculations, tag, take_committed, c);
}

/* To standard error; what was printed before the fault comes before it. */
static void take_fault(struct consumer *c, int cpu, const struct fault *f)
{
	struct fault_told told;
	struct buf text = {0};

	if (!fault_tell(c->program, cpu, f, &told))
		return;
	release_all(c);
	if (c->form->calls->fault)
		c->form->calls->fault(c->form, &told);
	c->form->calls->flush(c->form);
	fault_print(&told, &text);
	fprintf(stderr, "dtrace: %s\n", buf_str(&text));
	buf_free(&text);
}

void consumer_begin(struct consumer *c, uint64_t time)
{
	if (c->form->calls->begin)
		c->form->calls->begin(c->form, time);
}

void consumer_end(struct consumer *c, uint64_t time, int status)
{
	if (c->form->calls->end)
		c->form->calls->end(c->form, time, status);
}

void consumer_batch(struct consumer *c)
{
	c->fresh = false;
}

void consumer_record(struct consumer *c, int cpu, const struct record_head *rec)
{
	const struct enabling *e;

	if (rec->epid == FAULT_EPID) {
		take_fault(c, cpu, (const struct fault *)rec);
		return;
	}
	if (rec->epid >= (uint32_t)c->program->nenablings || cpu < 0)
		return;
	e = &c->program->enablings[rec->epid];
	if (rec->size < sizeof(*rec) || rec->size < e->record_size)
		return;
	if (!counts(c, rec))
		return;
	if (e->speculative)
		speculate(c, cpu, rec);
	else if (c->options->flowindent)
		hold_record(c, cpu, rec);
	else
		take_record(c, cpu, rec, NULL);
	/* setopt() may have ended the holding back */
	if (!c->options->flowindent)
		release_all(c);
}

void consumer_exit(struct consumer *c, int status)
{
	if (!c->exited)
		c->status = status;
	c->exited = true;
}

bool consumer_exited(const struct consumer *c, int *status)
{
	if (c->exited)
		*status = c->status;
	return c->exited;
}

void consumer_loss(struct consumer *c, struct loss loss)
{
	struct buf text = {0};

	if (!loss.count)
		return;
	if (c->form->calls->loss)
		c->form->calls->loss(c->form, &loss);
	loss_print(&loss, &text);
	if (c->options->droptags)
		fprintf(stderr, "dtrace: [DTRACEDROP_%s] %s\n", loss_tag(loss.kind),
			buf_str(&text));
	else
		fprintf(stderr, "dtrace: %s\n", buf_str(&text));
	buf_free(&text);
}

void consumer_aggregate(struct consumer *c, int agg, const void *key, const int64_t *words)
{
	if (agg >= 0 && agg < c->program->naggs)
		agg_table_add(&c->tables[agg], key, words);
}

void consumer_finish(struct consumer *c)
{
	int n = c->program->naggs;

	release_all(c);
	if (c->form->calls->over)
		c->form->calls->over(c->form);
	if (n > 0)
		refresh(c);
	for (int i = 0; i < n; i++) {
		/* aggsortrev turns everything around, the order of aggregations too. */
		struct agg_table *t = &c->tables[c->options->aggsortrev ? n - 1 - i : i];

		if (!t->printed)
			c->form->calls->aggregation(c->form, t);
		t->printed = true;
	}
}

int consumer_flush(struct consumer *c)
{
	release_all(c);
	return c->form->calls->flush(c->form);
}
