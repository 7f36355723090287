#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tools/members: every member that the D libraries publish begins a row of a table in some live test.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/verdicts.sh"
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-unit.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT

out=$(sh "$top/tools/members" "$top" 2>&1)
is "every published member has a judge in a live test, and a row in the manual" "" "$out"

# On a tree that is made up: what is published, what is not, what is missing.
mkdir -p "$T/dlib" "$T/tests/live" "$T/docs"
printf '| `a_one`, `a_two` | `a_three` |\n| `b_given`, `b_refused`, `shared` | |\n' >"$T/docs/providers.md"
cat >"$T/dlib/a.d" <<'D'
struct native { int not_published; };
typedef struct ainfo {
	uint8_t a_one;			/* a comment; with a semicolon */
	struct ahdr *a_two;
	string a_three;
} ainfo_t;
typedef struct in6_addr in6_addr_t;
typedef struct binfo {
	int b_given;
	int b_refused;
	int shared;
} binfo_t;
typedef struct cinfo {
	int shared;
} cinfo_t;
translator ainfo_t < struct native *n > {
	a_three = n->not_published;
};
translator binfo_t < struct native *n > {
	b_given = n->not_published ? 1 : 0;
	b_refused : "the kernel has none";
};
D
printf '%s\n' 'a_one | %u | args[0]->a_one | 1' '# a_three | in a comment' 'b_given | %d | args[1]->b_given | 1' \
	'binfo_t.shared | %d | args[1]->shared | 2' 'shared | %d | args[2]->shared | 3' >"$T/tests/live/members.sh"
is "members without a judge" "dlib/a.d:4: a_two of ainfo_t is in no table of tests/live/members*.sh
dlib/a.d:5: a_three of ainfo_t is in no table of tests/live/members*.sh
dlib/a.d:5: a_three of ainfo_t is in no table of docs/providers.md
dlib/a.d:14: shared of cinfo_t is in no table of tests/live/members*.sh" "$(sh "$top/tools/members" "$T" 2>&1)"
is "a tree without libraries is a mistake" 2 "$(sh "$top/tools/members" "$T/tests" >/dev/null 2>&1; echo $?)"
exit $((failures > 0))
