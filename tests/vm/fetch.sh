#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# fetch.sh SERIES: Debian's newest cloud kernel of a series ("6.1", "6.12"), unpacked into the
# cache; prints its directory there. Nothing is installed; what is in the cache is not fetched again.
set -u
[ $# -eq 1 ] || { echo "usage: fetch.sh SERIES" >&2; exit 2; }
PATH=$PATH:/usr/sbin:/sbin
series=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dtrace-net

die()
{
	printf 'fetch.sh: %s\n' "$*" >&2
	exit 1
}

# Of this form only: not the unsigned ones, not the debug symbols, not the meta packages.
newest()
{
	apt-cache --names-only search "^linux-image-${series//./\\.}\\.[-+.a-z0-9]*-cloud-amd64\$" |
		awk '{ print $1 }' | sort -V | tail -n 1
}

for tool in apt-cache apt-get dpkg-deb depmod; do
	command -v "$tool" >/dev/null || die "needs $tool"
done
package=$(newest)
dir=$cache/$package
if [ -z "$package" ]; then
	# no package lists here: what the cache has
	dir=$(printf '%s\n' "$cache/linux-image-$series"[.-]*-cloud-amd64 | sort -V | tail -n 1)
	[ -d "$dir" ] || die "no package linux-image-$series...-cloud-amd64 (apt-get update?)"
fi
if [ ! -d "$dir" ]; then
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX") || exit 1
	trap 'rm -rf "$new"' EXIT
	(cd "$new" && apt-get -qq download "$package" 2>err) || die "cannot download $package: $(cat "$new/err")"
	dpkg-deb -x "$new"/*.deb "$new/root" || die "cannot unpack $package"
	version=$(basename "$new"/root/boot/vmlinuz-*)
	depmod -b "$new/root" "${version#vmlinuz-}" || die "cannot list the modules of $package"
	mv "$new/root" "$dir" || die "cannot write $dir"
fi
printf '%s\n' "$dir"
