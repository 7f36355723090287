#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# FreeBSD's socket layer as fbt has it: each alias at its event, with the socket's cookie (ss -e has it too), its
# protocol and its process; sockets older than the trace once each.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/procs.sh"
net_up
me=f$$

# cookie NAMESPACE PORT: of the socket bound to it, as ss tells it
cookie() { ip netns exec "$1" ss -Hantue "sport = :$2" 2>/dev/null | sed -n 's/.* sk:\([0-9a-f]*\).*/\1/p' | head -n 1; }

sink "$NB" "${me}old" sink "$B4" 1
tcp_port=$PORT tcp_cookie=$(cookie "$NB" "$PORT") tcp_pid=${movers[0]}
sink "$NB" "${me}oldu" udp-sink "$B6" 2
udp_port=$PORT udp_cookie=$(cookie "$NB" "$PORT")

# The return is named before the entry, and comes behind it all the same.
cat >"$T/fbt.d" <<'D'
fbt::tcp_usr_attach:return, fbt::tcp_usr_attach:entry { printf("attach %s %s %d\n", execname, probename, pid); }
fbt::tcp_usr_attach:entry, fbt::udp_attach:entry { self->so = args[0]; }
fbt:freebsd:tcp_usr_attach:return, fbt:kernel:udp_attach:return
/args[1] == 0 && arg1 == 0 && self->so != NULL/
{
	printf("%s %s %x %d\n", probefunc, execname, (uintptr_t)self->so->so_pcb, self->so->so_proto->pr_protocol);
	self->so = NULL;
	printf("kept %d\n", self->so != NULL);
}
fbt::sosend_generic:entry, fbt::sosend_dgram:entry, fbt::soreceive:entry
/args[0] != NULL && args[0]->so_pcb != NULL/
{
	printf("%s %s %d %x %d\n", probefunc, execname, pid, (uintptr_t)args[0]->so_pcb, args[0]->so_proto->pr_protocol);
}
fbt::in_pcbdetach:entry { printf("%s %x\n", probefunc, (uintptr_t)args[0]); }
fbt::in_pcbdetach:entry { printf("gone %s %d %x\n", execname, pid, (uintptr_t)args[0]); }
tcp:::send { printf("segment %x %d %d\n", args[1]->cs_cid, args[4]->tcp_sport, args[4]->tcp_dport); }
udp:::send { printf("datagram %x %d %d\n", args[1]->cs_cid, args[4]->udp_sport, args[4]->udp_dport); }
tick-100ms { printf("tick\n"); }
D
dtrace_start fbt -x dynvarsize=64m -qs "$T/fbt.d"
PORT=$tcp_port
source_of "$NA" "${me}new" source "$B4" 3000
PORT=$udp_port
source_of "$NA" "${me}newu" udp-source "$B6" 2 --unconnected --send sendto
movers_wait
until_true 30000 grep -aq "^in_pcbdetach $tcp_cookie\$" "$T/fbt.out"
dtrace_stop fbt
ours=$(grep -a "$me" <<<"$OUT")

is "the old listener, once each: send and receive, its process" \
	"sosend_generic ${me}old $tcp_pid $tcp_cookie 6
soreceive ${me}old $tcp_pid $tcp_cookie 6" "$(grep -- " $tcp_cookie 6$" <<<"$ours")"
matches "the old UDP socket" "^soreceive ${me}oldu [0-9]+ $udp_cookie 17\$" "$ours"
new_pid=$(sed -n "s/^attach ${me}new entry //p" <<<"$ours")
is "attach: entry before return; of what is accepted too, its listener's process" "attach ${me}new entry $new_pid
attach ${me}new return $new_pid
attach ${me}old entry $tcp_pid
attach ${me}old return $tcp_pid" "$(grep '^attach ' <<<"$ours")"
new=$(sed -n "s/^tcp_usr_attach ${me}new \([0-9a-f]*\) 6\$/\1/p" <<<"$ours")
matches "a new TCP socket, kept from entry to return" "^[0-9a-f]+\$" "$new"
is "what was kept is let go" "" "$(grep '^kept 1' <<<"$OUT")"
matches "it is the connection that tcp:::send knows" "^segment $new [0-9]+ $tcp_port\$" "$OUT"
matches "sosend_generic" "^sosend_generic ${me}new [0-9]+ $new 6\$" "$ours"
matches "soreceive" "^soreceive ${me}new [0-9]+ $new 6\$" "$ours"
newu=$(sed -n "s/^udp_attach ${me}newu \([0-9a-f]*\) 17\$/\1/p" <<<"$ours" | tail -n 1)
newu=$(sed -n "s/^sosend_dgram ${me}newu [0-9]* \([0-9a-f]*\) 17\$/\1/p" <<<"$ours" | sort -u)
matches "a new UDP socket" "^udp_attach ${me}newu $newu 17\$" "$ours"
matches "it is the one that udp:::send knows" "^datagram $newu [0-9]+ $udp_port\$" "$OUT"
# the end of a connection, behind its last segment
is "in_pcbdetach: once, after the last segment" "in_pcbdetach $new" \
	"$(grep -E "^(segment|in_pcbdetach) $new( |\$)" <<<"$OUT" | tail -n 1)"
is "in_pcbdetach: its process, whoever was interrupted" "gone ${me}new $new_pid $new" "$(grep "^gone .* $new\$" <<<"$ours")"
is "in_pcbdetach of a UDP socket: once" 1 "$(grep -c "^in_pcbdetach $newu\$" <<<"$OUT")"

# Functions of this kernel are not fbt's.
dtrace_run 20 -n 'fbt::tcp_sendmsg:entry { exit(0); }'
is "a kernel function is refused" 1 "$STATUS"
matches "in words that say what there is" "FreeBSD's socket layer: dtrace -l -P fbt lists it" "$ERR"
is "the list" "in_pcbdetach entry
soreceive entry
sosend_dgram entry
sosend_generic entry
tcp_usr_attach entry
tcp_usr_attach return
udp_attach entry
udp_attach return" "$("$DTRACE" -l -P fbt | awk '$2 == "fbt" { print $4, $5 }')"
matches "arguments" 'args\[0\]: struct bsd_socket \*' "$("$DTRACE" -lv -n fbt::soreceive:entry)"
