# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034
# What the live tests share: a private network, traffic, captures, the tracer, verdicts.
#
# A test sources this, asks for a network with net_up, starts tracers with
# dtrace_start, makes traffic, and compares with is/matches. Everything made
# here is unmade by the exit trap, on failure too; only processes started here
# are ever signalled, by their ids.
#
# The tracer sees the whole machine, so tests that run at the same time have different
# addresses, and look at these and at their own interfaces only ($number).
set -u
export LC_ALL=C
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
live=$top/tests/live
examples=$live/examples
DTRACE=${DTRACE:-$top/build/dtrace}
bin=${LIVE_BIN:-$top/build/tests}
PATH=$PATH:/usr/sbin:/sbin
T=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-live.XXXXXX") || exit 1
our_pids=()
our_netns=()
# shellcheck source=../verdicts.sh
. "$top/tests/verdicts.sh"

die()
{
	printf 'not ok - %s: %s\n' "$(basename "$0")" "$*"
	exit 1
}

skip_all()
{
	printf 'ok - %s # SKIP %s\n' "$(basename "$0")" "$*"
	exit 0
}

# ---- clean-up ----

cleanup()
{
	local status=$? pid ns
	trap - EXIT INT TERM
	for pid in "${our_pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	for ns in "${our_netns[@]}"; do
		ip netns del "$ns" 2>/dev/null
	done
	if [ "$failures" -ne 0 ] && [ -n "${KEEP:-}" ]; then
		printf '# files kept in %s\n' "$T"
	else
		rm -rf "$T"
	fi
	[ "$failures" -eq 0 ] || status=1
	exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

forget()
{
	local pid keep=()
	for pid in "${our_pids[@]}"; do
		[ "$pid" = "$1" ] || keep+=("$pid")
	done
	our_pids=(${keep[@]+"${keep[@]}"})
}

# ---- helpers in C ----

build_helpers()
{
	local name
	mkdir -p "$bin"
	for name in "$live"/*.c; do
		name=$(basename "$name" .c)
		case $name in test_*) continue ;; esac # made by make, of our sources
		[ "$bin/$name" -nt "$live/$name.c" ] && continue
		${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2 -pthread -o "$bin/$name.$$" "$live/$name.c" || die "cannot build $name"
		mv "$bin/$name.$$" "$bin/$name"
	done
}

# ---- network ----

# Two namespaces, $NA and $NB, joined by $IA (in A) and $IB (in B), with $A4 $B4 $A6 $B6.
net_up()
{
	local net ns
	[ "$(id -u)" -eq 0 ] || skip_all "needs root to make network namespaces"
	number_take
	NA=dtn-$number-a NB=dtn-$$-b IA=da$$ IB=db$$
	net=198.18.$number # 198.18.0.0/15 is for tests like these
	A4=$net.1 B4=$net.2 R4=$net.9
	printf -v net '2001:db8:%x:%x' $((0xd70 + $$ / 65536)) $(($$ % 65535 + 1))
	A6=$net::a B6=$net::b R6=$net::c
	ip netns add "$NB" || die "cannot make a network namespace"
	our_netns+=("$NB")
	for ns in "$NA" "$NB"; do
		ip -n "$ns" link set lo up
	done
	ip -n "$NA" link add "$IA" type veth peer name "$IB" netns "$NB" || die "cannot make a veth pair"
	net_side "$NA" "$IA"
	net_side "$NB" "$IB"
	net_addresses "$NA" "$IA" "$A4" "$A6"
	net_addresses "$NB" "$IB" "$B4" "$B6"
	net_settle
}

# number_take: sets $number, less than 250, which no other test on this machine has: who has it has made the
# namespace of that name.
number_take()
{
	for number in $(seq $(($$ % 250)) 249) $(seq 0 $(($$ % 250 - 1))); do
		ip netns add "dtn-$number-a" 2>/dev/null || continue
		our_netns+=("dtn-$number-a")
		return
	done
	die "cannot make a network namespace"
}

net_side()
{
	ip netns exec "$1" ethtool -K "$2" tso off gso off gro off tx off rx off >/dev/null 2>&1
	# nothing that comes at its own time: router solicitations, late multicast reports, tail loss probes
	ip netns exec "$1" sysctl -qw net.ipv6.conf."$2".router_solicitations=0 \
		net.ipv6.conf."$2".addr_gen_mode=1 net.ipv6.conf."$2".mldv2_unsolicited_report_interval=1 \
		net.ipv4.tcp_early_retrans=0
	ip -n "$1" link set "$2" up
}

net_addresses()
{
	ip -n "$1" addr add "$3/24" dev "$2"
	ip -n "$1" -6 addr add "$4/64" dev "$2" nodad
}

# Neighbours are known beforehand, so no ARP and no neighbour discovery mixes with the traffic.
net_settle()
{
	local ma mb
	ma=$(mac_of "$NA" "$IA") mb=$(mac_of "$NB" "$IB")
	ip -n "$NA" neigh replace "$B4" lladdr "$mb" dev "$IA" nud permanent
	ip -n "$NA" neigh replace "$B6" lladdr "$mb" dev "$IA" nud permanent
	ip -n "$NB" neigh replace "$A4" lladdr "$ma" dev "$IB" nud permanent
	ip -n "$NB" neigh replace "$A6" lladdr "$ma" dev "$IB" nud permanent
	until_true 30000 in_a "$bin/traffic" ping "$B6" 0 || die "IPv6 does not come up"
	until_true 30000 in_a "$bin/traffic" ping "$B4" 0 || die "IPv4 does not come up"
}

# wires_up: after net_up, for tcpways: two more links, $WA4 to $WB4 and $WA6 to $WB6, that it is itself the wire of
wires_up()
{
	local ns
	[ -e /dev/net/tun ] || modprobe tun 2>/dev/null
	[ -e /dev/net/tun ] || skip_all "no tunnels here"
	WA4=${A4%.*}.65 WB4=${A4%.*}.66 WA6=${A6%::*}::65 WB6=${A6%::*}::66
	wire_side "$NA" wire4 "$WA4" peer "$WB4"
	wire_side "$NB" wire4 "$WB4" peer "$WA4"
	wire_side "$NA" wire6 "$WA6" peer "$WB6" nodad
	wire_side "$NB" wire6 "$WB6" peer "$WA6" nodad
	for ns in "$NA" "$NB"; do
		ip netns exec "$ns" sysctl -qw net.ipv4.tcp_fastopen=0x207 net.core.somaxconn=65535 \
			net.ipv4.tcp_syncookies=0 net.ipv4.tcp_max_syn_backlog=8192 net.ipv4.tcp_tw_reuse=1 \
			net.ipv4.tcp_early_retrans=0 net.ipv4.ip_local_port_range="1024 65000"
	done
}

# wire_side NAMESPACE NAME ADDRESS...
wire_side()
{
	ip -n "$1" tuntap add dev "$2" mode tun || die "cannot make a tunnel"
	ip -n "$1" link set "$2" up txqueuelen 10000
	ip -n "$1" addr add "${@:3}" dev "$2"
}

# ways_run COUNT WAY...: so many connections of each way and family; what there was in $T/ways4 and $T/ways6
ways_run()
{
	local four
	"$bin/tcpways" "$NA" wire4 "$WA4" "$NB" wire4 "$WB4" "$@" >"$T/ways4" &
	four=$!
	"$bin/tcpways" "$NA" wire6 "$WA6" "$NB" wire6 "$WB6" "$@" >"$T/ways6" || not_ok "ways over IPv6"
	wait "$four" || not_ok "ways over IPv4"
}

# net_slow MS: the network of net_up anew, where each packet takes that long; $SLOW is the process of the wire
net_slow()
{
	local middle=dtn-$$-m
	ip netns add "$middle" || die "cannot make a network namespace"
	our_netns+=("$middle")
	ip -n "$NA" link del "$IA"
	ip netns exec "$middle" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip -n "$NA" link add "$IA" type veth peer name wa netns "$middle"
	ip -n "$NB" link add "$IB" type veth peer name wb netns "$middle"
	net_side "$middle" wa
	net_side "$middle" wb
	net_side "$NA" "$IA"
	net_side "$NB" "$IB"
	ip netns exec "$middle" "$bin/slow" wa wb "$1" &
	SLOW=$!
	our_pids+=("$SLOW")
	net_addresses "$NA" "$IA" "$A4" "$A6"
	net_addresses "$NB" "$IB" "$B4" "$B6"
	net_settle
}

mac_of() { ip netns exec "$1" cat "/sys/class/net/$2/address" 2>/dev/null || ip -n "$1" -o link show "$2" | sed 's/.*ether \([^ ]*\).*/\1/'; }

# until_true MS COMMAND...: the command succeeds before the time is up
until_true()
{
	local left=$(($1 / 20))
	shift
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep 0.02
	done
}

# Linux 6.12 (ba8de796baf4): kfree_skb names the receiving socket, so segments taken in in TIME_WAIT are seen.
shows_time_wait()
{
	bpftool btf dump file /sys/kernel/btf/vmlinux format c | grep -q 'btf_trace_kfree_skb)(.*struct sock \*'
}

# active_close: how the end that closes first does it: at once, or, where segments in TIME_WAIT are not
# seen, so that none come: its socket stays until the other end's FIN
active_close() { if shows_time_wait; then echo active; else echo shutdown; fi; }

in_a() { ip netns exec "$NA" "$@"; }
in_b() { ip netns exec "$NB" "$@"; }

# counter NAMESPACE NAME: one of the kernel's counters, as nstat names them
counter() { ip netns exec "$1" nstat -asz "$2" 2>/dev/null | awk -v n="$2" '$1 == n { print $2 }'; }

# total NAMESPACE NAME...: the sum of counters
total()
{
	ip netns exec "$1" nstat -asz "${@:2}" 2>/dev/null | awk '!/^#/ { sum += $2 } END { print sum + 0 }'
}

# ---- large scripts ----

# each FROM TO TEMPLATE: the template once for each number, which stands where a # does
each()
{
	TEMPLATE=$3 awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i <= to; i++) {
			text = ENVIRON["TEMPLATE"]
			gsub(/#/, i, text)
			print text
		}
	}'
}

# filler FROM TO PROBE: five clauses for each number, of the usual kinds, that print nothing themselves; for a
# probe of ip, tcp or udp that has a packet. @fill is the caller's to empty.
filler()
{
	local field
	case $3 in
	ip:*) field=ipv4_protocol ;;
	*) field=${3%%:*}_dport ;;
	esac
	each "$1" "$2" "$3 { @fill[args[2]->ip_saddr, #] = count(); }
$3 /args[4]->$field == # && args[2]->ip_plength > 1000000/ { printf(\"never %d %s\\n\", #, args[2]->ip_daddr); }
$3 { fill[#, args[2]->ip_ver]++; }
$3 /args[2]->ip_daddr == \"192.0.2.#\"/ { never++; }
$3 { last# = args[2]->ip_plength + #; }"
}

# ours EXPRESSION: in D, that it is one of the network's addresses
ours()
{
	local address text=''
	for address in "$A4" "$A6" "$B4" "$B6"; do
		text+="${text:+ || }$1 == \"$address\""
	done
	printf '%s\n' "$text"
}

# loads NAME [ARGS...]: dtrace_try of $T/NAME.d, a failure of the test if it does not trace
loads()
{
	dtrace_try "$1" "${@:2}" -qs "$T/$1.d" && return
	not_ok "$1.d loads" "$ERR"
	return 1
}

# dtrace_run SECONDS ARGS...: to its end; $STATUS, $OUT, $ERR
dtrace_run()
{
	timeout -k 2 "$1" "$DTRACE" "${@:2}" >"$T/run.out" 2>"$T/run.err" </dev/null
	STATUS=$?
	OUT=$(tr -d '\0' <"$T/run.out")
	ERR=$(tr -d '\0' <"$T/run.err")
}

# ---- traffic ----

# server_start NAMESPACE KIND ADDRESS ARGS...: sets $PORT and $SERVER
server_start()
{
	local ns=$1 out
	shift
	out=$T/server.$RANDOM
	: >"$out"
	ip netns exec "$ns" "$bin/traffic" "$1" "$2" 0 "${@:3}" >"$out" 2>"$out.err" &
	SERVER=$!
	our_pids+=("$SERVER")
	until_true 30000 grep -q '^port ' "$out" || die "no server: $(cat "$out.err")"
	PORT=$(sed -n 's/^port //p' "$out")
}

server_wait()
{
	local status
	wait "$SERVER"
	status=$?
	forget "$SERVER"
	[ "$status" -eq 0 ] || die "the server ended with status $status: $(cat "$T"/server.*.err)"
}

# odd_server ADDRESS ARGS...: oddtcp serves in B; sets $PORT and $SERVER
odd_server()
{
	: >"$T/odd.out"
	in_b "$bin/oddtcp" serve "$1" 0 "${@:2}" >"$T/odd.out" 2>"$T/odd.err" &
	SERVER=$!
	our_pids+=("$SERVER")
	until_true 30000 grep -q '^port ' "$T/odd.out" || die "no server"
	PORT=$(sed -n 's/^port //p' "$T/odd.out")
}

# conversation tcp|udp SERVER-ADDRESS PLAN [--server ARGS] -- CLIENT-ARGS: B serves, A asks; sets $PORT and $LPORT
conversation()
{
	local kind=$1 addr=$2 plan=$3 server_args=()
	shift 3
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		server_args+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	server_start "$NB" "$kind-server" "$addr" --talk "$plan" ${server_args[@]+"${server_args[@]}"}
	LPORT=$(in_a "$bin/traffic" "$kind-client" "$addr" "$PORT" --talk "$plan" "$@") || die "the client failed"
	LPORT=${LPORT#port }
	server_wait
}

# ---- captures ----

# capture_start NAMESPACE INTERFACE FILE
capture_start()
{
	ip netns exec "$1" tcpdump -i "$2" -p --immediate-mode -U -s 256 -w "$3" 2>"$3.err" &
	our_pids+=($!)
	printf '%s\n' "$!" >"$3.pid"
	until_true 30000 grep -q 'listening on' "$3.err" || die "tcpdump does not start: $(cat "$3.err")"
}

# capture_stop FILE...: they must all be of the veth pair; a last datagram tells when everything is written
capture_stop()
{
	local file pid
	in_a "$bin/traffic" udp-client "$B4" 9 --talk c1 >/dev/null
	for file; do
		until_true 30000 capture_has_mark "$file" || die "tcpdump lost the last packet of $file"
		pid=$(cat "$file.pid")
		kill -INT "$pid"
		wait "$pid"
		forget "$pid"
		"$bin/pcapls" "$file" | grep -v "^udp $A4 [0-9]* $B4 9 " | grep -vF "1 $B4 0 $A4 0 37 37" >"$file.txt"
	done
}

capture_has_mark() { "$bin/pcapls" "$1" | grep -q "^udp $A4 [0-9]* $B4 9 "; }

# ---- the tracer ----

# dtrace_start NAME ARGS...: runs it in the background until it traces; output in $T/NAME.out and .err
dtrace_start()
{
	dtrace_try "$@" || die "dtrace ${*:2} does not trace: $(head -c 2000 "$T/$1.err")"
}

# dtrace_try NAME ARGS...: the same, but fails, with the reason in $ERR, when it ends before it traces
dtrace_try()
{
	local name=$1
	shift
	# bash starts background commands with SIGINT ignored, which programs inherit
	env --default-signal=INT "$DTRACE" "$@" >"$T/$name.out" 2>"$T/$name.err" </dev/null &
	TRACER=$!
	our_pids+=("$TRACER")
	"$bin/watch" tracing "$TRACER" "${START_MS:-120000}" && return
	kill -KILL "$TRACER" 2>/dev/null
	wait "$TRACER" 2>/dev/null
	forget "$TRACER"
	ERR=$(tr -d '\0' <"$T/$name.err" | head -c 1000)
	return 1
}

# dtrace_stop NAME: Ctrl-C; its status in $STATUS, its output in $OUT, its messages in $ERR
dtrace_stop()
{
	dtrace_signal INT "$1"
	is "$1: ends with status 0 on SIGINT" 0 "$STATUS"
	is "$1: nothing was dropped" "" "$(printf '%s' "$ERR" | grep -i drop)"
}

dtrace_signal()
{
	kill -"$1" "$TRACER"
	{ # without the shell's "Killed"
		if "$bin/watch" gone "$TRACER" 15000; then
			wait "$TRACER"
			STATUS=$?
		else
			kill -KILL "$TRACER"
			wait "$TRACER"
			STATUS="none within 15 s"
		fi
	} 2>/dev/null
	forget "$TRACER"
	OUT=$(tr -d '\0' <"$T/$2.out")
	ERR=$(tr -d '\0' <"$T/$2.err")
}

build_helpers
[ -x "$DTRACE" ] || [ -n "${HARNESS_ONLY:-}" ] || die "$DTRACE: not built"
