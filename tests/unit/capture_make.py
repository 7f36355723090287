# SPDX-License-Identifier: BSD-2-Clause
"""Makes capture files for tests: packets by hand, in each format and link type."""
import ipaddress
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    s = sum(struct.unpack(f">{len(data) // 2}H", data))
    while s >> 16:
        s = (s & 0xFFFF) + (s >> 16)
    return ~s & 0xFFFF


def ip(src, dst, protocol, payload, ident=0, fragment=0, ttl=64):
    a, b = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    if a.version == 4:
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload) & 0xFFFF, ident, fragment, ttl,
                           protocol, 0, a.packed, b.packed)
        return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload
    return struct.pack(">IHBB16s16s", 6 << 28, len(payload) & 0xFFFF, protocol, ttl, a.packed,
                       b.packed) + payload


def tcp(src, sport, dst, dport, flags, seq, ack=0, data=b"", window=65535, options=b"", **kw):
    options += b"\1" * (-len(options) % 4)
    head = struct.pack(">HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF,
                       (20 + len(options)) // 4 << 4, flags, window, 0, 0)
    return ip(src, dst, 6, head + options + data, **kw)


def udp(src, sport, dst, dport, data=b"", **kw):
    return ip(src, dst, 17, struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data, **kw)


def ether(packet, tags=()):
    kind = 0x0800 if packet[0] >> 4 == 4 else 0x86DD
    head = b"\2\0\0\0\0\1\2\0\0\0\0\2"
    for tag in tags:
        head += struct.pack(">HH", 0x8100, tag)
    return head + struct.pack(">H", kind) + packet


def cooked(packet, kind=0):
    proto = 0x0800 if packet[0] >> 4 == 4 else 0x86DD
    return struct.pack(">HHH8sH", kind, 1, 6, b"\0" * 8, proto) + packet


def cooked2(packet, kind=0):
    proto = 0x0800 if packet[0] >> 4 == 4 else 0x86DD
    return struct.pack(">HHIHBB8s", proto, 0, 2, 1, kind, 6, b"\0" * 8) + packet


def null(packet, order="<"):
    return struct.pack(order + "I", 2 if packet[0] >> 4 == 4 else 30) + packet


def ppp(packet):
    return b"\xff\x03" + struct.pack(">H", 0x21 if packet[0] >> 4 == 4 else 0x57) + packet


def pcap(frames, link=1, order="<", nano=False):
    """frames: (ns, bytes) or (ns, bytes, length on the wire)."""
    out = struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 262144,
                      link)
    for time, data, *length in frames:
        part = time % 10**9 // (1 if nano else 1000)
        out += struct.pack(order + "IIII", time // 10**9, part, len(data),
                           length[0] if length else len(data)) + data
    return out


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I",
                                                                               len(body) + 12)


def section(order="<", options=b""):
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options)


def interface(order="<", link=1, options=b"", snaplen=0):
    return block(order, 1, struct.pack(order + "HHI", link, 0, snaplen) + options)


def packet(time, data, order="<", on=0, options=b"", length=None, per_second=10**6):
    stamp = time * per_second // 10**9
    return block(order, 6, struct.pack(order + "IIIII", on, stamp >> 32, stamp & 0xFFFFFFFF,
                                       len(data), length or len(data)) + data
                 + b"\0" * (-len(data) % 4) + options)


class Connection:
    """Both ends of a connection, told as packets; each call gives one, and the time moves on."""

    def __init__(self, client="10.0.0.1", server="10.0.0.2", port=40000, to=80, at=10**18,
                 seq=(1000, 5000)):
        self.ends = [(client, port), (server, to)]
        self.seq = list(seq)
        self.time = at
        self.frames = []

    def send(self, end, flags, data=b"", step=10**6, seq=None, ack=None, lost=False, **kw):
        me, peer = self.ends[end], self.ends[not end]
        at = self.seq[end] if seq is None else seq
        p = tcp(*me, *peer, flags, at, (self.seq[not end] if ack is None else ack)
                if flags & ACK else 0, data, **kw)
        if seq is None:
            self.seq[end] += len(data) + bool(flags & SYN) + bool(flags & FIN)
        if not lost:
            self.frames.append((self.time, ether(p)))
        self.time += step
        return p

    def open(self):
        self.send(0, SYN, options=b"\2\4\5\xb4\3\3\7")
        self.send(1, SYN | ACK, options=b"\2\4\5\xb4\3\3\7")
        self.send(0, ACK)
        return self

    def close(self, first=0):
        self.send(first, FIN | ACK)
        self.send(not first, ACK)
        self.send(not first, FIN | ACK)
        self.send(first, ACK)
        return self
