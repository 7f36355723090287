/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A format of printf() or printa(), taken apart: the checker compares its
 * conversions with the arguments, the report prints by them.
 *
 * A conversion is %[flags][width][.prec][hh|h|l|ll|L]letter, in printa() also
 * with '@' before the width or the letter (%@9d, %@-12d). Flags: - + 0 # ' and
 * space; '?' stands for the width of a pointer in hexadecimal (16). Width and
 * precision may be '*': each takes an integer argument of its own, in that
 * order, before the value. Length modifiers are read and dropped: sizes come
 * from the argument's type.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* Of a width or precision: more would be output for its own sake. */
#define FORMAT_WIDTH_MAX (1 << 24)

enum {
	FORMAT_LEFT = 1 << 0,  /* - */
	FORMAT_PLUS = 1 << 1,  /* + */
	FORMAT_ZERO = 1 << 2,  /* 0 */
	FORMAT_ALT = 1 << 3,   /* # */
	FORMAT_SPACE = 1 << 4, /* space */
	FORMAT_GROUP = 1 << 5, /* ' */
};

/* What a conversion takes from the arguments. */
enum format_takes {
	FORMAT_NOTHING, /* %% */
	FORMAT_INTEGER, /* c C d i o u wc, P (port), Y T (time in ns) */
	FORMAT_NUMBER,	/* x X p a A: an integer or a pointer */
	FORMAT_FLOAT,	/* e E f g G: numbers; there is no arithmetic on them in D */
	FORMAT_STRING,	/* s S ws, I (address to host name) */
	FORMAT_STACK,	/* k */
};

struct format_conv {
	const char *text; /* literal text before the conversion */
	int text_len;
	char letter; /* the conversion; 0: only text, the last of a format */
	bool wide;   /* %wc, %ws */
	bool is_agg; /* '@': the value of an aggregation */
	unsigned flags;
	int width, prec; /* -1: none given */
	bool width_star, prec_star;
	enum format_takes takes;
};

struct format {
	struct format_conv *convs;
	int nconvs; /* a last one without a letter included, if text follows the last conversion */
};

/* NULL with *why (in the arena) for a malformed format. The text must live as long as the result.
 */
struct format *format_parse(struct arena *a, const char *text, const char **why);

/* "%-12s" as it was written, for messages. */
const char *format_conv_text(struct arena *a, const struct format *f, int conv);
