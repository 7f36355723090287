#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Example 7, unmodified: the bytes of each TCP connection under the name of the process at each end, equal to
# what the programs count themselves; and nothing left in procs[] when all is over.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/procs.sh"
net_up
me=m$$

# Older than the trace: connected, accepted, and waiting.
sink "$NB" "${me}old" sink "$B4" 1 --go "$T/go" --reply 4321
source_of "$NA" "${me}elder" source "$B4" 123456 --go "$T/go"
sink "$NB" "${me}old6" sink "$B6" 1 --go "$T/go" --reply 1
source_of "$NA" "${me}elder6" source "$B6" 77777 --go "$T/go"
until_true 30000 bash -c "ip netns exec $NB ss -Htn state established | grep -c . | grep -qx 2" || die "no old connections"
# and a listener
sink "$NB" "${me}listen" sink "$B4" 1 --reply 99
listener=$PORT

# room for all that others do on this machine
dtrace_start ex7 -x dynvarsize=64m -x aggsize=64m -s "$examples/ex7-tcp-per-process.d"
touch "$T/go"
PORT=$listener
source_of "$NA" "${me}young" source "$B4" 5555

# Every call that sends and every call that receives.
receives=(read readv preadv2 recvfrom recvmsg recvmmsg splice)
i=0
for call in write writev pwritev2 sendto sendmsg sendmmsg sendfile splice; do
	addr=$B4
	[ $((i % 2)) -eq 0 ] || addr=$B6
	receive=${receives[i % ${#receives[@]}]}
	sink "$NB" "${me}in$i" sink "$addr" 1 --recv "$receive" --send "$call" --reply $((1000 + i))
	source_of "$NA" "${me}out$i" source "$addr" $((20000 + i)) --send "$call" --recv "$receive"
	i=$((i + 1))
done

# Written and closed at once, to one that reads slowly.
sink "$NB" "${me}slow" sink "$B4" 1 --slow 2000
source_of "$NA" "${me}gone" source "$B4" 4000000 --abandon --size 100000

# A process for each connection.
for how in fork prefork; do
	sink "$NB" "${me}$how" sink "$B6" 3 --$how --reply 333
	for conn in 1 2 3; do
		source_of "$NA" "${me}to$how" source "$B6" $((conn * 10000))
	done
done

movers_wait
ticks_pass ex7
is "procs[] is empty when all connections are gone" 0 "$(procs_left "$me")"
dtrace_stop ex7
same_bytes "ex7: bytes of each connection, at each end, as the programs count them" ex7
