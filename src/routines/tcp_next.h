/* SPDX-License-Identifier: BSD-2-Clause */
/* One connection's sequence numbers: value of a map, host order. */
#pragma once

#include <stdint.h>

#define TCP_NEXT_RANGES 6

struct tcp_next {
	uint64_t time; /* of the segment before, CLOCK_MONOTONIC */
	uint32_t expected;
	uint32_t known; /* expected is set */
	struct {
		uint32_t from, to; /* came out of order; equal: none */
	} range[TCP_NEXT_RANGES];
};
