/* SPDX-License-Identifier: BSD-2-Clause */
/* The device that a tracepoint's packet is at: whether IP meets the packet there. */
#pragma once

#include "provider/network.h"

struct place device_of(struct emit *e, const struct skb_packet *s);
/* A register that is not 0 where the device has one of these marks. */
int device_marks(struct emit *e, const struct skb_packet *s, int64_t marks);
/* Skips what is at a port of a bridge, bond or team. */
void device_skip_ports(struct emit *e, const struct skb_packet *s, int skip);
/* Skips what a device was handed, but not by IP: it has been handed to another one before. */
void device_skip_passed_on(struct emit *e, const struct skb_packet *s, int skip);
