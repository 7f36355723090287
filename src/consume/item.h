/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An item of a record or a key as a value: a number or bytes, whatever form it
 * travelled in.
 */
#pragma once

#include "base/buf.h"
#include "program/program.h"

enum item_value_kind {
	ITEM_VALUE_NONE, /* nothing to print */
	ITEM_VALUE_INT,
	ITEM_VALUE_FLOAT,
	ITEM_VALUE_STRING, /* a text of n bytes, without NUL */
	ITEM_VALUE_MEM,	   /* n raw bytes */
	ITEM_VALUE_STACK,  /* n bytes of addresses */
};

struct names;

struct item_value {
	enum item_value_kind kind;
	bool is_signed;	   /* ITEM_VALUE_INT, ITEM_VALUE_FLOAT from one: of the D type */
	uint32_t size;	   /* ITEM_VALUE_INT: 1, 2, 4, 8 */
	uint64_t bits;	   /* ITEM_VALUE_INT: zero-extended from size */
	double real;	   /* ITEM_VALUE_FLOAT */
	const char *bytes; /* ITEM_VALUE_STRING, ITEM_VALUE_MEM: not NUL-terminated */
	size_t n;
	struct names *names; /* of addresses; or NULL */
	uint32_t pid;	     /* whose; 0: the kernel's */
};

/* Longest text that item_value() has to make up. */
#define ITEM_TEXT 256

/*
 * at points to the item's bytes. Text that lies nowhere yet (an address) is
 * written to text; the value points to it, to the item, or to the program.
 */
struct item_value item_value(const struct program *p, const struct item *it, const void *at,
			     char text[ITEM_TEXT]);
struct item_value item_int(int64_t n);
/* The i-th frame of a stack; 0: there are not so many. */
uint64_t item_frame(const struct item_value *v, size_t i);

/* A number with its sign, from size bytes: as C's int promotes it if the type is signed. */
int64_t item_signed(const struct item_value *v);

/* Equal as keys: the same number, the same text. */
bool item_equal(const struct item_value *a, const struct item_value *b);
/* DTrace's order of keys: bits and bytes, both unsigned. */
int item_compare(const struct item_value *a, const struct item_value *b);
/* Where the ranks of two keys of one place differ, that is their order: bits, or the first bytes.
 */
uint64_t item_rank(const struct item_value *v);
uint64_t item_hash(const struct item_value *v, uint64_t hash);
