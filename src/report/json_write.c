/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_write.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void put_escape(struct buf *out, unsigned char c)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *name = c ? strchr(names, c) : NULL;

	/* Even places hold the characters, odd ones their letters. */
	if (name && (name - names) % 2 == 0)
		buf_printf(out, "\\%c", name[1]);
	else
		buf_printf(out, "\\u%04x", c);
}

/* Bytes of the well-formed character that s begins with (RFC 3629); 0: it begins with none. */
static size_t character(const unsigned char *s, size_t n)
{
	unsigned char low = 0x80, high = 0xbf; /* of the second byte */
	size_t size = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (s[0] > 0xf4 || size > n)
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed) /* no surrogates */
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < size; i++) {
		if (s[i] < low || s[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return size;
}

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

static void put_string(struct buf *out, const char *s, size_t n)
{
	const unsigned char *at = (const unsigned char *)s, *end = at + n;

	buf_putc(out, '"');
	while (at < end) {
		const unsigned char *from = at;
		size_t size;

		while (at < end && is_plain(*at))
			at++;
		buf_add(out, from, (size_t)(at - from));
		if (at == end)
			break;
		size = character(at, (size_t)(end - at));
		if (size == 0)
			buf_puts(out, "\\ufffd");
		else if (size == 1)
			put_escape(out, *at);
		else
			buf_add(out, at, size);
		at += size ? size : 1;
	}
	buf_putc(out, '"');
}

bool json_is_utf8(const char *s, size_t n)
{
	for (size_t i = 0, size; i < n; i += size) {
		size = character((const unsigned char *)s + i, n - i);
		if (size == 0)
			return false;
	}
	return true;
}

/* What stands before a value. */
static void begin(struct json *j, const char *name)
{
	if (j->follows)
		buf_putc(j->out, ',');
	if (name) {
		buf_putc(j->out, '"');
		buf_puts(j->out, name);
		buf_add(j->out, "\":", 2);
	}
	j->follows = true;
}

void json_open(struct json *j, const char *name, char bracket)
{
	begin(j, name);
	buf_putc(j->out, bracket);
	j->follows = false;
}

void json_close(struct json *j, char bracket)
{
	buf_putc(j->out, bracket);
	j->follows = true;
}

static void put_decimal(struct buf *out, uint64_t n, bool negative)
{
	char digits[24], *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	if (negative)
		*--p = '-';
	buf_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

void json_signed(struct json *j, const char *name, int64_t n)
{
	begin(j, name);
	put_decimal(j->out, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, n < 0);
}

void json_unsigned(struct json *j, const char *name, uint64_t n)
{
	begin(j, name);
	put_decimal(j->out, n, false);
}

void json_real(struct json *j, const char *name, double n)
{
	begin(j, name);
	if (isfinite(n))
		buf_printf(j->out, "%.17g", n);
	else
		buf_puts(j->out, "null");
}

void json_string(struct json *j, const char *name, const char *s, size_t n)
{
	begin(j, name);
	put_string(j->out, s, n);
}

void json_raw_members(struct json *j, const char *members, size_t n)
{
	begin(j, NULL);
	buf_add(j->out, members, n);
}

void json_text(struct json *j, const char *name, const char *s)
{
	json_string(j, name, s, strlen(s));
}

void json_hex(struct json *j, const char *name, const char *bytes, size_t n)
{
	static const char digit[] = "0123456789abcdef";

	begin(j, name);
	buf_putc(j->out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];

		buf_putc(j->out, digit[c >> 4]);
		buf_putc(j->out, digit[c & 15]);
	}
	buf_putc(j->out, '"');
}
