#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Network namespaces and containers made and removed 1,000 times while tracing: each event in them is told once, and
# what is removed is gone while the tracer still runs: it holds no namespace, no device and no cgroup.
. "$(dirname "$0")/lib.sh"
net_up
times=${EMULATED:+100} times=${times:-1000}
port=$((300 + number)) # of no other test, and of no client
at=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
group=$at/dtn-churn-$$
trap 'rmdir "$group" 2>/dev/null; cleanup' EXIT

# churned NAME ARGS...: with churn in namespace A, which gets the other end of each one's device
churned()
{
	local name=$1 made
	shift
	# shellcheck disable=SC2016
	dtrace_start "$name" -qn '
		udp:::send /args[4]->udp_dport == '$port'/ { @["datagrams sent"] = count(); }
		udp:::receive /args[4]->udp_dport == '$port'/ { @["datagrams received"] = count(); }
		tcp:::connect-established /args[3]->tcps_rport == '$port'/ { @["connected"] = count(); }
		tcp:::accept-established /args[3]->tcps_lport == '$port'/ { @["accepted"] = count(); }
		tcp:::send, tcp:::receive /args[4]->tcp_dport == '$port' && args[2]->ip_plength > args[4]->tcp_offset/
		{ @[probename] = count(); }
		ip:::send, ip:::receive { @packets[args[3]->if_name] = count(); }
		END { printa("%s %@d\n", @); trunc(@packets); }'
	made=$(nsenter --net="/run/netns/$NA" "$bin/churn" "$@" 2>&1)
	is "$name: made, with traffic in each" "made $times received $((2 * times))" "$made"
	# the kernel removes them one lot after the other; a held one would stay
	until_true 10000 eval "[ \$(ip -n $NA -o link | grep -c ' c[0-9]*@') -eq 0 ]"
	is "$name: none is left while tracing" "" "$(ip -n "$NA" -o link | grep -o ' c[0-9]*@' | head -n 3)"
	if [ -d "$group" ]; then
		until_true 10000 eval "grep -qx 'nr_dying_descendants 0' $group/cgroup.stat"
		is "$name: no cgroup is left while tracing" "nr_dying_descendants 0" "$(grep nr_dying_desc "$group/cgroup.stat")"
	fi
	dtrace_stop "$name"
	is "$name: every event is told once" "accepted $times
connected $times
datagrams received $times
datagrams sent $times
receive $times
send $times" "$(grep . <<<"$OUT" | sort)"
}

churned namespaces net $port "$times"
if mkdir "$group" 2>/dev/null; then
	churned containers container $port "$times" "$group"
else
	ok "containers: there is no cgroup v2 to make them in"
fi
