#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tcp:::state-change: 10,000 connections opened and closed in every way, both families at once; each end's
# states, by its ports and cs_cid, must be a walk in the figure of RFC 9293 (section 3.3.2), and the one that
# its way of opening and closing prescribes.  The kernel's own counters judge the sums.
. "$(dirname "$0")/lib.sh"
net_up
wires_up
count=${EMULATED:+20} count=${COUNT:-${count:-160}}
ways=(active passive half-close both-close reset reset-close-wait reset-fin-wait-1 reset-fin-wait-2 reset-last-ack
	no-fin-wait-2 fin-wait-2-times-out refused given-up backlog-full
	timed-out both-open fast-open fast-open-closed port-again listener-closed unaccepted user-timeout keepalive)
# shellcheck disable=SC2016
dtrace_start states -qn "
#pragma D option bufsize=16m
tcp:::state-change /args[3]->tcps_laddr == \"$WA4\" || args[3]->tcps_laddr == \"$WB4\" ||
    args[3]->tcps_laddr == \"$WA6\" || args[3]->tcps_laddr == \"$WB6\"/ {
	printf(\"%s %d %d %d %s>%s %d\\n\", args[3]->tcps_laddr, args[3]->tcps_lport, args[3]->tcps_rport,
	    args[1]->cs_cid, tcp_state_string[args[5]->tcps_state], tcp_state_string[args[3]->tcps_state],
	    args[3]->tcps_active); }
tcp:::connect-established, tcp:::accept-established /args[3]->tcps_laddr == \"$WA4\" ||
    args[3]->tcps_laddr == \"$WB4\" || args[3]->tcps_laddr == \"$WA6\" || args[3]->tcps_laddr == \"$WB6\"/ {
	printf(\"%s %d %d %d %s %d\\n\", args[3]->tcps_laddr, args[3]->tcps_lport, args[3]->tcps_rport,
	    args[1]->cs_cid, probename, args[3]->tcps_active); }"
ways_run "$count" "${ways[@]}"
sleep 1
for side in A B; do
	ns=N$side
	for name in TcpActiveOpens TcpPassiveOpens TcpAttemptFails TcpEstabResets; do
		printf '%s %s %s\n' "$side" "$name" "$(counter "${!ns}" "$name")"
	done
	printf '%s CurrEstab %s\n' "$side" "$(ip netns exec "${!ns}" awk '$1 == "Tcp:" && $10 ~ /^[0-9]/ { print $10 }' /proc/net/snmp)"
done >"$T/counters"
dtrace_stop states

# The walks: what each end does is what RFC 9293, section 3.3.2 and 3.10, says of such a way to open and close.
cat >"$T/model.awk" <<'END'
function way(name, client, server) { walk[name " c"] = client; walk[name " s"] = server }
BEGIN {
	# figure 5: from > to
	split("closed>listen closed>syn-sent listen>syn-received listen>closed syn-sent>syn-received" \
	    " syn-sent>established syn-sent>closed syn-received>established syn-received>fin-wait-1" \
	    " syn-received>close-wait syn-received>closed established>fin-wait-1 established>close-wait" \
	    " established>closed fin-wait-1>fin-wait-2 fin-wait-1>closing fin-wait-1>time-wait fin-wait-1>closed" \
	    " fin-wait-2>time-wait fin-wait-2>closed close-wait>last-ack close-wait>closed closing>time-wait" \
	    " closing>closed last-ack>closed time-wait>closed", edges, " ")
	for (i in edges) legal[edges[i]] = 1
	active = "closed syn-sent established"; passive = "listen syn-received established"
	first = "fin-wait-1 fin-wait-2 time-wait"; second = "close-wait last-ack closed"
	both = "closed syn-sent syn-received established"
	way("active", active " " first, passive " " second)
	way("passive", active " " second, passive " " first)
	way("half-close", active " " first, passive " " second)
	way("both-close", active " fin-wait-1 closing time-wait", passive " fin-wait-1 closing time-wait")
	way("reset", active " closed", passive " closed")
	way("reset-close-wait", active " close-wait closed", passive " fin-wait-1 fin-wait-2 closed")
	way("reset-fin-wait-1", active " closed", passive " fin-wait-1 closed")
	way("reset-fin-wait-2", active " close-wait closed", passive " fin-wait-1 fin-wait-2 closed")
	way("reset-last-ack", active " " second, passive " fin-wait-1 fin-wait-2 closed")
	way("no-fin-wait-2", active " fin-wait-1 fin-wait-2 closed", passive " close-wait closed")
	way("fin-wait-2-times-out", active " fin-wait-1 fin-wait-2 closed", passive " " second)
	way("refused", "closed syn-sent closed"); way("given-up", "closed syn-sent closed")
	way("timed-out", "closed syn-sent closed")
	way("both-open", both " " first, both " " second)
	way("fast-open", active " " first, passive " " second)
	# the FIN of a Fast Open server may leave before its SYN is acknowledged
	way("fast-open-closed", active " " second, "listen syn-received( established)? " first)
	way("port-again", active " " second, passive " " first)
	way("listener-closed", active " closed", passive " closed")
	way("unaccepted", active " fin-wait-1 fin-wait-2 closed", passive " close-wait closed")
	way("user-timeout", active " closed", passive " closed")
	way("keepalive", active " closed", passive " closed")
	way("backlog-full", "closed syn-sent (closed|established (closed|fin-wait-1 (fin-wait-2 )?closed))")
	opens["syn-sent"] = opens["syn-received"] = 1
}
# what was told; an empty line ends it
FILENAME ~ /states.out$/ && !NF { next }
FILENAME ~ /states.out$/ {
	side = $1 ~ /[.:]65$/ ? "A" : "B"; family = $1 ~ /:/ ? 6 : 4
	if ($5 ~ /-established$/ && $5 !~ />/) {
		key = family " " $2 " " $3 " " $4
		events[key]++
		if ($5 != ($6 ? "connect" : "accept") "-established") bad("opened the other way: " $0)
		next
	}
	gsub(/state-/, "", $5)
	split($5, s, ">")
	if (!($5 in legal)) bad("not in the figure: " $0)
	if ($3 == 0 && s[1] != "syn-sent") next		# listeners
	key = family " " $2 " " $3 " " $4
	anyone[side " " family " " $2 " " $3] = key
	if (!(key in told)) told[key] = s[1]
	else if (at[key] != s[1]) bad("does not go on where it was: " told[key] ", " $0)
	told[key] = told[key] " " s[2]; at[key] = s[2]
	if (s[1] == "closed") { sum[side " TcpActiveOpens"]++; role[key] = 1 }
	if (s[1] == "listen") { sum[side " TcpPassiveOpens"]++; role[key] = 0 }
	if ($5 ~ /^syn-(sent|received)>closed$/) sum[side " TcpAttemptFails"]++
	if ($5 ~ /^(established|close-wait)>closed$/) sum[side " TcpEstabResets"]++
	if (s[2] == "established") sum[side " CurrEstab"]++
	if (s[1] == "close-wait" || (s[1] == "established" && s[2] != "close-wait")) sum[side " CurrEstab"]--
	if ($6 != role[key]) bad("tcps_active is wrong: " $0)
	next
}
FILENAME ~ /counters$/ { kernel[$1 " " $2] = $3; next }
# the ends there were
{
	family = FILENAME ~ /4$/ ? 4 : 6
	key = $3 ? family " " $4 " " $5 " " $3 : anyone[($2 == "c" ? "A " : "B ") family " " $4 " " $5]
	name = $1 " " $2; ends[name]++; all++; gone[key] = 1
	# Linux counts no attempt as failed that its own program gave up
	if ($1 ~ /^(given-up|backlog-full)$/ && told[key] == "closed syn-sent closed") sum["A TcpAttemptFails"]--
	if (told[key] !~ "^" walk[name] "$") wrong[name ": " told[key]]++
}
# once for each that was established
function check_events(key, n)
{
	n = told[key] ~ / established/ ? 1 : 0
	if (events[key] + 0 != n) bad("connect- or accept-established " events[key] + 0 " times for " key ": " told[key])
}
function bad(what) { if (++bads <= 20) print what }
END {
	for (w in wrong) print wrong[w], w
	for (k in kernel) if (kernel[k] != sum[k] + 0) bad("kernel: " k " " kernel[k] ", told " sum[k] + 0)
	# the rest are server ends that the program never had
	for (k in told) check_events(k)
	for (k in events) if (!(k in told)) bad("established, without states: " k)
	for (k in told) if (!(k in gone) && told[k] !~ /^listen /) bad("nobody's: " k ": " told[k])
	if (bads > 20) print bads - 20, "more"
	print all > counted
}
END
is "states of every end are RFC 9293's, and the kernel's sums" "" \
	"$(awk -v counted="$T/counted" -f "$T/model.awk" "$T/states.out" "$T/counters" "$T/ways4" "$T/ways6")"
printf '# %s ends\n' "$(cat "$T/counted")"
# 160 of each are 10,000 or more
is "all ends were looked at" 1 "$(($(cat "$T/counted") >= 10000 * count / 160))"
