#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# make demo: a private network of two namespaces, TCP and UDP over IPv4 and IPv6
# on it, and what three D scripts see of that. Takes a few seconds; leaves
# nothing behind. The scripts look at the demo's own addresses only, those kept
# for documentation (RFC 5737, RFC 3849).
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
DTRACE=${DTRACE:-$top/build/dtrace}
TRAFFIC=${TRAFFIC:-$top/build/tests/traffic}
PATH=$PATH:/usr/sbin:/sbin
export DTRACE TRAFFIC
client4=192.0.2.1 server4=192.0.2.2
client6=2001:db8::1 server6=2001:db8::2

# Within --traffic: a command at the client.
client() { ip netns exec "$DEMO_CLIENT" "$TRAFFIC" "$@" >/dev/null; }

# serve KIND ADDRESS PORT ARGS...: at the server, in the background, listening when this returns.
# It is silent: what goes wrong is seen at the client, and resets are part of the plan.
serve()
{
	fifo=$DEMO_DIR/port.$2.$3
	mkfifo "$fifo"
	ip netns exec "$DEMO_SERVER" "$TRAFFIC" "$@" >"$fifo" 2>/dev/null &
	read -r _ <"$fifo"
	rm -f "$fifo"
}

# repeat N COMMAND...
repeat()
{
	times=$1
	shift
	while [ "$times" -gt 0 ]; do
		"$@" || return
		times=$((times - 1))
	done
}

# The traffic of each part, run by dtrace -c while it traces.
traffic_states()
{
	serve tcp-server $server4 80 --talk c200,s3000 --conns 2
	serve tcp-server $server6 443 --talk c200,s3000
	client tcp-client $server4 80 --talk c200,s3000 --close active --hold-ms 400
	client tcp-client $server6 443 --talk c200,s3000 --close active --hold-ms 400
	client refused $server4 81
	client refused $server6 444
	client tcp-client $server4 80 --talk c200,s3000 --close reset
}

traffic_latency()
{
	serve tcp-server $server4 80 --talk c100,s100 --conns 100
	serve tcp-server $server6 443 --talk c100,s100 --conns 50
	repeat 100 client tcp-client $server4 80 --talk c100,s100 --close active
	repeat 50 client tcp-client $server6 443 --talk c100,s100 --close active
	repeat 7 client refused $server4 81
	repeat 3 client refused $server6 444
}

traffic_sizes()
{
	serve tcp-server $server4 80 --talk c300,s60000,c20,s700 --conns 10
	serve tcp-server $server6 443 --talk c40,s9000 --conns 10
	repeat 10 client tcp-client $server4 80 --talk c300,s60000,c20,s700 --close active
	repeat 10 client tcp-client $server6 443 --talk c40,s9000 --close active
	serve udp-server $server6 53 --talk c60,s1100,c33,s512,c1200,s90
	client udp-client $server6 53 --talk c60,s1100,c33,s512,c1200,s90
	client ping $server4 0 --count 20 --size 56
}

case ${1-} in
--traffic)
	"traffic_$2"
	status=$?
	wait
	exit $status
	;;
esac

die()
{
	echo "demo: $*" >&2
	exit 1
}

cleanup()
{
	trap - EXIT INT TERM HUP
	for ns in "$DEMO_CLIENT" "$DEMO_SERVER"; do
		ip netns pids "$ns" 2>/dev/null | xargs -r kill -KILL 2>/dev/null
		ip netns del "$ns" 2>/dev/null
	done
	rm -rf "$DEMO_DIR"
}

# Two links, so that there are two interfaces to tell apart: lan0 for IPv4, wan0 for IPv6.
network_up()
{
	ip netns add "$DEMO_CLIENT" && ip netns add "$DEMO_SERVER" || return
	for link in lan0 wan0; do
		ip -n "$DEMO_CLIENT" link add $link type veth peer name $link netns "$DEMO_SERVER" || return
		for ns in "$DEMO_CLIENT" "$DEMO_SERVER"; do
			ip -n "$ns" link set $link up || return
		done
	done
	ip -n "$DEMO_CLIENT" addr add $client4/24 dev lan0 &&
		ip -n "$DEMO_SERVER" addr add $server4/24 dev lan0 &&
		ip -n "$DEMO_CLIENT" addr add $client6/64 dev wan0 nodad &&
		ip -n "$DEMO_SERVER" addr add $server6/64 dev wan0 nodad || return
	# neighbours get to know each other, and the links come up, before anyone looks
	tries=100
	until client ping $server6 0 --timeout 2 2>/dev/null && client ping $server4 0 --timeout 2; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return
		sleep 0.05
	done
}

bold='' plain=''
[ -t 1 ] && bold=$(printf '\033[1m') plain=$(printf '\033[0m')

# show TITLE SCRIPT TRAFFIC
show()
{
	printf '\n%s%s%s\n$ dtrace -s examples/%s %s %s\n' "$bold" "$1" "$plain" "$2" $client4 $client6
	timeout 20 "$DTRACE" -s "$top/examples/$2" -c "sh '$top/examples/demo.sh' --traffic $3" \
		$client4 $client6 || die "dtrace ended with status $?"
}

[ "$(id -u)" = 0 ] || die "needs root: sudo ./demo"
[ -x "$DTRACE" ] && [ -x "$TRAFFIC" ] || die "not built: make demo does that"
export DEMO_CLIENT="dtnet-$$-client" DEMO_SERVER="dtnet-$$-server"
DEMO_DIR=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-demo.XXXXXX") || die "no temporary directory"
export DEMO_DIR
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
network_up || die "cannot make the demo's network"
show "TCP connections, state by state, as they change" state-changes.d states
show "How long it takes to connect" connect-latency.d latency
show "Sizes of IP payloads on each interface" payload-sizes.d sizes
printf '\n'
