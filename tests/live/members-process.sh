#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Members of what built-in variables point to: the process, the thread and the CPU, against /proc.
. "$(dirname "$0")/lib.sh"

# MEMBER | format | expression | what /proc has: a field of stat (its number), of status (its name), or =what must be
table='
pr_nlwp | %d | curpsinfo->pr_nlwp | 20
pr_pid | %d | curpsinfo->pr_pid | 1
pr_ppid | %d | curpsinfo->pr_ppid | 4
pr_pgid | %d | curpsinfo->pr_pgid | 5
pr_sid | %d | curpsinfo->pr_sid | 6
pr_uid | %d | curpsinfo->pr_uid | Uid 1
pr_euid | %d | curpsinfo->pr_euid | Uid 2
pr_gid | %d | curpsinfo->pr_gid | Gid 1
pr_egid | %d | curpsinfo->pr_egid | Gid 2
psinfo_t.pr_addr | %d | curpsinfo->pr_addr == (uintptr_t)curthread | =1
pr_fname | %s | curpsinfo->pr_fname | Name 1
pr_taskid | %d | curpsinfo->pr_taskid | =0
pr_projid | %d | curpsinfo->pr_projid | =0
pr_poolid | %d | curpsinfo->pr_poolid | =0
pr_zoneid | %d | curpsinfo->pr_zoneid | =0
pr_flag | %d | curlwpsinfo->pr_flag | 9
pr_lwpid | %d | curlwpsinfo->pr_lwpid | Pid 1
lwpsinfo_t.pr_addr | %d | curlwpsinfo->pr_addr == (uintptr_t)curthread | =1
pr_state | %d | curlwpsinfo->pr_state == SONPROC | =1
pr_sname | %c | curlwpsinfo->pr_sname | =O
pr_nice | %d | curlwpsinfo->pr_nice | 19
pr_pri | %d | curlwpsinfo->pr_pri - 100 | 18
pr_onpro | %d | curlwpsinfo->pr_onpro == cpu | =1
pr_name | %s | curlwpsinfo->pr_name | Name 1
cpu_id | %d | curcpu->cpu_id == cpu | =1
cpu_pset | %d | curcpu->cpu_pset | =0'

# The script, and where it goes on until it is asked for; its user and groups are four numbers.
script=$(awk -F ' *[|] *' 'NF == 4 { printf "printf(\"%s=%s\\n\", %s); ", $1, $2, $3 }' <<<"$table")
setpriv --ruid 11 --rgid 12 --egid 13 --clear-groups nice -n 5 "$DTRACE" -qn "BEGIN { $script printf(\"pid=%d\\n\", pid); } tick-1h { }" >"$T/out" 2>"$T/err" &
pid=$!
our_pids+=("$pid")
for _ in {1..300}; do
	grep -q '^pid=' "$T/out" && break
	sleep 0.1
done
said_pid=$(sed -n 's/^pid=//p' "$T/out")
[ -n "$said_pid" ] || die "nothing printed: $(cat "$T/err")"
stat=$(sed 's/(.*)/comm/' "/proc/$said_pid/stat")

# wanted SOURCE
wanted()
{
	case $1 in
	=*) echo "${1#=}" ;;
	[0-9]*) cut -d ' ' -f "$1" <<<"$stat" ;;
	*) awk -v name="${1% *}:" -v field="${1#* }" '$1 == name { print $(field + 1) }' "/proc/$said_pid/status" ;;
	esac
}

while IFS='|' read -r member _ _ source; do
	member=${member// /} source=${source# }
	[ -n "$member" ] && is "$member" "$(wanted "$source")" "$(sed -n "s/^$member=//p" "$T/out")"
done <<<"$table"
