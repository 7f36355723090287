#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# make bench: how long dtrace takes to start and what it costs for each event,
# beside bpftrace and beside hand-written BPF (limit/*.bpf.c), under the same
# traffic in a private network namespace, alternating runs, medians. One table
# on standard output, progress on standard error; writes nothing into the tree:
#
#   sudo bench/run.sh >bench/RESULTS.md
#
# RUNS=n ROUNDTRIPS=n CONNECTIONS=n STARTS=n make it longer or shorter.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -u
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
top=$(cd "$(dirname "$0")/.." && pwd)
DTRACE=${DTRACE:-$top/build/dtrace}
RUNS=${RUNS:-7} ROUNDTRIPS=${ROUNDTRIPS:-20000} CONNECTIONS=${CONNECTIONS:-3000} STARTS=${STARTS:-20}
examples=$top/tests/live/examples
W=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-bench.XXXXXX") || exit 1
ns=dtn-bench-$$
held=()

cleanup()
{
	for pid in ${held[@]+"${held[@]}"}; do
		kill -INT "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	ip netns del "$ns" 2>/dev/null
	rm -rf "$W"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

die() { printf 'bench: %s\n' "$*" >&2; exit 1; }
say() { printf '# %s\n' "$*" >&2; }

build()
{
	local cc="${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2"
	[ "$(id -u)" -eq 0 ] || die "needs root"
	[ -x "$DTRACE" ] || die "$DTRACE: not built"
	$cc -o "$W/runner" "$top/bench/limit/runner.c" -lbpf -lelf -lz || die "cannot build the runner"
	$cc -o "$W/traffic" "$top/tests/live/traffic.c" || die "cannot build the traffic generator"
	for name in ex4 ex6; do
		"${CLANG:-clang}" -O2 -g -target bpf -D"__TARGET_ARCH_$(target)" -I"/usr/include/$(uname -m)-linux-gnu" \
			-c "$top/bench/limit/$name.bpf.c" -o "$W/$name.bpf.o" || die "cannot build $name.bpf.c"
	done
	ip netns add "$ns" || die "cannot make a network namespace"
	ip -n "$ns" link set lo up
	ip netns exec "$ns" sysctl -qw net.ipv4.ip_local_port_range='1024 65535' net.ipv4.tcp_tw_reuse=1
}

target() { case $(uname -m) in x86_64) echo x86 ;; aarch64) echo arm64 ;; *) uname -m ;; esac; }

# ---- bpftrace: in a mount namespace of its own, with the file systems it wants ----

cat >"$W/bpftrace.sh" <<'END'
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
exec bpftrace "$@"
END
bpftrace=(unshare -m sh "$W/bpftrace.sh")

# ---- measuring ----

median() { sort -n | awk '{ v[NR] = $1 } END { if (!NR) exit; n = int((NR + 1) / 2); printf "%.1f\n", NR % 2 ? v[n] : (v[n] + v[n + 1]) / 2 }'; }

# hold NAME COMMAND...: starts a tracer in the background; its pid in $held_pid, or fails
hold()
{
	local name=$1 i
	shift
	env --default-signal=INT "$@" >/dev/null 2>"$W/$name.err" </dev/null &
	held_pid=$!
	held+=("$held_pid")
	for ((i = 0; i < 200; i++)); do
		"$W/runner" tracing "$held_pid" && return
		kill -0 "$held_pid" 2>/dev/null || break
		sleep 0.05
	done
	return 1
}

release()
{
	local pid keep=()
	kill -INT "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	for pid in "${held[@]}"; do
		[ "$pid" = "$1" ] || keep+=("$pid")
	done
	held=(${keep[@]+"${keep[@]}"})
}

# cost EXAMPLE TRACER EVENTS TRAFFIC...: ns per event into $W/EXAMPLE.TRACER.ns, runs per event into .runs
cost()
{
	local example=$1 tracer=$2 events=$3 line
	shift 3
	case $tracer in
	limit) hold "$tracer" "$W/runner" hold "$W/$example.bpf.o" ;;
	dtrace) hold "$tracer" "$DTRACE" -s "$examples/$example"-*.d ;;
	plain | named) hold "$tracer" "$DTRACE" -s "$top/bench/owner/$tracer.d" ;;
	bpftrace) hold "$tracer" "${bpftrace[@]}" "$top/bench/limit/$example.bt" ;;
	esac || { say "$example: $tracer does not run here: $(tail -n 1 "$W/$tracer.err")"; return 1; }
	if line=$("$W/runner" cost "$held_pid" "$events" ip netns exec "$ns" taskset -c 0 "$W/traffic" "$@"); then
		cut -d' ' -f1 <<<"$line" >>"$W/$example.$tracer.ns"
		cut -d' ' -f2 <<<"$line" >>"$W/$example.$tracer.runs"
	fi
	release "$held_pid"
}

# costs EXAMPLE TRACERS EVENTS TRAFFIC...; and bpftrace, where it has a script and runs
costs()
{
	local run tracer example=$1 tracers=$2
	set -- "$1" "${@:3}"
	[ -e "$top/bench/limit/$example.bt" ] && cost "$example" bpftrace "${@:2}" && tracers="$tracers bpftrace"
	rm -f "$W/$example".*.ns "$W/$example".*.runs
	for ((run = 1; run <= RUNS; run++)); do
		say "$example: run $run of $RUNS"
		for tracer in $tracers; do
			cost "$example" "$tracer" "${@:2}"
		done
		tracers="${tracers#* } ${tracers%% *}" # each comes first in its turn
	done
}

# ---- the table ----

row() # WHAT UNIT DTRACE OTHER NAME
{
	local ratio=-
	[ -z "$3" ] || [ -z "$4" ] || ratio=$(awk -v a="$3" -v b="$4" 'BEGIN { printf "%.2f", a / b }')
	printf '| %-32s | %4s | %8s | %8s | %-9s | %5s |\n' "$1" "$2" "${3:--}" "${4:--}" "$5" "$ratio"
}

of() { [ -f "$W/$1" ] && median <"$W/$1"; }

report()
{
	local example what instructions firings text json text_keys json_keys
	cat <<-END
	# Benchmark
	$(uname -srm), $(nproc) CPUs, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)
	$(bpftrace --version 2>/dev/null || echo 'no bpftrace'), $(date -u +%Y-%m-%d)

	Medians of $STARTS starts and of $RUNS alternating runs under the same traffic. A ratio
	below 1: dtrace takes less. "-": does not run on this machine.

	| what                             | unit | dtrace   | other    | which     | ratio |
	|----------------------------------|------|---------:|---------:|-----------|------:|
	END
	row 'BEGIN{exit(0)}: complete run' ms "$(of begin.dtrace)" "$(of begin.bpftrace)" bpftrace
	row 'example 6: start until attached' ms "$(of attach.dtrace)" "$(of attach.bpftrace)" bpftrace
	for example in ex4 ex6; do
		what="example ${example#ex}: BPF time per event"
		row "$what" ns "$(of $example.dtrace.ns)" "$(of $example.limit.ns)" 'hand BPF'
		row "$what" ns "$(of $example.dtrace.ns)" "$(of $example.bpftrace.ns)" bpftrace
		row "example ${example#ex}: program runs an event" '' "$(of $example.dtrace.runs)" \
			"$(of $example.limit.runs)" 'hand BPF'
	done
	row 'owners of sockets: time an event' ns "$(of owner.named.ns)" "$(of owner.plain.ns)" 'not asked'
	read -r instructions firings < <("$top/build/bench/machine")
	row 'BPF machine: instructions' 'M/s' "$instructions" '' ''
	row 'BPF machine: @[pid] = count()' 'M/s' "$firings" '' ''
	read -r text json text_keys json_keys < <("$top/build/bench/consumer")
	row 'records printed: text, and JSON' 'M/s' "$text" "$json" 'JSON'
	row 'a million keys: text, and JSON' 's' "$text_keys" "$json_keys" 'JSON'
	cat <<-END

	The traffic runs on one CPU. Example 4: UDP ping-pong over loopback, $ROUNDTRIPS round trips, 4 events each.
	Example 6: $CONNECTIONS TCP connections over loopback, 10 state changes each.
	Owners: datagrams by cs_execname beside datagrams by port, the traffic of example 4; what follows the system calls
	of all processes is in the time.
	Records of a printf() with two numbers and a text; keys from the BPF machine, to the last line. In time of one CPU.
	END
}

build
say "start-up"
"$W/runner" time "$STARTS" "$DTRACE" -qn 'BEGIN{exit(0)}' >"$W/begin.dtrace"
"$W/runner" attach "$STARTS" "$DTRACE" -s "$examples"/ex6-*.d >"$W/attach.dtrace"
if command -v bpftrace >/dev/null; then
	"$W/runner" time "$STARTS" "${bpftrace[@]}" -e 'BEGIN{exit()}' >"$W/begin.bpftrace"
	"$W/runner" attach "$STARTS" "${bpftrace[@]}" "$top/bench/limit/ex6.bt" >"$W/attach.bpftrace"
fi
costs ex4 'limit dtrace' $((ROUNDTRIPS * 4)) pingpong 127.0.0.1 0 --count "$ROUNDTRIPS" --size 100
costs owner 'plain named' $((ROUNDTRIPS * 4)) pingpong 127.0.0.1 0 --count "$ROUNDTRIPS" --size 100
costs ex6 'limit dtrace' $((CONNECTIONS * 10)) connloop 127.0.0.1 0 --count "$CONNECTIONS"
report
