/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tables of ip, tcp and udp share. */
#pragma once

#include "provider/hooks.h"
#include "provider/owner.h"
#include "provider/provider.h"
#include "source/skb_socket.h"
#include "source/tcp_socket.h"
#include "source/udp_socket.h"

#define NETWORK_STABILITY                                                                          \
	.probe = {STABILITY_EVOLVING, STABILITY_EVOLVING, DEPENDENCY_ISA},                         \
	.arg = {STABILITY_EVOLVING, STABILITY_EVOLVING, DEPENDENCY_ISA}

/* udp.c: the ways of datagrams of one protocol at the cgroup hooks. */
void datagram_fires(struct emit *e, int protocol, const struct needs *n);
extern const char *const datagram_natives[];
/* ...: further ways, each with a comma behind it. */
#define DATAGRAM_WAYS(name, hook, code, ...)                                                       \
	static const struct way name##_ways[] = {                                                  \
		{hook, code, datagram_natives}, OWNER_WAYS, __VA_ARGS__{0}}

/* Fires with packets and sockets as arguments. */
#define NETWORK_FIRE(e, ...)                                                                       \
	emit_fire((e), (const struct object *const[]){__VA_ARGS__},                                \
		  sizeof((const struct object *const[]){__VA_ARGS__}) / sizeof(struct object *))
