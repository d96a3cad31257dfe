# SPDX-License-Identifier: Apache-2.0
"""The management network on a wire of the test's own: IPv4 and IPv6, name servers, the time."""

import json
import re
import time

import pytest
import wire as net
from hosts import vmkernel_log, wait_log, wait_until
from test_worlds import services


@pytest.fixture(name="wire", scope="module")
def wire_fixture():
    with net.Wire() as wire:
        yield wire


@pytest.fixture(name="second", scope="module")
def second_fixture():
    """The wire of the second adapter. Nobody is there at first."""
    with net.Wire(net6="2001:db8:7") as wire:
        wire.silent = True
        yield wire


@pytest.fixture(name="host", scope="module")
def host_fixture(boot, wire, second):
    """A host whose clock is years behind, with nothing but the wires."""
    from vm import Machine

    with Machine(boot, memory=192, network=False,
                 options=["-rtc", "base=2025-02-03", *wire.qemu(), *second.qemu("second")]) as machine:
        machine.wait_guest()
        yield machine


def ask(host, command):
    return json.loads(host.check(f"localcli --formatter=json {command}"))


def addresses6(host):
    """type -> address of the interface's IPv6 addresses that may be used."""
    rows = ask(host, "network ip interface ipv6 address list")
    return {row["type"]: row for row in rows if row["state"] == "preferred"}


def settle6(host, **settings):
    """Has net6 start with these settings."""
    text = "".join(f"{key} = {value}\n" for key, value in settings.items())
    host.put(text.encode(), "/etc/network.conf")
    host.check("localcli system service restart --name net6")


def test_addresses_by_router_and_dhcpv6(host):
    wait_until(lambda: {"auto", "dhcp", "link-local"} <= set(addresses6(host)), timeout=200)
    found = addresses6(host)
    assert found["dhcp"]["address"] == net.GUEST6
    # Of the prefix and the adapter's hardware address: it stays the same over restarts.
    mac = ask(host, "network ip interface ipv4 get")[0]["mac"].split(":")
    last = f"{int(mac[4], 16):x}{mac[5]}"
    assert found["auto"]["address"].startswith(net.PREFIX6[:-1]) and found["auto"]["address"].endswith(last)
    assert found["auto"]["gateway"] == net.ROUTER6


def test_name_servers_of_all_sources(host):
    wanted = [net.DNS4, net.DNS_RA, net.DNS_DHCP6]
    wait_until(lambda: sorted(ask(host, "network ip dns server list")["servers"]) == sorted(wanted))
    dns = ask(host, "network ip dns server list")
    assert dns["servers"][0] == net.DNS4
    assert sorted(dns["search"]) == ["four.example", "lease.example", "six.example"]


def test_the_clock_follows_a_server_that_dhcp_names(host, wire):
    wait_log(host, f"ntp: asks {net.ROUTER4} for the time, as DHCP says", timeout=200)
    wait_log(host, "the clock was set forward by", timeout=200)
    assert "ntp" in wire.heard
    # The guest runs at its own pace, but not by years.
    assert abs(int(host.check("date +%s")) - time.time()) < 120
    status = ask(host, "system ntp get")
    assert status["enabled"] and status["servers"] == [] and status["dhcp_servers"] == [net.ROUTER4]
    assert status["state"] == "running"
    step = re.search(r"^(\S+)Z .*: the clock was set forward by", vmkernel_log(host), re.M)
    assert step and step[1].startswith(time.strftime("%Y-", time.gmtime()))


def test_servers_are_set_and_refused(host):
    host.check(f"visorcli system ntp set --server={net.ROUTER4}")
    wait_log(host, f"ntp: asks {net.ROUTER4} for the time, as /etc/ntp.conf says")
    assert host.run("localcli system ntp set --server='a;reboot'").status == 3
    assert "/etc/ntp.conf" in host.check("localcli system state list")
    host.check("visorcli system ntp set --enabled=false")
    wait_until(lambda: services(host)["ntp"]["state"] == "done")
    assert host.run("pidof ntpd").status != 0
    host.check("visorcli system ntp set --enabled=true --server=")
    wait_until(lambda: host.run("pidof ntpd").status == 0)


def test_static_ipv6(host):
    settle6(host, address6="2001:db8:9::5/64", gateway6="fe80::9")
    wait_until(lambda: addresses6(host).get("static", {}).get("address") == "2001:db8:9::5")
    found = addresses6(host)
    assert set(found) == {"static", "link-local"} and found["static"]["gateway"] == "fe80::9"
    # What routers had said is gone.
    assert ask(host, "network ip dns server list")["servers"] == [net.DNS4]


def test_no_ipv6(host):
    settle6(host, address6="none")
    wait_until(lambda: not addresses6(host))
    assert services(host)["net6"]["state"] == "running"
    host.check("rm /etc/network.conf; localcli system service restart --name net6")
    wait_until(lambda: {"auto", "dhcp"} <= set(addresses6(host)), timeout=200)


@pytest.fixture(name="router")
def router_fixture(wire):
    """The wire's router: what it says is as it was after the test."""
    yield wire
    wire.managed = wire.informed = wire.autonomous = wire.confirms = True


def ask6(host, wire, kind):
    """Addresses of vmk0 are of that type from now on; the router is asked anew."""
    wire.heard.clear()
    host.check(f"localcli network ip interface ipv6 set -i vmk0 -t {kind}")
    wait_until(lambda: "router" in wire.heard, timeout=200)


def dns_servers(host):
    return ask(host, "network ip dns server list")["servers"]


def test_an_address_by_dhcpv6_alone(host, router):
    """No router says that there is DHCPv6, and all say that an address may be made: neither counts.

    The lease of before is lost; what routers say is not lost with it.
    """
    router.managed = router.informed = router.confirms = False
    ask6(host, router, "dhcp")
    assert ask(host, "network ip interface ipv6 get")[0]["type"] == "dhcp"
    wait_until(lambda: {"dhcp", "link-local"} == set(addresses6(host)), timeout=200)
    found = addresses6(host)["dhcp"]
    assert (found["address"], found["gateway"]) == (net.GUEST6, net.ROUTER6)
    wait_until(lambda: sorted(dns_servers(host)) == sorted([net.DNS4, net.DNS_RA, net.DNS_DHCP6]))


def test_a_managed_network(host, router):
    router.autonomous = False
    ask6(host, router, "auto")
    wait_until(lambda: {"dhcp", "link-local"} == set(addresses6(host)), timeout=200)
    assert addresses6(host)["dhcp"]["gateway"] == net.ROUTER6


def test_dhcpv6_for_name_servers_only(host, router):
    router.managed = False
    ask6(host, router, "auto")
    wait_until(lambda: "dhcp6 information" in router.heard, timeout=200)
    wait_until(lambda: net.DNS_DHCP6 in dns_servers(host))
    wait_until(lambda: {"auto", "link-local"} == set(addresses6(host)))
    assert "dhcp6" not in router.heard


def of_second(host):
    """(type, state, address) of the second adapter's IPv6 addresses."""
    rows = ask(host, "network ip interface ipv6 address list")
    return {(r["type"], r["state"], r["address"]) for r in rows if r["name"] == "eth1" and r["type"] != "link-local"}


def set_second(host, kind):
    said = ask(host, f"network ip interface ipv6 set -i vmk1 -t {kind}")
    assert said == {"state": "none" if kind == "none" else "pending"}


def asks_dhcpv6(host):
    """there is a dhcpcd of the second adapter"""
    return host.run("ps | grep -q '[d]hcpcd: .*eth1'").status == 0


def test_dhcpv6_of_another_interface(host, second):
    """It takes addresses, and nothing else; as long as there is none, one is pending."""
    wait_until(lambda: "eth1" in [r["name"] for r in ask(host, "network nic list")], timeout=200)
    host.check("localcli network ip interface add -i vmk1 -a eth1 && localcli network ip interface ipv4 set -i vmk1 -t none")
    set_second(host, "dhcp")
    wait_until(lambda: asks_dhcpv6(host), timeout=200)
    assert of_second(host) == {("dhcp", "pending", "")}
    second.silent = False
    wait_until(lambda: of_second(host) == {("dhcp", "preferred", second.guest6)}, timeout=200)
    # Only the first one brings a way out and name servers.
    wait_until(lambda: {r["interface"] for r in ask(host, "network ip route ipv6 list") if r["network"] == "::/0"} == {"eth0"})
    assert not [server for server in dns_servers(host) if server.startswith("2001:db8:7:")]
    set_second(host, "auto")
    wait_until(lambda: {row[:2] for row in of_second(host)} == {("auto", "preferred"), ("dhcp", "preferred")}, timeout=200)
    # The lease goes with DHCPv6.
    set_second(host, "slaac")
    wait_until(lambda: {row[:2] for row in of_second(host)} == {("auto", "preferred")}, timeout=200)
    host.check("localcli network ip interface remove -i vmk1")
    wait_until(lambda: not of_second(host))
    assert not asks_dhcpv6(host)
