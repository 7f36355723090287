#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# udp:::send and udp:::receive: each datagram once at each end, with sizes, ports and addresses.
. "$(dirname "$0")/lib.sh"
net_up
plan=c1,s2,c0,s1000,c1400,s3000,c8

# shellcheck disable=SC2016
dtrace_start udp -qn 'udp:::send, udp:::receive {
	printf("%s %s %u %s %u %u\n", probename, args[2]->ip_saddr, args[4]->udp_sport, args[2]->ip_daddr,
	    args[4]->udp_dport, args[4]->udp_length); }'
for pair in "$A4 $B4" "$A6 $B6"; do
	read -r a b <<<"$pair"
	conversation udp "$b" "$plan"
	for turn in ${plan//,/ }; do
		ends="$a $LPORT $b $PORT"
		[ "${turn:0:1}" = c ] || ends="$b $PORT $a $LPORT"
		printf 'send %s %d\nreceive %s %d\n' "$ends" $((${turn:1} + 8)) "$ends" $((${turn:1} + 8))
	done >>"$T/expected"
	# a port that nobody listens on: sent, and never received by a socket
	LPORT=$(in_a "$bin/traffic" udp-client "$b" 9 --talk c33)
	printf 'send %s %s %s 9 41\n' "$a" "${LPORT#port }" "$b" >>"$T/expected"
done
dtrace_stop udp
found=$(grep -F -e " $A4 " -e " $A6 " <<<"$OUT")
is "udp: each datagram, sent and received, in order" "$(cat "$T/expected")" "$found"

# The same from the other side: the socket that the probe knows.
# shellcheck disable=SC2016
dtrace_start socket -qn 'udp:::send, udp:::receive {
	printf("%s %s %u %s %u %d\n", probename, args[3]->udps_laddr, args[3]->udps_lport, args[2]->ip_saddr,
	    args[2]->ip_plength, args[1]->cs_cid != 0); }'
conversation udp "$B6" c5
dtrace_stop socket
# (its socket is bound to a port only)
matches "udps of the sender" "^send (::|$A6) $LPORT $A6 13 1\$" "$OUT"
matches "udps of the receiver" "^receive $B6 $PORT $A6 13 1\$" "$OUT"
