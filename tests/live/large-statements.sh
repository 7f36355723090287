#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# One clause of 500 statements, and one whose if and else are hundreds of statements long, for packets.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
ours=$(ours 'args[2]->ip_saddr')

# trace NAME: the script over two conversations; $SEGMENTS of version 4 and $SEGMENTS6 of version 6 came in
trace()
{
	local a b
	loads "$1" || return
	a=$(counter "$NA" TcpInSegs) b=$(counter "$NB" TcpInSegs)
	conversation tcp "$B4" c100,s200,c1000,s1 -- --close shutdown
	SEGMENTS=$(($(counter "$NA" TcpInSegs) - a + $(counter "$NB" TcpInSegs) - b))
	a=$(counter "$NA" TcpInSegs) b=$(counter "$NB" TcpInSegs)
	conversation tcp "$B6" c1,s20,c30 --close shutdown
	SEGMENTS6=$(($(counter "$NA" TcpInSegs) - a + $(counter "$NB" TcpInSegs) - b))
	dtrace_stop "$1"
}

# Without "quiet" what a clause prints comes under one line of its probe, however many programs the clause is in.
{
	echo 'BEGIN {'
	each 1 400 '	printf("%d\n", #); @a#[execname] = count();'
	echo '	exit(0); }'
} >"$T/joins.d"
dtrace_run 20 -s "$T/joins.d"
is "joins: status 0, one line of the probe, and each number behind it" "0 1 $(each 1 400 '#' | paste -sd ' ')" \
	"$STATUS $(grep -c ':BEGIN' <<<"$OUT") $(sed 's/.*:BEGIN *//' <<<"$OUT" | grep -x '[0-9]*' | grep . | paste -sd ' ')"

# Five kinds of statements, a hundred of each; the last tell what became of the others.
{
	printf 'this int64_t sum, taken;\nthis string text;\ntcp:::receive\n/%s/\n{\n' "$ours"
	each 1 100 '	@counts[args[2]->ip_saddr, #] = count();
	this->sum += args[2]->ip_plength * #;
	if (args[2]->ip_ver == 6 && args[2]->ip_plength > #) { this->taken += #; @longer[#] = count(); }
	else { this->text = args[2]->ip_daddr; }
	at[args[4]->tcp_seq, args[2]->ip_saddr, #] = this->sum;
	this->kept# = args[4]->tcp_flags & TH_ACK ? args[4]->tcp_ack + # : #;'
	# 1 + ... + 100 = 5050
	echo '	printf("sum %d %d %d\n", this->sum, args[2]->ip_plength * 5050, at[args[4]->tcp_seq, args[2]->ip_saddr, 100]);
	printf("kept %u 99\n", this->kept100 - this->kept1);
	printf("taken %d %d %d\n", args[2]->ip_ver, args[2]->ip_plength, this->taken);
	printf("text %s %s\n", args[2]->ip_ver == 4 ? this->text : "six", args[2]->ip_ver == 4 ? args[2]->ip_daddr : "six");
	@all = count();
}
END { printa("counts %s %d %@d\n", @counts); printa("longer %d %@d\n", @longer); printa("all %@d\n", @all);
    trunc(@counts); trunc(@longer); trunc(@all); }'
} >"$T/statements.d"
if trace statements; then
	all=$((SEGMENTS + SEGMENTS6))
	is "statements: each firing prints each line" "$all $all $all $all" \
		"$(for word in sum kept taken text; do grep -c "^$word " <<<"$OUT"; done | paste -sd ' ')"
	is "statements: the last sum, and what the array keeps of it" "" \
		"$(awk '$1 == "sum" && ($2 != $3 || $2 != $4)' <<<"$OUT" | head -n 3)"
	is "statements: the first and last this-> variable" "" "$(awk '$1 == "kept" && $2 != $3' <<<"$OUT" | head -n 3)"
	is "statements: the string" "" "$(awk '$1 == "text" && $2 != $3' <<<"$OUT" | head -n 3)"
	is "statements: the sum over the arms that were taken" "" "$(awk '$1 == "taken" {
		n = $2 == 4 ? 0 : $3 > 100 ? 100 : $3 - 1
		if ($4 != n * (n + 1) / 2) print
	}' <<<"$OUT" | head -n 3)"
	is "statements: the arms that were taken" "$(awk '$1 == "taken" && $2 == 6 { for (i = 1; i < $3 && i <= 100; i++) n[i]++ }
		END { for (i = 1; i in n; i++) print "longer", i, n[i] }' <<<"$OUT")" "$(grep '^longer' <<<"$OUT" | sort -k2n)"
	is "statements: the counts" "$(each 1 100 "# $all")" "$(awk '$1 == "counts" { n[$3] += $4 }
		END { for (i in n) print i, n[i] }' <<<"$OUT" | sort -n)"
	is "statements: the last one" "all $all" "$(grep '^all' <<<"$OUT")"
fi

# Arms of 300 statements, nested: run as a whole or not at all.
{
	printf 'tcp:::receive\n/%s/\n{\n\tthis->four = this->six = this->syn = this->data = this->none = 0;\n' "$ours"
	echo '	if (args[2]->ip_ver == 4) {'
	each 1 300 '		this->four++; @four[args[2]->ip_daddr, #] = count();'
	echo '	} else {'
	each 1 300 '		this->six++; @six[args[2]->ip_daddr, #] = count();'
	echo '		if (args[4]->tcp_flags & TH_SYN) {'
	each 1 300 '			this->syn += #; last[args[4]->tcp_sport] = this->syn;'
	echo '		} else if (args[2]->ip_plength > args[4]->tcp_offset) {'
	each 1 300 '			this->data += #; last[args[4]->tcp_sport] = this->data;'
	echo '		} else {'
	each 1 300 '			this->none += #; last[args[4]->tcp_sport] = this->none;'
	echo '		}'
	each 301 600 '		this->six++; @six[args[2]->ip_daddr, #] = count();'
	printf '\t}\n\tprintf("%%d %%d %%d: %%d %%d %%d %%d %%d\\n", args[2]->ip_ver, args[4]->tcp_flags & TH_SYN,
	    args[2]->ip_plength - args[4]->tcp_offset, this->four, this->six, this->syn, this->data, this->none);\n}\n'
	echo 'END { printa("four %s %d %@d\n", @four); printa("six %s %d %@d\n", @six); trunc(@four); trunc(@six); }'
} >"$T/arms.d"
if trace arms; then
	# 1 + ... + 300 = 45150
	is "arms: each as a whole or not at all" "$((SEGMENTS + SEGMENTS6)) segments" "$(awk '/: / {
		n++
		want = $1 == 4 ? "300 0 0 0 0" : $2 ? "0 600 45150 0 0" : $3 + 0 > 0 ? "0 600 0 45150 0" : "0 600 0 0 45150"
		if ($4 " " $5 " " $6 " " $7 " " $8 != want) print
	} END { print n + 0, "segments" }' <<<"$OUT" | tail -n 4)"
	is "arms: the counts" "$(each 1 300 "four # $SEGMENTS"; each 1 600 "six # $SEGMENTS6")" \
		"$(awk '/^(four|six) / { n[$1 " " $3] += $4 } END { for (k in n) print k, n[k] }' <<<"$OUT" | sort -k1,1 -k2,2n)"
fi
