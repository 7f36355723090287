/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Integer constants, typed by C's rules for LP64, character constants and
 * strings.  In a constant of several characters the first is the lowest byte,
 * as DTrace does it on little-endian machines.
 */
#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "lang/lexer.h"

static const struct suffix {
	const char *text;
	bool is_unsigned;
	int longs;
} suffixes[] = {
	{"", false, 0},	 {"u", true, 0},   {"l", false, 1}, {"ll", false, 2},
	{"ul", true, 1}, {"ull", true, 2}, {"lu", true, 1}, {"llu", true, 2},
};

/* The first type of C's list in which the value fits: decimal ones turn unsigned only as the last
 * way out. */
static const char *int_type(uint64_t v, const struct suffix *s, bool decimal)
{
	bool may_unsigned = s->is_unsigned || !decimal;

	if (s->longs == 0) {
		if (!s->is_unsigned && v <= INT_MAX)
			return "int";
		if (may_unsigned && v <= UINT_MAX)
			return "unsigned int";
	}
	if (!s->is_unsigned && v <= LONG_MAX)
		return s->longs == 2 ? "long long" : "long";
	return s->longs == 2 ? "unsigned long long" : "unsigned long";
}

static int digit_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static const struct suffix *find_suffix(const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (strlen(suffixes[i].text) == n && strncasecmp(suffixes[i].text, p, n) == 0)
			return &suffixes[i];
	return NULL;
}

/* Passes the rest of what began as a number and says what is wrong with it. */
static void bad_number(struct lexer *lx, const struct token *t, const char *at, int base)
{
	const char *p = lx->at;
	struct diag *d = lx->script->diag;
	const char *kind = base == 8 ? "octal" : base == 16 ? "hexadecimal" : "decimal";

	while (p < lx->end && (lexer_is_word(*p) || *p == '.'))
		p++;
	if (base != 16 && (*at == '.' || *at == 'e' || *at == 'E') && at < lx->end)
		diag_error(d, t->loc, "D_SYNTAX", "floating-point constants are not permitted");
	else if (at < p && isdigit((unsigned char)*at))
		diag_error(d, t->loc, "D_INT_DIGIT", "invalid digit '%c' in %s constant", *at,
			   kind);
	else
		diag_error(d, t->loc, "D_INT_DIGIT", "invalid integer constant '%.*s'",
			   p - t->start > 40 ? 40 : (int)(p - t->start), t->start);
	lx->at = p;
}

void lexer_number(struct lexer *lx, struct token *t)
{
	const struct suffix *suffix;
	const char *p = lx->at, *digits;
	bool overflow = false;
	uint64_t v = 0;
	int base = 10;

	if (*p == '0') {
		base = 8;
		if (lx->end - p > 1 && (p[1] == 'x' || p[1] == 'X')) {
			base = 16;
			p += 2;
		}
	}
	for (digits = p; p < lx->end && isxdigit((unsigned char)*p) && digit_value(*p) < base;
	     p++) {
		uint64_t digit = (uint64_t)digit_value(*p);

		overflow |= __builtin_mul_overflow(v, (uint64_t)base, &v);
		overflow |= __builtin_add_overflow(v, digit, &v);
	}
	t->kind = TOK_INT;
	t->value = v;
	t->type = "int";
	lx->at = p;
	while (lx->at < lx->end && lexer_is_word(*lx->at))
		lx->at++;
	suffix = find_suffix(p, (size_t)(lx->at - p));
	if (p == digits || !suffix ||
	    (lx->at < lx->end && *lx->at == '.' && lx->end - lx->at > 1 && lx->at[1] != '.')) {
		bad_number(lx, t, suffix ? lx->at : p, base);
		return;
	}
	if (overflow)
		diag_error(lx->script->diag, t->loc, "D_INT_OFLOW",
			   "integer constant '%.*s' does not fit in 64 bits",
			   lx->at - t->start > 40 ? 40 : (int)(lx->at - t->start), t->start);
	t->type = int_type(v, suffix, base == 10);
}

/* The escape after a backslash at *p, which it passes; -1 for a joined line, which stands for
 * nothing. */
static int escape(const char **p, const char *end)
{
	static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *found;
	int v = 0, n = 0;
	char c = *(*p)++;

	if (c == '\n')
		return -1;
	if (c >= '0' && c <= '7') {
		for (--*p; n < 3 && *p < end && **p >= '0' && **p <= '7'; n++)
			v = v * 8 + (*(*p)++ - '0');
		return v & 0xff;
	}
	if (c == 'x' && *p < end && isxdigit((unsigned char)**p)) {
		while (*p < end && isxdigit((unsigned char)**p))
			v = (v * 16 + digit_value(*(*p)++)) & 0xff;
		return v;
	}
	found = c ? strchr(letters, c) : NULL;
	return found ? values[found - letters] & 0xff : c & 0xff;
}

static void char_constant(struct lexer *lx, struct token *t, const struct buf *b)
{
	struct diag *d = lx->script->diag;

	t->kind = TOK_INT;
	if (b->n == 0)
		diag_error(d, t->loc, "D_CHR_NULL", "empty character constant");
	else if (b->n > 8)
		diag_error(d, t->loc, "D_CHR_OFLOW",
			   "character constant of %zu characters: 8 are the most", b->n);
	if (b->n == 1)
		t->value = (uint64_t)(int64_t)(signed char)b->s[0];
	else
		for (size_t i = 0; i < b->n && i < 8; i++)
			t->value |= (uint64_t)(unsigned char)b->s[i] << (8 * i);
	t->type = b->n == 1 ? "int" : int_type(t->value, &suffixes[0], true);
}

void lexer_quoted(struct lexer *lx, struct token *t)
{
	const char *p = lx->at + 1, quote = *lx->at;
	struct buf b = {0};
	int c;

	while (p < lx->end && *p != quote && *p != '\n') {
		if (*p != '\\' || lx->end - p < 2) {
			buf_putc(&b, *p++);
			continue;
		}
		if (p[1] == '\r' && lx->end - p > 2 && p[2] == '\n')
			p++;
		p++;
		c = escape(&p, lx->end);
		if (c >= 0) {
			buf_putc(&b, (char)c);
		} else {
			lx->line++;
			lx->line_start = p;
		}
	}
	if (p == lx->end || *p != quote) {
		diag_error(lx->script->diag, t->loc, quote == '"' ? "D_STR_NL" : "D_CHR_NL",
			   "%s is not closed before the end of the %s",
			   quote == '"' ? "string" : "character constant",
			   p == lx->end ? "text" : "line");
	} else {
		p++;
	}
	lx->at = p;
	t->kind = TOK_STRING;
	t->length = b.n;
	t->text = arena_strndup(lx->script->arena, buf_str(&b), b.n);
	if (quote == '\'')
		char_constant(lx, t, &b);
	buf_free(&b);
}
