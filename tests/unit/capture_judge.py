# SPDX-License-Identifier: BSD-2-Clause
"""dtrace -r over files that capture_make.py makes, against what was put into them."""
import gzip
import os
import subprocess
import sys
import tempfile

import capture_make as c

dtrace = sys.argv[1]
failed = 0
T = 1_700_000_000 * 10**9


def check(what, ok, why=""):
    global failed
    failed += not ok
    print(("ok - " if ok else "not ok - ") + what)
    if not ok and why != "":
        print("# " + str(why).replace("\n", "\n# "))


def run(files, *script, stdin=None):
    args = [dtrace, "-q"]
    with tempfile.TemporaryDirectory() as d:
        for i, data in enumerate(files):
            name = os.path.join(d, str(i))
            with open(name, "wb") as f:
                f.write(data)
            args += ["-r", name]
        if stdin is not None:
            args += ["-r", "-"]
        p = subprocess.run([*args, *script], input=stdin, capture_output=True, timeout=60)
    return p.stdout.decode(), p.stderr.decode(), p.returncode


TELL = 'ip:::send { printf("%d %s %s %d\\n", timestamp, args[2]->ip_saddr, args[2]->ip_daddr, ' \
       'args[2]->ip_plength); }'


def formats_test():
    packets = [c.udp("192.0.2.1", 5, "192.0.2.2", 53, b"query"),
               c.udp("2001:db8::1", 5, "2001:db8::2", 53, b"longer query")]
    want = f"{T} 192.0.2.1 192.0.2.2 13\n{T + 1000} 2001:db8::1 2001:db8::2 20\n\n"

    def frames(link):
        return [(T + i * 1000, link(p)) for i, p in enumerate(packets)]

    plain = c.pcap(frames(c.ether))
    ng = c.section() + c.interface() + b"".join(c.packet(*f) for f in frames(c.ether))
    big = c.section(">") + c.interface(">", options=c.option(">", 9, b"\x09")) \
        + b"".join(c.packet(*f, ">", per_second=10**9) for f in frames(c.ether))
    files = {
        "pcap": plain,
        "pcap, nanoseconds": c.pcap(frames(c.ether), nano=True),
        "pcap of the other byte order": c.pcap(frames(c.ether), order=">"),
        "pcap, nanoseconds, of the other byte order": c.pcap(frames(c.ether), order=">", nano=True),
        "pcapng": ng,
        "pcapng of the other byte order, nanoseconds": big,
        "pcapng with an unknown block": c.section() + c.block("<", 0xBAD, b"x" * 40) + ng[28:],
        "gzip": gzip.compress(plain),
        "two members of gzip": gzip.compress(plain[:50]) + gzip.compress(plain[50:]),
        "zstd": subprocess.run(["zstd", "-q", "-c"], input=ng, capture_output=True).stdout,
        "VLAN tags": c.pcap(frames(lambda p: c.ether(p, (5, 7)))),
        "Linux cooked": c.pcap(frames(c.cooked), link=113),
        "Linux cooked, version 2": c.pcap(frames(c.cooked2), link=276),
        "raw IP": c.pcap(frames(lambda p: p), link=101),
        "null": c.pcap(frames(c.null), link=0),
        "loop": c.pcap(frames(lambda p: c.null(p, ">")), link=108),
        "PPP": c.pcap(frames(c.ppp), link=9),
    }
    for what, data in files.items():
        # cooked packets of type 0 are received: both have their way
        script = TELL.replace("ip:::send", "ip:::receive")
        out, err, status = run([data], "-n", script)
        check("format: " + what, out == want and status == 0 and not err, out + err)
    out, err, _ = run([], "-n", TELL, stdin=plain)
    check("standard input", out == want, out + err)
    halves = [c.pcap([f]) for f in frames(c.ether)]
    out, err, _ = run(halves[::-1], "-n", TELL)
    check("two files are merged by time", out == want, out + err)
    # records are sorted by time, so that does not show in which order the probes fired
    out, err, _ = run(halves[::-1], "-n", 'ip:::send { printf("%d %d\\n", n++, args[2]->ip_ver); }')
    check("the older one fires first", out == "0 4\n1 6\n\n", out + err)


def broken_test():
    whole = c.pcap([(T + i, c.ether(c.udp("192.0.2.1", i, "192.0.2.2", 53))) for i in range(9)])
    script = ["-n", "ip:::send { @ = count(); }"]
    for what, data, message in [
        ("empty", b"", "the file is empty"),
        ("no capture", b"#!/bin/sh\nexit 0\n", "this is no capture file"),
        ("cut in its head", whole[:20], "in the middle of its head"),
        ("impossible length", whole[:24 + 58 + 8] + b"\xff\xff\xff\x7f" + whole[24 + 58 + 12:],
         "a packet of 2147483647 bytes cannot be"),
        ("802.11", c.pcap([(T, b"x" * 60)], link=105), "link type 105 (IEEE 802.11)"),
        ("a block of 4 GiB", c.section() + b"\6\0\0\0\xfc\xff\xff\xff" + b"\0" * 90,
         "a block of 4294967292 bytes cannot be"),
        ("an interface that is not there", c.section() + c.packet(T, b"x" * 60, on=3), "interface 3"),
    ]:
        out, err, status = run([data], *script)
        check("refused: " + what, message in err and err.count("\n") == 1 and status == 1, err)
    out, err, status = run([whole[:-3]], *script)
    check("what is whole in a cut file is traced", out.split() == ["8"] and status == 1
          and "ends in the middle of a packet" in err, out + err)


def times_test():
    frames = [(T + i * 10**8, c.ether(c.udp("192.0.2.1", i, "192.0.2.2", 53))) for i in range(25)]
    out, err, _ = run([c.pcap(frames)], "-n", "BEGIN, END, tick-1s { printf(\"%s %d\\n\", probename, "
                      "timestamp); } ip:::send { n++; } tick-1s { printf(\"%d\\n\", n); }")
    check("BEGIN, END and ticks have the capture's time",
          out == f"BEGIN {T}\ntick-1s {T + 10**9}\n11\ntick-1s {T + 2 * 10**9}\n21\n"
          f"END {T + 24 * 10**8}\n\n", out + err)
    out, _, _ = run([c.pcap(frames)], "-n", 'ip:::send { printf("%Y", walltimestamp); exit(3); }')
    check("exit() ends it", out == "2023 Nov 14 22:13:20\n", out)
    out, _, _ = run([c.pcap(frames)], "-n", "ip:::send { @ = count(); } tick-1s { printa(@); }")
    check("printa() has what came before", out.split() == ["11", "21"], out)


def directions_test():
    a, b = "192.0.2.1", "192.0.2.2"
    frames = [(T, c.ether(c.udp(a, 1, b, 53))), (T + 1, c.ether(c.udp(b, 53, a, 1)))]
    script = ["-n", 'ip:::send, ip:::receive, udp:::send, udp:::receive { printf("%s:%s %s\\n", '
              'probeprov, probename, args[2]->ip_saddr); }']

    def lines(*probes):
        return "".join(p + "\n" for p in probes)

    both = lines(*(f"{p}:{n} {s}" for s in (a, b) for p in ("ip", "udp")
                   for n in ("send", "receive")))
    one = lines(f"ip:send {a}", f"udp:send {a}", f"ip:receive {b}", f"udp:receive {b}")
    check("nobody is local: both ends", run([c.pcap(frames)], *script)[0] == both + "\n")
    check("-x local", run([c.pcap(frames)], "-x", f"local={a}", *script)[0] == one + "\n")
    check("-x local, a network", run([c.pcap(frames)], "-x", "local=10.0.0.0/8,192.0.2.0/31",
                                     *script)[0] == one + "\n")
    flags = [c.option("<", 2, bytes([way, 0, 0, 0])) for way in (2, 1)]
    ng = c.section() + c.interface() + b"".join(
        c.packet(*f, options=o) for f, o in zip(frames, flags))
    check("flags of pcapng", run([ng], *script)[0] == one + "\n")
    ng = c.section() + c.interface(options=c.option("<", 4, bytes([192, 0, 2, 1, 255, 255, 255, 0]))) \
        + b"".join(c.packet(*f) for f in frames)
    check("addresses of pcapng's interfaces", run([ng], *script)[0] == one + "\n")
    cooked = [(T, c.cooked(c.udp(a, 1, b, 53), 4)), (T + 1, c.cooked(c.udp(b, 53, a, 1), 0))]
    check("cooked packets", run([c.pcap(cooked, link=113)], *script)[0] == one + "\n")
    _, err, status = run([c.pcap(frames)], "-x", "local=nowhere", *script)
    check("-x local is checked", status == 1 and "not 'nowhere'" in err, err)


def remarks_test():
    count = ["-n", "tcp:::send { @ = count(); }"]
    k = c.Connection().open()
    k.send(0, c.ACK, b"x" * 10, lost=True)
    k.send(0, c.ACK, b"y" * 10)
    k.send(1, c.ACK)
    out, err, status = run([c.pcap(k.frames)], *count)
    check("a gap is told", "1 gap was seen" in err and err.count("\n") == 1 and not status, err)
    frames = [(T + i * 1000, c.ether(c.udp("192.0.2.1", 1, "192.0.2.2", 53))) for i in (5, 3, 9, 8)]
    out, err, status = run([c.pcap(frames)], "-n", "ip:::send { @ = count(); }")
    check("time that goes back is told", "2 packets were older" in err and out.split() == ["4"]
          and not status, err)
    ng = c.section() + c.interface() + c.packet(*frames[0]) + c.block(
        "<", 5, b"\0" * 12 + c.option("<", 5, (7).to_bytes(8, "little")))
    out, err, status = run([ng], "-n", "ip:::send { @ = count(); }")
    check("what the capture has lost is told", "7 packets were lost" in err and not status, err)


STATES = 'tcp:::state-change { printf("%d %d %d\\n", args[3]->tcps_lport, args[5]->tcps_state, ' \
         'args[3]->tcps_state); }'
CLIENT, SERVER = 40000, 80


def states(connection):
    out, err, _ = run([c.pcap(connection.frames)], "-n", STATES)
    return [tuple(map(int, line.split())) for line in out.splitlines() if line], err


def connections_test():
    opened = [(CLIENT, 0, 2), (SERVER, 1, 3), (CLIENT, 2, 4), (SERVER, 3, 4)]
    got, err = states(c.Connection().open().close())
    check("states of a connection", got == opened + [
        (CLIENT, 4, 6), (SERVER, 4, 5), (CLIENT, 6, 9), (SERVER, 5, 8), (CLIENT, 9, 10),
        (SERVER, 8, 0)], f"{got} {err}")
    k = c.Connection().open()
    k.send(0, c.FIN | c.ACK)
    k.send(1, c.FIN | c.ACK, ack=k.seq[0] - 1)
    k.send(0, c.ACK)
    k.send(1, c.ACK)
    got, err = states(k)
    # what was sent has come, as far as a tap can tell: the server answers with its FIN
    check("simultaneous close", got == opened + [
        (CLIENT, 4, 6), (SERVER, 4, 5), (SERVER, 5, 8), (CLIENT, 6, 7), (SERVER, 8, 0),
        (CLIENT, 7, 10)], f"{got} {err}")
    k = c.Connection()
    k.send(0, c.SYN)
    k.send(1, c.RST | c.ACK)
    got, err = states(k)
    check("refused", got == [(CLIENT, 0, 2), (CLIENT, 2, 0)], f"{got} {err}")
    out, err, _ = run([c.pcap(k.frames)], "-n", "tcp:::connect-refused, tcp:::accept-refused, "
                      "tcp:::connect-request { printf(\"%s %d\\n\", probename, args[3]->tcps_lport); }")
    check("refused, both ends", out == "connect-request 40000\naccept-refused 80\n"
          "connect-refused 40000\n\n", out + err)
    k = c.Connection().open()
    k.send(1, c.RST | c.ACK)
    got, err = states(k)
    check("reset", got == opened + [(SERVER, 4, 0), (CLIENT, 4, 0)], f"{got} {err}")
    k = c.Connection()
    for _ in range(3):
        k.send(0, c.ACK, b"x" * 10)
    k.close()
    got, err = states(k)
    check("open before the capture begins", got[0] == (CLIENT, 4, 6) and len(got) == 6,
          f"{got} {err}")


def retransmissions_test():
    k = c.Connection().open()
    k.send(0, c.ACK | c.PSH, b"a" * 100)
    again = k.seq[0] - 100
    k.send(0, c.ACK | c.PSH, b"a" * 100, seq=again)
    k.send(1, c.ACK)
    k.send(0, c.ACK, b"\0", seq=k.seq[0] - 1)  # keep-alive
    k.send(1, c.ACK)
    out, err, _ = run([c.pcap(k.frames)], "-n", "tcp:::send /args[3]->tcps_retransmit/ { n++; } "
                      "tcp:::retransmit { m++; } END { printf(\"%d %d\", n, m); }")
    check("retransmissions, keep-alives are none", out.split() == ["1", "1"], out + err)
    k = c.Connection().open()
    first = k.seq[0]
    k.seq[0] += 100
    k.send(0, c.ACK, b"b" * 100, step=100000)
    k.send(0, c.ACK, b"a" * 100, seq=first)
    k.send(1, c.ACK)
    out, err, _ = run([c.pcap(k.frames)], "-n", "tcp:::retransmit { n++; } END { trace(n); }")
    check("out of order is not sent again", out.split() == ["0"], out + err)
    out, err, _ = run([c.pcap(k.frames)], "-n", "tcp:::receive { printf(\"%d \", args[3]->tcps_rnxt "
                      "== args[4]->tcp_seq); }")
    check("the number expected next", out.split() == list("001011"), out + err)


def refusals_test():
    one = c.pcap([(T, c.ether(c.udp("192.0.2.1", 5, "192.0.2.2", 53)))])
    for script, message in [
        ("tcp:::send { trace(args[3]->tcps_cwnd); }", "congestion window"),
        ("udp:::send { trace(args[1]->cs_addr); }", "no sockets"),
        ("fbt::soreceive:entry { }", "running kernel alone"),
        ("tcp:::drop { }", "running kernel alone"),
    ]:
        _, err, status = run([one], "-n", script)
        check("refused: " + script, status == 1 and message in err, err)
    for options, message in [(["-c", "true"], "-c"), (["-p", "1"], "-p"), (["-w"], "-w")]:
        _, err, status = run([one], *options, "-n", "BEGIN { exit(0); }")
        check("refused: " + options[0], status == 1 and message in err, err)


formats_test()
broken_test()
times_test()
directions_test()
remarks_test()
connections_test()
retransmissions_test()
refusals_test()
sys.exit(failed != 0)
