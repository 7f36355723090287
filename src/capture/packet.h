/* SPDX-License-Identifier: BSD-2-Clause */
/* The IP packet in a frame, and where its parts are. */
#pragma once

#include "capture/file.h"

struct wire_packet {
	const uint8_t *ip; /* the IP header */
	uint32_t size;	   /* bytes that are there from it on */
	uint32_t length;   /* bytes on the wire: what the device had, padding left out */
	uint8_t version;   /* 4, 6 */
	uint8_t protocol;  /* behind v6 extension headers */
	bool is_fragment;  /* any but the whole packet */
	uint32_t l4_at;	   /* of the transport header; 0: it is not there (another fragment, cut) */
	uint32_t l4_length;		/* bytes from there on, as the IP header has them */
	enum frame_direction direction; /* as the link layer says */
};

/* Whether there is one. Of tunnels the outer packet. */
bool packet_find(const struct capture_frame *f, struct wire_packet *p);
/* Why frames of this link type cannot be read; NULL: they can. */
const char *packet_link_refused(uint16_t link_type);
