# SPDX-License-Identifier: BSD-2-Clause
"""Runs dtrace -x oformat=json and judges its lines; prints "ok - WHAT" and "not ok - WHAT"."""
import copy
import glob
import json
import re
import subprocess
import sys

import jsonschema

DTRACE = sys.argv[1]
with open("docs/output.schema.json", encoding="utf-8") as f:
    SCHEMA = json.load(f)
jsonschema.Draft202012Validator.check_schema(SCHEMA)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
failed = False


def check(what, good, detail=""):
    global failed
    failed |= not good
    print(f"{'ok' if good else 'not ok'} - {what}")
    if not good and detail != "":
        print(f"# {detail}"[:600])


def run(*args):
    command = [DTRACE, "-x", "engine=machine", *args]
    done = subprocess.run(command, capture_output=True, timeout=50, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def no_constant(name):
    raise ValueError(f"{name} is no JSON")


def trace(*args):
    """The lines as objects, the exit status and standard error."""
    status, out, err = run("-x", "oformat=json", *args)
    lines = out.decode("utf-8").split("\n")  # an error here is one of the form
    if lines.pop() != "":
        raise ValueError("the last line has no end")
    return [json.loads(line, parse_constant=no_constant) for line in lines], status, err


def of_type(lines, kind):
    return [line for line in lines if line["type"] == kind]


def actions(lines):
    return [a for r in of_type(lines, "record") for a in r["actions"]]


def refused(line):
    return next(iter(VALIDATOR.iter_errors(line)), None)


def values_test():
    lines, status, _ = trace("-n", r"""
        BEGIN {
            x = 5; self->p = 7;
            printf("%d %s|%5d %x %%\n", x + self->p * 2, "a\"\\\n\001", -3, (x - 1) * 2);
            trace(18446744073709551615ULL);
            trace((int64_t)-9223372036854775807 - 1);
            trace("\303\251\377\300\200\355\240\200");
            printf("%*d", 4, x);
            exit(3);
        }""")
    check("lines begin and end the trace",
          lines[0]["type"] == "start" and lines[-1]["type"] == "end" and len(lines) == 3, lines)
    check("the exit status", status == 3 and lines[-1]["status"] == 3, lines[-1])
    check("times are in order", lines[0]["time"] <= lines[1]["time"] <= lines[2]["time"], lines)
    probe = lines[1]["probe"]
    check("the probe", (probe["provider"], probe["name"]) == ("dtrace", "BEGIN"), probe)
    printed, unsigned, signed, text, star = actions(lines)
    check("printf(): values",
          [v["value"] for v in printed["values"]] == [19, 'a"\\\n\x01', -3, 8], printed)
    check("printf(): names",
          [v["name"] for v in printed["values"]]
          == ["x + self->p * 2", '"a\\"\\\\\\n\\001"', "-3", "(x - 1) * 2"], printed)
    check("printf(): each as printed",
          [v["text"] for v in printed["values"]] == ["19", 'a"\\\n\x01', "   -3", "8"], printed)
    check("printf(): all as printed", printed["text"] == '19 a"\\\n\x01|   -3 8 %\n', printed)
    check("2^64 - 1", unsigned["values"][0]["value"] == 2**64 - 1, unsigned)
    check("-2^63", signed["values"][0]["value"] == -(2**63), signed)
    # overlong and surrogates are no UTF-8 either
    check("what is no UTF-8: replaced", text["values"][0]["value"] == "\u00e9" + "\ufffd" * 6, text)
    check("what is no UTF-8: its bytes",
          bytes.fromhex(text["values"][0]["bytes"]) == b"\xc3\xa9\xff\xc0\x80\xed\xa0\x80", text)
    check("a width from the arguments", star["text"] == "   5" and len(star["values"]) == 1, star)
    return lines


def print_test():
    """print(): a struct over the 16 bytes of this command's name."""
    lines, _, _ = trace("-n", r"""
        enum word { DTRA = 0x61727464 };
        struct half { char c; unsigned char u; };
        struct name {
            union { struct half h[2]; enum word w; };
            unsigned int lo : 4, : 4, hi : 12;
            struct { void *none; };
        };
        BEGIN { print(*(struct name *)curthread->comm); print(-1); print("t\303"); exit(0); }""")
    struct, number, text = [a["values"][0] for a in actions(lines)]
    check("print(): a struct by member",
          struct["value"] == {"h": [{"c": ord("d"), "u": ord("t")}, {"c": ord("r"), "u": ord("a")}],
                              "w": "DTRA", "lo": 3, "hi": 0x65, "none": 0}, struct)
    check("print(): the type", (struct["type"], number["type"]) == ("struct name", "int"), struct)
    check("print(): as printed", struct["text"].startswith("struct name {\n    union  {\n"), struct)
    check("print(): a number and a text", (number["value"], text["value"]) == (-1, "t\ufffd"), text)
    return lines


def bin_of(buckets, value):
    return [b for b in buckets if b["low"] <= value <= b["high"]]


def aggregations_test():
    values = [-(2**63), -9, -1, 0, 1, 5, 12, 999, 1500, 2**63 - 1]
    clauses = "".join(f"@q = quantize({v}LL); @l = lquantize({v}LL, -10, 13, 4);"
                      f"@m = llquantize({v}LL, 10, 0, 4, 20);"
                      for v in values).replace("-9223372036854775808LL", "-9223372036854775807LL-1")
    lines, _, _ = trace("-n", "BEGIN { " + clauses + """
            @s["k", -2] = sum(40); @s["k", -2] = sum(2); @c["k", -2] = count();
            printa("%s/%d: %@d %@d\\n", @s, @c); exit(0); }""")
    printa = actions(lines)[0]
    row = printa["rows"][0]
    check("printa(): keys and values",
          ([k["value"] for k in row["keys"]], row["values"]) == (["k", -2], [42, 1]), printa)
    check("printa(): names of keys",
          [k.get("name") for k in row["keys"]] == ['"k"', "-2"], row)
    check("printa(): as printed", row["text"] == "k/-2: 42 1\n", row)
    check("what printa() printed does not come again at the end",
          [a["aggregations"][0]["name"] for a in of_type(lines, "aggregation")] == ["q", "l", "m"])
    for a in of_type(lines, "aggregation"):
        buckets = a["rows"][0]["values"][0]
        function = a["aggregations"][0]["function"]
        check(f"{function}(): every value is in one bucket",
              all(len(bin_of(buckets, v)) == 1 for v in values), buckets)
        check(f"{function}(): a bucket counts what lies in it",
              all(b["count"] == sum(b["low"] <= v <= b["high"] for v in values) for b in buckets),
              buckets)
    return lines


def faults_test():
    lines, _, err = trace("-n", "BEGIN { y = 0; z = 1; trace(1 / y); } ERROR { trace(arg4); exit(0); }")
    fault = of_type(lines, "fault")
    check("a fault", len(fault) == 1 and fault[0]["kind"] == "divide-by-zero"
          and fault[0]["statement"] == 3 and fault[0]["enabling"] == 1, fault)
    check("a fault is on standard error too", "dtrace: " + fault[0]["message"] in err, err)
    check("ERROR comes behind it", lines.index(fault[0]) < lines.index(of_type(lines, "record")[0]))
    return lines


def losses_test():
    n = 300
    lines, _, err = trace("-x", "bufsize=4096", "-n", "BEGIN { n = 0; }"
                          + "BEGIN { trace(n++) }" * n + "tick-100ms { trace(n); exit(0); }")
    lost = sum(x["count"] for x in of_type(lines, "loss") if x["kind"] == "drop")
    got = [a["values"][0]["value"] for a in actions(lines)]
    check("records and drops together are all", lost > 0 and got == list(range(len(got)))
          and len(got) + lost == n + 1,
          f"{len(got)} + {lost}")
    told = sum(int(m) for m in re.findall(r"dtrace: (\d+) drops? on CPU", err))
    check("drops are on standard error too", told == lost, err)
    return lines


def joined_test():
    """A clause cut in parts: its records are one object."""
    lines, _, _ = trace("-s", "tests/lang/tst.large.one-clause.d")
    return lines


def lang_test():
    """Everything that the language tests print."""
    bad = different = n = 0
    for script in sorted(glob.glob("tests/lang/tst.*.d")):
        base = script[:-2]
        if ".large" in script or glob.glob(base + ".args"):
            continue
        if ".system" in script or ".freopen" in script:
            continue  # others write to the same output, or what is said goes elsewhere
        lines, _, _ = trace("-q", "-s", script)
        errors = [e for e in map(refused, lines) if e]
        if errors:
            bad += 1
            print(f"# {script}: {errors[0].message[:200]}")
        n += len(lines)
        if any(a["action"] != "printf" for a in actions(lines)) or of_type(lines, "aggregation"):
            continue
        with open(base + ".out", encoding="utf-8", errors="replace") as f:
            if "".join(a["text"] for a in actions(lines)) + "\n" != f.read():  # the empty line
                different += 1
                print(f"# {script}: other text")
    check(f"the schema takes what the language tests print ({n} lines)", bad == 0 and n > 200)
    check("the text is that of the text form", different == 0)


def schema_test(lines):
    """It refuses what is wrong: a member less, one more, another type."""
    taken = 0
    for line in {json.dumps(sorted(x)): x for x in lines}.values():
        for name in line:
            less, other = copy.deepcopy(line), copy.deepcopy(line)
            del less[name]
            other[name] = {"no": 1}
            optional = name in ("address", "statement", "cpu")
            taken += (not refused(less) and not optional) + (not refused(other))
        taken += not refused({**line, "more": 1})
    check("the schema refuses lines that are wrong", taken == 0, taken)


every = values_test() + print_test() + aggregations_test() + faults_test() + losses_test()
wrong = [e for e in map(refused, every) if e]
check(f"the schema takes every line ({len(every)})", not wrong, wrong and wrong[0].message)
schema_test(every)
lang_test()
sys.exit(failed)
