/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 9293, section 3.1, and the options of RFC 7323 and 2018. */
#include "capture/flow_impl.h"

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void sack(struct parsed *p, const uint8_t *blocks, unsigned n)
{
	for (unsigned i = 0; i + 8 <= n; i += 8) {
		uint32_t edge = be32(blocks + i + 4);

		if (!p->sack || before(p->sack, edge))
			p->sack = edge;
	}
}

static void option(struct parsed *p, const uint8_t *o, unsigned n)
{
	if (o[0] == 2 && n == 4)
		p->mss = o[2] << 8 | o[3];
	else if (o[0] == 3 && n == 3)
		p->scale = o[2] > 14 ? 14 : o[2];
	else if (o[0] == 5)
		sack(p, o + 2, n - 2);
	else if (o[0] == 8 && n == 10) {
		p->has_stamp = true;
		p->stamp = be32(o + 2);
	}
}

void flow_parse(const struct segment *s, struct parsed *p)
{
	const uint8_t *tcp = s->tcp;

	*p = (struct parsed){
		.seq = be32(tcp + 4),
		.ack = be32(tcp + 8),
		.flags = tcp[13],
		.window = tcp[14] << 8 | tcp[15],
		.scale = NO_SCALE,
		.payload = s->payload,
		.us = (uint32_t)(s->time / 1000),
	};
	p->end = p->seq + s->payload + !!(p->flags & TH_SYN) + !!(p->flags & TH_FIN);
	for (uint32_t at = 20; at < s->tcp_size && tcp[at];) {
		unsigned n;

		if (tcp[at] == 1) {
			at++;
			continue;
		}
		if (at + 2 > s->tcp_size)
			break;
		n = tcp[at + 1];
		if (n < 2 || at + n > s->tcp_size)
			break;
		option(p, tcp + at, n);
		at += n;
	}
}
