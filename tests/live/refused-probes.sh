#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Probes of other systems that there are not here are refused with what serves instead.
. "$(dirname "$0")/lib.sh"
refused() # PROBE INSTEAD
{
	dtrace_run 20 -n "$1"
	is "$1 is refused" 1 "$STATUS"
	matches "$1: what to use" "$2" "$ERR"
}
refused tcp:::debug-input 'tcp:::receive'
refused tcp:::debug-output 'tcp:::send'
refused tcp:::debug-drop 'tcp:::drop'
refused tcp:::siftr 'tcps_cwnd'
refused sctp:::send 'IPPROTO_SCTP'
