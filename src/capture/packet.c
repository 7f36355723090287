/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/packet.h"

#include <string.h>

enum {
	ETH_IP = 0x0800,
	ETH_IPV6 = 0x86dd,
	ETH_VLAN = 0x8100,
	ETH_QINQ = 0x88a8,
	ETH_QINQ_OLD = 0x9100
};

/* A frame's bytes from the front on; what is taken off is behind it. */
struct rest {
	const uint8_t *at;
	uint32_t size, length;
};

static bool take(struct rest *r, uint32_t n)
{
	if (r->size < n)
		return false;
	r->at += n;
	r->size -= n;
	r->length = r->length > n ? r->length - n : 0;
	return true;
}

static unsigned be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

/* --- link layers: each leaves the IP header at the front, or gives false --- */

/* Behind an Ethernet type: tags of VLANs, then IP. */
static bool ether_type(struct rest *r, unsigned type)
{
	while (type == ETH_VLAN || type == ETH_QINQ || type == ETH_QINQ_OLD) {
		if (r->size < 4)
			return false;
		type = be16(r->at + 2);
		take(r, 4);
	}
	return type == ETH_IP || type == ETH_IPV6;
}

static bool link_ethernet(struct rest *r, struct wire_packet *p)
{
	unsigned type;

	(void)p;
	if (r->size < 14)
		return false;
	type = be16(r->at + 12);
	take(r, 14);
	return ether_type(r, type);
}

static bool link_raw(struct rest *r, struct wire_packet *p)
{
	(void)r, (void)p;
	return true;
}

/* BSD's loopback: the address family, in the byte order of the host (null) or of the network
 * (loop). Those of IPv6 differ from system to system. */
static bool family(unsigned f)
{
	return f == 2 || f == 10 || f == 24 || f == 28 || f == 30;
}

static bool link_null(struct rest *r, struct wire_packet *p)
{
	uint32_t f;

	(void)p;
	if (r->size < 4)
		return false;
	memcpy(&f, r->at, 4);
	take(r, 4);
	return family(f) || family(__builtin_bswap32(f));
}

enum { COOKED_OUTGOING = 4 };

static void cooked_direction(struct wire_packet *p, unsigned type)
{
	if (type <= COOKED_OUTGOING)
		p->direction = type == COOKED_OUTGOING ? FRAME_OUT : FRAME_IN;
}

static bool link_cooked(struct rest *r, struct wire_packet *p)
{
	unsigned type;

	if (r->size < 16)
		return false;
	cooked_direction(p, be16(r->at));
	type = be16(r->at + 14);
	take(r, 16);
	return ether_type(r, type);
}

static bool link_cooked2(struct rest *r, struct wire_packet *p)
{
	unsigned type;

	if (r->size < 20)
		return false;
	type = be16(r->at);
	cooked_direction(p, r->at[10]);
	take(r, 20);
	return ether_type(r, type);
}

/* RFC 1661, with and without HDLC's address and control (RFC 1662), the protocol in one byte or
 * two. */
static bool link_ppp(struct rest *r, struct wire_packet *p)
{
	unsigned protocol;

	(void)p;
	if (r->size >= 2 && r->at[0] == 0xff && r->at[1] == 0x03)
		take(r, 2);
	if (r->size < 2)
		return false;
	if (r->at[0] & 1) {
		protocol = r->at[0];
		take(r, 1);
	} else {
		protocol = be16(r->at);
		take(r, 2);
	}
	return protocol == 0x21 || protocol == 0x57;
}

/* clang-format off */
static const struct link {
	uint16_t type;
	bool (*strip)(struct rest *r, struct wire_packet *p);
} links[] = {
	{ 0, link_null },	/* NULL */
	{ 1, link_ethernet },	/* ETHERNET */
	{ 9, link_ppp },	/* PPP */
	{ 12, link_raw }, { 14, link_raw }, { 101, link_raw },	/* RAW, as systems have numbered it */
	{ 50, link_ppp },	/* PPP_HDLC */
	{ 108, link_null },	/* LOOP */
	{ 113, link_cooked },	/* LINUX_SLL */
	{ 228, link_raw }, { 229, link_raw },	/* IPV4, IPV6 */
	{ 276, link_cooked2 },	/* LINUX_SLL2 */
};

static const struct {
	uint16_t type;
	const char *name;
} refused[] = {
	{ 6, "Token Ring" }, { 10, "FDDI" }, { 105, "IEEE 802.11" }, { 107, "Frame Relay" },
	{ 127, "IEEE 802.11 with radiotap" }, { 117, "OpenBSD pflog" }, { 189, "USB" },
	{ 195, "IEEE 802.15.4" }, { 220, "USB" }, { 239, "NFLOG" }, { 253, "Netlink" },
	{ 201, "Bluetooth" }, { 187, "Bluetooth" }, { 119, "IEEE 802.11 with Prism header" },
	{ 163, "IEEE 802.11 with AVS header" }, { 192, "PPI" }, { 227, "CAN" }, { 271, "vsock" },
};
/* clang-format on */

static const struct link *link_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (links[i].type == type)
			return &links[i];
	return NULL;
}

const char *packet_link_refused(uint16_t link_type)
{
	if (link_of(link_type))
		return NULL;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (refused[i].type == link_type)
			return refused[i].name;
	return "unknown";
}

/* --- IP --- */

static bool find_ip4(struct wire_packet *p)
{
	uint32_t header = (p->ip[0] & 15) * 4, total = be16(p->ip + 2), fragment;

	if (p->size < 20 || header < 20)
		return false;
	/* 0: segmentation is left to the device, RFC 6691's sizes do not apply */
	if (total && total < p->length)
		p->length = total;
	fragment = be16(p->ip + 6);
	p->protocol = p->ip[9];
	p->is_fragment = (fragment & 0x3fff) != 0;
	if (!(fragment & 0x1fff) && header <= p->length) {
		p->l4_at = header;
		p->l4_length = p->length - header;
	}
	return true;
}

static bool is_extension(unsigned next)
{
	return next == 0 || next == 43 || next == 60 || next == 51 || next == 135 || next == 139 ||
	       next == 140;
}

static bool find_ip6(struct wire_packet *p)
{
	uint32_t at = 40, payload;
	unsigned next;

	if (p->size < 40)
		return false;
	payload = be16(p->ip + 4);
	if (payload && payload + 40 < p->length)
		p->length = payload + 40;
	for (next = p->ip[6]; is_extension(next) || next == 44;) {
		uint32_t size;

		if (at + 8 > p->size)
			return p->protocol = next, true;
		if (next == 44) {
			unsigned offset = be16(p->ip + at + 2);

			p->is_fragment |= (offset & 0xfff9) != 0;
			next = p->ip[at];
			at += 8;
			if (offset & 0xfff8)
				return p->protocol = next, true;
			continue;
		}
		size = next == 51 ? (p->ip[at + 1] + 2) * 4 : (p->ip[at + 1] + 1) * 8;
		next = p->ip[at];
		at += size;
	}
	p->protocol = next;
	if (at <= p->length) {
		p->l4_at = at;
		p->l4_length = p->length - at;
	}
	return true;
}

bool packet_find(const struct capture_frame *f, struct wire_packet *p)
{
	const struct link *link = link_of(f->on->link_type);
	struct rest r = {f->data, f->size, f->length};
	bool found;

	*p = (struct wire_packet){.direction = f->direction};
	if (!link || !link->strip(&r, p) || r.size < 1)
		return false;
	p->ip = r.at;
	p->size = r.size;
	p->length = r.length;
	p->version = r.at[0] >> 4;
	found = p->version == 4 ? find_ip4(p) : p->version == 6 && find_ip6(p);
	if (p->size > p->length)
		p->size = p->length;
	if (p->l4_at && p->l4_at >= p->size)
		p->l4_at = 0;
	return found;
}
