#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# deps.sh build|demo|check|bench|vm: the Debian packages that this needs. Silent and
# without a network when all are there; else installs them (root), or names them.
set -eu

build="gcc clang libc6-dev libbpf-dev libelf-dev zlib1g-dev"
case "${1-build}" in
build) want=$build ;;
demo) want="$build iproute2" ;;
check) want="$build libcmocka-dev iproute2 procps cpp ethtool tcpdump bpftool" ;;
bench) want="$build iproute2 bpftrace" ;;
vm) want="$build libcmocka-dev iproute2 ethtool tcpdump bpftool qemu-system-x86 cpio kmod" ;;
*)
	echo "usage: deps.sh build|demo|check|bench|vm" >&2
	exit 2
	;;
esac

# Not Debian: whoever builds here knows where the libraries come from.
command -v dpkg-query >/dev/null 2>&1 || exit 0

missing=
for package in $want; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "These packages are missing; as root: apt-get install$missing" >&2
	exit 1
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# Without package lists (a fresh image) the first try fails at once.
# shellcheck disable=SC2086
apt-get -qq -y --no-install-recommends install $missing >/dev/null 2>&1 || {
	apt-get -qq update
	apt-get -qq -y --no-install-recommends install $missing >/dev/null
}
