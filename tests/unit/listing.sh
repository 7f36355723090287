#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The code that is made of the scripts in tests/listing/, each of which shows one thing, is what
# stands beside it: for the machine, since the kernel's types differ from one to the next. A change of the code generator shows as a diff; where it is meant, `make
# listings` pins the code anew (listing.sh pin). Needs no root and no kernel.
#
# Numbers of instructions, and the maps that each program has, are left out, so that a diff shows only
# what is different.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-$PWD/build}
DTRACE=${DTRACE:-$BUILD/dtrace}
[ -x "$BUILD/checked/dtrace" ] && DTRACE=$BUILD/checked/dtrace
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-listing.XXXXXX") || exit 2
trap 'rm -rf "$T"' EXIT
status=0

for script in tests/listing/*.d; do
	name=$(basename "$script" .d) pinned=${script%.d}.out
	if ! "$DTRACE" -x engine=machine -e -S -s "$script" >"$T/all" 2>&1; then
		printf 'not ok - %s\n' "$name"
		cat "$T/all"
		status=1
		continue
	fi
	sed -e '/^dtrace: script /d' -e '/^map \(control\|rings\|drops\): /d' -e 's/^ *[0-9]*: ([0-9a-f]*) /    /' "$T/all" >"$T/out"
	if [ "${1:-}" = pin ]; then
		cmp -s "$T/out" "$pinned" || { cp "$T/out" "$pinned" && echo "pinned $name"; }
	elif diff -U 3 "$pinned" "$T/out" >"$T/diff" 2>&1; then
		printf 'ok - %s\n' "$name"
	else
		printf 'not ok - %s: other code than is pinned (make listings, if it is meant)\n' "$name"
		sed -e '1,2d' "$T/diff"
		status=1
	fi
done
exit $status
