/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * D's printf. Sizes come from the values, so one table says for each letter how
 * a value becomes text. As in DTrace, precision 0 is no precision, %p is bare
 * hexadecimal, and %d takes the sign from the argument's type.
 *
 * Numbers without flags and texts are padded here: they are nearly everything
 * that scripts print, and libc's printf costs several times as much.
 */
#include "report/printf.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/names.h"
#include "consume/take.h"
#include "report/datum.h"

#define NANOSEC 1000000000

/* A conversion with its '*' resolved. */
struct spec {
	char letter;
	unsigned flags;
	int width; /* >= 0 */
	int prec;  /* 0: none */
};

typedef void print_fn(const struct spec *s, const struct item_value *v, struct buf *out);

static void pad(struct buf *out, size_t n)
{
	static const char spaces[] = "                                ";
	const size_t most = sizeof(spaces) - 1;

	for (; n > most; n -= most)
		buf_add(out, spaces, most);
	buf_add(out, spaces, n);
}

static void put_padded(const struct spec *s, const char *text, size_t n, struct buf *out)
{
	size_t fill = n < (size_t)s->width ? (size_t)s->width - n : 0;

	if (!(s->flags & FORMAT_LEFT))
		pad(out, fill);
	buf_add(out, text, n);
	if (s->flags & FORMAT_LEFT)
		pad(out, fill);
}

static void put_text(const struct spec *s, const char *text, size_t n, struct buf *out)
{
	if (s->prec > 0 && n > (size_t)s->prec)
		n = (size_t)s->prec;
	put_padded(s, text, n, out);
}

/* "%", the flags, "*.*" or "*", the length and the letter, for libc. */
static void libc_format(const struct spec *s, const char *length, char format[24])
{
	static const struct {
		unsigned flag;
		char c;
	} flags[] = {{FORMAT_ALT, '#'},	 {FORMAT_ZERO, '0'},   {FORMAT_LEFT, '-'},
		     {FORMAT_PLUS, '+'}, {FORMAT_GROUP, '\''}, {FORMAT_SPACE, ' '}};
	char *f = format;

	*f++ = '%';
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (s->flags & flags[i].flag)
			*f++ = flags[i].c;
	sprintf(f, "%s%s%c", s->prec > 0 ? "*.*" : "*", length, s->letter);
}

static void put_integer(const struct spec *s, uint64_t n, struct buf *out)
{
	char format[24];

	libc_format(s, "ll", format);
	if (s->prec > 0)
		buf_printf(out, format, s->width, s->prec, (unsigned long long)n);
	else
		buf_printf(out, format, s->width, (unsigned long long)n);
}

static void put_real(const struct spec *s, double n, struct buf *out)
{
	char format[24];

	libc_format(s, "", format);
	if (s->prec > 0)
		buf_printf(out, format, s->width, s->prec, n);
	else
		buf_printf(out, format, s->width, n);
}

static bool is_plain(const struct spec *s)
{
	return !(s->flags & ~(unsigned)FORMAT_LEFT) && s->prec <= 0;
}

static void put_decimal(const struct spec *s, uint64_t n, bool negative, struct buf *out)
{
	char digits[24], *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	if (negative)
		*--p = '-';
	put_padded(s, p, (size_t)(digits + sizeof(digits) - p), out);
}

static void print_signed(const struct spec *s, const struct item_value *v, struct buf *out)
{
	int64_t n = item_signed(v);
	struct spec d = *s;

	if (is_plain(s)) {
		put_decimal(s, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, n < 0, out);
		return;
	}
	d.letter = 'd';
	put_integer(&d, (uint64_t)n, out);
}

static void print_unsigned(const struct spec *s, const struct item_value *v, struct buf *out)
{
	static const char digit[] = "0123456789abcdef";
	char digits[16], *p = digits + sizeof(digits);
	uint64_t n = v->bits;
	struct spec d = *s;

	if (s->letter == 'u' && is_plain(s)) {
		put_decimal(s, n, false, out);
		return;
	}
	if (s->letter == 'p')
		d.letter = 'x';
	if (d.letter != 'x' || !is_plain(s)) {
		put_integer(&d, n, out);
		return;
	}
	do
		*--p = digit[n & 15];
	while (n >>= 4);
	put_padded(s, p, (size_t)(digits + sizeof(digits) - p), out);
}

/* %d and %i: by the argument's type. */
static void print_decimal(const struct spec *s, const struct item_value *v, struct buf *out)
{
	struct spec u = *s;

	if (v->is_signed) {
		print_signed(s, v, out);
	} else {
		u.letter = 'u';
		print_unsigned(&u, v, out);
	}
}

static void print_char(const struct spec *s, const struct item_value *v, struct buf *out)
{
	char c = (char)v->bits;

	put_padded(s, &c, 1, out);
}

/* %wc: as UTF-8, whatever the locale. */
static void print_wide_char(const struct spec *s, const struct item_value *v, struct buf *out)
{
	uint32_t c = (uint32_t)v->bits;
	char utf8[4];
	int n = 0;

	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else if (c < 0x800) {
		utf8[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		utf8[n++] = (char)(0xe0 | c >> 12);
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		utf8[n++] = (char)(0xf0 | (c >> 18 & 7));
		utf8[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	}
	if (c >= 0x80)
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	put_padded(s, utf8, (size_t)n, out);
}

static void print_real(const struct spec *s, const struct item_value *v, struct buf *out)
{
	if (v->kind == ITEM_VALUE_FLOAT)
		put_real(s, v->real, out);
	else
		put_real(s, v->is_signed ? (double)item_signed(v) : (double)v->bits, out);
}

static void print_string(const struct spec *s, const struct item_value *v, struct buf *out)
{
	size_t n = v->kind == ITEM_VALUE_MEM ? strnlen(v->bytes, v->n) : v->n;

	put_text(s, v->bytes, n, out);
}

static void escape(char c, struct buf *out)
{
	static const char names[] = "\aa\bb\ff\nn\rr\tt\vv\"\"\\\\";
	const char *name = c ? strchr(names, c) : NULL;

	/* Even places hold the characters, odd ones their letters. */
	if (name && (name - names) % 2 == 0)
		buf_printf(out, "\\%c", name[1]);
	else if (c == '\0')
		buf_puts(out, "\\0");
	else if (c >= ' ' && c <= '~')
		buf_putc(out, c);
	else
		buf_printf(out, "\\%03o", (unsigned)(unsigned char)c);
}

static void put_escaped(const struct spec *s, const char *text, size_t n, struct buf *out)
{
	struct buf escaped = {0};

	for (size_t i = 0; i < n; i++)
		escape(text[i], &escaped);
	put_text(s, buf_str(&escaped), escaped.n, out);
	buf_free(&escaped);
}

static void print_escaped_string(const struct spec *s, const struct item_value *v, struct buf *out)
{
	size_t n = v->kind == ITEM_VALUE_MEM ? strnlen(v->bytes, v->n) : v->n;

	put_escaped(s, v->bytes, n, out);
}

static void print_escaped_char(const struct spec *s, const struct item_value *v, struct buf *out)
{
	char c = (char)v->bits;

	put_escaped(s, &c, 1, out);
}

/* %Y: "1973 Dec  3 17:20:00", of nanoseconds since 1970. */
static void print_time(const struct spec *s, const struct item_value *v, struct buf *out)
{
	time_t sec = (time_t)(v->bits / NANOSEC);
	char text[64];
	struct tm tm;
	size_t n = 0;

	if (localtime_r(&sec, &tm))
		n = strftime(text, sizeof(text), "%Y %b %e %H:%M:%S", &tm);
	put_text(s, text, n, out);
}

/* %T: the time as mail has it. */
static void print_time_mail(const struct spec *s, const struct item_value *v, struct buf *out)
{
	time_t sec = (time_t)(v->bits / NANOSEC);
	char text[64];
	struct tm tm;
	size_t n = 0;

	if (localtime_r(&sec, &tm))
		n = strftime(text, sizeof(text), "%a, %d %b %Y %T %Z", &tm);
	put_text(s, text, n, out);
}

/* %P: the service that a port, in host order, belongs to; without one the number. */
static void print_port(const struct spec *s, const struct item_value *v, struct buf *out)
{
	struct servent entry, *found = NULL;
	char space[1024], text[24];
	uint16_t port = (uint16_t)v->bits;

	if (getservbyport_r(htons(port), NULL, &entry, space, sizeof(space), &found) == 0 &&
	    found) {
		put_text(s, found->s_name, strlen(found->s_name), out);
		return;
	}
	put_text(s, text, (size_t)snprintf(text, sizeof(text), "%u", port), out);
}

/* %I: the host that an address, as text, belongs to; without one the text. */
static void print_host(const struct spec *s, const struct item_value *v, struct buf *out)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const struct sockaddr *sa = NULL;
	char text[ITEM_TEXT], host[NI_MAXHOST];
	socklen_t len = 0;

	if (v->n < sizeof(text)) {
		memcpy(text, v->bytes, v->n);
		text[v->n] = '\0';
		if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
			sa = (const struct sockaddr *)&v4;
			len = sizeof(v4);
		} else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
			sa = (const struct sockaddr *)&v6;
			len = sizeof(v6);
		}
	}
	if (sa && getnameinfo(sa, len, host, sizeof(host), NULL, 0, NI_NAMEREQD) == 0)
		put_text(s, host, strlen(host), out);
	else
		print_string(s, v, out);
}

/* %a, %A: what is there in the kernel's code; of sym() and the like what that says. */
static void print_address(const struct spec *s, const struct item_value *v, struct buf *out)
{
	struct buf text = {0};

	if (v->names && s->letter == 'a')
		names_code(v->names, NAMING_CODE_ADDRESS, 0, v->bits, &text);
	else
		buf_printf(&text, "0x%" PRIx64, v->bits);
	put_text(s, buf_str(&text), text.n, out);
	buf_free(&text);
}

/* %k: the width is how far from the left; '-': not at all. */
static void print_stack(const struct spec *s, const struct item_value *v, struct buf *out)
{
	datum_stack(v, s->flags & FORMAT_LEFT ? 0 : s->width ? s->width : STACK_INDENT, out);
}

// clang-format off
static const struct printer {
	bool text; /* takes bytes; else a number */
	print_fn *print, *wide;
} printers[128] = {
	['A'] = { false, print_address, NULL },
	['C'] = { false, print_escaped_char, NULL },
	['E'] = { false, print_real, NULL },
	['G'] = { false, print_real, NULL },
	['I'] = { true,  print_host, NULL },
	['P'] = { false, print_port, NULL },
	['S'] = { true,  print_escaped_string, NULL },
	['T'] = { false, print_time_mail, NULL },
	['X'] = { false, print_unsigned, NULL },
	['Y'] = { false, print_time, NULL },
	['a'] = { false, print_address, NULL },
	['c'] = { false, print_char, print_wide_char },
	['d'] = { false, print_decimal, NULL },
	['e'] = { false, print_real, NULL },
	['f'] = { false, print_real, NULL },
	['g'] = { false, print_real, NULL },
	['i'] = { false, print_decimal, NULL },
	['o'] = { false, print_unsigned, NULL },
	['p'] = { false, print_unsigned, NULL },
	['s'] = { true,  print_string, NULL },
	['u'] = { false, print_unsigned, NULL },
	['x'] = { false, print_unsigned, NULL },
};
// clang-format on

/* What fits no conversion is printed as what it is: the checker lets no such format pass. */
static void print_value(const struct format_conv *c, const struct spec *s,
			const struct item_value *v, struct buf *out)
{
	static const struct datum_style bare = {.bare = true};
	const struct printer *p = &printers[c->letter & 127];
	bool is_text = v->kind == ITEM_VALUE_STRING || v->kind == ITEM_VALUE_MEM;

	if (v->kind == ITEM_VALUE_STACK)
		print_stack(s, v, out);
	else if (is_text && p->print == print_address)
		print_string(s, v, out);
	else if (p->print && p->text == is_text)
		(c->wide && p->wide ? p->wide : p->print)(s, v, out);
	else
		datum_print(v, &bare, out);
}

/* A '*': at most as much as a format may say in figures. */
static bool star(printf_next_fn *next, void *arg, int *n)
{
	struct item_value v = {0};
	int64_t given;

	if (!next(arg, NULL, &v))
		return false;
	given = v.kind == ITEM_VALUE_INT ? item_signed(&v) : 0;
	*n = given > FORMAT_WIDTH_MAX	 ? FORMAT_WIDTH_MAX
	     : given < -FORMAT_WIDTH_MAX ? -FORMAT_WIDTH_MAX
					 : (int)given;
	return true;
}

/* A conversion that finds no value prints nothing; the texts between them always appear. */
static void print_conv(const struct format_conv *c, printf_next_fn *next, void *arg,
		       struct buf *out)
{
	struct spec s = {c->letter, c->flags, c->width > 0 ? c->width : 0,
			 c->prec > 0 ? c->prec : 0};
	struct item_value v = {0};

	if (c->width_star && !star(next, arg, &s.width))
		return;
	if (c->prec_star && !star(next, arg, &s.prec))
		return;
	if (s.width < 0) {
		s.flags |= FORMAT_LEFT;
		s.width = -s.width;
	}
	if (next(arg, c, &v) && v.kind != ITEM_VALUE_NONE)
		print_value(c, &s, &v, out);
}

void printf_conv(const struct format_conv *c, printf_next_fn *next, void *arg, struct buf *out)
{
	if (c->letter == '%')
		buf_putc(out, '%');
	else if (c->letter)
		print_conv(c, next, arg, out);
}

void printf_format(const struct format *f, printf_next_fn *next, void *arg, struct buf *out)
{
	for (int i = 0; i < f->nconvs; i++) {
		const struct format_conv *c = &f->convs[i];

		buf_add(out, c->text, (size_t)c->text_len);
		printf_conv(c, next, arg, out);
	}
}

/* The values of an action, one after the other. */
struct arguments {
	const struct taking *taking;
	int next;
	char text[ITEM_TEXT]; /* of the last value */
};

static bool next_argument(void *arg, const struct format_conv *conv, struct item_value *v)
{
	struct arguments *a = arg;

	(void)conv;
	return taking_value(a->taking, a->next++, a->text, v);
}

void printf_taken(const struct taking *t, const struct format *f, struct buf *out)
{
	struct arguments a = {.taking = t};

	printf_format(f, next_argument, &a, out);
}
