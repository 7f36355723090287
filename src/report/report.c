/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records -> text. Text gathers in memory and is written in blocks, at the
 * latest when report_flush() says so. The first failure to write stays and
 * silences all further output.
 *
 * With option flowindent a record is held back until the next one of its CPU is
 * known (see flow.h); nothing is held over a flush.
 */
#include "report/report.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "report/flow.h"
#include "report/printa.h"
#include "report/printf.h"

#define BLOCK 65536
#define TRACE_WIDTH 33

struct cpu_flow {
	struct flow flow;
	VEC(char) held; /* a record */
	bool holds;
};

struct report {
	const struct program *program;
	const struct options *options;
	FILE *out;
	report_refresh_fn *refresh;
	void *refresh_arg;
	struct arena *arena;		/* parsed formats */
	const struct format ***formats; /* by enabling and action; NULL where there is none */
	struct agg_table *tables;	/* by aggregation */
	struct buf text;		/* not yet written */
	int error;			/* -errno of a write */
	bool fresh;			/* the tables are as of this batch */
	bool headed;
	bool line_open; /* the record before is to be gone on with */
	bool exited;
	int status;
	VEC(struct cpu_flow) flows; /* by CPU */
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

static void parse_formats(struct report *r, const struct program *p)
{
	r->formats = arena_alloc(r->arena, ((size_t)p->nenablings + 1) * sizeof(*r->formats));
	for (int i = 0; i < p->nenablings; i++) {
		const struct enabling *e = &p->enablings[i];

		r->formats[i] =
			arena_alloc(r->arena, ((size_t)e->nactions + 1) * sizeof(**r->formats));
		for (int j = 0; j < e->nactions; j++)
			if (e->actions[j].format)
				r->formats[i][j] = parse_format(r->arena, e->actions[j].format);
	}
}

struct report *report_new(const struct program *p, const struct options *o, FILE *out,
			  report_refresh_fn *refresh, void *arg)
{
	struct arena *a = arena_new();
	struct report *r = ARENA_NEW(a, struct report);

	r->arena = a;
	r->program = p;
	r->options = o;
	r->out = out;
	r->refresh = refresh;
	r->refresh_arg = arg;
	r->tables = arena_alloc(a, ((size_t)p->naggs + 1) * sizeof(*r->tables));
	for (int i = 0; i < p->naggs; i++)
		agg_table_init(&r->tables[i], p, &p->aggs[i]);
	parse_formats(r, p);
	return r;
}

void report_free(struct report *r)
{
	if (!r)
		return;
	for (int i = 0; i < r->program->naggs; i++)
		agg_table_free(&r->tables[i]);
	for (size_t i = 0; i < r->flows.n; i++)
		vec_free(&r->flows.at[i].held);
	vec_free(&r->flows);
	buf_free(&r->text);
	arena_free(r->arena);
}

/* All of it to the descriptor, also one that does not block. 0 or -errno. */
static int write_all(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, s, n);

		if (done >= 0) {
			s += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			struct pollfd ready = {.fd = fd, .events = POLLOUT};

			if (poll(&ready, 1, -1) < 0 && errno != EINTR)
				return -errno;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* Streams without a descriptor are memory: those of tests, and JSON's. */
static int write_stream(FILE *out, const char *s, size_t n)
{
	errno = 0;
	if (fwrite(s, 1, n, out) == n && fflush(out) == 0)
		return 0;
	return errno ? -errno : -EIO;
}

static void write_text(struct report *r)
{
	int fd = fileno(r->out);

	if (r->error == 0 && r->text.n > 0) {
		/* What others have put into the stream comes first. */
		if (fflush(r->out) != 0)
			r->error = -errno;
		else if (fd >= 0)
			r->error = write_all(fd, r->text.s, r->text.n);
		else
			r->error = write_stream(r->out, r->text.s, r->text.n);
	}
	buf_reset(&r->text);
}

/* Where the numbers of a record's action come from. */
struct arguments {
	const struct report *report;
	const struct action *action;
	const char *record;
	int next;
	char text[ITEM_TEXT]; /* of the last value */
};

static bool next_argument(void *arg, const struct format_conv *conv, struct item_value *v)
{
	struct arguments *a = arg;
	const struct item *it;

	(void)conv;
	if (a->next >= a->action->nitems)
		return false;
	it = &a->action->items[a->next++];
	*v = item_value(a->report->program, it, a->record + it->offset, a->text);
	return true;
}

/* An action's i-th item as a number; without one other. */
static int64_t number_argument(const struct arguments *a, int i, int64_t other)
{
	char text[ITEM_TEXT];
	const struct item *it;
	struct item_value v;

	if (i >= a->action->nitems)
		return other;
	it = &a->action->items[i];
	v = item_value(a->report->program, it, a->record + it->offset, text);
	if (v.kind != ITEM_VALUE_INT)
		return other;
	return v.is_signed ? item_signed(&v) : (int64_t)v.bits;
}

static void refresh(struct report *r)
{
	if (r->fresh)
		return;
	r->fresh = true;
	if (r->refresh)
		r->refresh(r->refresh_arg);
}

static void act_trace(struct report *r, struct arguments *a, const struct format *f)
{
	const struct options *o = r->options;
	const struct datum_style style = {
		.bare = o->quiet, .raw = o->rawbytes, .text_width = TRACE_WIDTH};
	struct item_value v;

	(void)f;
	while (next_argument(a, NULL, &v))
		item_print(&v, &style, &r->text);
}

static void act_printf(struct report *r, struct arguments *a, const struct format *f)
{
	if (f)
		printf_format(f, next_argument, a, &r->text);
}

static void act_printa(struct report *r, struct arguments *a, const struct format *f)
{
	const struct action *act = a->action;
	struct agg_table *tables[act->naggs + 1];

	if (act->naggs == 0)
		return;
	for (int i = 0; i < act->naggs; i++)
		tables[i] = &r->tables[act->aggs[i]];
	if (!f)
		buf_putc(&r->text, '\n');
	if (printa_print(tables, act->naggs, f, r->options, &r->text))
		for (int i = 0; i < act->naggs; i++)
			tables[i]->printed = true;
}

static void act_exit(struct report *r, struct arguments *a, const struct format *f)
{
	(void)f;
	r->status = (int)number_argument(a, 0, 0); /* the last one's: END has the last word */
	r->exited = true;
}

static void act_clear(struct report *r, struct arguments *a, const struct format *f)
{
	(void)f;
	for (int i = 0; i < a->action->naggs; i++)
		agg_table_clear(&r->tables[a->action->aggs[i]]);
}

static void act_trunc(struct report *r, struct arguments *a, const struct format *f)
{
	(void)f;
	for (int i = 0; i < a->action->naggs; i++)
		agg_table_trunc(&r->tables[a->action->aggs[i]], number_argument(a, 0, 0));
}

static void act_normalize(struct report *r, struct arguments *a, const struct format *f)
{
	bool undo = a->action->kind == ACT_DENORMALIZE;
	int64_t normal = undo ? 1 : number_argument(a, 0, 1);

	(void)f;
	for (int i = 0; i < a->action->naggs; i++) {
		struct agg_table *t = &r->tables[a->action->aggs[i]];

		if (normal != 0) {
			agg_table_normalize(t, normal);
			continue;
		}
		write_text(r);
		fprintf(stderr, "dtrace: normalize() of @%s by zero has no effect\n", t->def->name);
	}
}

static void act_tracemem(struct report *r, struct arguments *a, const struct format *f)
{
	int64_t most = number_argument(a, 1, 0);
	struct item_value v;

	(void)f;
	if (!next_argument(a, NULL, &v) || v.kind != ITEM_VALUE_MEM)
		return;
	item_dump(v.bytes, most > 0 && (uint64_t)most < v.n ? (size_t)most : v.n, &r->text);
}

/* Only a file can be cut; a terminal or a pipe keeps what it has got. */
static void act_ftruncate(struct report *r, struct arguments *a, const struct format *f)
{
	int fd = fileno(r->out);

	(void)a, (void)f;
	write_text(r);
	if (fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) < 0 && r->error == 0)
		r->error = -errno;
}

// clang-format off
static const struct {
	void (*run)(struct report *r, struct arguments *a, const struct format *f);
	bool needs_aggs;
} acts[] = {
	[ACT_TRACE]       = { act_trace, false },
	[ACT_PRINTF]      = { act_printf, false },
	[ACT_PRINTA]      = { act_printa, true },
	[ACT_EXIT]        = { act_exit, false },
	[ACT_CLEAR]       = { act_clear, true },
	[ACT_TRUNC]       = { act_trunc, true },
	[ACT_NORMALIZE]   = { act_normalize, true },
	[ACT_DENORMALIZE] = { act_normalize, true },
	[ACT_TRACEMEM]    = { act_tracemem, false },
	[ACT_FTRUNCATE]   = { act_ftruncate, false },
};
// clang-format on

static void print_heading(struct report *r)
{
	if (r->headed)
		return;
	r->headed = true;
	if (r->options->flowindent)
		flow_heading(&r->text);
	else if (!r->options->quiet)
		buf_printf(&r->text, "%3s %6s %32s\n", "CPU", "ID", "FUNCTION:NAME");
}

static void print_probe(struct report *r, int cpu, const struct probe *probe)
{
	int space = 31 - (int)(strlen(probe->function) + strlen(probe->name));

	buf_printf(&r->text, "%3d %6" PRIu32 " %*s%s:%s ", cpu, probe->id, space > 0 ? space : 0,
		   "", probe->function, probe->name);
}

/* END, and ERROR: it may tell of a fault from before the end or in END. */
static bool outlives_exit(const struct probe *p)
{
	return p->role == ROLE_END || p->role == ROLE_ERROR;
}

/* A record whose enabling is known. next: the same CPU's next record, if flowindent asked for it.
 */
static void print_record(struct report *r, int cpu, const struct record_head *rec,
			 const struct record_head *next)
{
	const struct enabling *e = &r->program->enablings[rec->epid];
	const struct options *o = r->options;

	/* What other CPUs had under way when exit() was called is past the end of the script. */
	if (r->exited && !outlives_exit(e->probe))
		return;
	print_heading(r);
	if (r->line_open && !e->joins_before) /* a fault was in the way of what should follow */
		buf_putc(&r->text, '\n');
	if (o->flowindent) {
		bool continues = next && next->epid != rec->epid &&
				 r->program->enablings[next->epid].probe == e->probe;

		flow_line(&r->flows.at[cpu].flow, cpu, rec->epid, e->probe, continues, &r->text);
	} else if (!o->quiet && !e->joins_before) {
		print_probe(r, cpu, e->probe);
	}
	for (int i = 0; i < e->nactions; i++) {
		const struct action *act = &e->actions[i];
		struct arguments a = {.report = r, .action = act, .record = (const char *)rec};

		if (acts[act->kind].needs_aggs)
			refresh(r);
		acts[act->kind].run(r, &a, r->formats[rec->epid][i]);
	}
	if (!o->quiet && !e->joins_after)
		buf_putc(&r->text, '\n');
	r->line_open = !o->quiet && e->joins_after;
	if (r->text.n >= BLOCK)
		write_text(r);
}

static void release_held(struct report *r, int cpu, const struct record_head *next)
{
	struct cpu_flow *f = &r->flows.at[cpu];

	if (!f->holds)
		return;
	f->holds = false;
	print_record(r, cpu, (const struct record_head *)f->held.at, next);
}

static void release_all(struct report *r)
{
	for (size_t i = 0; i < r->flows.n; i++)
		release_held(r, (int)i, NULL);
}

static void hold_record(struct report *r, int cpu, const struct record_head *rec)
{
	struct cpu_flow *f;

	while (r->flows.n <= (size_t)cpu)
		vec_push(&r->flows, (struct cpu_flow){.flow.last_epid = FLOW_NO_EPID});
	release_held(r, cpu, rec);
	f = &r->flows.at[cpu];
	f->held.n = 0;
	while (f->held.cap < rec->size)
		f->held.at = vec_grow(f->held.at, &f->held.cap, 1);
	memcpy(f->held.at, rec, rec->size);
	f->holds = true;
}

static const char *fault_name(uint32_t kind)
{
	static const char *const names[] = {
		[FLT_BADADDR] = "invalid address",
		[FLT_BADALIGN] = "invalid alignment",
		[FLT_ILLOP] = "illegal operation",
		[FLT_DIVZERO] = "divide-by-zero",
		[FLT_NOSCRATCH] = "out of scratch space",
		[FLT_KPRIV] = "invalid kernel access",
		[FLT_UPRIV] = "invalid user access",
		[FLT_TUPOFLOW] = "tuple stack overflow",
		[FLT_BADSTACK] = "bad stack",
	};

	return kind < sizeof(names) / sizeof(*names) && names[kind] ? names[kind] : "unknown fault";
}

/* To standard error; what was printed before the fault comes before it. */
static void report_fault(struct report *r, const struct fault *f)
{
	const struct probe *probe;
	char where[32] = "predicate", address[32] = "";

	if (f->head.size < sizeof(*f) || f->epid >= (uint32_t)r->program->nenablings)
		return;
	probe = r->program->enablings[f->epid].probe;
	if (f->action)
		snprintf(where, sizeof(where), "action #%" PRIu32, f->action);
	if (f->kind == FLT_BADADDR || f->kind == FLT_BADALIGN || f->kind == FLT_BADSTACK)
		snprintf(address, sizeof(address), " (0x%" PRIx64 ")", f->address);
	release_all(r);
	write_text(r);
	fprintf(stderr,
		"dtrace: error on enabled probe ID %" PRIu32 " (ID %" PRIu32 ": %s:%s:%s:%s): "
		"%s%s in %s\n",
		r->program->enablings[f->epid].id, probe->id, probe->provider, probe->module,
		probe->function, probe->name, fault_name(f->kind), address, where);
}

void report_batch(struct report *r)
{
	r->fresh = false;
}

void report_record(struct report *r, int cpu, const struct record_head *rec)
{
	const struct enabling *e;

	if (rec->epid == FAULT_EPID) {
		report_fault(r, (const struct fault *)rec);
		return;
	}
	if (rec->epid >= (uint32_t)r->program->nenablings || cpu < 0)
		return;
	e = &r->program->enablings[rec->epid];
	if (rec->size < sizeof(*rec) || rec->size < e->record_size)
		return;
	if (r->options->flowindent)
		hold_record(r, cpu, rec);
	else
		print_record(r, cpu, rec, NULL);
}

bool report_exited(const struct report *r, int *status)
{
	if (r->exited)
		*status = r->status;
	return r->exited;
}

void report_aggregate(struct report *r, int agg, const void *key, const int64_t *words)
{
	if (agg >= 0 && agg < r->program->naggs)
		agg_table_add(&r->tables[agg], key, words);
}

void report_finish(struct report *r)
{
	int n = r->program->naggs;

	release_all(r);
	if (n > 0)
		refresh(r);
	for (int i = 0; i < n; i++) {
		/* aggsortrev turns everything around, the order of aggregations too. */
		struct agg_table *t = &r->tables[r->options->aggsortrev ? n - 1 - i : i];

		if (!t->printed)
			printa_print(&t, 1, NULL, r->options, &r->text);
		t->printed = true;
		if (r->text.n >= BLOCK)
			write_text(r);
	}
}

int report_flush(struct report *r)
{
	release_all(r);
	write_text(r);
	if (r->error == 0 && fflush(r->out) != 0)
		r->error = -errno;
	return r->error;
}
