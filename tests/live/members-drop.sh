#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Members that are about a drop: the place against the kernel's own list of symbols, the reason against what was done.
. "$(dirname "$0")/lib.sh"
. "$live/members.bash"
net_up

dtrace_start members -qn 'udp:::drop /args[2]->ip_saddr == "'"$A4"'" || args[2]->ip_saddr == "'"$A6"'"/ {
	printf("%s %x %s\n", args[6]->drop_reason, args[6]->drop_location, args[6]->drop_symbol); }'
in_a "$bin/traffic" udp-client "$B4" 9 --talk c1 >/dev/null
in_a "$bin/traffic" udp-client "$B6" 9 --talk c1 >/dev/null
dtrace_stop members
# the symbol at or before the place, and how far before
places=$(grep . <<<"$OUT" | while read -r _ location _; do
	awk -v at="$(printf '%016x' "0x$location")" '$2 ~ /^[tTwW]$/ && $1 <= at && $1 >= best { best = $1; name = $3 }
		END { print best, name }' /proc/kallsyms | {
		read -r start name
		printf '%s+0x%x\n' "$name" $((0x$location - 0x$start))
	}
done)
table="
drop_reason | %s | args[6]->drop_reason | NO_SOCKET
drop_location | %x | args[6]->drop_location | =location
drop_symbol | %s | args[6]->drop_symbol | =symbol"
holds "both datagrams" "$OUT" "$(grep -c . <<<"$OUT")" -eq 2
judged "a closed port" "$table" "$(grep . <<<"$OUT")" \
	"$(paste -d ' ' <(grep . <<<"$OUT" | awk '{ print "location=" $2 }') <(sed 's/^/symbol=/' <<<"$places"))"
