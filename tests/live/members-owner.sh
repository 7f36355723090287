#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# cs_pid, cs_execname, cs_uid, cs_cgroup, cs_cgroupname, cs_netns: at least 99.9 % of the packets of each kind of
# traffic are their process's,
# in both directions. The processes say themselves whose the sockets are (owners.c), and each packet is compared.
. "$(dirname "$0")/lib.sh"
. "$live/members.bash"
net_up
build_helpers

members='
cs_pid | %d | args[1]->cs_pid
cs_execname | %s | args[1]->cs_execname
cs_uid | %d | args[1]->cs_uid
cs_cgroup | %d | args[1]->cs_cgroup
cs_cgroupname | %s | args[1]->cs_cgroupname
cs_netns | %s | args[1]->cs_netns'

script=
for probe in 'tcp:::send sport dport' 'tcp:::receive dport sport' 'udp:::send sport dport' 'udp:::receive dport sport'; do
	read -r probe local remote <<<"$probe"
	protocol=${probe%%:*}
	script+="$probe /args[1]->cs_addr != 0/ { $(printing "$members" "%s $protocol %d %d %d" \
		"probename, args[4]->${protocol}_$local, args[4]->${protocol}_$remote, timestamp") }"
done

# In a cgroup of their own, where there is a mount in which to make it: its id is that of the directory.
mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
if [ -n "$mount" ] && mkdir "$mount/dtn-$$" 2>/dev/null; then
	cgroup=$(stat -c %i "$mount/dtn-$$")
	trap 'rmdir "$mount/dtn-$$"; cleanup' EXIT
else
	mount=
	cgroup=1
fi

in_cgroup()
{
	# shellcheck disable=SC2016
	sh -c '[ -z "$1" ] || echo $$ >"$1/cgroup.procs"; shift; exec ip netns exec "$@"' - \
		"${mount:+$mount/dtn-$$}" "$NA" "$@"
}

# Names: as a process there has them; a cgroup that no mount shows has no path.
# shellcheck disable=SC2016
read -r path netns < <(in_cgroup sh -c 'echo $(sed -n s/^0:://p /proc/self/cgroup) $(ip netns identify $$)')
grep -q ' cgroup2 ' /proc/self/mounts || path=1

# judge KINDS: each packet of the claims' sockets against the last claim before it
judge()
{
	awk -v kinds="$1" -v where="$cgroup $path $netns" '
	function latest(key, at,   i, found)
	{
		found = ""
		for (i = 1; i <= n[key]; i++)
			if (time[key, i] + 0 <= at + 0 && (found == "" || time[key, i] + 0 >= time[key, found] + 0))
				found = i
		return found
	}
	FILENAME ~ /claims/ {
		key = $2 " " $3 " " $4
		n[key]++
		kind[key, n[key]] = $1; who[key, n[key]] = $5 " " $7 " " $8 " " where; time[key, n[key]] = $6; till[key, n[key]] = $9
		next
	}
	{
		key = $2 " " $3 " " $4
		best = latest(key, $5)
		if (best == "") {
			key = $2 " " $3 " 0"
			best = latest(key, $5)
		}
		if (best == "") next
		k = kind[key, best]
		found = $6 " " $7 " " $8 " " $9 " " $10 " " $11
		if ($5 + 0 < till[key, best] + 0 && found != who[key, best]) {
			# the one before it on this connection, else its listener
			now = latest(key, time[key, best] - 1)
			if (now == "") {
				key = $2 " " $3 " 0"
				now = latest(key, $5)
			}
			best = now
		}
		all[k " " $1]++
		if (found == who[key, best]) right[k " " $1]++
		else if (wrong[k]++ < 5) print "# wrong: " $0 ", its process: " who[key, best] " (" k ")" >"/dev/stderr"
	}
	END {
		count = split(kinds, want, " ")
		for (i = 1; i <= 2 * count; i++) {
			w = want[int((i + 1) / 2)] (i % 2 ? " send" : " receive")
			percent = all[w] ? 100 * right[w] / all[w] : 0
			printf("# %-24s %6d of %6d packets right: %.3f %%\n", w, right[w], all[w], percent) >"/dev/stderr"
			print w, (percent >= 99.9 ? "right" : "wrong")
		}
	}' "$T"/claims* "$2"
}

ln -s "$bin/owners" "$T/heir"
chmod 711 "$T"
in_cgroup "$bin/owners" "$A4" older "$T/go" >"$T/claims1" 2>"$T/ready" &
older=$!
our_pids+=("$older")
until_true 30000 grep -q ready "$T/ready" || die "the older sockets do not come up"
# segments in TIME_WAIT have no socket, so nobody owns them
dtrace_start owners -b 64m -qn "$script"
touch "$T/go"
wait "$older" || die "the older sockets failed"
forget "$older"
in_cgroup setpriv --reuid=65534 "$bin/owners" "$A4" "$T/heir" >"$T/claims2" || die "owners failed"
dtrace_stop owners
printf '%s\n' "$OUT" >"$T/packets"
kinds='forking pre-forking passed inherited renamed in-flight udp-connected
	udp-unconnected older older-waiting'
expected=
for kind in $kinds; do
	expected+="$kind send right"$'\n'"$kind receive right"$'\n'
done
is "owners: the right process" "${expected%$'\n'}" "$(judge "$kinds" "$T/packets")"

# Names are compared, are keys, and become their numbers when what they name is gone.
one_datagram() { "$@" "$bin/traffic" udp-client 127.0.0.1 9 --talk c1 >/dev/null; }
gone=dtn-$$-m
ip netns add "$gone" || die "no third namespace"
our_netns+=("$gone")
ip -n "$gone" link set lo up
inode=$(stat -L -c %i "/run/netns/$gone")
[ -z "$mount" ] || mkdir "$mount/dtn-$$/below" || die "no cgroup below"
below=${mount:+$(stat -c %i "$mount/dtn-$$/below")}
dtrace_start names -qn '
udp:::send /args[1]->cs_netns == "'"$NA"'" && args[1]->cs_cgroupname == "'"$path"'" && args[1]->cs_netns != "'"$NB"'"/ {
	this->netns = args[1]->cs_netns;
	seen[this->netns] = args[1]->cs_cgroupname;
	@["both", this->netns, seen["'"$NA"'"]] = count(); }
udp:::send /args[1]->cs_zoneid == '"$inode"'/ {
	@[args[1]->cs_netns == "'"$gone"'" ? "gone" : "", args[1]->cs_netns,
	    args[1]->cs_cgroup == '"${below:-1}"' ? args[1]->cs_cgroupname : "wrong"] = count(); }
END { printa("%s %s %s %@d\n", @); }'
one_datagram in_cgroup
one_datagram in_cgroup
one_datagram in_b
# shellcheck disable=SC2016
one_datagram sh -c '[ -z "$1" ] || echo $$ >"$1"; shift; exec ip netns exec "$@"' - \
	"${mount:+$mount/dtn-$$/below/cgroup.procs}" "$gone"
ip netns del "$gone"
[ -z "$mount" ] || until_true 30000 rmdir "$mount/dtn-$$/below" || die "the cgroup stays"
dtrace_stop names
is "names: compared, as keys, and gone" "both $NA $path 2"$'\n'"gone $inode ${below:-$path} 1" "$(grep . <<<"$OUT" | sort)"
