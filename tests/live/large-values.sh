#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# Many values at once in one clause for packets: 32 keys, up to 60 thread-local variables, conditions and loads that
# are kept and tested later.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
ours=$(ours 'args[2]->ip_saddr')

# trace NAME: the script over two conversations; $SEGMENTS came in
trace()
{
	local a b
	loads "$1" || return
	a=$(counter "$NA" TcpInSegs) b=$(counter "$NB" TcpInSegs)
	conversation tcp "$B4" c100,s200,c1000,s1 -- --close shutdown
	conversation tcp "$B6" c1,s20,c30 --close shutdown
	dtrace_stop "$1"
	SEGMENTS=$(($(counter "$NA" TcpInSegs) - a + $(counter "$NB" TcpInSegs) - b))
}

# list FROM TO TEMPLATE: the templates with commas between
list() { each "$@" | paste -sd,; }
# sum FROM TO TEMPLATE: with plus signs
sum() { each "$@" | paste -sd+; }

# Eight values, four times, in an array and in an aggregation. Of the last four only the very last says something.
eight='args[2]->ip_saddr, args[4]->tcp_sport, args[2]->ip_daddr, args[4]->tcp_dport, args[4]->tcp_flags, probename,
    args[2]->ip_plength, execname'
keys="$eight, $eight, $eight, 1, \"two\", 3, \"four\", 5, \"six\", 7, args[4]->tcp_seq"
{
	printf 'tcp:::receive\n/%s/\n{\n' "$ours"
	printf '	x[%s] = args[4]->tcp_ack;\n	@k[%s] = count();\n' "$keys" "$keys"
	printf '	printf("array %%u %%u %%u\\n", args[4]->tcp_ack, x[%s], x[%s]);\n}\n' "$keys" "${keys/tcp_seq/tcp_seq + 1}"
	printf 'END { printa("agg %s%%d %%s %%d %%s %%d %%s %%d %%u %%@d\\n", @k); trunc(@k); }\n' \
		"$(each 1 3 '%s %d %s %d %d %s %d %s ' | tr -d '\n')"
} >"$T/keys.d"
if trace keys; then
	is "keys: the elements of an array with 32" "$SEGMENTS segments" \
		"$(awk '$1 == "array" { n++; if ($2 != $3 || $4 != 0) print } END { print n + 0, "segments" }' <<<"$OUT" | tail -n 3)"
	is "keys: the elements of an aggregation with 32" "$SEGMENTS segments" "$(awk '$1 == "agg" {
		n += $34
		for (i = 2; i <= 9; i++) if ($i != $(i + 8) || $i != $(i + 16)) { print; next }
		if ($26 " " $27 " " $28 " " $29 " " $30 " " $31 " " $32 != "1 two 3 four 5 six 7" || $7 != "receive") print
	} END { print n + 0, "segments" }' <<<"$OUT" | tail -n 3)"
fi

# Each third variable is never assigned. Of # from 1 to N: the numbers themselves, or 0.
for n in 14 30 60; do
	{
		each 1 "$n" 'self int64_t v#;'
		printf 'tcp:::receive\n/%s/\n{\n' "$ours"
		each 1 "$n" '	if (# % 3) self->v# = args[2]->ip_plength * #;'
		printf '}\ntcp:::receive\n/%s/\n{\n' "$ours"
		for ((i = 1; i <= n - 6; i += 7)); do
			printf '	@keys[%s] = count();\n' "$(list $i $((i + 6)) 'self->v#')"
		done
		printf '	this->sum = %s;\n' "$(sum 1 "$n" 'self->v#')"
		printf '	this->chosen = %s;\n' "$(sum 1 "$n" '(self->v# ? self->v# : self->v1)')"
		printf '	printf("each%s\\n", %s);\n' "$(each 1 "$n" ' %d' | tr -d '\n')" "$(list 1 "$n" 'self->v#')"
		each 1 "$n" '	self->v# = self->v# + 1;'
		printf '	printf("sums %%d %%d %%d\\n", this->sum, this->chosen, %s);\n' "$(sum 1 "$n" 'self->v#')"
		each 1 "$n" '	self->v# = 0;'
		printf '	printf("zero %%d\\n", %s);\n}\n' "$(sum 1 "$n" 'self->v#')"
		echo 'END { printa("keys %d %d %d %d %d %d %d %@d\n", @keys); trunc(@keys); }'
	} >"$T/self-$n.d"
	trace "self-$n" || continue
	is "self, $n: each printed" "$SEGMENTS segments" "$(awk -v n="$n" '$1 == "each" {
		lines++
		for (i = 1; i <= n; i++) if ($(i + 1) != (i % 3 ? i * $2 : 0)) { print; next }
	} END { print lines + 0, "segments" }' <<<"$OUT" | tail -n 3)"
	is "self, $n: sums" "$SEGMENTS segments" "$(awk -v n="$n" '
		$1 == "each" { bytes = $2 }
		$1 == "sums" {
			lines++
			sum = chosen = 0
			for (i = 1; i <= n; i++) {
				sum += i % 3 ? i : 0
				chosen += i % 3 ? i : 1
			}
			if ($2 % sum || $3 != $2 / sum * chosen || $4 != $2 + n) print
		}
		END { print lines + 0, "segments" }' <<<"$OUT" | tail -n 3)"
	is "self, $n: none when all were assigned 0" "zero 0" "$(grep '^zero' <<<"$OUT" | sort -u)"
	is "self, $n: as keys" $((SEGMENTS * (n / 7))) "$(awk '$1 == "keys" {
		# each third of seven that follow one another is 0
		n += $9
		if ($2 == 0 ? $5 || $8 : $3 == 0 ? $6 : $4 || $7) print
	} END { print n + 0 }' <<<"$OUT" | tail -n 3)"
done

# 30 comparisons, kept, and tested in this clause and the next.
{
	printf 'this int64_t alone, pairs;\ntcp:::receive\n/%s/\n{\n' "$ours"
	each 1 30 '	this->longer# = args[2]->ip_plength > # * 10;'
	each 1 30 '	if (this->longer#) this->alone += #;'
	each 1 29 '	this->pairs += this->longer# && !this->longer30 ? # : 0;'
	printf '}\ntcp:::receive\n/(%s) && (this->longer1 || !this->longer30)/\n{\n' "$ours"
	each 1 30 '	this->alone += this->longer# ? 1000 : 0;'
	printf '	printf("longer %%d %%d %%d\\n", args[2]->ip_plength, this->alone, this->pairs);\n}\n'
} >"$T/conditions.d"
trace conditions && is "conditions: 30 kept and tested" "$SEGMENTS segments" "$(awk '$1 == "longer" {
	lines++
	alone = pairs = 0
	for (i = 1; i <= 30; i++) if ($2 > i * 10) {
		alone += i + 1000
		if (i < 30 && $2 <= 300) pairs += i
	}
	if ($3 != alone || $4 != pairs) print
} END { print lines + 0, "segments" }' <<<"$OUT" | tail -n 3)"

# 40 loads from a header that may not be there. TTL and hop limit are 64, the version is 4 or 6.
{
	printf 'this int64_t sum, fours, sixes;\nip:::receive\n/%s/\n{\n' "$ours"
	each 1 20 '	this->ttl# = args[4] != NULL ? args[4]->ipv4_ttl + # : args[5]->ipv6_hlim - #;'
	each 1 20 '	this->length# = args[4] != NULL ? args[4]->ipv4_length - # : args[5] != NULL ? args[5]->ipv6_plen : -1;'
	each 1 20 '	this->sum += this->ttl#;
	if (this->ttl# == 64 + # && this->length# == args[2]->ip_plength + args[4]->ipv4_ihl - #) this->fours++;
	if (this->ttl# == 64 - # && this->length# == args[2]->ip_plength) this->sixes++;'
	printf '	printf("loads %%d %%d %%d %%d\\n", args[2]->ip_ver, this->sum, this->fours, this->sixes);\n}\n'
} >"$T/loads.d"
# 20 * 64 +- (1 + ... + 20)
trace loads && is "loads: 40 kept and tested" $'loads 4 1490 20 0\nloads 6 1070 0 20' "$(grep '^loads' <<<"$OUT" | sort -u)"
