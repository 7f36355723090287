# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh disable=SC2034
# Tests at the same time, for run.sh: a few of them in the background, each in its own directory; what each said is
# shown whole, in the order in which they were begun.
#
#   job NAME COMMAND...  begins it as soon as one of $JOBS places is free (twice as many as there are CPUs, if not
#                        told: tests wait more than they compute). It is a function of run.sh's, in a subshell whose
#                        $tmp is its own, and whose $passed, $failed and $skipped begin at 0 and are added to ours
#   jobs_wait            all of them have ended: what is begun next is alone
#   jobs_on, jobs_off    before the first, after the last; off ends what is under way, with its processes
#
# While nothing is shown, a line names those that are under way, every few seconds.
JOBS=${JOBS:-$((2 * $(nproc || echo 1)))}
jobs_begun=0 jobs_ended=0 jobs_shown=0 jobs_waiter=''

jobs_on()
{
	jobs_dir=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-check.XXXXXX") || exit 2
	mkdir "$jobs_dir/now"
	mkfifo "$jobs_dir/ended"
	exec 3<>"$jobs_dir/ended"
	job_names &
	jobs_waiter=$!
}

jobs_off()
{
	for job_now in "$jobs_dir"/now/*; do
		[ -e "$job_now" ] && kill "$(cat "$jobs_dir/$(basename "$job_now")/pid")" 2>/dev/null
	done
	kill "$jobs_waiter" 2>/dev/null
	wait
	rm -rf "$jobs_dir"
}

job()
{
	[ $((jobs_begun - jobs_ended)) -lt "$JOBS" ] || job_ends
	jobs_begun=$((jobs_begun + 1))
	mkdir "$jobs_dir/$jobs_begun"
	job_run "$jobs_begun" "$@" >"$jobs_dir/$jobs_begun/said" 2>&1 &
	echo $! >"$jobs_dir/$jobs_begun/pid"
}

# In the background. Whatever happens to it, its end is told.
job_run()
{
	n=$1 name=$2
	shift 2
	tmp=$jobs_dir/$n child='' passed=0 failed=0 skipped=0 job_began=$(date +%s%3N)
	trap 'job_over' EXIT
	trap 'job_stop' TERM
	echo "$name" >"$jobs_dir/now/$n"
	"$@"
}

job_over()
{
	echo "$passed $failed $skipped $(($(date +%s%3N) - job_began)) $name" >"$tmp/came"
	rm -f "$jobs_dir/now/$n"
	echo "$n" >&3
}

job_stop()
{
	[ -z "$child" ] || kill "$child" 2>/dev/null
	wait
	exit 130
}

# One of them has ended; shown is what may be shown now.
job_ends()
{
	read -r job_ended <&3
	jobs_ended=$((jobs_ended + 1))
	: >"$jobs_dir/$job_ended/ended"
	while [ -e "$jobs_dir/$((jobs_shown + 1))/ended" ]; do
		jobs_shown=$((jobs_shown + 1))
		job_show "$jobs_dir/$jobs_shown"
	done
}

job_show()
{
	cat "$1/said"
	read -r job_passed job_failed job_skipped job_took <"$1/came"
	passed=$((passed + job_passed)) failed=$((failed + job_failed)) skipped=$((skipped + job_skipped))
	echo "$job_took" >>"$jobs_dir/times"
	rm -rf "$1"
	echo "$jobs_shown" >"$jobs_dir/shown"
}

jobs_wait()
{
	while [ "$jobs_ended" -lt "$jobs_begun" ]; do
		job_ends
	done
}

# jobs_slowest N: their names, with how long they took
jobs_slowest()
{
	sort -rn "$jobs_dir/times" 2>/dev/null | awk -v most="$1" '
		NR > most { exit }
		{ printf "%s%s %.1f s", (NR > 1 ? ", " : ""), $2, $1 / 1000 }
		END { print "" }'
}

# In the background, until jobs_off.
job_names()
{
	nap='' before='' shown=''
	trap 'kill "$nap" 2>/dev/null; exit' TERM
	while kill -0 $$ 2>/dev/null; do
		sleep 4 >/dev/null 2>&1 &
		nap=$!
		wait "$nap"
		now=$(cat "$jobs_dir"/now/* 2>/dev/null)
		if [ "$(cat "$jobs_dir/shown" 2>/dev/null)" = "$shown" ]; then
			names=$(printf '%s\n' "$before" "$now" | sort | uniq -d | paste -sd ' ')
			[ -z "$names" ] || echo "  ... $names"
		fi
		before=$now shown=$(cat "$jobs_dir/shown" 2>/dev/null)
	done
}
