/* SPDX-License-Identifier: BSD-2-Clause */
/* Records and aggregations -> text, in DTrace's format. */
#pragma once

#include "base/options.h"
#include "program/program.h"

struct report;

/* Called before the first action of a batch that needs the aggregations as they are now. */
typedef void report_refresh_fn(void *arg);

struct report *report_new(const struct program *p, const struct options *o, FILE *out,
			  report_refresh_fn *refresh, void *arg);
void report_free(struct report *r); /* takes NULL */

/* A batch of records: begin, each record in order of time, end. */
void report_batch(struct report *r);
void report_record(struct report *r, int cpu, const struct record_head *rec);
bool report_exited(const struct report *r, int *status); /* an exit() was consumed */
/* Adds one CPU's value: live_agg_fn's arguments. */
void report_aggregate(struct report *r, int agg, const void *key, const int64_t *words);
/* At the end: prints the aggregations that no printa() printed (after a refresh, unless this batch
 * had one). */
void report_finish(struct report *r);
/* 0, or -errno of the first write that failed (ENOSPC: disk full, EPIPE). */
int report_flush(struct report *r);
