#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# raise(), stop(), copyout(), copyoutstr() on a process that sends; chill() by the clock. Judged by the process and
# by its parent, this shell.
. "$(dirname "$0")/lib.sh"
net_up
build_helpers
mkfifo "$T/hold"

# held COUNT: the helper, which sends when it is told to; sets $HELD, $PID, $ROOM
held()
{
	exec 9<>"$T/hold"
	in_a "$bin/deep" "$B4" 9 "$1" hold <"$T/hold" >"$T/deep.out" 2>&1 &
	HELD=$!
	our_pids+=("$HELD")
	until_true 5000 grep -q '^pid' "$T/deep.out" || die "no helper"
	read -r _ PID _ ROOM <"$T/deep.out"
}

# let_go: it sends, and ends; its status in $GONE
let_go()
{
	echo >&9
	wait "$HELD"
	GONE=$?
	forget "$HELD"
	exec 9>&-
}

held 3
dtrace_start raise -wqn "ip:::send /pid == $PID && args[2]->ip_daddr == \"$B4\"/ { printf(\"sends\\n\"); raise(SIGUSR1); }"
let_go
dtrace_stop raise
is "raise: the process has got that signal" $((128 + $(kill -l USR1))) "$GONE"
is "raise: at once, before it sends again" 1 "$(grep -c sends <<<"$OUT")"

held 3
dtrace_start stop -wqn "ip:::send /pid == $PID/ { stop(); }"
echo >&9
is "stop: it is stopped" T "$(until_true 5000 grep -q '^State:.T' "/proc/$PID/status"; awk '/^State:/ { print $2 }' "/proc/$PID/status")"
kill -KILL "$PID"
wait "$HELD" 2>/dev/null
forget "$HELD"
dtrace_stop stop

# A kernel under lockdown does not let programs write to processes: then the script is refused as a whole.
held 1
if dtrace_try copyout -wqn "string s; BEGIN { s = \"hello, world\"; n = 0x2e2e2e6465766f6dLL; }
	ip:::send /pid == $PID/ { copyoutstr(s, $ROOM, 6); copyout(&n, $ROOM + 5, sizeof(n)); copyoutstr(\"!\", $ROOM + 13, 100); }"; then
	let_go
	dtrace_stop copyout
	is "copyout, copyoutstr: what the process finds" "0 room hellomoved...!" "$GONE $(sed -n 2p "$T/deep.out")"
	held 1
	dtrace_start fault -wqn "ip:::send /pid == $PID/ { copyoutstr(\"x\", 8, 2); } ERROR { printf(\"fault %d at %d\n\", arg4, arg5); }"
	let_go
	dtrace_stop fault
	is "copyout: where nothing is mapped, a fault" "fault 1 at 8" "$(head -n 1 <<<"$OUT")"
else
	let_go
	matches "copyout: refused by the kernel, and why" 'lockdown' "$ERR"
	is "copyout: and nothing was done" "0 room untouched" "$GONE $(sed -n 2p "$T/deep.out" | tr -d '\0')"
fi

dtrace_run 60 -wqn 'BEGIN { t = timestamp; chill(200000000); } BEGIN { exit(0); } END { printf("%d\n", timestamp - t); }'
took=$(head -n 1 <<<"$OUT")
holds "chill: for as long as it says, and not far more than DTrace allows" "took: $took $ERR" "${took:-0}" -ge 200000000
dtrace_run 60 -wqn 'BEGIN { chill(500000001); } BEGIN { chill(-1); } BEGIN { exit(0); }'
is "chill: longer, or less than nothing, is an illegal operation" 2 "$(grep -c 'illegal operation' <<<"$ERR")"
dtrace_run 60 -wqn 'BEGIN { chill(300000000); } BEGIN { chill(300000000); } BEGIN { exit(0); }'
is "chill: half of each second on a CPU" 1 "$(grep -c 'illegal operation' <<<"$ERR")"
dtrace_run 60 -wqn 'udp:::send { raise(9); }'
matches "raise: refused on a packet's hook" 'raise\( \) is not to be had at udp:::send' "$ERR"
