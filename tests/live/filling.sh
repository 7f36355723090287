#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: on a slow machine profile fires before BEGIN is printed: only by name
# Records are fetched when half of the room for them is used, however long the switchrate is, and not before.
# ENGINE: on which engine; tests/unit/filling.sh has the machine.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/verdicts.sh"
DTRACE=${DTRACE:-$top/build/dtrace} ENGINE=${ENGINE:-kernel}
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-unit.XXXXXX") || exit 1
pid=''
trap '[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; rm -rf "$T"' EXIT

# within SECONDS COMMAND...: it succeeds by then
within()
{
	local i
	for ((i = 0; i < $1 * 20; i++)); do
		"${@:2}" && return
		sleep 0.05
	done
	return 1
}

# told REGEX: what was printed so far has such a line
told() { grep -q "$1" "$T/out"; }

# trace SCRIPT: in the background, until finish; BEGIN has run
trace()
{
	env --default-signal=INT timeout --foreground -s KILL 100 "$DTRACE" -x engine="$ENGINE" -x switchrate=1h -x bufsize=8k \
		-x cpu=0 -qn "BEGIN { printf(\"begun\\n\"); } $1 END { printf(\"made %d\\n\", n); }" >"$T/out" 2>"$T/err" </dev/null &
	pid=$!
	within 60 told begun
}

finish()
{
	kill -INT "$pid"
	wait "$pid"
	is "$1: ends with status 0 on SIGINT" 0 $?
	pid=''
}

# made, printed: how many records the script made, how many were printed. (One that there is no room for is not
# made: its clause does not run.)
made() { sed -n 's/^made //p' "$T/out"; }
printed() { grep -c '^[0-9]' "$T/out"; }

# A record takes 32 bytes: 200 of them are more than half of 8k, and less than all of it. The consumer
# runs tick's program itself.
for probe in profile-997 tick-1ms; do
	trace "$probe /n < 200/ { n++; printf(\"%d\\n\", n); }"
	holds "$probe: more than half is printed before the switch" "nothing in 60 s" "$(within 60 told '^1' && echo yes)" = yes
	finish "$probe"
	is "$probe: nothing is lost" '' "$(cat "$T/err")"
	is "$probe: all are printed, in order" "$(seq "$(made)")" "$(grep '^[0-9]' "$T/out")"

	# Five times what there is room for. On a busy machine profile may find it full now and then.
	trace "$probe /n < 1200/ { n++; printf(\"%d\\n\", n); }"
	holds "$probe: much more is printed before the switch" "nothing in 60 s" "$(within 60 told '^1[0-9][0-9][0-9]' && echo yes)" = yes
	finish "$probe"
	is "$probe: all of it is printed" "$(made)" "$(printed)"
	[ $probe = profile-997 ] || is "$probe: nothing is lost of much more" '' "$(cat "$T/err")"

	trace "$probe /n < 100/ { n++; printf(\"%d\\n\", n); }"
	sleep 1
	is "$probe: less than half waits for the switch" begun "$(cat "$T/out")"
	finish "$probe"
	is "$probe: and is printed at the end" "$(made)" "$(printed)"
done
exit $((failures > 0))
