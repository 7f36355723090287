#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The article's examples 1 and 2, and the list of probes: command lines, their formats, right addresses.
. "$(dirname "$0")/lib.sh"
net_up

traffic() # 3 echo requests and replies, and 2; one datagram each way
{
	in_a "$bin/traffic" ping "$B4" 0 --count 3 && in_a "$bin/traffic" ping "$B6" 0 --count 2 || die "ping failed"
	conversation udp "$B4" c10,s20
}

# Per destination: what the traffic above sends.
expected=$(printf '%s\n' "4 $A4" "4 $B4" "2 $A6" "2 $B6" | sort)
ours() { grep -oE "($A4|$B4|$A6|$B6)\$" | sort | uniq -c | awk '{ print $1, $2 }' | sort; }

# shellcheck disable=SC2016 # D, not shell
dtrace_start ex1 -n 'ip:::send {printf("%s", args[2]->ip_daddr);}'
traffic
dtrace_stop ex1
matches "ex1: says what it matched" "^dtrace: description 'ip:::send ' matched 1 probe\$" "$ERR"
is "ex1: header" 'CPU     ID                    FUNCTION:NAME' "$(head -n 1 <<<"$OUT")"
is "ex1: every line is CPU, ID, FUNCTION:NAME and the text" "" \
	"$(tail -n +2 <<<"$OUT" | grep -vE '^[ 0-9]{2}[0-9] [ 0-9]{5}[0-9] {28}:send [0-9a-f.:]+$' | grep -v '^$')"
is "ex1: destinations and their counts" "$expected" "$(ours <<<"$OUT")"

dtrace_start ex2 -x quiet -n 'ip:::send {printf("%s\n", args[2]->ip_daddr);}'
traffic
dtrace_stop ex2
is "ex2: quiet says nothing" "" "$ERR"
is "ex2: lines are addresses only" "" "$(grep -vE '^[0-9a-f.:]+$' <<<"$OUT")"
is "ex2: destinations and their counts" "$expected" "$(ours <<<"$OUT")"

listing=$("$DTRACE" -l -P ip -P tcp -P udp 2>"$T/l.err")
is "list: status" 0 $?
is "list: no messages" "" "$(cat "$T/l.err")"
is "list: header" '   ID   PROVIDER            MODULE                          FUNCTION NAME' "$(head -n 1 <<<"$listing")"
for probe in ip:{receive,send} udp:{receive,send} \
	tcp:{accept-established,accept-refused,connect-established,connect-refused,connect-request,receive,send,state-change}; do
	is "list: $probe is there once" 1 "$(awk -v p="${probe%:*}" -v n="${probe#*:}" \
		'NR > 1 && $2 == p && $NF == n && $1 ~ /^[0-9]+$/' <<<"$listing" | wc -l)"
done
is "list: columns" "" "$(tail -n +2 <<<"$listing" | grep -vE '^[ 0-9]{4}[0-9] {8,9}(ip|tcp|udp) {11}vmlinux {35}[a-z-]+$')"
