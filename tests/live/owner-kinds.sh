#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: on 6.12 ip:::send lacks one packet of a connection: only by name
# Whose the sockets are in every probe that has one: of threads, of what vfork() and exec() made, of processes in a pid
# namespace of their own or gone with data in flight, of rings, in FIN_WAIT_2 and TIME_WAIT. Each socket has one owner
# (ownkinds.c), which says so itself; all that is told of the socket's cookie is compared.
. "$(dirname "$0")/lib.sh"
net_up
build_helpers

zone=$(in_a stat -L -c %i /proc/self/ns/net)
script=
# told PROBES PORT DATA: of this namespace; PORT 0: the cookie's in other probes
told()
{
	script+="$1 /args[1]->cs_zoneid == $zone/ { printf(\"%s:::%s %x %d %d %d %s\\n\", probeprov, probename,
		args[1]->cs_cid, $2, $3, args[1]->cs_pid, args[1]->cs_execname); }"$'\n'
}
told 'tcp:::send' 'args[4]->tcp_sport' 'args[2]->ip_plength > args[4]->tcp_offset'
told 'tcp:::retransmit, tcp:::connect-request, tcp:::accept-established' 'args[4]->tcp_sport == 0' 0
told 'tcp:::receive, tcp:::connect-established, tcp:::connect-refused' 'args[4]->tcp_dport' 0
told 'tcp:::state-change' 'args[3]->tcps_lport' 0
told 'udp:::send' 'args[4]->udp_sport' 0
told 'udp:::receive' 'args[4]->udp_dport' 0
told 'ip:::send, ip:::drop-out, tcp:::drop, udp:::drop' 0 0
script+='fbt::sosend_generic:entry, fbt::soreceive:entry { printf("%s %x %d %s\n", probefunc,
	(uintptr_t)args[0]->so_pcb, pid, execname); }'

# Each line: kind, probe, what was told of a claimed socket, the process that is right. The name of a thread is its own.
joined()
{
	awk '
	FILENAME ~ /claims/ { kind[$2 " " $3] = $1; who[$2 " " $3] = $4 " " $5; what[$2 " " $3] = $6; next }
	/^(tcp|udp):::/ && $3 != 0 && $2 != "0" { port[$2] = substr($1, 1, 3) " " $3 }
	{ line[++n] = $0 }
	END {
		for (i = 1; i <= n; i++) {
			$0 = line[i]
			p = port[$2]
			if (!(p in kind)) continue
			split(who[p], w)
			if ($1 ~ /^so/) print kind[p], $1, $3, (kind[p] ~ /^threads/ && $4 == "a-thread" ? w[2] : $4), who[p]
			else if (what[p] == "all" || $1 == "tcp:::send" && $4) print kind[p], $1, $5, $6, who[p]
		}
	}' "$T/claims" "$T/told"
}

ln -s "$bin/ownkinds" "$T/heir"
chmod 711 "$T"
dtrace_start kinds -b 64m -qn "$script"
in_a "$bin/ownkinds" "$A4" 21000 "$T/heir" >"$T/claims4" &
four=$!
in_a "$bin/ownkinds" "$A6" 22000 "$T/heir" >"$T/claims6" || die "ownkinds failed over IPv6"
wait "$four" || die "ownkinds failed over IPv4"
dtrace_stop kinds
cat "$T"/claims[46] >"$T/claims"
printf '%s\n' "$OUT" >"$T/told"
joined >"$T/joined"

is "nothing is told of another process than the socket's" "" \
	"$(awk '$3 " " $4 != $5 " " $6' "$T/joined" | sort | uniq -c | head -n 20)"

# expect KIND PROBE...: over IPv4 and IPv6
expect()
{
	printf "$1 %s\n" "${@:2}"
	printf "$1/6 %s\n" "${@:2}"
}
connection=(ip:::send tcp:::accept-established tcp:::connect-established tcp:::connect-request tcp:::receive tcp:::send
	tcp:::state-change)
kinds=$(awk '$1 ~ /^(ring|mptcp)/ && $1 !~ /6$/ { print $1 }' "$T/claims" | sort -u)
is "each kind is in each probe that it has" "$(
	{
		for kind in plain threads exited executed pid-namespace $kinds; do
			expect "$kind" "${connection[@]}"
			[[ $kind = mptcp* ]] || expect "$kind" sosend_generic soreceive
		done
		expect datagrams ip:::send udp:::receive udp:::send
		expect lost ip:::send tcp:::connect-request tcp:::receive tcp:::retransmit tcp:::send tcp:::state-change
		expect refused ip:::send tcp:::connect-refused tcp:::connect-request tcp:::receive tcp:::send tcp:::state-change
	} | sort
)" "$(awk '$2 !~ /drop$/ && $0 !~ /^mptcp.* so/ { print $1, $2 }' "$T/joined" | sort -u)"
# with the SYN,ACK, which has no more than a request, and the last ACK, in TIME_WAIT
is "ip has each packet that tcp has, by the cookie" "" "$(awk '$1 ~ /^(plain|executed|exited)/ { n[$1] += ($2 == "ip:::send") - ($2 == "tcp:::send") }
	END { for (k in n) if (n[k]) print k, n[k] }' "$T/joined")"
for kind in $(grep ^ring <<<"$kinds"); do
	is "$kind: sosend once for each request" 20 "$(grep -c "^$kind sosend_generic " "$T/joined")"
done
# and, before 6.13 (507a96737d99), the answers in TIME_WAIT too
is "the answer to a refused connection over IPv4 is the kernel's" 1 \
	"$(($(grep -c '^ip:::send .* 0 kernel$' "$T/told") > 0))"
# where kfree_skb names the socket
if printf '6.12\n%s\n' "$(uname -r)" | sort -VC; then
	is "drops" "$({ expect datagrams udp:::drop; expect lost tcp:::drop; expect plain tcp:::drop; } | sort)" \
		"$(awk '$1 ~ /^(datagrams|lost|plain)/ && $2 ~ /p:::drop/ { print $1, $2 }' "$T/joined" | sort -u)"
fi
