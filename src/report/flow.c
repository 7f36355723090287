/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Option flowindent. A probe named entry (or *-entry) goes one level down after
 * its line, one named return (or *-return) one level up before it. Several
 * clauses of one probe are one step: the first entry and the last return count.
 */
#include "report/flow.h"

#include <stdio.h>
#include <string.h>

#define STEP 2

enum kind { FLOW_NONE, FLOW_ENTRY, FLOW_RETURN };

/* name is word, or ends in "-word": "carpentry" is no entry. */
static bool is_called(const char *name, const char *word)
{
	size_t n = strlen(name), w = strlen(word);

	return n >= w && strcmp(name + n - w, word) == 0 && (n == w || name[n - w - 1] == '-');
}

static enum kind kind_of(const struct probe *p)
{
	return is_called(p->name, "entry")    ? FLOW_ENTRY
	       : is_called(p->name, "return") ? FLOW_RETURN
					      : FLOW_NONE;
}

void flow_heading(struct buf *out)
{
	buf_printf(out, "%3s %-41s\n", "CPU", "FUNCTION");
}

void flow_line(struct flow *f, int cpu, uint32_t epid, const struct probe *probe, bool continues,
	       struct buf *out)
{
	static const char *const arrows[][2] = {
		[FLOW_NONE] = {"| ", "| "},
		[FLOW_ENTRY] = {" -> ", " => "},
		[FLOW_RETURN] = {" <- ", " <= "},
	};
	bool syscall = strcmp(probe->provider, "syscall") == 0;
	enum kind kind = kind_of(probe);
	bool again =
		f->last_epid != FLOW_NO_EPID && f->last_epid != epid && f->last_probe == probe->id;
	struct buf name = {0};

	if ((kind == FLOW_ENTRY && again) || (kind == FLOW_RETURN && continues))
		kind = FLOW_NONE;
	if (kind == FLOW_RETURN && f->indent > 0)
		f->indent -= STEP;
	buf_printf(&name, "%*s%s%s", f->indent, "", arrows[kind][syscall], probe->function);
	if (kind == FLOW_NONE)
		buf_printf(&name, ":%s", probe->name);
	buf_printf(out, "%3d %-41s ", cpu, buf_str(&name));
	buf_free(&name);
	if (kind == FLOW_ENTRY)
		f->indent += STEP;
	f->last_epid = epid;
	f->last_probe = probe->id;
}
