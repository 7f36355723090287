#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# run.sh floors|unit|lang|live...: runs the tests and prints a line for each; the very
# last line is "N passed, N failed". Exit status 1 when one failed.
#
#   floors                 src/ keeps the floors of docs/ARCHITECTURE.md (tools/floors)
#   tests/unit/test_*.c    cmocka programs, built to $BUILD/tests/unit; each of their tests counts
#   tests/unit/*.sh        of the tools in shell: like live/*.sh, but no root
#   tests/lang/tst.X.d     run by dtrace on the machine (engine=machine; the build that checks its
#                          code between passes, where it was made), and as root in the kernel
#                          too; standard output is tst.X.out, exit status 0 (tst.X.args: the
#                          script's arguments, or options; tst.X.status: another status), and
#                          both say the same on standard error; repeat.d, reads.d: what large
#                          ones include
#   tests/lang/err.TAG.X.d must not compile: status 1, and the tag TAG
#   tests/live/test_*.c    like unit, but on the running kernel
#   tests/live/*.sh        print "ok - WHAT" and "not ok - WHAT", each counts; "# SKIP why" skips
#
# LONG=1: some go on for minutes. What needs the kernel is left out without root, which one line at the
# end says; as root, on a kernel with BPF, a skip is a failure. Some tests run at the same time (jobs.sh); one in tests/live
# with a line "# Alone: WHY" runs while no other does, after them. No test may outlast its time; those that take long are
# named meanwhile.
set -u
cd "$(dirname "$0")/.." || exit 2
BUILD=${BUILD:-$PWD/build}
DTRACE=${DTRACE:-$BUILD/dtrace}
TRAFFIC=${TRAFFIC:-$BUILD/tests/traffic}
LIVE_BIN=${LIVE_BIN:-$BUILD/tests}
export BUILD DTRACE TRAFFIC LIVE_BIN
export LC_ALL=C

# shellcheck source=jobs.sh
. tests/jobs.sh
passed=0 failed=0 skipped=0 left_lang=0 left_live=0
is_root=false
[ "$(id -u)" = 0 ] && is_root=true
strict=false
$is_root && [ -e /sys/kernel/btf/vmlinux ] && strict=true

# pass NAME [COUNT]
pass()
{
	printf 'PASS %s\n' "$1"
	passed=$((passed + ${2:-1}))
}

# fail NAME WHY [FILE...]: the files are shown
fail()
{
	printf 'FAIL %s: %s\n' "$1" "$2"
	failed=$((failed + 1))
	shift 2
	for f in "$@"; do
		tail -n 60 "$f" | cut -c 1-300 | sed 's/^/    /'
	done
}

# skip NAME WHY
skip()
{
	if $strict; then
		fail "$1" "skipped, although root on a kernel with BPF: $2"
	else
		printf 'SKIP %s: %s\n' "$1" "$2"
		skipped=$((skipped + 1))
	fi
}

# bounded SECONDS COMMAND...: output and errors to $tmp/out, $tmp/err; sets status, and child for jobs.sh
bounded()
{
	seconds=$1
	shift
	status=0
	timeout -k 5 "$seconds" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null 3>&- &
	child=$!
	wait "$child" || status=$?
}

# describe STATUS SECONDS: words for it
describe()
{
	case $1 in
	124 | 137) echo "not done after $2 s" ;;
	*) echo "exit status $1" ;;
	esac
}

# cmocka_test NAME PROGRAM SECONDS: each of its tests counts
cmocka_test()
{
	bounded "$3" "$2"
	cat "$tmp/out" >>"$tmp/err"
	good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$tmp/err" | awk '{ n += $1 } END { print n + 0 }')
	bad=$(sed -n 's/^\[  FAILED  \].* \([0-9]*\) test.*/\1/p' "$tmp/err" | awk '{ n += $1 } END { print n + 0 }')
	skips=$(sed -n 's/^\[  SKIPPED \].* \([0-9]*\) test.*/\1/p' "$tmp/err" | awk '{ n += $1 } END { print n + 0 }')
	if [ "$status" = 0 ] && [ "$good" -gt 0 ]; then
		pass "$1 ($good tests)" "$good"
	elif [ "$status" = 0 ] && [ "$skips" = 0 ]; then
		fail "$1" "it ran no tests" "$tmp/err"
	elif [ "$status" != 0 ]; then
		passed=$((passed + good))
		[ "$bad" -gt 1 ] && failed=$((failed + bad - 1))
		fail "$1" "$(describe "$status" "$3")" "$tmp/err"
	fi
	[ "$skips" = 0 ] || skip "$1 ($skips tests)" "$(grep -m 1 -i 'root\|skip' "$tmp/err")"
}

# script_test NAME SCRIPT SECONDS: it says what it found line by line
script_test()
{
	bounded "$3" bash "$2"
	good=$(grep -c '^ok ' "$tmp/out")
	bad=$(grep -c '^not ok ' "$tmp/out")
	why=$(sed -n 's/^ok .*# SKIP *//p' "$tmp/out" | head -n 1)
	if [ -n "$why" ]; then
		skip "$1" "$why"
	elif [ "$status" = 0 ] && [ "$bad" = 0 ] && [ "$good" -gt 0 ]; then
		pass "$1 ($good tests)" "$good"
	elif [ "$status" = 0 ] && [ "$bad" = 0 ]; then
		fail "$1" "it tested nothing" "$tmp/out" "$tmp/err"
	else
		passed=$((passed + good))
		[ "$bad" -gt 1 ] && failed=$((failed + bad - 1))
		fail "$1" "$(describe "$status" "$3")" "$tmp/out" "$tmp/err"
	fi
}

floors()
{
	bounded 60 sh tools/floors
	if [ "$status" = 0 ]; then
		pass floors
	else
		fail floors "files include what they may not" "$tmp/out" "$tmp/err"
	fi
}

run_floors() { job floors floors; }

run_unit()
{
	for source in tests/unit/test_*.c; do
		[ -e "$source" ] || continue
		name=$(basename "$source" .c)
		job "unit/$name" cmocka_test "unit/$name" "$BUILD/tests/unit/$name" 120
	done
	for script in tests/unit/*.sh; do
		[ -e "$script" ] || continue
		name=$(basename "$script" .sh)
		job "unit/$name" script_test "unit/$name" "$script" 120
	done
}

# A script that must compile and print exactly this, run by an engine; it failed: 1.
lang_run()
{
	base=${2%.d}
	name="lang/$(basename "$base") ($1)"
	args=
	want=0
	[ -e "$base.args" ] && args=$(cat "$base.args")
	[ -e "$base.status" ] && want=$(cat "$base.status")
	if [ ! -e "$base.out" ]; then
		fail "$name" "there is no $base.out"
		return 1
	fi
	command=$DTRACE
	[ "$1" = machine ] && [ -x "$BUILD/checked/dtrace" ] && command=$BUILD/checked/dtrace
	eval "bounded 300 \"\$command\" -x engine=$1 -s \"\$2\" $args"
	# addresses of memory differ
	sed 's/0x[0-9a-f]\{9,\}/0x.../g' "$tmp/err" >"$tmp/err.$1"
	if [ "$status" != "$want" ]; then
		fail "$name" "$(describe "$status" 300), wanted $want" "$tmp/err" "$tmp/out"
	elif ! diff -u "$base.out" "$tmp/out" >"$tmp/diff"; then
		fail "$name" "other output than wanted" "$tmp/diff" "$tmp/err"
	else
		return 0
	fi
	return 1
}

lang_good()
{
	lang_run machine "$1" || return
	pass "$name"
	if ! $is_root; then
		:
	elif ! lang_run kernel "$1"; then
		:
	elif ! diff -u "$tmp/err.kernel" "$tmp/err.machine" >"$tmp/diff"; then
		fail "$name" "the machine says something else" "$tmp/diff"
	else
		pass "$name"
	fi
}

# A script that must be refused, with the tag in its name.
lang_bad()
{
	name=lang/$(basename "$1" .d)
	tag=$(basename "$1" | cut -d. -f2)
	args=
	[ -e "${1%.d}.args" ] && args=$(cat "${1%.d}.args")
	eval "bounded 60 \"\$DTRACE\" -e -x errtags -s \"\$1\" $args"
	if [ "$status" != 1 ]; then
		fail "$name" "$(describe "$status" 60), wanted 1" "$tmp/err" "$tmp/out"
	elif ! grep -qwF "$tag" "$tmp/err"; then
		fail "$name" "the message has not the tag $tag" "$tmp/err"
	else
		pass "$name"
	fi
}

run_lang()
{
	for script in tests/lang/err.*.d; do
		[ -e "$script" ] && job "lang/$(basename "$script" .d)" lang_bad "$script"
	done
	for script in tests/lang/tst.*.d; do
		[ -e "$script" ] || continue
		job "lang/$(basename "$script" .d)" lang_good "$script"
		$is_root || left_lang=$((left_lang + 1))
	done
}

run_live()
{
	alone=
	for source in tests/live/test_*.c; do
		[ -e "$source" ] || continue
		name=$(basename "$source" .c)
		if $is_root; then
			job "live/$name" cmocka_test "live/$name" "$BUILD/tests/$name" 300
		else
			left_live=$((left_live + 1))
		fi
	done
	for script in tests/live/*.sh; do
		name=live/$(basename "$script" .sh)
		case $name in
		"live/*" | live/lib | live/procs | live/run) continue ;; # none at all; not tests
		esac
		if ! $is_root; then
			left_live=$((left_live + 1))
		elif grep -q '^# Alone: ' "$script"; then
			alone="$alone $script"
		else
			job "$name" script_test "$name" "$script" 600
		fi
	done
	for script in $alone; do
		name=live/$(basename "$script" .sh)
		jobs_wait
		job "$name" script_test "$name" "$script" 600
	done
	jobs_wait
}

[ $# -gt 0 ] || set -- floors unit lang live
trap 'jobs_off' EXIT
trap 'exit 130' INT TERM HUP PIPE
jobs_on
for part in "$@"; do
	case $part in
	floors | unit | lang | live) "run_$part" ;;
	*)
		echo "usage: run.sh [floors|unit|lang|live]..." >&2
		exit 2
		;;
	esac
done
jobs_wait
echo "The slowest: $(jobs_slowest 10)"
[ "$skipped" = 0 ] || echo "$skipped skipped"
[ "$left_lang$left_live" = 00 ] ||
	echo "Left out without root: $left_lang language tests in the kernel, $left_live live tests (sudo ./check runs them)."
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
