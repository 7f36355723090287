#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# A script of 1 MB: 170 clauses of 500 bytes for each probe of ip, tcp and udp. The first and the last clause of each
# probe count alike, and what the kernel counts.
# shellcheck disable=SC2016,SC2028 # D, not shell
. "$(dirname "$0")/lib.sh"
net_up
active=$(active_close)

# middle PROBE ADDRESS BYTES: what stands between the first and the last clause. Half of it does something; the other
# half would, for packets that do not exist.
middle()
{
	each 1 85 "$1
{
	this->far = $2 == \"192.0.2.#\" || $2 == \"2001:db8:ffff::#\";
	this->sum = $3 + # * (this->far ? 1000 : 1) + (probename == \"none\" ? 1 : 0);
	@sums[$2, probename, #] = sum(this->sum - #);
	if (this->far) {
		printf(\"never %d %s %s %d\\n\", #, probename, $2, this->sum);
		seen[$2, probename, #] = timestamp;
	} else if ($3 > 100 + #) {
		last# = this->sum;
	} else {
		least# = $3 - #;
	}
}
$1
/$3 > 100000000 + # || $2 == \"192.0.2.#\"/
{
	printf(\"never %d %s: %s %s, %d bytes at %d ns\\n\", #, probename, probeprov, $2, $3, timestamp);
	@sizes[$2, probename, #] = quantize($3);
	if (seen[$2, probename, #] == 0) {
		seen[$2, probename, #] = timestamp;
		times[$2, probename, #]++;
	} else {
		printf(\"again %d %s: %s after %d ns\\n\", #, probename, $2, timestamp - seen[$2, probename, #]);
		seen[$2, probename, #] = 0;
	}
}"
}

# clauses PROVIDER:::NAME KEY ADDRESS BYTES
clauses()
{
	printf '%s { @first[probeprov, probename, %s] = count(); }\n' "$1" "$2"
	middle "$1" "$3" "$4"
	printf '%s { @last[probeprov, probename, %s] = count(); }\n' "$1" "$2"
}

{
	clauses ip:::receive 'args[3]->if_name' 'args[2]->ip_saddr' 'args[2]->ip_plength'
	clauses ip:::send 'args[3]->if_name' 'args[2]->ip_daddr' 'args[2]->ip_plength'
	for probe in tcp:::receive udp:::receive tcp:::connect-established tcp:::connect-refused tcp:::accept-established; do
		clauses $probe 'args[2]->ip_daddr' 'args[2]->ip_saddr' 'args[2]->ip_plength'
	done
	for probe in tcp:::send udp:::send tcp:::connect-request tcp:::accept-refused; do
		clauses $probe 'args[2]->ip_saddr' 'args[2]->ip_daddr' 'args[2]->ip_plength'
	done
	clauses tcp:::state-change 'args[3]->tcps_laddr' 'args[3]->tcps_raddr' 'args[3]->tcps_state'
	echo 'END
{
	printa("first %s:%s %s %@d\n", @first); printa("last %s:%s %s %@d\n", @last);
	trunc(@first); trunc(@last); trunc(@sums); trunc(@sizes);
}'
} >"$T/large.d"
holds "counters: 1 MB" "$(wc -c <"$T/large.d") bytes" "$(wc -c <"$T/large.d")" -ge 1000000

# "PROBE DEVICE COUNT" by the kernel's account; resets that a closed port sends are AttemptFails of their receiver
account()
{
	local ns dev side
	for side in "$NA $IA" "$NB $IB"; do
		read -r ns dev <<<"$side"
		printf 'ip:receive %s %d\n' "$dev" "$(total "$ns" IpInReceives Ip6InReceives)"
		printf 'tcp:receive %s %d\n' "$dev" "$(total "$ns" TcpInSegs)"
		printf 'tcp:send %s %d\n' "$dev" "$(total "$ns" TcpOutSegs)"
		printf 'udp:receive %s %d\n' "$dev" "$(total "$ns" UdpInDatagrams Udp6InDatagrams)"
		printf 'udp:send %s %d\n' "$dev" "$(total "$ns" UdpOutDatagrams Udp6OutDatagrams)"
		printf 'tcp:connect-request %s %d\n' "$dev" "$(total "$ns" TcpActiveOpens)"
		printf 'tcp:connect-refused %s %d\n' "$dev" "$(total "$ns" TcpAttemptFails)"
		printf 'tcp:accept-established %s %d\n' "$dev" "$(total "$ns" TcpPassiveOpens)"
	done
}

account >"$T/before"
loads large || exit 1
for pair in "$A4 $B4" "$A6 $B6"; do
	read -r a b <<<"$pair"
	conversation tcp "$b" c100,s1000,c1400,s1 -- --close "$active"
	conversation tcp "$b" c5,s5 -- --close reset
	in_a "$bin/traffic" refused "$b" 1 || die "not refused"
	conversation udp "$b" c0,c100,s1400,c3,s9
done
dtrace_stop large
account >"$T/after"

# found NAME: "PROBE DEVICE COUNT" of the lines
found()
{
	awk -v name="$1" -v ia="$IA" -v ib="$IB" -v a4="$A4" -v a6="$A6" -v b4="$B4" -v b6="$B6" '
		BEGIN { at[ia] = at[a4] = at[a6] = ia; at[ib] = at[b4] = at[b6] = ib }
		$1 == name && $3 in at { n[$2 " " at[$3]] += $4 }
		END { for (k in n) print k, n[k] }' <<<"$OUT" | sort
}
is "counters: the last clause of each probe counts what the first does" "" "$(diff <(found first) <(found last) | head -n 4)"
for name in first last; do
	while read -r probe dev n; do
		is "counters: $probe, $dev, $name clause" "$n" \
			"$(found $name | awk -v p="$probe" -v d="$dev" '$1 == p && $2 == d { n = $3 } END { print n + 0 }')"
	done < <(paste -d' ' "$T/before" "$T/after" | awk '{ print $1, $2, $6 - $3 }')
done
