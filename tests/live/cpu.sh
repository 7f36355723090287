#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# -x cpu: probes fire on that CPU alone. A loop keeps the last CPU busy: an idle one may get no clock events.
. "$(dirname "$0")/lib.sh"

last=$(($(grep -c "^processor" /proc/cpuinfo) - 1))
if [ "$last" -eq 0 ]; then
	ok "cpu: there is but one"
	exit 0
fi
# It ends with the test, however slow the tracer's start is here: as long as that it has to be busy.
# shellcheck disable=SC2016
taskset -c "$last" bash -c 'while [ "$SECONDS" -lt 600 ]; do :; done' >/dev/null 2>&1 &
our_pids+=($!)

# fired OPTION...: the CPUs on which profile-997 fires
# shellcheck disable=SC2016
fired()
{
	timeout 60 "$DTRACE" "$@" -qn 'profile-997 { @[cpu] = count(); } tick-500ms { exit(0); }' >"$T/fired" 2>"$T/fired.err" ||
		printf 'dtrace: status %d: %s\n' "$?" "$(cat "$T/fired.err")"
	awk 'NF == 2 { print $1 }' "$T/fired"
}

matches "cpu: the busy one fires without the option" "^$last\$" "$(fired)"
is "cpu: the chosen one alone" "$last" "$(fired -x "cpu=$last")"
is "cpu: not the busy one" "" "$(fired -x cpu=0 | grep -x "$last")"
