/* SPDX-License-Identifier: BSD-2-Clause */
/* The report: hand-made programs and records in, the exact text out. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "agg/agg.h"
#include "builtin/builtin.h"
#include "consume/consumer.h"
#include "report/report.h"
#include "types/type.h"

#define GENERATION 8 /* bytes before a key's first item */

/* --- programs by hand --- */

static struct probe probes[] = {
	{.id = 1,
	 .provider = "dtrace",
	 .module = "",
	 .function = "",
	 .name = "BEGIN",
	 .role = ROLE_BEGIN},
	{.id = 2,
	 .provider = "dtrace",
	 .module = "",
	 .function = "",
	 .name = "END",
	 .role = ROLE_END},
	{.id = 36564, .provider = "ip", .module = "vmlinux", .function = "", .name = "send"},
	{.id = 7,
	 .provider = "fbt",
	 .module = "vmlinux",
	 .function = "tcp_v4_do_rcv",
	 .name = "entry"},
	{.id = 8,
	 .provider = "fbt",
	 .module = "vmlinux",
	 .function = "tcp_v4_do_rcv",
	 .name = "return"},
	{.id = 9, .provider = "fbt", .module = "vmlinux", .function = "ip_output", .name = "entry"},
	{.id = 10,
	 .provider = "fbt",
	 .module = "vmlinux",
	 .function = "ip_output",
	 .name = "return"},
	{.id = 100000,
	 .provider = "fbt",
	 .module = "vmlinux",
	 .function = "a_function_with_a_name_longer_than_32",
	 .name = "entry"},
};
enum { BEGIN, END, SEND, RCV_ENTRY, RCV_RETURN, OUT_ENTRY, OUT_RETURN, LONG };

static const char *strings[] = {"", "literal", "10.0.0.1"};

/* The text of one test, and what made it. */
struct fixture {
	struct program program;
	struct options options;
	struct enabling enablings[8];
	struct agg_def aggs[4];
	struct form *form;
	struct consumer *consumer;
	FILE *out;
	char *text;
	size_t size;
	int refreshes;
	void (*on_refresh)(struct fixture *f);
};

static void on_refresh(void *arg)
{
	struct fixture *f = arg;

	f->refreshes++;
	if (f->on_refresh)
		f->on_refresh(f);
}

static void start(struct fixture *f, bool quiet)
{
	f->options.quiet = quiet;
	f->program.enablings = f->enablings;
	f->program.aggs = f->aggs;
	f->program.strings = strings;
	f->program.nstrings = 3;
	f->out = open_memstream(&f->text, &f->size);
	f->form = report_form(&f->options, f->out);
	f->consumer = consumer_new(&f->program, &f->options, f->form, on_refresh, f);
	consumer_batch(f->consumer);
}

static void finish(struct fixture *f, const char *want)
{
	assert_int_equal(consumer_flush(f->consumer), 0);
	consumer_free(f->consumer);
	f->form->calls->free(f->form);
	fclose(f->out);
	assert_string_equal(f->text, want);
	free(f->text);
}

static void add_enabling(struct fixture *f, int probe, struct action *actions, int n)
{
	int id = ++f->program.nenablings;

	f->enablings[id - 1] = (struct enabling){.probe = &probes[probe],
						 .id = (uint32_t)id,
						 .actions = actions,
						 .nactions = n,
						 .record_size = sizeof(struct record_head)};
}

/* A record: the head and 64 bytes that the items point into. */
struct record {
	struct record_head head;
	unsigned char data[240];
};
#define DATA (uint32_t) offsetof(struct record, data)

static struct record record(uint32_t epid)
{
	return (struct record){.head = {.epid = epid, .size = sizeof(struct record)}};
}

static void feed(struct fixture *f, int cpu, const struct record *r)
{
	consumer_record(f->consumer, cpu, &r->head);
}

static void fire(struct fixture *f, int cpu, uint32_t epid)
{
	struct record r = record(epid);

	feed(f, cpu, &r);
}

static struct item int_item(uint32_t at, uint32_t size, bool is_signed)
{
	return (struct item){
		.kind = ITEM_INT, .offset = DATA + at, .size = size, .is_signed = is_signed};
}

static const struct action_type *type_of(const char *name)
{
	return &builtin_find(name, false)->action;
}

/* --- items and lines --- */

static void test_default_line(void **state)
{
	struct fixture f = {0};

	(void)state;
	add_enabling(&f, BEGIN, NULL, 0);
	add_enabling(&f, SEND, NULL, 0);
	add_enabling(&f, LONG, NULL, 0);
	start(&f, false);
	fire(&f, 0, 0);
	fire(&f, 1, 1);
	fire(&f, 12, 2);
	finish(&f, "CPU     ID                    FUNCTION:NAME\n"
		   "  0      1                           :BEGIN \n"
		   "  1  36564                            :send \n"
		   " 12 100000 a_function_with_a_name_longer_than_32:entry \n");
}

static void test_trace(void **state)
{
	struct item items[] = {
		int_item(0, 8, true),
		int_item(8, 4, true),
		int_item(12, 2, true),
		int_item(14, 1, true),
		int_item(16, 8, false),
		int_item(8, 4, false),
		{.kind = ITEM_ADDR, .offset = DATA + 24, .size = 24},
		{.kind = ITEM_NAME, .offset = DATA + 48, .size = 16},
		{.kind = ITEM_STRID, .offset = DATA + 64, .size = 4},
		{.kind = ITEM_BYTES, .offset = DATA + 68, .size = 4},
	};
	struct item_addr addr = {.addr = {8, 8, 178, 110}, .family = 4};
	struct action actions[10];
	struct fixture f = {0};
	struct record r = record(0);

	(void)state;
	for (int i = 0; i < 10; i++)
		actions[i] =
			(struct action){.type = type_of("trace"), .items = &items[i], .nitems = 1};
	add_enabling(&f, SEND, actions, 10);
	*(int64_t *)r.data = -5;
	*(int32_t *)(r.data + 8) = -6;
	*(int16_t *)(r.data + 12) = -2;
	r.data[14] = 7;
	*(uint64_t *)(r.data + 16) = UINT64_MAX;
	memcpy(r.data + 24, &addr, sizeof(addr));
	memcpy(r.data + 48, "eth0\0noise12345", 16);
	*(uint32_t *)(r.data + 64) = 1;
	memcpy(r.data + 68, "full", 4);
	start(&f, false);
	feed(&f, 0, &r);
	finish(&f,
	       "CPU     ID                    FUNCTION:NAME\n"
	       "  0  36564                            :send                -5       -6    -2   7"
	       " 18446744073709551615 4294967290"
	       "  8.8.178.110                      "
	       "  eth0                             "
	       "  literal                          "
	       "  full                             \n");
	f = (struct fixture){0};
	add_enabling(&f, SEND, actions, 10);
	start(&f, true);
	feed(&f, 0, &r);
	finish(&f, "-5-6-2718446744073709551615"
		   "42949672908.8.178.110eth0literalfull");
}

static void test_trace_bytes(void **state)
{
	struct item items[] = {
		{.kind = ITEM_MEM, .offset = DATA, .size = 18},
		{.kind = ITEM_MEM, .offset = DATA + 20, .size = 8},
		{.kind = ITEM_BYTES, .offset = DATA + 32, .size = 8},
	};
	struct action actions[] = {
		{.type = type_of("tracemem"), .items = items, .nitems = 1},
		{.type = type_of("trace"), .items = items + 1, .nitems = 1},
		{.type = type_of("trace"), .items = items + 2, .nitems = 1},
	};
	struct fixture f = {0};
	struct record r = record(0);

	(void)state;
	add_enabling(&f, SEND, actions, 3);
	memcpy(r.data, "GET / HTTP/1.0\r\n\xff", 18);
	memcpy(r.data + 20, "text", 5);
	memcpy(r.data + 32, "\033[2J", 5);
	start(&f, true);
	feed(&f, 0, &r);
	finish(&f,
	       "\n             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n"
	       "         0: 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 30 0d 0a  GET / HTTP/1.0..\n"
	       "        10: ff 00                                            ..\n"
	       "text"
	       "\n             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n"
	       "         0: 1b 5b 32 4a                                      .[2J\n");
}

/* --- printf --- */

struct arg {
	uint32_t size;
	bool is_signed;
	int64_t n;
	const char *s; /* a string, then */
};

static void printed(const char *format, const struct arg *args, int nargs, const char *want)
{
	struct action action = {.type = type_of("printf"), .format = format, .nitems = nargs};
	struct item items[8];
	struct fixture f = {0};
	struct record r = record(0);

	for (int i = 0; i < nargs; i++) {
		if (args[i].s) {
			items[i] = (struct item){
				.kind = ITEM_BYTES, .offset = DATA + 24u * (uint32_t)i, .size = 24};
			memcpy(r.data + 24 * i, args[i].s, strlen(args[i].s) + 1);
		} else {
			items[i] = int_item(24u * (uint32_t)i, args[i].size, args[i].is_signed);
			memcpy(r.data + 24 * i, &args[i].n, args[i].size);
		}
	}
	action.items = items;
	add_enabling(&f, SEND, &action, 1);
	start(&f, true);
	feed(&f, 0, &r);
	finish(&f, want);
}

#define PRINTED(format, want, ...)                                                                 \
	printed(format, (struct arg[]){__VA_ARGS__},                                               \
		sizeof((struct arg[]){__VA_ARGS__}) / sizeof(struct arg), want)
#define I8(v)                                                                                      \
	{                                                                                          \
		1, true, v, NULL                                                                   \
	}
#define I16(v)                                                                                     \
	{                                                                                          \
		2, true, v, NULL                                                                   \
	}
#define U16(v)                                                                                     \
	{                                                                                          \
		2, false, v, NULL                                                                  \
	}
#define I32(v)                                                                                     \
	{                                                                                          \
		4, true, v, NULL                                                                   \
	}
#define U32(v)                                                                                     \
	{                                                                                          \
		4, false, v, NULL                                                                  \
	}
#define I64(v)                                                                                     \
	{                                                                                          \
		8, true, v, NULL                                                                   \
	}
#define U64(v)                                                                                     \
	{                                                                                          \
		8, false, v, NULL                                                                  \
	}
#define STR(v)                                                                                     \
	{                                                                                          \
		0, false, 0, v                                                                     \
	}

static void test_printf_integers(void **state)
{
	(void)state;
	PRINTED("%d %d %d", "-1 -2 -3", I8(-1), I32(-2), I64(-3));
	PRINTED("%d %i", "4294967295 4294967295", U32(-1), U32(-1));
	PRINTED("%u %u %u", "65535 4294967295 18446744073709551615", I16(-1), I32(-1), I64(-1));
	PRINTED("%x %X %x", "ffffffff FFFE ffffffffffffffff", I32(-1), I16(-2), I64(-1));
	PRINTED("%o %#o %#x %#x", "777 0777 0x1f 0", I32(511), I32(511), I32(31), I32(0));
	PRINTED("[%5d][%-5d][%05d][%+d][% d]", "[   42][42   ][00042][+42][ 42]", I32(42), I32(42),
		I32(42), I32(42), I32(42));
	PRINTED("[%5x][%-5x][%.3d][%6.3d]", "[   2a][2a   ][042][   042]", I32(42), I32(42),
		I32(42), I32(42));
	PRINTED("[%3d][%2u]", "[-9223372036854775808][18446744073709551615]", I64(INT64_MIN),
		U64(-1));
	PRINTED("%p 0x%p", "ffff888012345678 0xffff888012345678", U64(0xffff888012345678),
		U64(0xffff888012345678));
	PRINTED("%ld %lld %hd %lu", "1 2 3 4", I64(1), I64(2), I16(3), U64(4));
	PRINTED("[%*d][%-*d][%*d]", "[   7][7   ][7   ]", I32(4), I32(7), I32(4), I32(7), I32(-4),
		I32(7));
	PRINTED("%a %A", "0xffffffff81000000 0x10", U64(0xffffffff81000000), U64(16));
	PRINTED("%c%c|%3c|%-3c|", "AB|  x|x  |", I32('A'), I8('B'), I8('x'), I8('x'));
	PRINTED("%C%C%C", "\\nA\\001", I8('\n'), I8('A'), I8(1));
	PRINTED("%wc", "\xe2\x82\xac", I32(0x20ac));
	PRINTED("%5.1f|%g|%e", "  3.0|-4|5.000000e+00", I32(3), I32(-4), I32(5));
	PRINTED("100%%\n", "100%\n", I32(0));
}

static void test_printf_strings(void **state)
{
	(void)state;
	PRINTED("[%s][%8s][%-8s][%.2s][%5.2s]", "[text][    text][text    ][te][   te]",
		STR("text"), STR("text"), STR("text"), STR("text"), STR("text"));
	PRINTED("[%.*s]", "[te]", I32(2), STR("text"));
	PRINTED("%S", "a\\tb\\\"c\\\\\\n\\033", STR("a\tb\"c\\\n\033"));
	PRINTED("(%s%s\b)\n", "(SYN|\b)\n", STR("SYN|"), STR(""));
	PRINTED("%I", "no address", STR("no address"));
	PRINTED("%-30s|", "                              |", STR(""));
}

static void test_printf_odd(void **state)
{
	(void)state;
	/* What the checker lets never pass is printed as well as can be, and nothing is read that
	 * is not there. */
	PRINTED("%d %d|", "1 |", I32(1));
	PRINTED("%s %d|", "5 x|", I32(5), STR("x"));
	PRINTED("50%", "50%", I32(1));
	PRINTED("%P|%P", "61321|0", U16(61321), U16(0));
	PRINTED("%99999999999d", "%99999999999d", I32(1));
}

static void test_printf_time(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	PRINTED("%Y", "2013 Aug 21 05:00:17", U64(1377061217123456789));
	PRINTED("%Y", "1973 Dec  3 17:20:00", U64(123787200000000000));
	PRINTED("[%22Y]", "[  1970 Jan  1 00:00:00]", U64(5));
	PRINTED("%T", "Wed, 21 Aug 2013 05:00:17 UTC", U64(1377061217123456789));
}

/* --- aggregations --- */

/* Keys: an address, then an int32_t. */
struct key {
	struct item_addr addr;
	int32_t n;
};
static struct item key_items[] = {
	{.kind = ITEM_ADDR, .offset = GENERATION, .size = sizeof(struct item_addr)},
	{.kind = ITEM_INT,
	 .offset = GENERATION + offsetof(struct key, n),
	 .size = 4,
	 .is_signed = true},
};
static struct item name_key = {.kind = ITEM_NAME, .offset = GENERATION, .size = 16};

static int add_agg(struct fixture *f, const char *name, const char *func, struct item *keys,
		   int nkeys)
{
	struct agg_def *d = &f->aggs[f->program.naggs];

	*d = (struct agg_def){.name = name,
			      .func = agg_find(func),
			      .is_signed = true,
			      .keys = keys,
			      .nkeys = nkeys};
	if (strcmp(func, "lquantize") == 0) {
		memcpy(d->params, (int64_t[]){0, 1500, 100}, 24);
		d->nparams = 3;
	}
	d->nwords = d->func->nwords(d->params, d->nparams);
	return f->program.naggs++;
}

static void add(struct fixture *f, int agg, const char *v4, int n, int64_t value)
{
	bool is_count = strcmp(f->aggs[agg].func->name, "count") == 0;
	struct key key = {.n = n, .addr.family = 4};

	sscanf(v4, "%hhu.%hhu.%hhu.%hhu", &key.addr.addr[0], &key.addr.addr[1], &key.addr.addr[2],
	       &key.addr.addr[3]);
	consumer_aggregate(f->consumer, agg, &key,
			   is_count ? (int64_t[]){value} : (int64_t[]){1, value});
}

static struct action act(const char *name, const char *format, int *aggs, int naggs)
{
	return (struct action){
		.type = type_of(name), .format = format, .aggs = aggs, .naggs = naggs};
}

static void test_printa_default(void **state)
{
	struct action printa = act("printa", NULL, (int[]){0}, 1);
	struct fixture f = {0};

	(void)state;
	add_agg(&f, "a", "sum", key_items, 2);
	add_agg(&f, "unused", "count", NULL, 0);
	add_agg(&f, "rest", "count", NULL, 0);
	add_enabling(&f, SEND, &printa, 1);
	start(&f, true);
	add(&f, 0, "10.0.0.2", 80, 30);
	add(&f, 0, "10.0.0.2", 80, 12);
	add(&f, 0, "10.0.0.1", 80, 42);
	add(&f, 0, "9.0.0.1", -1, -1);
	consumer_aggregate(f.consumer, 1, NULL, (int64_t[]){0});
	consumer_aggregate(f.consumer, 2, NULL, (int64_t[]){4});
	consumer_aggregate(f.consumer, 2, NULL, (int64_t[]){0});
	consumer_aggregate(f.consumer, 2, NULL, (int64_t[]){5});
	fire(&f, 0, 0);
	consumer_finish(f.consumer);
	finish(&f,
	       "\n"
	       "  9.0.0.1                                                  -1               -1\n"
	       "  10.0.0.1                                                 80               42\n"
	       "  10.0.0.2                                                 80               42\n"
	       "\n"
	       "                9\n");
}

/* The same string as address, literal, and kernel name with noise behind the NUL is one key. */
static void test_keys_canonical(void **state)
{
	struct key literal = {.addr = {.family = 0, .addr = {2}}};
	struct fixture f = {0};

	(void)state;
	add_agg(&f, "a", "count", key_items, 2);
	add_agg(&f, "b", "count", &name_key, 1);
	start(&f, true);
	add(&f, 0, "10.0.0.1", 0, 1);
	consumer_aggregate(f.consumer, 0, &literal, (int64_t[]){2});
	consumer_aggregate(f.consumer, 1, "lo\0xxxxxxxxxxxxx", (int64_t[]){1});
	consumer_aggregate(f.consumer, 1, "lo\0yyyyyyyyyyyyy", (int64_t[]){2});
	consumer_aggregate(f.consumer, 1, "sixteen-bytes-16", (int64_t[]){9});
	consumer_finish(f.consumer);
	finish(&f,
	       "\n"
	       "  10.0.0.1                                                  0                3\n"
	       "  lo                                                                3\n"
	       "  sixteen-bytes-16                                                  9\n");
}

static void test_printa_histogram(void **state)
{
	int64_t words[17] = {479, 61}, one[17] = {1};
	struct action formatted = act("printa", "if %s:%@d.\n", (int[]){0}, 1);
	struct fixture f = {0};

	(void)state;
	add_agg(&f, "num", "lquantize", &name_key, 1);
	add_enabling(&f, SEND, &formatted, 1);
	start(&f, true);
	consumer_aggregate(f.consumer, 0, "lo\0xxxxxxxxxxxxx", words);
	consumer_aggregate(f.consumer, 0, "eth0\0xxxxxxxxxxx", one);
	consumer_finish(f.consumer);
	fire(&f, 0, 0);
	finish(&f, "\n"
		   "  eth0                                              \n"
		   "           value  ------------- Distribution ------------- count    \n"
		   "             < 0 |                                         0        \n"
		   "               0 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1        \n"
		   "             100 |                                         0        \n"
		   "\n"
		   "  lo                                                \n"
		   "           value  ------------- Distribution ------------- count    \n"
		   "             < 0 |                                         0        \n"
		   "               0 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@      479      \n"
		   "             100 |@@@@@                                    61       \n"
		   "             200 |                                         0        \n"
		   "\n"
		   "if eth0:\n"
		   "           value  ------------- Distribution ------------- count    \n"
		   "             < 0 |                                         0        \n"
		   "               0 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1        \n"
		   "             100 |                                         0        \n"
		   ".\n"
		   "if lo:\n"
		   "           value  ------------- Distribution ------------- count    \n"
		   "             < 0 |                                         0        \n"
		   "               0 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@      479      \n"
		   "             100 |@@@@@                                    61       \n"
		   "             200 |                                         0        \n"
		   ".\n");
}

static void joined(struct options o, const char *want)
{
	struct action actions[] = {
		act("printa", "%-10s %@-5d %@-5d|\n", (int[]){0, 1}, 2),
		act("printa", NULL, (int[]){1, 0}, 2),
	};
	struct fixture f = {.options = o};

	add_agg(&f, "bytes", "sum", key_items, 2);
	add_agg(&f, "packets", "count", key_items, 2);
	add_enabling(&f, SEND, actions, 2);
	start(&f, true);
	add(&f, 0, "1.1.1.1", 3, 100);
	add(&f, 0, "1.1.1.2", 2, 200);
	add(&f, 0, "1.1.1.3", 1, 50);
	add(&f, 1, "1.1.1.2", 2, 1);
	add(&f, 1, "1.1.1.3", 1, 9);
	add(&f, 1, "1.1.1.4", 0, 5);
	fire(&f, 0, 0);
	consumer_finish(f.consumer);
	finish(&f, want);
}

static void test_printa_joined(void **state)
{
	(void)state;
	joined((struct options){0},
	       "1.1.1.4    0     5    |\n"
	       "1.1.1.3    50    9    |\n"
	       "1.1.1.1    100   0    |\n"
	       "1.1.1.2    200   1    |\n"
	       "\n"
	       "  1.1.1.1                                                   3                0              100\n"
	       "  1.1.1.2                                                   2                1              200\n"
	       "  1.1.1.4                                                   0                5                0\n"
	       "  1.1.1.3                                                   1                9               50\n"
	       "\n");
	joined((struct options){.aggsortkey = true, .aggsortrev = true},
	       "1.1.1.4    0     5    |\n"
	       "1.1.1.3    50    9    |\n"
	       "1.1.1.2    200   1    |\n"
	       "1.1.1.1    100   0    |\n"
	       "\n"
	       "  1.1.1.4                                                   0                5                0\n"
	       "  1.1.1.3                                                   1                9               50\n"
	       "  1.1.1.2                                                   2                1              200\n"
	       "  1.1.1.1                                                   3                0              100\n"
	       "\n");
	joined((struct options){.aggsortpos = 1, .aggsortkeypos = 7},
	       "1.1.1.1    100   0    |\n"
	       "1.1.1.2    200   1    |\n"
	       "1.1.1.4    0     5    |\n"
	       "1.1.1.3    50    9    |\n"
	       "\n"
	       "  1.1.1.4                                                   0                5                0\n"
	       "  1.1.1.3                                                   1                9               50\n"
	       "  1.1.1.1                                                   3                0              100\n"
	       "  1.1.1.2                                                   2                1              200\n"
	       "\n");
	joined((struct options){.aggsortkey = true, .aggsortkeypos = 1},
	       "1.1.1.4    0     5    |\n"
	       "1.1.1.3    50    9    |\n"
	       "1.1.1.2    200   1    |\n"
	       "1.1.1.1    100   0    |\n"
	       "\n"
	       "  1.1.1.4                                                   0                5                0\n"
	       "  1.1.1.3                                                   1                9               50\n"
	       "  1.1.1.2                                                   2                1              200\n"
	       "  1.1.1.1                                                   3                0              100\n"
	       "\n");
}

static struct item count_item = {
	.kind = ITEM_INT, .offset = offsetof(struct record, data), .size = 8, .is_signed = true};

/* Runs one action with one number on seven elements: 1.1.1.1 -> 10, 1.1.1.2 -> 20, … */
static void changed(const char *name, bool with_number, int64_t number, const char *want)
{
	struct action actions[] = {
		act(name, NULL, (int[]){0}, 1),
		act("printa", "%s=%@d ", (int[]){0}, 1),
	};
	struct fixture f = {0};
	struct record r = record(0);

	actions[0].items = &count_item;
	actions[0].nitems = with_number;
	add_agg(&f, "a", "sum", key_items, 2);
	add_enabling(&f, SEND, actions, 2);
	memcpy(r.data, &number, 8);
	start(&f, true);
	for (int i = 1; i <= 5; i++) {
		char v4[16];

		snprintf(v4, sizeof(v4), "1.1.1.%d", i);
		add(&f, 0, v4, 0, 10 * i);
	}
	feed(&f, 0, &r);
	add(&f, 0, "1.1.1.1", 0, 7);
	consumer_batch(f.consumer);
	r.data[0] = 0;
	finish(&f, want);
}

static void test_change(void **state)
{
	(void)state;
	changed("clear", false, 0, "1.1.1.1=0 1.1.1.2=0 1.1.1.3=0 1.1.1.4=0 1.1.1.5=0 ");
	changed("trunc", false, 0, "");
	changed("trunc", true, 0, "");
	changed("trunc", true, 2, "1.1.1.4=40 1.1.1.5=50 ");
	changed("trunc", true, -2, "1.1.1.1=10 1.1.1.2=20 ");
	changed("trunc", true, 5, "1.1.1.1=10 1.1.1.2=20 1.1.1.3=30 1.1.1.4=40 1.1.1.5=50 ");
	changed("trunc", true, INT64_MIN,
		"1.1.1.1=10 1.1.1.2=20 1.1.1.3=30 1.1.1.4=40 1.1.1.5=50 ");
	changed("normalize", true, 20, "1.1.1.1=0 1.1.1.2=1 1.1.1.3=1 1.1.1.4=2 1.1.1.5=2 ");
	changed("normalize", true, -10, "1.1.1.1=-1 1.1.1.2=-2 1.1.1.3=-3 1.1.1.4=-4 1.1.1.5=-5 ");
	changed("denormalize", false, 0, "1.1.1.1=10 1.1.1.2=20 1.1.1.3=30 1.1.1.4=40 1.1.1.5=50 ");
}

/* Many keys: the table grows, order stays, trunc() finds the largest. */
static void test_many(void **state)
{
	struct action trunc = act("trunc", NULL, (int[]){0}, 1);
	struct fixture f = {0};
	struct record r = record(0);

	(void)state;
	trunc.items = &count_item;
	trunc.nitems = 1;
	r.data[0] = 3;
	add_agg(&f, "a", "count", key_items, 2);
	add_enabling(&f, SEND, &trunc, 1);
	start(&f, true);
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < 20000; i++)
			add(&f, 0, "1.2.3.4", i, i + 1);
	feed(&f, 0, &r);
	consumer_finish(f.consumer);
	finish(&f,
	       "\n"
	       "  1.2.3.4                                               19997            39996\n"
	       "  1.2.3.4                                               19998            39998\n"
	       "  1.2.3.4                                               19999            40000\n");
}

static void one_more(struct fixture *f)
{
	add(f, 0, "1.1.1.1", 0, 1);
}

static void test_refresh(void **state)
{
	struct action actions[] = {act("printa", "%@d\n", (int[]){0}, 1),
				   act("printa", "%@d\n", (int[]){0}, 1)};
	struct fixture f = {.on_refresh = one_more};

	(void)state;
	add_agg(&f, "a", "count", key_items, 2);
	add_enabling(&f, SEND, actions, 2);
	add_enabling(&f, SEND, NULL, 0);
	start(&f, true);
	fire(&f, 0, 1);
	assert_int_equal(f.refreshes, 0);
	fire(&f, 0, 0);
	fire(&f, 0, 0);
	assert_int_equal(f.refreshes, 1);
	consumer_batch(f.consumer);
	fire(&f, 0, 0);
	assert_int_equal(f.refreshes, 2);
	consumer_finish(f.consumer);
	finish(&f, "1\n1\n1\n1\n2\n2\n\n");
}

/* --- exit, faults, flow, failing output --- */

static void test_exit(void **state)
{
	struct action actions[] = {{.type = type_of("exit"), .items = &count_item, .nitems = 1},
				   {.type = type_of("printf"), .format = "after\n"}};
	struct fixture f = {0};
	struct record r = record(0);
	int status = -1;

	(void)state;
	add_enabling(&f, SEND, actions, 2);
	add_enabling(&f, SEND, actions + 1, 1);
	add_enabling(&f, END, actions + 1, 1);
	r.data[0] = 3;
	start(&f, true);
	fire(&f, 0, 1);
	assert_false(consumer_exited(f.consumer, &status));
	feed(&f, 0, &r);
	fire(&f, 1, 1);
	fire(&f, 1, 2);
	assert_true(consumer_exited(f.consumer, &status));
	assert_int_equal(status, 3);
	finish(&f, "after\nafter\nafter\n");
}

static void test_fault(void **state)
{
	struct fault faults[] = {
		{{FAULT_EPID, sizeof(struct fault), 0}, 0, FLT_BADADDR, 1, 0, 0},
		{{FAULT_EPID, sizeof(struct fault), 0}, 0, FLT_DIVZERO, 0, 0, 0},
		{{FAULT_EPID, sizeof(struct fault), 0}, 0, FLT_BADALIGN, 2, 0, 0x13},
		{{FAULT_EPID, sizeof(struct fault), 0}, 0, 77, 2, 0, 0x13},
		{{FAULT_EPID, sizeof(struct fault), 0}, 99, FLT_DIVZERO, 2, 0, 0},
	};
	struct fixture f = {0};
	char text[1024] = "";
	int saved = dup(2), pipes[2];
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	add_enabling(&f, SEND, NULL, 0);
	start(&f, true);
	dup2(pipes[1], 2);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		consumer_record(f.consumer, 0, &faults[i].head);
	fflush(stderr);
	dup2(saved, 2);
	n = read(pipes[0], text, sizeof(text) - 1);
	assert_true(n > 0);
	close(saved);
	close(pipes[0]);
	close(pipes[1]);
	assert_string_equal(
		text,
		"dtrace: error on enabled probe ID 1 (ID 36564: ip:vmlinux::send): invalid address (0x0) in action #1\n"
		"dtrace: error on enabled probe ID 1 (ID 36564: ip:vmlinux::send): divide-by-zero in predicate\n"
		"dtrace: error on enabled probe ID 1 (ID 36564: ip:vmlinux::send): invalid alignment (0x13) in action #2\n"
		"dtrace: error on enabled probe ID 1 (ID 36564: ip:vmlinux::send): unknown fault in action #2\n");
	finish(&f, "");
}

static void test_flow(void **state)
{
	struct fixture f = {.options.flowindent = true};

	(void)state;
	add_enabling(&f, RCV_ENTRY, NULL, 0);
	add_enabling(&f, RCV_RETURN, NULL, 0);
	add_enabling(&f, RCV_RETURN, NULL, 0);
	add_enabling(&f, OUT_ENTRY, NULL, 0);
	add_enabling(&f, OUT_RETURN, NULL, 0);
	add_enabling(&f, SEND, NULL, 0);
	start(&f, false);
	fire(&f, 0, 0);
	fire(&f, 0, 3);
	fire(&f, 1, 3);
	fire(&f, 0, 5);
	fire(&f, 0, 4);
	fire(&f, 0, 1);
	fire(&f, 0, 2);
	finish(&f, "CPU FUNCTION                                 \n"
		   "  0  -> tcp_v4_do_rcv                         \n"
		   "  0    -> ip_output                           \n"
		   "  0     | :send                               \n"
		   "  0    <- ip_output                           \n"
		   "  0   | tcp_v4_do_rcv:return                  \n"
		   "  0  <- tcp_v4_do_rcv                         \n"
		   "  1  -> ip_output                             \n");
}

static void test_write_error(void **state)
{
	struct action print = {.type = type_of("printf"), .format = "text\n"};
	struct fixture f = {0};
	struct consumer *c;
	struct form *form;
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	add_enabling(&f, SEND, &print, 1);
	start(&f, true);
	form = text_form(&f.options, full);
	c = consumer_new(&f.program, &f.options, form, NULL, NULL);
	assert_int_equal(consumer_flush(c), 0);
	consumer_record(c, 0, &(struct record_head){.epid = 0, .size = sizeof(struct record_head)});
	assert_int_equal(consumer_flush(c), -ENOSPC);
	assert_int_equal(consumer_flush(c), -ENOSPC);
	consumer_free(c);
	form->calls->free(form);
	fclose(full);
	finish(&f, "");
}

/* Records that no program of ours can have written are passed over. */
static void test_bad_records(void **state)
{
	struct fixture f = {0};

	(void)state;
	add_enabling(&f, SEND, NULL, 0);
	f.enablings[0].record_size = 64;
	start(&f, false);
	fire(&f, 0, 1);
	fire(&f, 0, 0xfffffffe);
	consumer_record(f.consumer, 0,
			&(struct record_head){.epid = 0, .size = sizeof(struct record_head)});
	consumer_record(
		f.consumer, 0,
		&(struct record_head){.epid = FAULT_EPID, .size = sizeof(struct record_head)});
	consumer_aggregate(f.consumer, 0, NULL, (int64_t[]){1});
	finish(&f, "");
	consumer_free(NULL);
}

/* --- JSON; what is in its lines is judged by json.sh --- */

#define JSON_SEND                                                                                  \
	"\"probe\":{\"id\":36564,\"provider\":\"ip\",\"module\":\"vmlinux\",\"function\":\"\","    \
	"\"name\":\"send\"}"
#define JSON_RECORD "{\"type\":\"record\",\"time\":0,\"cpu\":0," JSON_SEND ",\"enabling\":"
#define JSON_PRINTF(text) "{\"action\":\"printf\",\"values\":[],\"text\":\"" text "\"}"

/* A clause cut in parts is one object, unless something comes in between; lines are written whole.
 */
static void test_json_joined(void **state)
{
	struct action first = {.type = type_of("printf"), .name = "printf", .format = "first"};
	struct action second = {.type = type_of("printf"), .name = "printf", .format = "second"};
	struct fixture f = {.options.oformat = OUTPUT_JSON};

	(void)state;
	add_enabling(&f, SEND, &first, 1);
	add_enabling(&f, SEND, &second, 1);
	f.enablings[0].joins_after = true;
	f.enablings[1].joins_before = true;
	add_enabling(&f, SEND, NULL, 0);
	start(&f, false);
	fire(&f, 0, 0);
	assert_int_equal(consumer_flush(f.consumer), 0);
	assert_int_equal(f.size, 0);
	fire(&f, 0, 1);
	fire(&f, 0, 0);
	fire(&f, 0, 2);
	fire(&f, 0, 1);
	finish(&f,
	       JSON_RECORD "1,\"actions\":[" JSON_PRINTF("first") "," JSON_PRINTF(
		       "second") "]}\n" JSON_RECORD
				 "1,\"actions\":[" JSON_PRINTF(
					 "first") "]}"
						  "\n" JSON_RECORD "3,"
						  "\"actions\":[]}"
						  "\n" JSON_RECORD
						  "2,\"actions\":[" JSON_PRINTF("second") "]}\n");
}

/* Forgets the lines that were written, not the one that it stands in. */
static void test_json_truncate(void **state)
{
	struct action actions[] = {
		{.type = type_of("printf"), .name = "printf", .format = "a"},
		{.type = type_of("ftruncate"), .name = "ftruncate"},
		{.type = type_of("printf"), .name = "printf", .format = "b"},
	};
	struct fixture f = {.options.oformat = OUTPUT_JSON};
	char text[512] = "";
	struct form *form;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	add_enabling(&f, SEND, actions, 3);
	start(&f, false);
	form = f.form;
	f.form = report_form(&f.options, file);
	consumer_free(f.consumer);
	f.consumer = consumer_new(&f.program, &f.options, f.form, NULL, NULL);
	fire(&f, 0, 0);
	fire(&f, 0, 0);
	assert_int_equal(consumer_flush(f.consumer), 0);
	assert_true(pread(fileno(file), text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, JSON_RECORD
			    "1,\"actions\":[" JSON_PRINTF("a") "," JSON_PRINTF("b") "]}\n");
	fclose(file);
	form->calls->free(form);
	f.form->calls->free(f.form);
	consumer_free(f.consumer);
	fclose(f.out);
	free(f.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_line),   cmocka_unit_test(test_trace),
		cmocka_unit_test(test_trace_bytes),    cmocka_unit_test(test_printf_integers),
		cmocka_unit_test(test_printf_strings), cmocka_unit_test(test_printf_odd),
		cmocka_unit_test(test_printf_time),    cmocka_unit_test(test_printa_default),
		cmocka_unit_test(test_keys_canonical), cmocka_unit_test(test_printa_histogram),
		cmocka_unit_test(test_printa_joined),  cmocka_unit_test(test_change),
		cmocka_unit_test(test_many),	       cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_exit),	       cmocka_unit_test(test_fault),
		cmocka_unit_test(test_flow),	       cmocka_unit_test(test_write_error),
		cmocka_unit_test(test_bad_records),    cmocka_unit_test(test_json_joined),
		cmocka_unit_test(test_json_truncate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
