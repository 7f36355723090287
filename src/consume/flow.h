/* SPDX-License-Identifier: BSD-2-Clause */
/* Option flowindent: entries and returns as a tree. */
#pragma once

#include "program/probe.h"

enum flow_kind { FLOW_NONE, FLOW_ENTRY, FLOW_RETURN };

/* Where a record stands. */
struct flow_step {
	enum flow_kind kind;
	int indent;
};

/* One CPU's depth. */
struct flow {
	int indent;
	uint32_t last_epid; /* of the record before, FLOW_NO_EPID: none */
	uint32_t last_probe;
};

#define FLOW_NO_EPID 0xffffffffu

/*
 * continues: the next record of this CPU is of the same probe from another
 * clause, so this is not yet the end of a function.
 */
struct flow_step flow_next(struct flow *f, uint32_t epid, const struct probe *probe,
			   bool continues);
