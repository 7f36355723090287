/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arguments of fbt's aliases. A socket is a number here, which the tracer
 * makes of its cookie and protocol: it has no memory, and may be kept.
 */

#pragma D depends_on library net.d

struct inpcb;			/* its address is the cookie, cs_cid elsewhere */

struct bsd_protosw {
	int16_t pr_protocol;		/* IPPROTO_TCP, IPPROTO_UDP */
};

struct bsd_socket {
	struct inpcb *so_pcb;
	struct bsd_protosw *so_proto;
};

translator struct bsd_protosw < uint64_t so > {
	pr_protocol = so & 0xff;
};

translator struct bsd_socket < uint64_t so > {
	so_pcb = (struct inpcb *)(so >> 8);
	so_proto = xlate <struct bsd_protosw *> (so);
};
