#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# Scripts past what a kernel can hold: each works, or is refused in the words of D, before anything runs. And what a
# large script loses, it counts.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
cd "$T" || exit 1

# works_or_refused NAME: NAME.d, which prints "began" and ends; D's own words name the script and a line
works_or_refused()
{
	local said
	dtrace_run 200 -qs "$1.d"
	said=$(head -n 1 <<<"$ERR" | cut -c 1-120)
	if [ "$STATUS" -eq 0 ] && [ "$(grep . <<<"$OUT")" = began ]; then
		ok "$1: works"
	elif [ "$STATUS" -ne 1 ]; then
		not_ok "$1: works or is refused" "status $STATUS (124: not done in 200 s): $said" \
			"$(head -n 3 <<<"$OUT")"
	elif [ -n "$OUT" ]; then
		not_ok "$1: refused before anything runs" "$OUT" "$said"
	elif grep -qiE 'unknown|syntax|expected|internal error|verifier|kernel refused|instructions|BPF|stack|register' <<<"$ERR"; then
		not_ok "$1: refused in the words of D" "$said"
	elif ! grep -q "^dtrace: failed to compile script $1\.d: line [0-9]*: " <<<"$ERR"; then
		not_ok "$1: refused with a place" "$said"
	else
		ok "$1: refused ($said)"
	fi
}

began='this int64_t mine, n;
BEGIN { printf("began\n"); exit(0); }'
heavy='@n[args[2]->ip_saddr, args[2]->ip_daddr, args[4]->tcp_sport, args[4]->tcp_dport, #] = quantize(args[2]->ip_plength);
	printf("%s %s %d %d %s %d\n", args[2]->ip_saddr, args[2]->ip_daddr, args[3]->tcps_rnxt, #, execname, timestamp);
	a[args[2]->ip_saddr, #] = args[2]->ip_plength > # ? args[2]->ip_daddr : args[3]->tcps_raddr;
	if (a[args[2]->ip_daddr, #] == "192.0.2.#" || this->mine != #) { this->mine = #; self->last = args[4]->tcp_seq; }'

{ echo "$began"; each 1 3000 "tcp:::receive { $heavy }"; } >3000-clauses.d
works_or_refused 3000-clauses
{ echo "$began"; echo 'tcp:::receive {'; each 1 1000 "	$heavy"; echo '}'; } >4000-statements.d
works_or_refused 4000-statements
n=$([ -n "${LONG:-}" ] && echo 30000 || echo 10000)
{ echo "$began"; each 1 "$n" 'udp:::send { this->n += #; }'; } >"$n-clauses.d"
works_or_refused "$n-clauses"
{ echo "$began"; each 1 3000 'ip:::send { @n#[args[2]->ip_saddr] = count(); }'; } >3000-aggregations.d
works_or_refused 3000-aggregations
{
	echo "$began"
	printf 'tcp:::send { @[%s] = count(); }\n' "$(each 1 64 'args[2]->ip_saddr, args[2]->ip_daddr, #' | paste -sd,)"
} >192-keys.d
works_or_refused 192-keys
{
	echo "$began"
	printf 'tcp:::send { printf("%s\\n", %s); }\n' "$(each 1 2000 '%s' | paste -sd' ')" \
		"$(each 1 2000 'args[2]->ip_saddr' | paste -sd,)"
} >2000-arguments.d
works_or_refused 2000-arguments
{
	echo "$began"
	echo 'tcp:::send {'
	each 1 400 "if (args[4]->tcp_sport != #) { @[args[2]->ip_saddr, #] = count();"
	each 1 400 '}'
	echo '}'
} >400-nested-ifs.d
works_or_refused 400-nested-ifs
{
	echo "$began"
	each 1 1000 'tcp:::state-change { this->s# = args[3]->tcps_raddr; }
tcp:::state-change /this->s# == args[3]->tcps_laddr/ { printf("%s", this->s#); }'
} >1000-this-strings.d
works_or_refused 1000-this-strings

# A firing has so many programs and no more. What needs more must not load: its last clauses would never run.
{
	each 1 6000 'BEGIN { @n[execname, probename, #] = quantize(timestamp); printf("%s %d %s\n", execname, #, probename);
	a[execname, #] = timestamp; self->v = a[probename, #]; }'
	echo 'BEGIN { printf("last\n"); exit(0); }'
} >too-many.d
dtrace_run 200 -qs too-many.d
is "too many programs: status 1, nothing ran" "1 " "$STATUS $OUT"
matches "too many programs: the way out" 'spread them over several runs' "$ERR"

# ---- losses ----
net_up
each 1 1000 "tcp:::receive /args[2]->ip_daddr == \"$B4\"/ { printf(\"# %s %60s\\n\", args[2]->ip_saddr, probename); }" >loss.d
n=$(counter "$NB" TcpInSegs)
dtrace_start loss -x switchrate=10s -b 64k -qs loss.d
conversation tcp "$B4" c100,s200,c1000,s1,c1,s1 -- --close shutdown
n=$(($(counter "$NB" TcpInSegs) - n))
kill -INT "$TRACER"
wait "$TRACER"
is "losses: status" 0 $?
forget "$TRACER"
delivered=$(grep -c . loss.out)
dropped=$(awk '/^dtrace: [0-9]+ drops on CPU/ { n += $2 } END { print n + 0 }' loss.err)
holds "losses: some, of so small a buffer" "$(cat loss.err)" "$dropped" -gt 0
is "losses: delivered and reported are what was made" $((1000 * n)) $((delivered + dropped))
