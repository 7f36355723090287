/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree: what the parser builds and the checker completes.
 *
 * The fields under "checker" are NULL or 0 after parsing. After checking every
 * expression has a type, every name a symbol, constants are folded to NODE_INT,
 * and what the language leaves implicit (translators, conversions of the usual
 * arithmetic kind) is written down where said below.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/options.h"
#include "types/type.h"

struct agg_func;
struct builtin;
struct probe;

enum node_kind {
	/* expressions */
	NODE_INT,      /* value; parser gives int/unsigned/long/… by C's rules in type */
	NODE_STRING,   /* text, length */
	NODE_NAME,     /* [this-> | self->] name */
	NODE_KERNEL,   /* `name or module`name */
	NODE_UNARY,    /* op left */
	NODE_BINARY,   /* left op right; also && || ^^ and the comma */
	NODE_ASSIGN,   /* left op= right; op OP_NONE is plain = */
	NODE_COND,     /* left ? right : third */
	NODE_CALL,     /* name(args) */
	NODE_INDEX,    /* left[args]; several keys for associative arrays */
	NODE_MEMBER,   /* left.name (op OP_DOT) or left->name (op OP_ARROW) */
	NODE_CAST,     /* (type)left */
	NODE_SIZEOF,   /* sizeof(type) or sizeof left; folded by the checker */
	NODE_OFFSETOF, /* offsetof(type, name) with name "a.b"; folded by the checker */
	NODE_XLATE,    /* xlate <type>(left) */
	NODE_AGG,      /* @name or @name[args]; "" is the unnamed one */
	NODE_ARG,      /* made by the checker of args[value] */
	/* statements, linked by next */
	NODE_EXPR,	/* left; */
	NODE_IF,	/* if (left) right else third; each arm a statement or NULL */
	NODE_BLOCK,	/* { args } */
	NODE_AGGREGATE, /* left (NODE_AGG) = call (right, NODE_CALL) */
};

/* clang-format off */
enum op {
	OP_NONE,
	/* binary */
	OP_MUL, OP_DIV, OP_MOD, OP_ADD, OP_SUB, OP_SHL, OP_SHR,
	OP_LT, OP_LE, OP_GT, OP_GE, OP_EQ, OP_NE,
	OP_AND, OP_XOR, OP_OR, OP_LAND, OP_LXOR, OP_LOR, OP_COMMA,
	/* unary */
	OP_PLUS, OP_NEG, OP_NOT /* ! */, OP_INVERT /* ~ */, OP_DEREF, OP_ADDR,
	OP_PREINC, OP_PREDEC, OP_POSTINC, OP_POSTDEC,
	OP_STRINGOF,
	/* members */
	OP_DOT, OP_ARROW,
};
/* clang-format on */

enum scope { SCOPE_GLOBAL, SCOPE_SELF, SCOPE_THIS };

enum symbol_kind {
	SYM_VARIABLE, /* global, self-> or this->; nkeys > 0: associative array */
	SYM_INLINE,   /* inline TYPE name [params] = expr */
	SYM_PARAM,    /* of an inline; the identifier of a translator */
	SYM_BUILTIN,  /* timestamp, pid, … */
};

struct symbol {
	enum symbol_kind kind;
	const char *name;
	struct loc loc;
	struct type *type; /* of a value (an element, for an array); NULL while unknown */

	/* SYM_VARIABLE */
	enum scope scope;
	struct type **keys; /* types of the tuple */
	int nkeys;
	bool declared;	  /* explicitly, not by its first use */
	bool assigned;	  /* somewhere in the program */
	bool has_address; /* & was applied to it */
	bool for_text;	  /* it has the size of a string, and of a word behind it */
	int id;		  /* dense over all variables of the script */
	void *place;	  /* the code generator's */
	const struct translator
		*xlator; /* holds a native value that is seen through it (self->so = args[0]) */

	/* SYM_INLINE: keys/nkeys give the parameters' types */
	struct symbol **params;
	struct node *expr;
	bool checked, checking; /* expr: checked once, on first use; recursion is an error */
	const char *why;	/* checked and found wrong: what the first error said */

	/* SYM_BUILTIN */
	const struct builtin *builtin;
	struct symbol *next;
};

/* One member of a translator. Its expression is checked on first use. */
struct xmember {
	const char *name;
	struct loc loc;
	struct node *expr; /* NULL: refused */
	struct type *type; /* of the output struct's member */
	bool checked, failed;
	bool refused;	 /* by the translator: it is not to be had, and why says what is instead */
	const char *why; /* failed: what the first error said */
	struct xmember *next;
};

/* translator OUT < IN id > { members } */
struct translator {
	struct loc loc;
	struct type *out; /* the struct */
	struct type *in;  /* as written: usually a pointer */
	struct symbol *param;
	struct xmember *members;
	struct strmap *by_name; /* to struct xmember */
	struct translator *next;
	struct translator *next_to; /* of those to structs of one name */
};

struct aggregation {
	const char *name;	     /* "" for @ */
	struct loc loc;		     /* first aggregating use */
	int id;			     /* dense, from 0, in order of first use */
	const struct agg_func *func; /* NULL until an aggregating statement was seen */
	struct type **keys;
	int nkeys;
	int64_t params[8]; /* constant parameters of the function (lquantize: low, high, step) */
	int nparams;
	bool is_signed;	  /* of the aggregated expression: how sum, min, max and avg print */
	bool counts_back; /* by increments, so that its counts may come to 0 again */
	bool is_read;	  /* an action takes it as a whole: printa(), clear(), ... */
	void *place;	  /* the code generator's */
	struct aggregation *next;
};

struct node {
	enum node_kind kind;
	enum op op;
	struct loc loc;
	struct node *left, *right, *third;
	struct node *args; /* first of a list linked by next */
	struct node *next;
	const char *name; /* also the text of NODE_STRING (NUL-terminated, may contain NUL: see
			     length) */
	size_t length;
	uint64_t value;
	enum scope scope; /* NODE_NAME */
	uint32_t height; /* of an expression's tree, from 1: at most TREE_MAX_HEIGHT, so that passes
			    may recurse on it */
	struct type *cast_to; /* NODE_CAST, NODE_SIZEOF (or NULL), NODE_OFFSETOF, NODE_XLATE */

	/* checker */
	struct type *type;
	struct symbol *sym; /* NODE_NAME; NODE_INDEX of an array variable or inline (sym of left) */
	const struct builtin *builtin;	 /* NODE_CALL, NODE_NAME of a built-in variable */
	const struct translator *xlator; /* NODE_ARG, NODE_XLATE: the value is seen through it */
	const struct xmember *xmember;	 /* NODE_MEMBER of such a value: what it means */
	uint32_t bit_offset, bit_size;	 /* NODE_MEMBER otherwise */
	struct aggregation *agg;	 /* NODE_AGG */
	uint32_t number; /* statements, but blocks: from 1 in each clause, as a fault names them */
	struct type *
		operand_type; /* NODE_BINARY, NODE_COND, NODE_ASSIGN with op: the common type the
				 operands are converted to; the string type for string comparison */
};

#define TREE_MAX_HEIGHT 4000 /* the parser refuses higher expressions */

struct probe_desc {
	struct loc loc;
	const char *text;				 /* as written */
	const char *provider, *module, *function, *name; /* "" where not given; globs allowed */
	uint32_t id;					 /* numeric description, else 0 */
	struct probe_desc *next;
};

struct clause {
	struct loc loc;
	struct probe_desc *descs;
	struct node *predicate; /* or NULL */
	struct node *body;	/* first statement, or NULL */
	bool has_body; /* { } was written (an empty one traces nothing; none at all is the default
			  action) */
	struct clause *next;
};

struct pragma_option {
	struct loc loc;
	const char *name, *value; /* value NULL if none */
	struct pragma_option *next;
};

struct macro_args {
	const char **argv; /* $1 is argv[1], $0 is argv[0] */
	int argc;
	bool *used;		 /* argc entries, or NULL */
	struct options *options; /* defaultargs: what $n is if it was not given; or NULL */
	int64_t target;		 /* $target, 0: none */
	bool target_used;
};

enum depends_on { DEPENDS_ON_LIBRARY, DEPENDS_ON_PROVIDER, DEPENDS_ON_MODULE };

/* How a text gets at the D libraries. All NULL: there are none. */
struct script_libraries {
	void (*read_all)(void *arg); /* that were not read yet; their mistakes hurt nobody */
	/* #pragma D depends_on of a text that is no library */
	void (*depend)(void *arg, enum depends_on on, const char *name, struct loc at);
	void *arg;
};

/* A whole program: the user's texts and the libraries it pulled in. */
struct script {
	struct arena *arena;
	struct types *types;
	struct diag *diag;
	struct clause *clauses, **clauses_tail;
	struct translator *translators, **translators_tail;
	struct strmap *translators_to; /* the last to each struct, by its name */
	struct strmap *globals;	       /* name -> struct symbol: variables and inlines */
	struct strmap *selfs, *thises;
	struct symbol *variables, **variables_tail; /* all SYM_VARIABLE, by id */
	int nvariables;
	struct aggregation *aggs, **aggs_tail;
	struct strmap *agg_names; /* name -> struct aggregation */
	int naggs;
	struct pragma_option *options, **options_tail;
	struct macro_args *macros;
	struct script_libraries libraries;
	bool destructive; /* option destructive, -w: what changes the system is permitted */
	struct symbol *token_memory; /* strtok()'s; or NULL */
	struct check_later
		*check_later; /* the checker's: each printa() of what is aggregated further down */
};

struct script *script_new(struct arena *a, struct types *ts, struct diag *d, struct macro_args *m);
/* For a name that nothing defines: reads all libraries, once. False: there was nothing to read. */
bool script_read_libraries(struct script *s);
/* The translator that makes out from in, or NULL. */
struct translator *script_translator(const struct script *s, struct type *out, struct type *in);
/* Memory in each firing that has no name in D: of this type, or for a text. */
struct node *script_memory(struct script *s, struct type *t, bool for_text, struct loc at);
void script_add_translator(struct script *s, struct translator *x);
struct node *node_new(struct script *s, enum node_kind kind, struct loc at);
/* A deep copy without what the checker wrote: a clause whose probes differ in their arguments is
 * checked once for each. */
struct node *node_clone(struct script *s, const struct node *n);
struct clause *clause_clone(struct script *s, const struct clause *c);
