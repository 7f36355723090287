#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# shellcheck disable=SC2016
# Variables of the kernel by their names, and what built-in variables say of this process and CPU,
# judged by /proc.
. "$(dirname "$0")/lib.sh"

# said SCRIPT [ARG...]
said()
{
	timeout 60 "$DTRACE" -qn "$@" 2>&1 | sed '/^$/d'
}

is "the kernel's BTF begins with its magic number" eb9f \
	"$(said 'BEGIN { printf("%x\n", *(uint16_t *)&`__start_BTF); exit(0); }')"
is "and is as long as the file" "$(stat -c %s /sys/kernel/btf/vmlinux)" \
	"$(said 'BEGIN { printf("%d\n", (char *)&vmlinux`__stop_BTF - (char *)&`__start_BTF); exit(0); }')"
matches "without a type it says how to give one" '\*\(TYPE \*\)&`__start_BTF' \
	"$(said 'BEGIN { trace(`__start_BTF); exit(0); }')"
matches "a name that is none" '/proc/kallsyms lists no such variable' \
	"$(said 'BEGIN { trace(`no_such_variable); exit(0); }')"
matches "it can't be assigned to" 'D_OP_LVAL|D_OP_WRITE|assignment needs|invalid address' \
	"$(said 'BEGIN { *(int *)&`__start_BTF = 1; exit(0); }')"
if grep -q ' [bBdD] jiffies$' /proc/kallsyms; then
	is "linux_banner is /proc/version" "$(cat /proc/version)" \
		"$(said 'BEGIN { printf("%s", stringof(`linux_banner)); exit(0); }')"
	is "the idle task" "0 swapper/0" \
		"$(said 'BEGIN { printf("%d %s\n", `init_task.pid, stringof(vmlinux`init_task.comm)); exit(0); }')"
	is "jiffies go on" 1 \
		"$(said 'BEGIN { x = `jiffies; } tick-300ms { printf("%d\n", `jiffies > x); exit(0); }')"
	is "the first network namespace has the device lo" 1 \
		"$(said 'BEGIN { printf("%d\n", (&`init_net)->loopback_dev->ifindex); exit(0); }')"
fi

is "curpsinfo and curlwpsinfo know this process" "1 1 1 1 1 1 O" \
	"$(said 'BEGIN { printf("%d %d %d %d %d %d %c\n", curpsinfo->pr_pid == $pid,
		curpsinfo->pr_ppid == ppid, curpsinfo->pr_pgid == $pgid, curpsinfo->pr_sid == $sid,
		curpsinfo->pr_nlwp, curlwpsinfo->pr_lwpid == tid, curlwpsinfo->pr_sname); exit(0); }')"
is "curcpu is the CPU" 1 "$(said 'BEGIN { printf("%d\n", curcpu->cpu_id == cpu); exit(0); }')"
is "vtimestamp goes on, and is no clock" "1 1" \
	"$(said 'BEGIN { v = vtimestamp; t = timestamp; }
		tick-500ms { printf("%d %d\n", vtimestamp >= v, vtimestamp - v <= timestamp - t); exit(0); }')"

# A loop keeps a CPU busy in its own code, and reading zeros one in the kernel's.
(while :; do :; done) &
our_pids+=($!)
dd if=/dev/zero of=/dev/null bs=16M 2>/dev/null &
our_pids+=($!)
pcs=$(said 'profile-997 /pid == $1/ { @user[arg0 != 0, arg1 != 0] = count(); }
	profile-997 /pid == $2 && arg0/ { @kernel[arg0 < 0, arg1] = count(); }
	profile-997 { @both[arg0 && arg1, !arg0 && !arg1] = count(); }
	tick-1s { printa("user %d %d\n", @user); printa("kernel %d %d\n", @kernel); printa("both %d %d\n", @both); exit(0); }' \
	"${our_pids[@]: -2}")
matches "profile: arg1 is where a process was" '^user 0 1$' "$pcs"
matches "profile: arg0 is where the kernel was" '^kernel 1 0$' "$pcs"
is "profile: one of them" "both 0 0" "$(grep ^both <<<"$pcs")"
