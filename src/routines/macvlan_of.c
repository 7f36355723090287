/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which macvlan above a device takes frames for an address: the macvlan driver
 * hands them on within netif_receive_skb(), with no event of their own.
 */
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define UPPER_DEVICES 256 /* so many above one device are looked at */
#define IFF_UP 1

/* The kernel's number of the helper: its header is not for a machine without a C library. */
static long (*const probe_read_kernel)(void *to, uint32_t size, uint64_t from) = (void *)113;

/* What cannot be read is 0. */
INLINE uint64_t word(uint64_t at)
{
	uint64_t w = 0;

	probe_read_kernel(&w, sizeof(w), at);
	return w;
}

INLINE uint64_t field(uint64_t base, uint64_t offsets, unsigned which)
{
	return base + (offsets >> 16 * which & 0xffff);
}

/*
 * list: net_device.adj_list.upper. mac: six bytes. offsets, 16 bits each: list
 * and dev in struct netdev_adjacent, dev_addr and priv_flags in struct net_device.
 * marks: the mark of macvlans in priv_flags; above 32 bits the offset of flags.
 */
uint64_t macvlan_of(uint64_t list, uint64_t mac, uint64_t offsets, uint64_t marks)
{
	uint64_t at = word(list);

	for (int i = 0; i < UPPER_DEVICES && at && at != list; i++) {
		uint64_t dev = word(field(at - (offsets & 0xffff), offsets, 1));

		if (word(field(dev, offsets, 3)) & (uint32_t)marks &&
		    word(dev + (marks >> 32)) & IFF_UP &&
		    word(word(field(dev, offsets, 2))) << 16 == mac << 16)
			return dev;
		at = word(at);
	}
	return 0;
}
