#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Example 4: IP payload sizes by interface, exact to the packet against tcpdump on both interfaces.
. "$(dirname "$0")/lib.sh"
net_up
for side in "$NA $IA" "$NB $IB"; do
	read -r ns dev <<<"$side"
	ip -n "$ns" link set "$dev" mtu 4000 # so that sizes over 1500 exist
done

talk()
{
	local addr
	for addr in "$B4" "$B6"; do
		conversation udp "$addr" c0,c1,c91,c92,s93,c192,s300,s400,c1391,c1392,s1491,c1492,c1493,c2000,c9000
		conversation tcp "$addr" c68,s69,c1000,s1400,c3000 -- --close active
		in_a "$bin/traffic" ping "$addr" 0 --count 5 --size 500
	done
}

# "INTERFACE BUCKET COUNT" of a capture
expected()
{
	awk -v dev="$2" '{ n = int($6 / 100) * 100; b[n > 1500 ? 1500 : n]++ }
		END { for (n in b) print dev, n, b[n] }' "$1"
}

# The same of the printed histograms: of our interfaces, rows that are not 0.
printed()
{
	awk -v a="$IA" -v b="$IB" '
		NF == 1 { key = $1 }
		/\|/ && $NF > 0 && (key == a || key == b) {
			row = $0; sub(/\|.*/, "", row); gsub(/ /, "", row)
			if (row ~ /^</) row = -1; sub(/^>=/, "", row)
			print key, row, $NF
		}'
}

capture_start "$NA" "$IA" "$T/a"
capture_start "$NB" "$IB" "$T/b"
dtrace_start ex4 -s "$examples/ex4-ip-payload-sizes.d"
talk
dtrace_stop ex4
capture_stop "$T/a" "$T/b"
want=$( (expected "$T/a.txt" "$IA"; expected "$T/b.txt" "$IB") | sort)
holds "tcpdump saw sizes in many buckets" "$want" "$(wc -l <<<"$want")" -gt 15
is "ex4: counts by interface and size" "$want" "$(printed <<<"$OUT" | sort)"
matches "ex4: histogram header" '^ +value  ------------- Distribution ------------- count' "$OUT"
matches "ex4: last row" '^ +>= 1500 \|@* +[0-9]+' "$OUT"
