/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is speculated, until it is committed. A speculation that was discarded, or
 * never ended, is forgotten when another begins in its place: programs keep each
 * within specsize, so what is held has its bounds.
 */
#pragma once

#include <stdbool.h>

#include "program/program.h"

struct speculations;

struct speculations *speculations_new(void);
void speculations_free(struct speculations *s); /* takes NULL */

typedef void speculation_fn(void *arg, int cpu, const struct record_head *rec);

/* Keeps a record; or it was committed just before, and is given at once. */
void speculations_hold(struct speculations *s, uint64_t tag, int cpu, const struct record_head *rec,
		       speculation_fn *fn, void *arg);
/* Gives the records in the order in which they came. */
void speculations_commit(struct speculations *s, uint64_t tag, speculation_fn *fn, void *arg);
