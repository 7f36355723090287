/* SPDX-License-Identifier: BSD-2-Clause */
/* D's printf: values by the conversions of a parsed format. Private to src/report/. */
#pragma once

#include "base/format.h"
#include "consume/item.h"

/*
 * Gives the next value for a conversion (NULL: for a '*'). False: there is none
 * left. A value of kind ITEM_VALUE_NONE: the source has written to out by itself.
 */
typedef bool printf_next_fn(void *arg, const struct format_conv *conv, struct item_value *v);

/* A conversion, without the text before it. */
void printf_conv(const struct format_conv *c, printf_next_fn *next, void *arg, struct buf *out);
void printf_format(const struct format *f, printf_next_fn *next, void *arg, struct buf *out);
/* With the values of an action. */
struct taking;
void printf_taken(const struct taking *t, const struct format *f, struct buf *out);
