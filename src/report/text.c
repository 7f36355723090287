/* SPDX-License-Identifier: BSD-2-Clause */
/* Text, in DTrace's format. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "consume/take.h"
#include "report/datum.h"
#include "report/output.h"
#include "report/printa.h"
#include "report/printf.h"
#include "report/report.h"
#include "report/typed.h"

#define TRACE_WIDTH 33

struct text {
	struct form form;
	struct arena *arena; /* it lies in there itself */
	const struct options *options;
	struct output out;
	bool headed;
	bool line_open; /* the record before is to be gone on with */
};

static struct text *text_of(struct form *f)
{
	return (struct text *)f;
}

static void text_free(struct form *f)
{
	struct text *t = text_of(f);

	output_free(&t->out);
	arena_free(t->arena);
}

static void print_heading(struct text *t)
{
	if (t->headed || (t->options->quiet && !t->options->flowindent))
		return;
	t->headed = true;
	if (t->options->flowindent)
		buf_printf(&t->out.text, "%3s %-41s\n", "CPU", "FUNCTION");
	else
		buf_printf(&t->out.text, "%3s %6s %32s\n", "CPU", "ID", "FUNCTION:NAME");
}

static void print_probe(struct text *t, int cpu, const struct probe *probe)
{
	int space = 31 - (int)(strlen(probe->function) + strlen(probe->name));

	buf_printf(&t->out.text, "%3d %6" PRIu32 " %*s%s:%s ", cpu, probe->id,
		   space > 0 ? space : 0, "", probe->function, probe->name);
}

static void print_step(struct text *t, int cpu, const struct probe *probe,
		       const struct flow_step *step)
{
	static const char *const arrows[][2] = {
		[FLOW_NONE] = {"| ", "| "},
		[FLOW_ENTRY] = {" -> ", " => "},
		[FLOW_RETURN] = {" <- ", " <= "},
	};
	bool syscall = strcmp(probe->provider, "syscall") == 0;
	struct buf name = {0};

	buf_printf(&name, "%*s%s%s", step->indent, "", arrows[step->kind][syscall],
		   probe->function);
	if (step->kind == FLOW_NONE)
		buf_printf(&name, ":%s", probe->name);
	buf_printf(&t->out.text, "%3d %-41s ", cpu, buf_str(&name));
	buf_free(&name);
}

static void text_open(struct form *f, const struct form_record *r)
{
	struct text *t = text_of(f);
	const struct enabling *e = r->enabling;

	print_heading(t);
	if (t->line_open && !e->joins_before) /* a fault was in the way of what should follow */
		buf_putc(&t->out.text, '\n');
	if (r->flow)
		print_step(t, r->cpu, e->probe, r->flow);
	else if (!t->options->quiet && !e->joins_before)
		print_probe(t, r->cpu, e->probe);
}

static void text_close(struct form *f, const struct form_record *r)
{
	struct text *t = text_of(f);
	const struct enabling *e = r->enabling;

	if (!t->options->quiet && !e->joins_after)
		buf_putc(&t->out.text, '\n');
	t->line_open = !t->options->quiet && e->joins_after;
	output_line(&t->out);
}

static void text_trace(struct form *f, const struct taking *taking)
{
	struct text *t = text_of(f);
	const struct datum_style style = {
		.bare = t->options->quiet, .raw = t->options->rawbytes, .text_width = TRACE_WIDTH};
	char text[ITEM_TEXT];
	struct item_value v;

	for (int i = 0; taking_value(taking, i, text, &v); i++)
		datum_print(&v, &style, &t->out.text);
}

static void text_printf(struct form *f, const struct taking *taking, const struct format *format)
{
	printf_taken(taking, format, &text_of(f)->out.text);
}

static void text_tracemem(struct form *f, const struct taking *taking, const char *bytes, size_t n)
{
	(void)taking;
	datum_dump(bytes, n, &text_of(f)->out.text);
}

static void text_print(struct form *f, const struct taking *taking)
{
	typed_print_taken(taking, &text_of(f)->out.text);
}

static bool text_printa(struct form *f, const struct taking *taking, struct agg_table **tables,
			int ntables, const struct format *format)
{
	struct text *t = text_of(f);

	(void)taking;
	if (!format)
		buf_putc(&t->out.text, '\n');
	return printa_print(tables, ntables, format, t->options, &t->out.text);
}

/* An empty line, as DTrace writes it, also where no aggregation follows. */
static void text_over(struct form *f)
{
	buf_putc(&text_of(f)->out.text, '\n');
}

static void text_aggregation(struct form *f, struct agg_table *table)
{
	struct text *t = text_of(f);

	printa_print(&table, 1, NULL, t->options, &t->out.text);
	output_line(&t->out);
}

static int text_flush(struct form *f)
{
	return output_flush(&text_of(f)->out);
}

static void text_truncate(struct form *f)
{
	output_truncate(&text_of(f)->out);
}

static int text_redirect(struct form *f, const char *path)
{
	return output_redirect(&text_of(f)->out, path);
}

static const struct form_calls calls = {
	.free = text_free,
	.open = text_open,
	.close = text_close,
	.trace = text_trace,
	.printf = text_printf,
	.print = text_print,
	.tracemem = text_tracemem,
	.printa = text_printa,
	.over = text_over,
	.aggregation = text_aggregation,
	.flush = text_flush,
	.truncate = text_truncate,
	.redirect = text_redirect,
	.format = printf_taken,
};

struct form *text_form(const struct options *o, FILE *out)
{
	struct arena *a = arena_new();
	struct text *t = ARENA_NEW(a, struct text);

	*t = (struct text){.form.calls = &calls, .arena = a, .options = o, .out.file = out};
	return &t->form;
}
