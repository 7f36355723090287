#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# this-> variables that the first of 1,000 clauses sets are what the last one reads: integers, addresses, names,
# constants, for each kind of hook.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up

# script PROBE ADDRESS: from lines "NAME FORMAT EXPRESSION": the first clause keeps each, the last prints the variable
# and the expression, for packets and connections of ours, which the string ADDRESS tells
script()
{
	local name format value sets='' formats='' values='' ours
	while read -r name format value; do
		sets+=" this->$name = $value;"
		formats+=" $format $format"
		values+=", this->$name, $value"
	done
	ours=$(ours "$2")
	printf 'this string unset;\nthis int64_t sum, left;\n'
	printf '%s { this->fresh = this->left == 0; this->left = 1; this->when = timestamp;%s }\n' "$1" "$sets"
	printf '%s /%s/ { @first = count(); }\n' "$1" "$ours"
	each 1 250 "$1 { this->sum += #; @fill[$2, #] = count(); }
$1 /this->sum < #/ { printf(\"never %d %s %d\n\", #, $2, this->sum); }
$1 { seen[$2, #] = this->sum; }
$1 /$2 == \"192.0.2.#\" || this->when != timestamp/ { never = #; }"
	printf '%s /%s/ { @last = count(); printf("last %%d 1 %%d 31375 %%d %%d [] [%%s]%s\\n", this->fresh, this->sum,
	    this->when, timestamp, this->unset%s); }\n' "$1" "$ours" "$formats" "$values"
	printf 'END { printa("counts %%@d %%@d\\n", @first, @last); trunc(@first); trunc(@last); trunc(@fill); }\n'
}

script ip:::send 'args[2]->ip_saddr' >"$T/send.d" <<'END'
bytes %d args[2]->ip_plength
saddr %s args[2]->ip_saddr
daddr %s args[2]->ip_daddr
constant %s args[2]->ip_ver == 6 ? "six" : "four"
mixed %s args[2]->ip_ver == 6 ? args[2]->ip_daddr : "other"
device %s args[3]->if_name
protocol %s args[4]->ipv4_protostr
ttl %d args[4] != NULL ? args[4]->ipv4_ttl : args[5]->ipv6_hlim
END
script tcp:::receive 'args[2]->ip_saddr' >"$T/receive.d" <<'END'
bytes %d args[2]->ip_plength
saddr %s args[2]->ip_saddr
daddr %s args[2]->ip_daddr
constant %s args[2]->ip_ver == 6 ? "six" : "four"
port %d args[4]->tcp_sport
flags %d args[4]->tcp_flags
cid %d args[1]->cs_cid
next %u args[3]->tcps_rnxt
state %s tcp_state_string[args[3]->tcps_state]
algorithm %s args[3]->tcps_congestion
END
script tcp:::state-change 'args[3]->tcps_raddr' >"$T/state-change.d" <<'END'
state %d args[3]->tcps_state
was %d args[5]->tcps_state
raddr %s args[3]->tcps_raddr
laddr %s args[3]->tcps_laddr
name %s tcp_state_string[args[3]->tcps_state]
cid %d args[1]->cs_cid
port %d args[3]->tcps_rport
END

for probe in send receive state-change; do
	loads "$probe" || continue
	conversation tcp "$B4" c100,s200,c1 -- --close shutdown
	conversation tcp "$B6" c100,s200,c1 -- --close shutdown
	dtrace_stop "$probe"
	lines=$(grep '^last ' <<<"$OUT")
	holds "this, $probe: it fires" "$OUT" "$(wc -l <<<"$lines")" -ge 16
	is "this, $probe: as often for the last clause as for the first" "counts $(wc -l <<<"$lines") $(wc -l <<<"$lines")" \
		"$(grep '^counts' <<<"$OUT")"
	# each word and the one behind it are the variable and what it was set to
	is "this, $probe: what the first clause kept" "" \
		"$(awk '{ for (i = 2; i < NF; i += 2) if ($i != $(i + 1)) { print; next } }' <<<"$lines" | head -n 3)"
done
# $lines are those of state-change: a connection was in the state that its line before told
is "this, state-change: the state before is that of the line before" "" "$(awk '
	$10 == $12 || ($20 in state && state[$20] != $12) { print }
	{ state[$20] = $10 }' <<<"$lines" | head -n 3)"
