/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may stand together with speculate() and commit() in a clause.
 *
 * speculate() holds for what follows in its list of statements, the arms of ifs
 * there included; so it comes first among what records. What changes anything
 * else than the clause's record cannot be speculative. commit() stands alone: a
 * clause that records could not say whether that comes before or behind what is
 * committed.
 */
#include "lang/check_impl.h"

/* What was met so far in a list. */
struct met {
	bool speculates, commits, records;
};

static const struct builtin *action_of(const struct node *n)
{
	const struct node *call = n->kind == NODE_EXPR ? n->left : NULL;
	const struct builtin *b = call && call->kind == NODE_CALL ? call->builtin : NULL;

	return b && (b->kind == BUILTIN_ACTION || b->destructive) ? b : NULL;
}

static void check_speculate(struct check *ck, const struct node *n, struct met *met)
{
	if (met->speculates)
		check_error(ck, n->loc, "D_SPEC_SPEC", "speculate( ) may not follow speculate( )");
	else if (met->commits)
		check_error(ck, n->loc, "D_SPEC_COMM", "speculate( ) may not follow commit( )");
	else if (met->records)
		check_error(ck, n->loc, "D_SPEC_DREC",
			    "speculate( ) may not follow data-recording action(s)");
	met->speculates = true;
}

static void check_commit(struct check *ck, const struct node *n, struct met *met)
{
	if (met->commits)
		check_error(ck, n->loc, "D_COMM_COMM", "commit( ) may not follow commit( )");
	else if (met->speculates)
		check_error(ck, n->loc, "D_COMM_SPEC", "commit( ) may not follow speculate( )");
	else if (met->records)
		check_error(ck, n->loc, "D_COMM_DREC",
			    "commit( ) may not follow data-recording action(s)");
	met->commits = true;
}

static void check_action(struct check *ck, const struct node *n, const struct builtin *b,
			 struct met *met)
{
	if (met->speculates && b->exits)
		check_error(ck, n->loc, "D_EXIT_SPEC", "exit( ) may not follow speculate( )");
	else if (met->speculates && b->destructive)
		check_error(ck, n->loc, "D_ACT_SPEC",
			    "destructive actions may not follow speculate( )");
	else if (met->commits && b->kind == BUILTIN_ACTION && !b->exits)
		check_error(ck, n->loc, "D_DREC_COMM",
			    "data-recording actions may not follow commit( )");
	met->records |= b->kind == BUILTIN_ACTION && !b->exits;
}

static void check_aggregation(struct check *ck, const struct node *n, const struct met *met)
{
	if (met->speculates)
		check_error(ck, n->loc, "D_AGG_SPEC",
			    "aggregating actions may not follow speculate( )");
	else if (met->commits)
		check_error(ck, n->loc, "D_AGG_COMM",
			    "aggregating actions may not follow commit( )");
}

static void check_list(struct check *ck, const struct node *list, bool speculates)
{
	struct met met = {.speculates = speculates};

	for (const struct node *n = list; n; n = n->next) {
		const struct builtin *b = action_of(n);

		if (n->kind == NODE_IF) {
			check_list(ck, n->right, met.speculates);
			check_list(ck, n->third, met.speculates);
		} else if (n->kind == NODE_BLOCK) {
			check_list(ck, n->args, met.speculates);
		} else if (n->kind == NODE_AGGREGATE) {
			check_aggregation(ck, n, &met);
		} else if (b && b->speculation == SPECULATION_BEGINS) {
			check_speculate(ck, n, &met);
		} else if (b && b->speculation == SPECULATION_COMMITS) {
			check_commit(ck, n, &met);
		} else if (b) {
			check_action(ck, n, b, &met);
		}
	}
}

void check_speculation(struct check *ck, const struct node *body)
{
	check_list(ck, body, false);
}
