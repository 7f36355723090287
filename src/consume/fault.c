/* SPDX-License-Identifier: BSD-2-Clause */
#include "consume/fault.h"

#include <inttypes.h>

static const char *fault_name(uint32_t kind)
{
	static const char *const names[] = {
		[FLT_BADADDR] = "invalid address",
		[FLT_BADALIGN] = "invalid alignment",
		[FLT_ILLOP] = "illegal operation",
		[FLT_DIVZERO] = "divide-by-zero",
		[FLT_NOSCRATCH] = "out of scratch space",
		[FLT_KPRIV] = "invalid kernel access",
		[FLT_UPRIV] = "invalid user access",
		[FLT_TUPOFLOW] = "tuple stack overflow",
		[FLT_BADSTACK] = "bad stack",
	};

	return kind < sizeof(names) / sizeof(*names) && names[kind] ? names[kind] : "unknown fault";
}

bool fault_tell(const struct program *p, int cpu, const struct fault *f, struct fault_told *out)
{
	if (f->head.size < sizeof(*f) || f->epid >= (uint32_t)p->nenablings)
		return false;
	*out = (struct fault_told){
		.fault = f,
		.enabling = &p->enablings[f->epid],
		.cpu = cpu,
		.kind = fault_name(f->kind),
		.has_address = f->kind == FLT_BADADDR || f->kind == FLT_BADALIGN ||
			       f->kind == FLT_BADSTACK,
	};
	return true;
}

void fault_print(const struct fault_told *t, struct buf *out)
{
	const struct probe *probe = t->enabling->probe;

	buf_printf(out, "error on enabled probe ID %" PRIu32 " (ID %" PRIu32 ": %s:%s:%s:%s): %s",
		   t->enabling->id, probe->id, probe->provider, probe->module, probe->function,
		   probe->name, t->kind);
	if (t->has_address)
		buf_printf(out, " (0x%" PRIx64 ")", t->fault->address);
	if (t->fault->action)
		buf_printf(out, " in action #%" PRIu32, t->fault->action);
	else
		buf_puts(out, " in predicate");
}
