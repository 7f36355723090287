/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the checker's files share.
 *
 * Every check_…() that types a node writes n->type and returns it; NULL stands
 * for "already reported": whoever meets it stays silent, so one mistake gives
 * one message. Types are kept as written (typedefs included); look at them
 * through type_resolve().
 */
#pragma once

#include "base/format.h"
#include "builtin/builtin.h"
#include "lang/check.h"

/*
 * Nested expressions and inlines together. The parser refuses deeper nesting by
 * itself; inlines that use inlines could still pile up.
 */
#define CHECK_DEPTH_MAX 1500

/* One text being checked: a clause, or the expression of an inline or translator. */
struct check {
	struct script *s;
	struct check_args args;
	bool *unknown;		/* set where args[] is read though no probe matched; or NULL */
	const char *no_args;	/* why args[] is not to be had here; NULL in a clause */
	struct symbol **params; /* in scope: of an inline or a translator */
	int nparams;
	int depth;
	const char *first_error; /* message of the first mistake found in this text */
};

/* check.c */
void check_error(struct check *ck, struct loc at, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Starts *s, or gives NULL where no hint is wanted any more. */
struct suggest *check_suggests(struct check *ck, struct suggest *s, const char *wanted);
void check_suggest(struct check *ck, const struct suggest *s); /* takes NULL */
const char *check_typename(struct check *ck, struct type *t);
/*
 * Runs expr of an inline or translator in a scope of its own. False and *why if
 * it is wrong. The errors of a library are dropped: its user gets them quoted.
 */
bool check_apart(struct check *ck, struct node *expr, struct symbol **params, int nparams,
		 const char *no_args, struct type *to, const char **why);

/* check_type.c */
struct type *check_basic(struct check *ck, const char *name);
struct type *check_type_text(struct script *s,
			     const char *text); /* "struct sk_buff *"; NULL: not known */
struct type *check_promote(struct check *ck, const struct node *n);
struct type *check_common(struct check *ck, struct type *a, struct type *b); /* both promoted */
struct type *check_decay(struct check *ck, struct type *t);		     /* array to pointer */
bool check_is_null(const struct node *n); /* the constant 0 or NULL */
bool check_is_strcompat(struct type *t);  /* string, char array, char pointer */
bool check_pointers_agree(struct type *a, struct type *b);
void check_empty_string(struct check *ck, struct node *n); /* made of NULL */
/* Makes stringof(n) of characters, in an array or pointed to, where a string is wanted. */
void check_to_string(struct check *ck, struct node *n);
/* May n be assigned to a value of type to? Makes the conversions that the tree shows. */
bool check_assignable(struct check *ck, struct type *to, struct node *n);

/* check_expr.c */
struct type *check_expr(struct check *ck, struct node *n);
/* An expression whose value is used: not void, no aggregation, no translated struct as a whole. */
struct type *check_value(struct check *ck, struct node *n);
struct type *check_condition(struct check *ck, struct node *n, const char *what);
bool check_scalar(struct check *ck, const struct node *n, const char *what);

/* check_name.c */
struct type *check_name(struct check *ck, struct node *n);
struct type *check_index_name(struct check *ck,
			      struct node *n); /* NODE_INDEX whose left is a name */
/* The left side of an assignment of a value of type t (by n: NULL for ++); declares what is new. */
struct type *check_target(struct check *ck, struct node *target, struct type *t,
			  const struct node *from, struct loc at);
/* Variables of which the type could not be found do not exist. */
void check_forget_untyped(struct script *s);
/* Number and types of args agree with keys (what: "last[ ]"); implicit keys grow with their use. */
bool check_keys(struct check *ck, struct node *args, struct type **keys, int nkeys, bool grow,
		struct loc at, const char *what, const char *tag_len, const char *tag_arg);
struct type **check_key_types(struct check *ck, struct node *args, int *nkeys, bool promote);
int check_count(const struct node *list);
void check_unused_inlines(
	struct check *ck); /* the script's own: mistakes in what nobody uses are mistakes too */

/* check_member.c */
struct type *check_member(struct check *ck, struct node *n);
struct type *check_index(struct check *ck, struct node *n); /* of a pointer or array */
struct type *check_address(struct check *ck, struct node *n);
struct type *check_xlate(struct check *ck, struct node *n);
struct type *check_arg(struct check *ck, struct node *n); /* args[N] */
struct type *check_offsetof(struct check *ck, struct node *n);
void check_unused_translators(struct check *ck);

/* check_kernel.c */
struct type *check_kernel(struct check *ck, struct node *n);	     /* `name */
struct type *check_kernel_address(struct check *ck, struct node *n); /* &`name */

/* check_call.c */
struct type *check_call(struct check *ck, struct node *n);
/* As a statement of its own, as which actions may stand. */
void check_call_statement(struct check *ck, struct node *n);
/* As a key or an argument of an action: stack() and sym() may stand there. */
struct type *check_recorded(struct check *ck, struct node *n);
/* args against a prototype in the spelling of struct builtin. */
bool check_proto(struct check *ck, struct node *n, const char *what, const char *proto);

/* check_agg.c */
struct aggregation *check_agg_name(struct check *ck, struct node *n);
void check_aggregate(struct check *ck, struct node *n);

/* check_speculation.c */
void check_speculation(struct check *ck, const struct node *body);

/* check_printf.c */
bool check_printf(struct check *ck, struct node *call, struct node *format);
bool check_printa(struct check *ck, struct node *call, struct node *format, struct node *aggs);
void check_printa_later(struct script *s);

/* fold.c */
uint64_t fold_convert(uint64_t v, struct type *t);
void fold_set(struct node *n, uint64_t v, struct type *t);
void fold_unary(struct node *n);
void fold_binary(struct node *n);
void fold_cond(struct node *n);
void fold_cast(struct node *n);
