#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tests/run.sh: what it makes of tests that pass, fail, hang and are interrupted, several of them at a time.
# shellcheck source=../verdicts.sh
. tests/verdicts.sh
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT
mkdir -p "$t/tests/unit"
cp tests/run.sh tests/jobs.sh "$t/tests"
export t TMPDIR=$t BUILD=$t/build

# a_test NAME BODY
a_test() { printf '%s\n' "$2" >"$t/tests/unit/$1.sh"; }

# run [JOBS]: its output in $out, its status in $status
run()
{
	out=$(JOBS=${1:-3} sh "$t/tests/run.sh" unit 2>&1)
	status=$?
}
last() { tail -n 1 <<<"$out"; }

# The first two wait for each other, and the third is done before them.
met='n=0; until [ -e "$t/$other" ]; do sleep 0.05; n=$((n + 1)); [ $n -lt 400 ] || exit 1; done; sleep 0.5; echo "ok - met"'
a_test a "touch \$t/a; other=b; $met"
a_test b "touch \$t/b; other=a; $met; echo ok - twice"
a_test c 'echo ok - c'
run
is "all pass: the totals, the status" "4 passed, 0 failed 0" "$(last) $status"
is "in the order in which they were begun" "PASS unit/a (1 tests)
PASS unit/b (2 tests)
PASS unit/c (1 tests)" "$(grep PASS <<<"$out")"
matches "the slowest are named" '^The slowest: unit/[ab] [0-9]+.[0-9] s, unit/[ab] [0-9.]+ s, unit/c ' "$out"

a_test b 'sleep 0.3; echo ok - one; echo "not ok - two"; echo "not ok - three"; exit 1'
a_test a 'touch $t/alone-$$; sleep 0.1; ls $t/alone-*; rm $t/alone-$$; echo ok - a; exit 3'
cp "$t/tests/unit/a.sh" "$t/tests/unit/d.sh"
run 1
is "some fail: the totals, the status" "4 passed, 4 failed 1" "$(last) $status"
is "with what they said behind their line" "FAIL unit/a: exit status 3
    $t/alone-
    ok - a
FAIL unit/b: exit status 1
    ok - one
    not ok - two
    not ok - three
PASS unit/c (1 tests)
FAIL unit/d: exit status 3
    $t/alone-
    ok - a" "$(grep -v '^  \.\.\.' <<<"$out" | sed 's/alone-.*/alone-/' | grep '^    \|^[FP]A')"

rm "$t"/tests/unit/*
a_test silent :
a_test unready 'echo "ok - x # SKIP nothing here"'
run
matches "one that says nothing tested nothing" '^FAIL unit/silent: it tested nothing$' "$out"
matches "a skip has its reason" 'unit/unready.*nothing here$' "$out"

# Ends with what it began.
rm "$t"/tests/unit/*
a_test long 'echo $$ >$t/long; sleep 300'
JOBS=2 sh "$t/tests/run.sh" unit >"$t/out" 2>&1 &
running=$!
n=0
until [ -s "$t/long" ] && grep -q '^  \.\.\. unit/long' "$t/out" || [ $n -gt 400 ]; do
	sleep 0.05
	n=$((n + 1))
done
is "one that takes long is named meanwhile" "  ... unit/long" "$(head -n 1 "$t/out")"
kill -TERM "$running"
wait "$running"
is "ended: its status" 130 $?
is "ended: its tests have ended too" gone "$(kill -0 "$(cat "$t/long")" 2>/dev/null && echo there || echo gone)"
is "ended: nothing is left" "" "$(ls "$t" | grep dtrace-check)"
[ "$failures" -eq 0 ]
