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

# A bulk transfer: while the reader works on its socket segments wait in the backlog and rcv_nxt stands still (half of
# them and more would seem out of order). On a busy machine they also pass each other on two CPUs. So tcps_rnxt is
# compared with what a receiver that gets the segments in this order expects; 1 in 100 may be told of in another order
# than the hook saw them.
# shellcheck disable=SC2016
dtrace_start bulk -x bufsize=16m -qn 'tcp:::receive
/args[2]->ip_saddr == "'"$B4"'" && args[3]->tcps_state == TCPS_ESTABLISHED &&
 args[2]->ip_plength - args[4]->tcp_offset > 0/
{
	printf("%u %u %u\n", args[4]->tcp_seq, args[2]->ip_plength - args[4]->tcp_offset, args[3]->tcps_rnxt);
}'
conversation tcp "$B4" c5,s3000000,c5,s3000000 -- --close shutdown
dtrace_stop bulk
read -r packets wrong < <(awk 'BEGIN { next_ = 0 } NF == 3 {
	if (!n++) first = $1
	seq = ($1 - first + 4294967296) % 4294967296
	rnxt = ($3 - first + 4294967296) % 4294967296
	wrong += rnxt != next_
	if (seq + $2 > to[seq]) to[seq] = seq + $2
	for (; next_ in to; next_ = was > next_ ? was : next_) {
		was = to[next_]
		delete to[next_]
	}
} END { print n + 0, wrong + 0 }' <<<"$OUT")
holds "bulk: all segments are there" "$packets segments" "$packets" -gt 1000
# (an emulated CPU stands still for longer than a segment may be under way: source/tcp_next.c)
holds "bulk: what is expected next" "$wrong of $packets segments expected otherwise" \
	"$wrong" -le $((packets * ${WRONG_PERCENT:-1} / 100))
