/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types: C and D types, and the kernel's through BTF, read lazily by name.
 *
 * One struct types per compilation. Names are looked up among the D types
 * declared so far, then in BTF. A struct's members are filled in on the first
 * types_member(); until then only its name and size are known.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/suggest.h"

enum type_kind {
	TYPE_VOID,
	TYPE_INT,   /* integers, char, _Bool */
	TYPE_FLOAT, /* only as C headers and BTF bring it */
	TYPE_ENUM,
	TYPE_POINTER,
	TYPE_ARRAY,
	TYPE_STRUCT,
	TYPE_UNION,
	TYPE_FORWARD, /* declared, never defined */
	TYPE_FUNCTION,
	TYPE_TYPEDEF, /* base is what it stands for */
	TYPE_STRING,  /* D's string */
	TYPE_CODE,    /* what stack(), sym() and the like record; count: frames, or 0 */
};

struct type;

struct member {
	/* NULL: an anonymous struct or union, an unnamed bit-field; of type void: a function's
	 * "..." */
	const char *name;
	struct type *type;
	uint32_t bit_offset; /* from the start of the aggregate, little endian */
	uint32_t bit_size;   /* of a bit-field, else 0 */
};

struct enumerator {
	const char *name;
	int64_t value;
};

struct type {
	enum type_kind kind;
	const char *name;	/* without struct/union/enum; NULL if it has none */
	uint64_t size;		/* bytes */
	bool is_signed;		/* TYPE_INT, TYPE_ENUM */
	bool is_char;		/* a character type: arrays of it are strings */
	bool from_kernel;	/* from BTF */
	uint32_t btf_id;	/* of a BTF type, else 0 */
	struct type *base;	/* target of pointer, element, aliased type, return type */
	uint64_t count;		/* TYPE_ARRAY: elements */
	struct member *members; /* TYPE_STRUCT, TYPE_UNION, TYPE_FUNCTION (parameters) */
	uint32_t nmembers;
	struct enumerator *enumerators;
	uint32_t nenumerators;
	bool complete;		     /* members or enumerators are filled in */
	struct type *pointer_to;     /* cache of types_pointer() */
	enum type_kind tag_kind;     /* TYPE_FORWARD: TYPE_STRUCT or TYPE_UNION */
	uint32_t align;		     /* private to types: bytes, 0 while nobody asked */
	struct type *canonical_next; /* private to types */
	struct strmap *by_name;	     /* private to types: members of a big struct, or NULL */
};

struct types;

/*
 * btf_path: a file with raw BTF, NULL for the running kernel's. It is opened
 * only when a name is asked for that D does not have. LP64.
 */
struct types *types_new(struct arena *a, const char *btf_path);
void types_free(struct types *ts);

/*
 * The basic types, by their C spelling in canonical form: "void", "char",
 * "signed char", "unsigned char", "short", "unsigned short", "int",
 * "unsigned int", "long", "unsigned long", "long long", "unsigned long long",
 * "_Bool", "float", "double", "string". Never NULL for these.
 */
struct type *types_basic(struct types *ts, const char *name);

/*
 * Libraries and the program declare types apart: a program may have others under
 * a library's names, which libraries don't see. On: a text of the program is read,
 * whose declarations are the program's and whose look-ups find these first. Off,
 * as at first: declarations and look-ups are of libraries. Gives what it was.
 */
bool types_read_program(struct types *ts, bool on);

/* Typedefs of D and C (uint64_t, pid_t, ipaddr_t, …), then BTF's typedefs and base types (u32).
 * NULL if there is none. */
struct type *types_typedef(struct types *ts, const char *name);

/* The same without a look into BTF. */
struct type *types_own_typedef(struct types *ts, const char *name);
struct type *types_own_tag(struct types *ts, enum type_kind kind, const char *name);

/* struct, union or enum by tag; NULL if neither D nor BTF has it. */
struct type *types_tag(struct types *ts, enum type_kind kind, const char *name);

struct type *types_pointer(struct types *ts, struct type *to);
struct type *types_array(struct types *ts, struct type *of, uint64_t count);
/* name: as messages say it. */
struct type *types_code(struct types *ts, const char *name, uint64_t frames);
struct type *types_function(struct types *ts, struct type *returns, struct member *params,
			    uint32_t n);

/* Declarations of a D program. They fail (-EEXIST) when D has a different definition under the name
 * already. */
int types_declare_typedef(struct types *ts, const char *name, struct type *is);
/*
 * Lays a struct or union out after C's rules (bit-fields too); bit_offset of the
 * given members is filled in. name NULL: anonymous. The members are copied, names
 * must live as long as the arena. An unnamed member of integer type is an unnamed
 * bit-field; with bit_size 0 the one of width 0.
 *
 * members NULL: a forward declaration. It gives the TYPE_FORWARD (or the definition
 * D has already) without a look into BTF; the definition completes that same
 * object. A parser calls this at "struct NAME {", so that the body can point to the
 * struct; for "struct NAME" without a body it asks types_tag() first.
 *
 * NULL on failure, with errno EEXIST (D has another definition), EINVAL (a member
 * of incomplete type or a bad bit-field), ENOTUNIQ (two members of one name),
 * EOVERFLOW (too big).
 */
struct type *types_declare_struct(struct types *ts, enum type_kind kind, const char *name,
				  struct member *members, uint32_t n);
/* NULL with errno EEXIST when the tag or an enumerator is taken. size 4, or 8 if a value needs it.
 */
struct type *types_declare_enum(struct types *ts, const char *name, struct enumerator *e,
				uint32_t n);

/* An enumerator of D, then of BTF. True and *value, *type (the enum). */
bool types_enumerator(struct types *ts, const char *name, int64_t *value, struct type **type);

/* Strips typedefs. */
struct type *type_resolve(struct type *t);

/*
 * A member by name, through anonymous members; bit_offset in *out counts from
 * the start of t. False if there is none (then s, if given, gets the candidates).
 */
bool types_member(struct types *ts, struct type *t, const char *name, struct member *out,
		  struct suggest *s);
/* Fills in the members or enumerators of a BTF type. */
void types_complete(struct types *ts, struct type *t);

bool type_is_integer(struct type *t);		/* integer or enum */
bool type_is_scalar(struct type *t);		/* integer, enum, pointer */
bool type_is_string(struct type *t);		/* D string or array of characters */
bool type_is_struct(struct type *t);		/* struct or union */
bool type_same(struct type *a, struct type *b); /* after resolving; structs by identity or by tag */

/* "struct sk_buff *", "char [16]": the type as C writes it. */
void type_print(struct type *t, struct buf *out);
const char *type_name(struct arena *a, struct type *t);

/* The id that bpf_prog_load wants as attach_btf_id for tp_btf: of typedef btf_trace_NAME. 0 if the
 * kernel has none. */
uint32_t types_tracepoint_btf_id(struct types *ts, const char *name);
/* The same for an iterator: of function bpf_iter_NAME. */
uint32_t types_iterator_btf_id(struct types *ts, const char *name);
/* 0, or -errno when BTF was wanted and could not be read (ENOENT: kernel without BTF). Set by the
 * first look-up. */
int types_btf_error(const struct types *ts);
