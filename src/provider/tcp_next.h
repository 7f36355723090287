/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "provider/net.h"

/*
 * At cgroup ingress, with the TCP header read: a register with the sequence
 * number that is expected when the segment at hand has its turn (host order).
 */
int tcp_expected(struct codegen *cg, const struct net_event *ev);
