#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# fuzz.sh PROGRAMS [SEED]: random D programs (randd.c), until at least so many have run.
#
#   both	on the machine and in the kernel: output, messages and exit status must be equal
#   c		integers alone, on the machine and compiled by gcc: output must be equal
#   fields	over the fields of network probes: the kernel must take what is compiled
#
# Prints "ok - WHAT" or "not ok - WHAT" for each of these, as live tests do. A script that fails
# is named with the command that writes it again, and kept in $KEEP if that is set. Without root,
# or with KERNEL=no, the kernel is left out; c needs gcc.
#
# DTRACE runs in the kernel; on the machine CHECKED, which also checks the IR between passes.
set -u
cd "$(dirname "$0")/../.." || exit 2
want=${1:-1000} seed=${2:-$(($(date +%s) * 1000 + $$ % 1000))}
BUILD=${BUILD:-$PWD/build} DTRACE=${DTRACE:-$BUILD/dtrace}
CHECKED=${CHECKED:-$BUILD/checked/dtrace}
[ -x "$CHECKED" ] || CHECKED=$DTRACE
randd=${RANDD:-${LIVE_BIN:-$BUILD/tests}/randd}
KEEP=${KEEP:-}
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-fuzz.XXXXXX") || exit 2
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT TERM HUP PIPE
kernel=false
[ "$(id -u)" = 0 ] && [ "${KERNEL:-yes}" = yes ] && kernel=true

# run NAME PROGRAM ARGUMENT...: output to NAME.out, errors and status to NAME.err
run()
{
	local name=$1 status=0

	shift
	timeout -k 5 120 "$@" >"$T/$name.out" 2>"$T/$name.err" </dev/null || status=$?
	# addresses of memory differ
	sed -i 's/0x[0-9a-f]\{9,\}/0x.../g' "$T/$name.err"
	echo "status $status" >>"$T/$name.err"
	return "$status"
}

# Each says on standard output what is wrong, if anything.
try_both()
{
	"$randd" both "$@" >"$T/both.d" || exit 2
	run machine "$CHECKED" -x engine=machine -s "$T/both.d" || head -n 3 "$T/machine.err"
	$kernel || return
	run kernel "$DTRACE" -s "$T/both.d"
	diff "$T/machine.out" "$T/kernel.out" | head -n 3
	diff "$T/machine.err" "$T/kernel.err" | head -n 3
}

try_c()
{
	"$randd" c "$1" "$T/c.d" "$T/c.c" || exit 2
	run machine "$CHECKED" -x engine=machine -s "$T/c.d" || head -n 3 "$T/machine.err"
	gcc -O0 -w -fwrapv -o "$T/c" "$T/c.c" && run c "$T/c"
	diff <(grep . "$T/machine.out") "$T/c.out" | head -n 3
}

try_fields()
{
	"$randd" fields "$1" >"$T/fields.d" || exit 2
	run kernel "$DTRACE" -s "$T/fields.d" || head -n 5 "$T/kernel.err"
}

# Which programs of a script it is: the first that fails alone.
narrow()
{
	local one

	for ((one = 0; one < $2; one++)); do
		[ -z "$(try_both "$1" "$one")" ] || { echo " $one" && return; }
	done
}

# round KIND SEED
round()
{
	local wrong one=''

	wrong=$("try_$1" "$2")
	count=$(sed -n '1s/^\/\* \([0-9]*\) programs.*/\1/p' "$T/$1.d")
	ran[$1]=$((${ran[$1]} + count))
	[ -z "$wrong" ] && return
	[ -n "$KEEP" ] && cp "$T/$1.d" "$KEEP/$1.$2.d"
	[ "$1" != both ] || one=$(narrow "$2" "$count")
	failed[$1]+="  randd $1 $2$one"$'\n'"$(sed 's/^/    /' <<<"$wrong")"$'\n'
}

declare -A ran=([both]=0 [c]=0 [fields]=0) failed=([both]='' [c]='' [fields]='')
kinds=(both both both both both)
command -v gcc >/dev/null && kinds+=(c)
$kernel && kinds+=(fields)
echo "# seed $seed"
for ((n = 0; ran[both] + ran[c] + ran[fields] < want; n++)); do
	round "${kinds[n % ${#kinds[@]}]}" $((seed + n))
done

status=0
tell()
{
	local not=''

	[ "${ran[$1]}" = 0 ] && return
	[ -z "${failed[$1]}" ] || not='not ' status=1
	echo "${not}ok - ${ran[$1]} random programs $2"
	printf '%s' "${failed[$1]}"
}
if $kernel; then
	tell both "do the same on the machine and in the kernel"
	tell fields "over fields of network probes are taken by the kernel"
else
	tell both "run on the machine"
fi
tell c "of integers give what gcc's give"
exit $status
