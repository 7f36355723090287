#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Records are fetched when half of the room for them is used: in the kernel.
ENGINE=kernel exec bash "$(dirname "$0")/../unit/filling.sh"
