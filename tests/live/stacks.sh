#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: takes minutes: only by name
# stack() and ustack() of a program whose functions we know, where it sends; names from its symbols, from a file of
# debugging symbols, of a container's file system, and of one that is gone. The kernel's names by /proc/kallsyms.
. "$(dirname "$0")/lib.sh"
net_up
build_helpers

# deep FILE [PREFIX...]: a copy of the helper sends three datagrams and waits while the tracer looks; sets $OUT, $PID
deep()
{
	local file=$1 name helper
	shift
	name=$(basename "$file")
	mkfifo "$T/hold" && exec 9<>"$T/hold"
	dtrace_start deep -x switchrate=50ms -x aggrate=50ms -qn "
		udp:::send /execname == \"$name\"/ { printf(\"udp\"); ustack(); @u[ustack(3)] = count(); }
		ip:::send /execname == \"$name\" && args[2]->ip_daddr == \"$B4\"/ { printf(\"ip\"); ustack(3); printf(\"kernel\"); stack(); @k[stack(2)] = count(); }
		ip:::send /execname == \"$name\" && args[2]->ip_daddr == \"$B4\"/ {
			this->at = (uint64_t)((struct sock *)args[1]->cs_addr)->__sk_common.skc_prot->sendmsg;
			printf(\"%a %a %a %s %s\\n\", this->at, this->at + 4, sym(this->at + 4), func(this->at), mod(this->at));
			@s[sym(this->at + timestamp % 4)] = count();
			printf(\"%A %s %s|\\n\", usym(0), ufunc(1), umod(0));
		}"
	in_a "$@" "$file" "$B4" 9 3 wait <"$T/hold" >"$T/deep.pid" 9>&- &
	helper=$!
	our_pids+=("$helper")
	until_true 5000 grep -q '^pid' "$T/deep.pid" || die "no helper"
	PID=$(sed -n 's/^pid \([0-9]*\) .*/\1/p' "$T/deep.pid")
	our_pids+=("$PID")
	until_true 5000 grep -q "^0x0 0x1" "$T/deep.out" || die "nothing was traced"
	sleep 0.3 # the aggregations are read too
	dtrace_stop deep
	exec 9>&- # its input ends, and so does it
	wait "$helper"
	forget "$helper"
	forget "$PID"
	rm "$T/hold"
}

# frames WORD: the stack printed behind the first such word
frames() { awk -v w="$1" '$0 == w { on = 1; next } on && /^              [^ ]/ { print $1; next } { on = 0 }' <<<"$OUT"; }
# once: the same, of one firing
user() { frames "$1" | head -n "$2" | sed 's/+0x[0-9a-f]*$//' | paste -sd ' '; }

cp "$bin/deep" "$T/deepest"
deep "$T/deepest"
want='deepest`deep_inner deepest`deep_outer deepest`deep_main'
is "ustack: at udp:::send, on a packet's hook" "$want" "$(user udp 3)"
is "ustack: at ip:::send, by the kernel" "$want" "$(user ip 3)"
is "ustack: the same addresses by both" "$(frames ip | head -n 3)" "$(frames udp | head -n 3)"
is "ustack: as a key" "3" "$(awk '/deep_main/ { getline; print $1 }' <<<"$(sed -n '/^$/,$p' <<<"$OUT")" | tail -n 1)"
is "ustack: and where in the function" "" \
	"$(frames udp | head -n 3 | grep -vE '^deepest`deep_[a-z]*\+0x[0-9a-f]+$')"

kernel=$(frames kernel | head -n 20)
is "stack: every function is one that the kernel has" "" \
	"$(sed 's/^[^`]*`//; s/+0x.*//' <<<"$kernel" | sort -u | grep -vxF -f <(awk '{ print $3 }' /proc/kallsyms))"
matches "stack: it comes from sendto(2)" '^vmlinux`(__sys_sendto|__x64_sys_sendto|__arm64_sys_sendto)\+0x' "$kernel"
is "stack: and not from our own program" "" "$(grep -E 'bpf_|__traceiter' <<<"$kernel")"
function='vmlinux`udp_sendmsg'
is "sym, mod, %a: a function by its address" "$function $function+0x4 $function $function vmlinux" \
	"$(grep -F "$function $function" <<<"$OUT" | sort -u)"
is "sym: addresses of one function are one key" "$function 3" "$(awk -v f="$function" '$1 == f && NF == 2 { print $1, $2 }' <<<"$OUT")"
is "usym: where nothing is, the number" 3 "$(grep -cxF '0x0 0x1 0x0|' <<<"$OUT")"
is "stack: two frames as a key" 3 "$(tail -n 8 <<<"$OUT" | awk 'NF == 1 && $1 ~ /^[0-9]+$/ { print $1; exit }')"

# Stripped, its symbols in a file beside it.
objcopy --only-keep-debug "$T/deepest" "$T/apart.debug"
strip -o "$T/apart" "$T/deepest"
(cd "$T" && objcopy --add-gnu-debuglink=apart.debug apart)
deep "$T/apart"
is "ustack: names from a file of debugging symbols" "${want//deepest/apart}" "$(user udp 3)"
rm "$T/apart.debug"
deep "$T/apart"
is "ustack: without names, the file and the address" 'apart' "$(frames udp | head -n 1 | sed 's/`0x[0-9a-f]*$//')"

# In another mount namespace, where alone its file is.
mkdir "$T/inside"
cat >"$T/enter" <<S
#!/bin/sh
mount -t tmpfs none "$T/inside" && cp "$T/deepest" "$T/inside/hidden" && shift && exec "$T/inside/hidden" "\$@"
S
chmod +x "$T/enter"
deep "$T/inside/hidden" unshare -m "$T/enter"
is "ustack: names of a file that only its own system has" "${want//deepest/hidden}" "$(user udp 3)"

# Gone before it is looked at: its addresses are there.
dtrace_start gone -x switchrate=30s -x aggrate=30s -qn 'udp:::send /execname == "deepest"/ { ustack(3); }'
in_a "$T/deepest" "$B4" 9 1 >/dev/null
dtrace_stop gone
is "ustack: of a process that is gone, three addresses" 3 "$(grep -cE '^ {14}0x[0-9a-f]+$' <<<"$OUT")"
dtrace_run 30 -qn 'udp:::send { stack(); }'
matches "stack: refused where it is not to be had, with what has it" 'hint: ip:::send and ip:::receive have it' "$ERR"
