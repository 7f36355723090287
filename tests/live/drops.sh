#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tcp:::drop, udp:::drop, ip:::drop-in, ip:::drop-out: each packet that the kernel drops fires one of them, with the
# reason; judged by the kernel's counters and by those of nft and tc. What is dropped is told by its length.
. "$(dirname "$0")/lib.sh"
command -v nft >/dev/null || skip_all "needs nft"
net_up
neither=198.51.$number S4=10.1.$number.77 # networks that B forwards to, and does not know
H4=203.0.113.$((1 + number)) M4=192.0.2.$((1 + number)) N4=$neither.5
H6=2001:db8:aaaa::5 M6=2001:db8:bbbb::5 N6=2001:db8:cccc::5
in_b sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=1 \
	net.ipv4.conf."$IB".rp_filter=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf."$IB".send_redirects=0 \
	net.ipv4.icmp_ratelimit=0
ip -n "$NA" addr add "$S4/32" dev lo
# B sends back to A what it forwards, and A does not forward: that is seen as a drop of A's
for to in "$H4/32" "$M4/32" "$neither.0/24"; do ip -n "$NA" route add "$to" via "$B4"; done
for to in "$H6/128" "$M6/128" "$N6/128"; do ip -n "$NA" -6 route add "$to" via "$B6"; done
ip -n "$NB" route add "$H4/32" via "$A4"
ip -n "$NB" -6 route add "$H6/128" via "$A6"
ip -n "$NB" route add "$M4/32" via "$A4" mtu lock 1300
ip -n "$NB" -6 route add "$M6/128" via "$A6" mtu 1300
ip netns exec "$NB" nft -f - <<'EOF' || skip_all "nft makes no tables here"
table inet t {
	chain in { type filter hook input priority 0; udp length 20 counter drop; }
	chain forward { type filter hook forward priority 0; udp length 22 counter drop; }
}
EOF
ip netns exec "$NA" nft -f - <<'EOF'
table inet t {
	chain out { type filter hook output priority 0; udp length 21 counter drop; }
}
EOF
# udp[4:2] of both families, in tcpdump's words
bytecode() # UDP-LENGTH
{
	tcpdump -y EN10MB -ddd "(ip proto 17 and ip[24:2] = $1) or (ip6 proto 17 and ip6[44:2] = $1)" 2>/dev/null |
		sed "s/ 262144\$/ 2/; \$s/ 0\$/ 4294967295/" | paste -sd,
}
tc_rule()
{
	ip netns exec "$1" tc qdisc add dev "$2" clsact || skip_all "no clsact here"
	ip netns exec "$1" tc filter add dev "$2" "$3" prio 1 bpf da bytecode "$(bytecode "$4")" ||
		skip_all "tc takes no programs here"
}
tc_rule "$NA" "$IA" egress 26
tc_rule "$NB" "$IB" ingress 27
tc_dropped() { ip netns exec "$1" tc -s qdisc show dev "$2" clsact | sed -n 's/.*dropped \([0-9]*\).*/\1/p'; }
nft_dropped() { ip netns exec "$1" nft list chain inet t "$2" | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'; }

send() # LENGTH TIMES ADDRESS...
{
	local to i
	for to in "${@:3}"; do
		for ((i = 0; i < $2; i++)); do
			in_a "$bin/traffic" udp-client "$to" "$PORT" --talk "c$(($1 - 8))" >/dev/null 2>&1
		done
	done
}

TIMES=5
# expected NAME COUNT PROBE LENGTH REASONS: where a kernel has the first of the reasons, it is that one
expected()
{
	local reason found
	found=$(awk -v p="$3" -v l="$4" '$1 == p && $2 == l { n += $4 } END { print n + 0 }' <<<"$OUT")
	is "$1: $3" "$2" "$found"
	[ "$2" -gt 0 ] || not_ok "$1: something is dropped" "nothing by the kernel's account"
	is "$1: no other probe" "" "$(awk -v p="$3" -v l="$4" '$1 != p && $2 == l' <<<"$OUT")"
	for reason in $5; do
		grep -q "SKB_DROP_REASON_$reason\b" "$T/reasons" && break
	done
	is "$1: the reason" "$reason" "$(awk -v p="$3" -v l="$4" '$1 == p && $2 == l { print $3 }' <<<"$OUT" | sort -u | paste -sd' ')"
}
bpftool btf dump file /sys/kernel/btf/vmlinux | grep "SKB_DROP_REASON_" >"$T/reasons"

# shellcheck disable=SC2016
dtrace_start drops -qn "
tcp:::drop, udp:::drop, ip:::drop-in, ip:::drop-out
/args[2]->ip_saddr == \"$A4\" || args[2]->ip_saddr == \"$A6\" || args[2]->ip_saddr == \"$S4\"/
{ @[probeprov, probename, args[2]->ip_plength, args[6]->drop_reason] = count(); }
udp:::drop /args[2]->ip_saddr == \"$A4\" && args[4]->udp_length == 19/
{ symbol = args[6]->drop_symbol; location = args[6]->drop_location; null = args[5] == NULL; udp = args[4]->udp_dport; }
END { printa(\"%s:%s %d %s %@d\\n\", @); printf(\"place %s %x %d %d\\n\", symbol, location, null, udp); }"

PORT=9
before_ports=$(total "$NB" UdpNoPorts Udp6NoPorts) before_resets=$(total "$NB" TcpOutRsts)
send 19 $TIMES "$B4" "$B6"
for to in "$B4" "$B6"; do in_a "$bin/traffic" refused "$to" 1; done
no_port=$(($(total "$NB" UdpNoPorts Udp6NoPorts) - before_ports)) resets=$(($(total "$NB" TcpOutRsts) - before_resets))

send 20 $TIMES "$B4" "$B6"
send 21 $TIMES "$B4" "$B6"
send 22 $TIMES "$H4" "$H6"

before=$(total "$NB" IpInHdrErrors Ip6InHdrErrors)
in_a sysctl -qw net.ipv4.ip_default_ttl=1 net.ipv6.conf."$IA".hop_limit=1
send 23 $TIMES "$H4" "$H6"
in_a sysctl -qw net.ipv4.ip_default_ttl=64 net.ipv6.conf."$IA".hop_limit=64
expired=$(($(total "$NB" IpInHdrErrors Ip6InHdrErrors) - before))

before=$(total "$NB" IpExtInNoRoutes Ip6InNoRoutes)
send 24 $TIMES "$N4" "$N6"
no_route=$(($(total "$NB" IpExtInNoRoutes Ip6InNoRoutes) - before))

before=$(total "$NB" TcpExtIPReversePathFilter)
ip -n "$NA" route replace "$H4/32" via "$B4" src "$S4"
send 25 $TIMES "$H4"
reverse=$(($(total "$NB" TcpExtIPReversePathFilter) - before))

send 26 $TIMES "$B4" "$B6"
send 27 $TIMES "$B4" "$B6"

before=$(total "$NB" IpFragFails) before6=$(total "$NB" Ip6FragFails)
send 1400 1 "$M4"
send 1401 1 "$M6"
too_big=$(($(total "$NB" IpFragFails) - before)) too_big6=$(($(total "$NB" Ip6FragFails) - before6))

full=0
for to in "$B4" "$B6"; do
	server_start "$NB" udp-server "$to" --talk c1
	kill -STOP "$SERVER"
	before=$(total "$NB" UdpRcvbufErrors Udp6RcvbufErrors)
	plan=$(printf 'c1201,%.0s' $(seq 250))
	in_a "$bin/traffic" udp-client "$to" "$PORT" --talk "${plan%,}" >/dev/null
	full=$((full + $(total "$NB" UdpRcvbufErrors Udp6RcvbufErrors) - before))
	{
		kill -KILL "$SERVER"
		wait "$SERVER"
	} 2>/dev/null
	forget "$SERVER"
done
before=$(total "$NB" UdpInCsumErrors Udp6InCsumErrors)
for to in "$B4" "$B6"; do in_a "$bin/traffic" badsum "$to" 9 --count $TIMES --size 22 || die "badsum failed"; done
bad=$(($(total "$NB" UdpInCsumErrors Udp6InCsumErrors) - before))
dtrace_stop drops

expected "no socket" "$no_port" udp:drop 19 NO_SOCKET
is "no socket: tcp:drop" "$resets" "$(awk '$1 == "tcp:drop" && $3 == "NO_SOCKET" { n += $4 } END { print n + 0 }' <<<"$OUT")"
expected "firewall, input" "$(nft_dropped "$NB" in)" ip:drop-in 20 NETFILTER_DROP
expected "firewall, output" "$(nft_dropped "$NA" out)" ip:drop-out 21 NETFILTER_DROP
expected "firewall, forward" "$(nft_dropped "$NB" forward)" ip:drop-in 22 NETFILTER_DROP
expected "hop limit" "$expired" ip:drop-in 23 "IP_INHDR NOT_SPECIFIED"
expected "no route" "$no_route" ip:drop-in 24 "IP_INNOROUTES NOT_SPECIFIED"
expected "reverse path" "$reverse" ip:drop-in 25 "IP_RPFILTER NOT_SPECIFIED"
expected "tc, out" "$(tc_dropped "$NA" "$IA")" ip:drop-out 26 TC_EGRESS
expected "tc, in" "$(tc_dropped "$NB" "$IB")" ip:drop-in 27 TC_INGRESS
expected "too big" "$too_big" ip:drop-in 1400 "PKT_TOO_BIG NOT_SPECIFIED"
expected "too big, v6" "$too_big6" ip:drop-in 1401 NOT_SPECIFIED
of_reason() { awk -v r="$1" '$1 == "udp:drop" && $2 == 1209 && (r == "" || $3 == r) { n += $4 } END { print n + 0 }' <<<"$OUT"; }
is "receive buffer full" "$full" "$(of_reason SOCKET_RCVBUFF)"
[ "$full" -gt 0 ] || not_ok "receive buffers were full" "none, by the kernel's account"
is "receive buffer full, and what is not read when the socket closes" 500 "$(of_reason "")"
expected "checksum" "$bad" udp:drop 30 UDP_CSUM
read -r _ symbol location null port < <(grep '^place ' <<<"$OUT")
is "the place is where /proc/kallsyms has the symbol" "$((0x$location))" \
	"$(awk -v s="${symbol%+*}" '$3 == s { print $1; exit }' /proc/kallsyms | (read -r a && echo $((0x$a + ${symbol#*+}))))"
is "args[5] is NULL, args[4] is there" "1 9" "$null $port"
