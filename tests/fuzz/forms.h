/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables that random D is made of.  In their texts
 *
 *	%i %s %b	an integer, a string, a condition
 *	%v %w		what an integer, a string may be assigned to
 *	%t %n		a type of integers, a number from 1
 *	%B %#		statements, the number of the program
 *
 * A row that says nothing of needs means the same in C, where integers wrap.
 */
#pragma once

enum usable {
	STRINGS = 1, /* whatever is D alone */
	FAULTS = 2,  /* divisors and pointers that may be 0 */
	TYPES = 4,   /* the kernel's: there are machines without */
};

struct form {
	const char *text;
	int weight;
	enum usable needs;
};

static const struct int_type {
	const char *name;
	int bytes;
} int_types[] = {
	/* clang-format off */
	{"int8_t", 1}, {"uint8_t", 1}, {"int16_t", 2}, {"uint16_t", 2}, {"int32_t", 4}, {"uint32_t", 4},
	{"int64_t", 8}, {"uint64_t", 8}, {"signed char", 1}, {"unsigned char", 1}, {"short", 2},
	{"unsigned short", 2}, {"int", 4}, {"unsigned int", 4}, {"long", 8}, {"unsigned long", 8},
	{"long long", 8}, {"unsigned long long", 8},
	/* clang-format on */
};

/* ---- integers ---- */

static const struct form int_leaves[] = {
	{"'a'", 1},
	{"sizeof (%t)", 1},
	{"(int64_t)(pid - $pid)", 2, STRINGS}, /* 0, but only the kernel knows */
	{"arg0", 1, STRINGS},
	{"(uid + gid)", 1, STRINGS},
	{"(timestamp != 0)", 1, STRINGS},
	{"rounds", 2, STRINGS},
	{NULL},
};

static const struct form int_forms[] = {
	{"(%i + %i)", 10},
	{"(%i - %i)", 10},
	{"(%i * %i)", 8},
	{"(%i & %i)", 6},
	{"(%i | %i)", 6},
	{"(%i ^ %i)", 6},
	{"(%i << (%i & 31))", 5},
	{"(%i >> (%i & 31))", 5},
	{"((int64_t)%i << (%i & 63))", 3},
	{"((uint64_t)%i >> (%i & 63))", 3},
	{"((int64_t)%i >> %n %% 64)", 3},
	{"(%i / ((%i & 4095) | 1))", 4},
	{"(%i %% ((%i & 4095) | 1))", 4},
	{"((uint64_t)%i / (%i | 1))", 3},
	{"((uint64_t)%i %% (%i | 1))", 3},
	{"(%i / %n)", 3},
	{"(%i %% %n)", 3},
	{"(-%i)", 3},
	{"(~%i)", 3},
	{"(!%i)", 2},
	{"(+%i)", 1},
	{"((%t)%i)", 12},
	{"(%b ? %i : %i)", 6},
	{"(%i == %i)", 1},
	{"(%i < %i)", 3},
	{"(%i >= %i)", 2},
	{"(%i && %i)", 1},
	{"(%i || %i)", 1},
	{"(%i, %i)", 1, STRINGS},
	{"(%i ^^ %i)", 1, STRINGS},
	{"(%i << (%i & 63))", 2, STRINGS}, /* as the machine does it, past the width too */
	{"(%i / (%i | 1))", 2, STRINGS},
	{"(%i %% (%i | 1))", 2, STRINGS},
	{"(%v = %i)", 1, STRINGS},
	{"(%v++)", 1, STRINGS},
	{"(--%v)", 1, STRINGS},
	{"ntohs(%i)", 1, STRINGS},
	{"htonl(%i)", 1, STRINGS},
	{"ntohll(%i)", 1, STRINGS},
	{"(%i / %v)", 1, FAULTS},
	{"(%i %% %v)", 1, FAULTS},
	{"((struct task_struct *)(%b ? (uint64_t)curthread : 0))->on_cpu", 1, FAULTS | TYPES},
	{NULL},
};

static const struct form condition_leaves[] = {
	{"(%i == %i)", 2},
	{"(%i < %i)", 3},
	{"(%i != 0)", 2},
	{NULL},
};

static const struct form condition_forms[] = {
	{"(%i == %i)", 4},
	{"(%i != %i)", 4},
	{"(%i < %i)", 4},
	{"(%i <= %i)", 4},
	{"(%i > %i)", 4},
	{"(%i >= %i)", 4},
	{"(!%b)", 3},
	{"(%b && %b)", 5},
	{"(%b || %b)", 5},
	{"(%b ^^ %b)", 1, STRINGS},
	{"(%s == %s)", 4, STRINGS},
	{"(%s != %s)", 3, STRINGS},
	{"(%s < %s)", 3, STRINGS},
	{"(%s >= %s)", 3, STRINGS},
	{NULL},
};

/* ---- variables of D alone ---- */

static const char *const declarations[] = {
	"string gs%#, e%#[int];\n",    "self string ss%#;\n",
	"this string ts%#;\n",	       "int64_t a%#[int, string];\n",
	"%t b%#[string];\n",	       "%t c%#[uint8_t, int64_t];\n",
	"self %t d%#[string, int];\n", NULL,
};

static const struct form int_elements[] = {
	{"a%#[(int)%i & 3, %s]", 3}, {"b%#[%s]", 3}, {"c%#[(uint8_t)%i, %i]", 2}, {"c%#[1, 2]", 2},
	{"self->d%#[%s, %n]", 2},    {NULL},
};

static const struct form string_places[] = {
	{"gs%#", 4}, {"self->ss%#", 3}, {"this->ts%#", 3}, {"e%#[(int)%i & 3]", 2}, {NULL},
};

/* ---- strings ---- */

static const struct form string_leaves[] = {
	{"\"\"", 2},
	{"\"x\"", 2},
	{"\"dtrace\"", 2},
	{"\"10.0.0.1\"", 2},
	{"\"2001:db8::1\"", 1},
	{"\"a text that is somewhat longer than others are\"", 2},
	{"\"tab\\there\"", 1},
	{"gs%#", 4},
	{"self->ss%#", 3},
	{"this->ts%#", 3},
	{"execname", 2},
	{"probename", 2},
	{"probeprov", 1},
	{NULL},
};

static const struct form string_forms[] = {
	{"%w", 5},
	{"\"BEGIN\"", 2},
	{"(%b ? %s : %s)", 4},
	{"stringof(%s)", 1},
	{"execname", 1},
	{"((string)%s)", 1},
	{"stringof(curthread->comm)", 1, TYPES},
	{NULL},
};

/* ---- statements ---- */

static const struct form statement_forms[] = {
	{"%v = %i;\n", 16},
	{"%v += %i;\n", 4},
	{"%v -= %i;\n", 3},
	{"%v *= %i;\n", 2},
	{"%v &= %i;\n", 2},
	{"%v |= %i;\n", 2},
	{"%v ^= %i;\n", 2},
	{"%v <<= %i & 31;\n", 1},
	{"%v >>= %i & 31;\n", 1},
	{"%v /= %n;\n", 1},
	{"%v %%= %n;\n", 1},
	{"%v++;\n", 3},
	{"--%v;\n", 3},
	{"%v = %v = %i;\n", 1},
	{"%v = 0;\n", 2}, /* frees an element */
	{"%w = %s;\n", 10},
	{"printf(\"%#: %%d %%s %%x\\n\", %i, %s, %i);\n", 6},
	{"printf(\"%#: %%-12s|%%5d|%%u|%%c\\n\", %s, %i, %i, 33 + (%i & 63));\n", 2},
	{"printf(\"%#: %%*d %%.4s\\n\", (int)(%i & 31), %i, %s);\n", 1},
	{"trace(%i);\n", 2},
	{"trace(%s);\n", 2},
	{"if (%b) {\n%B}\n", 6},
	{"if (%b) {\n%B} else {\n%B}\n", 4},
	{"@n%#[%i & 3, %s] = count();\n", 3},
	{"@s%#[%s] = sum(%i);\n", 3},
	{"@v%# = avg(%i);\n", 2},
	{"@lo%#[(int8_t)%i] = min(%i);\n", 2},
	{"@hi%#[%s, (uint16_t)%i, %s] = max(%i);\n", 2},
	{"@d%# = stddev(%i);\n", 1},
	{"@q%#[%s] = quantize(%i);\n", 2},
	{"@qi%# = quantize(%i, %i);\n", 1},
	{"@l%#[(int64_t)%i & 7] = lquantize(%i, -10, 100, 7);\n", 1},
	{"@li%# = lquantize(%i, 0, 10, 1, %i);\n", 1},
	{"@ll%# = llquantize(%i, 10, 0, 6, 20);\n", 1},
	{NULL},
};

/* In END; the aggregation must be one that the program has, so each is used here too. */
static const struct form printa_forms[] = {
	{"@n%#[1, \"x\"] = count();\nprinta(\"n %%d [%%s] %%@d\\n\", @n%#);\n", 2},
	{"@s%#[\"x\"] = sum(1);\nnormalize(@s%#, %n);\nprinta(@s%#);\n", 1},
	{"@hi%#[\"a\", (uint16_t)1, \"b\"] = max(0);\ntrunc(@hi%#, 2);\nprinta(\"%%s %%d %%s %%@u\\n\", @hi%#);\n",
	 1},
	{"@q%#[\"\"] = quantize(1);\ntrunc(@q%#, -1);\n", 1},
	{"@lo%#[(int8_t)1] = min(1);\nclear(@lo%#);\nprinta(\"%%d %%@x\\n\", @lo%#);\n", 1},
	{"@l%#[(int64_t)1] = lquantize(5, -10, 100, 7);\nprinta(@l%#);\n", 1},
	{NULL},
};

/* ---- what network probes have ---- */

struct args {
	const char *ints[64];
	const char *strings[24];
};

/* clang-format off */
#define CS_INTS "args[0]->pkt_addr", "args[1]->cs_addr", "args[1]->cs_cid", "args[1]->cs_zoneid", "args[1]->cs_pid", \
	"args[1]->cs_uid", "args[1]->cs_cgroup", "args[2]->ip_ver", "args[2]->ip_plength"
#define CS_STRINGS "args[1]->cs_execname", "args[2]->ip_saddr", \
	"args[2]->ip_daddr"
#define TCP_INTS CS_INTS, "args[3]->tcps_addr", "args[3]->tcps_local", "args[3]->tcps_active", "args[3]->tcps_lport", \
	"args[3]->tcps_rport", "args[3]->tcps_state", "args[3]->tcps_iss", "args[3]->tcps_irs", "args[3]->tcps_suna", \
	"args[3]->tcps_smax", "args[3]->tcps_snxt", "args[3]->tcps_rack", "args[3]->tcps_rnxt", "args[3]->tcps_swnd", \
	"args[3]->tcps_snd_ws", "args[3]->tcps_swl1", "args[3]->tcps_swl2", "args[3]->tcps_rup", "args[3]->tcps_radv", \
	"args[3]->tcps_rwnd", "args[3]->tcps_rcv_ws", "args[3]->tcps_cwnd", "args[3]->tcps_cwnd_ssthresh", \
	"args[3]->tcps_srecover", "args[3]->tcps_sack_fack", "args[3]->tcps_rto", "args[3]->tcps_mss", \
	"args[3]->tcps_retransmit", "args[3]->tcps_srtt", "args[3]->tcps_rtt", "args[3]->tcps_minrtt_us", \
	"args[3]->tcps_delivery_rate", "args[3]->tcps_inflight", "args[3]->tcps_total_retrans", "args[4]->tcp_sport", \
	"args[4]->tcp_dport", "args[4]->tcp_seq", "args[4]->tcp_ack", "args[4]->tcp_offset", "args[4]->tcp_flags", \
	"args[4]->tcp_window", "args[4]->tcp_checksum", "args[4]->tcp_urgent"
#define TCP_STRINGS CS_STRINGS, "args[3]->tcps_laddr", "args[3]->tcps_raddr", "args[3]->tcps_congestion", \
	"tcp_state_string[args[3]->tcps_state]"
#define UDP_INTS CS_INTS, "args[3]->udps_addr", "args[3]->udps_lport", "args[3]->udps_rport", "args[4]->udp_sport", \
	"args[4]->udp_dport", "args[4]->udp_length", "args[4]->udp_checksum"
#define UDP_STRINGS CS_STRINGS, "args[3]->udps_laddr", "args[3]->udps_raddr"
#define IP_INTS CS_INTS, "args[3]->if_local", "args[3]->if_ipstack", "args[3]->if_addr", "args[4]->ipv4_ver", \
	"args[4]->ipv4_ihl", "args[4]->ipv4_tos", "args[4]->ipv4_length", "args[4]->ipv4_ident", "args[4]->ipv4_flags", \
	"args[4]->ipv4_offset", "args[4]->ipv4_ttl", "args[4]->ipv4_protocol", "args[4]->ipv4_checksum", \
	"args[4]->ipv4_src", "args[5]->ipv6_ver", "args[5]->ipv6_tclass", "args[5]->ipv6_flow", "args[5]->ipv6_plen", \
	"args[5]->ipv6_nexthdr", "args[5]->ipv6_hlim"
#define IP_STRINGS CS_STRINGS, "args[3]->if_name", "args[4]->ipv4_protostr", "args[4]->ipv4_saddr", \
	"args[4]->ipv4_daddr", "args[5]->ipv6_nextstr", "args[5]->ipv6_saddr", "args[5]->ipv6_daddr"

static const struct args tcp_args = {{TCP_INTS}, {TCP_STRINGS}};
static const struct args state_args = {{TCP_INTS, "args[5]->tcps_state"}, {TCP_STRINGS}};
static const struct args udp_args = {{UDP_INTS}, {UDP_STRINGS}};
static const struct args ip_args = {{IP_INTS}, {IP_STRINGS}};
static const struct args tcp_drop = {{TCP_INTS, "args[6]->drop_location"}, {TCP_STRINGS, "args[6]->drop_reason"}};
static const struct args udp_drop = {{UDP_INTS, "args[6]->drop_location"}, {UDP_STRINGS, "args[6]->drop_reason"}};
static const struct args ip_drop = {{IP_INTS, "args[6]->drop_location"}, {IP_STRINGS, "args[6]->drop_reason"}};

static const struct net_probe {
	const char *name;
	const struct args *args;
} net_probes[] = {
	{"ip:::drop-in", &ip_drop},
	{"ip:::drop-out", &ip_drop},
	{"ip:::receive", &ip_args},
	{"ip:::send", &ip_args},
	{"tcp:::accept-established", &tcp_args},
	{"tcp:::accept-refused", &tcp_args},
	{"tcp:::connect-established", &tcp_args},
	{"tcp:::connect-refused", &tcp_args},
	{"tcp:::connect-request", &tcp_args},
	{"tcp:::drop", &tcp_drop},
	{"tcp:::receive", &tcp_args},
	{"tcp:::retransmit", &tcp_args},
	{"tcp:::send", &tcp_args},
	{"tcp:::state-change", &state_args},
	{"udp:::drop", &udp_drop},
	{"udp:::receive", &udp_args},
	{"udp:::send", &udp_args},
};
/* clang-format on */
