#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# ip:::send and ip:::receive where IP is not all that a device meets: macvlan, forwarding, tc that drops and
# redirects. Equal to the kernel's counters of each namespace, by device.
. "$(dirname "$0")/lib.sh"
net_up
NC=dtn-$$-c ND=dtn-$$-d MV=mv$$ RB=rb$$ RD=rd$$ DM=dm$$
for ns in "$NC" "$ND"; do
	ip netns add "$ns" || die "cannot make a network namespace"
	our_netns+=("$ns")
	ip -n "$ns" link set lo up
done
C4=${B4%.2}.3 C6=${B6%b}c
net=198.51.$number
D4=$net.2 D6=2001:db8:$(printf %x $(($$ % 65536))):d::2
quiet="net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.addr_gen_mode=1
	net.ipv6.conf.default.mldv2_unsolicited_report_interval=1"
# shellcheck disable=SC2086 # a list
for ns in "$NB" "$NC" "$ND"; do ip netns exec "$ns" sysctl -qw $quiet; done

ip -n "$NB" link add "$MV" link "$IB" type macvlan mode bridge 2>/dev/null || skip_all "no macvlan here"
ip -n "$NB" link set "$MV" netns "$NC"
net_side "$NC" "$MV"
net_addresses "$NC" "$MV" "$C4" "$C6"
ip -n "$NB" link add "$RB" type veth peer name "$RD" netns "$ND"
net_side "$NB" "$RB"
net_side "$ND" "$RD"
net_addresses "$NB" "$RB" "$net.1" "${D6%2}1"
net_addresses "$ND" "$RD" "$D4" "$D6"
ip -n "$NB" link add "$DM" type veth peer name "$DM" netns "$ND"
net_side "$NB" "$DM"
net_side "$ND" "$DM"
ip netns exec "$NB" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n "$ND" route add default via "$net.1"
ip -n "$ND" -6 route add default via "${D6%2}1"
ip -n "$NA" route add "$net.0/24" via "$B4"
ip -n "$NA" -6 route add "${D6%2}/64" via "$B6"

neighbours() # NAMESPACE DEVICE ADDRESS... MAC
{
	local a
	for a in "${@:3:$#-3}"; do ip -n "$1" neigh replace "$a" lladdr "${!#}" dev "$2" nud permanent; done
}
neighbours "$NA" "$IA" "$C4" "$C6" "$(mac_of "$NC" "$MV")"
neighbours "$NC" "$MV" "$A4" "$A6" "$(mac_of "$NA" "$IA")"
neighbours "$NB" "$RB" "$D4" "$D6" "$(mac_of "$ND" "$RD")"
neighbours "$ND" "$RD" "$net.1" "${D6%2}1" "$(mac_of "$NB" "$RB")"
for to in "$C4" "$C6" "$D4" "$D6"; do
	until_true 30000 in_a "$bin/traffic" ping "$to" 0 || die "$to is not reached"
done

# Port 7 is dropped on A's way out, 8 on B's way in, 9 taken past IP to the dummy device.
# Programs of tcpdump's: in direct action they say themselves what becomes of a packet.
bytecode() # PORT MATCH ELSE
{
	tcpdump -y EN10MB -ddd "udp dst port $1" 2>/dev/null | sed "s/ 262144\$/ $2/; \$s/ 0\$/ $3/" | paste -sd,
}
tc_drop() # NAMESPACE DEVICE WAY PORT
{
	ip netns exec "$1" tc filter add dev "$2" "$3" prio "$4" bpf da bytecode "$(bytecode "$4" 2 4294967295)" ||
		skip_all "tc takes no programs here"
}
ip netns exec "$NA" tc qdisc add dev "$IA" clsact || skip_all "no clsact here"
ip netns exec "$NB" tc qdisc add dev "$IB" clsact
tc_drop "$NA" "$IA" egress 7
tc_drop "$NB" "$IB" ingress 8
ip netns exec "$NB" tc filter add dev "$IB" ingress prio 9 bpf bytecode "$(bytecode 9 4294967295 0)" \
	action mirred egress redirect dev "$DM" || skip_all "tc cannot redirect here"

tc_dropped() { ip netns exec "$1" tc -s qdisc show dev "$2" clsact | sed -n 's/.*dropped \([0-9]*\).*/\1/p'; }
tc_redirected() { ip netns exec "$NB" tc -s filter show dev "$IB" ingress | sed -n 's/.*Sent .* bytes \([0-9]*\) pkt.*/\1/p'; }

if [ -n "$(counter "$NA" IpOutTransmits)" ]; then
	transmits() { total "$1" IpOutTransmits Ip6OutTransmits; }
else
	# Before 6.6 (e4da8c78973c) OutRequests of IPv4 has forwarded packets as well.
	transmits()
	{
		printf '%d\n' $(($(total "$1" IpOutRequests IpFragCreates) - $(total "$1" IpFragOKs) +
			$(total "$1" Ip6OutRequests Ip6OutForwDatagrams Ip6FragCreates) - $(total "$1" Ip6FragOKs)))
	}
fi

talk()
{
	local to port
	for to in "$C4" "$C6" "$D4" "$D6"; do
		in_a "$bin/traffic" ping "$to" 0 --count 20 || die "no answer of $to"
		in_a "$bin/traffic" refused "$to" 1 || die "not refused"
	done
	for to in "$B4" "$B6"; do
		for port in 7 8 9; do
			for _ in 1 2 3 4 5; do in_a "$bin/traffic" udp-client "$to" "$port" --talk c10,c20,c30 >/dev/null 2>&1; done
		done
	done
	for to in "$A4" "$A6"; do
		ip netns exec "$NC" "$bin/traffic" ping "$to" 0 --count 10 || die "no answer of $to"
		ip netns exec "$ND" "$bin/traffic" ping "$to" 0 --count 10 || die "no answer of $to"
		ip netns exec "$ND" "$bin/traffic" udp-client "$to" 99 --talk c10,c3000 >/dev/null 2>&1
	done
}

account()
{
	local ns
	for ns in A B C D; do
		local -n name=N$ns
		printf 'receive %s %d\n' "$ns" "$(total "$name" IpInReceives Ip6InReceives)"
		printf 'send %s %d\n' "$ns" "$(transmits "$name")"
	done
}

dtrace_start devices -qn '
ip:::receive, ip:::send { @[probename, args[3]->if_name] = count(); @ns[probename, args[3]->if_ipstack] = count(); }
END { printa("%s %s %@d\n", @); printa("ns %s %d %@d\n", @ns); }'
account >"$T/before"
talk
dtrace_stop devices
account >"$T/after"
dropped=$(tc_dropped "$NB" "$IB") redirected=$(tc_redirected) out=$(tc_dropped "$NA" "$IA")

found() { awk -v p="$1" -v d=" ${*:2} " '$1 == p && index(d, " " $2 " ") { n += $3 } END { print n + 0 }' <<<"$OUT"; }
grew() { paste -d' ' "$T/before" "$T/after" | awk -v p="$1" -v n="$2" '$1 == p && $2 == n { print $6 - $3 }'; }

is "A drops on its way out" 30 "$out"
is "B drops on its way in" 30 "$dropped"
is "B redirects past IP" 30 "$redirected"
is "A receives" "$(grew receive A)" "$(found receive "$IA")"
is "C, which has a macvlan, receives" "$(grew receive C)" "$(found receive "$MV")"
is "D receives" "$(grew receive D)" "$(found receive "$RD")"
is "B receives, and what tc drops and redirects before IP" "$(($(grew receive B) + dropped + redirected))" \
	"$(found receive "$IB" "$RB" "$DM")"
is "A sends, with what tc drops then" "$(grew send A)" "$(found send "$IA")"
is "B sends and forwards, without what tc redirects and what the macvlan passes on" "$(grew send B)" \
	"$(found send "$IB" "$RB" "$DM")"
is "C sends" "$(grew send C)" "$(found send "$MV")"
is "D sends" "$(grew send D)" "$(found send "$RD")"
is "the macvlan's packets are of its namespace" "$(grew receive C)" "$(awk -v ns="$(ip netns exec "$NC" stat -Lc %i \
	/proc/self/ns/net)" '$1 == "ns" && $2 == "receive" && $3 == ns { print $4 }' <<<"$OUT")"
