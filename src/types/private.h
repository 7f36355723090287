/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of types/ share: the table of types, and the kernel's half of it. */
#pragma once

#include "base/strmap.h"
#include "types/kbtf.h"
#include "types/type.h"

#define BASIC_COUNT 16

/* What the kernel can be asked for by name; the answers are kept, also when there is nothing. */
enum kernel_name {
	KERNEL_TYPEDEF, /* base types too */
	KERNEL_STRUCT,
	KERNEL_UNION,
	KERNEL_ENUM,
	KERNEL_ENUMERATOR,
	KERNEL_FUNCTION,
	KERNEL_NAME_COUNT,
};

/* What D text declares. */
struct declared {
	struct strmap *typedefs;
	struct strmap *tags;	    /* struct, union and enum share one name space */
	struct strmap *enumerators; /* to struct enumerator_of */
};

struct types {
	struct arena *arena;
	struct type basic[BASIC_COUNT];
	struct declared libraries, program;
	bool in_program;	   /* see types_read_program() */
	struct strmap *predefined; /* typedefs that were used */

	const char *btf_path;
	bool btf_tried;
	int btf_error;
	struct kbtf *btf;
	struct type **by_id;  /* on the heap: a type for each BTF id met so far */
	struct type building; /* stands in by_id while the type is being made */
	unsigned depth;
	struct strmap *found[KERNEL_NAME_COUNT]; /* to struct kernel_answer */
};

struct enumerator_of {
	struct type *type;
	int64_t value;
};

/* types.c */
struct declared *types_declared(struct types *ts); /* by the text that is being read */
struct type *types_void(struct types *ts);
/* A type with the fields given, everything else 0; complete. */
struct type *types_make(struct types *ts, enum type_kind kind, const char *name, uint64_t size);
struct type *types_predefined(struct types *ts, const char *name, bool *firm);

/* declare.c */
/* Gives its size to typedefs made when a struct was only announced: canonical_next of that. */
void types_size_typedefs(struct type *aliases, uint64_t size);
uint32_t types_align(struct types *ts, struct type *t);

/* kernel.c: all answer 0 or NULL when there is no BTF. */
uint32_t kernel_find(struct types *ts, enum kernel_name what, const char *name, int64_t *value);
struct type *kernel_type(struct types *ts, uint32_t id);
struct type *kernel_tag(struct types *ts, enum type_kind kind, const char *name);
void kernel_complete(struct types *ts, struct type *t);
void kernel_close(struct types *ts);
