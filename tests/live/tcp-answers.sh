#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# What TCP sends on the kernel's own account: each answer once (OutSegs, RetransSegs, OutRsts of each namespace), whatever
# device it leaves by and whatever socket it was found for; accept-refused for SYNs alone; the cause before its answer.
. "$(dirname "$0")/lib.sh"
command -v nft >/dev/null || skip_all "needs nft"
net_up
NC=dtn-$$-c ND=dtn-$$-d MV=mv$$ RA=ra$$ RD=rd$$
for ns in "$NC" "$ND"; do
	ip netns add "$ns" || die "cannot make a network namespace"
	our_netns+=("$ns")
	ip -n "$ns" link set lo up
done
C4=${B4%.2}.3 C6=${B6%b}c net=198.51.$number net6=2001:db8:$(printf %x $(($$ % 65536))):d
D4=$net.2 D6=$net6::2

# C has a macvlan on B's device, D a bridge
ip -n "$NB" link add "$MV" link "$IB" type macvlan mode bridge 2>/dev/null || skip_all "no macvlan here"
ip -n "$NB" link set "$MV" netns "$NC"
net_side "$NC" "$MV"
net_addresses "$NC" "$MV" "$C4" "$C6"
ip -n "$NA" link add "$RA" type veth peer name "$RD" netns "$ND"
net_side "$NA" "$RA"
net_addresses "$NA" "$RA" "$net.1" "$net6::1"
ip -n "$ND" link add br0 type bridge mcast_snooping 0 2>/dev/null || skip_all "no bridge here"
ip -n "$ND" link set "$RD" master br0
net_side "$ND" "$RD"
net_side "$ND" br0
net_addresses "$ND" br0 "$D4" "$D6"
neighbours() # NAMESPACE DEVICE MAC ADDRESS...
{
	local a
	for a in "${@:4}"; do ip -n "$1" neigh replace "$a" lladdr "$3" dev "$2" nud permanent; done
}
neighbours "$NA" "$IA" "$(mac_of "$NC" "$MV")" "$C4" "$C6"
neighbours "$NC" "$MV" "$(mac_of "$NA" "$IA")" "$A4" "$A6"
neighbours "$NA" "$RA" "$(mac_of "$ND" br0)" "$D4" "$D6"
neighbours "$ND" br0 "$(mac_of "$NA" "$RA")" "$net.1" "$net6::1"
for to in "$C4" "$C6" "$D4" "$D6"; do
	until_true 30000 in_a "$bin/traffic" ping "$to" 0 || die "$to is not reached"
done
from_of() # ADDRESS: A's address on the same link
{
	case $1 in
	"$D4") echo "$net.1" ;;
	"$D6") echo "$net6::1" ;;
	*:*) echo "$A6" ;;
	*) echo "$A4" ;;
	esac
}

# Each kind of segment so many times, from ports of its own; the answers' destination port tells which.
TIMES=4
kinds="S:0 SP:10 A:0 F:0 P:10 R:0"
closed() # ADDRESS PORT
{
	local kind at=20000
	for kind in $kinds; do
		in_a "$bin/stray" "$(from_of "$1")" $at "$1" "$2" "${kind%:*}" 1000 2000 "${kind#*:}" $TIMES ||
			die "cannot send"
		at=$((at + 100))
	done
}
listener() # NAMESPACE ADDRESS
{
	server_start "$1" tcp-server "$2" --talk c1
	in_a "$bin/stray" "$(from_of "$2")" 30000 "$2" "$PORT" A 1000 2000 0 $TIMES
}
time_wait() # NAMESPACE ADDRESS: the connection's active end is the server
{
	server_start "$1" tcp-server "$2" --talk c5,s5 --close active
	LPORT=$(in_a "$bin/traffic" tcp-client "$2" "$PORT" --talk c5,s5 --close passive) || die "the client failed"
	server_wait
	in_a "$bin/stray" "$(from_of "$2")" "${LPORT#port }" "$2" "$PORT" PA 7 7 1 1
}

wrong_ack() # NAMESPACE ADDRESS: a SYN,ACK that is not for the connection's SYN; A itself knows nothing of it
{
	local client
	ip netns exec "$1" "$bin/traffic" tcp-client "$(from_of "$2")" 7040 --lport 7041 --talk c1 >/dev/null 2>&1 &
	client=$!
	our_pids+=("$client")
	syn_sent() { ip netns exec "$1" ss -Htn state syn-sent | grep -q :7040; }
	until_true 3000 syn_sent "$1" || die "no SYN"
	in_a "$bin/stray" "$(from_of "$2")" 7040 "$2" 7041 SA 1000 2000 0 1
	{
		kill -KILL "$client"
		wait "$client"
	} 2>/dev/null
	forget "$client"
}
ip netns exec "$NA" nft -f - <<'RULES' || skip_all "nft makes no tables here"
table inet t {
	chain in { type filter hook input priority 0; tcp dport 7040 drop; }
}
RULES

# B's firewall resets what is for port 9999, which TCP does not know of; port 9998 is translated to a closed one
ip netns exec "$NB" nft -f - <<'RULES' || skip_all "nft makes no tables here"
table inet t {
	chain in { type filter hook input priority 0; tcp dport 9999 counter reject with tcp reset; }
}
RULES
translated=0
ip netns exec "$NB" nft -f - 2>/dev/null <<'RULES' && translated=$((2 * TIMES))
table inet n {
	chain pre { type nat hook prerouting priority -100; tcp dport 9998 redirect to :2; }
}
RULES
firewall() # ADDRESS
{
	in_a "$bin/stray" "$(from_of "$1")" 40000 "$1" 9999 S 1000 0 0 $TIMES
	[ "$translated" -eq 0 ] || in_a "$bin/stray" "$(from_of "$1")" 40100 "$1" 9998 S 1000 0 0 $TIMES
}

account()
{
	local ns
	for ns in B C D; do
		local -n name=N$ns
		printf '%s %d %d\n' "$ns" "$(total "$name" TcpOutSegs TcpRetransSegs)" "$(total "$name" TcpOutRsts)"
	done
}

dtrace_start alone -qn 'tcp:::send { @[args[2]->ip_saddr] = count(); } END { printa("send %s %@d\n", @); }'
ALONE=$TRACER
# the probes in another order than they are to fire in
dtrace_start answers -qn '
tcp:::accept-refused, tcp:::send, tcp:::receive
{ printf("%s %s %d %s %d %x %d %d\n", probename, args[2]->ip_saddr, args[4]->tcp_sport, args[2]->ip_daddr,
	args[4]->tcp_dport, args[4]->tcp_flags, args[4]->tcp_seq, timestamp); }'
account >"$T/before"
for ns in B C D; do
	declare -n name=N$ns v4=${ns}4 v6=${ns}6
	for to in "$v4" "$v6"; do
		closed "$to" 1
		listener "$name" "$to"
		time_wait "$name" "$to"
		wrong_ack "$name" "$to"
		[ $ns != B ] || firewall "$to"
	done
done
sleep 0.2
dtrace_stop answers
answers=$OUT
account >"$T/after"
TRACER=$ALONE
dtrace_stop alone
alone=$OUT OUT=$answers

grew() { paste -d' ' "$T/before" "$T/after" | awk -v n="$1" -v f="$2" '$1 == n { print $(f + 3) - $f }'; }
# told PROBE CONDITION: what the namespace's addresses send
told() { awk -v four="$v4" -v six="$v6" "\$1 == \"$1\" && (\$2 == four || \$2 == six) && ($2)" <<<"$OUT" | wc -l; }
for ns in B C D; do
	declare -n v4=${ns}4 v6=${ns}6
	is "$ns: each segment sent" "$(grew $ns 2)" "$(told send 1)"
	is "$ns: the same where nobody asks for what is received" "$(grew $ns 2)" \
		"$(awk -v four="$v4" -v six="$v6" '$2 == four || $2 == six { n += $3 } END { print n + 0 }' <<<"$alone")"
	is "$ns: each reset sent" "$(grew $ns 3)" "$(told send '$6 ~ /^1?4$/')"
	is "$ns: those of a connection too" 2 "$(told send '$3 == 7041 && $6 == 4')"
	is "$ns: a SYN for a closed port is a refused connection" $((4 * TIMES)) \
		"$(told accept-refused '$3 == 1 && $5 < 20200')"
	extra=0
	[ $ns != B ] || extra=$translated
	is "$ns: nothing else is" $((4 * TIMES + extra)) "$(told accept-refused 1)"
	[ "$(grew $ns 3)" -ge $((10 * TIMES)) ] || not_ok "$ns sends resets" "only $(grew $ns 3)"
done

# the answer behind its cause, by line and by time
order()
{
	awk -v which="$1" -v ours=" $B4 $B6 $C4 $C6 $D4 $D6 " '
	!index(ours, " " $2 " ") && !index(ours, " " $4 " ") { next }
	$1 == "receive" { key = $4 " " $5 " " $2 " " $3; when[key] = $8; seq[key] = $7; next }
	{ key = $2 " " $3 " " $4 " " $5 }
	which == "closed" && $3 == 1 || which == "waiting" && seq[key] == 7 {
		n++
		if (!(key in when)) print $1, key, "comes first"
		else if (when[key] >= $8) print $1, key, "is not later"
	}
	END { print n + 0 }' <<<"$OUT"
}
is "closed ports: receive comes before send and accept-refused" $((3 * 2 * 7 * TIMES)) "$(order closed)"
if shows_time_wait; then
	is "TIME_WAIT: receive comes before send" 6 "$(order waiting)"
fi

is "the firewall resets" $((2 * TIMES)) "$(ip netns exec "$NB" nft list table inet t | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p')"
seen() { awk -v p="$1" -v four="$B4" -v six="$B6" '$1 == p && ($2 == four || $2 == six) && $3 == 9999' <<<"$OUT" | wc -l; }
is "and is seen to" $((2 * TIMES)) "$(seen receive)"
is "its resets are not TCP's" 0 "$(($(seen send) + $(seen accept-refused)))"

# what is kept for its cause, which is not found, is told when tracing ends, however soon
if [ "$translated" -gt 0 ]; then
	dtrace_start last -qn "
	tcp:::send, tcp:::accept-refused /args[2]->ip_saddr == \"$B4\"/ { @[probename] = count(); }
	tcp:::receive /args[2]->ip_daddr == \"$B4\"/ { @[probename] = count(); }
	END { printa(\"%s %@d \", @); }"
	in_a "$bin/stray" "$A4" 50000 "$B4" 9998 S 1000 0 0 $TIMES
	dtrace_stop last
	is "the last answers" "receive $TIMES send $TIMES accept-refused $TIMES" "$(awk '
		{ for (i = 1; i < NF; i += 2) n[$i] = $(i + 1) }
		END { print "receive", n["receive"] + 0, "send", n["send"] + 0, "accept-refused", n["accept-refused"] + 0 }' <<<"$OUT")"
fi
