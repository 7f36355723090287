#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Example 8, unmodified: the bytes of each UDP socket's peers under the name of the process, equal to what the
# programs count themselves; and nothing left in procs[] when all sockets are closed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/procs.sh"
net_up
me=u$$

# Older than the trace: open, and waiting.
sink "$NB" "${me}old" udp-sink "$B4" 7 --go "$T/go"
source_of "$NA" "${me}elder" udp-source "$B4" 7 --go "$T/go" --size 100
sink "$NB" "${me}old6" udp-sink "$B6" 5 --go "$T/go"
source_of "$NA" "${me}elder6" udp-source "$B6" 5 --go "$T/go" --unconnected --send sendto
until_true 30000 bash -c "ip netns exec $NA ss -Hanu | grep -c . | grep -qx 2" || die "no old sockets"

# room for all that others do on this machine
dtrace_start ex8 -x dynvarsize=64m -x aggsize=64m -s "$examples/ex8-udp-per-process.d"
touch "$T/go"

# Every call that sends and every call that receives; those that can name a peer also without a connection.
i=0
for calls in write:read writev:readv pwritev2:preadv2 sendto:recvfrom sendmsg:recvmsg sendmmsg:recvmmsg \
	sendto:read:--unconnected sendmsg:recvmsg:--unconnected sendmmsg:recvmmsg:--unconnected; do
	IFS=: read -r send receive how <<<"$calls"
	for addr in "$B4" "$B6"; do
		sink "$NB" "${me}in$i" udp-sink "$addr" 3 --recv "$receive"
		# shellcheck disable=SC2086 # one word or none
		source_of "$NA" "${me}out$i" udp-source "$addr" 3 --send "$send" --size $((10 + i)) $how
		i=$((i + 1))
	done
done

movers_wait
ticks_pass ex8
is "procs[] is empty when all sockets are closed" 0 "$(procs_left "$me")"
dtrace_stop ex8
is "ex8: bytes between each two sockets, at each end, as the programs count them" "$(said)" "$(told ex8)"
