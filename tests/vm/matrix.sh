#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# matrix.sh [KERNEL...]: the live tests on each kernel of the matrix, one after the other; the tree must
# be built. What each one came to in a line; a kernel that cannot be had here is skipped, with the reason.
# Exit status 0: nothing failed; the last line is "N passed, N failed" with the totals of all.
#
# MATRIX_LIMIT: seconds for everything. Kernels share what is left of it, so a machine that hangs ends.
set -u
[ $# -gt 0 ] || set -- 6.1 6.1-rt 6.12
vm=$(cd "$(dirname "$0")" && pwd)
fetch=${MATRIX_FETCH:-$vm/fetch.sh} run=${MATRIX_RUN:-$vm/run.sh} # a test puts others here
end=$((SECONDS + ${MATRIX_LIMIT:-3600}))
passed=0 failed=0 skipped=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/dtrace-matrix.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT

skip()
{
	printf 'SKIP %s: %s\n' "$1" "$2"
	skipped=$((skipped + 1))
}

# Nothing of these can be had: no kernel is tried.
missing()
{
	local tool
	for tool in ${MATRIX_TOOLS-qemu-system-x86_64 cpio depmod}; do
		command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null ||
			printf '%s ' "$tool"
	done
}

# count KERNEL STATUS: of what the machine printed; one that did not come to its last line failed, whatever passed
count()
{
	local good bad last
	last=$(grep -v '^$' "$tmp/out" | tail -n 1)
	case $last in
	*" passed, "*" failed")
		good=${last%% *}
		bad=${last#* passed, } bad=${bad% failed}
		[ "$2" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
		;;
	*)
		good=$(sed -n 's/^PASS .*(\([0-9]*\) tests.*/\1/p' "$tmp/out" | awk '{ n += $1 } END { print n + 0 }')
		bad=$(($(grep -c '^FAIL ' "$tmp/out") + 1))
		printf 'FAIL %s: the machine did not come to its end (exit status %s)\n' "$1" "$2"
		;;
	esac
	passed=$((passed + good)) failed=$((failed + bad))
	printf 'On %s: %d passed, %d failed (%d s)\n' "$1" "$good" "$bad" $((SECONDS - begun))
}

left=$#
without=$(missing)
for kernel; do
	begun=$SECONDS
	time=$(((end - SECONDS) / left))
	left=$((left - 1))
	if [ -n "$without" ]; then
		skip "$kernel" "not here: $without"
	elif [ "$time" -lt "${MATRIX_LEAST:-180}" ]; then
		printf 'FAIL %s: there is no time left for it\n' "$kernel"
		failed=$((failed + 1))
	elif ! bash "$fetch" "$kernel" >/dev/null 2>"$tmp/why"; then
		skip "$kernel" "$(head -c 1000 "$tmp/why")"
	else
		VM_LIMIT=$((time - 60)) bash "$run" "$kernel" 2>&1 | tee "$tmp/out"
		count "$kernel" "${PIPESTATUS[0]}"
	fi
done
[ "$skipped" -eq 0 ] || echo "$skipped kernels skipped"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
