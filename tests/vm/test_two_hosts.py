# SPDX-License-Identifier: Apache-2.0
"""Two hosts on one wire: a VLAN whose tags are seen there, a second interface with its routes and its firewall."""

import socket
import struct

import pytest
from hosts import https_status, wait_hostd, wait_until
from test_network import ask
from vm import Machine

MINE, PEER, BEHIND = "198.51.100.7", "198.51.100.8", "203.0.113.1"
MINE6, PEER6 = "2001:db8:42::7", "2001:db8:42::8"
ARP, IPV4, IPV6, ICMP = 0x0806, 0x0800, 0x86DD, 1

pytestmark = pytest.mark.slow


def two_ports():
    """Two UDP ports that nobody has: one for each end of the wire."""
    ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for end in ends:
        end.bind(("127.0.0.1", 0))
    ports = [end.getsockname()[1] for end in ends]
    for end in ends:
        end.close()
    return ports


def adapter(local, remote, mac):
    return ["-netdev", f"socket,id=wire,udp=127.0.0.1:{remote},localaddr=127.0.0.1:{local}",
            "-device", f"virtio-net-pci,netdev=wire,romfile=,mac={mac}"]


class Dump:
    """What went over a network of a machine, as QEMU has written it down (pcap)."""

    def __init__(self, path, network="wire"):
        self.path, self.network, self.seen = path, network, 24

    def options(self):
        return ["-object", f"filter-dump,id=dump,netdev={self.network},file={self.path}"]

    def news(self):
        """(source, VLAN or 0, type, contents) of each frame since the last call."""
        data, frames = self.path.read_bytes()[self.seen:], []
        while len(data) >= 16:
            length = struct.unpack("<I", data[8:12])[0]
            frame = data[16:16 + length]
            if len(frame) < length:
                break
            vlan, at = 0, 12
            if frame[12:14] == b"\x81\0":
                vlan, at = struct.unpack(">H", frame[14:16])[0] & 0xFFF, 16
            frames.append((frame[6:12].hex(), vlan, struct.unpack(">H", frame[at:at + 2])[0], frame[at + 2:]))
            data = data[16 + length:]
            self.seen += 16 + length
        return frames


@pytest.fixture(name="dump", scope="module")
def dump_fixture(tmp_path_factory):
    return Dump(tmp_path_factory.mktemp("wire") / "frames.pcap")


@pytest.fixture(name="pair", scope="module")
def pair_fixture(boot, dump):
    """The host, whose second adapter is on the wire, and the peer, which has only that."""
    left, right = two_ports()
    ours = adapter(left, right, "52:54:00:00:00:77") + dump.options()
    with Machine(boot, memory=192, options=ours) as host, \
            Machine(boot, memory=192, network=False, options=adapter(right, left, "52:54:00:00:00:88")) as peer:
        host.wait_guest()
        peer.wait_guest()
        wait_hostd(host)
        yield host, peer


def settle(machine, interface, vlan, address, address6):
    """Addresses in a VLAN; when they are there."""
    machine.check(f"localcli network ip interface ipv4 set -i {interface} -t static -I {address}/24 && "
                  f"localcli network ip interface ipv6 set -i {interface} -t static -I {address6}/64")
    device = ask(machine, "network ip interface list")[-1]["device"]
    assert device.endswith(f".{vlan}")

    def there():
        """both addresses are in force"""
        rows = ask(machine, "network ip interface ipv4 get") + ask(machine, "network ip interface ipv6 address list")
        return {address, address6} <= {row["address"] for row in rows if row["name"] == device and row["state"] in ("up", "preferred")}

    wait_until(there, timeout=200)


def received(host, address, count=2):
    return ask(host, f"network diag ping -H {address} -c {count} -W 5")["received"]


def reaches(peer, address, port=443):
    """Does the peer get a connection?"""
    return peer.run(f"nc -w 5 {address} {port} < /dev/null").status == 0


def set_up(host, peer):
    host.check("localcli network ip interface add -i vmk1 -a eth1 -v 42")
    settle(host, "vmk1", 42, MINE, MINE6)
    peer.check("localcli network ip interface set -i vmk0 -v 42")
    settle(peer, "vmk0", 42, PEER, PEER6)


def test_frames_of_a_vlan_have_its_tag(pair, dump):
    host, peer = pair
    set_up(host, peer)
    dump.news()
    assert received(host, PEER) == 2 and received(host, PEER6) == 2
    frames = [frame for frame in dump.news() if frame[2] in (ARP, IPV4)]
    echoes = [frame for frame in frames if frame[2] == IPV4 and frame[3][9] == ICMP]
    assert len(echoes) == 4 and {frame[0] for frame in echoes} == {"525400000077", "525400000088"}
    assert {frame[1] for frame in frames} == {42}
    # Who is in another VLAN is not there; nor is who is in none.
    for vlan in (43, 0):
        peer.check(f"localcli network ip interface set -i vmk0 -v {vlan}")
        device = f"eth0.{vlan}" if vlan else "eth0"
        wait_until(lambda name=device: any(row["address"] == PEER and row["name"] == name for row in
                                           ask(peer, "network ip interface ipv4 get")), timeout=200)
        assert received(host, PEER, 1) == 0
    peer.check("localcli network ip interface set -i vmk0 -v 42")
    wait_until(lambda: received(host, PEER, 1) == 1, timeout=200)


def test_a_route_by_the_second_interface(pair, dump):
    host, peer = pair
    peer.check(f"ip addr add {BEHIND}/32 dev lo")

    def came_by():
        """Frames with an answer of what is behind the peer; QEMU's network of the first adapter answers, too."""
        received(host, BEHIND, 1)
        return [frame for frame in dump.news() if frame[2] == IPV4 and frame[3][12:16] == socket.inet_aton(BEHIND)]

    assert not came_by()
    host.check(f"localcli network ip route ipv4 add -n 203.0.113.0/24 -g {PEER}")
    wait_until(lambda: {"eth1.42"} == {row["interface"] for row in ask(host, "network ip route ipv4 list")
                                       if row["network"] == "203.0.113.0/24"}, timeout=200)
    assert came_by()
    # The default gateway is that of vmk0 alone.
    assert {"eth0"} == {row["interface"] for row in ask(host, "network ip route ipv4 list")
                        if row["network"] == "0.0.0.0/0"}


def test_the_firewall_of_both_interfaces_and_families(pair):
    host, peer = pair
    assert reaches(peer, MINE) and reaches(peer, MINE6)
    allowed = "localcli network firewall ruleset allowedip"
    host.check(f"{allowed} add -r webAccess -i 10.0.2.0/24 && localcli network firewall set --enabled true")
    assert https_status(host, timeout=30) == 200
    assert not reaches(peer, MINE) and not reaches(peer, MINE6)
    # Neighbours are found, and echoes answered.
    assert received(peer, MINE, 1) == 1 and received(peer, MINE6, 1) == 1
    host.check(f"{allowed} add -r webAccess -i 2001:db8:42::/64")
    assert reaches(peer, MINE6) and not reaches(peer, MINE)
    host.check(f"{allowed} add -r webAccess -i {PEER}")
    assert reaches(peer, MINE)
    host.check(f"{allowed} remove -r webAccess -i 2001:db8:42::/64")
    assert reaches(peer, MINE) and not reaches(peer, MINE6)
    host.check("localcli network firewall ruleset set -r webAccess -a true")
    assert reaches(peer, MINE6) and https_status(host, timeout=30) == 200


def test_the_firewall_stays_when_the_interface_comes_anew(pair):
    """Rules are of addresses, not of devices: a VLAN that is made later is no way around them."""
    host, peer = pair
    host.check("localcli network firewall ruleset allowedip add -r webAccess -i 10.0.2.0/24; "
               "localcli network firewall ruleset set -r webAccess -a false; "
               "localcli network ip interface remove -i vmk1")
    wait_until(lambda: host.run("ls -d /sys/class/net/eth1.42").status != 0, timeout=200)
    assert received(peer, MINE, 1) == 0 and "vmk1" not in host.check("cat /etc/network.conf")
    host.check("localcli network ip interface add -i vmk1 -a eth1 -v 42")
    settle(host, "vmk1", 42, MINE, MINE6)
    wait_until(lambda: received(peer, MINE, 1) == 1, timeout=200)
    assert not reaches(peer, MINE) and not reaches(peer, MINE6)
    assert https_status(host, timeout=30) == 200


def test_nothing_is_left_of_it(pair):
    host, peer = pair
    host.check("localcli network firewall set --enabled false; localcli network ip interface remove -i vmk1")
    wait_until(lambda: host.run("ls -d /sys/class/net/eth1.42").status != 0, timeout=200)
    assert received(peer, MINE, 1) == 0
    rows = ask(host, "network ip route ipv4 list") + ask(host, "network ip route ipv6 list")
    assert not [row for row in rows if row["interface"].startswith("eth1.")]
    assert https_status(host, timeout=30) == 200
