#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every probe's count against the kernel's own counters, equal to the packet, in both namespaces, over mixed traffic.
. "$(dirname "$0")/lib.sh"
net_up
mac=02:00:00:00:00:09
ip -n "$NA" neigh replace "$R4" lladdr "$mac" dev "$IA" nud permanent
ip -n "$NA" neigh replace "$R6" lladdr "$mac" dev "$IA" nud permanent
active=$(active_close)

talk()
{
	local a b r pair
	for pair in "$A4 $B4 $R4" "$A6 $B6 $R6"; do
		read -r a b r <<<"$pair"
		conversation tcp "$b" c100,s1000,c1400,s1 -- --close "$active"
		conversation tcp "$b" c5,s5 --linger-ms 20 -- --close "$active" # the FIN comes in TIME_WAIT
		conversation tcp "$b" c5,s5 --close "$active" -- --close passive
		conversation tcp "$b" c5,s5 -- --close reset
		in_a "$bin/traffic" refused "$b" 1 || die "not refused"
		conversation udp "$b" c0,c100,s1400,c5000,s9000 # the last two in fragments
		in_a "$bin/traffic" udp-client "$b" 9 --talk c10 >/dev/null
		in_b "$bin/traffic" ping "$a" 0 --count 3 --size 2000
		server_start "$NA" tcp-server "$a" --talk c600
		in_b "$bin/rawpeer" "$IB" "$r" "$mac" $((10000 + RANDOM)) "$a" "$(mac_of "$NA" "$IA")" "$PORT" \
			100,200,300 3,2,1 >/dev/null || die "rawpeer failed"
		server_wait
	done
}

# transmits NAMESPACE: packets handed to devices; kernels before 6.6 count what makes them up
if [ -n "$(counter "$NA" IpOutTransmits)" ]; then
	transmits() { total "$1" IpOutTransmits Ip6OutTransmits; }
else
	transmits()
	{
		printf '%d\n' $(($(total "$1" IpOutRequests IpForwDatagrams IpFragCreates) - $(total "$1" IpFragOKs) +
			$(total "$1" Ip6OutRequests Ip6OutForwDatagrams Ip6FragCreates) - $(total "$1" Ip6FragOKs)))
	}
fi

# "PROBE PLACE COUNT" by the kernel's account
account()
{
	local ns dev side
	for side in "$NA $IA" "$NB $IB"; do
		read -r ns dev <<<"$side"
		printf 'ip:receive %s %d\n' "$dev" "$(total "$ns" IpInReceives Ip6InReceives)"
		printf 'ip:send %s %d\n' "$dev" "$(transmits "$ns")"
		printf 'tcp:receive %s %d\n' "$dev" "$(total "$ns" TcpInSegs)"
		printf 'tcp:send %s %d\n' "$dev" "$(total "$ns" TcpOutSegs)"
		printf 'udp:receive %s %d\n' "$dev" "$(total "$ns" UdpInDatagrams Udp6InDatagrams)"
		printf 'udp:send %s %d\n' "$dev" "$(total "$ns" UdpOutDatagrams Udp6OutDatagrams)"
	done
}

account >"$T/before"
# shellcheck disable=SC2016
dtrace_start counters -qn '
ip:::receive, ip:::send { @ip[probename, args[3]->if_name] = count(); }
tcp:::receive { @tcp[probename, args[2]->ip_daddr] = count(); }
tcp:::send { @tcp[probename, args[2]->ip_saddr] = count(); }
udp:::receive { @udp[probename, args[2]->ip_daddr] = count(); }
udp:::send { @udp[probename, args[2]->ip_saddr] = count(); }
END {
	printa("ip:%s %s %@d\n", @ip);
	printa("tcp:%s %s %@d\n", @tcp);
	printa("udp:%s %s %@d\n", @udp);
}'
talk
dtrace_stop counters
account >"$T/after"
paste -d' ' "$T/before" "$T/after" | awk '{ print $1, $2, $6 - $3 }' | sort >"$T/expected"
awk -v ia="$IA" -v ib="$IB" -v a4="$A4" -v a6="$A6" -v b4="$B4" -v b6="$B6" '
	BEGIN { at[ia] = at[a4] = at[a6] = ia; at[ib] = at[b4] = at[b6] = ib }
	$2 in at { n[$1 " " at[$2]] += $3 }
	END { for (k in n) print k, n[k] }' <<<"$OUT" | sort >"$T/found"
while read -r probe dev n; do
	is "counters: $probe, $dev" "$n" "$(awk -v p="$probe" -v d="$dev" '$1 == p && $2 == d { print $3 }' "$T/found")"
done <"$T/expected"
