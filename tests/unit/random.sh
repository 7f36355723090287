#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Random D programs on the machine, those of integers against gcc; `make fuzz` runs others.
[ -r /sys/kernel/btf/vmlinux ] || { echo "ok - random # SKIP this kernel has no types (/sys/kernel/btf/vmlinux)" && exit 0; }
KERNEL=no exec bash tests/fuzz/fuzz.sh 100 1
