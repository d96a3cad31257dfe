# SPDX-License-Identifier: Apache-2.0
"""What is done at the console of a real host, seen from outside of it."""

import json

import pytest
from api import Client
from consolekit import DOWN, ENTER, ESCAPE, F12, F2, console_of, quiet_host
from hosts import wait_until
from test_worlds import add_world, reload_worlds, services

PASSWORD = "Correct-Horse-9"
F5 = b"\x1b5"


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    yield from quiet_host(boot)


@pytest.fixture(name="console")
def console_fixture(host):
    yield from console_of(host)


def names(host):
    """Of all bundles, as the console lists them."""
    return [row["name"] for row in json.loads(host.check("localcli --formatter=json software bundle list"))]


def ask(host, password=""):
    """The status of a question over the network."""
    return Client(host, password).ask("GET", "/system/version")[0]


def test_lockdown_mode(host, console):
    assert ask(host) == 200
    console.log_in()
    console.open("Lockdown Mode", "Mode:")
    console.press(b"\x15normal\r", "The lockdown mode was changed")
    assert ask(host) == 403
    console.press(ENTER, "Mode                normal")
    console.press(ENTER, "Mode:")
    console.press(b"\x15disabled\r", "The lockdown mode was changed")
    assert ask(host) == 200
    console.press(ENTER, "Mode                disabled")


def test_maintenance_mode(host, console):
    add_world(host, "guest", command="/usr/bin/tail -f /dev/null", restart="always")
    reload_worlds(host)
    wait_until(lambda: services(host).get("guest", {}).get("state") == "running")
    console.wait("<F12>")
    console.press(F12, "Login name:")
    console.press(ENTER, "Shut Down or Restart")
    console.press(F5, "Enter maintenance mode?")
    console.press(ENTER, "The host is in maintenance mode")
    assert services(host)["guest"]["state"] == "down"
    assert services(host)["hostd"]["state"] == "running"
    assert Client(host).ask("GET", "/system/maintenance")[1]["enabled"] is True
    console.press(ENTER, "Maintenance Ends")
    console.press(F5, "Leave maintenance mode?")
    console.press(ENTER, "out of maintenance mode")
    wait_until(lambda: services(host)["guest"]["state"] == "running")
    console.press(ENTER, "<F5> Maintenance")
    host.check("rm /etc/userworld.d/guest.conf; localcli system service stop --name guest")
    reload_worlds(host)


def test_bundle_is_removed(host, console, maker):
    host.put(maker.make("carried", "1.0-1", {"usr/bin/carried": "#!/bin/sh\necho carried\n"}), "/tmp/carried.vib")
    host.check("localcli software bundle install --bundle /tmp/carried.vib", timeout=300)
    assert host.check("sh /usr/bin/carried") == "carried\n"
    console.log_in()
    console.open("Bundles", "Version", "carried")
    console.press(DOWN * names(host).index("carried"), "carried 1.0-1")
    console.press(ENTER, "Take bundle carried 1.0-1 off", "<Enter> or <F11> Yes")
    console.press(ENTER, "Bundle carried is no longer on this host", timeout=300)
    assert "carried" not in names(host) and host.run("test -e /usr/bin/carried").status == 1
    console.press(ENTER, "Version")


def type_password(host, console, password):
    """Keys are not taken while the last try is looked at."""

    def stands():
        """the password is in its field"""
        host.type_console(b"\x15" + password.encode())
        return "*" * len(password) in console.screen()

    wait_until(stands, every=1)


def failures(host):
    """Failed logins of root that the host remembers."""
    return json.loads(host.run("cat /run/visoros/lockout.json").output or "{}").get("root@console", {"failures": -1})


@pytest.mark.slow
def test_locked_out_after_failed_logins(host, console):
    """The network still comes in, and the clock of the calendar has no part in it."""
    before = host.check("cat /etc/shadow")
    host.check("localcli system account password set --id root", PASSWORD.encode() + b"\n")
    console.wait("<F2>")
    console.press(F2, "Login name:", "Password:")
    for tries in range(1, 12):
        type_password(host, console, "wrong")
        console.press(ENTER)
        wait_until(lambda n=tries: failures(host)["failures"] in (0, n))
        if failures(host)["until"]:
            break
    assert 2 < tries < 11
    host.check("date -s '2099-01-01 00:00:00'")
    type_password(host, console, PASSWORD)
    console.press(ENTER, "locked out")
    assert ask(host, PASSWORD) == 200
    host.check("rm /run/visoros/lockout.json")
    type_password(host, console, PASSWORD)
    console.press(ENTER, "System Customization")
    host.check("cat > /etc/shadow", before.encode())
