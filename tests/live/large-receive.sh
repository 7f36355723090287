#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tcp:::receive with hundreds of clauses: the first, the middle and the last are told of the same segment in the same
# way, since what is expected next is decided once, and each of them is told of every segment.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
mac=02:00:00:00:00:09 # of no interface: see rawpeer.c
ip -n "$NA" neigh replace "$R4" lladdr "$mac" dev "$IA" nud permanent

# clauses NAME: one counts, one prints
clauses()
{
	printf 'tcp:::receive { @%s[args[2]->ip_daddr] = count(); }\n' "$1"
	printf 'tcp:::receive /%s/ { printf("%s %%s %%u %%u %%d %%d\\n", args[2]->ip_saddr, args[4]->tcp_seq,
	    args[3]->tcps_rnxt, args[2]->ip_plength - args[4]->tcp_offset, args[3]->tcps_state); }\n' "$(ours 'args[2]->ip_daddr')" "$1"
}

# of NAME: "SADDR SEQ RNXT BYTES STATE" of its lines
of() { sed -n "s/^$1 //p" <<<"$OUT" | sort; }

# counted NAME ADDRESS...
counted()
{
	awk -v name="$1" -v addresses=" ${*:2} " '$1 == "count" && $2 == name && index(addresses, " " $3 " ") { n += $4 }
		END { print n + 0 }' <<<"$OUT"
}

{
	clauses first
	filler 1 100 tcp:::receive
	clauses middle
	filler 101 200 tcp:::receive
	clauses last
	echo 'END { printa("count first %s %@d\n", @first); printa("count middle %s %@d\n", @middle);
	    printa("count last %s %@d\n", @last); trunc(@first); trunc(@middle); trunc(@last); trunc(@fill); }'
} >"$T/large.d"
a=$(counter "$NA" TcpInSegs) b=$(counter "$NB" TcpInSegs)
loads large || exit 1
conversation tcp "$B4" c100,s200,c100,s1000,c1400,s1 -- --close shutdown
conversation tcp "$B6" c100,s200,c100,s1000,c1400,s1 -- --close reset
in_a "$bin/traffic" refused "$B4" 1
dtrace_stop large
a=$(($(counter "$NA" TcpInSegs) - a)) b=$(($(counter "$NB" TcpInSegs) - b))

is "receive: the first clause prints each segment" $((a + b)) "$(of first | wc -l)"
is "receive: the middle one prints the same" "" "$(diff <(of first) <(of middle) | head -n 4)"
is "receive: the last one too" "" "$(diff <(of first) <(of last) | head -n 4)"
for name in first middle last; do
	# 4: established; in order, so each segment is the one expected
	is "receive: of what came in order the sequence number was expected, $name clause" "" \
		"$(of $name | awk '$5 == 4 && $2 != $3' | head -n 2)"
	is "receive: segments in A, $name clause" "$a" "$(counted $name "$A4" "$A6")"
	is "receive: segments in B, $name clause" "$b" "$(counted $name "$B4" "$B6")"
done

# Out of order: as many as the peer sent so, whichever clause asks.
mv "$T/large.d" "$T/order.d"
loads order || exit 1
server_start "$NA" tcp-server "$A4" --talk c1500
in_b "$bin/rawpeer" "$IB" "$R4" "$mac" $((10000 + RANDOM)) "$A4" "$(mac_of "$NA" "$IA")" "$PORT" \
	100,200,300,400,500 1,3,4,2,5 >"$T/sent" || die "rawpeer failed"
server_wait
dtrace_stop order
for name in first last; do
	# "packets N bytes N ooo N ..."; a segment that does not begin where expected is one out of order
	is "receive: data out of order, $name clause" "$(awk '{ print $6 }' "$T/sent")" \
		"$(of $name | awk -v r="$R4" '$1 == r && $4 > 0 && $2 != $3' | grep -c .)"
done
