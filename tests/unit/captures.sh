# SPDX-License-Identifier: BSD-2-Clause
# dtrace -r over captures made by hand: every format and link type, bad files, time, view,
# connections. capture_judge.py knows what was put into them.
exec python3 tests/unit/capture_judge.py "${DTRACE:-build/dtrace}"
