#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Alone: other tests' connections would fill what it fills
# Losses that are forced: what was delivered and what was counted as lost make up what there was, for records,
# aggregations, variables and remembered connections.
. "$(dirname "$0")/lib.sh"
net_up
wires_up

# lost WHAT: the sum of such losses in $ERR
lost() { awk -v what="$1" '{ sub(/^dtrace: /, ""); n = $1; sub(/^[0-9]+ /, ""); if (index($0, what) == 1) sum += n }
	END { print sum + 0 }' <<<"$ERR"; }

# both_ways COUNT: so many datagrams each way on the loopback of A
both_ways()
{
	in_a "$bin/traffic" pingpong 127.0.0.1 0 --count "$1" --size 10 --timeout 60 >/dev/null || die "the datagrams were not answered"
}

# stopped NAME: dtrace_stop for those that must lose something
stopped()
{
	dtrace_signal INT "$1"
	is "$1: ends with status 0 on SIGINT" 0 "$STATUS"
}

# makes_up NAME DELIVERED LOST TOTAL
makes_up()
{
	is "$1: delivered and counted make up the total" "$4" "$(($2 + $3))"
	is "$1: something was lost, and something was not" "1 1" "$(($2 > 0)) $(($3 > 0))"
}

datagrams=${EMULATED:+500} datagrams=${datagrams:-2000}
zone=$(in_a stat -L -c %i /proc/self/ns/net)
sent=$(counter "$NA" UdpOutDatagrams)
now_sent() { echo $(($(counter "$NA" UdpOutDatagrams) - sent)); }

# A consumer that does not run fetches nothing, however full the ring is.
dtrace_start records -x bufsize=4k -x switchrate=30s -qn "udp:::send /args[1]->cs_zoneid == $zone/ { printf(\"sent\\n\"); }"
kill -STOP "$TRACER"
both_ways "$datagrams"
kill -CONT "$TRACER"
stopped records
makes_up records "$(grep -c sent <<<"$OUT")" "$(lost drop)" "$(now_sent)"

sent=$(counter "$NA" UdpOutDatagrams)
dtrace_start keys -x aggsize=4k -x aggrate=30s -qn "udp:::send /args[1]->cs_zoneid == $zone/ { @[timestamp] = count(); }
END { printa(\"%@d\\n\", @); }"
both_ways "$datagrams"
stopped keys
makes_up keys "$(awk '{ sum += $1 } END { print sum + 0 }' <<<"$OUT")" "$(lost 'aggregation drop')" "$(now_sent)"

sent=$(counter "$NA" UdpOutDatagrams)
dtrace_start variables -x dynvarsize=4k -qn "udp:::send /args[1]->cs_zoneid == $zone/ {
	this->key = timestamp; seen[this->key] = 1; @ = sum(seen[this->key]); }"
both_ways "$datagrams"
stopped variables
makes_up variables "$(grep . <<<"$OUT")" "$(lost 'dynamic variable drop')" "$(now_sent)"

# exit() happens where its record is lost: with its status, and what else the clause does; in a clause of one record, and
# in one so large that it is in several programs.
for size in 1 300; do
	dtrace_start exits -x bufsize=4k -x switchrate=30s -qn "udp:::send /args[1]->cs_zoneid == $zone/ { n++; }
udp:::send /args[1]->cs_zoneid == $zone/ { printf(\"sent\\n\"); }
udp:::send /args[1]->cs_zoneid == $zone && n == 500/ { $(each 1 "$size" 'printf("last %d\n", #);') m = 1; exit(40 + m); m = 2; }
END { printf(\"m %d\\n\", m); }"
	kill -STOP "$TRACER"
	both_ways 300
	kill -CONT "$TRACER"
	if "$bin/watch" gone "$TRACER" 60000; then
		wait "$TRACER"
		is "exit() in a full ring, clause of $size: its status" 41 $?
	else
		kill -KILL "$TRACER"
		not_ok "exit() in a full ring, clause of $size: it ends"
	fi
	forget "$TRACER"
	OUT=$(tr -d '\0' <"$T/exits.out") ERR=$(tr -d '\0' <"$T/exits.err")
	is "the clause of $size: not printed, counted, and done as far as exit()" "0 1 m 1" \
		"$(grep -c last <<<"$OUT") $(($(lost drop) > 0)) $(tail -n 1 <<<"$OUT")"
done

# What is followed with a socket, to know what segment it expects: the kernel grants a socket only so much beside its
# buffers (where each namespace has this limit of its own). Segments of a socket that has no room are counted.
if in_a sysctl -n net.core.optmem_max >/dev/null 2>&1; then
	# shellcheck disable=SC2016
	dtrace_start expected -qn "tcp:::receive /args[1]->cs_zoneid == $zone && args[3]->tcps_rnxt != 1/ { @ = count(); }"
	before=$(counter "$NA" TcpInSegs)
	conversation tcp "$B4" c5,s5,c5,s500 -- --close shutdown
	in_a sysctl -qw net.core.optmem_max=16
	between=$(counter "$NA" TcpInSegs)
	conversation tcp "$B4" c5,s5,c5,s500 -- --close shutdown
	conversation tcp "$B6" c5,s5,c5,s500 -- --close shutdown
	after=$(counter "$NA" TcpInSegs)
	in_a sysctl -qw net.core.optmem_max=131072
	stopped expected
	is "expected: all segments are told of" $((after - before)) "${OUT//[[:space:]]/}"
	makes_up expected $((between - before)) "$(lost 'connection drop')" $((after - before))
fi

# Segments that may complete a handshake are kept until it is complete: some wait for their socket while more than are
# kept come for the listener. Judged by the kernel's count of passive opens.
opened=$(counter "$NB" TcpPassiveOpens)
# shellcheck disable=SC2016
dtrace_start handshakes -qn "tcp:::accept-established /args[3]->tcps_laddr == \"$WB4\" || args[3]->tcps_laddr == \"$WB6\"/ { @ = count(); }"
ways_run 40 held-open
stopped handshakes
makes_up handshakes "${OUT//[[:space:]]/}" "$(lost drop)" $(($(counter "$NB" TcpPassiveOpens) - opened))

# Connections in FIN_WAIT_2: the map of them is filled but for a few. Judged by the kernel's count of those that went
# through TIME_WAIT in both ways.
n=${EMULATED:+600} n=${COUNT:-${n:-2000}}
# shellcheck disable=SC2016
dtrace_start connections -qn "
tcp:::state-change /(args[3]->tcps_laddr == \"$WA4\" || args[3]->tcps_laddr == \"$WA6\") &&
    args[5]->tcps_state == TCPS_FIN_WAIT_2/ { @[args[3]->tcps_state == TCPS_TIME_WAIT] = count(); }
END { printa(\"%d %@d\\n\", @); }"
"$bin/fillmap" "$TRACER" 48 88 500 || not_ok "the map is filled"
ways_run "$n" active
stopped connections
is "connections: told to time-wait" 1 "${OUT%% *}"
makes_up connections "$(awk '{ print $2 }' <<<"$OUT")" "$(lost 'connection drop')" $((2 * n))

# As many as there are ports, over both families.
n=${EMULATED:+600} n=${COUNT:-${n:-6000}}
# shellcheck disable=SC2016
dtrace_start many -qn "
tcp:::state-change /(args[3]->tcps_laddr == \"$WA4\" || args[3]->tcps_laddr == \"$WA6\") &&
    args[5]->tcps_state == TCPS_FIN_WAIT_2/ { @[args[3]->tcps_state == TCPS_CLOSED] = count(); }
END { printa(\"%d %@d\\n\", @); }"
ways_run "$n" unaccepted
dtrace_stop many
is "many: $((2 * n)) connections in FIN_WAIT_2 at once, all told to closed" "1 $((2 * n))" "$(grep . <<<"$OUT")"
