/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BPF machine: runs in user space what the compiler makes for the kernel.
 *
 * The kernel's verifier has not seen the program, so each access is checked as
 * it happens.  What a program does that it must not is a fault of the compiler:
 * it stops there, and the fault says where.
 */
#pragma once

#include "replay/code.h"
#include "replay/map.h"

#define MACHINE_FRAMES 80 /* 33 programs that call onward, with what they call */
#define MACHINE_STACK 512

struct frame {
	const struct step *back;
	const struct code *code;
	uint64_t saved[5]; /* r6 to r10 */
	uint16_t set;	   /* careful: registers that held something */
	/* Of bpf_loop(): the function that it calls, NULL otherwise. */
	const struct step *loops;
	uint64_t turn, turns, with;
};

struct machine_fault {
	const char *what; /* NULL: none */
	const struct code *code;
	uint32_t insn;
	uint64_t address;
};

struct machine {
	struct memory memory;
	struct map *maps;
	int nmaps;
	struct ring_set rings;
	int cpu;
	uint64_t time; /* what programs are told; 0: the system's */
	bool woken;    /* a program asks to be heard */
	/* Of the run that is under way, or was last: */
	unsigned depth, tail_calls, turns;
	int reserved; /* records that are not yet submitted */
	uint8_t *stacks;
	struct frame frames[MACHINE_FRAMES];
	struct machine_fault fault;
	/* A machine that also refuses what only the verifier would (careful.c). */
	bool careful;
	uint16_t set;
};

/* Bytes of the machine's memory for its stacks. */
uint64_t machine_stack_room(void);
int machine_stack_open(struct machine *m);
/* Runs a program; its result, or -EFAULT and m->fault. */
int machine_run(struct machine *m, const struct code *c, uint64_t context, uint64_t *result);
/* For helpers. Gives 0. */
uint64_t machine_stop(struct machine *m, const char *what, uint64_t address);
/* A map as programs know it, or NULL after machine_stop(). */
struct map *machine_map(struct machine *m, uint64_t map);
/* Memory that a helper reads or writes; NULL after machine_stop(). */
const void *machine_input(struct machine *m, uint64_t at, uint64_t size);
void *machine_output(struct machine *m, uint64_t at, uint64_t size);

/* careful.c: before i; what is wrong with it, or NULL. */
const char *careful_check(struct machine *m, const struct step *next, const struct bpf_insn *i,
			  const uint64_t *r);
void careful_frame(struct machine *m);
