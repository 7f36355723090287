#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Example 9: bytes and packets out of order, exactly as a peer without a kernel sent them.
. "$(dirname "$0")/lib.sh"
net_up
mac=02:00:00:00:00:09 # of no interface: see rawpeer.c
their_mac=$(mac_of "$NA" "$IA")
ip -n "$NA" neigh replace "$R4" lladdr "$mac" dev "$IA" nud permanent
ip -n "$NA" neigh replace "$R6" lladdr "$mac" dev "$IA" nud permanent

# peer RAW-ADDRESS ADDRESS SIZES ORDER TOTAL: appends "RADDR BYTES OOO-BYTES PACKETS OOO-PACKETS" to expected
peer()
{
	local out
	server_start "$NA" tcp-server "$2" --talk "c$5"
	out=$(in_b "$bin/rawpeer" "$IB" "$1" "$mac" $((10000 + RANDOM)) "$2" "$their_mac" "$PORT" "$3" "$4") || die "rawpeer failed"
	server_wait
	awk -v r="$1" '{ print r, $4, $8, $2, $6 }' <<<"$out" >>"$T/expected"
}

queued=$(counter "$NA" TcpExtTCPOFOQueue)
dtrace_start ex9 -s "$examples/ex9-out-of-order.d"
peer "$R4" "$A4" 100,200,300,400,500 1,3,4,2,5 1500
peer "$R4" "$A4" 100,200,300 1,2,3 600
peer "$R6" "$A6" 1000,1,1300,7 4,3,2,2,1 2308
dtrace_stop ex9
sum=$(awk '{ for (i = 2; i <= 5; i++) s[$1, i] += $i; r[$1] } END { for (a in r) print a, s[a, 2], s[a, 3], s[a, 4], s[a, 5] }' "$T/expected" | sort)
printf -v header '%-30s %-12s %-12s %-12s %-12s' RADDR BYTES 'OOO BYTES' PACKETS 'OOO PACKETS'
matches "ex9: header" "^$header\$" "$OUT"
is "ex9: bytes and packets, in all and out of order" "$sum" \
	"$(awk -v a="$R4" -v b="$R6" '$1 == a || $1 == b { print $1, $2, $3, $4, $5 }' <<<"$OUT" | sort)"
# The kernel's own count, duplicates of what it has queued included.
is "the kernel counted as many out of order" "$(awk '{ n += $5 } END { print n }' "$T/expected")" \
	$(($(counter "$NA" TcpExtTCPOFOQueue) - queued))

# A bulk transfer in order: while the reader works on its socket segments wait in the backlog and rcv_nxt stands
# still, yet they are not out of order (half of them and more would seem so). On a busy machine the veth pair spreads a
# connection over CPUs, and segments do pass each other: a quarter is allowed beside what the kernel queued or got twice.
odd() { echo $(($(counter "$NA" TcpExtTCPOFOQueue) + $(counter "$NB" TcpRetransSegs))); }
before=$(odd)
dtrace_start bulk -s "$examples/ex9-out-of-order.d"
conversation tcp "$B4" c5,s3000000,c5,s3000000 -- --close shutdown
dtrace_stop bulk
read -r packets ooo < <(awk -v b="$B4" '$1 == b { print $4, $5 }' <<<"$OUT")
holds "bulk: all segments are there" "found: $OUT" "${packets:-0}" -gt 1000
holds "bulk: in order is in order" "$ooo of $packets out of order; the kernel had $(($(odd) - before))" \
	"${ooo:-$packets}" -le $(($(odd) - before + ${packets:-0} / 4))
