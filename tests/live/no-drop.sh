#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Alone: compares speeds
# Tracing changes nothing: 2 GB over loopback arrive whole while examples 3 and 4 run, at about the same speed.
. "$(dirname "$0")/lib.sh"
net_up
bytes=${FLOOD_BYTES:-2000000000}
counters="TcpInErrs TcpExtTCPBacklogDrop TcpExtTCPRcvQDrop TcpExtTCPOFODrop IpInDiscards IpOutDiscards IpInHdrErrors"

errors() { for name in $counters; do printf '%s %s\n' "$name" "$(counter "$NA" "$name")"; done; }

# flood NAME: the traffic program checks count and sum of the bytes itself; speed in $SPEED, retransmissions in $RETRANS
flood()
{
	local before out
	before=$(counter "$NA" TcpRetransSegs)
	if out=$(in_a "$bin/traffic" flood 127.0.0.1 0 --bytes "$bytes" --timeout 100 2>&1); then
		ok "$1: $bytes bytes arrived, sum right"
	else
		not_ok "$1: the bytes" "$out"
	fi
	SPEED=$(sed -n 's/.*MBps //p' <<<"$out")
	RETRANS=$(($(counter "$NA" TcpRetransSegs) - before))
}

errors >"$T/before"
flood untraced
untraced=$SPEED retrans=$RETRANS

dtrace_start ex4 -s "$examples/ex4-ip-payload-sizes.d"
flood ex4
dtrace_stop ex4
ratio=$(awk -v a="$SPEED" -v b="$untraced" 'BEGIN { printf "%.2f", a / b }')
printf '# untraced %s MB/s, example 4 %s MB/s: ratio %s\n' "$untraced" "$SPEED" "$ratio"
holds "ex4: speed" "ratio $ratio" "$(awk -v r="$ratio" 'BEGIN { print (r >= 0.6) }')" = 1
# A few are the machine's own: a receiver that gets no CPU for a while.
holds "ex4: retransmissions" "untraced $retrans, traced $RETRANS" "$RETRANS" -le $((retrans + 5))
matches "ex4: the flood was seen" '>= 1500 \|@' "$OUT"

dtrace_start ex3 -s "$examples/ex3-tcp-packets.d"
flood ex3
# With a line for each of so many segments it may lose lines, but has to say so: not dtrace_stop.
dtrace_signal INT ex3
is "ex3: ends with status 0" 0 "$STATUS"
printf '# example 3: %s MB/s; %s\n' "$SPEED" "$(grep -i drop <<<"$ERR" | tail -n 1)"
holds "ex3: retransmissions" "untraced $retrans, traced $RETRANS" "$RETRANS" -le $((retrans + 5))
errors >"$T/after"
is "errors and drops of the namespace" "$(cat "$T/before")" "$(cat "$T/after")"
