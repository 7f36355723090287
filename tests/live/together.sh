#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Several tracers at once: each is told of everything, also when one of them is killed or stands still; and what a
# stopped one loses is counted.
. "$(dirname "$0")/lib.sh"
net_up

# tracer NAME: starts one; its process in $TRACER
tracer()
{
	# shellcheck disable=SC2016
	dtrace_start "$1" -qn '
		tcp:::send /'"$(ours 'args[2]->ip_saddr')"'/ { @["sent"] = count(); }
		tcp:::receive /'"$(ours 'args[2]->ip_saddr')"'/ { @["received"] = count(); }
		udp:::receive /'"$(ours 'args[2]->ip_saddr')"'/ { @["datagrams"] = count(); }
		END { printa("%s %@d\n", @); }'
}
talk()
{
	conversation tcp "$B4" c100,s1000,c1400,s1 -- --close shutdown
	conversation tcp "$B6" c100,s1000,c1400,s1 --close reset
	conversation udp "$B4" c1,s2,c3
}
counts()
{
	printf 'datagrams %d\n' $(($(total "$NA" UdpInDatagrams) + $(total "$NB" UdpInDatagrams) - ${1:-0}))
	printf 'received %d\n' $(($(total "$NA" TcpInSegs) + $(total "$NB" TcpInSegs) - ${2:-0}))
	printf 'sent %d\n' $(($(total "$NA" TcpOutSegs) + $(total "$NB" TcpOutSegs) - ${3:-0}))
}
# shellcheck disable=SC2046
since() { counts $(awk '{ print $2 }' <<<"$1"); }

tracer first
first=$TRACER
tracer second
second=$TRACER
tracer killed
killed=$TRACER
before=$(counts)
talk
TRACER=$killed
dtrace_signal KILL killed
talk
kill -STOP "$second" # an aggregation is the kernel's: it goes on
talk
kill -CONT "$second"
talk
for name in first second; do
	TRACER=${!name}
	[ "$name" = first ] && want=$(since "$before")
	dtrace_stop "$name"
	is "$name: told of everything, beside others" "$want" "$(grep . <<<"$OUT" | sort)"
done
want=$(counts)
talk
holds "and they were not needed for it" "$want" "$(counts)" != "$want"

# Stopped under load: what did not fit is counted, one for one.
# shellcheck disable=SC2016
dtrace_start stopped -x bufsize=4k -qn '
	udp:::receive /args[2]->ip_saddr == "'"$A4"'" && args[2]->ip_daddr == "'"$A4"'"/ { @ = count(); }
	udp:::receive /args[2]->ip_saddr == "'"$A4"'" && args[2]->ip_daddr == "'"$A4"'"/ { printf("event\n"); }
	END { printa("all %@d\n", @); }'
before=$(total "$NA" UdpInDatagrams)
# load COUNT: so many datagrams to and fro
load() { in_a "$bin/traffic" pingpong "$A4" 0 --count "$1" --size 100 --timeout 100 >/dev/null || die "no load"; }
load 100
kill -STOP "$TRACER"
load 1000
kill -CONT "$TRACER"
load 100
sent=$(($(total "$NA" UdpInDatagrams) - before))
dtrace_signal INT stopped
is "stopped: ends with status 0" 0 "$STATUS"
told=$(grep -c '^event' <<<"$OUT")
lost=$(sed -n 's/^dtrace: \([0-9]*\) drops\{0,1\} on CPU.*/\1/p' <<<"$ERR" | awk '{ n += $1 } END { print n + 0 }')
is "stopped: the kernel's count" "all $sent" "$(grep '^all' <<<"$OUT")"
holds "stopped: it lost some" "$lost lost" "$lost" -gt 0
is "stopped: told and lost are all there were" "$sent" $((told + lost))
