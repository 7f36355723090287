#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Datagrams shorter than a TCP header fire udp:::send and udp:::receive also when the same script reads that header
# whole for tcp's probes, which fire at the same hooks.
# shellcheck disable=SC2016 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up

tcp=$(for probe in send receive; do
	printf 'tcp:::%s { printf("tcp %%u %%u %%u %%u %%d %%d %%u %%u %%u\\n", args[4]->tcp_sport, args[4]->tcp_dport,
    args[4]->tcp_seq, args[4]->tcp_ack, args[4]->tcp_offset, args[4]->tcp_flags, args[4]->tcp_window,
    args[4]->tcp_checksum, args[4]->tcp_urgent); }\n' $probe
done)
udp='udp:::send { @send[args[2]->ip_saddr] = count(); printf("udp send %s %u\n", args[2]->ip_saddr,
    args[4]->udp_length); }
udp:::receive { @receive[args[2]->ip_daddr] = count(); printf("udp receive %s %u\n", args[2]->ip_daddr,
    args[4]->udp_length); }
END { printa("count send %s %@d\n", @send); printa("count receive %s %@d\n", @receive);
    trunc(@send); trunc(@receive); }'
printf '%s\n' "$tcp" "$udp" >"$T/tcp-first.d"
printf '%s\n' "$udp" "$tcp" >"$T/udp-first.d"

plan=$(each 0 19 'c#,s#' | paste -sd,)
# sizes PROBE ADDRESS: "N times SIZE"
sizes() { sed -n "s/^udp $1 $2 //p" <<<"$OUT" | sort -n | uniq -c | awk '{ print $1, "times", $2 }'; }

for order in tcp-first udp-first; do
	for version in 4 6; do
		if [ $version = 4 ]; then a=$A4 b=$B4 mib=Udp; else a=$A6 b=$B6 mib=Udp6; fi
		in=$(counter "$NB" ${mib}InDatagrams) out=$(counter "$NA" ${mib}OutDatagrams)
		dtrace_start $order -qs "$T/$order.d"
		for _ in 1 2 3 4 5; do
			conversation udp "$b" "$plan"
		done
		conversation tcp "$b" c1,s1 -- --close shutdown
		dtrace_stop $order
		in=$(($(counter "$NB" ${mib}InDatagrams) - in)) out=$(($(counter "$NA" ${mib}OutDatagrams) - out))
		name="datagrams of 0 to 19 bytes, $order.d, version $version"
		is "$name: the kernel's count" "100 100" "$out $in"
		is "$name: sent" "$out" "$(awk -v a="$a" '/^count send/ && $3 == a { n = $4 } END { print n + 0 }' <<<"$OUT")"
		is "$name: received" "$in" "$(awk -v b="$b" '/^count receive/ && $3 == b { n = $4 } END { print n + 0 }' <<<"$OUT")"
		# header and payload, each size as often
		is "$name: sizes sent" "$(each 8 27 '5 times #')" "$(sizes send "$a")"
		is "$name: sizes received" "$(each 8 27 '5 times #')" "$(sizes receive "$b")"
	done
done
