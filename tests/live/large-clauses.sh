#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# 2,000 clauses for one probe, of one kind at a time: each loads, and each clause does its part for each segment, as
# many as the kernel counts.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
ours=$(ours 'args[2]->ip_saddr')

# trace KIND: the script of that name over a conversation; $SEGMENTS from B that came in A, $ALL in both
trace()
{
	local a b
	loads "$1" || return
	a=$(counter "$NA" TcpInSegs) b=$(counter "$NB" TcpInSegs)
	conversation tcp "$B4" c100,s200,c1000,s1 -- --close shutdown
	dtrace_stop "$1"
	SEGMENTS=$(($(counter "$NA" TcpInSegs) - a))
	ALL=$((SEGMENTS + $(counter "$NB" TcpInSegs) - b))
}

{
	each 1 2000 "tcp:::receive /$ours/ { @c[args[2]->ip_saddr, #] = count(); }"
	echo 'END { printa("%s %d %@d\n", @c); trunc(@c); }'
} >"$T/counts.d"
if trace counts; then
	is "2,000 clauses: counts by address" "$(each 1 2000 "$B4 # $SEGMENTS")" \
		"$(awk -v b="$B4" '$1 == b' <<<"$OUT" | sort -k2n)"
fi

each 1 2000 "tcp:::receive /$ours/ { printf(\"# %s %u %u\\n\", args[2]->ip_saddr, args[4]->tcp_seq,
    args[3]->tcps_rnxt); }" >"$T/printf.d"
if trace printf; then
	is "2,000 clauses: printf of the first clause" "$ALL" "$(grep -c '^1 ' <<<"$OUT")"
	for n in 1000 2000; do
		is "2,000 clauses: printf of clause $n prints what the first does" "" \
			"$(diff <(sed -n 's/^1 //p' <<<"$OUT" | sort) <(sed -n "s/^$n //p" <<<"$OUT" | sort) | head -n 4)"
	done
	is "2,000 clauses: printf of all" $((2000 * ALL)) "$(grep -c . <<<"$OUT")"
fi

# each counts the segments that are longer than its number
{
	echo "tcp:::receive /$ours/ { printf(\"%d\\n\", args[2]->ip_plength); }"
	each 1 1999 "tcp:::receive /($ours) && args[2]->ip_plength > # && (args[4]->tcp_flags & (TH_SYN | TH_ACK)) != 0 &&
    args[4]->tcp_dport != # * 100000/ { @p[#] = count(); }"
	echo 'END { printa("longer %d %@d\n", @p); trunc(@p); }'
} >"$T/predicates.d"
if trace predicates; then
	is "2,000 clauses: predicates over fields" "$(awk 'NF == 1 { for (i = 1; i < $1; i++) n[i]++ }
		END { for (i = 1; i in n; i++) print "longer", i, n[i] }' <<<"$OUT")" \
		"$(grep '^longer' <<<"$OUT" | sort -k2n)"
	is "2,000 clauses: predicates over fields, segments" "$ALL" "$(grep -cx '[0-9]*' <<<"$OUT")"
fi

# each counts one more than the one before it
{
	echo 'int64_t a[string, int];'
	each 1 2000 "tcp:::receive /$ours/ { a[args[2]->ip_saddr, #] = a[args[2]->ip_saddr, # - 1] + 1; }"
	printf 'END { printf("%%d %%d %%d %%d", a["%s", 1], a["%s", 1000], a["%s", 2000], a["%s", 2001]); }\n' "$A4" "$B4" "$A4" "$A4"
} >"$T/array.d"
trace array && is "2,000 clauses: an associative array" "1 1000 2000 0" "$OUT"

{
	each 1 2000 "tcp:::receive /args[2]->ip_saddr == \"$B4\" && args[2]->ip_daddr != \"192.0.2.#\"/ { @differ = count(); }"
	echo 'END { printa("%@d", @differ); trunc(@differ); }'
} >"$T/comparisons.d"
trace comparisons && is "2,000 clauses: comparisons of strings" "$((2000 * SEGMENTS))" "$OUT"
