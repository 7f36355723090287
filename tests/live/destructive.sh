#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes a minute: only by name
# raise(), stop(), copyout(), copyoutstr() on a process that sends; chill() by the clock. Judged by the process and
# by its parent, this shell.
. "$(dirname "$0")/lib.sh"
net_up
build_helpers
mkfifo "$T/hold"

# held COUNT: the helper, which sends when it is told to; sets $HELD, $PID, $ROOM
held()
{
	: >"$T/deep.out" # not what the one before has written
	exec 9<>"$T/hold"
	in_a "$bin/deep" "$B4" 9 "$1" hold <"$T/hold" >"$T/deep.out" 2>&1 9>&- &
	HELD=$!
	our_pids+=("$HELD")
	until_true 5000 grep -q '^pid' "$T/deep.out" || die "no helper"
	read -r _ PID _ ROOM <"$T/deep.out"
	our_pids+=("$PID")
}

# let_go: it sends, and ends; its status in $GONE
let_go()
{
	echo >&9
	wait "$HELD"
	GONE=$?
	forget "$HELD"
	forget "$PID"
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
forget "$PID"
dtrace_stop stop

# BEGIN fires in the tracer: over its own arguments, which /proc shows.
# A kernel under lockdown does not let programs write to processes: then the script is refused as a whole.
# shellcheck disable=SC2016
dtrace_run 60 -wqn 'string s; BEGIN { s = "hello, world"; n = 0x2e2e2e6465766f6dLL; }
	BEGIN { copyoutstr(s, curthread->mm->arg_start, 6); copyout(&n, curthread->mm->arg_start + 5, sizeof(n)); }
	BEGIN { copyoutstr("!", curthread->mm->arg_start + 13, 100); m = 0; copyout(&n, 0, m); }
	BEGIN { system("head -c 15 /proc/%d/cmdline | tr \"\\0\" 0; echo", pid); }
	BEGIN { copyoutstr("x", 8, 2); }
	BEGIN { copyout(&n, curthread->mm->arg_start, 4097); }
	BEGIN { exit(0); }
	ERROR { printf("fault %d at %d\n", arg4, arg5); }'
if grep -q 'lacks' <<<"$ERR"; then
	matches "copyout: refused by the kernel, and why" 'lockdown' "$ERR"
	is "copyout: and nothing was done" "" "$OUT"
else
	is "copyout, copyoutstr: what the process finds" "hellomoved...!0" "$(head -n 1 <<<"$OUT")"
	is "copyout: where nothing is mapped, and of too much" "fault 1 at 8 fault 3 at 0" "$(grep fault <<<"$OUT" | paste -sd ' ')"
fi
held 1
if dtrace_try packet -wqn "ip:::send /pid == $PID/ { copyoutstr(\"x\", $ROOM, 2); } ERROR { printf(\"fault %d\n\", arg4); }"; then
	let_go
	dtrace_stop packet
	is "copyout: while a packet is under way" "0 room untouched fault 3" "$GONE $(sed -n 2p "$T/deep.out" | tr -d '\0') $(grep -m 1 fault <<<"$OUT")"
else
	let_go
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
