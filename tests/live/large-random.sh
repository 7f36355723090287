#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# Random scripts, the same in each run: those for BEGIN print what a model of D computes; in those for packets the
# first and the last clause of each probe agree. LONG=1: many more.
. "$(dirname "$0")/lib.sh"
[ -n "${LONG:-}" ] && models=40 scripts=10 clauses=1000

# Small ones first: they tell wrong code from code that does not fit.
for size in 5:20 60:6 300:${models:-3} ${clauses:+$clauses:10}; do
	wrong='' n=0
	while [ "$n" -lt "${size#*:}" ]; do
		n=$((n + 1))
		"$bin/randscript" model $n "${size%:*}" "$T/want" >"$T/model.d" || die "randscript failed"
		dtrace_run 200 -qs "$T/model.d"
		if [ "$STATUS" -ne 0 ]; then
			wrong+="script $n: status $STATUS: $(head -n 1 <<<"$ERR" | cut -c 1-150)"$'\n'
		elif ! diff <(sort "$T/want") <(grep . <<<"$OUT" | sort) >"$T/diff"; then
			wrong+="script $n: $(sed -n 2,5p "$T/diff")"$'\n'
		fi
	done
	is "random: $n scripts of ${size%:*} clauses print what they should" "" "$(head -n 8 <<<"$wrong")"
done

net_up
for script in 1:3 2:3 $(each 1 "${scripts:-3}" "#:${clauses:-300}"); do
	n=${script%:*} size=${script#*:}
	"$bin/randscript" packets "$n" "$size" "$A4" "$A6" "$B4" "$B6" >"$T/packets.d" || die "randscript failed"
	name="random: script $n of $size clauses for packets"
	loads packets || continue
	for pair in "$A4 $B4" "$A6 $B6"; do
		conversation tcp "${pair#* }" c100,s200,c1000,s1 -- --close shutdown
		conversation udp "${pair#* }" c1,s0,c1000,s7
	done
	dtrace_stop packets
	for probe in tcp:::send tcp:::receive udp:::send udp:::receive ip:::send ip:::receive; do
		# TIMESTAMP KEPT SADDR DADDR SUM...
		sed -n "s/^$probe first //p" <<<"$OUT" | sort >"$T/first"
		sed -n "s/^$probe last //p" <<<"$OUT" | sort >"$T/last"
		holds "$name: $probe fires" "$(wc -l <"$T/first") times" "$(wc -l <"$T/first")" -ge 8
		is "$name: $probe: the last clause has the first one's time" "" \
			"$(diff <(cut -d' ' -f1 "$T/first") <(cut -d' ' -f1 "$T/last") | head -n 4)"
		is "$name: $probe: the last clause prints what the first does" "" \
			"$(diff <(cut -d' ' -f2- "$T/first" | sort) <(cut -d' ' -f2- "$T/last" | sort) | head -n 4)"
		is "$name: $probe: the last clause has what the first one kept" "" "$(awk '$2 != $5' "$T/last" | head -n 3)"
	done
done
