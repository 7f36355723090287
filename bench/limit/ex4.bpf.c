/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Example 4 as one would write it by hand for speed: the IP payload size of
 * each packet in a linear histogram, 0 to 1500 by 100, for each interface. The
 * yardstick for the code that our compiler makes of the same script.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define STEP 100
#define BUCKETS 15 /* and one on either side */

struct net_device {
	char name[16];
} __attribute__((preserve_access_index));

struct sk_buff {
	struct net_device *dev;
	unsigned char *head;
	__u16 network_header;
	__be16 protocol;
} __attribute__((preserve_access_index));

struct key {
	char name[16];
};

struct histogram {
	__u64 buckets[BUCKETS + 2];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 256);
	__type(key, struct key);
	__type(value, struct histogram);
} sizes SEC(".maps");

static const struct histogram zero;

static __always_inline int count(struct sk_buff *skb)
{
	__u16 protocol = skb->protocol;
	struct histogram *h;
	__u32 plength, bucket;
	struct key key;
	union {
		__u8 byte[8];
		__be16 half[4];
	} ip;

	if (protocol != bpf_htons(ETH_P_IP) && protocol != bpf_htons(ETH_P_IPV6))
		return 0;
	if (bpf_probe_read_kernel(&ip, sizeof(ip), skb->head + skb->network_header))
		return 0;
	if (protocol == bpf_htons(ETH_P_IP))
		plength = bpf_ntohs(ip.half[1]) - (ip.byte[0] & 15) * 4;
	else
		plength = bpf_ntohs(ip.half[2]);
	if (bpf_probe_read_kernel(&key, sizeof(key), &skb->dev->name))
		return 0;
	h = bpf_map_lookup_elem(&sizes, &key);
	if (!h) {
		bpf_map_update_elem(&sizes, &key, &zero, BPF_NOEXIST);
		h = bpf_map_lookup_elem(&sizes, &key);
		if (!h)
			return 0;
	}
	bucket = plength / STEP + 1;
	if (bucket > BUCKETS + 1)
		bucket = BUCKETS + 1;
	__sync_fetch_and_add(&h->buckets[bucket], 1);
	return 0;
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(send, struct sk_buff *skb)
{
	return count(skb);
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(receive, struct sk_buff *skb)
{
	return count(skb);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
