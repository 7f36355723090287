#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: is of types alone, the same on each kernel
# Kernels that lack something: this one's types with names taken out, over /sys/kernel/btf/vmlinux in a mount namespace
# of the tracer's own. Each probe of ip, tcp and udp then still traces by another way, or is refused by a message
# that names what is missing; never an internal error, never silence.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || skip_all "needs root"
[ -r /sys/kernel/btf/vmlinux ] || skip_all "this kernel has no BTF"

# without NAME...: $T/btf has none of these names
without()
{
	local name script=()
	for name; do
		script+=(-e "s/^$name\$/${name%?}#/")
	done
	sed -z "${script[@]}" /sys/kernel/btf/vmlinux >"$T/btf"
}

# on_it COMMAND...: with these types
# shellcheck disable=SC2016
on_it() { unshare -m sh -c 'mount --bind "$0" /sys/kernel/btf/vmlinux && exec "$@"' "$T/btf" "$@"; }

# probes PROVIDER...: the names of its probes
probes() { "$DTRACE" -l -P "$1" 2>/dev/null | awk -v p="$1" '$2 == p { print p ":::" $NF }'; }

# judge WHAT REGEX: each probe loads and attaches, or its message matches
judge()
{
	local probe bad='' fine=0 refused=0
	for probe in $all; do
		# Attached for a moment: what it misses must not wait for the first packet
		if on_it timeout 30 "$DTRACE" -qn "$probe { @ = count(); } tick-1ms { exit(0); }" >"$T/out" 2>&1; then
			fine=$((fine + 1))
		elif grep -qE -- "$2" "$T/out" && ! grep -q 'internal error' "$T/out"; then
			refused=$((refused + 1))
		else
			bad+="$probe: $(head -n 2 "$T/out") "
		fi
	done
	is "without $1: traced or refused by name" "" "$bad"
	printf '# without %s: %d traced, %d refused\n' "$1" "$fine" "$refused"
	REFUSED=$refused FINE=$fine
}

all="$(probes ip) $(probes tcp) $(probes udp)"
holds "there are probes" "$all" "$(wc -w <<<"$all")" -gt 10
without no_such_name
judge nothing 'never'
is "with all of its types everything traces" 0 "$REFUSED"

# Each tracepoint that some probe may stand on, and each name that some way looks up.
needed=0
for name in $(grep -ao 'tp_btf/[a-z0-9_]*' "$DTRACE" | cut -d/ -f2 | sort -u); do
	without "btf_trace_$name"
	judge "$name" "this kernel has no tracepoint $name, which "
	needed=$((needed + REFUSED))
done
holds "names are taken out at all" "$needed refused" "$needed" -gt 3
without SKB_DROP_REASON_NO_SOCKET
judge SKB_DROP_REASON_NO_SOCKET 'SKB_DROP_REASON_NO_SOCKET'

# As 5.15 is: no drop reasons (5.17), no socket lengths (6.3), no reason for a reset (6.10).
without skb_drop_reason SKB_DROP_REASON_NO_SOCKET SKB_DROP_REASON_TCP_CSUM sk_rst_reason \
	btf_trace_sock_send_length btf_trace_sock_recv_length btf_trace_kfree_skb_list
judge "what 5.15 lacks" "this kernel has no |no type|no member|no enum"
for probe in tcp:::send udp:::send udp:::receive ip:::send ip:::receive; do
	on_it timeout 30 "$DTRACE" -qn "$probe { @ = count(); } tick-1ms { exit(0); }" >"$T/out" 2>&1
	is "5.15: $probe traces" "0" "$?"
done

# UDP-Lite was taken out of Linux.
all=$(probes udplite)
without pcslen
judge pcslen 'this kernel has no UDP-Lite'
is "no UDP-Lite: refused" 2 "$REFUSED"
