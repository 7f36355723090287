#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Example 5: a connection held open for 300 ms is counted in bucket 256, once for each end, both families.
. "$(dirname "$0")/lib.sh"
net_up

talk()
{
	local addr
	for addr in "$B4" "$B6"; do
		conversation tcp "$addr" c10,s10 -- --hold-ms 300 --close "$1"
	done
}

rows() { awk 'NF == 1 { key = $1 } /Connection duration/ { key = "Connection duration" }
	/\|/ && $NF > 0 { print key, $1, $NF }'; }

dtrace_start ex5 -s "$examples/ex5-connection-duration.d"
talk active
dtrace_stop ex5
matches "ex5: key" '^ +Connection duration \(ms\) *$' "$OUT"
# The script has no filter: other connections of the machine may add to ours.
count=$(awk '/\|/ && $1 == 256 { print $NF }' <<<"$OUT")
holds "ex5: both ends, both families in bucket 256" "found: $OUT" "${count:-0}" -ge 4

# The same with the local address as key, to look at our own connections only.
sed 's/@\["Connection duration (ms)"\]/@[args[3]->tcps_laddr]/' "$examples/ex5-connection-duration.d" >"$T/keyed.d"
dtrace_start keyed -s "$T/keyed.d"
talk shutdown
dtrace_stop keyed
is "keyed: one connection of 300 ms at each address" \
	"$(printf '%s 256 1\n' "$A4" "$A6" "$B4" "$B6" | sort)" "$(rows <<<"$OUT" | grep -F -e "$A4 " -e "$A6 " -e "$B4 " -e "$B6 " | sort)"
