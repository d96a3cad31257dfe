# SPDX-License-Identifier: Apache-2.0
"""The firewall: who comes in, who does not, and the way back for who has shut himself out."""

import re

import pytest
from hosts import https_status, vmkernel_log, wait_hostd, wait_until
from test_network import ask
from test_saver import state
from test_worlds import services
from vm import Machine

SET = "localcli network firewall set"


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    """The smallest host there is: the firewall has to fit, too."""
    with Machine(boot, memory=128) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield machine


def modules(host):
    return host.check("cut -d' ' -f1 /proc/modules").split()


def available(host):
    return int(re.search(r"MemAvailable:\s+(\d+)", host.check("cat /proc/meminfo"))[1])


def loaded(host):
    return ask(host, "network firewall get")["loaded"]


def test_off_costs_nothing(host):
    assert ask(host, "network firewall get") == {"enabled": False, "default_action": "drop", "loaded": False}
    assert not {"nf_tables", "nf_conntrack"} & set(modules(host))


def test_on_lets_in_who_may(host):
    before = available(host)
    host.check(f"{SET} --enabled true")
    wait_until(lambda: loaded(host))
    # Measured: 1.0 MiB, most of it modules. The host has some 13 MiB.
    assert before - available(host) < 4096
    assert {"nf_tables", "nf_conntrack"} <= set(modules(host))
    wait_until(lambda: https_status(host) == 200)
    # What the host asks for itself comes back.
    assert ask(host, "network diag ping -H 10.0.2.2 -c 1")["received"] == 1


def test_others_stay_outside_until_they_may(host):
    # QEMU's network speaks to the guest as 10.0.2.2.
    host.check("localcli network firewall ruleset allowedip add -r webAccess -i 192.0.2.0/24")
    assert https_status(host, timeout=3) == 0, "it is in force when the operation answers"
    # Open to all, but nobody confirms it: closed again.
    host.check("localcli network firewall ruleset set -r webAccess -a true --confirm 10")
    wait_until(lambda: not state(host)["trial"], timeout=200)
    wait_until(lambda: https_status(host, timeout=3) == 0)
    assert "192.0.2.0/24" in host.check("localcli network firewall ruleset allowedip list")
    host.check("localcli network firewall ruleset allowedip add -r webAccess -i 10.0.2.0/24")
    wait_until(lambda: https_status(host, timeout=20) == 200)
    host.check("localcli network firewall ruleset set -r webAccess -a true -e false")
    assert https_status(host, timeout=3) == 0
    # The console is no network: it works, and so does what the host says to itself.
    assert host.check("visorcli network firewall ruleset list | grep webAccess").split()[1] == "false"
    host.check("localcli network firewall ruleset set -r webAccess -e true")
    wait_until(lambda: https_status(host, timeout=20) == 200)


def test_what_cannot_be_loaded_changes_nothing(host):
    host.put(b"ports = tcp/70000\n", "/usr/lib/visoros/firewall.d/broken.conf")
    assert host.run(f"{SET} --default-action pass").status == 3
    host.check("localcli system service restart -n firewall")
    wait_until(lambda: services(host)["firewall"]["state"] == "failed")
    assert {"nf_tables"} <= set(modules(host)) and host.run("ls /run/network/firewall").status == 0
    host.check(f"rm /usr/lib/visoros/firewall.d/broken.conf; {SET} --default-action drop")
    assert loaded(host) and services(host)["firewall"]["state"] == "done"


def test_off_again(host):
    host.check(f"{SET} --enabled false")
    wait_until(lambda: not loaded(host))
    assert https_status(host) == 200


def test_rules_stand_before_anybody_listens(host):
    log = vmkernel_log(host)
    ended = log.index("userworld firewall ended")
    assert ended < log.index("userworld hostd started") and ended < log.index("userworld net started")
