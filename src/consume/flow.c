/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Option flowindent. A probe named entry (or *-entry) goes one level down after
 * its line, one named return (or *-return) one level up before it. Several
 * clauses of one probe are one step: the first entry and the last return count.
 */
#include "consume/flow.h"

#include <string.h>

#define STEP 2

/* name is word, or ends in "-word": "carpentry" is no entry. */
static bool is_called(const char *name, const char *word)
{
	size_t n = strlen(name), w = strlen(word);

	return n >= w && strcmp(name + n - w, word) == 0 && (n == w || name[n - w - 1] == '-');
}

static enum flow_kind kind_of(const struct probe *p)
{
	return is_called(p->name, "entry")    ? FLOW_ENTRY
	       : is_called(p->name, "return") ? FLOW_RETURN
					      : FLOW_NONE;
}

struct flow_step flow_next(struct flow *f, uint32_t epid, const struct probe *probe, bool continues)
{
	bool again =
		f->last_epid != FLOW_NO_EPID && f->last_epid != epid && f->last_probe == probe->id;
	struct flow_step step = {.kind = kind_of(probe)};

	if ((step.kind == FLOW_ENTRY && again) || (step.kind == FLOW_RETURN && continues))
		step.kind = FLOW_NONE;
	if (step.kind == FLOW_RETURN && f->indent > 0)
		f->indent -= STEP;
	step.indent = f->indent;
	if (step.kind == FLOW_ENTRY)
		f->indent += STEP;
	f->last_epid = epid;
	f->last_probe = probe->id;
	return step;
}
