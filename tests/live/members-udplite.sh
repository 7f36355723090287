#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# udplite:::send and udplite:::receive: each datagram once at each end, its members against tcpdump's packet; udp's
# probes do not see it. Where the kernel has no UDP-Lite it is refused by name.
. "$(dirname "$0")/lib.sh"
. "$live/members.bash"
net_up
if ! grep -q UDP-Lite /proc/net/protocols; then
	dtrace_run 20 -n 'udplite:::send'
	is "refused without UDP-Lite" 1 "$STATUS"
	matches "and named" "this kernel has no UDP-Lite" "$ERR"
	exit
fi

datagram="
udplite_sport | %u | args[4]->udplite_sport | =sport
udplite_dport | %u | args[4]->udplite_dport | =dport
udplite_coverage | %u | args[4]->udplite_coverage | =ulen
udplite_checksum | %u | args[4]->udplite_checksum | =check
udplite_hdr | %u | ntohs(args[4]->udplite_hdr->udplh_coverage) | =ulen"

# What the datagram's packet says of its receiver, which is bound to its address, and of no peer.
receiver()
{
	printf '%s\n' "$datagram" "
udplites_addr | %d | args[1]->cs_cid == ((struct sock *)args[3]->udplites_addr)->__sk_common.skc_cookie.counter | 1
udplites_lport | %u | args[3]->udplites_lport | =dport
udplites_rport | %u | args[3]->udplites_rport | 0
udplites_laddr | %s | args[3]->udplites_laddr | =daddr
udplites_raddr | %s | args[3]->udplites_raddr | $1"
}

nowhere=(x 0.0.0.0 ::) b=(x "$B4" "$B6")
received=$(receiver "")
capture_start "$NB" "$IB" "$T/pcap"
# shellcheck disable=SC2016
dtrace_start udplite -qn '
udplite:::receive /args[2]->ip_daddr == "'"$B4"'" || args[2]->ip_daddr == "'"$B6"'"/ {
	'"$(printing "$received" "in %u" "args[2]->ip_ver")"' }
udplite:::send /args[2]->ip_daddr == "'"$B4"'" || args[2]->ip_daddr == "'"$B6"'"/ {
	'"$(printing "$datagram" "out %u" "args[2]->ip_ver")"' }
udp:::send, udp:::receive /(args[2]->ip_daddr == "'"$B4"'" || args[2]->ip_daddr == "'"$B6"'") && args[4]->udp_dport != 9/ {
	printf("udp %s %d > %d %d\n", probename, args[4]->udp_sport, args[4]->udp_dport, args[2]->ip_plength); }'
for addr in "$B4" "$B6"; do
	conversation udplite "$addr" c0,c100,s7,c1400,c33 -- --coverage 20
	conversation udplite "$addr" c64
done
capture_stop "$T/pcap"
dtrace_stop udplite
"$bin/pcapls" -a "$T/pcap" >"$T/pcap.all"
packets() { grep "^proto=136 .*\bdaddr=$1 " "$T/pcap.all"; }
for family in 1 2; do
	v=$((family * 2 + 2))
	judged "IPv$v received" "$(receiver "${nowhere[family]}")" "$(grep "^in $v " <<<"$OUT" | cut -d ' ' -f 3-)" \
		"$(packets "${b[family]}")"
	judged "IPv$v sent" "$datagram" "$(grep "^out $v " <<<"$OUT" | cut -d ' ' -f 3-)" "$(packets "${b[family]}")"
	is "a coverage of 20 bytes, IPv$v" 3 "$(packets "${b[family]}" | grep -c ' ulen=20 ')"
done
is "udp's probes see none of it" "" "$(grep udp <<<"$OUT")"
