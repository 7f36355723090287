#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# profile-N with hundreds of clauses is one timer on each CPU: all clauses see one firing. A loop keeps the last CPU
# busy: an idle virtual one may get no clock events.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"

last=$(($(grep -c "^processor" /proc/cpuinfo) - 1))
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

# script SET CPU TIME: what the first clause keeps, and what the others print
script()
{
	printf 'profile-97 { @first[cpu] = count(); printf("first %%d %%d\\n", cpu, timestamp); %s }\n' "$1"
	profile_filler 1 70
	printf 'profile-97 { @middle[cpu] = count(); printf("middle %%d %%d\\n", %s, %s); }\n' "$2" "$3"
	profile_filler 71 140
	printf 'profile-97 { @last[cpu] = count(); printf("last %%d %%d\\n", %s, %s); }\n' "$2" "$3"
	echo 'END { printa("count first %d %@d\n", @first); printa("count middle %d %@d\n", @middle);
    printa("count last %d %@d\n", @last); trunc(@first); trunc(@middle); trunc(@last); trunc(@fill); }'
}
script '' cpu timestamp >"$T/plain.d"
script 'this->cpu = cpu; this->when = timestamp;' "this->cpu" "this->when" >"$T/this.d"

# of NAME: "CPU TIMESTAMP" of its lines
of() { sed -n "s/^$1 //p" <<<"$OUT" | sort; }
counts() { sed -n "s/^count $1 //p" <<<"$OUT" | sort; }

for kind in plain this; do
	name="profile: 700 clauses"
	[ $kind = plain ] || name+=" and this-> variables"
	loads $kind || continue
	sleep 1
	timers=$(readlink "/proc/$TRACER/fd"/* | grep -c perf_event)
	dtrace_stop $kind
	holds "$name: one timer for each CPU" "$timers timers" "$timers" -le $((last + 1))
	holds "$name: fires on the busy CPU" "$(counts first)" "$(of first | awk -v cpu="$last" '$1 == cpu' | wc -l)" -ge 30
	is "$name: the middle clause sees the first one's timestamps" "" "$(diff <(of first) <(of middle) | head -n 4)"
	is "$name: the last one too" "" "$(diff <(of first) <(of last) | head -n 4)"
	is "$name: counts of the middle clause" "$(counts first)" "$(counts middle)"
	is "$name: counts of the last clause" "$(counts first)" "$(counts last)"
done
