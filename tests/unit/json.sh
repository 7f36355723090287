# SPDX-License-Identifier: BSD-2-Clause
# -x oformat=json, on the BPF machine: against docs/output.schema.json, and against what the script
# says must be in it. json_judge.py is the judge: Python's parser, and a validator that is not ours.
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	echo "ok - JSON # SKIP there is no python3-jsonschema"
	exit 0
fi
exec python3 tests/unit/json_judge.py "${DTRACE:-build/dtrace}"
