#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# step.sh WHAT COMMAND...: runs a command that may take long, so that whoever waits knows. Says
# WHAT, every five seconds for how long it runs and the last thing it said, and at the end how long
# it took. What it prints is shown only if it fails: the last lines. Its exit status is ours.
#
# STEP_LOG=FILE keeps what it printed there; STEP_SECONDS=N says something every N seconds.
set -u
[ $# -ge 2 ] || { echo "usage: step.sh WHAT COMMAND..." >&2; exit 2; }
what=$1
shift
log=${STEP_LOG:-}
[ -n "$log" ] || log=$(mktemp "${TMPDIR:-/tmp}/dtrace-step.XXXXXX") || exit 1

# lines N: the last ones. What terminals have in one line comes as several; of what a compiler is
# called with, only what it makes.
lines()
{
	tail -c 20000 "$log" | tr '\r' '\n' | grep -v '^ *$' | uniq | tail -n "$1" |
		sed 's,.* -o \([^ ]*\).*,making \1,' | cut -c 1-300
}

# In few words, without escape sequences and addresses of archives.
last_line() { lines 1 | sed 's,[[:cntrl:]],,g; s, [a-z]*://[^ ]*,,g' | cut -c 1-70; }

seconds() { echo $(($(date +%s) - began)); }

# Ends with the shell that started it, even one that is killed; its sleep ends with it.
report()
{
	nap=
	trap 'kill "$nap" 2>/dev/null; exit' TERM
	while kill -0 $$ 2>/dev/null; do
		sleep "${STEP_SECONDS:-5}" >/dev/null 2>&1 &
		nap=$!
		wait "$nap"
		line=$(last_line)
		echo "  $(seconds) s${line:+: $line}"
	done
}

cleanup()
{
	kill "$reporter" 2>/dev/null
	wait "$reporter" 2>/dev/null
	[ -n "${STEP_LOG:-}" ] || rm -f "$log"
}

echo "$what ..."
began=$(date +%s)
report &
reporter=$!
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
status=0
"$@" >"$log" 2>&1 </dev/null || status=$?
if [ "$status" != 0 ]; then
	{
		echo "  it failed after $(seconds) s, with status $status. Its last lines:"
		lines 20 | sed 's/^/    /'
	} >&2
elif [ "$(seconds)" -ge 2 ]; then
	echo "  done in $(seconds) s"
fi
exit "$status"
