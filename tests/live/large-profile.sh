#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# profile-N with hundreds of clauses is one timer on each CPU: all clauses see one firing. A loop keeps the last CPU
# busy: an idle virtual one may get no clock events.
# shellcheck disable=SC2016 # D, not shell
. "$(dirname "$0")/lib.sh"

last=$(($(getconf _NPROCESSORS_ONLN) - 1))
taskset -c "$last" bash -c 'while [ "$SECONDS" -lt 50 ]; do :; done' >/dev/null 2>&1 &
our_pids+=($!)

# profile_filler FROM TO: five clauses for each number. Each finds its elements there: an interrupt can make but few.
profile_filler()
{
	each "$1" "$2" 'profile-97 { @fill[cpu] = count(); }
profile-97 /pid == # + 10000000/ { printf("never %d %s\n", #, execname); }
profile-97 { fill[cpu, "text"] += #; }
profile-97 /execname == "nobody#"/ { never++; }
profile-97 { last# = timestamp; }'
}

{
	echo 'profile-97 { @first[cpu] = count(); printf("first %d %d\n", cpu, timestamp); this->cpu = cpu; }'
	profile_filler 1 70
	echo 'profile-97 { @middle[cpu] = count(); printf("middle %d %d\n", cpu, timestamp); }'
	profile_filler 71 140
	echo 'profile-97 { @last[cpu] = count(); printf("last %d %d\n", cpu, timestamp); }
END { printa("count first %d %@d\n", @first); printa("count middle %d %@d\n", @middle);
    printa("count last %d %@d\n", @last); trunc(@first); trunc(@middle); trunc(@last); trunc(@fill); }'
} >"$T/profile.d"
sed 's/ this->cpu = cpu;//' "$T/profile.d" >"$T/plain.d"

# of NAME: "CPU TIMESTAMP" of its lines
of() { sed -n "s/^$1 //p" <<<"$OUT" | sort; }
counts() { sed -n "s/^count $1 //p" <<<"$OUT" | sort; }

for kind in plain profile; do
	name="profile: 700 clauses"
	[ $kind = plain ] || name+=" and a this-> variable"
	# dtrace_start, but without its verdict: what does not load is this test's to tell
	if ! dtrace_try $kind -qs "$T/$kind.d"; then
		not_ok "$name: loads" "$ERR"
		continue
	fi
	sleep 1
	timers=$(find "/proc/$TRACER/fd" -lname '*perf_event*' | wc -l)
	dtrace_stop $kind
	holds "$name: one timer for each CPU" "$timers timers" "$timers" -le $((last + 1))
	holds "$name: fires on the busy CPU" "$(counts first)" "$(of first | awk -v cpu="$last" '$1 == cpu' | wc -l)" -ge 30
	is "$name: the middle clause sees the first one's timestamps" "" "$(diff <(of first) <(of middle) | head -n 4)"
	is "$name: the last one too" "" "$(diff <(of first) <(of last) | head -n 4)"
	is "$name: counts of the middle clause" "$(counts first)" "$(counts middle)"
	is "$name: counts of the last clause" "$(counts first)" "$(counts last)"
done
