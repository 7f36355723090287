#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Members that are about a packet: each against what tcpdump took of the same packet, received and sent, with fields
# that no usual packet has (craft.c) and in conversations of the kernel.
. "$(dirname "$0")/lib.sh"
. "$live/members.bash"
net_up
mac=02:00:00:00:00:09 # of no interface: nobody answers the answers
ip -n "$NA" neigh replace "$R4" lladdr "$mac" dev "$IA" nud permanent
ip -n "$NA" neigh replace "$R6" lladdr "$mac" dev "$IA" nud permanent
inode=$(in_a stat -L -c %i /proc/self/ns/net)
index=$(in_a cat "/sys/class/net/$IA/ifindex")

skb='((struct sk_buff *)args[0]->pkt_addr)'
# pkt_addr: what the buffer at this address has in bytes 4 and 5 of its IP header
packet="
pkt_addr | %u | ntohs(*(uint16_t *)((uintptr_t)$skb->head + $skb->network_header + 4)) | =word4
ip_ver | %u | args[2]->ip_ver | =ver
ip_plength | %u | args[2]->ip_plength | =plength
ip_saddr | %s | args[2]->ip_saddr | =saddr
ip_daddr | %s | args[2]->ip_daddr | =daddr"
interface="
if_name | %s | args[3]->if_name | $IA
if_local | %d | args[3]->if_local | 0
if_ipstack | %u | args[3]->if_ipstack | $inode
if_addr | %d | ((struct net_device *)args[3]->if_addr)->ifindex | $index"
ip_4="$packet$interface
ipv4_ver | %u | args[4]->ipv4_ver | 4
ipv4_ihl | %u | args[4]->ipv4_ihl | =ihl
ipv4_tos | %u | args[4]->ipv4_tos | =tos
ipv4_length | %u | args[4]->ipv4_length | =length
ipv4_ident | %u | args[4]->ipv4_ident | =ident
ipv4_flags | %u | args[4]->ipv4_flags | =ipflags
ipv4_offset | %u | args[4]->ipv4_offset | =offset
ipv4_ttl | %u | args[4]->ipv4_ttl | =ttl
ipv4_protocol | %u | args[4]->ipv4_protocol | =proto
ipv4_protostr | %s | args[4]->ipv4_protostr | =protostr
ipv4_checksum | %u | args[4]->ipv4_checksum | =ipcheck
ipv4_src | %u | args[4]->ipv4_src | =src
ipv4_dst | %u | args[4]->ipv4_dst | =dst
ipv4_saddr | %s | args[4]->ipv4_saddr | =saddr
ipv4_daddr | %s | args[4]->ipv4_daddr | =daddr
ipv4_hdr | %u | ntohs(args[4]->ipv4_hdr->id) | =ident
ipv6_ver | %u | args[5]->ipv6_ver | 0
ipv6_tclass | %u | args[5]->ipv6_tclass | 0
ipv6_flow | %u | args[5]->ipv6_flow | 0
ipv6_plen | %u | args[5]->ipv6_plen | 0
ipv6_nexthdr | %u | args[5]->ipv6_nexthdr | 0
ipv6_nextstr | %s | args[5]->ipv6_nextstr | <null>
ipv6_hlim | %u | args[5]->ipv6_hlim | 0
ipv6_src | %u | (uint64_t)args[5]->ipv6_src | 0
ipv6_dst | %u | (uint64_t)args[5]->ipv6_dst | 0
ipv6_saddr | %s | args[5]->ipv6_saddr | <null>
ipv6_daddr | %s | args[5]->ipv6_daddr | <null>
ipv6_hdr | %u | (uint64_t)args[5]->ipv6_hdr | 0"
ip_6="$packet$interface
ipv4_ver | %u | args[4]->ipv4_ver | 0
ipv4_ihl | %u | args[4]->ipv4_ihl | 0
ipv4_tos | %u | args[4]->ipv4_tos | 0
ipv4_length | %u | args[4]->ipv4_length | 0
ipv4_ident | %u | args[4]->ipv4_ident | 0
ipv4_flags | %u | args[4]->ipv4_flags | 0
ipv4_offset | %u | args[4]->ipv4_offset | 0
ipv4_ttl | %u | args[4]->ipv4_ttl | 0
ipv4_protocol | %u | args[4]->ipv4_protocol | 0
ipv4_protostr | %s | args[4]->ipv4_protostr | <null>
ipv4_checksum | %u | args[4]->ipv4_checksum | 0
ipv4_src | %u | args[4]->ipv4_src | 0
ipv4_dst | %u | args[4]->ipv4_dst | 0
ipv4_saddr | %s | args[4]->ipv4_saddr | <null>
ipv4_daddr | %s | args[4]->ipv4_daddr | <null>
ipv4_hdr | %u | (uint64_t)args[4]->ipv4_hdr | 0
ipv6_ver | %u | args[5]->ipv6_ver | 6
ipv6_tclass | %u | args[5]->ipv6_tclass | =tclass
ipv6_flow | %u | args[5]->ipv6_flow | =flow
ipv6_plen | %u | args[5]->ipv6_plen | =plen
ipv6_nexthdr | %u | args[5]->ipv6_nexthdr | =nexthdr
ipv6_nextstr | %s | args[5]->ipv6_nextstr | =nextstr
ipv6_hlim | %u | args[5]->ipv6_hlim | =hlim
ipv6_src | %s | inet_ntoa6(args[5]->ipv6_src) | =saddr
ipv6_dst | %s | inet_ntoa6(args[5]->ipv6_dst) | =daddr
ipv6_saddr | %s | args[5]->ipv6_saddr | =saddr
ipv6_daddr | %s | args[5]->ipv6_daddr | =daddr
ipv6_hdr | %u | ntohs(args[5]->ipv6_hdr->payload_len) | =plen"
tcp="$packet
tcp_sport | %u | args[4]->tcp_sport | =sport
tcp_dport | %u | args[4]->tcp_dport | =dport
tcp_seq | %u | args[4]->tcp_seq | =seq
tcp_ack | %u | args[4]->tcp_ack | =ack
tcp_offset | %u | args[4]->tcp_offset | =doff
tcp_flags | %u | args[4]->tcp_flags | =flags
tcp_window | %u | args[4]->tcp_window | =window
tcp_urgent | %u | args[4]->tcp_urgent | =urgent
tcp_hdr | %u | ntohl(args[4]->tcp_hdr->seq) | =seq"
tcp_received="$tcp
tcp_checksum | %u | args[4]->tcp_checksum | =check"
# On its way out a segment has the sum of its pseudo header there, until the device, or the kernel for it, completes it.
tcp_sent="$tcp
tcp_checksum | %u | args[4]->tcp_checksum | =pseudo"
udp="$packet
udp_sport | %u | args[4]->udp_sport | =sport
udp_dport | %u | args[4]->udp_dport | =dport
udp_length | %u | args[4]->udp_length | =ulen
udp_checksum | %u | args[4]->udp_checksum | =check
udp_hdr | %u | ntohs(args[4]->udp_hdr->len) | =ulen"

# traffic A B R: of every kind, both ways
traffic()
{
	server_start "$NA" tcp-server "$1" --talk c1
	local tcp_server=$SERVER tcp_port=$PORT
	server_start "$NA" udp-server "$1" --talk c10,c10
	in_b "$bin/craft" frames "$IB" "$(mac_of "$NA" "$IA")" "$3" "$1" "$PORT" "$tcp_port" || die "craft failed"
	server_wait
	kill "$tcp_server"
	forget "$tcp_server"
	in_a "$bin/craft" raw "$1" "$2" 2 2 || die "craft failed"
	conversation tcp "$2" c100,s1000,c1400,s1 -- --close "$(active_close)"
	conversation udp "$2" c0,s100,c1400,s7
	in_a "$bin/traffic" ping "$2" 0 --size 500
}

# packets FIELD ADDRESS PROTOCOL: of the capture, that have the address in the field
packets() { grep "^proto=$3 .*\b$1=$2 " "$T/pcap.all"; }

# Packets of craft.c: those that a raw socket sends have not been through TCP or UDP; nobody reads datagrams to port 1;
# and of a fragment UDP sees nothing.
crafted='sport=(35467|39579) ' unread=' dport=1 | offset=[1-9]'

capture_start "$NA" "$IA" "$T/pcap"
a=(x "$A4" "$A6")
# shellcheck disable=SC2016
dtrace_start members -x bufsize=8m -qn '
ip:::receive /args[3]->if_name == "'"$IA"'" && args[2]->ip_ver == 4/ { '"$(printing "$ip_4" "ip in 4")"' }
ip:::receive /args[3]->if_name == "'"$IA"'" && args[2]->ip_ver == 6/ { '"$(printing "$ip_6" "ip in 6")"' }
ip:::send /args[3]->if_name == "'"$IA"'" && args[2]->ip_ver == 4/ { '"$(printing "$ip_4" "ip out 4")"' }
ip:::send /args[3]->if_name == "'"$IA"'" && args[2]->ip_ver == 6/ { '"$(printing "$ip_6" "ip out 6")"' }
tcp:::receive /args[2]->ip_daddr == "'"$A4"'" || args[2]->ip_daddr == "'"$A6"'"/ {
	'"$(printing "$tcp_received" "tcp in %u" "args[2]->ip_ver")"' }
tcp:::send /(args[2]->ip_saddr == "'"$A4"'" || args[2]->ip_saddr == "'"$A6"'") && !(args[4]->tcp_flags & TH_RST)/ {
	'"$(printing "$tcp_sent" "tcp out %u" "args[2]->ip_ver")"' }
udp:::receive /args[2]->ip_daddr == "'"$A4"'" || args[2]->ip_daddr == "'"$A6"'"/ {
	'"$(printing "$udp" "udp in %u" "args[2]->ip_ver")"' }
udp:::send /args[2]->ip_saddr == "'"$A4"'" || args[2]->ip_saddr == "'"$A6"'"/ {
	'"$(printing "$udp" "udp out %u" "args[2]->ip_ver")"' }'
traffic "$A4" "$B4" "$R4"
traffic "$A6" "$B6" "$R6"
capture_stop "$T/pcap"
dtrace_stop members
"$bin/pcapls" -a "$T/pcap" >"$T/pcap.all"

# told PROBE DIRECTION FAMILY: what the tracer said
told() { grep "^$1 $2 $3 " <<<"$OUT" | cut -d ' ' -f 4-; }

for family in 1 2; do
	us=${a[family]} v=$((family * 2 + 2))
	table=ip_$v
	judged "IPv$v received" "${!table}" "$(told ip in $v)" "$(packets daddr "$us" '[^ ]*')"
	judged "IPv$v sent" "${!table}" "$(told ip out $v)" "$(packets saddr "$us" '[^ ]*')"
	judged "TCP, IPv$v received" "$tcp_received" "$(told tcp in $v)" "$(packets daddr "$us" 6)"
	judged "TCP, IPv$v sent" "$tcp_sent" "$(told tcp out $v)" \
		"$(packets saddr "$us" 6 | grep -vE "$crafted" | grep -vE ' flags=(4|20) ')"
	judged "UDP, IPv$v received" "$udp" "$(told udp in $v)" "$(packets daddr "$us" 17 | grep -vE "$unread")"
	judged "UDP, IPv$v sent" "$udp" "$(told udp out $v | grep -v ' 9 [0-9]* [0-9]* [0-9]*$')" \
		"$(packets saddr "$us" 17 | grep -vE "$crafted| dport=9 |offset=[1-9]")"
done

# On loopback: its name, and that it is local.
dtrace_start loopback -qn 'ip:::send, ip:::receive /args[2]->ip_daddr == "'"$A4"'"/ {
	printf("%s %s %d\n", probename, args[3]->if_name, args[3]->if_local); }'
in_a "$bin/traffic" udp-client "$A4" 9 --talk c1 >/dev/null
dtrace_stop loopback
is "if_name, if_local of loopback" "send lo 1
receive lo 1" "$(grep lo <<<"$OUT" | head -n 2)"
