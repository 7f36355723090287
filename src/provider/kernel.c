/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel differences.  Three more need no look, since the ways are right either
 * way: before 6.14 (a3a128f611a9) inet_sock_set_state tells of listen ->
 * syn-received while the socket has no addresses (tcp_state.c), before 6.6
 * (223f5f79f2ce) the egress hook passes over v6 SYN,ACKs (tcp_segment.c), and
 * since 6.13 (507a96737d99) a v6 answer has its listener's socket (tcp_answer.c).
 */
#include "provider/kernel.h"

#include "emit/emit.h"

/* How many parameters a tracepoint has, one for itself among them; 0: it is not there. */
static unsigned parameters(struct emit *e, const char *tracepoint)
{
	struct type *t = types_typedef(e->script->types, tracepoint);

	t = t ? type_resolve(t) : NULL;
	if (t && t->kind == TYPE_POINTER)
		t = type_resolve(t->base);
	if (t)
		types_complete(e->script->types, t);
	return t && t->kind == TYPE_FUNCTION ? t->nmembers : 0;
}

/* Since 6.12 (ba8de796baf4). */
bool kernel_has_rx_sk(struct emit *e)
{
	return parameters(e, "btf_trace_kfree_skb") >= 5;
}

/* Since 6.0 (48863ffd3e81): before, the request was no typed argument. */
bool kernel_has_uring_request(struct emit *e)
{
	return parameters(e, "btf_trace_io_uring_file_get") == 3;
}

/* vlan_present went in 6.2 (354259fa73e2): a tag is one that is not 0. */
const char *kernel_vlan_field(struct emit *e)
{
	return emit_has_field(e, "sk_buff", "vlan_present") ? "vlan_present" : "vlan_all";
}

/* A kernel built without such devices has their flags not. */
int64_t kernel_port_flags(struct emit *e)
{
	static const char *const names[] = {"IFF_BRIDGE_PORT", "IFF_TEAM_PORT", "IFF_OVS_DATAPATH"};
	int64_t all = 0, v;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (emit_enumerator(e, names[i], &v))
			all |= v;
	return all;
}

/* UDP-Lite left Linux in 2026, and with it the coverage of a socket's checksums. */
void kernel_need_udplite(struct emit *e)
{
	if (!emit_has_field(e, "udp_sock", "pcslen"))
		emit_error(e, (struct loc){0}, "D_KERNEL_HOOK", "this kernel has no UDP-Lite");
}

/* Since 5.17 (c504e5c2f964). */
int64_t kernel_no_socket_reason(struct emit *e, const char *needs)
{
	int64_t v = -1;

	if (!emit_enumerator(e, "SKB_DROP_REASON_NO_SOCKET", &v))
		emit_error(e, (struct loc){0}, "D_KERNEL_HOOK",
			   "this kernel has no SKB_DROP_REASON_NO_SOCKET, which %s needs", needs);
	return v;
}

/* x86 names its registers, others have an array of them. */
int kernel_call_argument(struct emit *e, struct place regs, int i)
{
	static const char *const names[] = {"di", "si", "dx"};
	struct field f;

	if (emit_has_field(e, "pt_regs", "di"))
		return emit_peek_field(e, regs, "pt_regs", names[i]);
	f = emit_field(e, "pt_regs", "regs");
	return emit_peek(e, place_at(regs, f.bit_offset / 8 + i * 8), 8);
}

#define TS_COMPAT 2 /* arch/x86/include/asm/thread_info.h */

/* x86 marks the call; elsewhere such programs are not told apart. */
void kernel_skip_compat(struct emit *e, int task, int skip)
{
	int compat;

	if (!emit_has_field(e, "thread_info", "status"))
		return;
	compat = ir_reg(e->ir);
	ir_alui(e->ir, IR_AND, compat,
		emit_peek_field(e, (struct place){SPACE_BTF, task, 0}, "task_struct",
				"thread_info.status"),
		TS_COMPAT);
	emit_branch_point(e);
	ir_branchi(e->ir, IR_NE, compat, 0, skip);
}

/* Since 5.18 (2df3041ba3be). -1: no packet has it. */
int64_t kernel_firewall_reason(struct emit *e)
{
	int64_t v = -1;

	emit_enumerator(e, "SKB_DROP_REASON_NETFILTER_DROP", &v);
	return v;
}

/* Since 5.17 (c504e5c2f964), as 0 or, since 6.5 (071c0fc6fb91), 2. */
int64_t kernel_no_drop_reason(struct emit *e)
{
	int64_t v = 0;

	emit_enumerator(e, "SKB_DROP_REASON_NOT_SPECIFIED", &v);
	return v;
}
