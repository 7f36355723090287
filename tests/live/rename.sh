#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# An interface renamed and removed while it is traced: each packet has the name that its device had then.
. "$(dirname "$0")/lib.sh"
net_up

# say SIZE: a datagram of that size from A to B, over the interface of A that is there now
say() { in_a "$bin/traffic" udp-client "$B4" 9 --talk "c$1" >/dev/null; }
# to_b DEVICE-OF-A: without ARP
mac=$(mac_of "$NB" "$IB")
to_b() { ip -n "$NA" neigh replace "$B4" lladdr "$mac" dev "$1" nud permanent; }
# rename NAMESPACE FROM TO
rename()
{
	ip -n "$1" link set "$2" down
	ip -n "$1" link set "$2" name "$3"
	ip -n "$1" link set "$3" up
}

# shellcheck disable=SC2016
dtrace_start names -qn 'ip:::send, ip:::receive /args[2]->ip_saddr == "'"$A4"'" && args[2]->ip_daddr == "'"$B4"'" &&
	args[4]->ipv4_protocol == IPPROTO_UDP/ { printf("%d %s %s\n", args[2]->ip_plength - 8, probename, args[3]->if_name); }'
say 100
rename "$NA" "$IA" "first$$"
to_b "first$$"
say 200
rename "$NB" "$IB" "second$$"
say 300
rename "$NA" "first$$" "$IA" # an old name again
to_b "$IA"
say 400
ip -n "$NA" link del "$IA"
until_true 30000 eval "! ip -n $NB link show second$$" # both ends go with one
is "names: the traced device is gone at once" "" "$(ip -n "$NB" -o link | grep "second$$")"
IA=third$$ IB=fourth$$
ip -n "$NA" link add "$IA" type veth peer name "$IB" netns "$NB" || die "cannot make a veth pair"
net_side "$NA" "$IA"
net_side "$NB" "$IB"
net_addresses "$NA" "$IA" "$A4" "$A6"
net_addresses "$NB" "$IB" "$B4" "$B6"
net_settle
say 500
dtrace_stop names
is "names: right at the time of each event" "100 send da$$
100 receive db$$
200 send first$$
200 receive db$$
300 send first$$
300 receive second$$
400 send da$$
400 receive second$$
500 send third$$
500 receive fourth$$" "$(grep '^[1-5]00 ' <<<"$OUT")"

# A namespace removed with its devices while packets are on their way.
ip netns add "dtn-$$-c"
our_netns+=("dtn-$$-c")
ip -n "$NA" link add gone$$ type veth peer name gone netns "dtn-$$-c"
dtrace_start removed -qn 'ip:::send, ip:::receive { @[args[3]->if_name] = count(); }'
ip netns del "dtn-$$-c"
until_true 30000 eval "! ip -n $NA link show gone$$"
is "names: a namespace goes, though traced" "" "$(ip -n "$NA" -o link | grep "gone$$")"
dtrace_stop removed
