/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A form of output, as the consumer and the actions meet it: a table of calls.
 * The forms are in report/.
 *
 *	begin
 *		open  trace | printf | print | tracemem | printa ...  close	each record
 *		fault, loss						between records
 *	over
 *		aggregation						each, at the end
 *	end
 */
#pragma once

#include "base/format.h"
#include "consume/aggregate.h"
#include "consume/fault.h"
#include "consume/flow.h"
#include "consume/item.h"
#include "consume/loss.h"

struct taking;

/* Every form's own struct begins with this. */
struct form {
	const struct form_calls *calls;
};

struct form_record {
	const struct enabling *enabling;
	int cpu;
	uint64_t time;
	const struct flow_step *flow; /* NULL: without option flowindent */
};

struct form_calls {
	void (*free)(struct form *f);
	/* Programs begin to fire; the last line was written. NULL: there is nothing to say. */
	void (*begin)(struct form *f, uint64_t time);
	void (*end)(struct form *f, uint64_t time, int status);

	void (*open)(struct form *f, const struct form_record *r);
	void (*close)(struct form *f, const struct form_record *r);
	/* In a record, for its actions. */
	void (*trace)(struct form *f, const struct taking *t);
	void (*printf)(struct form *f, const struct taking *t, const struct format *format);
	void (*print)(struct form *f, const struct taking *t);
	void (*tracemem)(struct form *f, const struct taking *t, const char *bytes, size_t n);
	/* format NULL: none was given. Whether there was anything to print. */
	bool (*printa)(struct form *f, const struct taking *t, struct agg_table **tables,
		       int ntables, const struct format *format);

	/* No record follows. NULL: there is nothing to say. */
	void (*over)(struct form *f);
	/* Behind it: what no printa() printed. */
	void (*aggregation)(struct form *f, struct agg_table *table);
	/* The user is told on standard error too. NULL: that is enough. */
	void (*fault)(struct form *f, const struct fault_told *fault);
	void (*loss)(struct form *f, const struct loss *loss);

	/* What was printed goes out: 0, or -errno of the first write that ever failed. */
	int (*flush)(struct form *f);
	/* Forgets what was printed: ftruncate(). */
	void (*truncate)(struct form *f);
	/* From here on to the end of this file; NULL: to where it went first. 0 or -errno. */
	int (*redirect)(struct form *f, const char *path);
	/* What printf() would print, for actions that do something else with it. */
	void (*format)(const struct taking *t, const struct format *format, struct buf *out);
};
