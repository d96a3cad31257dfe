# SPDX-License-Identifier: Apache-2.0
"""The other end of a guest's network cable: a router with DHCP, DHCPv6 and the time, in this process.

QEMU sends each Ethernet frame as a datagram, and takes one as a frame. Wire answers ARP and
neighbour solicitations for the router's addresses, DHCPv4, router solicitations, DHCPv6 and NTP.
"""

import ipaddress
import socket
import struct
import threading
import time

MAC = bytes.fromhex("525400aaaaaa")
ROUTER4, GUEST4 = "192.0.2.1", "192.0.2.77"
ROUTER6, GUEST6 = "fe80::1", "2001:db8:5::77"
PREFIX6 = "2001:db8:5::"
DNS4, DNS_RA, DNS_DHCP6 = "192.0.2.53", "2001:db8:5::53", "2001:db8:5::54"
NTP_ERA = 2208988800  # seconds from 1900 to 1970
ALL_NODES_MAC = bytes.fromhex("333300000001")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def packed(address):
    return ipaddress.ip_address(address).packed


def ipv4(source, target, protocol, payload):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, source, target)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def ipv6(source, target, following, payload):
    return struct.pack(">IHBB16s16s", 6 << 28, len(payload), following, 255, source, target) + payload


def with_sum(source, target, protocol, data, at):
    """data with the checksum of its transport at that place."""
    pseudo = source + target + (struct.pack(">BBH", 0, protocol, len(data)) if len(source) == 4 else
                                struct.pack(">IxxxB", len(data), protocol))
    return data[:at] + struct.pack(">H", checksum(pseudo + data) or 0xFFFF) + data[at + 2:]


def udp(source, target, from_port, to_port, data):
    data = struct.pack(">HHHH", from_port, to_port, 8 + len(data), 0) + data
    data = with_sum(source, target, 17, data, 6)
    return ipv4(source, target, 17, data) if len(source) == 4 else ipv6(source, target, 17, data)


def icmp6(source, target, data):
    return ipv6(source, target, 58, with_sum(source, target, 58, data, 2))


def options6(data):
    """DHCPv6 options: code -> value."""
    found = {}
    while len(data) >= 4:
        code, length = struct.unpack(">HH", data[:4])
        found[code] = data[4:4 + length]
        data = data[4 + length:]
    return found


def option6(code, value):
    return struct.pack(">HH", code, len(value)) + value


class Wire:
    """Use as a context manager; qemu() gives the machine's options.

    managed, informed: routers tell hosts to ask DHCPv6, for addresses or for the rest. autonomous: the
    prefix of routers is for addresses. confirms: DHCPv6 knows leases of before. vlan: who is not in it
    (0: has a tag) is not answered; nobody is if silent is set. clock: what NTP says, a function. heard:
    kinds of requests that came, such as "ntp". net6: the first three groups of its IPv6 addresses.
    """

    def __init__(self, vlan=0, net6="2001:db8:5"):
        self.managed = self.informed = self.autonomous = True
        self.vlan, self.confirms, self.silent = vlan, True, False
        self.prefix6, self.guest6 = f"{net6}::", f"{net6}::77"
        self.dns_ra, self.dns_dhcp6 = f"{net6}::53", f"{net6}::54"
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.other.bind(("127.0.0.1", 0))
        self.peer = self.other.getsockname()
        self.clock, self.heard = time.time, set()
        self.guest_mac = bytes(6)
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def qemu(self, name="wire"):
        local, peer = self.sock.getsockname()[1], self.peer[1]
        self.other.close()
        return ["-netdev", f"socket,id={name},udp=127.0.0.1:{local},localaddr=127.0.0.1:{peer}",
                "-device", f"virtio-net-pci,netdev={name},romfile="]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, kind, payload, mac=None):
        tag = struct.pack(">HH", 0x8100, self.vlan) if self.vlan else b""
        frame = (mac or self.guest_mac) + MAC + tag + struct.pack(">H", kind) + payload
        self.sock.sendto(frame.ljust(60, b"\0"), self.peer)

    def _serve(self):
        while True:
            try:
                frame = self.sock.recv(2048)
            except OSError:
                return
            if len(frame) < 18 or frame[6:12] == MAC:
                continue
            vlan = struct.unpack(">H", frame[14:16])[0] & 0xFFF if frame[12:14] == b"\x81\0" else 0
            if vlan != self.vlan or self.silent:
                continue
            frame = frame[:12] + frame[16:] if vlan else frame
            self.guest_mac = frame[6:12]
            handler = {0x0806: self._arp, 0x0800: self._ipv4, 0x86DD: self._ipv6}
            kind = struct.unpack(">H", frame[12:14])[0]
            if kind in handler:
                handler[kind](frame[14:])

    def _arp(self, p):
        if p[6:8] == b"\0\1" and p[24:28] == packed(ROUTER4):
            self.send(0x0806, p[:6] + b"\0\2" + MAC + p[24:28] + p[8:18])

    def _ipv4(self, p):
        header = (p[0] & 15) * 4
        if p[9] != 17:
            return
        from_port, to_port, length = struct.unpack(">HHH", p[header:header + 6])
        data = p[header + 8:header + length]
        if to_port == 67:
            self._dhcp(data)
        elif to_port == 123 and p[16:20] == packed(ROUTER4):
            self.heard.add("ntp")
            self.send(0x0800, udp(p[16:20], p[12:16], 123, from_port, self._time(data)))

    def _time(self, query):
        now = int((self.clock() + NTP_ERA) * (1 << 32)) & (1 << 64) - 1
        # Server, version 4, stratum 2; precise, near, in step with what it says it follows.
        return struct.pack(">BBbbII4sQ8sQQ", 0x24, 2, 6, -20, 0, 0, packed(ROUTER4), now, query[40:48], now, now)

    def _dhcp(self, query):
        kind = query[query.index(b"\x35\x01", 240) + 2]
        answer = {1: 2, 3: 5}.get(kind)
        if not answer:
            return
        self.heard.add("dhcp")
        options = b"".join(bytes([code, len(value)]) + value for code, value in (
            (53, bytes([answer])), (54, packed(ROUTER4)), (51, struct.pack(">I", 3600)),
            (1, packed("255.255.255.0")), (3, packed(ROUTER4)), (6, packed(DNS4)), (15, b"four.example"),
            (42, packed(ROUTER4)))) + b"\xff"
        head = b"\2" + query[1:12] + bytes(4) + packed(GUEST4) + packed(ROUTER4) + bytes(4) + query[28:240]
        self.send(0x0800, udp(packed(ROUTER4), packed(GUEST4), 67, 68, head + options))

    def _ipv6(self, p):
        source, target = p[8:24], p[24:40]
        if p[6] == 58 and p[40] == 133:
            self.heard.add("router")
            self.advertise()
        elif p[6] == 58 and p[40] == 135 and p[48:64] == packed(ROUTER6) and any(source):
            answer = struct.pack(">BBHI", 136, 0, 0, 0xE0000000) + p[48:64] + b"\2\1" + MAC
            self.send(0x86DD, icmp6(packed(ROUTER6), source, answer))
        elif p[6] == 17 and struct.unpack(">H", p[42:44])[0] == 547:
            assert target == packed("ff02::1:2")
            self._dhcp6(source, p[48:])

    def advertise(self, lifetime=1800):
        """A router advertisement: a prefix, whether to ask DHCPv6, a name server and a domain."""
        ask = self.managed << 7 | self.informed << 6
        data = struct.pack(">BBHBBHII", 134, 0, 0, 64, ask, lifetime, 0, 0) + b"\1\1" + MAC
        data += struct.pack(">BBBBIII16s", 3, 4, 64, 0x80 | self.autonomous << 6, 7200, 3600, 0, packed(self.prefix6))
        data += struct.pack(">BBHI16s", 25, 3, 0, lifetime, packed(self.dns_ra))
        data += struct.pack(">BBHI16s", 31, 3, 0, lifetime, b"\3six\7example\0")
        self.send(0x86DD, icmp6(packed(ROUTER6), packed("ff02::1"), data), ALL_NODES_MAC)

    def _dhcp6(self, source, query):
        kind, options = query[0], options6(query[4:])
        answer = {1: 2, 3: 7, 4: 7, 5: 7, 6: 7, 11: 7}.get(kind)  # a reply, and to "solicit" an advertisement
        if not answer or kind == 4 and not self.confirms:
            return
        self.heard.add("dhcp6" if kind != 11 else "dhcp6 information")
        lease = option6(5, packed(self.guest6) + struct.pack(">II", 3600, 7200))
        identity = options.get(3, bytes(12))[:4] + struct.pack(">II", 1800, 2880) + lease
        data = bytes([answer]) + query[1:4] + option6(1, options[1]) + option6(2, b"\0\3\0\1" + MAC)
        # A lease of before that is asked about is good; no address for who asks for none.
        data += option6(13, bytes(2)) if kind == 4 else option6(3, identity) if kind != 11 else b""
        data += option6(23, packed(self.dns_dhcp6)) + option6(24, b"\5lease\7example\0")
        self.send(0x86DD, udp(packed(ROUTER6), source, 547, 546, data))
