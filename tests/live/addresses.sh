#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Addresses as text that the program makes itself, where they meet other strings: the same text as user space's.
. "$(dirname "$0")/lib.sh"
net_up
# a way out without neighbours to ask for, and without answers
ip -n "$NA" link add sink type veth peer name void || die "cannot make a veth pair"
ip -n "$NA" link set sink arp off up
ip -n "$NA" link set void up
ip -n "$NA" addr add 2001:db8::fe dev sink nodad
ip -n "$NA" -6 route add ::/0 dev sink src 2001:db8::fe
ip -n "$NA" route add default dev sink
port=$((20000 + number)) # of no other test
# as inet_ntop() writes them
addresses="1.2.3.4 10.0.200.99 192.168.100.1 223.255.255.254 100.10.9.200
	2001:db8::1 2001:db8:0:1:1:1:1:1 2001:0:0:1::1 2001:db8::1:0:0:1 2001:db8:1:2:3:4:5:6 2001:db8:1:2:3:4::
	64:ff9b::102:304 2001:db8:a0:b0:c:d0e:f00f:9a 2abc:def0::ffff:a:0 ::1.2.3.4 ::9.0.0.0 2000::"

# shellcheck disable=SC2016
dtrace_start addresses -qn 'string s; int h[string]; this string t;
	udp:::send /args[4]->udp_dport == $1/ {
		this->t = execname;
		this->t = args[2]->ip_daddr;
		h[execname] = 1;
		h[args[2]->ip_daddr] = args[2]->ip_ver;
		printf("%s %s %s %d %d %d\n", args[2]->ip_daddr, this->t, args[2]->ip_ver ? args[2]->ip_daddr : execname,
		    this->t == args[2]->ip_daddr, this->t < args[2]->ip_daddr, h[this->t]);
		@[this->t] = count();
	}
	udp:::send /args[4]->udp_dport == $1 && args[2]->ip_daddr > "2001:db8:0"/ { printf("above %s\n", args[2]->ip_daddr); }
	END { printf("looked up %d %d %d\n", h["1.2.3.4"], h["2001:db8::1"], h["::1.2.3.4"]); printa("count %s %@d\n", @); }' \
	"$port"
for address in $addresses; do
	in_a "$bin/traffic" udp-client "$address" "$port" --talk c1 >/dev/null || die "cannot send to $address"
	version=6
	[ "${address//:/}" = "$address" ] && version=4
	printf '%s %s %s 1 0 %d\n' "$address" "$address" "$address" "$version" >>"$T/expected"
done
dtrace_stop addresses
is "addresses: the same text in the program" "$(cat "$T/expected")" "$(grep '^[0-9a-f:.]* [0-9a-f:]' <<<"$OUT")"
# shellcheck disable=SC2086 # words
is "addresses: their order is that of the text" \
	"$(printf '%s\n' $addresses | awk '$1 "" > "2001:db8:0" { print "above", $1 }')" "$(grep '^above' <<<"$OUT")"
is "addresses: found by their text" "looked up 4 6 6" "$(grep '^looked' <<<"$OUT")"
# shellcheck disable=SC2086
is "addresses: one key each" "$(printf 'count %s 1\n' $addresses | sort)" \
	"$(grep '^count' <<<"$OUT" | sort)"
