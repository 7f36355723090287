/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state behind emit.h.  Each struct is written by the file it is named
 * after alone; the code generator begins and ends programs, clauses and records
 * through the functions of emit_program.h.
 */
#pragma once

#include "base/strmap.h"
#include "base/vec.h"
#include "emit/emit.h"
#include "emit/emit_program.h"

#define FORGOTTEN ~0u

/* One loaded place, made value or found element: good where the code that made it dominates. */
struct cached {
	const void *tag; /* what it is; loads: how it is extended */
	enum space space;
	int base, off;
	unsigned size; /* of a load, FORGOTTEN; else 0 */
	const int *ids;
	int nids; /* of an element; -1: forgotten */
	bool is_address;
	int reg;
};

struct cache_state {
	VEC(struct cached) all;
	long branch_mark; /* entries below were made before the first branch of the condition at
			     hand; -1: none yet */
	long leave_mark;  /* entries below are good for the next clause; -1: all */
};

#define DROP_KINDS (sizeof(struct drops) / sizeof(uint64_t))

struct map_state {
	VEC(struct map_def) all;
	struct strmap *by_name; /* of emit_map_once(): index + 1 */
	int globals, zeros, strings, scratch;
	uint32_t globals_size, zeros_size;
	int drops[DROP_KINDS]; /* registers: losses of this program, by member of struct drops */
};

struct string_state {
	VEC(const char *) all;
	struct strmap *ids; /* + 1 */
	bool looked_up;	    /* at run time */
};

struct scratch_state {
	int reg;	 /* register: this program's entry */
	size_t take_at;	 /* where in the program it is taken */
	int busy;	 /* label: none is free */
	uint32_t used;	 /* bytes in use by the statement at hand */
	uint32_t need;	 /* by this program at the most */
	uint32_t size;	 /* by any program */
	uint32_t behind; /* bytes behind all, which routines may read (compute.c) */
};

struct fault_state {
	int label;     /* of the clause at hand; -1: none */
	int recording; /* label: the same, where there is an open record to throw away */
	int end;       /* label: where the clause ends */
	uint32_t epid;
	int kind, addr; /* registers */
	int statement;	/* number, from 1; 0: the predicate */
	bool used, used_recording;
};

/* Where the clauses of a firing are; see firing.c. */
enum firing_kind { FIRING_INLINE, FIRING_DECIDED, FIRING_RESUMED };

struct firing_state {
	enum firing_kind kind;
	uint32_t slot; /* of the next number carried */
	int lost;
};

struct record_state {
	VEC(struct action) actions;
	bool open;
	bool exits;
	int epid;	   /* of the enabling being filled; -1: none */
	int reg;	   /* register: the reserved record, while open */
	int wake;	   /* register: whether it wakes the consumer, as the helpers take it */
	uint32_t off;	   /* its size so far */
	size_t size_at[2]; /* where in the code its size stands */
	int tag;	   /* speculate.c: register, of the speculation; -1: none */
};

struct emit_state {
	struct cache_state cache;
	struct map_state map;
	struct string_state string;
	struct scratch_state scratch;
	struct fault_state fault;
	struct record_state record;
	struct firing_state firing;

	/* emit.c: the program, the clause */
	const struct hook *hook;
	const struct probe *probe;
	const struct clause *clause;
	uint32_t clause_id;
	long way_branch_mark; /* of the cache, while a clause has its own */
	int ctx;
	int time; /* once.c: register, 0 while nobody has asked; -1: there is none */
	bool careful, compact;
	bool failed;
	VEC(struct enabling) enablings;
	VEC(struct agg_def) aggs;
};

/* fault.c */
void fault_begin(struct emit *e, int end);
void fault_end(struct emit *e);

/* record.c */
void record_begin(struct emit *e);
void record_discard(struct emit *e);
/* Room of so many bytes (a register) in this CPU's ring; else the drop is counted: full. The flags
 * (a register) to submit or discard it with. */
int record_reserve(struct emit *e, int rec, int size, unsigned drop, int full, int cpu);

/* speculate.c: a record of so many bytes (a register); one too many is counted: full. */
void speculate_account(struct emit *e, int tag, int size, int full);

/* scratch.c */
#define SCRATCH_HEAD 16 /* of an entry: whose it is, and the firing's time (firing.c) */
void scratch_begin(struct emit *e);
void scratch_restart(struct emit *e); /* for the next way */
void scratch_use(struct emit *e, uint32_t end);
bool scratch_has(const struct emit *e, struct place at);
void scratch_find(struct emit *e, int lost);

/* once.c */
void emit_set_time(struct emit *e, int reg);

/* cache.c */
int cache_find(struct emit *e, const void *tag, struct place at, unsigned size);
void cache_add(struct emit *e, const void *tag, struct place at, unsigned size, int reg);

/* memory.c: bpf_probe_read_kernel(to, size, at), result register */
int memory_probe_read(struct emit *e, struct place to, struct place at, uint32_t size);
void memory_load_word(struct emit *e, struct place at, int reg, unsigned size);

/* text.c: the string as bytes in memory, NUL-padded to cap. */
void text_to_bytes(struct emit *e, struct value *v, uint32_t cap);
void text_store(struct emit *e, const struct value *v, struct place to, uint32_t cap);
/* Bytes that text_store() may write, of them cap of value. */
uint32_t text_room(struct strrep rep, uint32_t cap);
void text_name_clean(struct emit *e, const struct value *v, int *w0, int *w1);
uint64_t text_word(const char *text, unsigned word);

/* map.c: the maps that every script has; at the end, sizes and contents */
void map_init(struct emit *e, bool one_ring);
void map_begin(struct emit *e); /* a program */
void map_finish(struct emit *e);

/* string.c: the literals that programs look up at run time */
void string_fill(struct emit *e, struct map_def *m);
uint32_t string_stride(const struct emit *e); /* bytes of each */
/* The entry of a literal (register id) in the map of all literals. */
struct place string_bytes(struct emit *e, int id);
/* An address as its text says, if it is the one text that inet_ntop() gives. */
bool string_address(const char *text, struct item_addr *a);

/* compute.c: a long string of bytes against another: as memcmp(). */
int compute_compare(struct emit *e, const struct value *a, const struct value *b);
