/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dtrace provider: BEGIN, END, ERROR.  They fire where the consumer says:
 * it runs their programs itself.
 */
#include "codegen/cg.h"
#include "provider/tables.h"

const struct hook hook_consumer = {
	.name = "raw_tp/consumer",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.attach = ATTACH_TEST_RUN,
};

static const struct fire consumer_fires[] = { { &hook_consumer, cg_clauses }, { 0 } };

static const struct probe_row dtrace_rows[] = {
	{ "BEGIN", NULL, -1, consumer_fires },
	{ "END", NULL, -1, consumer_fires },
	{ "ERROR", NULL, -1, consumer_fires },
	{ 0 },
};

const struct provider provider_dtrace = { .name = "dtrace", .rows = dtrace_rows };
