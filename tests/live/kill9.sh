#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# kill -9 while tracing: programs, links and maps go with the process.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root"

exists() { bpftool "$1" show id "$2" >/dev/null 2>&1; }

for example in ex3-tcp-packets ex4-ip-payload-sizes ex6-state-transitions; do
	dtrace_start "$example" -s "$examples/$example.d"
	"$bin/watch" owned "$TRACER" | sort -u >"$T/owned"
	holds "$example: holds programs and links" "$(cat "$T/owned")" \
		"$(grep -c prog "$T/owned")" -gt 0 -a "$(grep -c link "$T/owned")" -gt 0
	while read -r kind id; do
		exists "$kind" "$id" || not_ok "$example: $kind $id is known to bpftool"
	done <"$T/owned"
	dtrace_signal KILL "$example"
	left=
	while read -r kind id; do # the kernel frees them a moment later
		until_true 30000 eval "! exists $kind $id" || left="$left $kind $id"
	done <"$T/owned"
	is "$example: nothing is left behind" "" "$left"
done
