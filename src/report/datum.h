/* SPDX-License-Identifier: BSD-2-Clause */
/* How values print without a format. Private to src/report/. */
#pragma once

#include "base/buf.h"
#include "consume/item.h"

/* How trace() and keys of aggregations print without a format. */
#define DATUM_PACKED 16

struct datum_style {
	bool packed; /* as a key of what agghist and aggpack draw: strings in 16 columns */
	bool bare;   /* without padding: trace() with option quiet */
	bool raw;    /* bytes, even of texts, as a dump: option rawbytes */
	int text_width;
};
/* A frame on each line, so far from the left; an empty line before. */
void datum_stack(const struct item_value *v, int indent, struct buf *out);
#define STACK_INDENT 14
void datum_print(const struct item_value *v, const struct datum_style *style, struct buf *out);
/* tracemem()'s table of 16 bytes a line. */
void datum_dump(const char *bytes, size_t n, struct buf *out);

int datum_width(const struct item_value *v); /* of a packed one, without the blank before it */
