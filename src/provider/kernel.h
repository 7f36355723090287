/* SPDX-License-Identifier: BSD-2-Clause */
/* How kernels differ in what the ways look at: each difference found in BTF, never by version. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "emit/place.h"

struct emit;

/* kfree_skb hands the receiving socket on as its fourth argument. */
bool kernel_has_rx_sk(struct emit *e);
bool kernel_has_uring_request(
	struct emit *e); /* io_uring_file_get: the request and its descriptor */
/* The field of sk_buff that is not 0 where the packet has a VLAN tag. */
const char *kernel_vlan_field(struct emit *e);
/* Marks of devices (net_device.priv_flags) that are ports of others: IP meets the others. */
int64_t kernel_port_flags(struct emit *e);
/* sys_enter: argument i of the call, from the registers (struct pt_regs). */
int kernel_call_argument(struct emit *e, struct place regs, int i);
/* Skips the calls of 32-bit programs, which have other numbers. task: a register, any address. */
void kernel_skip_compat(struct emit *e, int task, int skip);
/* An error where there is no UDP-Lite. */
void kernel_need_udplite(struct emit *e);
/* kfree_skb's reason where no socket was found; an error that names needs where it is missing. */
int64_t kernel_no_socket_reason(struct emit *e, const char *needs);
int64_t kernel_no_drop_reason(struct emit *e);	/* of a buffer that TCP is done with */
int64_t kernel_firewall_reason(struct emit *e); /* of what a firewall stops; -1: none tells */
