# SPDX-License-Identifier: Apache-2.0
"""Changes on trial: whoever has lost the host by them has it again, as it was, with all that depends on it."""

import json

import pytest
import stick
from hosts import https_status, wait_until
from test_saver import boot, in_log, saved, state

WRONG = "address = 192.0.2.10/24\ngateway = 192.0.2.1\n"


def reachable(machine):
    return https_status(machine, timeout=20) == 200


def ntp_servers(machine):
    return json.loads(machine.check("localcli --formatter=json system ntp get"))["servers"]


@pytest.mark.slow
def test_network_that_was_lost_comes_back(start, tmp_path):
    machine = boot(start, stick.make(tmp_path / "stick.img"))
    wait_until(lambda: reachable(machine), timeout=600)
    machine.check("visorcli system hostname set --host before && visorcli system ntp set --server 192.0.2.1")
    # What an operation has changed is its own, also if it goes on after that.
    saved(machine, "system.ntp.set")
    saved(machine, "/etc/ntp.conf")
    said = machine.check("visorcli system state try --seconds 120")
    assert "Seconds to Confirm: 120\n" in said
    machine.put(WRONG.encode(), "/etc/network.conf", 0o1644)
    machine.check("visorcli system ntp set --server 192.0.2.2 && visorcli system hostname set --host tried")
    machine.check("localcli system service restart --name net")
    wait_until(lambda: "192.0.2.10" in machine.check("ip -4 address"), timeout=100)
    assert not reachable(machine)
    assert 0 < state(machine)["trial_seconds"] <= 120
    # Nobody confirms.
    wait_until(lambda: not state(machine)["trial"], timeout=300)
    wait_until(lambda: reachable(machine), timeout=300)
    assert machine.check("hostname; cat /etc/hostname") == "before\nbefore\n"
    assert machine.run("ls /etc/network.conf").status != 0
    assert ntp_servers(machine) == ["192.0.2.1"]
    wait_until(lambda: "192.0.2.1\n" in machine.check("cat /run/ntpd.conf") + "\n", timeout=300)
    in_log(machine, "not confirmed in time")


@pytest.mark.slow
def test_restore_is_put_in_force(start, tmp_path):
    machine = boot(start, stick.make(tmp_path / "stick.img"))
    machine.check("localcli system hostname set --host kept && localcli system state backup --file /tmp/s.tgz")
    machine.check("localcli system hostname set --host other")
    said = machine.check("localcli system state restore --file /tmp/s.tgz")
    assert "Services to Restart:" in said
    assert machine.check("hostname; cat /etc/hostname") == "kept\nkept\n"
