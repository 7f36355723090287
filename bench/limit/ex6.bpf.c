/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Example 6 as one would write it by hand for speed: a record of each state
 * change of a TCP connection, with its addresses, ports, states and the time
 * since the last change. The yardstick for our compiler's code.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
enum { FIN_WAIT2 = 5, LAST_ACK = 9, CLOSING = 11 };

struct in6_addr {
	__u8 bytes[16];
};

struct sock_common {
	__be32 skc_daddr, skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
} __attribute__((preserve_access_index));

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
} __attribute__((preserve_access_index));

struct record {
	__u64 time, delta;
	__u8 laddr[16], raddr[16];
	__u16 lport, rport, family;
	__u8 old, new;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, __u64);
} last SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} records SEC(".maps");

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(state_change, struct sock *sk, int old, int new)
{
	__u64 cookie, now, *then;
	struct record *r;

	if (sk->sk_protocol != IPPROTO_TCP)
		return 0;
	r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
	if (!r)
		return 0;
	cookie = bpf_get_socket_cookie(sk);
	now = bpf_ktime_get_ns();
	then = bpf_map_lookup_elem(&last, &cookie);
	r->time = now;
	r->delta = then ? (now - *then) / 1000 : 0;
	if (new == FIN_WAIT2 || new == LAST_ACK || new == CLOSING)
		bpf_map_delete_elem(&last, &cookie);
	else if (then)
		*then = now;
	else
		bpf_map_update_elem(&last, &cookie, &now, BPF_ANY);
	r->family = sk->__sk_common.skc_family;
	if (r->family == AF_INET) {
		*(__be32 *)r->laddr = sk->__sk_common.skc_rcv_saddr;
		*(__be32 *)r->raddr = sk->__sk_common.skc_daddr;
	} else {
		bpf_probe_read_kernel(r->laddr, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(r->raddr, 16, &sk->__sk_common.skc_v6_daddr);
	}
	r->lport = sk->__sk_common.skc_num;
	r->rport = __builtin_bswap16(sk->__sk_common.skc_dport);
	r->old = old;
	r->new = new;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
