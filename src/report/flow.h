/* SPDX-License-Identifier: BSD-2-Clause */
/* Option flowindent: entries and returns as a tree. Private to src/report/. */
#pragma once

#include "base/buf.h"
#include "program/probe.h"

/* One CPU's depth. */
struct flow {
	int indent;
	uint32_t last_epid; /* of the record before, FLOW_NO_EPID: none */
	uint32_t last_probe;
};

#define FLOW_NO_EPID 0xffffffffu

void flow_heading(struct buf *out);
/*
 * The line's beginning. continues: the next record of this CPU is of the same
 * probe from another clause, so this is not yet the end of a function.
 */
void flow_line(struct flow *f, int cpu, uint32_t epid, const struct probe *probe, bool continues,
	       struct buf *out);
