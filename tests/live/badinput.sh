#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Bad input: one clear message on standard error, status 1 or 2, nothing run, never a crash.
# shellcheck disable=SC2016 # D, not shell
. "$(dirname "$0")/lib.sh"
cd "$T" || exit 1

# run ARGS...: $STATUS, $OUT, $ERR
run()
{
	timeout -k 2 30 "$DTRACE" "$@" >"$T/out" 2>"$T/err" </dev/null
	STATUS=$?
	OUT=$(tr -d '\0' <"$T/out")
	ERR=$(tr -d '\0' <"$T/err")
}

# bad NAME REGEX ARGS...: refused with a message that the regular expression matches
bad()
{
	local name=$1 regex=$2
	shift 2
	run "$@"
	if [ "$STATUS" -ne 1 ] && [ "$STATUS" -ne 2 ]; then
		not_ok "$name: status" "expected 1 or 2, found $STATUS" "$(head -c 500 <<<"$ERR")"
	elif ! grep -qiE -- "$regex" <<<"$ERR"; then
		not_ok "$name: message" "expected: $regex" "found:" "$(head -c 1000 <<<"$ERR")"
	elif [ -n "$OUT" ]; then
		not_ok "$name: nothing on standard output" "$(head -c 500 <<<"$OUT")"
	else
		ok "$name"
	fi
}

# script NAME TEXT
script() { printf '%s\n' "$2" >"$T/$1"; }

# ---- the language ----
script syntax.d $'BEGIN\n{\n\tprintf("%d\\n", 1 +);\n\texit(0);\n}'
bad 'syntax error: file and line' '^dtrace: failed to compile script syntax\.d: line 3: ' -s syntax.d
matches 'syntax error: the line and a caret' '^ *[~^]*\^' "$(tr '\t' ' ' <<<"$ERR")"
matches 'syntax error: the source line' 'printf\("%d' "$ERR"
script type.d $'BEGIN\n{\n\tx = 1;\n\tx = "text";\n}'
bad 'type error: file and line' 'failed to compile script type\.d: line 4: ' -s type.d
script two.d $'BEGIN { exit(nosuchvariable); }\nEND { trace(nosuchother); }'
bad 'two errors: the first' 'line 1: .*nosuchvariable' -s two.d
matches 'two errors: the second' 'line 2: .*nosuchother' "$ERR"
bad 'unclosed string' 'string|quote|terminat' -n 'BEGIN { printf("abc); }'
bad 'unclosed clause' 'syntax|end of|expected' -n 'BEGIN { exit(0);'
bad 'unclosed comment' 'comment' -n 'BEGIN { exit(0); } /* never'
bad 'stray character' 'expected|character|syntax' -n 'BEGIN { exit(0) @@; }'
bad 'unknown probe' 'invalid probe specifier.*tcp:::sned.*(does not|no) match' -n 'tcp:::sned { exit(0); }'
matches 'unknown probe: the nearest name' 'did you mean tcp:::send\?' "$(sed 's/tcp:::sned//g' <<<"$ERR")"
bad 'three fields' ':tcp::send' -n 'tcp::send { exit(0); }'
matches 'three fields: the description meant' 'did you mean tcp:::send\?' "$ERR"
bad 'two fields' '::tcp:sned' -n 'tcp:sned { exit(0); }'
matches 'two fields: the description meant' 'did you mean tcp:::send\?' "$ERR"
bad 'a module that is no provider' ':tpc::sned' -n 'tpc::sned { exit(0); }'
matches 'a module that is no provider: the nearest name' 'did you mean send\?' "$ERR"
bad 'unknown provider' 'does not match|no .*provider|match' -n 'tpc:::send { exit(0); }'
matches 'unknown provider: the nearest name' 'tcp' "$(sed 's/tpc:::send//g' <<<"$ERR")"
bad 'unknown field' 'ip_sadr' -n 'ip:::send { trace(args[2]->ip_sadr); }'
matches 'unknown field: the nearest name' 'ip_saddr' "$ERR"
bad 'unknown function' 'lquantise' -n 'BEGIN { @ = lquantise(1, 0, 10, 1); }'
matches 'unknown function: the nearest name' 'lquantize' "$ERR"
bad 'unknown variable' 'timestmp' -n 'BEGIN { trace(timestmp); }'
matches 'unknown variable: the nearest name' 'timestamp' "$ERR"
bad 'args[] out of range' 'args\[ ?9 ?\]|index|argument' -n 'tcp:::send { trace(args[9]->ip_saddr); }'
bad 'too few arguments' 'argument|prototype' -n 'BEGIN { exit(); }'
bad 'too many arguments' 'argument|prototype' -n 'BEGIN { exit(1, 2); }'
bad 'wrong type of argument' 'argument|type|incompatible' -n 'BEGIN { exit("zero"); }'
bad 'lquantize without step bounds' 'lquantize' -n 'BEGIN { @ = lquantize(1); }'
bad 'lquantize with bounds exchanged' 'lquantize' -n 'BEGIN { @ = lquantize(1, 100, 0, 1); }'
bad 'printf with too few arguments' 'printf' -n 'BEGIN { printf("%d %d\n", 1); }'
bad 'printf with too many arguments' 'printf' -n 'BEGIN { printf("%d\n", 1, 2); }'
bad 'printf with a wrong type' 'printf' -n 'BEGIN { printf("%d\n", "text"); }'
bad 'printf with an unknown conversion' 'conversion|format|printf' -n 'BEGIN { printf("%&\n", 1); }'
bad 'two functions on one aggregation' 'aggregat|redefin|@a' -n 'BEGIN { @a = count(); @a = sum(1); }'
bad 'two key types of one aggregation' 'key|@a' -n 'BEGIN { @a[1] = count(); @a["x"] = count(); }'
bad 'division by the constant 0' 'zero|0' -n 'BEGIN { trace(1 / 0); }'
bad 'missing macro argument' 'macro argument' -n 'BEGIN { trace($1); exit(0); }'
bad 'unused macro argument' 'argument|extraneous' -n 'BEGIN { exit(0); }' extra

# ---- options and files ----
bad 'unknown option letter' 'usage|option' -Q -n 'BEGIN { exit(0); }'
bad 'no program' 'usage|specif|probe' -q
bad 'unknown -x option' 'swichrate' -x swichrate=10hz -n 'BEGIN { exit(0); }'
matches 'unknown -x option: the nearest name' 'switchrate' "$ERR"
bad 'bad -x value' 'switchrate|sometimes' -x switchrate=sometimes -n 'BEGIN { exit(0); }'
bad 'bad buffer size' 'bufsize|lots' -b lots -n 'BEGIN { exit(0); }'
script pragma.d $'#pragma D option swichrate=10hz\nBEGIN { exit(0); }'
bad 'unknown option in a pragma' 'pragma\.d.*line 1.*swichrate' -s pragma.d
bad 'missing script' 'missing\.d.*No such file' -s missing.d
mkdir -p directory.d
bad 'directory as script' 'directory\.d.*directory' -s directory.d
printf '' >empty.d
bad 'empty script' 'empty|no probes|nothing|syntax|specif' -s empty.d
printf 'BEGIN\n{\n\texit(0);\n}\n\0\0\0\n' >nul.d
bad 'NUL bytes' 'nul\.d|NUL|\\0' -s nul.d
head -c 4096 "$DTRACE" >binary.d
bad 'binary file as script' 'binary\.d' -s binary.d
bad 'output into a missing directory' 'nowhere/out.*No such file' -o nowhere/out -n 'BEGIN { exit(0); }'
bad 'output into a directory' 'directory\.d.*directory' -o directory.d -n 'BEGIN { exit(0); }'

bad 'missing library directory' 'library directory nowhere: No such file' -L nowhere -n 'BEGIN { exit(0); }'
bad 'file as library directory' 'library directory nul\.d: Not a directory' -x libdir=nul.d -n 'BEGIN { exit(0); }'
mkdir -p libs/net.d
bad 'directory as library' 'libs/net\.d: not a regular file' -L libs -n 'tcp:::send { exit(0); }'
rmdir libs/net.d && mkfifo libs/net.d
bad 'FIFO as library' 'libs/net\.d: not a regular file' -L libs -n 'tcp:::send { exit(0); }'
rm libs/net.d && : >libs/net.d
bad 'empty library' 'libs/net\.d was read in place of the built-in library' -L libs -n 'tcp:::send { trace(args[4]->tcp_sport); }'
script deps.d $'#pragma D depends_on library gone.d\nBEGIN { exit(0); }'
bad 'missing library' 'deps\.d: line 1: library gone\.d' -s deps.d

# ---- sizes ----
# sane NAME ARGS...: it works, or is refused with a message; no crash, no hang
sane()
{
	local name=$1
	shift
	run "$@"
	if [ "$STATUS" -eq 0 ] || { [ "$STATUS" -le 2 ] && grep -q '^dtrace: ' <<<"$ERR"; }; then
		ok "$name (status $STATUS${ERR:+, $(head -n 1 <<<"$ERR" | cut -c1-100)})"
	else
		not_ok "$name" "status $STATUS" "$(head -c 500 <<<"$ERR")"
	fi
}
repeat() { head -c "$2" /dev/zero | sed "s/\\x0/$1/g"; }

awk 'BEGIN { for (i = 0; i < 9999; i++) print "BEGIN { n++; }"; print "BEGIN { printf(\"%d\", n); exit(0); }" }' >clauses.d
sane '10,000 clauses' -qs clauses.d
[ "$STATUS" -ne 0 ] || is '10,000 clauses: all ran' 9999 "$OUT"
{ printf 'BEGIN { trace('; repeat '(' 10000; printf 1; repeat ')' 10000; printf '); exit(0); }\n'; } >parens.d
sane '10,000 parentheses' -qs parens.d
{ printf 'BEGIN { trace('; repeat '-' 10000 | sed 's/-/- /g'; printf '1); exit(0); }\n'; } >unary.d
sane '10,000 unary operators' -qs unary.d
{ printf 'BEGIN { trace('; repeat '1+' 10000; printf '1); exit(0); }\n'; } >chain.d
sane '10,000 additions' -qs chain.d
[ "$STATUS" -ne 0 ] || matches '10,000 additions: the sum' '10001' "$OUT"
{ printf 'BEGIN { '; repeat 'if (1) ' 10000; printf 'n = 1; exit(0); }\n'; } >ifs.d
sane '10,000 nested ifs' -qs ifs.d
{ printf 'BEGIN '; repeat '{' 10000; repeat '}' 10000; printf '\n'; } >braces.d
sane '10,000 braces' -qs braces.d
{ printf 'BEGIN { trace("'; repeat x 1048576; printf '"); exit(0); }\n'; } >longline.d
sane 'a line of 1 MB, one string' -qs longline.d
{ printf 'BEGIN { '; repeat x 1048576; printf ' = 1; exit(0); }\n'; } >longname.d
sane 'a line of 1 MB, one name' -qs longname.d
{ repeat ' ' 1048576; printf 'BEGIN { exit(0) '; repeat ' ' 1048576; printf '+; }\n'; } >longerror.d
bad 'an error in a line of 1 MB' 'longerror\.d: line 1' -qs longerror.d
holds 'an error in a line of 1 MB: a short message' "$(wc -c <err) bytes" "$(wc -c <err)" -lt 10000

# ---- output that cannot be written, and privilege: these begin to run ----
[ "$(id -u)" -eq 0 ] || exit 0
# full NAME ARGS...: status 1 and a message, though something was traced before
full()
{
	local name=$1
	shift
	run "$@"
	is "$name: status" 1 "$STATUS"
	matches "$name: message" 'No space left on device' "$ERR"
}
awk 'BEGIN { for (i = 0; i < 40; i++) print "BEGIN { printf(\"%1000s\\n\", \"x\"); }"; print "BEGIN { exit(0); }" }' >wide.d
full 'output to /dev/full' -q -o /dev/full -s wide.d
run -q -s wide.d
is 'the same script writes 40 lines elsewhere' 40 "$(wc -l <<<"$OUT")"
timeout 30 "$DTRACE" -q -s wide.d >/dev/full 2>"$T/err"
is 'standard output is full: status' 1 $?
matches 'standard output is full: message' 'No space left on device' "$(cat err)"
mkdir small
cat >small.sh <<'END'
mount -t tmpfs -o size=8k tmpfs small && exec timeout 30 "$0" -q -o small/out -s wide.d
END
unshare -m sh -c "$(cat small.sh)" "$DTRACE" >out 2>err
is 'a full disk: status' 1 $?
matches 'a full disk: message' 'No space left on device' "$(cat err)"

# without CAPABILITY...: as root, but lacking these
without()
{
	local name=$1 regex=$2 drop=$3
	setpriv --bounding-set "$drop" timeout 30 "$DTRACE" -qn 'BEGIN { printf("ran"); } tcp:::send { exit(0); }' >out 2>err
	is "$name: status" 1 $?
	matches "$name: message" "$regex" "$(cat err)"
	is "$name: nothing ran" "" "$(cat out)"
}
without 'no capability at all' 'CAP_BPF' -all
without 'no CAP_BPF' 'CAP_BPF' -bpf,-sys_admin
without 'no CAP_PERFMON' 'CAP_PERFMON' -perfmon,-sys_admin
without 'no CAP_NET_ADMIN' 'CAP_NET_ADMIN' -net_admin,-sys_admin
setpriv --bounding-set -all,+bpf,+perfmon,+net_admin timeout 30 "$DTRACE" -qn 'BEGIN { exit(0); } tcp:::send { }' >out 2>err
is 'three capabilities suffice' "0 " "$? $(cat err)"
