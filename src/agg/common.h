/* SPDX-License-Identifier: BSD-2-Clause */
/* What the aggregating functions share; private to src/agg/. */
#pragma once

#include "agg/agg.h"

/* check: there are no constant parameters. */
bool agg_check_none(const int64_t *params, int nparams, const char **why);
/* merge: word by word. */
void agg_merge_add(int64_t *into, const int64_t *from, uint32_t nwords);
/* *words[word] += value, atomically. */
void agg_code_add(struct ir *ir, int base, int word, int value);
/* Orders two numbers; <0, 0, >0. */
int agg_compare_int(int64_t a, int64_t b);
/* a / b; b is not 0. */
int64_t agg_divide(int64_t a, int64_t b);
/* A register with the increment of a histogram: increment itself, or a new one that holds 1. */
int agg_code_increment(struct ir *ir, int increment);
/*
 * words[index] += increment, atomically, and index is spoilt. The verifier must
 * have seen index bounded on every path that comes here.
 */
void agg_code_bucket(struct ir *ir, int base, int index, int increment);

/* min and max are the same code with another order: see extreme.c. */
enum agg_extreme { AGG_MIN, AGG_MAX };
void agg_extreme_code(struct ir *ir, int base, int value, enum agg_extreme which);
void agg_extreme_merge(int64_t *into, const int64_t *from, uint32_t nwords);
int64_t agg_extreme_value(const int64_t *words, enum agg_extreme which);

extern const struct agg_func agg_avg, agg_count, agg_llquantize, agg_lquantize, agg_max, agg_min,
	agg_quantize, agg_stddev, agg_sum;
