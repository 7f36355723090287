/* SPDX-License-Identifier: BSD-2-Clause */
#include "consume/loss.h"

#include <inttypes.h>

static const struct {
	const char *one, *many, *tag;
} names[] = {
	[LOSS_RECORD] = {"drop", "drops", "PRINCIPAL"},
	[LOSS_AGGREGATION] = {"aggregation drop", "aggregation drops", "AGGREGATION"},
	[LOSS_ERROR] = {"error drop", "error drops", "DBLERROR"},
	[LOSS_CONNECTION] = {"connection drop", "connection drops", "CONNECTION"},
	[LOSS_DYNAMIC] = {"dynamic variable drop", "dynamic variable drops", "DYNAMIC"},
	[LOSS_FIRING] = {"probe firing missed", "probe firings missed", "FIRING"},
	[LOSS_TICK] = {"tick missed", "ticks missed", "TICK"},
	[LOSS_SPECULATION] = {"speculative drop", "speculative drops", "SPEC"},
	[LOSS_SPECULATING] = {"failed speculation", "failed speculations", "SPECUNAVAIL"},
};

const char *loss_name(enum loss_kind kind)
{
	return names[kind].one;
}

const char *loss_tag(enum loss_kind kind)
{
	return names[kind].tag;
}

void loss_print(const struct loss *l, struct buf *out)
{
	buf_printf(out, "%" PRIu64 " %s", l->count,
		   l->count == 1 ? names[l->kind].one : names[l->kind].many);
	if (l->cpu >= 0)
		buf_printf(out, " on CPU %d", l->cpu);
	if (l->why)
		buf_printf(out, " (%s)", l->why);
}
