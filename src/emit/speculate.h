/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Speculations: records that count only once the script says so.
 *
 * A record that is speculative goes through the rings like any other, with the
 * speculation's tag behind its head; the consumer holds it until a record of a
 * commit() has that tag (consume/speculation.h).  So a speculation is free again
 * the moment that it is committed or discarded, on every CPU, and its records
 * come in order whatever CPUs they are from.
 */
#pragma once

#include "emit/emit.h"

/* speculation(): a register, 0 where all are in use (counted). */
int emit_speculation(struct emit *e);
/* Its tag (a register) if it is active, else 0. */
int emit_speculation_tag(struct emit *e, int id);
/* The same, and it ends: commit(), discard(). */
int emit_speculation_end(struct emit *e, int id);

/* Records opened from here on belong to this one: a register, its tag; -1: to none. */
void emit_speculate(struct emit *e, int tag);
int emit_speculating(const struct emit *e);
/* Leaves the clause, without a fault, unless reg: nothing of it was recorded yet. */
void emit_leave_unless(struct emit *e, int reg);
