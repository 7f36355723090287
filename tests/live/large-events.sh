#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# Probes of one hook that fire for the same event, with hundreds of clauses each: each fires once, all its clauses
# together, and they follow one another in the order of the script.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
# On one CPU the output has the order in which things happened.
taskset -cp 0 $$ >/dev/null

# event PROBE: the first clause, 200 others, the last
event()
{
	local who='args[2]->ip_saddr' n='args[2]->ip_plength' ours
	[ "$1" != state-change ] || who='args[3]->tcps_laddr' n='args[3]->tcps_rport'
	ours=$(ours "$who")
	[ "$1" != state-change ] || ours="($ours) && $n" # not the listening socket itself
	echo "tcp:::$1 /$ours/ { printf(\"%s %d first %s %d\\n\", probename, timestamp, $who, $n); }"
	each 1 50 "tcp:::$1 { @fill[$who, #] = count(); }
tcp:::$1 /$n == # + 10000000/ { printf(\"never %d %s\\n\", #, $who); }
tcp:::$1 { fill[#, probename]++; }
tcp:::$1 /$who == \"192.0.2.#\"/ { never = timestamp; }"
	echo "tcp:::$1 /$ours/ { printf(\"%s %d last %s %d\\n\", probename, timestamp, $who, $n); }"
}

# trace NAME PROBE...: a connection and a refusal; $FOUND: "PROBE ADDRESS" of each firing whose first and last clause
# stand together and agree, or the lines that do not
trace()
{
	local name=$1
	shift
	{
		for probe; do event "$probe"; done
		echo 'END { trunc(@fill); }'
	} >"$T/$name.d"
	loads "$name" || return
	conversation tcp "$B4" c100 -- --close shutdown
	in_a "$bin/traffic" refused "$B4" 1
	dtrace_stop "$name"
	FOUND=$(awk 'NF == 5 {
		if ($3 == "first") { if (open != "") print "alone:", open; open = $0; next }
		line = open
		sub(/ first /, " last ", line)
		print line == $0 ? $1 " " $4 : "apart: " $0
		open = ""
	}' <<<"$OUT")
}

name='state-change first'
if trace "$name" state-change connect-request send receive connect-refused connect-established accept-established; then
	is "events, $name: the first and last clause of each firing stand together" "" "$(grep -m 3 : <<<"$FOUND")"
	is "events, $name: a connection opens" "state-change $A4
connect-request $A4
send $A4
receive $A4
send $B4
receive $B4
state-change $A4
connect-established $B4
send $A4
receive $A4
state-change $B4
state-change $B4
accept-established $A4" "$(head -n 13 <<<"$FOUND")"
	# (the answer of the other side aside)
	is "events, $name: a connection is refused" "state-change $A4
connect-request $A4
send $A4
receive $B4
connect-refused $B4
state-change $A4" "$(tail -n 8 <<<"$FOUND" | grep -v -e "^receive $A4" -e "^send $B4")"
fi

name='state-change last'
if trace "$name" connect-established accept-established connect-refused receive send connect-request state-change; then
	is "events, $name: the first and last clause of each firing stand together" "" "$(grep -m 3 : <<<"$FOUND")"
	is "events, $name: each of them once" "2 connect-request 1 connect-established 1 accept-established 1 connect-refused" \
		"$(for p in connect-request connect-established accept-established connect-refused; do
			echo "$(grep -c "^$p" <<<"$FOUND") $p"
		done | paste -sd ' ')"
fi
