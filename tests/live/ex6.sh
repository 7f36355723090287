#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Example 6: the whole life of a connection at both ends, with addresses and ports on every line.
. "$(dirname "$0")/lib.sh"
net_up
held=

# "LADDR LPORT RADDR RPORT OLD NEW" of our connections (not of the listening sockets), in order
ours()
{
	awk -v addrs="$A4 $B4 $A6 $B6" '
		BEGIN { n = split(addrs, list); for (i = 1; i <= n; i++) our[list[i]] = 1 }
		(($1 in our) || ($3 in our)) && !($6 == "state-closed" && $8 == "state-listen") &&
		!($6 == "state-listen" && $8 == "state-closed") { print $1, $2, $3, $4, $6, $8 }'
}

# life LADDR LPORT RADDR RPORT STATE...: the lines expected of one end
life()
{
	local ends="$1 $2 $3 $4" old=$5 state
	shift 5
	for state; do
		printf '%s state-%s state-%s\n' "$ends" "$old" "$state"
		old=$state
	done
}

active="closed syn-sent established fin-wait-1 fin-wait-2 time-wait"
passive="listen syn-received established close-wait last-ack closed"
dtrace_start ex6 -s "$examples/ex6-state-transitions.d"
: >"$T/expected"
# expect_both CLIENT-ADDRESS SERVER-ADDRESS CLIENT-STATES SERVER-STATES
expect_both()
{
	# shellcheck disable=SC2086 # states are words
	{ life "$1" "$LPORT" "$2" "$PORT" $3; life "$2" "$PORT" "$1" "$LPORT" $4; } >>"$T/expected"
}
for pair in "$A4 $B4" "$A6 $B6"; do
	read -r a b <<<"$pair"
	conversation tcp "$b" c10,s10 --linger-ms 20 -- --close shutdown --hold-ms 100
	held="$held${held:+ }$a $LPORT"
	expect_both "$a" "$b" "$active" "$passive"
	conversation tcp "$b" c10,s10 --linger-ms 20 -- --close active
	expect_both "$a" "$b" "$active" "$passive"
	conversation tcp "$b" c10,s10 -- --close active # no pause between the two FINs
	expect_both "$a" "$b" "$active" "$passive"
	conversation tcp "$b" c10,s10 --close shutdown -- --close passive --linger-ms 20
	expect_both "$a" "$b" "closed syn-sent established close-wait last-ack closed" \
		"listen syn-received established fin-wait-1 fin-wait-2 time-wait"
	conversation tcp "$b" c10,s10 -- --close reset
	expect_both "$a" "$b" "closed syn-sent established closed" "listen syn-received established closed"
	LPORT=$((20000 + RANDOM % 10000)) PORT=1
	in_a "$bin/traffic" refused "$b" 1 --lport "$LPORT"
	life "$a" "$LPORT" "$b" 1 closed syn-sent closed >>"$T/expected"
done
dtrace_stop ex6

printf -v header ' %30s %-6s %30s %-6s %-9s' LADDR LPORT RADDR RPORT 'DELTA(us)'
is "ex6: header" "$header" "$(head -n 1 <<<"$OUT")"
ours <<<"$OUT" >"$T/found"
is "ex6: no line of a connection lacks an address or a port" "" "$(awk '$1 == "<unknown>" || !$2 || !$4 || $3 == "<unknown>"' "$T/found")"
# Each end's own sequence, in order.
cut -d' ' -f1-4 "$T/expected" | awk '!seen[$0]++' >"$T/ends"
while read -r ends; do
	is "ex6: $ends" "$(grep "^$ends " "$T/expected" | cut -d' ' -f5-)" "$(grep "^$ends " "$T/found" | cut -d' ' -f5-)"
done <"$T/ends"
is "ex6: nothing else of our addresses" "" "$(cut -d' ' -f1-4 "$T/found" | grep -vxFf "$T/ends")"
set -- $held
while [ $# -gt 0 ]; do
	delta=$(awk -v a="$1" -v p="$2" '$1 == a && $2 == p && $8 == "state-fin-wait-1" { print $5 }' <<<"$OUT")
	holds "ex6: held for 100 ms by $1" "delta ${delta:-none} us" "${delta:-0}" -ge 100000 -a "${delta:-0}" -lt 3000000
	shift 2
done
