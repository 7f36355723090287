# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the tests of examples 7 and 8 share: programs that move bytes and say how many (calls.c), what the
# script's table says of them, and what is left in its procs[].

# sink NAMESPACE NAME KIND ADDRESS COUNT OPTIONS...: in the background; sets $PORT
shopt -s extglob
sinks=0
movers=()
sink()
{
	local out
	sinks=$((sinks + 1))
	out=$T/said.sink.$sinks
	: >"$out"
	ip netns exec "$1" "$bin/calls" "${@:2}" >"$out" 2>"$out.err" &
	movers+=("$!")
	our_pids+=("$!")
	until_true 30000 grep -q '^port ' "$out" || die "no sink: $(cat "$out.err")"
	PORT=$(sed -n 's/^port //p' "$out")
}

# source_of NAMESPACE NAME KIND ADDRESS COUNT OPTIONS...: to $PORT, in the background
source_of()
{
	sinks=$((sinks + 1))
	ip netns exec "$1" "$bin/calls" "${@:2:3}" "$PORT" "${@:5}" >"$T/said.source.$sinks" 2>"$T/said.source.$sinks.err" &
	movers+=("$!")
	our_pids+=("$!")
}

# movers_wait: all of them have done what they were told
movers_wait()
{
	local pid status
	for pid in "${movers[@]}"; do
		wait "$pid"
		status=$?
		forget "$pid"
		[ "$status" -eq 0 ] || die "a program that moves bytes ended with status $status: $(cat "$T"/said.*.err)"
	done
	movers=()
}

# said: what the programs moved, by their own count
said() { cat "$T"/said.sink.+([0-9]) "$T"/said.source.+([0-9]) 2>/dev/null | grep -v '^port ' | sort; }

# told NAME: what the script's tables say, summed over its ticks, of our network
told()
{
	awk -v net=" $A4 $B4 $A6 $B6 " 'NF == 6 && index(net, " " $2 " ") && index(net, " " $4 " ") {
		sum[$1 " " $2 " " $3 " " $4 " " $5] += $6
	}
	END { for (key in sum) print key, sum[key] }' "$T/$1.out" | sort
}

# same_bytes WHAT NAME: what the tables of NAME say is what the programs say. What TCP had to send again is in the
# tables alone: where the kernel counts such segments, so many bytes may be too many, and else none.
same_bytes()
{
	local again
	again=$(($(counter "$NA" TcpRetransSegs) + $(counter "$NB" TcpRetransSegs)))
	if [ "$again" -eq 0 ]; then
		is "$1" "$(said)" "$(told "$2")"
		return
	fi
	is "$1 ($again segments sent again)" "$(said)" "$(forgiven $((again * 1448)) "$2")"
}

# forgiven BYTES NAME: the tables less what is too much in a row, up to so many bytes in each
forgiven()
{
	awk -v most="$1" 'NR == FNR { said[$1 " " $2 " " $3 " " $4 " " $5] = $6; next }
	{ key = $1 " " $2 " " $3 " " $4 " " $5; over = $6 - said[key]
	  print key, over > 0 && over <= most ? said[key] : $6 }' <(said) <(told "$2") | sort
}

# ticks_pass NAME: whatever happened so far is in the script's tables
ticks_pass()
{
	local n
	n=$(grep -ac ' total: ' "$T/$1.out")
	until_true 30000 more_ticks "$1" $((n + 2)) || die "$1: no ticks"
}

more_ticks() { [ "$(grep -ac ' total: ' "$T/$1.out")" -ge "$2" ]; }

# procs_left PREFIX: how many elements of the tracer's array procs hold a name that begins so
procs_left()
{
	local id wanted
	wanted=$(printf '%s' "$1" | od -An -tx1 | sed 's/^ *//')
	for id in $(cat /proc/"$TRACER"/fdinfo/* 2>/dev/null | sed -n 's/^map_id:[[:space:]]*//p' | sort -un); do
		bpftool map show id "$id" 2>/dev/null | grep -q 'name procs ' || continue
		bpftool map dump id "$id" | grep -c "value: $wanted"
		return
	done
	printf 'no map\n'
}
