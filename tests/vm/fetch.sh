#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# fetch.sh KERNEL: Debian's newest kernel of a series ("6.1", "6.12": the one for clouds, which is the
# smallest; "6.1-rt": the one with PREEMPT_RT), unpacked into the cache; prints its directory there.
# Nothing is installed; what is in the cache is not fetched again.
set -u
[ $# -eq 1 ] || { echo "usage: fetch.sh KERNEL" >&2; exit 2; }
PATH=$PATH:/usr/sbin:/sbin
series=${1%-rt}
flavour=cloud
[ "$series" = "$1" ] || flavour=rt
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dtrace-net

die()
{
	printf 'fetch.sh: %s\n' "$*" >&2
	exit 1
}

# Of this form only: not the unsigned ones, not the debug symbols, not the meta packages.
newest()
{
	apt-cache --names-only search "^linux-image-${series//./\\.}\\.[-+.a-z0-9]*-$flavour-amd64\$" |
		awk '{ print $1 }' | sort -V | tail -n 1
}

# The newest one that the cache has.
cached() { printf '%s\n' "$cache/linux-image-$series"[.-]*-"$flavour-amd64" | sort -V | tail -n 1; }

for tool in apt-cache apt-get dpkg-deb depmod; do
	command -v "$tool" >/dev/null || die "needs $tool"
done
package=$(newest)
if [ -z "$package" ] && [ ! -d "$(cached)" ] && [ "$(id -u)" -eq 0 ]; then
	# there may be no package lists yet
	apt-get -qq update >/dev/null 2>&1
	package=$(newest)
fi
dir=$cache/$package
if [ -z "$package" ]; then
	dir=$(cached)
	[ -d "$dir" ] || die "no package linux-image-$series...-$flavour-amd64 (apt-get update?)"
fi
if [ ! -d "$dir" ]; then
	mkdir -p "$cache" || die "cannot write $cache"
	new=$(mktemp -d "$cache/new.XXXXXX") || exit 1
	trap 'rm -rf "$new"' EXIT
	if ! (cd "$new" && timeout "${FETCH_LIMIT:-300}" apt-get -qq download "$package" 2>err); then
		dir=$(cached)
		[ -d "$dir" ] || die "cannot download $package: $(cat "$new/err")"
		printf '%s\n' "$dir"
		exit 0
	fi
	dpkg-deb -x "$new"/*.deb "$new/root" || die "cannot unpack $package"
	version=$(basename "$new"/root/boot/vmlinuz-*)
	depmod -b "$new/root" "${version#vmlinuz-}" || die "cannot list the modules of $package"
	mv "$new/root" "$dir" || die "cannot write $dir"
fi
printf '%s\n' "$dir"
