#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Retransmissions, and who opened a connection with which initial sequence numbers, on every kind of connection: passive
# and active, simultaneous, with Fast Open, with SYN, SYN,ACK, data and FIN lost, keepalives and window probes.
# Judges: the kernel's counters, and the sequence numbers that tcpdump shows.
# shellcheck disable=SC2016 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
for ns in "$NA" "$NB"; do
	ip netns exec "$ns" sysctl -qw net.ipv4.tcp_fastopen=0x607
done

# lose a|b: what that end sends goes to an address that nobody has; find a|b
lose() { link_addresses "$1" 02:00:00:00:00:77 02:00:00:00:00:77; }
find() { link_addresses "$1" "$(mac_of "$NB" "$IB")" "$(mac_of "$NA" "$IA")"; }
link_addresses()
{
	local to
	if [ "$1" = a ]; then
		for to in "$B4" "$B6"; do ip -n "$NA" neigh replace "$to" lladdr "$2" dev "$IA" nud permanent; done
	else
		for to in "$A4" "$A6"; do ip -n "$NB" neigh replace "$to" lladdr "$3" dev "$IB" nud permanent; done
	fi
}

# odd ADDRESS "SERVER ARGS" CLIENT ARGS...
odd()
{
	# shellcheck disable=SC2086 # a list
	odd_server "$1" $2
	in_a "$bin/oddtcp" connect "$1" "$PORT" "${@:3}" || die "oddtcp ${*:3} failed"
	server_wait
}

# losing a|b SECONDS: for so long, while the test goes on
losing()
{
	lose "$1"
	(sleep "$2" && find "$1") &
	our_pids+=($!)
}

talk()
{
	local a b port client
	for pair in "$A4 $B4" "$A6 $B6"; do
		read -r a b <<<"$pair"
		odd "$b" '--send 3000' --send 50000
		odd "$b" '' --fastopen --send 700
		losing a 1.5 # the SYN
		odd "$b" '' --send 10
		losing b 2.5 # SYN,ACKs; the SYN comes again
		odd "$b" '--send 10' --send 10
		odd "$b" '' --keepalive --hold 2500
		odd "$b" '--buffer 4096 --hold 1500' --send 300000 # window probes
		odd_server "$b" --hold 800
		in_a "$bin/oddtcp" connect "$b" "$PORT" --hold 600 --send 500 &
		client=$!
		sleep 0.3
		losing a 1 # a FIN
		wait "$client"
		server_wait
		odd_server "$b" --hold 500 --send 10
		losing a 0.3
		in_a "$bin/oddtcp" connect "$b" "$PORT" --send 500 || die "no connection"
		server_wait
		# a simultaneous open: neither first SYN arrives
		port=$((20000 + RANDOM % 10000))
		lose a
		lose b
		in_b "$bin/oddtcp" connect "$a" $port --from "$b" $((port + 1)) --send 10 &
		client=$!
		(sleep 0.5 && find a && find b) &
		in_a "$bin/oddtcp" connect "$b" $((port + 1)) --from "$a" $port --send 10 || die "no simultaneous open"
		wait "$client"
	done
}

account() { printf '%s %d\n%s %d\n' "$IA" "$(total "$NA" TcpRetransSegs)" "$IB" "$(total "$NB" TcpRetransSegs)"; }

ip netns exec "$NA" ip link set "$IA" gso_max_segs 1
ip netns exec "$NB" ip link set "$IB" gso_max_segs 1
capture_start "$NA" "$IA" "$T/cap"
account >"$T/before"
dtrace_start again -qn '
tcp:::send { @flagged[args[2]->ip_saddr] = sum(args[3]->tcps_retransmit); }
tcp:::retransmit { @again[args[2]->ip_saddr] = count();
	@kind[args[2]->ip_saddr, args[4]->tcp_flags & (TH_SYN | TH_ACK | TH_FIN)] = count(); }
tcp:::send, tcp:::receive /args[3]->tcps_state >= TCPS_SYN_RECEIVED/ {
	@ends[args[3]->tcps_laddr, args[3]->tcps_lport, args[3]->tcps_raddr, args[3]->tcps_rport,
	    args[3]->tcps_active, args[3]->tcps_iss, args[3]->tcps_irs] = count();
}
END { printa("flag %s send %@d\n", @flagged); printa("flag %s retransmit %@d\n", @again); printa("kind %s %d %@d\n", @kind);
	printa("ends %s %u %s %u active %d iss %u irs %u\n", @ends); }'
talk
dtrace_stop again
account >"$T/after"
capture_stop "$T/cap"

# found NAME ADDRESS...: what the tracer counted for these
found() { awk -v what="$1" -v a="$2" -v b="$3" '$1 == "flag" && $3 == what && ($2 == a || $2 == b) { n += $4 } END { print n + 0 }' <<<"$OUT"; }
paste -d' ' "$T/before" "$T/after" | while read -r dev from _ to; do printf '%s %d\n' "$dev" $((to - from)); done >"$T/account"
for side in "$IA $A4 $A6" "$IB $B4 $B6"; do
	read -r dev v4 v6 <<<"$side"
	n=$(awk -v d="$dev" '$1 == d { print $2 }' "$T/account")
	is "$dev: there were some" 1 $((n > 5))
	is "$dev: segments with tcps_retransmit, and RetransSegs" "$n" "$(found send "$v4" "$v6")"
	is "$dev: tcp:::retransmit, and RetransSegs" "$n" "$(found retransmit "$v4" "$v6")"
done

# The initial sequence numbers by the wire: "SRC SPORT DST DPORT SEQ" of the first SYN and SYN,ACK.
tcpdump -nnS -r "$T/cap" 'tcp' 2>/dev/null | awk '
	/Flags \[S\.?E?W?\]/ {
		for (i = 1; i <= NF; i++) {
			if ($i == ">") { from = $(i - 1); to = $(i + 1); sub(/:$/, "", to) }
			if ($i == "seq") { seq = $(i + 1); sub(/[:,].*/, "", seq) }
		}
		ack = /Flags \[S\./
		if (!(from SUBSEP to in iss)) { iss[from, to] = seq; opens[from, to] = !ack }
	}
	function ends(a,  n) { n = match(a, /\.[0-9]+$/); return substr(a, 1, n - 1) " " substr(a, n + 1) }
	END {
		for (k in iss) {
			split(k, e, SUBSEP)
			if (e[2] SUBSEP e[1] in iss)
				printf "ends %s %s active %d iss %s irs %s\n", ends(e[1]), ends(e[2]), opens[k], iss[k], iss[e[2], e[1]]
		}
	}' | sort >"$T/expected"
is "connections, seen from both ends" 36 "$(wc -l <"$T/expected")"
is "tcps_active, tcps_iss, tcps_irs" "$(cat "$T/expected")" "$(grep -F -e " $A4 " -e " $A6 " <<<"$OUT" | grep ^ends | sort)"
