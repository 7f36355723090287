#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# The clauses of a firing run in the order of the script, however many: printed in order, ended by exit(), and gone on
# with after a fault.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
# On one CPU the output has the order in which things happened.
taskset -cp 0 $$ >/dev/null
ours=$(ours 'args[2]->ip_saddr')

# trace NAME STATUS: the script over a conversation, to its end with that status; $SEGMENTS from A came in B
trace()
{
	local n
	loads "$1" || return
	n=$(counter "$NB" TcpInSegs)
	conversation tcp "$B4" c100,s200,c1 -- --close shutdown
	SEGMENTS=$(($(counter "$NB" TcpInSegs) - n))
	if [ "$2" = 0 ]; then
		dtrace_stop "$1"
		return
	fi
	"$bin/watch" gone "$TRACER" 10000 || die "exit() does not end it"
	wait "$TRACER"
	is "$1: status" "$2" $?
	forget "$TRACER"
	OUT=$(tr -d '\0' <"$T/$1.out")
	ERR=$(cat "$T/$1.err")
}

# Two probes, their clauses in turn; ip's fires first for each packet, and has no part in tcp's.
each 1 500 "ip:::receive /$ours/ { printf(\"ip # %d %s\\n\", args[2]->ip_plength, args[2]->ip_saddr); }
tcp:::receive /$ours/ { printf(\"tcp # %d %s %u\\n\", args[2]->ip_plength, args[2]->ip_saddr, args[3]->tcps_rnxt); }" >"$T/order.d"
if trace order 0; then
	is "order: 1 to 500 in each firing, one firing after the other" "0 wrong" "$(awk '
		{ rest = $0; sub(/^[a-z]* [0-9]* /, "", rest) }
		$2 == 1 && next_ == 1 || NR == 1 { probe = $1; said = rest; next_ = 1 }
		$1 != probe || $2 != next_ || rest != said { wrong++; if (!shown++) print "first wrong: " $0 }
		{ probe = $1; said = rest; next_ = $2 % 500 + 1 }
		END { print wrong + 0, "wrong" }' <<<"$OUT")"
	is "order: all clauses of ip:::receive" $((500 * SEGMENTS)) "$(grep -c "^ip .* $A4\$" <<<"$OUT")"
	is "order: all clauses of tcp:::receive" $((500 * SEGMENTS)) "$(grep -c "^tcp .* $A4 " <<<"$OUT")"
fi

{
	each 1 250 "tcp:::receive /$ours/ { printf(\"# %s\\n\", args[2]->ip_saddr); @[#] = count(); this->last = #; }"
	echo "tcp:::receive /$ours/ { printf(\"exit %d\\n\", this->last); exit(7); }"
	each 251 500 "tcp:::receive /$ours/ { printf(\"# %s\\n\", args[2]->ip_saddr); @[#] = count(); }"
	echo 'END { printa("count %d %@d\n", @); trunc(@); }'
} >"$T/exit.d"
if trace exit 7; then
	is "exit: the clauses before it, and none behind" "$(each 1 250 "# $A4"; echo exit 250)" \
		"$(grep -v '^count' <<<"$OUT" | grep .)"
	is "exit: what they counted" "$(each 1 250 'count # 1')" "$(grep '^count' <<<"$OUT" | sort -k2n)"
fi

# The middle clause divides by 0 for what comes from A.
{
	printf 'ERROR { printf("ERROR %%d\\n", arg4); @errors = count(); }\n'
	each 1 250 "tcp:::receive /$ours/ { @[args[2]->ip_saddr, #] = count(); last[args[2]->ip_saddr, #] = args[4]->tcp_seq; }"
	echo "tcp:::receive /$ours/ { printf(\"before %s\\n\", args[2]->ip_saddr); }
tcp:::receive /$ours/ { this->n = args[2]->ip_saddr == \"$A4\"; printf(\"fault %s\\n\", args[2]->ip_saddr);
    @[args[2]->ip_saddr, 0] = count(); this->x = args[4]->tcp_seq / (1 - this->n); printf(\"no fault %s\\n\", args[2]->ip_saddr); }
tcp:::receive /$ours/ { printf(\"after %s %d\\n\", args[2]->ip_saddr, this->n); }"
	each 251 500 "tcp:::receive /$ours/ { @[args[2]->ip_saddr, #] = count(); last[args[2]->ip_saddr, #] = args[4]->tcp_seq; }"
	echo 'END { printa("errors %@d\n", @errors); printa("count %s %d %@d\n", @); trunc(@); trunc(@errors); }'
} >"$T/fault.d"
if trace fault 0; then
	from_a=$(grep -c "^before $A4" <<<"$OUT") from_b=$(grep -c "^before $B4" <<<"$OUT")
	is "fault: the clause before it" "$SEGMENTS" "$from_a"
	is "fault: its own clause ends there" "" "$(grep "^\(no \)\?fault $A4" <<<"$OUT" | head -n 2)"
	is "fault: where there is none, that clause goes on" "$from_b $from_b" \
		"$(grep -c "^fault $B4" <<<"$OUT") $(grep -c "^no fault $B4" <<<"$OUT")"
	is "fault: the clause after it" "$from_a" "$(grep -c "^after $A4 1" <<<"$OUT")"
	is "fault: ERROR fires for each" "errors $from_a" "$(grep '^errors' <<<"$OUT")"
	is "fault: a message for each" "$from_a" "$(grep -c '^dtrace: error on enabled probe.*divide-by-zero' <<<"$ERR")"
	is "fault: all other clauses, and what that one did before" "$(each 0 500 "# $SEGMENTS")" \
		"$(awk -v a="$A4" '$1 == "count" && $2 == a { print $3, $4 }' <<<"$OUT" | sort -n)"
fi
