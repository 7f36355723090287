#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What actions do outside: files, commands, options. On the BPF machine; no root.
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DTRACE=${DTRACE:-$top/build/dtrace}
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-actions.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
# shellcheck source=../verdicts.sh
. "$top/tests/verdicts.sh"

# run OPTION...: status; output and errors in $T/out, $T/err
run()
{
	status=0
	timeout 50 "$DTRACE" -x engine=machine -wq "$@" >"$T/out" 2>"$T/err" </dev/null || status=$?
}

script='BEGIN { printf("a\n"); freopen("%s/%d", $$1, 7); printf("b\n"); system("echo c"); freopen(""); system("echo d"); exit(0); }'
run -n "$script" "$T"
is "freopen: what is before and behind" "a d" "$(paste -sd " " "$T/out" | sed "s/ *$//")"
is "freopen: what goes to the file, a command's output too" "b c" "$(paste -sd ' ' "$T/7")"
run -n "$script" "$T"
is "freopen: adds to a file that is there" "b c b c" "$(paste -sd ' ' "$T/7")"
rm "$T/7"
run -o "$T/o" -n "$script" "$T"
is "freopen: what -o has" "a" "$(paste -sd ' ' "$T/o" | sed 's/ *$//')"
is "freopen: of a file of -o; commands write to standard output" "b|c d" "$(cat "$T/7")|$(paste -sd ' ' "$T/out")"
run -x oformat=json -n "$script" "$T"
is "freopen: JSON's lines stay whole" "start record end" "$(sed -n 's/^{"type":"\([a-z]*\)".*}$/\1/p' "$T/out" | paste -sd ' ')"

run -n 'BEGIN { system("exit 3"); system("kill -9 $$"); system("no-such-command 2>/dev/null"); printf("on"); exit(4); }'
is "system: how a command ends is its own affair" "4 on" "$status $(cat "$T/out" | head -n 1)"
run -n 'BEGIN { system("yes | head -n 1"); exit(0); }'
is "system: a closed pipe ends what writes to it" "y 0" "$(head -n 1 "$T/out") $status$(cat "$T/err")"
run -n 'BEGIN { system("grep SigBlk /proc/self/status"); exit(0); }'
is "system: no signal is kept from the command" "0000000000000000" "$(awk '/SigBlk/ { print $2 }' "$T/out")"
run -n 'tick-200ms { system("echo %d", n++); } tick-200ms /n == 3/ { exit(0); }'
is "system: as often as it is called" "0 1 2" "$(paste -sd ' ' "$T/out" | sed 's/ *$//')"

run -n 'BEGIN { setopt("switchrate", "often"); setopt("bufsize", "1m"); setopt("quite"); exit(0); }'
is "setopt: says what it does not take" \
	"dtrace: setopt( ): invalid value 'often' for option switchrate: wanted a rate such as 10hz or 500ms
dtrace: setopt( ): option bufsize cannot be changed while tracing
dtrace: setopt( ): unknown option 'quite': did you mean 'quiet'?" "$(cat "$T/err")"
# printed by the second: a slow machine may make it later, but never one line each second
run -x switchrate=60s -n 'BEGIN { setopt("switchrate", "10ms"); } tick-50ms { printf("x\n"); system("echo y"); } tick-50ms /n++ == 3/ { exit(0); }'
is "setopt: a rate holds at once" "x y x y x y x y" "$(paste -sd ' ' "$T/out" | sed 's/ *$//')"
run -n 'BEGIN { setopt("quiet", "no"); } BEGIN { trace(1); exit(0); }'
is "setopt: no longer quiet, with the heading" "CPU ID FUNCTION:NAME" "$(grep . "$T/out" | head -n 1 | tr -s " ")"

# The lines of probes: of speculate() alone, of what it records; none of commit() and discard().
cat >"$T/lines.d" <<'D'
#pragma D option nspec=3

BEGIN { x = speculation(); y = speculation(); }
BEGIN { speculate(x); }
BEGIN { speculate(y); trace("discarded"); }
BEGIN { speculate(x); n = 1; }
BEGIN { speculate(x); if (n) trace(n); else trace("no"); if (!n) { trace(2); } }
BEGIN { discard(y); }
BEGIN { trace("before"); }
BEGIN { commit(x); }
BEGIN { trace("behind"); exit(0); }
D
timeout 50 "$DTRACE" -x engine=machine -s "$T/lines.d" 2>&1 | sed 's/^ *[0-9]* *[0-9]* *//; s/ *$//' >"$T/out"
is "speculation: lines" "|:BEGIN   before|:BEGIN|:BEGIN|:BEGIN         1|:BEGIN   behind||" "$(sed 1,2d "$T/out" | paste -sd '|' | sed 's/^/|/; s/$/|/')"

# specsize: what is beyond it is lost, and counted; what is smaller may still fit.
cat >"$T/size.d" <<'D'
#pragma D option specsize=192

BEGIN { x = speculation(); }
BEGIN { speculate(x); trace(1); }
BEGIN { speculate(x); printf("%d %d %d %d %d %d\n", 1, 2, 3, 4, 5, 6); }
BEGIN { speculate(x); tracemem(curthread->comm, 256); }
BEGIN { speculate(x); trace(2); }
BEGIN { speculate(x); trace(3); }
BEGIN { speculate(x); trace(4); }
BEGIN { speculate(x); trace(5); }
BEGIN { commit(x); }
BEGIN { x = speculation(); }
BEGIN { speculate(x); printf("\nnone of it is in use again\n"); }
BEGIN { commit(x); }
BEGIN { exit(0); }
D
run -s "$T/size.d"
is "specsize: what fits" "11 2 3 4 5 6|234|none of it is in use again" "$(grep . "$T/out" | paste -sd '|')"
is "specsize: what does not" "dtrace: 2 speculative drops" "$(sed 's/ on CPU.*//' "$T/err")"
run -x nspec=2 -n 'BEGIN { speculation(); speculation(); speculation(); speculation(); exit(0); }'
is "nspec: failures are counted" "dtrace: 2 failed speculations (no speculative buffer available)" "$(cat "$T/err")"

run -F -n 'BEGIN { setopt("flowindent", "false"); trace(1); } BEGIN { trace(2); } BEGIN { trace(3); } BEGIN { trace(4); exit(0); }'
is "setopt: what flowindent holds back comes out in its place when that ends" 1234 "$(sed 's/.*:BEGIN//' "$T/out" | tr -cd '0-9')"

[ "$failures" -eq 0 ]
