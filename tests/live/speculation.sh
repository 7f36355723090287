#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: on 6.1-rt once 5 of 7 segments came out, cause not known: only by name
# Speculations over real connections: every segment is speculated, and only those of connections that are reset are
# kept. tcpdump says which these are, and how many segments each has; the kernel counts the resets.
. "$(dirname "$0")/lib.sh"
net_up
capture_start "$NA" "$IA" "$T/a.pcap"

cat >"$T/reset.d" <<D
#pragma D option nspec=32
tcp:::connect-established /args[3]->tcps_laddr == "$A4"/
{
	spec[args[1]->cs_cid] = speculation();
	speculate(spec[args[1]->cs_cid]);
	printf("begins %d\n", args[3]->tcps_lport);
}
tcp:::send, tcp:::receive /spec[args[1]->cs_cid] && args[3]->tcps_laddr == "$A4"/
{
	speculate(spec[args[1]->cs_cid]);
	printf("%s %d %d %d %s\n", probename, args[3]->tcps_lport, args[4]->tcp_seq, args[4]->tcp_ack,
	    args[4]->tcp_flags & TH_RST ? "R" : "-");
}
tcp:::send, tcp:::receive /spec[args[1]->cs_cid] && args[3]->tcps_laddr == "$A4" && args[4]->tcp_flags & TH_RST/
{
	commit(spec[args[1]->cs_cid]);
	spec[args[1]->cs_cid] = 0;
}
tcp:::send, tcp:::receive /spec[args[1]->cs_cid] && args[3]->tcps_laddr == "$A4" && args[4]->tcp_flags & TH_FIN/
{
	discard(spec[args[1]->cs_cid]);
	spec[args[1]->cs_cid] = 0;
}
D
dtrace_start reset -qs "$T/reset.d"
ports=()
for _ in 1 2 3 4; do
	conversation tcp "$B4" c10,s20,c5 -- --close shutdown
	conversation tcp "$B4" c10,s20,c5,s7 -- --close reset
	ports+=("$LPORT")
done
conversation tcp "$B4" c100,s100 --close reset -- --close passive
ports+=("$LPORT")
dtrace_stop reset
capture_stop "$T/a.pcap"

# Those that a RST ends, in the capture; of each the segments behind the handshake.
reset_ports=$(awk '/RST/ { print $2 == a ? $3 : $5 }' a="$A4" "$T/a.pcap.txt" | sort -un)
is "speculation: five connections were reset" "$(printf '%s\n' "${ports[@]}" | sort -n)" "$reset_ports"
is "speculation: they alone are kept" "$reset_ports" "$(awk '$1 == "begins" { print $2 }' <<<"$OUT" | sort -n)"
for port in $reset_ports; do
	is "speculation: each of its segments" \
		"$(awk -v p="$port" '($3 == p || $5 == p) && $8 !~ /SYN/ { n++ } END { print n + 0 }' "$T/a.pcap.txt")" \
		"$(awk -v p="$port" '$1 != "begins" && $2 == p { n++ } END { print n + 0 }' <<<"$OUT")"
done
is "speculation: a connection's segments stand together, the reset last" 5 \
	"$(awk 'NF == 5 && $5 == "R" { n++ } NF == 5 && $2 != port { bad++ } $1 == "begins" { port = $2 } END { print bad ? "mixed" : n }' <<<"$OUT")"

# On every CPU at once: all that was speculated comes out, in order of time, at one commit().
dtrace_run 60 -x specsize=16m -qn 'int over; BEGIN { x = speculation(); }
	profile-997 { this->on = !over; }
	profile-997 /this->on/ { @ = count(); }
	profile-997 /this->on/ { speculate(x); printf("s %d\n", timestamp); }
	tick-400ms { over = 1; }
	tick-600ms { printf("now\n"); }
	tick-600ms { commit(x); }
	tick-600ms { exit(0); }'
is "every CPU: nothing comes before the commit" "now" "$(head -n 1 <<<"$OUT")"
is "every CPU: all of it" "$(awk 'NF == 1 && $1 != "now" { print $1 }' <<<"$OUT")" "$(grep -c '^s ' <<<"$OUT")"
is "every CPU: in order" "" "$(awk '$1 == "s" { if ($2 < t) print "out of order"; t = $2 }' <<<"$OUT")"
# The same beyond specsize: what is missing is what was counted as lost.
dtrace_run 60 -x specsize=1k -qn 'int over; BEGIN { x = speculation(); }
	profile-997 { this->on = !over; }
	profile-997 /this->on/ { @ = count(); }
	profile-997 /this->on/ { speculate(x); printf("s\n"); }
	tick-400ms { over = 1; }
	tick-600ms { commit(x); }
	tick-600ms { exit(0); }'
lost=$(sed -n 's/^dtrace: \([0-9]*\) speculative drops\{0,1\} on CPU [0-9]*$/\1/p' <<<"$ERR" | awk '{ n += $1 } END { print n + 0 }')
holds "specsize: some were lost" "$ERR" "$lost" -gt 0
is "specsize: what is lost is counted" "$(awk 'NF == 1 && $1 != "s" { print $1 }' <<<"$OUT")" $(($(grep -c '^s' <<<"$OUT") + lost))
