/* SPDX-License-Identifier: BSD-2-Clause */
/* What was lost, and how often: every place that can lose something counts it. */
#pragma once

#include <stdint.h>

#include "base/buf.h"

enum loss_kind {
	LOSS_RECORD,	  /* ring full */
	LOSS_AGGREGATION, /* map full */
	LOSS_ERROR,	  /* faults whose record was lost */
	LOSS_CONNECTION,  /* not followed to their end */
	LOSS_DYNAMIC,	  /* associative or thread-local variables: map full */
	LOSS_FIRING,	  /* a program was interrupted by itself, or the like */
	LOSS_TICK,	  /* the consumer came late */
	LOSS_SPECULATION, /* speculative records beyond specsize */
	LOSS_SPECULATING, /* speculations that did not begin: all were in use */
};

struct loss {
	enum loss_kind kind;
	uint64_t count;
	int cpu;	 /* -1: of no one CPU */
	const char *why; /* NULL, or in words */
};

/* "drop", "aggregation drop", ... */
const char *loss_name(enum loss_kind kind);
/* "AGGREGATION", ...: behind DTRACEDROP_, for option droptags */
const char *loss_tag(enum loss_kind kind);
/* "3 aggregation drops on CPU 0" */
void loss_print(const struct loss *l, struct buf *out);
