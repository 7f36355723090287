#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Emulated: not yet known to pass on each emulated kernel: only by name
# Random D programs in the kernel and on the machine, and over the fields of network probes; `make
# fuzz` runs others.
n=150
[ -z "${EMULATED:-}" ] || n=20
exec bash "$(dirname "$0")/../fuzz/fuzz.sh" "$n" 1000
