/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of records and aggregations: order, exit, losses, faults, and the
 * aggregations between drains. Knows no engine and no form of output.
 */
#pragma once

#include "base/options.h"
#include "consume/form.h"
#include "program/program.h"

struct consumer;

/* Called before the first action of a batch that needs the aggregations as they are now. */
typedef void consumer_refresh_fn(void *arg);

/* The form stays the caller's. */
struct consumer *consumer_new(const struct program *p, struct options *o, struct form *form,
			      consumer_refresh_fn *refresh, void *arg);
void consumer_free(struct consumer *c); /* takes NULL */

/* Programs begin to fire; nothing more comes, and this is the exit status. */
void consumer_begin(struct consumer *c, uint64_t time);
void consumer_end(struct consumer *c, uint64_t time, int status);

/* A batch of records: begin, each record in order of time, end. */
void consumer_batch(struct consumer *c);
void consumer_record(struct consumer *c, int cpu, const struct record_head *rec);
/* exit() was called, and no record could tell; one that did counts. */
void consumer_exit(struct consumer *c, int status);
bool consumer_exited(const struct consumer *c, int *status); /* an exit() was consumed */
/* Adds one CPU's value: engine_agg_fn's arguments. */
void consumer_aggregate(struct consumer *c, int agg, const void *key, const int64_t *words);
/* Tells of a loss, if anything was lost. */
void consumer_loss(struct consumer *c, struct loss loss);
/* At the end: prints the aggregations that no printa() printed (after a refresh, unless this batch
 * had one). */
void consumer_finish(struct consumer *c);
/* 0, or -errno of the first write that failed (ENOSPC: disk full, EPIPE). */
int consumer_flush(struct consumer *c);
