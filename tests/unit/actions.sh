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

[ "$failures" -eq 0 ]
