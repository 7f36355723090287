#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What tools/deps.sh asks of apt and what it says, on machines that are made up: dpkg-query, apt-get
# and id are stand-ins.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/verdicts.sh"
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-unit.XXXXXX") || exit 1
trap 'rm -rf "$T"' EXIT
mkdir "$T/bin" "$T/tmp"
export T TMPDIR=$T/tmp FAKE_UID=0
unset CC CLANG

# stand_in NAME: a command, from standard input
stand_in() { { echo '#!/bin/sh'; cat; } >"$T/bin/$1"; chmod +x "$T/bin/$1"; }
stand_in id <<'END'
echo "$FAKE_UID"
END
stand_in dpkg-query <<'END'
for package; do :; done
grep -qx "$package" "$T/installed" && printf installed
END
stand_in apt-get <<'END'
case "$*" in
*print-uris*) printf "'http://archive.example/a.deb' a.deb %s SHA256:0\n" 3000000 4000000 ;;
*update*) cat "$T/update"; exit 0 ;;
*) echo "$*" >>"$T/asked"; cat "$T/install"; exit "$(cat "$T/status")" ;;
esac
END

# deps KIND: on a machine with the packages $INSTALLED; apt says $UPDATE, $INSTALL and ends with
# $APT. Sets OUT, ERR, STATUS, and ASKED: what apt was asked to install.
deps()
{
	tr ' ' '\n' <<<"${INSTALLED:-}" >"$T/installed"
	echo "${UPDATE:-Hit:1 bookworm}" >"$T/update"
	echo "${INSTALL:-Setting up}" >"$T/install"
	echo "${APT:-0}" >"$T/status"
	: >"$T/asked"
	OUT=$(PATH=$T/bin:$PATH sh "$top/tools/deps.sh" "$@" 2>"$T/err")
	STATUS=$?
	ERR=$(cat "$T/err")
	ASKED=$(sed 's/.*install //' "$T/asked")
}

build="make gcc clang libc6-dev libbpf-dev libelf-dev zlib1g-dev libzstd-dev"
INSTALLED="$build iproute2" deps demo
is "nothing is said and done when all is there" "0" "$OUT$ERR$ASKED$STATUS"

deps demo
is "a bare machine gets all, make too" "$build iproute2" "$ASKED"
is "each step is announced" "Reading the package lists ...
Installing 2 packages, 8 MB: $build iproute2 ..." "$(grep '\.\.\.$' <<<"$OUT")"
is "status 0" "0" "$ERR$STATUS"
INSTALLED="${build#make }" deps build
is "a machine that lacks one package gets that one" make "$ASKED"

export FAKE_UID=1000
INSTALLED="$build iproute2" deps demo
is "demo: an ordinary user is told at once" "1 Tracing needs root: run this as root, or with sudo." "$STATUS $ERR"
INSTALLED="$build libcmocka-dev python3-jsonschema" deps check
is "check: and what to install" "1 Only root can install the packages that are missing: run this as root, or first apt-get install cpp" "$STATUS $ERR"
is "and nothing is tried" "" "$OUT$ASKED"
INSTALLED="$build libcmocka-dev cpp python3-jsonschema" deps check
is "check: what only root's tests use is not asked of users" "0" "$OUT$ERR$STATUS"
export FAKE_UID=0

# reason NAME REGEX: of a failure
reason()
{
	APT=100 deps demo
	is "$1: fails" 1 "$STATUS"
	matches "$1: what apt said is shown" "^    $INSTALL" "$ERR"
	matches "$1: and what it means" "^The packages are not installed. $2" "$(tail -n 1 <<<"$ERR")"
}

UPDATE="W: Failed to fetch: Temporary failure resolving 'archive.example'" INSTALL="E: Unable to locate package make" \
	reason "no network" "Debian's archive cannot be reached"
INSTALL="E: Unable to locate package make" reason "an old release" "This release does not have"
INSTALL="E: Could not get lock /var/lib/dpkg/lock-frontend" reason "another apt" "Another program is installing"
INSTALL="cannot copy extracted data: No space left on device" reason "a full disk" "There is too little room"
INSTALL="E: Sub-process returned an error code" reason "anything else" "apt-get says above"

# A machine with nothing but these.
mkdir "$T/other"
for program in sh dirname; do ln -s "$(command -v "$program")" "$T/other/$program"; done
cp "$T/bin/id" "$T/other"
sed '/^PATH=/d' "$top/tools/deps.sh" >"$T/deps.sh" # nor what is in /usr/sbin
OUT=$(PATH=$T/other sh "$T/deps.sh" demo 2>&1)
is "not Debian: fails" 1 $?
matches "not Debian: says so, and what is missing" '^This is not Debian.* Not found: make gcc clang ip$' "$OUT"
for program in make gcc clang ip; do ln -s /bin/true "$T/other/$program"; done
OUT=$(PATH=$T/other sh "$T/deps.sh" demo 2>&1)
is "not Debian, but all is there" 0 "$OUT$?"

is "no files are left" "" "$(ls "$T/tmp")"
exit $((failures > 0))
