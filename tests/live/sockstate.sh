#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# tcp:::connect-request, connect-established, connect-refused, accept-established, accept-refused: once each, with
# the headers of the segment that each is about, both families.
. "$(dirname "$0")/lib.sh"
net_up

# shellcheck disable=SC2016
dtrace_start sockstate -qn '
tcp:::connect-request, tcp:::connect-established, tcp:::connect-refused,
tcp:::accept-established, tcp:::accept-refused {
	printf("%s %s %u %s %u %s%s%s\n", probename, args[2]->ip_saddr, args[4]->tcp_sport, args[2]->ip_daddr,
	    args[4]->tcp_dport, args[4]->tcp_flags & TH_SYN ? "S" : "", args[4]->tcp_flags & TH_RST ? "R" : "",
	    args[4]->tcp_flags & TH_ACK ? "A" : ""); }'
for pair in "$A4 $B4" "$A6 $B6"; do
	read -r a b <<<"$pair"
	conversation tcp "$b" c10,s10 -- --close active
	{
		printf 'connect-request %s %s %s %s S\n' "$a" "$LPORT" "$b" "$PORT"
		printf 'connect-established %s %s %s %s SA\n' "$b" "$PORT" "$a" "$LPORT"
		printf 'accept-established %s %s %s %s A\n' "$a" "$LPORT" "$b" "$PORT"
	} >>"$T/expected"
	LPORT=$((20000 + RANDOM % 10000))
	in_a "$bin/traffic" refused "$b" 1 --lport "$LPORT" || die "not refused"
	{
		printf 'connect-request %s %s %s 1 S\n' "$a" "$LPORT" "$b"
		printf 'accept-refused %s 1 %s %s RA\n' "$b" "$a" "$LPORT"
		printf 'connect-refused %s 1 %s %s RA\n' "$b" "$a" "$LPORT"
	} >>"$T/expected"
done
dtrace_stop sockstate
is "sockstate: each event once, in order" "$(cat "$T/expected")" "$(grep -F -e " $A4 " -e " $A6 " <<<"$OUT")"

# The connection's own addresses: local and remote end, whoever sent the segment.
# shellcheck disable=SC2016
dtrace_start ends -qn '
tcp:::connect-request, tcp:::connect-established, tcp:::connect-refused, tcp:::accept-established {
	printf("%s %s %u %s %u %d\n", probename, args[3]->tcps_laddr, args[3]->tcps_lport,
	    args[3]->tcps_raddr, args[3]->tcps_rport, args[1]->cs_cid != 0); }'
: >"$T/expected"
for pair in "$A4 $B4" "$A6 $B6"; do
	read -r a b <<<"$pair"
	conversation tcp "$b" c10 -- --close active
	{
		printf 'connect-request %s %s %s %s 1\n' "$a" "$LPORT" "$b" "$PORT"
		printf 'connect-established %s %s %s %s 1\n' "$a" "$LPORT" "$b" "$PORT"
		printf 'accept-established %s %s %s %s 1\n' "$b" "$PORT" "$a" "$LPORT"
	} >>"$T/expected"
	LPORT=$((20000 + RANDOM % 10000))
	in_a "$bin/traffic" refused "$b" 1 --lport "$LPORT"
	printf 'connect-request %s %s %s 1 1\nconnect-refused %s %s %s 1 1\n' "$a" "$LPORT" "$b" "$a" "$LPORT" "$b" >>"$T/expected"
done
dtrace_stop ends
is "ends: of the connection" "$(cat "$T/expected")" "$(grep -F -e " $A4 " -e " $A6 " <<<"$OUT")"

# Linux 6.13: the answers of a connection in TIME_WAIT carry its socket.
names_time_wait() { printf '6.13\n%s\n' "$(uname -r)" | sort -VC; }

# A connection that was closed and waits for the peer's FIN is in FIN_WAIT_2, whatever keeps it: the segments that it
# gets and answers (the peer's keepalives) say so. ss agrees.
if shows_time_wait; then
	# shellcheck disable=SC2016
	dtrace_start waiting -qn '
	tcp:::receive, tcp:::send /args[3]->tcps_state == TCPS_FIN_WAIT_2 || args[3]->tcps_state == TCPS_TIME_WAIT/ {
		printf("%s %s %s %s %s\n", probename, args[2]->ip_saddr, args[2]->ip_daddr,
		    tcp_state_string[args[3]->tcps_state], args[4]->tcp_flags & TH_FIN ? "F" : ""); }'
	: >"$T/expected"
	for pair in "$A4 $B4" "$A6 $B6"; do
		read -r a b <<<"$pair"
		odd_server "$b" --keepalive --hold 1700
		in_a "$bin/oddtcp" connect "$b" "$PORT" --abandon || die "oddtcp failed"
		until_true 1000 grep -q . <(in_a ss -tanH state fin-wait-2 dport = ":$PORT") || not_ok "ss shows it in FIN_WAIT_2"
		server_wait
		sleep 0.2
		printf '%s\n' "receive $b $a state-fin-wait-2 " "receive $b $a state-time-wait F" >>"$T/expected"
		if names_time_wait; then
			printf '%s\n' "send $a $b state-fin-wait-2 " "send $a $b state-time-wait " >>"$T/expected"
		fi
	done
	dtrace_stop waiting
	is "waiting: fin-wait-2 until the FIN, then time-wait" "$(sort "$T/expected")" \
		"$(grep -F -e " $A4 " -e " $A6 " <<<"$OUT" | sort)"
fi

# A segment comes before the change of state that it causes, whichever the script names first.
# order NAME FIRST SECOND: both clauses in that order
order()
{
	local pair a b name=$1
	dtrace_start "$name" -qn "$2 $3"
	for pair in "$A4 $B4" "$A6 $B6"; do
		read -r a b <<<"$pair"
		conversation tcp "$b" c10,s10 --linger-ms 50 -- --close shutdown
		conversation tcp "$b" c10,s10 --linger-ms 50 -- --close active
	done
	dtrace_stop "$name"
	# each change at A that a segment causes: the segment before it
	sed 's/state-//g' <<<"$OUT" | awk '
		$1 == "receive" { before[$2] = $3; next }
		$3 ~ /established$|close-wait$|fin-wait-2$|time-wait$/ {
			want = $3 ~ /established$/ ? "SA" : $3 ~ /fin-wait-2$/ ? "A" : "FA"
			seen[$3 " " (before[$2] == want ? "after its segment" : "after " before[$2])]++
		}
		END { for (s in seen) print s, seen[s] }' | sort >"$T/$name.order"
	is "$name: changes after the segment that caused them" \
		"$(printf '%s\n' "fin-wait-1>fin-wait-2 after its segment 4" "fin-wait-2>time-wait after its segment 4" \
			"syn-sent>established after its segment 4")" "$(cat "$T/$name.order")"
}
if shows_time_wait; then
	# shellcheck disable=SC2016
	receive='tcp:::receive /args[2]->ip_daddr == "'$A4'" || args[2]->ip_daddr == "'$A6'"/ {
		printf("receive %d %s%s%s\n", args[4]->tcp_dport, args[4]->tcp_flags & TH_SYN ? "S" : "",
		    args[4]->tcp_flags & TH_FIN ? "F" : "", args[4]->tcp_flags & TH_ACK ? "A" : ""); }'
	change='tcp:::state-change /args[3]->tcps_laddr == "'$A4'" || args[3]->tcps_laddr == "'$A6'"/ {
		printf("change %d %s>%s\n", args[3]->tcps_lport, tcp_state_string[args[5]->tcps_state],
		    tcp_state_string[args[3]->tcps_state]); }'
	order receive-first "$receive" "$change"
	order change-first "$change" "$receive"
fi
