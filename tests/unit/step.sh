#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What tools/step.sh says of a command that takes long, and what it keeps to itself.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/verdicts.sh"
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-unit.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT

# step ARGS...: output in $OUT, errors in $ERR, status in $STATUS
step()
{
	OUT=$(TMPDIR=$T sh "$top/tools/step.sh" "$@" 2>"$T.err")
	STATUS=$?
	ERR=$(cat "$T.err")
	rm -f "$T.err"
}

step "Making nothing" sh -c 'echo noise; echo noise >&2'
is "a step says what it is" "Making nothing ..." "$(head -n 1 <<<"$OUT")"
is "but not what its command prints" "" "$(grep noise <<<"$OUT$ERR")"
is "and has its command's status" 0 "$STATUS"

export STEP_SECONDS=0.4
step "Fetching" sh -c 'echo "Get:7 http://archive.example/debian bookworm/main gcc"; sleep 2.2'
matches "a slow step repeats the last line, without where it comes from" '^  [0-9] s: Get:7 bookworm/main gcc$' "$OUT"
matches "and says how long it took" '^  done in [2-9] s$' "$(tail -n 1 <<<"$OUT")"

step "Building" sh -c 'echo "gcc -Isrc -O2 -c -o build/obj/a.o src/a.c"; sleep 0.7'
matches "of a compiler it says what is being made" '^  [0-9] s: making build/obj/a.o$' "$OUT"

step "Unpacking" sh -c 'printf "Reading: 5%%\rReading: 100%%\r\n"; sleep 0.7'
matches "of progress in place it says the last" '^  [0-9] s: Reading: 100%$' "$OUT"

step "Breaking" sh -c 'seq 40; echo "no such file" >&2; exit 3'
is "a step that fails has its command's status" 3 "$STATUS"
matches "says so" 'failed after [0-9]* s, with status 3' "$ERR"
matches "and shows the last lines" '^    no such file$' "$ERR"
is "only the last" "" "$(grep -x '    5' <<<"$ERR")"

STEP_LOG=$T/log step "Keeping" sh -c 'echo kept'
is "the output is kept where it is asked for" kept "$(cat "$T/log")"
rm "$T/log"
is "no files are left" "" "$(ls "$T")"
exit $((failures > 0))
