/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the compiler gives and the engines and reports take: BPF programs,
 * their maps, and the layout of what they record.  Plain data in one arena.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "ir/ir.h"
#include "program/hook.h"
#include "program/probe.h"

struct agg_func;
struct names;
struct types;

/* How a value lies in a record, a key or an associative array. */
enum item_kind {
	ITEM_INT,   /* size bytes (1, 2, 4, 8), host order */
	ITEM_BYTES, /* string: size bytes, NUL-terminated unless full */
	ITEM_STRID, /* string: uint32_t index into program.strings */
	ITEM_ADDR,  /* string: struct item_addr */
	ITEM_NAME,  /* string: 16 bytes, a kernel name (comm, interface); what follows the NUL is
		       noise */
	ITEM_NAMED, /* string: struct item_named */
	ITEM_MEM,   /* size raw bytes: tracemem, structs by value */
	ITEM_STACK, /* uint64_t pid (0: the kernel), and addresses to the first 0 */
};

/* An address that becomes text in user space. */
struct item_addr {
	uint8_t addr[16]; /* v4: the first four bytes, network order; literal: first four bytes are
			     a string id (host order) */
	uint32_t family;  /* 4, 6; 0: addr begins with an index into program.strings */
	uint32_t zero;
};

/* A number that becomes a name in user space. */
struct item_named {
	uint64_t number; /* NAMING_NONE: an index into program.strings */
	uint64_t naming; /* enum naming; of code of a process, above 32 bits its pid */
};

/* Of the kernel's stack more frames are recorded: those that our program stands in. */
#define STACK_OURS 8

struct item {
	enum item_kind kind;
	uint32_t offset; /* in the record or key */
	uint32_t size;
	bool is_signed;	   /* ITEM_INT */
	struct type *type; /* D type: for trace() and print() */
	const char *name;  /* the D expression, for forms that name values; else NULL */
};

/* Every record begins with this; items' offsets count from its first byte. */
struct record_head {
	uint32_t epid; /* index into program.enablings */
	uint32_t size; /* of the whole record */
	uint64_t time; /* CLOCK_MONOTONIC ns at the firing */
};

struct taking;

/*
 * What the consumer does with an action's part of a record. The action's row in
 * action/ has it, and the program points to it: so the consumer knows no action.
 */
struct action_type {
	void (*take)(const struct taking *t);
	bool reads_aggs; /* it needs the aggregations as they are then */
	bool apart;	 /* it prints nothing itself, and comes before what its record prints */
};

struct action {
	const struct action_type *type;
	const char *name; /* as D calls it */
	const char *format;
	struct item *items;
	int nitems;
	int *aggs; /* indices into program.aggs */
	int naggs;
	struct loc loc;
};

/* What a clause enabled on a probe records: one for each run of statements that does not branch. */
struct enabling {
	const struct probe *probe;
	uint32_t id; /* DTrace's enabled probe id, from 1: the same for all of a clause */
	struct action *actions; /* none: the default action (the probe line alone) */
	int nactions;
	/* Of a clause that goes on in another program: its record goes on where another ended, or
	 * another goes on where it ends. */
	bool joins_before, joins_after;
	bool speculative; /* its records have a speculation's tag behind the head */
	uint32_t record_size;
};

/* Behind the head of a speculative record. */
#define RECORD_TAG_AT sizeof(struct record_head)

struct agg_def {
	const char *name; /* without @ */
	const struct agg_func *func;
	int64_t params[8];
	int nparams;
	bool is_signed;
	struct item *keys; /* offsets in the key, which begins with the generation (uint64_t) */
	int nkeys;
	uint32_t key_size; /* with the generation; 4 with no keys: an index */
	uint32_t nwords;   /* int64_t words of a value */
	int map;	   /* index into program.maps */
};

enum map_role {
	MAP_CONTROL, /* array of one struct control, mmapable */
	MAP_RINGS,   /* array of maps, one ring buffer for each CPU, which the engine makes; one
			ring: that itself */
	MAP_DATA,    /* read-only array: init bytes */
	MAP_PLAIN,   /* anything else: globals, associative arrays */
	MAP_SCRATCH, /* array: SCRATCH_LEVELS entries for each CPU, one after the other */
	MAP_AGG, /* per-CPU hash: key begins with uint64_t generation; per-CPU array of two (index:
		    generation) if unkeyed */
	MAP_PROGS,   /* program array: parts of the hook_program whose progs_map it is */
	MAP_DROPS,   /* per-CPU array of one struct drops */
	MAP_TIMED,   /* hash: a value begins with the time (uint64_t, CLOCK_MONOTONIC) from which on
			ROLE_TIMEOUT is run for it, which removes it */
	MAP_SOCKET,  /* storage of sockets: value_size bytes with each, gone with it */
	MAP_PROCESS, /* read-only array of one struct process */
	MAP_TASK,    /* read-only array: what the program's task_facts say, and nothing else */
};

/* So many programs may be under way on one CPU, one interrupting the other. */
#define SCRATCH_LEVELS 8

struct map_def {
	const char *name;
	enum map_role role;
	enum bpf_map_type type;
	uint32_t key_size, value_size, max_entries, flags;
	const void *init; /* MAP_DATA: value_size bytes */
};

/*
 * The process that runs the programs, and a model of its task_struct: for an
 * engine that has no kernel whose current task could be asked.
 */
struct process {
	uint32_t pid, tid, ppid, uid, gid, euid, egid, one;
	char name[16];
};

struct task_fact {
	uint32_t offset; /* in MAP_TASK's value */
	uint32_t size;
	bool is_address; /* of what lies at `from` in that value; else a field of struct process */
	uint32_t from;	 /* offset in that value, or in struct process */
};

/* A fault: epid FAULT_EPID, and then this behind the head. */
#define FAULT_EPID 0xffffffffu
struct fault {
	struct record_head head;
	uint32_t epid;
	uint32_t kind;	 /* DTRACEFLT_* */
	uint32_t action; /* index, from 1, of the statement; 0: the predicate */
	uint32_t pad;
	uint64_t address;
};

/* MAP_CONTROL: how user space and the programs talk. */
enum activity { ACTIVITY_OFF, ACTIVITY_ACTIVE, ACTIVITY_DRAINING /* exit() was called */ };

#define WAKE_NEVER INT64_MAX

struct control {
	uint32_t activity; /* a program does nothing unless ACTIVE (but for those that the consumer
			      alone runs: see role) */
	uint32_t
		ending; /* what is kept for a moment is looked for a last time: all of it is over */
	uint64_t generation; /* of aggregations: 0 or 1 */
	int64_t wall_offset; /* walltimestamp = timestamp + this */
	int64_t wake_at;     /* bytes: a program that finds more than that in its ring wakes the
				consumer     and sets this to WAKE_NEVER; the consumer gives it before
				it     sleeps */
	uint64_t zero;	     /* always 0, which the kernel's verifier does not know */
	struct fault error;  /* what dtrace:::ERROR is told; the consumer writes it before it fires
				that */
	/* exit() was called where the ring was full, so that no record tells of it. */
	uint32_t exited;
	int32_t exit_status;
};

/* MAP_DROPS, for each CPU, counted by the programs. */
struct drops {
	uint64_t records;	  /* ring full */
	uint64_t aggregations;	  /* map full */
	uint64_t dynamic;	  /* associative or thread-local map full */
	uint64_t errors;	  /* faults whose ERROR record was lost */
	uint64_t connections;	  /* not followed: MAP_TIMED full, no room with the socket */
	uint64_t speculations;	  /* records beyond specsize */
	uint64_t no_speculations; /* speculation(): all were in use */
};

enum {
	FLT_UNKNOWN,
	FLT_BADADDR,
	FLT_BADALIGN,
	FLT_ILLOP,
	FLT_DIVZERO,
	FLT_NOSCRATCH,
	FLT_KPRIV,
	FLT_UPRIV,
	FLT_TUPOFLOW,
	FLT_BADSTACK
};

/* The program for one hook; where a probe has a program of its own, for one probe. */
struct hook_program {
	enum role role;
	const struct hook *hook;
	struct probe *probe; /* ROLE_EVENT: NULL */
	struct ir_code code;
	uint32_t attach_btf_id; /* tp_btf, iterators */
	/* Programs that go on where this one calls them, entries of a MAP_PROGS; none: -1 */
	int progs_map;
	struct ir_code *parts;
	int nparts;
};

struct program {
	struct arena *arena;
	struct types *types; /* the owner's: open as long as the program is */
	struct map_def *maps;
	int nmaps;
	int control_map, rings_map, drops_map; /* indices */
	bool one_ring; /* the consumer runs all programs itself: one ring does for all CPUs */
	struct hook_program *programs;
	int nprograms;
	struct enabling *enablings;
	int nenablings;
	struct agg_def *aggs;
	int naggs;
	struct names *names;  /* for ITEM_NAMED; NULL: there is none */
	const char **strings; /* [0] is "" */
	int nstrings;
	struct task_fact *task_facts; /* MAP_TASK */
	int ntask_facts;
};
