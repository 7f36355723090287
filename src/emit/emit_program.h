/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the code generator: the life of programs, clauses and records.
 *
 *	emit_new
 *		emit_begin_program
 *			emit_begin_clause
 *				emit_open_record … emit_close_record
 *			emit_end_clause
 *	emit_finish
 */
#pragma once

#include "emit/emit.h"

/* one_ring: every program is run by the consumer, one at a time: one ring does. */
struct emit *emit_new(struct script *s, const struct options *o, const struct emit_calls *calls,
		      void *generator, bool one_ring);
/* The maps get their sizes, and the program all that was made. */
struct program *emit_finish(struct emit *e);
void emit_free(struct emit *e); /* takes NULL; the heap parts: the rest is the arena's */
bool emit_failed(const struct emit *e);

/* Tests in the programs that follow tell the verifier nothing of what lives on: for large ones. */
void emit_careful(struct emit *e, bool careful);
void emit_compact(struct emit *e, bool compact);
/* A new IR. What was recorded by programs before stays. */
void emit_begin_program(struct emit *e, const struct hook *hook);
/* Between the two of them stands what uses scratch memory; jumps to busy if there is none. */
void emit_scratch_here(struct emit *e, int busy);
void emit_scratch_give(struct emit *e);
/* What programs leave in what is shared: to be forgotten with a program that is thrown away. */
struct emit_mark {
	size_t enablings;
	uint32_t scratch, zeros, clause_id;
	bool literals;
};
struct emit_mark emit_mark(const struct emit *e);
void emit_rewind(struct emit *e, struct emit_mark to);

/* A way begins: what it loads is no other way's. */
void emit_begin_way(struct emit *e, const struct probe *p);
void emit_end_way(struct emit *e);

/* Several clauses ask for the time, and any of them may be the first to: they get the same. */
void emit_one_time(struct emit *e);

/* A clause of the probe: label end is where it goes on after a fault. again: more of the clause
 * before. */
void emit_begin_clause(struct emit *e, const struct clause *c, int end, bool again);
/* The code for its faults, and the label end. */
void emit_end_clause(struct emit *e);
void emit_predicate_done(struct emit *e);
void emit_statement(struct emit *e, uint32_t number); /* begins: the one that faults */
/* Temporary memory of the statement before is free again. */
uint32_t emit_scratch_mark(const struct emit *e);
uint32_t emit_scratch_reserve(struct emit *e, uint32_t size); /* in the firing's memory: where */
void emit_scratch_release(struct emit *e, uint32_t mark);

/* The next branch is the first of a condition that begins here; the mark from before. */
long emit_condition_begin(struct emit *e);
/* What was loaded before that branch holds on either side of it: the mark to end scopes with. */
size_t emit_condition_end(struct emit *e, long saved);
/* The same of a part of a condition: the whole has its first branch there, if not before. */
size_t emit_condition_join(struct emit *e, long saved);

/* Elements of arrays found or read, by variable and key (ids tell keys apart). */
int emit_cached_element(struct emit *e, const void *tag, const int *ids, int n);
void emit_cache_element(struct emit *e, const void *tag, const int *ids, int n, int reg);
void emit_cache_address(struct emit *e, const void *tag, const int *ids, int n, int reg);
void emit_forget_elements(struct emit *e, const void *tag);
void emit_add_drops(struct emit *e); /* at the end of a later program of a firing */
void emit_map_entries(struct emit *e, int map, uint32_t n);

/*
 * Firings (firing.c). A way's objects as they are handed on, and where in the
 * firing's memory everything lies; each way has one layout, found where it fires
 * first.
 */
struct firing_layout {
	struct object **objects; /* copies, one for each argument */
	int nobjects;
	uint32_t slots; /* numbers that the objects carry */
	uint32_t more;	/* behind them: memory of the code generator's */
	uint32_t end;	/* 0: not found yet */
};

/* The program to begin decides, and the clauses are elsewhere; it resumes. Else: inline. */
void emit_firing_decides(struct emit *e);
void emit_firing_resumes(struct emit *e, int lost);
/* Where the probe fires: saves what the objects know; more: bytes of memory, all 0. */
void emit_firing_save(struct emit *e, const struct object *const *args, int nargs, uint32_t more,
		      struct firing_layout *l);
/* In a later program: finds the firing, or goes to lost; args: nobjects. */
void emit_firing_restore(struct emit *e, const struct firing_layout *l, const struct object **args);
bool emit_firing_in_memory(const struct emit *e);
struct place emit_firing_memory(const struct emit *e, uint32_t off);

/*
 * A record: an enabling and, if it has data, room in this CPU's ring; a full
 * ring ends the clause (full) and is counted. Every clause has an enabling, also
 * one that records nothing.
 */
void emit_open_record(struct emit *e, bool has_data, int full);
void emit_close_record(struct emit *e);
bool emit_recording(const struct emit *e);
/* exit() where the ring is full. */
void emit_exit_unrecorded(struct emit *e, int status);
/* The open record goes on where another ended, and another goes on where it ends. */
void emit_record_joins(struct emit *e, bool before, bool after);

/* aggregations found so far */
int emit_agg_add(struct emit *e, struct agg_def def);
struct agg_def *emit_agg(struct emit *e, int i);
