/* SPDX-License-Identifier: BSD-2-Clause */
/* The embedded libraries: headers are laid out as C has them, and reading them needs no kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <cmocka.h>

#include "capture/event.h"
#include "lang/check.h"
#include "lang/parse.h"
#include "library.h"
#include "provider/provider.h"
#include "source/source.h"

#define FIXTURE_BTF "tests/fixtures/types.btf"

static struct arena *arena;
static struct types *types;
static struct diag *diag;
static struct script *script;
static struct libraries *libraries;
static struct options options;
static struct macro_args macros;

static int begin(const char *btf)
{
	arena = arena_new();
	types = types_new(arena, btf);
	diag = diag_new(arena);
	script = script_new(arena, types, diag, &macros);
	options_init(&options);
	libraries = libraries_new(script, &options);
	return 0;
}

static int begin_without(void **state)
{
	(void)state;
	return begin("/dev/null");
}

static int begin_fixture(void **state)
{
	(void)state;
	assert_int_equal(access(FIXTURE_BTF, R_OK), 0); /* tests run in the project's directory */
	return begin(FIXTURE_BTF);
}

static int end(void **state)
{
	(void)state;
	types_free(types);
	arena_free(arena);
	return 0;
}

static void assert_good(const char *what)
{
	if (!diag_failed(diag))
		return;
	diag_print(diag, true, stderr);
	fail_msg("%s", what);
}

struct known_field {
	const char *tag, *name; /* name NULL: the size */
	size_t offset, size;
};

#define SIZE(tag)                                                                                  \
	{                                                                                          \
#tag, NULL, 0, sizeof(struct tag)                                                  \
	}
#define FIELD(tag, name) AS(tag, name, name)
#define AS(tag, name, theirs)                                                                      \
	{                                                                                          \
#tag, #name, offsetof(struct tag, theirs), sizeof(((struct tag *)0)->theirs)       \
	}

/* clang-format off */
static const struct known_field fields[] = {
	SIZE(in6_addr), FIELD(in6_addr, in6_u.u6_addr32), AS(in6_addr, s6_addr, in6_u.u6_addr8),
	AS(in6_addr, s6_addr16, in6_u.u6_addr16), AS(in6_addr, s6_addr32, in6_u.u6_addr32),
	SIZE(iphdr), FIELD(iphdr, tos), FIELD(iphdr, tot_len), FIELD(iphdr, id), FIELD(iphdr, frag_off),
	FIELD(iphdr, ttl), FIELD(iphdr, protocol), FIELD(iphdr, check), FIELD(iphdr, saddr),
	FIELD(iphdr, daddr), FIELD(iphdr, addrs),
	SIZE(ipv6hdr), FIELD(ipv6hdr, flow_lbl), FIELD(ipv6hdr, payload_len), FIELD(ipv6hdr, nexthdr),
	FIELD(ipv6hdr, hop_limit), FIELD(ipv6hdr, saddr), FIELD(ipv6hdr, daddr), FIELD(ipv6hdr, addrs),
	SIZE(tcphdr), FIELD(tcphdr, source), FIELD(tcphdr, dest), FIELD(tcphdr, seq),
	FIELD(tcphdr, ack_seq), FIELD(tcphdr, window), FIELD(tcphdr, check), FIELD(tcphdr, urg_ptr),
	AS(tcphdr, th_sport, source), AS(tcphdr, th_dport, dest), AS(tcphdr, th_seq, seq),
	AS(tcphdr, th_ack, ack_seq), AS(tcphdr, th_win, window), AS(tcphdr, th_sum, check),
	AS(tcphdr, th_urp, urg_ptr), { "tcphdr", "th_flags", 13, 1 },
	SIZE(udphdr), FIELD(udphdr, source), FIELD(udphdr, dest), FIELD(udphdr, len), FIELD(udphdr, check),
	AS(udphdr, uh_sport, source), AS(udphdr, uh_dport, dest), AS(udphdr, uh_ulen, len),
	AS(udphdr, uh_sum, check),
	SIZE(icmphdr), FIELD(icmphdr, type), FIELD(icmphdr, code), FIELD(icmphdr, checksum),
	FIELD(icmphdr, un.echo.id), FIELD(icmphdr, un.echo.sequence), FIELD(icmphdr, un.gateway),
	FIELD(icmphdr, un.frag.mtu), FIELD(icmphdr, un.reserved),
	SIZE(icmp6hdr), FIELD(icmp6hdr, icmp6_type), FIELD(icmp6hdr, icmp6_code),
	FIELD(icmp6hdr, icmp6_cksum), FIELD(icmp6hdr, icmp6_dataun.un_data32),
	FIELD(icmp6hdr, icmp6_dataun.un_data16), FIELD(icmp6hdr, icmp6_dataun.un_data8),
	FIELD(icmp6hdr, icmp6_dataun.u_echo.sequence), FIELD(icmp6hdr, icmp6_dataun.u_nd_advt),
	FIELD(icmp6hdr, icmp6_dataun.u_nd_ra.rt_lifetime),
	{ "sctphdr", NULL, 0, 12 }, { "sctphdr", "source", 0, 2 }, { "sctphdr", "dest", 2, 2 },
	{ "sctphdr", "vtag", 4, 4 }, { "sctphdr", "checksum", 8, 4 },
};
/* clang-format on */

/* The member that a path a.b names, with its bit offset from the start of t. */
static struct member find(struct type *t, const char *path)
{
	struct member m = {.type = t};
	char *copy = arena_strdup(arena, path), *save = NULL;
	uint32_t bits = 0;

	for (char *name = strtok_r(copy, ".", &save); name; name = strtok_r(NULL, ".", &save)) {
		if (!types_member(types, m.type, name, &m, NULL))
			fail_msg("%s has no %s", type_name(arena, t), path);
		bits += m.bit_offset;
	}
	m.bit_offset = bits;
	return m;
}

/* clang-format off */
static const struct known_field capture_fields[] = {
	SIZE(captured), FIELD(captured, time), FIELD(captured, address), FIELD(captured, cookie),
	FIELD(captured, length), FIELD(captured, l4_at), FIELD(captured, zone), FIELD(captured, pid),
	FIELD(captured, lport), FIELD(captured, rport), FIELD(captured, version),
	FIELD(captured, local), AS(captured, laddr6, laddr), AS(captured, raddr6, raddr),
	FIELD(captured, if_name), FIELD(captured, execname), AS(captured, ip6, ip), FIELD(captured, l4),
	FIELD(captured, end),
	SIZE(captured_end), FIELD(captured_end, state), FIELD(captured_end, last),
	FIELD(captured_end, active), FIELD(captured_end, retransmit), FIELD(captured_end, iss),
	FIELD(captured_end, irs), FIELD(captured_end, suna), FIELD(captured_end, snxt),
	FIELD(captured_end, smax), FIELD(captured_end, rnxt), FIELD(captured_end, rack),
	FIELD(captured_end, swnd), FIELD(captured_end, rwnd), FIELD(captured_end, swl1),
	FIELD(captured_end, swl2), FIELD(captured_end, snd_ws), FIELD(captured_end, rcv_ws),
	FIELD(captured_end, mss), FIELD(captured_end, ts_recent), FIELD(captured_end, srtt_us),
	FIELD(captured_end, rtt_us), FIELD(captured_end, rttvar_us), FIELD(captured_end, rto_us),
	FIELD(captured_end, minrtt_us), FIELD(captured_end, total_retrans),
	FIELD(captured_end, inflight), FIELD(captured_end, sack_fack),
	FIELD(captured_end, sack_snxt),
};
/* clang-format on */

static void assert_layouts(const char *library, const struct known_field *all, size_t n)
{
	libraries_need(libraries, library, (struct loc){0});
	assert_good(library);
	for (size_t i = 0; i < n; i++) {
		const struct known_field *f = &all[i];
		struct type *t = types_tag(types, TYPE_STRUCT, f->tag);
		struct member m;

		assert_non_null(t);
		m = find(t, f->name ? f->name : "");
		if (m.bit_offset != 8 * f->offset || type_resolve(m.type)->size != f->size)
			fail_msg("%s.%s", f->tag, f->name ? f->name : "");
	}
}

static void layouts(void **state)
{
	(void)state;
	assert_layouts("net.d", fields, sizeof(fields) / sizeof(fields[0]));
	assert_layouts("capture.d", capture_fields,
		       sizeof(capture_fields) / sizeof(capture_fields[0]));
}

/* These bits of n bytes are set in C when the bit-field of that name is all ones. */
static void assert_bits(const char *tag, const char *path, const uint8_t *bytes, size_t n)
{
	struct member m = find(types_tag(types, TYPE_STRUCT, tag), path);

	for (size_t i = 0; i < 8 * n; i++) {
		bool set = bytes[i / 8] >> i % 8 & 1;
		bool ours = i >= m.bit_offset && i < m.bit_offset + m.bit_size;

		if (set != ours)
			fail_msg("%s.%s, bit %zu", tag, path, i);
	}
}

#define BITS(tag, field)                                                                           \
	do {                                                                                       \
		union {                                                                            \
			struct tag s;                                                              \
			uint8_t bytes[sizeof(struct tag)];                                         \
		} all = {0};                                                                       \
                                                                                                   \
		all.s.field--;                                                                     \
		assert_bits(#tag, #field, all.bytes, sizeof(all.bytes));                           \
	} while (0)

static void bit_fields(void **state)
{
	(void)state;
	libraries_need(libraries, "net.d", (struct loc){0});
	BITS(iphdr, ihl);
	BITS(iphdr, version);
	BITS(ipv6hdr, priority);
	BITS(ipv6hdr, version);
	BITS(tcphdr, doff);
	BITS(tcphdr, fin);
	BITS(tcphdr, syn);
	BITS(tcphdr, rst);
	BITS(tcphdr, psh);
	BITS(tcphdr, ack);
	BITS(tcphdr, urg);
	BITS(tcphdr, ece);
	BITS(tcphdr, cwr);
	BITS(icmp6hdr, icmp6_dataun.u_nd_advt.solicited);
	BITS(icmp6hdr, icmp6_dataun.u_nd_ra.managed);
	assert_int_equal(find(types_tag(types, TYPE_STRUCT, "tcphdr"), "th_off").bit_offset, 100);
}

static void check(const char *text, struct check_args args)
{
	struct source *src = ARENA_NEW(arena, struct source);
	struct clause **tail = script->clauses_tail;

	*src = (struct source){.name = "t.d", .text = text, .len = strlen(text), .is_file = true};
	parse_source(script, src, PARSE_PROGRAM);
	assert_good(text);
	check_clause(script, *tail, args);
	assert_good(text);
}

static void find_probe(void *arg, struct probe *p)
{
	*(struct probe **)arg = p;
}

/* Every member of a probe's argument may be used. */
static void assert_checks(const char *provider, const char *name, int i, const char *stable)
{
	struct probes *all = probes_new(arena);
	const char *why;
	struct probe *p;
	struct type *t;

	assert_int_equal(probes_match(all, provider, "", "", name, find_probe, &p, &why), 1);
	assert_string_equal(p->args[i], stable);
	libraries_need(libraries, arena_printf(arena, "%s.d", provider), (struct loc){0});
	assert_good(provider);
	t = type_resolve(types_typedef(types, arena_strndup(arena, stable, strcspn(stable, " "))));
	assert_true(t->nmembers > 0);
	for (uint32_t m = 0; m < t->nmembers; m++)
		check(arena_printf(arena, "%s:::%s { trace(args[%d]->%s); }", provider, name, i,
				   t->members[m].name),
		      (struct check_args){p->args, p->row->ways->natives, p->nargs});
	probes_free(all);
}

static void headers_need_no_kernel(void **state)
{
	const struct check_args none = {.n = -1};

	(void)state;
	assert_checks("ip", "send", 2, "ipinfo_t *");
	assert_checks("ip", "send", 4, "ipv4info_t *");
	assert_checks("ip", "send", 5, "ipv6info_t *");
	assert_checks("tcp", "send", 4, "tcpinfo_t *");
	assert_checks("udp", "send", 4, "udpinfo_t *");
	check("BEGIN { trace(((struct tcphdr *)1)->th_flags); trace(((struct iphdr *)1)->ttl); }",
	      none);
}

/* They are a program's to use though no probe of it needs the library. */
static void headers_without_provider(void **state)
{
	const struct check_args none = {.n = -1};

	(void)state;
	check("BEGIN { trace(((struct udphdr *)1)->uh_ulen); trace(inet_ntoa6((in6_addr_t *)1)); }",
	      none);
}

/* Every source offers just the members that its struct declares; connections those of sockets too.
 */
static void sources_offer_what_is_declared(void **state)
{
	(void)state;
	libraries_need(libraries, "tcp.d", (struct loc){0});
	assert_good("tcp.d");
	for (int i = 0; source_at(i); i++) {
		const struct object_source *s = source_at(i);
		struct type *t = types_tag(types, TYPE_STRUCT, s->tag);
		uint32_t offered = 0;

		assert_non_null(t);
		for (const struct source_member *m = s->members; m->name; m++)
			offered++;
		assert_int_equal(offered, t->nmembers);
		for (uint32_t m = 0; m < t->nmembers; m++)
			assert_non_null(source_member(s, t->members[m].name));
		if (strcmp(s->tag, "tcp_socket"))
			continue;
		t = types_tag(types, TYPE_STRUCT, "net_socket");
		for (uint32_t m = 0; m < t->nmembers; m++)
			assert_non_null(source_member(s, t->members[m].name));
	}
}

#define WITHOUT(test) cmocka_unit_test_setup_teardown(test, begin_without, end)
#define FIXTURE(test) cmocka_unit_test_setup_teardown(test, begin_fixture, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITHOUT(layouts),
		WITHOUT(bit_fields),
		WITHOUT(headers_need_no_kernel),
		FIXTURE(headers_need_no_kernel),
		WITHOUT(headers_without_provider),
		FIXTURE(sources_offer_what_is_declared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
