#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Records are fetched when half of the room for them is used: on the machine, without root.
ENGINE=machine exec bash "$(dirname "$0")/../live/filling.sh"
