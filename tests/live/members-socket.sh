#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: the machine must keep times of 50 ms
# Members that are about a TCP connection: each against what the kernel tells the socket's owner (TCP_INFO, TCP_REPAIR,
# socket options: socks.c) in each state, both families. The network delays each packet by 150 ms: between two of
# them the socket is quiet, the owner asks, and the next segment that comes must show the same.
. "$(dirname "$0")/lib.sh"
. "$live/members.bash"
net_up
net_slow 150
for ns in "$NA" "$NB"; do
	ip netns exec "$ns" sysctl -qw net.ipv4.tcp_congestion_control=reno || die "no reno"
done

sk='((struct sock *)args[3]->tcps_addr)'
# tcps_addr, cs_addr: what is at the address is the socket with this cookie
socket="
cs_addr | %u | ((struct sock *)args[1]->cs_addr)->__sk_common.skc_cookie.counter | =cookie
cs_cid | %u | args[1]->cs_cid | =cookie
cs_zoneid | %u | args[1]->cs_zoneid | =netns
tcps_addr | %u | $sk->__sk_common.skc_cookie.counter | =cookie
tcps_local | %d | args[3]->tcps_local | 0
tcps_active | %d | args[3]->tcps_active | =active
tcps_lport | %u | args[3]->tcps_lport | =lport
tcps_rport | %u | args[3]->tcps_rport | =rport
tcps_laddr | %s | args[3]->tcps_laddr | =laddr
tcps_raddr | %s | args[3]->tcps_raddr | =raddr
tcpsinfo_t.tcps_state | %d | args[3]->tcps_state | =state
tcps_iss | %u | args[3]->tcps_iss | =iss
tcps_irs | %u | args[3]->tcps_irs | =irs
tcps_suna | %u | args[3]->tcps_suna | =suna
tcps_smax | %u | args[3]->tcps_smax | =snxt
tcps_snxt | %u | args[3]->tcps_snxt | =snxt
tcps_rack | %u | args[3]->tcps_rack | =rack
tcps_rnxt | %u | args[3]->tcps_rnxt | =rnxt
tcps_swnd | %u | args[3]->tcps_swnd | =swnd
tcps_snd_ws | %d | args[3]->tcps_snd_ws | =snd_ws
tcps_swl1 | %u | args[3]->tcps_swl1 | =swl1
tcps_radv | %u | args[3]->tcps_radv | =radv
tcps_rwnd | %u | args[3]->tcps_rwnd | =rwnd
tcps_rcv_ws | %d | args[3]->tcps_rcv_ws | =rcv_ws
tcps_cwnd | %u | args[3]->tcps_cwnd | =cwnd
tcps_cwnd_ssthresh | %u | args[3]->tcps_cwnd_ssthresh | =ssthresh
tcps_rto | %u | args[3]->tcps_rto | =rto
tcps_mss | %u | args[3]->tcps_mss | =mss
tcps_srtt | %u | args[3]->tcps_srtt | =srtt
tcps_rtt_sd | %u | args[3]->tcps_rtt_sd | =rttvar
tcps_srtt_us | %u | args[3]->tcps_srtt_us | =srtt_us
tcps_minrtt_us | %u | args[3]->tcps_minrtt_us | =minrtt
tcps_debug | %d | args[3]->tcps_debug | =debug
tcps_cookie | %u | args[3]->tcps_cookie | =mark
tcps_congestion | %s | args[3]->tcps_congestion | =congestion
tcps_delivery_rate | %u | args[3]->tcps_delivery_rate | =delivery_rate
tcps_inflight | %u | args[3]->tcps_inflight | =inflight
tcps_total_retrans | %u | args[3]->tcps_total_retrans | =total_retrans"
# What only the wire knows: judged by the capture, at the end. (The last columns.)
by_the_wire="
tcps_swl2 | %u | args[3]->tcps_swl2 | what the segment before acknowledged
tcps_rup | %u | args[3]->tcps_rup | behind the urgent byte that the wire announced
tcps_ts_recent | %u | args[3]->tcps_ts_recent | of the segment before
tcps_rtt | %u | args[3]->tcps_rtt | how long the wire took
tcps_retransmit | %d | args[3]->tcps_retransmit | the wire has it twice"

# The same after losses: of 1000, 1001, 1002, 1003 and 1004 bytes the first and the last segment are lost; the three
# between are acknowledged selectively, and the first is sent again.
losses="
tcps_sack_fack | %u | args[3]->tcps_sack_fack | =suna
tcps_srecover | %u | args[3]->tcps_srecover | =snxt
tcps_sack_snxt | %u | args[3]->tcps_sack_snxt | =suna"
in_recovery="$socket
tcps_sack_fack | %u | args[3]->tcps_sack_fack | =snxt-1004
tcps_srecover | %u | args[3]->tcps_srecover | =snxt
tcps_sack_snxt | %u | args[3]->tcps_sack_snxt | =snxt-4010"
# when all is over, nothing was sent since the recovery ended
no_losses=$socket$losses

# Of a change of state: what the owner was told before it.
change="
cs_cid | %u | args[1]->cs_cid | =cookie
tcplsinfo_t.tcps_state | %d | args[5]->tcps_state | =state"

# Steps of socks.c; the key of an info is payload/flags of the segment that comes next (FIN 1, SYN 2, PSH 8, ACK 16).
in_turns=(
	open a.born a.debug a.mark=4000000007 sleep=50 a.info=2:0/18 # SYN_SENT
	accept b.born b.mark=8 sleep=350 a.born
	b.info=4:11/24 a.send=11 sleep=500 b.recv=11            # ESTABLISHED
	a.info=4:12/24 b.send=12 sleep=500 a.recv=12
	a.send=200000 b.recv=200000 sleep=500                 # the window opens
	b.send=13 a.send=14 sleep=50 a.info=4:13/24 b.info=4:14/24 sleep=450 a.recv=13 b.recv=14
	a.calm=0 b.calm=0 a.shut sleep=50 a.info=6:0/16 sleep=500               # FIN_WAIT_1
	a.info=9:15/24 b.send=15 sleep=50 b.info=5:0/16 sleep=450 a.recv=15 # CLOSE_WAIT and FIN_WAIT_2
	a.info=9:0/17 b.shut sleep=50 b.info=8:0/16 sleep=500 # LAST_ACK
)
at_once=(
	open accept a.born b.born sleep=500
	a.shut b.shut sleep=50 a.info=6:0/17 sleep=175 a.info=7:0/16 sleep=500 # CLOSING
)
lose="run=kill -USR1 $SLOW" keep="run=kill -USR2 $SLOW"
with_losses=(
	open accept a.born b.born sleep=400 a.send=50000 b.recv=50000 sleep=500
	"$lose" sleep=20 a.send=1000 sleep=20 "$keep" sleep=20 a.send=1001 a.send=1002 a.send=1003 sleep=20
	"$lose" sleep=20 a.send=1004 sleep=20 "$keep" sleep=20
	a.info=4:0/16 sleep=170 b.send=21 sleep=100             # in flight, nothing acknowledged yet
	a.info=4:21/24 b.recv=4006 sleep=900                    # the first sent again
	a.calm=2 a.info=4:23/24 b.send=23 sleep=500                      # all is over
)

slower="run=kill -HUP $SLOW"
two_times=(
	open accept a.born sleep=400 a.send=31 sleep=400 b.recv=31
	"$slower" a.send=32 sleep=900 b.recv=32 a.calm=0 a.info=4:33/24 b.send=33 sleep=500 "$keep"
)
# An urgent byte whose segment comes before what is in front of it, which is sent again.
urgent=(
	open accept a.born b.born sleep=400 a.info=4:0/0 a.send=41 sleep=400 b.recv=41
	"$lose" sleep=20 a.send=1100 sleep=20 "$keep" sleep=20 a.urgent sleep=1500 a.send=43 sleep=400 b.recv=1143
)
datagrams=(udp a.info=41 b.info=42 b.send=41 a.send=42 sleep=600)

udp="
cs_addr | %u | ((struct sock *)args[1]->cs_addr)->__sk_common.skc_cookie.counter | =cookie
cs_cid | %u | args[1]->cs_cid | =cookie
cs_zoneid | %u | args[1]->cs_zoneid | =netns
udps_addr | %u | ((struct sock *)args[3]->udps_addr)->__sk_common.skc_cookie.counter | =cookie
udps_lport | %u | args[3]->udps_lport | =lport
udps_rport | %u | args[3]->udps_rport | =rport
udps_laddr | %s | args[3]->udps_laddr | =laddr
udps_raddr | %s | args[3]->udps_raddr | =raddr"

capture_start "$NA" "$IA" "$T/pcap"
dtrace_start members -x bufsize=8m -qn '
tcp:::receive, tcp:::send /args[3]->tcps_laddr == "'"$A4"'" || args[3]->tcps_laddr == "'"$A6"'" ||
    args[3]->tcps_laddr == "'"$B4"'" || args[3]->tcps_laddr == "'"$B6"'"/ {
	'"$(printing "$socket$losses$by_the_wire" "%s %d %s:%d:%u/%u %u %u %u" 'probename, args[2]->ip_ver,
		args[3]->tcps_laddr == "'"$A4"'" || args[3]->tcps_laddr == "'"$A6"'" ? "a" : "b", args[3]->tcps_state,
		args[2]->ip_plength - args[4]->tcp_offset, args[4]->tcp_flags, timestamp, args[4]->tcp_seq,
		args[4]->tcp_sport')"' }
tcp:::state-change {
	'"$(printing "$change" "change %u" timestamp)"' }
udp:::receive, udp:::send /args[3]->udps_laddr == "'"$A4"'" || args[3]->udps_laddr == "'"$A6"'" ||
    args[3]->udps_laddr == "'"$B4"'" || args[3]->udps_laddr == "'"$B6"'"/ {
	'"$(printing "$udp" "udp %d %s %s:%u %u" 'args[2]->ip_ver, probename,
		args[3]->udps_laddr == "'"$A4"'" || args[3]->udps_laddr == "'"$A6"'" ? "a" : "b",
		args[4]->udp_length - 8, timestamp')"' }'

# walk FAMILY ADDRESS-A ADDRESS-B: the connections; again where the machine was too busy to keep the times
walk()
{
	local name try
	for name in in_turns at_once with_losses two_times urgent datagrams; do
		local -n steps=$name
		for try in 1 2 3 4 5 6; do
			"$bin/socks" "$NA" "$NB" "$2" "$3" "${steps[@]}" >"$T/$1.$name" && continue 2
			[ $? -eq 3 ] || die "$name failed"
		done
		die "$name: never in time"
	done
}
walk 4 "$A4" "$B4"
# the pointer of a segment is the same, but the kernel keeps it in another way
ip netns exec "$NB" sysctl -qw net.ipv4.tcp_stdurg=1
walk 6 "$A6" "$B6"
dtrace_stop members

# event FAMILY INFO: the next segment received that an info is about
event()
{
	local at=${2#* at=}
	awk -v v="$1" -v key="${2%% *}" -v at="${at%% *}" '$1 == "receive" && $2 == v && $3 == key && $4 > at {
		print; exit }' <<<"$OUT" | cut -d ' ' -f 7-
}

# change INFO: the next change of the socket's state
change()
{
	local at=${1#* at=}
	awk -v cookie="$(field cookie "$1")" -v at="${at%% *}" '$1 == "change" && $3 == cookie && $2 > at {
		print; exit }' <<<"$OUT" | cut -d ' ' -f 3-
}

field() { sed "s/.* $1=\([^ ]*\).*/\1/" <<<"$2"; }

for v in 4 6; do
	for part in in_turns at_once with_losses two_times; do
		while read -r info; do
			table=$socket
			case $part:$info in
			*:*:21/24\ *) table=$in_recovery ;;
			*:*:23/24\ *) table=$no_losses ;;
			esac
			judged "IPv$v, $part, ${info%% *}" "$table" "$(event "$v" "$info")" "$info"
			judged "IPv$v, $part, the change after ${info%% *}" "$change" "$(change "$info")" "$info"
		done <"$T/$v.$part"
	done
done

# Datagrams: received here, sent there.
for v in 4 6; do
	while read -r info; do
		key=${info%% *}
		judged "UDP over IPv$v, received at $key" "$udp" \
			"$(grep "^udp $v receive $key " <<<"$OUT" | cut -d ' ' -f 6-)" "$info"
		there=$(grep -v "^$key " "$T/$v.datagrams")
		judged "UDP over IPv$v, sent to $key" "$udp" \
			"$(grep "^udp $v send ${there%%:*}:${key#*:} " <<<"$OUT" | cut -d ' ' -f 6-)" "$there"
	done <"$T/$v.datagrams"
done

# Retransmissions are what the wire has twice.
kill -USR2 "$SLOW"
capture_stop "$T/pcap"
"$bin/pcapls" -a "$T/pcap" | grep '^proto=6 ' >"$T/pcap.all"
awk -v a4="$A4" -v a6="$A6" '{
	delete f
	for (i = 1; i <= NF; i++) { split($i, p, "="); f[p[1]] = p[2] }
	if ((f["saddr"] == a4 || f["saddr"] == a6) && f["payload"] > 0 && seen[f["seq"], f["sport"], f["saddr"]]++)
		print f["seq"], f["payload"]
}' "$T/pcap.all" >"$T/again"
is "tcps_retransmit is told of what is sent again" "$(cat "$T/again")" \
	"$(awk '$1 == "send" && $3 ~ /^a:[0-9]*:[1-9]/ && $NF == 1 { print $5, substr($3, 5) + 0 }' <<<"$OUT")"
holds "tcps_retransmit: something was" "none" "$(grep -c . "$T/again")" -ge 4

# before FIELD PORT: of each segment with data to PORT its number and the FIELD of the segment before
before()
{
	sed -n "s/.* dport=$2 seq=\([0-9]*\) .*$1=\([0-9]*\) .*payload=/\1 \2 /p" "$T/pcap.all" |
		awk '{ if ($3 > 0) print $1, before; before = $2 }'
}

# received END PORT COLUMN: of each segment with data that END received and PORT is an end of
received()
{
	awk -v end="$1" -v p="$2" -v back="$3" '$1 == "receive" && $3 ~ "^" end ":[0-9]*:[1-9]" && ($13 == p || $14 == p) {
		print $5, $(NF - back) }' <<<"$OUT"
}

# What was noted of a segment is of the one before; of data, which comes when all else has been dealt with.
for v in 4 6; do
	port=$(field lport "$(grep '^a' "$T/$v.in_turns" | head -n 1)")
	is "tcps_ts_recent, IPv$v" "$(before tsval "$port")" "$(received a "$port" 2)"
	is "tcps_swl2, IPv$v" "$(before ack "$port")" "$(received a "$port" 4)"
	# the wire took 300 ms, then 600
	port=$(field lport "$(cat "$T/$v.two_times")")
	last=$(awk -v p="$port" '$1 == "receive" && $3 ~ /^a/ && $13 == p { n = $(NF - 1) } END { print n }' <<<"$OUT")
	holds "tcps_rtt, IPv$v: of the last segment" "$last ms" "$last" -ge 599 -a "$last" -lt 700

	# A segment out of order is acknowledged with the timestamp of the last one in order, and is not noted.
	port=$(field rport "$(head -n 1 "$T/$v.with_losses")")
	echoed=$(awk -v p=" sport=$port " 'index($0, p) {
		for (i = 1; i <= NF; i++) { split($i, part, "="); f[part[1]] = part[2] }
		if (f["flags"] % 2) exit
		if (f["flags"] == 16 || f["flags"] == 24) print f["seq"], f["tsecr"] }' "$T/pcap.all")
	is "tcps_ts_recent, IPv$v, of segments sent" "$echoed" "$(awk -v p="$port" '$1 == "send" && $3 ~ /^b/ && $6 == p {
		split($3, part, "/")
		if (part[2] % 2) exit
		if (part[2] == 16 || part[2] == 24) print $5, $(NF - 2) }' <<<"$OUT")"
	holds "tcps_ts_recent, IPv$v: three were out of order" "$echoed" "$(sort <<<"$echoed" | uniq -c | sort -rn | awk '{ print $1; exit }')" -ge 4
done

# Urgent data ahead: told from the segment that announces it until all before it is there.
for v in 4 6; do
	port=$(field lport "$(cat "$T/$v.urgent")")
	is "tcps_rup, IPv$v" "$(awk -v p=" sport=$port " 'index($0, p) {
		for (i = 1; i <= NF; i++) { split($i, part, "="); f[part[1]] = part[2] }
		n = f["payload"]
		if (n == 1100 && !lost) lost = f["seq"]
		else if (n == 1100) printf "%.0f %.0f\n", f["seq"], up
		else if (n == 1) { print f["seq"], lost; up = (f["seq"] + f["urgent"]) % 4294967296 }
		else if (n > 0) print f["seq"], f["seq"] }' "$T/pcap.all")" "$(received b "$port" 3)"
done
