/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The actions: a file for each, or for a family. A row has the prototype, the
 * check, what goes into the record, and what the consumer does with that. Each
 * table ends with a row whose name is NULL.
 */
#pragma once

#include "emit/builtin.h"

extern const struct builtin action_aggregation[], action_chill[], action_copyout[],
	action_refused[], action_signal[], action_exit[], action_freopen[], action_ftruncate[],
	action_print[], action_printa[], action_printf[], action_trace[], action_setopt[],
	action_speculation[], action_stack[], action_symbol[], action_system[], action_tracemem[];

/* What several record: all arguments; a format constant and the arguments behind it. */
void action_code_values(struct emit *e, struct node *n, struct value *out);
void action_code_format(struct emit *e, struct node *n, struct value *out);
/* The call as a statement: records its own value. */
void action_code_itself(struct emit *e, struct node *n);
