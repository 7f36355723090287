#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# deps.sh build|demo|check|bench|vm: makes a Debian machine ready for that, a bare one too: make, the
# compilers, the libraries, the programs that tests use. Silent and without a network when all are
# there; else installs them as root, or says what root has to do.
set -eu
tools=$(dirname "$0")
PATH=$PATH:/usr/sbin:/sbin
export PATH

build="make gcc clang libc6-dev libbpf-dev libelf-dev zlib1g-dev libzstd-dev"
unit="$build libcmocka-dev cpp python3-jsonschema"
case "${1-build}" in
build) want=$build programs= ;;
demo) want="$build iproute2" programs="ip" ;;
check)
	want="$unit iproute2 procps ethtool tcpdump bpftool nftables"
	programs="ip sysctl ethtool tcpdump bpftool nft"
	;;
bench) want="$build iproute2 bpftrace" programs="ip bpftrace" ;;
vm)
	want="$unit iproute2 procps ethtool tcpdump bpftool nftables qemu-system-x86 cpio kmod"
	programs="ip ethtool tcpdump bpftool nft qemu-system-x86_64 cpio depmod"
	;;
*)
	echo "usage: deps.sh build|demo|check|bench|vm" >&2
	exit 2
	;;
esac

die()
{
	echo "$*" >&2
	exit 1
}

if [ "$(id -u)" != 0 ]; then
	case "${1-build}" in
	demo | bench) die "Tracing needs root: run this as root, or with sudo." ;;
	check) want=$unit programs= ;; # of the others' tests none runs
	esac
fi

# Not Debian: whoever builds here knows what its packages are called.
if ! command -v dpkg-query >/dev/null 2>&1; then
	missing=
	# shellcheck disable=SC2086
	for program in make ${CC:-gcc} ${CLANG:-clang} $programs; do
		command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
	done
	[ -z "$missing" ] ||
		die "This is not Debian, so you have to install what is missing; docs/ARCHITECTURE.md" \
			"lists all that is needed. Not found:$missing"
	exit 0
fi

missing=
for package in $want; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

[ "$(id -u)" = 0 ] ||
	die "Only root can install the packages that are missing: run this as root, or first" \
		"apt-get install$missing"
command -v apt-get >/dev/null 2>&1 || die "There is no apt-get here to install what is missing:$missing"

logs=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-deps.XXXXXX") || exit 1
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM HUP
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

# apt LOG WHAT ARGUMENTS...: a step. It waits a while for another that installs something; Ctrl-C
# does not interrupt it while dpkg is at work, which apt runs on a terminal of its own for that.
apt()
{
	log=$logs/$1
	what=$2
	shift 2
	STEP_LOG=$log sh "$tools/step.sh" "$what" \
		apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

# How many packages, with all that they need, and how much there is to fetch.
size()
{
	# shellcheck disable=SC2086
	apt-get -qq -y --no-install-recommends --print-uris install $missing 2>/dev/null |
		awk '/^\047/ { n++; bytes += $3 } END { if (n) printf " %d packages, %d MB", n, bytes / 1e6 + 1 }'
}

# why: of what apt said, what it comes to
why()
{
	if grep -qsi 'could not get lock\|is another process using it' "$logs"/*; then
		echo "Another program is installing packages: try again when it is done."
	elif grep -qsi 'no space left\|enough free space' "$logs"/*; then
		echo "There is too little room on the disk."
	elif grep -qsi -e 'failure resolving\|could not resolve\|to connect\|not connect' \
		-e 'connection \|unreachable\|timed out' "$logs"/*; then
		echo "Debian's archive cannot be reached: this needs a network, once."
	elif grep -qsi 'unable to locate\|no installation candidate' "$logs"/*; then
		echo "This release does not have these packages: Debian 12 and later do."
	else
		echo "apt-get says above what is wrong."
	fi
}

# A list that cannot be read need not be one of those that matter: the installation decides.
apt update "Reading the package lists" update || true
# shellcheck disable=SC2086
apt install "Installing$(size):$missing" install $missing || die "The packages are not installed. $(why)"
