#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Random D programs on the machine, those of integers against gcc; `make fuzz` runs others.
KERNEL=no exec bash tests/fuzz/fuzz.sh 100 1
