#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# run.sh KERNEL [TEST...]: live tests (all of them, or the named ones) on another kernel of Debian's,
# in a virtual machine; the tree must be built. Needs no root and no KVM: the machine is emulated,
# which is slow (about twenty times), so tests get more time. KERNEL is "6.1", "6.1-rt", "6.12", ...
# run.sh KERNEL -c COMMAND: a shell command there instead.
#
# The initramfs is made of this host's programs and of $BUILD; everything comes back through the
# serial console. Exit status 0: all tests passed; the last line is "N passed, N failed".
set -u
[ $# -ge 1 ] || { echo "usage: run.sh KERNEL [TEST... | -c COMMAND]" >&2; exit 2; }
series=$1
shift
PATH=$PATH:/usr/sbin:/sbin
vm=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$vm/../.." && pwd)
build=${BUILD:-$top/build}
limit=${VM_LIMIT:-3000} # seconds, for all tests; what hangs so that nothing else runs ends soon after

# What the tests call; what is needed and not here fails the test that needs it.
programs="bash sh awk basename bpftool cat chmod chown cmp comm cp cut date dd diff dirname env ethtool expr
	findmnt flock grep head hostname id ip kill ln ls lsns mkdir mkfifo mktemp modprobe mount mv nft nproc nsenter nstat objcopy
	nice od paste pgrep printf ps readlink realpath rm rmdir sed seq setpriv setsid sleep sort split ss stat stdbuf strip
	sync sysctl tac tail taskset tc tcpdump tee timeout touch tr true truncate uname umount uniq unshare wc
	xargs"
# What they load, by name or through the kernel; of what a module asks for at run time (a softdep) too: nf_tables
# needs crc32c, which is a module in 6.1-rt.
modules="veth dummy bridge br_netfilter macvlan ipvlan vxlan geneve 8021q tun ifb bonding vrf ip_gre ip6_gre sit ipip
	ip6_tunnel fou
	sch_netem sch_ingress sch_fq sch_tbf cls_matchall cls_u32 cls_bpf cls_flower act_gact act_mirred act_bpf
	act_skbedit act_pedit
	nf_tables nft_chain_nat nft_ct nft_nat nft_masq nft_redir nft_reject nft_reject_inet nft_reject_ipv4
	nft_reject_ipv6 nft_reject_netdev nft_log nft_limit nft_fib nft_fib_inet nft_fib_ipv4 nft_fib_ipv6
	nft_numgen nft_fwd_netdev nft_dup_netdev nft_socket nft_tproxy nft_queue nft_meta_bridge nft_reject_bridge
	inet_diag tcp_diag udp_diag raw_diag unix_diag mptcp_diag tcp_bbr tcp_dctcp tls
	crc32c_generic"

die()
{
	printf 'run.sh: %s\n' "$*" >&2
	exit 1
}

# With the libraries they need, at the paths they have here.
add_programs()
{
	local name path lib
	for name; do
		path=$(type -P "$name") || continue
		printf '%s\n' "$path"
		ldd "$path" 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }'
	done | sort -u | while read -r lib; do
		cp -L --parents "$lib" "$root" || die "cannot copy $lib"
	done
}

# With the modules they depend on.
add_modules()
{
	local dir=lib/modules/$version file
	mkdir -p "$root/$dir"
	cp "$kernel/$dir"/modules.* "$root/$dir"
	for name in $modules; do
		sed -n "s,^\(.*/$name\.ko[.xz]*\): *\(.*\),\1 \2,p" "$kernel/$dir/modules.dep"
	done | tr ' ' '\n' | sort -u | while read -r file; do
		[ -n "$file" ] || continue
		mkdir -p "$root/$dir/$(dirname "$file")"
		cp "$kernel/$dir/$file" "$root/$dir/$file"
	done
}

add_tree()
{
	mkdir -p "$root/dtrace-net/tests" "$root/dtrace-net/build"
	cp -a "$top/tests/live" "$top/tests/fuzz" "$top/tests/verdicts.sh" "$root/dtrace-net/tests"
	cp -aL "$build/dtrace" "$build/tests" "$root/dtrace-net/build"
	rm -rf "$root/dtrace-net/build/tests/unit"
	cp "$vm/init" "$root/init"
	chmod 755 "$root/init"
	cp --parents /etc/passwd /etc/group /etc/protocols /etc/services "$root" 2>/dev/null
}

for tool in qemu-system-x86_64 cpio ldd; do
	command -v "$tool" >/dev/null || die "needs $tool (Debian: qemu-system-x86, cpio, libc-bin)"
done
[ -x "$build/dtrace" ] && [ -x "$build/tests/traffic" ] || die "$build: not built (make all tools)"
kernel=$(bash "$vm/fetch.sh" "$series") || exit 1
version=$(basename "$kernel"/boot/vmlinuz-*)
version=${version#vmlinuz-}

tmp=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-vm.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
root=$tmp/root
mkdir -p "$root"/{usr/bin,usr/sbin,usr/lib,usr/lib64,etc,dev,proc,sys,run,tmp,root}
for dir in bin sbin lib lib64; do
	if [ -L "/$dir" ]; then ln -s "usr/$dir" "$root/$dir"; else mkdir -p "$root/$dir"; fi
done
# shellcheck disable=SC2086 # a list
add_programs $programs "$build/dtrace" "$build"/tests/*
rm -rf "${root:?}${build:?}"
add_modules
add_tree
if [ "${1:-}" = -c ]; then
	printf '%s\n' "$2" >"$root/command"
else
	printf '%s\n' "$@" >"$root/tests"
fi
(cd "$root" && find . -print0 | cpio --quiet -0 -o -H newc -R 0:0) >"$tmp/initramfs" || die "cannot write the initramfs"

printf 'Linux %s\n' "$version"
timeout -k 5 $((limit + 60)) qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 1500 \
	-display none -monitor none -nic none -no-reboot -serial stdio \
	-kernel "$kernel/boot/vmlinuz-$version" -initrd "$tmp/initramfs" \
	-append "console=ttyS0 quiet loglevel=3 panic=-1 vm_slow=${VM_SLOW:-10} vm_limit=$limit vm_log=${VM_LOG:-40}" </dev/null |
	sed -u 's/\r//g; s/\x1b[^a-zA-Z]*[a-zA-Z]//g; /^\[ *[0-9.]*\] \(sysrq\|reboot\): /d' | tee "$tmp/console"
status=${PIPESTATUS[0]}
[ "$status" -ne 124 ] && [ "$status" -ne 137 ] || die "the machine hung: not done after $((limit + 60)) s"
[ ! -e "$root/command" ] || exit 0
last=$(grep -v '^$' "$tmp/console" | tail -n 1)
case $last in
*" passed, 0 failed") [ "$last" != "0 passed, 0 failed" ] ;;
*" passed, "*" failed") exit 1 ;;
*) die "the machine ended before the tests did" ;;
esac
