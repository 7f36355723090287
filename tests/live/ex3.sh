#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Example 3: every TCP segment, in order, both families, at both ends; tcpdump is the judge.
. "$(dirname "$0")/lib.sh"
net_up
active=$(active_close)

talk()
{
	local addr
	for addr in "$B4" "$B6"; do
		conversation tcp "$addr" c100,s1000,c20,s1400,c1 --linger-ms 20 -- --close shutdown
		conversation tcp "$addr" c1400,s1 -- --close "$active"
		conversation tcp "$addr" c5,s5 --close "$active" -- --close passive
		in_a "$bin/traffic" refused "$addr" 1
	done
}

# pcapls lines as SADDR SPORT DADDR DPORT BYTES FLAGS
segments() { awk '$1 == "tcp" { print $2, $3, $4, $5, $7, $8 }' "$1"; }

# The script's lines of our addresses in the same form.
ours()
{
	tr '\b' '#' | awk -v addrs="$A4 $B4 $A6 $B6" '
		BEGIN { n = split(addrs, list); for (i = 1; i <= n; i++) our[list[i]] = 1 }
		($1 in our) && ($3 in our) {
			sub(/^\(/, "", $6); sub(/\|?#\)$/, "", $6)
			print $1, $2, $3, $4, $5, $6 == "" ? "-" : $6
		}'
}

capture_start "$NA" "$IA" "$T/a"
capture_start "$NB" "$IB" "$T/b"
dtrace_start ex3 -s "$examples/ex3-tcp-packets.d"
talk
dtrace_stop ex3
capture_stop "$T/a" "$T/b"
segments "$T/a.txt" >"$T/a.segments"
segments "$T/b.txt" >"$T/b.segments"
holds "tcpdump saw the conversation" "$(wc -l <"$T/a.segments") segments" "$(wc -l <"$T/a.segments")" -ge 60

printf -v header ' %30s %-6s %30s %-6s %-6s %s' SADDR SPORT DADDR DPORT BYTES FLAGS
is "ex3: header" "$header" "$(head -n 1 <<<"$OUT")"
is "ex3: line format" "" "$(tail -n +2 <<<"$OUT" | tr '\b' '#' |
	grep -vE '^ {1,30}[0-9a-f.:<>unkow]+ [0-9]+ +[0-9a-f.:<>unkow]+ [0-9]+ +[0-9]+ +\(((FIN|SYN|RST|PSH|ACK|URG)\|)*#\)$' | grep -v '^$')"
ours <<<"$OUT" >"$T/ex3.segments"
is "ex3: each segment twice, as sent and as received" "$(sort "$T/a.segments" "$T/b.segments")" "$(sort "$T/ex3.segments")"
is "ex3: in order" "$(awk '!seen[$0]++' "$T/a.segments")" "$(awk '!seen[$0]++' "$T/ex3.segments")"

# The two probes apart: sends of A are what tcpdump in A saw leaving, receives what it saw arriving.
capture_start "$NA" "$IA" "$T/a"
capture_start "$NB" "$IB" "$T/b"
# shellcheck disable=SC2016
dtrace_start sides -qn 'tcp:::send, tcp:::receive {
	printf("%s %s %u %s %u %u %u\n", probename, args[2]->ip_saddr, args[4]->tcp_sport, args[2]->ip_daddr,
	    args[4]->tcp_dport, args[2]->ip_plength - args[4]->tcp_offset, args[4]->tcp_flags); }'
talk
dtrace_stop sides
capture_stop "$T/a" "$T/b"
with_bits()
{
	awk 'BEGIN { split("FIN SYN RST PSH ACK URG", names); for (i = 1; i <= 6; i++) bit[names[i]] = 2 ^ (i - 1) }
		$1 == "tcp" { n = split($8, f, "|"); v = 0; for (i = 1; i <= n; i++) v += bit[f[i]]; print $2, $3, $4, $5, $7, v }' "$1"
}
for from in "$A4" "$B4" "$A6" "$B6"; do
	case $from in "$A4" | "$A6") near=$T/a.txt far=$T/b.txt ;; *) near=$T/b.txt far=$T/a.txt ;; esac
	is "tcp:::send from $from" "$(with_bits "$near" | grep "^$from ")" "$(grep "^send $from " <<<"$OUT" | cut -d' ' -f2-)"
	is "tcp:::receive from $from" "$(with_bits "$far" | grep "^$from ")" "$(grep "^receive $from " <<<"$OUT" | cut -d' ' -f2-)"
done
