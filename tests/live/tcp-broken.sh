#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: its server lives long enough now, but that was not yet seen on each emulated kernel: only by name
# Segments that TCP takes in without a connection's socket: tcp:::receive fires for each once, as InSegs counts.
# Broken ones, ones for closed ports, for connections in TIME_WAIT and being opened, with headers in front; and those
# that a socket's filter throws away.
. "$(dirname "$0")/lib.sh"
net_up
mac=02:00:00:00:00:09
ip -n "$NA" neigh replace "$R4" lladdr "$mac" dev "$IA" nud permanent
ip -n "$NA" neigh replace "$R6" lladdr "$mac" dev "$IA" nud permanent
for name in tcp_syncookies=0 tcp_synack_retries=0; do ip netns exec "$NA" sysctl -qw net.ipv4.$name; done

in_segs() { total "$NA" TcpInSegs; }

# told: how many tcp:::receive have been printed
told() { tr -d '\0' <"$T/broken.out" | awk '$1 == "in" { n++ } END { print n + 0 }'; }

# kinds NAME FROM FROM-PORT TO TO-PORT KIND...: sends them, and compares
kinds()
{
	local counted before
	counted=$(in_segs) before=$(told)
	in_b "$bin/oddseg" "$IB" "$(mac_of "$NA" "$IA")" "${@:2}" || die "oddseg failed"
	compare "$1" "$counted" "$before" $(($# - 5))
}

# compare NAME INSEGS-BEFORE TOLD-BEFORE LEAST
compare()
{
	local n
	n=$(($(in_segs) - $2))
	is "$1: segments counted" 1 $((n >= $4))
	until_true 30000 test "$(($(told) - $3))" -ge "$n"
	sleep 0.1
	is "$1: tcp:::receive, and InSegs" "$n" "$(($(told) - $3))"
}

dtrace_start broken -q -x switchrate=20ms -n "
tcp:::receive /args[2]->ip_daddr == \"$A4\" || args[2]->ip_daddr == \"$A6\"/ {
	printf(\"in %s %d %d %s %d\\n\", args[2]->ip_daddr, args[4]->tcp_sport, args[4]->tcp_dport,
	    tcp_state_string[args[3]->tcps_state], args[2]->ip_plength);
}"

all='syn ack rst fin wild badsum badsyn none short low high'
plus=" $all"
plus=${plus// / +}
for pair in "$A4 $B4 $R4" "$A6 $B6 $R6"; do
	read -r a b r <<<"$pair"
	server_start "$NA" tcp-server "$a" --talk c600 --timeout 120
	for i in 1 2; do
		# shellcheck disable=SC2086 # lists
		kinds "closed port at $a" "$r" $((4000 + i)) "$a" 1 $all $plus
		# a connection being opened: a listener's segments that it has no use for
		# shellcheck disable=SC2086
		kinds "opening at $a" "$r" $((4100 + i)) "$a" "$PORT" syn syn ack badsum ack ack short syn +syn +ack rst
		# shellcheck disable=SC2086
		kinds "listener at $a" "$r" $((4200 + i)) "$a" "$PORT" ack rst fin badsum badsyn none short low high +badsyn +ack
	done
	ip netns exec "$NA" "$bin/oddseg" deaf "$a" 777 >"$T/deaf" &
	our_pids+=($!)
	until_true 30000 grep -q port "$T/deaf" || die "no deaf listener"
	kinds "a filter at $a" "$r" 4300 "$a" 777 syn ack rst badsum +syn
	counted=$(in_segs) before=$(told)
	in_b "$bin/rawpeer" "$IB" "$r" "$mac" 4400 "$a" "$(mac_of "$NA" "$IA")" "$PORT" 100,200,300 3,2,1 >/dev/null ||
		die "rawpeer failed"
	server_wait
	compare "a connection at $a" "$counted" "$before" 6
	counted=$(in_segs) before=$(told)
	conversation tcp "$b" c5,s5 --linger-ms 20 -- --close active
	compare "closed first at $a" "$counted" "$before" 4
	waiting="$LPORT"
	is "$a: a connection waits" 1 "$(in_a ss -Htan state time-wait "sport = :$waiting" | wc -l)"
	# the answers go nowhere: a reset would end it
	ip -n "$NA" neigh replace "$b" lladdr "$mac" dev "$IA" nud permanent
	for i in 1 2; do
		kinds "TIME_WAIT at $a" "$b" "$PORT" "$a" "$waiting" ack fin wild badsum short low +ack +fin +badsum
	done
	is "$a: its state, where the segment is whole" 10 "$(tr -d '\0' <"$T/broken.out" |
		grep -Ec "^in $a $PORT $waiting state-time-wait (20|36)$")"
	kinds "TIME_WAIT at $a, a SYN" "$b" "$PORT" "$a" "$waiting" syn
done
dtrace_stop broken
is "short segments show no ports that they have not" 0 "$(awk '$1 == "in" && $6 == 0 && $3 + $4 > 0' <<<"$OUT" | wc -l)"
