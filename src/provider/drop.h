/* SPDX-License-Identifier: BSD-2-Clause */
/* The drop probes of ip, tcp and udp: rows of their providers. */
#pragma once

#include "provider/provider.h"

#define DROP_ARGS 7

extern const char *const drop_ip_args[], *const drop_tcp_args[], *const drop_udp_args[];
extern const struct way drop_ip_in_ways[], drop_ip_out_ways[], drop_tcp_ways[], drop_udp_ways[];
