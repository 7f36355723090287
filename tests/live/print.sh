#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# print() and trace() of the kernel's structs, large ones too, by the kernel's own words in /proc.
. "$(dirname "$0")/lib.sh"

# printed D: of a program in which BEGIN does that
printed()
{
	timeout 60 "$DTRACE" -qn "BEGIN { $1; exit(0); }" >"$T/out" 2>"$T/err" || echo "status $?: $(cat "$T/err")"
	cat "$T/out"
}

# member NAME: its value in what was printed last
member()
{
	sed -n "s/^ *[^=]*[ *]$1 = //p" "$T/out" | head -n 1
}

caps=$(sed -n 's/^CapEff:[[:space:]]*0*//p' /proc/self/status)
printed 'print(*curthread->cred)' >/dev/null
# (a number, or before Linux 6.3 two halves, the lower first)
found=$(sed -n '/cap_effective/,/}/s/^ *[^{=]* = \(.*0x.*\)/\1/p' "$T/out" | head -n 1 | awk '$1 == "[" { sub(/,/, ""); printf "0x%s%s\n", substr($3, 3), substr($2, 3); next } { print }')
is "print: the capabilities of this process" "0x$caps" "$found"
is "print: its user" 0 "$(sed -n '/ uid = {/,/}/s/^ *uid_t val = //p' "$T/out")"

pids=$(printed 'printf("%x %x\n", pid, ppid); print(*curthread)')
read -r pid _ <<<"$pids"
is "print: a struct of thousands of bytes, its number" "0x$pid" "$(member tgid)"
is "print: and its name" '[ "dtrace" ]' "$(member comm)"
is "print: every brace is closed" "$(tr -cd '{' <"$T/out" | wc -c)" "$(tr -cd '}' <"$T/out" | wc -c)"

size=$(printed 'printf("%d", sizeof(struct task_struct))')
printed 'trace(*curthread)' >/dev/null
is "trace: each of its bytes" "$size" "$(grep -oE '^ *[0-9a-f]+:( [0-9a-f]{2}){1,16}' "$T/out" | sed 's/^ *[0-9a-f]*://' | wc -w)"
# (a text is printed as one, so its bytes are asked for)
is "trace: of a member" "$(printed 'tracemem(&curthread->se, sizeof(curthread->se))' | wc -l)" "$(printed 'trace(curthread->se)' | wc -l)"
