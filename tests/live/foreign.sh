#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Another tool's programs on the cgroup hooks, attached before ours and after, in each way that the kernel knows: all
# of them run, nothing is dropped, and where the kernel takes no second one the refusal names the first.
. "$(dirname "$0")/lib.sh"
net_up
at=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
group=$at/dtn-foreign-$$
[ -n "$at" ] && mkdir "$group" || skip_all "no cgroup v2 to attach to"
trap 'cleanup_foreign; cleanup' EXIT

cleanup_foreign()
{
	echo $$ >"$at/cgroup.procs"
	until_true 30000 rmdir "$group" # its sockets may outlive the processes
}

# foreign_start CGROUP HOW: a program on each hook; $SAID is what it says
foreign_start()
{
	: >"$T/foreign" # not what the one before has written
	"$bin/foreign" "$1" "$2" >"$T/foreign" 2>&1 </dev/null &
	FOREIGN=$!
	our_pids+=("$FOREIGN")
	until_true 30000 grep -q . "$T/foreign"
	SAID=$(cat "$T/foreign")
}

# holds that it ran for more than so many packets
foreign_stop()
{
	kill -TERM "$FOREIGN" 2>/dev/null
	wait "$FOREIGN"
	forget "$FOREIGN"
	RAN=$(sed -n 's/^ran //p' "$T/foreign")
	[ -z "${1:-}" ] || holds "$1: it ran too" "$(cat "$T/foreign")" "${RAN:-0}" -gt "$2"
}

# A conversation of processes in the cgroup, whole on both sides; and what the kernel counts of it.
talk()
{
	conversation tcp "$B4" c100,s1000,c1400,s1 -- --close shutdown
	conversation udp "$B6" c0,c100,s1400
}
counted() { echo $(($(total "$NA" "$@") + $(total "$NB" "$@"))); }
start()
{
	# shellcheck disable=SC2016
	dtrace_start "$1" -qn 'BEGIN { @["s"] = sum(0); @["r"] = sum(0); @["u"] = sum(0); }
		tcp:::send /'"$(ours 'args[2]->ip_saddr')"'/ { @["s"] = sum(1); }
		tcp:::receive /'"$(ours 'args[2]->ip_saddr')"'/ { @["r"] = sum(1); }
		udp:::send, udp:::receive /'"$(ours 'args[2]->ip_saddr')"'/ { @["u"] = sum(1); }
		END { printa("%s %@d\n", @); }'
}
mark() { s=$(counted TcpOutSegs) r=$(counted TcpInSegs) u=$(counted UdpOutDatagrams UdpInDatagrams Udp6OutDatagrams Udp6InDatagrams); }
# exact NAME: the tracer, stopped, told of all since mark
exact()
{
	local s0=$s r0=$r u0=$u
	mark
	dtrace_stop "$1"
	is "$1: all that the kernel counted" "r $((r - r0))
s $((s - s0))
u $((u - u0))" "$(grep . <<<"$OUT" | sort)"
}

# Our processes move, so that the programs of the cgroup see their packets.
echo $$ >"$group/cgroup.procs"
for how in multi override none; do
	foreign_start "$group" "$how"
	is "$how in a cgroup, before ours: is attached" attached "$SAID"
	start "before-$how"
	mark
	talk
	exact "before-$how"
	foreign_stop "$how in a cgroup, before ours" 20

	start "after-$how"
	foreign_start "$group" "$how"
	is "$how in a cgroup, after ours: is attached" attached "$SAID"
	mark
	talk
	exact "after-$how"
	talk # ours is gone, and nothing else
	foreign_stop "$how in a cgroup, after ours" 40
done

# On the root itself.
foreign_start "$at" multi
is "multi on the root, before ours: is attached" attached "$SAID"
start root-before
mark
talk
exact root-before
start root-after
foreign_stop "multi on the root" 20
foreign_start "$at" multi
is "multi on the root, after ours: is attached" attached "$SAID"
mark
talk
exact root-after
foreign_stop "multi on the root, after ours" 20

# One that stands alone on the root keeps every other tracer of the machine out: only where there is none.
if [ -n "${EMULATED:-}" ]; then
	for how in override none; do
		foreign_start "$at" "$how"
		is "$how on the root, before ours: is attached" attached "$SAID"
		dtrace_run 60 -qn 'tcp:::receive { exit(0); }'
		is "$how on the root: ours is refused" 1 "$STATUS"
		matches "$how on the root: and says by whom" \
			'cgroup_skb/ingress: program [0-9]+ \(somebody\) of another tool' "$ERR"
		talk
		foreign_stop "$how on the root" 20
		start "root-$how"
		foreign_start "$at" "$how"
		is "$how on the root, after ours: the kernel refuses it" \
			"refused: Operation not permitted" "$SAID"
		mark
		talk
		exact "root-$how"
		foreign_stop
	done
fi
