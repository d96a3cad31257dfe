# SPDX-License-Identifier: Apache-2.0
"""The network changed by operations: addresses, names, routes, VLANs, interfaces; and the way back."""

import json

import pytest
import stick
import wire as net
from hosts import wait_log, wait_until
from test_network import ask
from test_saver import boot as boot_saver, saved, state
from vm import Machine

SET4 = "network ip interface ipv4 set -i vmk0"


@pytest.fixture(name="wire", scope="module")
def wire_fixture():
    with net.Wire() as wire:
        yield wire


@pytest.fixture(name="host", scope="module")
def host_fixture(boot, wire):
    """A host with two adapters: eth0 on the wire, eth1 on one without anybody. No medium for state."""
    second = ["-netdev", "socket,id=none,udp=127.0.0.1:9,localaddr=127.0.0.1:0",
              "-device", "virtio-net-pci,netdev=none,romfile=,mac=52:54:00:00:00:77"]
    with Machine(boot, memory=192, network=False, options=[*wire.qemu(), *second]) as machine:
        machine.wait_guest()
        wait_until(lambda: address(machine) == (net.GUEST4, "dhcp"), timeout=200)
        yield machine


def row(host, command, **wanted):
    """The first row of a list that has these values."""
    for found in ask(host, command):
        if all(found.get(key) == value for key, value in wanted.items()):
            return found
    return None


def address(host, device="eth0"):
    found = row(host, "network ip interface ipv4 get", name=device)
    return found and (found["address"], found["type"])


def test_an_address_on_trial_goes_by_itself(host):
    said = host.check(f"localcli {SET4} -t static -I 192.0.2.9 -N 255.255.255.0 -g {net.ROUTER4} --confirm 10")
    assert said == "   Seconds to Confirm: 10\n   State: pending\n"
    wait_log(host, "eth0: 192.0.2.9/24 gateway 192.0.2.1, as /etc/network.conf says")
    # Nobody confirms.
    wait_until(lambda: not state(host)["trial"], timeout=200)
    wait_until(lambda: address(host) == (net.GUEST4, "dhcp"), timeout=200)
    assert host.run("ls /etc/network.conf").status != 0


def test_an_address_that_is_confirmed_stays(host):
    host.check(f"localcli {SET4} -t static -I 192.0.2.9/24 -g {net.ROUTER4} --confirm 600")
    assert host.run(f"localcli {SET4} -t none --confirm 40").status == 5, "a trial runs already"
    host.check("localcli system state confirm")
    wait_until(lambda: address(host) == ("192.0.2.9", "static"))
    assert row(host, "network ip route ipv4 list", network="0.0.0.0/0")["gateway"] == net.ROUTER4


def test_names_and_routes(host):
    host.check(f"localcli network ip dns server add -s {net.ROUTER4} && localcli network ip dns search add -d a.example")

    def listed():
        """both are in resolv.conf"""
        dns = ask(host, "network ip dns server list")
        return dns["servers"][:1] == [net.ROUTER4] and "a.example" in dns["search"]

    wait_until(listed)
    host.check("localcli network ip route ipv4 add -n 10.0.0.0/8 -g 192.0.2.254")
    wait_until(lambda: row(host, "network ip route ipv4 list", network="10.0.0.0/8", source="static"))
    host.check("localcli network ip route ipv4 remove -n 10.0.0.0/8 -g 192.0.2.254")
    wait_until(lambda: address(host) == ("192.0.2.9", "static"))
    wait_until(lambda: not row(host, "network ip route ipv4 list", network="10.0.0.0/8"))
    host.check(f"localcli network ip dns server remove -s {net.ROUTER4}")


def test_the_test(host):
    """The router answers no echo requests and no questions for names: that is what is said."""
    host.check(f"localcli network ip dns server add -s {net.ROUTER4}")
    wait_until(lambda: address(host) == ("192.0.2.9", "static"))
    rows = {r["test"]: r for r in ask(host, "network diag test -H localhost")}
    assert rows["interface"]["ok"] and not rows["gateway"]["ok"]
    assert not rows["name server"]["ok"] and "no answer" in rows["name server"]["detail"]
    assert rows["name"]["ok"] and rows["name"]["detail"] in ("127.0.0.1", "::1")
    ping = ask(host, "network diag ping -H 127.0.0.1 -c 2")
    assert (ping["transmitted"], ping["received"]) == (2, 2)
    assert ask(host, f"network diag ping -H {net.ROUTER4} -c 1 -W 1 -I vmk0")["received"] == 0


def test_vlan_and_mtu(host):
    host.check("localcli network ip interface set -i vmk0 -v 42 -m 1400")
    wait_until(lambda: address(host, "eth0.42") == ("192.0.2.9", "static"))
    vmk0 = row(host, "network ip interface list", name="vmk0")
    assert (vmk0["device"], vmk0["vlan"], vmk0["mtu"], vmk0["link"]) == ("eth0.42", 42, 1400, "up")
    assert address(host)[0] == "", "what was on the adapter itself is gone"
    host.check("localcli network ip interface set -i vmk0 -v 0 -m 0")
    wait_until(lambda: address(host) == ("192.0.2.9", "static"))
    assert host.run("ls -d /sys/class/net/eth0.42").status != 0
    assert row(host, "network ip interface list", name="vmk0")["mtu"] == 1500


def test_another_interface(host):
    assert [r["name"] for r in ask(host, "network nic list")] == ["eth0", "eth1"]
    host.check("localcli network ip interface add -i vmk1 -a 52:54:00:00:00:77 -v 5")
    host.check("localcli network ip interface ipv4 set -i vmk1 -t static -I 198.51.100.7/24")
    host.check("localcli network ip interface ipv6 set -i vmk1 -t static -I 2001:db8:77::7/64")
    wait_until(lambda: address(host, "eth1.5") == ("198.51.100.7", "static"))
    wait_until(lambda: row(host, "network ip interface ipv6 address list", name="eth1.5", address="2001:db8:77::7"))
    assert address(host) == ("192.0.2.9", "static")
    # What is left of it after it is taken away: nothing.
    host.check("localcli network ip interface remove -i vmk1")
    wait_until(lambda: host.run("ls -d /sys/class/net/eth1.5").status != 0)
    assert host.check("cat /etc/network.conf").count("vmk1") == 0


def test_an_address_is_pending_until_it_is_there(host):
    """Nobody on the wire of eth1 answers DHCP: an answer would wait for ever, so none does."""
    set1 = "localcli --formatter=json network ip interface ipv4 set -i vmk1"
    added = json.loads(host.check("localcli --formatter=json network ip interface add -i vmk1 -a eth1"))
    assert added == {"state": "pending"}
    wait_until(lambda: row(host, "network ip interface ipv4 get", name="eth0", state="up"))
    assert row(host, "network ip interface ipv4 get", name="eth1")["state"] == "pending"
    assert json.loads(host.check(f"{set1} -t static -I 198.51.100.7/24")) == {"state": "pending"}
    wait_until(lambda: row(host, "network ip interface ipv4 get", name="eth1", address="198.51.100.7", state="up"))
    assert json.loads(host.check(f"{set1} -t none")) == {"state": "none"}
    wait_until(lambda: row(host, "network ip interface ipv4 get", name="eth1", address="", state="none"))
    host.check("localcli network ip interface remove -i vmk1")
    wait_until(lambda: row(host, "network ip interface ipv4 get", name="eth0", state="up"))


def test_restore(host):
    host.check("localcli network ip interface set -i vmk0 -v 9 && localcli network restore")
    wait_until(lambda: address(host) == (net.GUEST4, "dhcp"), timeout=200)
    assert host.run("ls -d /sys/class/net/eth0.9").status != 0


@pytest.mark.slow
def test_a_cut_of_the_power_during_the_trial(start, tmp_path):
    """What was before is there after it, and the trial is over."""
    disk = stick.make(tmp_path / "stick.img")
    first = boot_saver(start, disk)
    first.check("localcli network ip interface ipv4 set -i vmk0 -t static -I 10.0.2.20/24 -g 10.0.2.2")
    saved(first, "network.ipv4.set")
    first.check("localcli network ip interface ipv4 set -i vmk0 -t static -I 192.0.2.20/24 -g '' --confirm 3600")
    wait_until(lambda: address(first) == ("192.0.2.20", "static"))
    first.cut_power()
    second = boot_saver(start, disk)
    wait_until(lambda: address(second) == ("10.0.2.20", "static"), timeout=200)
    assert not state(second)["trial"]
    assert json.loads(second.check("localcli --formatter=json network ip interface list"))[0]["device"] == "eth0"
