#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tests/vm/matrix.sh: what it makes of kernels that pass, fail, hang, die and cannot be had.
# shellcheck source=../verdicts.sh
. tests/verdicts.sh
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT

cat >"$t/fetch" <<'END'
[ "$1" != absent ] || { echo "no such package" >&2; exit 1; }
END
cat >"$t/run" <<'END'
case $1 in
good) printf 'PASS a (3 tests, 1 s)\n3 passed, 0 failed\n' ;;
bad) printf 'FAIL a: exit status 1\n    all of its log\n2 passed, 4 failed\n'; exit 1 ;;
dead) printf 'PASS a (5 tests, 1 s)\n'; exit 1 ;;
liar) printf '7 passed, 0 failed\n'; exit 1 ;;
time) printf '%d passed, 0 failed\n' "$VM_LIMIT" ;;
esac
END
export MATRIX_FETCH=$t/fetch MATRIX_RUN=$t/run MATRIX_TOOLS=sh

# matrix KERNEL...: its output in $out, its status in $status
matrix()
{
	out=$(bash tests/vm/matrix.sh "$@" 2>&1)
	status=$?
}

matrix good good
is "all pass: the totals" "6 passed, 0 failed" "$(tail -n 1 <<<"$out")"
is "all pass: status" 0 "$status"
matrix good bad
is "one fails: the totals" "5 passed, 4 failed" "$(tail -n 1 <<<"$out")"
is "one fails: status" 1 "$status"
matches "one fails: its log" "all of its log" "$out"
matches "each kernel has its line" "^On good: 3 passed, 0 failed" "$out"
matrix dead good
is "a machine that ends early has failed" "8 passed, 1 failed 1" "$(tail -n 1 <<<"$out") $status"
matrix liar
is "a bad status is not overlooked" "7 passed, 1 failed 1" "$(tail -n 1 <<<"$out") $status"
matrix good absent
is "what cannot be had is no failure" "3 passed, 0 failed 0" "$(tail -n 1 <<<"$out") $status"
matches "and skipped with the reason" "^SKIP absent: no such package" "$out"
MATRIX_TOOLS="sh no-such-emulator" matrix good
is "without the emulator nothing runs" "0 passed, 0 failed 0" "$(tail -n 1 <<<"$out") $status"
matches "and it is said" "^SKIP good: not here: no-such-emulator" "$out"
MATRIX_LIMIT=1000 matrix time time
first=$(sed -n 's/^On time: \([0-9]*\) passed.*/\1/p' <<<"$out" | head -n 1)
# Half of it, less what the script has taken so far
holds "kernels share the time, less what a machine takes to end" "$first s" "$((first <= 440 && first > 400))" -eq 1
MATRIX_LIMIT=100 matrix good
matches "no time, no pass" "^0 passed, 1 failed" "$out"
[ "$failures" -eq 0 ]
