# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034
# What tests in shell say, a line for each thing they looked at: tests/run.sh counts these lines.
# A test sources this, and its exit status is whether $failures is 0.
failures=0

ok() { printf 'ok - %s\n' "$1"; }

# not_ok NAME [DETAIL...]
not_ok()
{
	printf 'not ok - %s\n' "$1"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/#   /'
	failures=$((failures + 1))
}

# is NAME EXPECTED FOUND: the texts are equal; of long ones the differences are shown
is()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	elif [ "$(wc -l <<<"$2$3")" -gt 12 ]; then
		not_ok "$1" "- expected, + found:" "$(diff -U2 <(cat <<<"$2") <(cat <<<"$3") | tail -n +3)"
	else
		not_ok "$1" "expected:" "$2" "found:" "$3"
	fi
}

# matches NAME REGEX FOUND: an extended regular expression matches a line of the text
matches()
{
	if printf '%s\n' "$3" | grep -qE -- "$2"; then
		ok "$1"
	else
		not_ok "$1" "expected a line matching: $2" "found:" "$3"
	fi
}

# holds NAME DETAIL CONDITION...: a test(1) condition holds
holds()
{
	local name=$1 detail=$2
	shift 2
	if [ "$@" ]; then ok "$name"; else not_ok "$name" "$detail" "expected: $*"; fi
}
