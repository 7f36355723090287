/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the consumer and the forms do in a second: records printed as text and as
 * JSON, in millions; and how long a million keys of an aggregation take from the
 * engine to the last line, in seconds, as text and as JSON.  In time of the CPU, to
 * /dev/null; records and keys come from the BPF machine, whose own time is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compile.h"
#include "consume/consumer.h"
#include "replay/replay.h"
#include "report/report.h"

#define BATCHES 200
#define BATCH 5000
#define KEYS 1000000

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct bench {
	struct arena *arena;
	struct options options;
	struct program *program;
	struct engine *engine;
	struct form *form;
	struct consumer *consumer;
};

static void bench_open(struct bench *b, const char *text, enum output_choice form)
{
	struct source source = {.name = "bench", .text = text, .len = strlen(text)};
	struct compile_input in = {.source = &source};
	struct macro_args macros = {.options = &b->options};
	struct arena *a = b->arena = arena_new();
	char why[256];

	options_init(&b->options);
	b->options.engine = ENGINE_MACHINE;
	b->options.oformat = form;
	b->options.quiet = true;
	b->options.aggsize = 256 << 20;
	if (compile(a, types_new(a, NULL), diag_new(a), probes_new(a), &b->options, &macros, &in, 1,
		    &b->program) ||
	    replay_engine.open(b->program, &b->options, &b->engine, why, sizeof(why)))
		exit(1);
	replay_engine.control(b->engine)->activity = ACTIVITY_ACTIVE;
	b->form = report_form(&b->options, fopen("/dev/null", "w"));
	b->consumer = consumer_new(b->program, &b->options, b->form, NULL, NULL);
}

static void bench_close(struct bench *b)
{
	consumer_free(b->consumer);
	b->form->calls->free(b->form);
	replay_engine.close(b->engine);
	arena_free(b->arena);
}

static void fire(struct bench *b, int times)
{
	for (int i = 0; i < times; i++)
		if (replay_engine.run(b->engine, 0))
			exit(1);
}

static void take(void *arg, int cpu, const struct record_head *r)
{
	consumer_record(arg, cpu, r);
}

static void take_key(void *arg, int agg, const void *key, const int64_t *words)
{
	consumer_aggregate(arg, agg, key, words);
}

/* Records a second. */
static double records(enum output_choice form)
{
	struct bench b;
	double spent = 0, start;

	bench_open(&b, "tick-1s { printf(\"%d %s %d\\n\", pid, execname, n++); }", form);
	for (int i = 0; i < BATCHES; i++) {
		int left = BATCH;

		while (left) {
			int now = left < 500 ? left : 500;

			fire(&b, now);
			left -= now;
			start = seconds();
			consumer_batch(b.consumer);
			if (replay_engine.consume(b.engine, take, b.consumer) != now)
				exit(1);
			spent += seconds() - start;
		}
	}
	start = seconds();
	consumer_flush(b.consumer);
	spent += seconds() - start;
	bench_close(&b);
	return (double)BATCHES * BATCH / spent;
}

/* Seconds. */
static double keys(enum output_choice form)
{
	struct bench b;
	double spent;

	bench_open(&b, "tick-1s { @[n++ * 7919 % 1000003] = count(); }", form);
	fire(&b, KEYS);
	spent = seconds();
	if (replay_engine.drain(b.engine, take_key, b.consumer) < KEYS)
		exit(1);
	consumer_finish(b.consumer);
	consumer_flush(b.consumer);
	spent = seconds() - spent;
	bench_close(&b);
	return spent;
}

int main(void)
{
	printf("%.2f %.2f ", records(OUTPUT_TEXT) / 1e6, records(OUTPUT_JSON) / 1e6);
	printf("%.2f %.2f\n", keys(OUTPUT_TEXT), keys(OUTPUT_JSON));
	return 0;
}
