# SPDX-License-Identifier: Apache-2.0
"""The host's page: its name, addresses, routes and firewall, each change on trial."""

import json

from hosts import wait_hostd, wait_until
from pagekit import cli, page_fixture, quiet_fixture  # noqa: F401


def test_the_name_of_the_host(page, vm):
    before = vm.check("hostname").strip()
    page.area("network", "Network")
    page.idle()
    page.fill("input[name=hostname]", "not a name!")
    page.click("main button", "Save")
    assert "name" in page.wait("#errors .toast").text
    page.click("#errors .toast button")
    for name in ("paged", before):
        page.fill("input[name=hostname]", name)
        page.click("main button", "Save")
        page.wait("#host", name)
        assert vm.check("hostname").strip() == name


def test_an_address_is_tried_and_kept(page, vm):
    """DHCP again: the host stays where it is, and what was begun as a trial is confirmed."""
    page.area("network", "Network")
    page.click("button[aria-label='IPv4 of vmk0']")
    page.click("dialog button", "Try")
    page.wait("dialog h1", "Does it work?")
    page.click("dialog button", "Keep it")
    page.wait(".toast", "The change stays")
    assert json.loads(vm.check("visorcli --formatter=json system state get"))["trial"] == 0


def attempt(page, yes="Try", then="Keep it"):
    """The dialog of a change that is tried, and the one after it."""
    page.click("dialog button", yes)
    page.wait("dialog h1", "Does it work?")
    page.click("dialog button", then)
    page.wait_gone("dialog h1", "Does it work?")


def test_the_network_is_changed_on_trial(page, vm):
    """Name servers, routes, IPv6 and an interface on a VLAN come and go, each kept by hand."""
    page.area("network", "Network")
    page.click("main button", "Add a name server")
    page.fill("dialog input[placeholder='192.0.2.53']", "192.0.2.53")
    attempt(page)
    page.wait("main tr", "192.0.2.53")
    wait_until(lambda: "nameserver 192.0.2.53" in vm.check("cat /etc/resolv.conf"))
    page.click("button[aria-label='Remove 192.0.2.53']")
    attempt(page, "Remove", "Take it back")
    page.wait(".toast", "as before")
    wait_until(lambda: "nameserver 192.0.2.53" in vm.check("cat /etc/resolv.conf"))
    page.click("button[aria-label='Remove 192.0.2.53']")
    attempt(page, "Remove")
    page.wait_gone("main tr", "192.0.2.53")

    page.click("main button", "Add a route")
    page.fill("dialog input[placeholder='10.0.0.0/8']", "198.51.100.0/24")
    page.fill("dialog input[placeholder='192.0.2.1']", "10.0.2.2")
    attempt(page)
    page.wait("main tr", "198.51.100.0/24")
    page.click("button[aria-label='Remove the route to 198.51.100.0/24']")
    attempt(page, "Remove")
    page.wait_gone("main tr", "198.51.100.0/24")

    for word, title in (("slaac", "from routers only"), ("dhcp", "from DHCPv6 only"), ("auto", "as routers say")):
        page.click("button[aria-label='IPv6 of vmk0']")
        page.click("dialog option", title)
        attempt(page)
        wait_until(lambda expected=word: {r["name"]: r["type"] for r in cli(vm, "network ip interface ipv6 get")}["vmk0"] == expected)

    page.click("main button", "Add an interface")
    numbers = [e for e in page.all("dialog input[type=number]") if e.is_displayed()]
    numbers[0].clear()
    numbers[0].send_keys("7")
    attempt(page)
    assert "eth0.7" in page.wait("main tr", "vmk1").text
    assert [r["vlan"] for r in cli(vm, "network ip interface list") if r["name"] == "vmk1"] == [7]
    page.click("button[aria-label='Adapter of vmk1']")
    vlan = page.wait("dialog input[max='4094']")
    vlan.clear()
    vlan.send_keys("8")
    attempt(page)
    page.wait("main tr", "eth0.8")
    page.click("button[aria-label='Remove vmk1']")
    attempt(page, "Remove")
    page.wait_gone("main tr", "vmk1")
    assert cli(vm, "system state get")["trial"] == 0


def test_an_address_that_cuts_off_the_page_is_taken_back(page, vm):
    """Nobody can keep it, as the host is out of reach; it comes back by itself, and the page goes on."""
    page.area("network", "Network")
    page.click("button[aria-label='IPv4 of vmk0']")
    page.click("dialog option", "fixed")
    page.fill("dialog input[placeholder='192.0.2.10/24']", "10.9.9.9/24")
    page.fill("dialog input[type=number]", "10")
    page.click("dialog button", "Try")
    page.wait("#errors .toast", "takes it back")
    page.wait_gone("dialog h1", "Does it work?")
    wait_until(lambda: cli(vm, "system state get")["trial"] == 0)
    wait_hostd(vm)
    page.wait_gone("#banner")
    page.idle()
    page.wait("[aria-label=IPv4] tr", "10.0.2.15")


def test_the_firewall_lets_in_who_is_named(page, vm):
    def ssh():
        return next(r for r in cli(vm, "network firewall ruleset list") if r["name"] == "sshServer")

    page.area("firewall", "Firewall")
    page.click("button[aria-label='Change sshServer']")
    page.click("dialog option", "only to these addresses")
    page.fill("dialog textarea", "192.0.2.9\n2001:db8::/32")
    attempt(page, then="Wait")
    assert ssh() == {**ssh(), "allowed_all": False, "allowed": ["192.0.2.9", "2001:db8::/32"]}
    # Who waits can still keep it.
    page.click(".banner button", "Keep what is tried")
    page.wait_gone(".banner button", "Keep what is tried")
    page.click("button[aria-label='Change sshServer']")
    page.click("dialog option", "to everybody")
    attempt(page)
    assert ssh()["allowed_all"]

    page.click("main button", "Switch on")
    attempt(page, "Switch on")
    page.wait("dl", "in force")
    assert cli(vm, "network firewall get")["enabled"]
    page.click("main button", "Switch off")
    page.wait("dialog .warn", "everybody")
    attempt(page, "Switch off")
    page.wait("main button", "Switch on")
    assert not cli(vm, "network firewall get")["enabled"]
