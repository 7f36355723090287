#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# tcp and udp from inside a container: a cgroup namespace below the root, without a mount of the root. Where the root
# can be reached (a mount, process 1's mounts or namespace) all segments of other cgroups are there; else the
# script is refused, with what to grant.
. "$(dirname "$0")/lib.sh"
net_up
at=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
[ -n "$at" ] || skip_all "no cgroup v2 is mounted, below which a container could be made"
group=$at/dtn-$$
mkdir "$group" || skip_all "cannot make a cgroup"
trap 'rmdir "$group"; cleanup' EXIT
mkdir "$T/inner" "$T/root"

# Runs in the container while it traces: tells us, and waits for the traffic that we make outside.
cat >"$T/step" <<END
#!/bin/sh
touch $T/go
i=0
until [ -e $T/done ] || [ \$i -ge 500 ]; do
	sleep 0.1
	i=\$((i + 1))
done
END
# The container: no mount but that of its own part, and what the first argument adds.
cat >"$T/inside" <<END
#!/bin/bash
mount --make-rprivate /
[ "\$1" != mounted ] || mount --bind $at $T/root || exit 9
while read -r _ dir type _; do
	[ "\$type" != cgroup2 ] || [ "\$dir" = $T/root ] || umount -l "\$dir" || exit 9
done </proc/self/mounts
mount -t cgroup2 none $T/inner || exit 9
shift
exec "\$@"
END
# Process 1 of a namespace of processes: with the host's cgroup namespace, and its mounts or none.
cat >"$T/first" <<END
#!/bin/bash
mount --make-rprivate / && mount -t proc proc /proc || exit 9
[ "\$1" = mounts ] || umount -l $at || exit 9
shift
"\$@"
exit
END
chmod +x "$T/step" "$T/inside" "$T/first"

# traced COMMAND...: runs that, a tracer at its end, in the cgroup; makes traffic as soon as it traces.
# $seen: segments it was told of, $real: those the kernel counted; $OUT, $ERR, $STATUS
traced()
{
	local before after pid
	rm -f "$T/go" "$T/done"
	# shellcheck disable=SC2016
	bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$group" timeout -k 5 60 "$@" "$DTRACE" -qn '
		tcp:::receive /('"$(ours 'args[2]->ip_saddr')"')/ { @n = count(); }
		END { printa("seen %@u\n", @n); }' -c "$T/step" >"$T/traced.out" 2>"$T/traced.err" </dev/null &
	pid=$!
	our_pids+=("$pid")
	seen='' real=''
	until_true 60000 eval "[ -e $T/go ] || ! kill -0 $pid"
	if [ -e "$T/go" ]; then
		before=$(($(counter "$NA" TcpInSegs) + $(counter "$NB" TcpInSegs)))
		conversation tcp "$B4" c5,s20000 -- --close shutdown
		conversation tcp "$B6" c9000,s1 -- --close shutdown
		after=$(($(counter "$NA" TcpInSegs) + $(counter "$NB" TcpInSegs)))
		real=$((after - before))
		touch "$T/done"
	fi
	wait "$pid"
	STATUS=$?
	forget "$pid"
	OUT=$(cat "$T/traced.out") ERR=$(cat "$T/traced.err")
	seen=$(sed -n 's/^seen //p' <<<"$OUT")
}

# sees NAME COMMAND...
sees()
{
	traced "${@:2}"
	is "$1: all that the kernel counted" "status 0, ${real:-?} segments" "status $STATUS, ${seen:-none} segments"
	[ -n "$seen" ] || printf '%s\n' "$ERR" | sed 's/^/# /'
}

# refused NAME REGEX COMMAND...: not silence, and what to do
refused()
{
	traced "${@:3}"
	is "$1: is refused" 1 "$STATUS"
	matches "$1: and says why" "$2" "$ERR"
	is "$1: prints nothing else" "" "$OUT"
}

mounted=("$T/inside" mounted) bare=("$T/inside" bare)
sees "-C alone" unshare -C
sees "a container that has the host's mount" unshare -Cm "${mounted[@]}"
sees "the same, its own processes" unshare -Cmpf --mount-proc "${mounted[@]}"
sees "the same, without CAP_SYS_ADMIN" unshare -Cm "${mounted[@]}" setpriv --bounding-set=-sys_admin
refused "a container" 'mount that into the container.*--pid=host' unshare -Cmpf --mount-proc "${bare[@]}"
refused "the same, without CAP_SYS_ADMIN" 'mount that into the container.*CAP_SYS_PTRACE or CAP_SYS_ADMIN' \
	unshare -Cmpf --mount-proc "${bare[@]}" setpriv --bounding-set=-sys_admin
host=(unshare -mpf)
sees "the host's processes, whose first has the mount" "${host[@]}" "$T/first" mounts unshare -Cm "${bare[@]}"
sees "the same, with CAP_SYS_PTRACE alone" "${host[@]}" "$T/first" mounts unshare -Cm "${bare[@]}" \
	setpriv --bounding-set=-sys_admin
sees "the host's processes, by the namespace of the first" "${host[@]}" "$T/first" none unshare -Cm "${bare[@]}"
refused "the host's processes, and no capability" 'CAP_SYS_PTRACE or CAP_SYS_ADMIN' "${host[@]}" "$T/first" mounts \
	unshare -Cm "${bare[@]}" setpriv --bounding-set=-sys_admin,-sys_ptrace

# What needs no cgroup hook works there all the same.
bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' sh "$group" unshare -Cmpf --mount-proc "${bare[@]}" \
	timeout 30 "$DTRACE" -qn 'ip:::send, ip:::receive { @ = count(); } tick-100ms { printf("ticks"); exit(0); }' \
	>"$T/ip.out" 2>&1 </dev/null
matches "ip in a container" "^ticks" "$(cat "$T/ip.out")"
