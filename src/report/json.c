/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A JSON object on each line; docs/output.schema.json says what is in them.
 *
 * A record's object stays open from open() to close(), and over records that are
 * joined (a clause cut in parts); what comes between ends it. Only whole lines are
 * written.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/names.h"
#include "consume/take.h"
#include "report/datum.h"
#include "report/json_write.h"
#include "report/output.h"
#include "report/printa.h"
#include "report/printf.h"
#include "report/report.h"
#include "report/typed.h"

#define VERSION 1 /* of the schema: higher when something in it changes its meaning */

#define PROBES 64

/* What is said of an enabling's probe, the same for each of its records. */
struct probe_text {
	const struct enabling *of; /* NULL: none yet */
	struct buf text;
};

struct json_form {
	struct form form;
	struct arena *arena; /* it lies in there itself */
	const struct options *options;
	struct output out;
	struct json json;	/* into out.text */
	struct buf text, piece; /* as printed: an action, a value */
	struct buf line;	/* an open one, while what is before it is written */
	size_t line_at;		/* where the line begins in out.text */
	bool record_open;
	struct probe_text probes[PROBES]; /* by address, the last of each place */
};

static const struct datum_style bare = {.bare = true};

static struct json_form *json_of(struct form *f)
{
	return (struct json_form *)f;
}

static void json_free(struct form *f)
{
	struct json_form *t = json_of(f);

	output_free(&t->out);
	buf_free(&t->text);
	buf_free(&t->piece);
	buf_free(&t->line);
	for (int i = 0; i < PROBES; i++)
		buf_free(&t->probes[i].text);
	arena_free(t->arena);
}

static void end_line(struct json_form *t)
{
	json_close(&t->json, '}');
	buf_putc(&t->out.text, '\n');
	t->json.follows = false;
	output_line(&t->out);
}

static void end_record(struct json_form *t)
{
	if (!t->record_open)
		return;
	t->record_open = false;
	json_close(&t->json, ']');
	end_line(t);
}

static void begin_line(struct json_form *t, const char *type)
{
	end_record(t);
	t->line_at = t->out.text.n;
	json_open(&t->json, NULL, '{');
	json_text(&t->json, "type", type);
}

static void describe_probe(struct buf *out, const struct enabling *e)
{
	const struct probe *p = e->probe;
	struct json j = {.out = out};

	json_open(&j, "probe", '{');
	json_unsigned(&j, "id", p->id);
	json_text(&j, "provider", p->provider);
	json_text(&j, "module", p->module);
	json_text(&j, "function", p->function);
	json_text(&j, "name", p->name);
	json_close(&j, '}');
	json_unsigned(&j, "enabling", e->id);
}

static void put_probe(struct json_form *t, const struct enabling *e)
{
	struct probe_text *known = &t->probes[(uintptr_t)e / sizeof(*e) % PROBES];

	if (known->of != e) {
		known->of = e;
		buf_reset(&known->text);
		describe_probe(&known->text, e);
	}
	json_raw_members(&t->json, known->text.s, known->text.n);
}

/* A text for each frame. */
static void put_stack(struct json *j, const struct item_value *v)
{
	struct buf frame = {0};

	json_open(j, "value", '[');
	for (size_t i = 0; item_frame(v, i); i++) {
		buf_reset(&frame);
		names_code(v->names, NAMING_CODE_ADDRESS, v->pid, item_frame(v, i), &frame);
		json_string(j, NULL, buf_str(&frame), frame.n);
	}
	json_close(j, ']');
	buf_free(&frame);
}

/* name NULL: it has none; text NULL: it is printed nowhere by itself. */
static void put_value(struct json *j, const char *name, const struct item_value *v,
		      const struct buf *text)
{
	json_open(j, NULL, '{');
	if (name)
		json_text(j, "name", name);
	switch (v->kind) {
	case ITEM_VALUE_INT:
		if (v->is_signed)
			json_signed(j, "value", item_signed(v));
		else
			json_unsigned(j, "value", v->bits);
		break;
	case ITEM_VALUE_FLOAT:
		json_real(j, "value", v->real);
		break;
	case ITEM_VALUE_STRING:
		json_string(j, "value", v->bytes, v->n);
		break;
	case ITEM_VALUE_STACK:
		put_stack(j, v);
		break;
	case ITEM_VALUE_NONE:
	case ITEM_VALUE_MEM:
		break;
	}
	if (v->kind == ITEM_VALUE_MEM ||
	    (v->kind == ITEM_VALUE_STRING && !json_is_utf8(v->bytes, v->n)))
		json_hex(j, "bytes", v->bytes, v->n);
	if (text)
		json_string(j, "text", buf_str(text), text->n);
	json_close(j, '}');
}

static uint64_t wall_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void json_begin(struct form *f, uint64_t time)
{
	struct json_form *t = json_of(f);

	begin_line(t, "start");
	json_unsigned(&t->json, "schema", VERSION);
	json_unsigned(&t->json, "time", time);
	json_unsigned(&t->json, "walltime", wall_time());
	end_line(t);
}

static void json_end(struct form *f, uint64_t time, int status)
{
	struct json_form *t = json_of(f);

	begin_line(t, "end");
	json_unsigned(&t->json, "time", time);
	json_signed(&t->json, "status", status);
	end_line(t);
}

static void put_flow(struct json *j, const struct flow_step *step)
{
	static const char *const names[] = {
		[FLOW_NONE] = "none", [FLOW_ENTRY] = "entry", [FLOW_RETURN] = "return"};

	json_text(j, "flow", names[step->kind]);
	json_signed(j, "indent", step->indent);
}

static void json_open_record(struct form *f, const struct form_record *r)
{
	struct json_form *t = json_of(f);

	if (t->record_open && r->enabling->joins_before)
		return;
	begin_line(t, "record");
	json_unsigned(&t->json, "time", r->time);
	json_signed(&t->json, "cpu", r->cpu);
	put_probe(t, r->enabling);
	if (r->flow)
		put_flow(&t->json, r->flow);
	json_open(&t->json, "actions", '[');
	t->record_open = true;
}

static void json_close_record(struct form *f, const struct form_record *r)
{
	if (!r->enabling->joins_after)
		end_record(json_of(f));
}

static void open_action(struct json_form *t, const struct taking *taking)
{
	buf_reset(&t->text);
	json_open(&t->json, NULL, '{');
	json_text(&t->json, "action", taking->action->name);
}

static const char *item_name(const struct taking *taking, int i)
{
	return i < taking->action->nitems ? taking->action->items[i].name : NULL;
}

static void json_trace(struct form *f, const struct taking *taking)
{
	struct json_form *t = json_of(f);
	struct datum_style style = {.bare = true, .raw = t->options->rawbytes};
	char text[ITEM_TEXT];
	struct item_value v;

	open_action(t, taking);
	json_open(&t->json, "values", '[');
	for (int i = 0; taking_value(taking, i, text, &v); i++) {
		buf_reset(&t->piece);
		datum_print(&v, &style, &t->piece);
		put_value(&t->json, item_name(taking, i), &v, &t->piece);
	}
	json_close(&t->json, ']');
	json_close(&t->json, '}');
}

/* The values of a printf(), one after the other; what a conversion printed is seen after it. */
struct arguments {
	const struct taking *taking;
	int next;
	bool given; /* the value of this conversion */
	struct item_value value;
	char text[ITEM_TEXT];
};

static bool next_argument(void *arg, const struct format_conv *conv, struct item_value *v)
{
	struct arguments *a = arg;

	if (!taking_value(a->taking, a->next++, a->text, v))
		return false;
	a->given = conv != NULL;
	a->value = *v;
	return true;
}

static void put_conversion(struct json_form *t, const struct format_conv *c, struct arguments *a)
{
	buf_add(&t->text, c->text, (size_t)c->text_len);
	buf_reset(&t->piece);
	a->given = false;
	printf_conv(c, next_argument, a, &t->piece);
	buf_add(&t->text, t->piece.s, t->piece.n);
	if (a->given)
		put_value(&t->json, item_name(a->taking, a->next - 1), &a->value, &t->piece);
}

static void json_printf(struct form *f, const struct taking *taking, const struct format *format)
{
	struct json_form *t = json_of(f);
	struct arguments a = {.taking = taking};

	open_action(t, taking);
	json_open(&t->json, "values", '[');
	for (int i = 0; i < format->nconvs; i++)
		put_conversion(t, &format->convs[i], &a);
	json_close(&t->json, ']');
	json_string(&t->json, "text", buf_str(&t->text), t->text.n);
	json_close(&t->json, '}');
}

static void json_tracemem(struct form *f, const struct taking *taking, const char *bytes, size_t n)
{
	struct json_form *t = json_of(f);
	struct item_value v = {.kind = ITEM_VALUE_MEM, .bytes = bytes, .n = n};

	open_action(t, taking);
	json_open(&t->json, "values", '[');
	datum_dump(bytes, n, &t->text);
	put_value(&t->json, item_name(taking, 0), &v, &t->text);
	json_close(&t->json, ']');
	json_close(&t->json, '}');
}

static void json_print(struct form *f, const struct taking *taking)
{
	struct json_form *t = json_of(f);
	const char *name = item_name(taking, 0);

	open_action(t, taking);
	json_open(&t->json, "values", '[');
	json_open(&t->json, NULL, '{');
	if (name)
		json_text(&t->json, "name", name);
	buf_reset(&t->piece);
	type_print(taking->action->items[0].type, &t->piece);
	json_string(&t->json, "type", buf_str(&t->piece), t->piece.n);
	typed_json_taken(taking, "value", &t->json);
	buf_reset(&t->piece);
	typed_print_taken(taking, &t->piece);
	json_string(&t->json, "text", buf_str(&t->piece), t->piece.n);
	json_close(&t->json, '}');
	json_close(&t->json, ']');
	json_close(&t->json, '}');
}

static void put_buckets(struct json *j, const struct agg_def *d, const int64_t *words,
			int64_t normal)
{
	struct agg_bin bin;

	json_open(j, NULL, '[');
	for (int i = 0; d->func->bin(words, d->params, d->nparams, normal, i, &bin); i++) {
		if (!bin.count)
			continue;
		json_open(j, NULL, '{');
		json_signed(j, "low", bin.low);
		json_signed(j, "high", bin.high);
		json_signed(j, "count", bin.count);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_row(struct json_form *t, const struct agg_rows *rows, const struct agg_row *row,
		    const struct format *format)
{
	struct json *j = &t->json;

	json_open(j, NULL, '{');
	json_open(j, "keys", '[');
	for (int i = 0; i < rows->tables[0]->def->nkeys; i++) {
		buf_reset(&t->piece);
		datum_print(&row->key->keys[i], &bare, &t->piece);
		put_value(j, rows->tables[0]->def->keys[i].name, &row->key->keys[i], &t->piece);
	}
	json_close(j, ']');
	json_open(j, "values", '[');
	for (int i = 0; i < rows->ntables; i++) {
		const struct agg_def *d = rows->tables[i]->def;
		int64_t normal;
		const int64_t *words = agg_row_words(row, i, &normal);

		if (d->func->is_histogram)
			put_buckets(j, d, words, normal);
		else
			json_signed(j, NULL, d->func->scalar(words, normal, d->is_signed));
	}
	json_close(j, ']');
	if (format) {
		buf_reset(&t->text);
		printa_row(rows, row, format, false, &t->text);
		json_string(j, "text", buf_str(&t->text), t->text.n);
	}
	json_close(j, '}');
}

/* Members of the object that is open. */
static bool put_aggregations(struct json_form *t, struct agg_table **tables, int ntables,
			     const struct format *format)
{
	struct agg_rows rows = agg_rows_new(tables, ntables, t->options);
	bool any = rows.n > 0;

	json_open(&t->json, "aggregations", '[');
	for (int i = 0; i < ntables; i++) {
		json_open(&t->json, NULL, '{');
		json_text(&t->json, "name", tables[i]->def->name);
		json_text(&t->json, "function", tables[i]->def->func->name);
		json_close(&t->json, '}');
	}
	json_close(&t->json, ']');
	json_open(&t->json, "rows", '[');
	for (size_t i = 0; i < rows.n; i++)
		put_row(t, &rows, &rows.rows[i], format);
	json_close(&t->json, ']');
	agg_rows_free(&rows);
	return any;
}

static bool json_printa(struct form *f, const struct taking *taking, struct agg_table **tables,
			int ntables, const struct format *format)
{
	struct json_form *t = json_of(f);
	bool any;

	open_action(t, taking);
	any = put_aggregations(t, tables, ntables, format);
	json_close(&t->json, '}');
	return any;
}

static void json_aggregation(struct form *f, struct agg_table *table)
{
	struct json_form *t = json_of(f);

	if (table->n == 0)
		return;
	begin_line(t, "aggregation");
	put_aggregations(t, &table, 1, NULL);
	end_line(t);
}

static void json_fault(struct form *f, const struct fault_told *fault)
{
	struct json_form *t = json_of(f);

	begin_line(t, "fault");
	json_unsigned(&t->json, "time", fault->fault->head.time);
	json_signed(&t->json, "cpu", fault->cpu);
	put_probe(t, fault->enabling);
	json_text(&t->json, "kind", fault->kind);
	if (fault->has_address)
		json_unsigned(&t->json, "address", fault->fault->address);
	if (fault->fault->action)
		json_unsigned(&t->json, "statement", fault->fault->action);
	buf_reset(&t->text);
	fault_print(fault, &t->text);
	json_string(&t->json, "message", buf_str(&t->text), t->text.n);
	end_line(t);
}

static void json_loss(struct form *f, const struct loss *loss)
{
	struct json_form *t = json_of(f);

	begin_line(t, "loss");
	json_text(&t->json, "kind", loss_name(loss->kind));
	json_unsigned(&t->json, "count", loss->count);
	if (loss->cpu >= 0)
		json_signed(&t->json, "cpu", loss->cpu);
	buf_reset(&t->text);
	loss_print(loss, &t->text);
	json_string(&t->json, "message", buf_str(&t->text), t->text.n);
	end_line(t);
}

/* An open line is kept back ... */
static void hold_line(struct json_form *t)
{
	struct buf *text = &t->out.text;

	buf_reset(&t->line);
	if (!t->record_open)
		return;
	buf_add(&t->line, text->s + t->line_at, text->n - t->line_at);
	text->n = t->line_at;
}

/* ... and gone on with. */
static void resume_line(struct json_form *t)
{
	t->line_at = t->out.text.n;
	buf_add(&t->out.text, t->line.s, t->line.n);
}

static int json_flush(struct form *f)
{
	struct json_form *t = json_of(f);
	int err;

	hold_line(t);
	err = output_flush(&t->out);
	resume_line(t);
	return err;
}

static void json_truncate(struct form *f)
{
	struct json_form *t = json_of(f);

	hold_line(t);
	output_truncate(&t->out);
	resume_line(t);
}

static int json_redirect(struct form *f, const char *path)
{
	struct json_form *t = json_of(f);
	int err;

	hold_line(t);
	err = output_redirect(&t->out, path);
	resume_line(t);
	return err;
}

static const struct form_calls calls = {
	.free = json_free,
	.begin = json_begin,
	.end = json_end,
	.open = json_open_record,
	.close = json_close_record,
	.trace = json_trace,
	.printf = json_printf,
	.print = json_print,
	.tracemem = json_tracemem,
	.printa = json_printa,
	.aggregation = json_aggregation,
	.fault = json_fault,
	.loss = json_loss,
	.flush = json_flush,
	.truncate = json_truncate,
	.redirect = json_redirect,
	.format = printf_taken,
};

struct form *json_form(const struct options *o, FILE *out)
{
	struct arena *a = arena_new();
	struct json_form *t = ARENA_NEW(a, struct json_form);

	*t = (struct json_form){.form.calls = &calls, .arena = a, .options = o, .out.file = out};
	t->json.out = &t->out.text;
	return &t->form;
}
