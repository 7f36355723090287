/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The profile provider: tick-N[unit] fires once each period on one CPU (the
 * consumer's timer runs its program), profile-N[unit] on every CPU (software
 * clock events).  Without a unit N is a frequency in hertz.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "emit/emit.h"
#include "provider/hooks.h"
#include "provider/tables.h"

static void way_timer(struct emit *e, const struct needs *n)
{
	(void)n;
	emit_fire(e, NULL, 0);
}

/* arg0: where the kernel was; arg1: where the process was. One of them is 0. */
static void profile_number(struct emit *e, const struct probe *p, int i, struct value *out)
{
	const char *pc = emit_has_field(e, "pt_regs", "ip") ? "ip" : "pc";
	int reg, none;

	value_int(out, emit_const(e, 0));
	if (p->role != ROLE_PROFILE || i > 1 || emit_has_process(e))
		return;
	reg = ir_reg(e->ir);
	none = ir_label(e->ir);
	ir_const(e->ir, reg, 0);
	out->reg = ir_reg(e->ir);
	ir_load(e->ir, out->reg, emit_ctx(e), (int)(emit_field(e, "pt_regs", pc).bit_offset / 8),
		8);
	/* the kernel's addresses have the highest bit */
	ir_branchi(e->ir, i == 0 ? IR_SGE : IR_SLT, out->reg, 0, none);
	ir_mov(e->ir, reg, out->reg);
	ir_place(e->ir, none);
	value_int(out, reg);
}

static const struct way tick_ways[] = {{&hook_consumer, way_timer}, {0}};
static const struct way profile_ways[] = {{&hook_clock, way_timer}, {0}};

static const struct probe_row tick_row = {"tick", ROLE_TICK, NULL, -1, tick_ways};
static const struct probe_row profile_row = {"profile", ROLE_PROFILE, NULL, -1, profile_ways};

/* clang-format off */
static const struct {
	const char *name;
	uint64_t ns; /* 0: hertz */
} units[] = {
	{ "", 0 },	      { "hz", 0 },
	{ "ns", 1 },	      { "nsec", 1 },
	{ "us", 1000 },	      { "usec", 1000 },
	{ "ms", 1000000 },    { "msec", 1000000 },
	{ "s", 1000000000 },  { "sec", 1000000000 },
	{ "m", 60000000000 }, { "min", 60000000000 },
	{ "h", 3600000000000 }, { "hour", 3600000000000 },
	{ "d", 86400000000000 }, { "day", 86400000000000 },
};
/* clang-format on */

/* The kernel's timers are not finer, and a consumer that only fires would do nothing else. */
#define PERIOD_MIN_NS 100000

static uint64_t period_parse(const char *text, const char **why)
{
	char *end;
	unsigned long long n;

	if (*text < '0' || *text > '9') {
		*why = "a number must follow, as in tick-5sec or profile-997";
		return 0;
	}
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno || n == 0) {
		*why = "the number is out of range";
		return 0;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		unsigned __int128 ns;

		if (strcasecmp(end, units[i].name))
			continue;
		ns = units[i].ns ? (unsigned __int128)n * units[i].ns : 1000000000ull / n;
		if (ns < PERIOD_MIN_NS) {
			*why = "the period is below 100 microseconds";
			return 0;
		}
		if (ns > INT64_MAX) {
			*why = "the period is out of range";
			return 0;
		}
		return ns;
	}
	*why = "unknown unit: use hz, ns, us, ms, s, m, h or d";
	return 0;
}

static const struct probe_row *profile_demand(const char *name, uint64_t *period_ns,
					      const char **why)
{
	const struct probe_row *row;
	const char *number;

	if (!strncmp(name, "tick-", 5)) {
		row = &tick_row;
		number = name + 5;
	} else if (!strncmp(name, "profile-", 8)) {
		row = &profile_row;
		number = name + 8;
	} else {
		return NULL;
	}
	*period_ns = period_parse(number, why);
	return *period_ns ? row : NULL;
}

const struct provider provider_profile = {
	.name = "profile",
	.module = "",
	.probe = {STABILITY_EVOLVING, STABILITY_EVOLVING, DEPENDENCY_COMMON},
	.arg = {STABILITY_EVOLVING, STABILITY_EVOLVING, DEPENDENCY_COMMON},
	.demand = profile_demand,
	.number = profile_number,
};
