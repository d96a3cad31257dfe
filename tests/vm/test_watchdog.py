# SPDX-License-Identifier: Apache-2.0
"""Worlds that end too often or do nothing, and a host that stands still."""

import re

import pytest
from hosts import wait_hostd, wait_until
from test_worlds import add_world, reload_worlds, services


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    from vm import Machine

    with Machine(boot, memory=192) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield machine


def log(host):
    return host.check("cat /var/log/vmkernel.log")


def state(host, name):
    return services(host).get(name, {}).get("state")


def test_quick_failures_end_in_failed(host):
    add_world(host, "hasty", command="/bin/false", **{"quick_failures": "2"})
    reload_worlds(host)
    wait_until(lambda: state(host, "hasty") == "failed", timeout=40)
    assert "userworld hasty ended 3 times in a row within 60 s of its start and is left down" in log(host)
    assert services(host)["hasty"]["restarts"] == 2
    # An operator may try again, and it counts anew.
    host.check("localcli system service start --name hasty")
    wait_until(lambda: state(host, "hasty") == "backoff")


def test_immortal_is_tried_again_later(host):
    add_world(host, "undead", command="/bin/false", quick_failures="1", immortal="yes")
    reload_worlds(host)
    wait_until(lambda: "userworld undead starts again in 600 s" in log(host), timeout=40)
    assert state(host, "undead") == "backoff"


def test_probe_restarts_what_does_no_work(host):
    host.put(b"test ! -e /tmp/sick\n", "/tmp/probe.sh")
    add_world(host, "patient", command="/bin/sleep 10000", probe="/bin/sh /tmp/probe.sh", probe_interval="1",
              probe_failures="2")
    reload_worlds(host)
    wait_until(lambda: state(host, "patient") == "running")
    host.check("sleep 4")
    assert services(host)["patient"]["restarts"] == 0
    host.check("touch /tmp/sick")
    wait_until(lambda: services(host)["patient"]["restarts"] >= 1)
    host.check("rm /tmp/sick")
    text = log(host)
    assert "userworld patient: its probe failed with exit code 1" in text
    assert "userworld patient does not do its work: its probe failed 2 times in a row; it is restarted" in text


def test_a_probe_that_hangs_counts(host):
    add_world(host, "mute", command="/bin/sleep 10000", probe="/bin/sleep 1000", probe_interval="1", probe_timeout="1",
              probe_failures="2")
    reload_worlds(host)
    wait_until(lambda: services(host).get("mute", {}).get("restarts", 0) >= 1, timeout=40)
    assert "userworld mute: its probe did not end in time" in log(host)
    host.check("rm /etc/userworld.d/mute.conf")
    reload_worlds(host)
    wait_until(lambda: state(host, "mute") is None)
    wait_until(lambda: host.check("cat /sys/fs/cgroup/host/system/probe/cgroup.procs").strip() == "")


def test_a_stopped_hostd_comes_back(host):
    host.check("sed -i '/^probe/d' /etc/userworld.d/hostd.conf; printf 'probe-interval = 2\\nprobe-timeout = 5\\nprobe = "
               "/usr/bin/visorcli system version get\\nprobe-failures = 2\\nstop-timeout = 2\\n' >>/etc/userworld.d/hostd.conf")
    reload_worlds(host)
    host.check("kill -STOP $(pidof hostd)")
    wait_until(lambda: "userworld hostd does not do its work" in log(host), timeout=60)
    wait_hostd(host)


def test_hardware_watchdog_resets_a_host_that_stands_still(start):
    machine = start(memory=192, append="visoros.watchdog=8", options=["-device", "i6300esb", "-action", "watchdog=poweroff"])
    wait_until(lambda: re.search(r"hardware watchdog: resets the host after \d+ s", log(machine)))
    machine.check("sleep 15; true")
    machine.run("(sleep 1; kill -STOP $(pidof supervisor)) >/dev/null 2>&1 &")
    machine.wait_end(60)


def test_an_orderly_end_switches_it_off(start):
    machine = start(memory=192, append="visoros.watchdog=8 ignore_loglevel", options=["-device", "i6300esb"])
    wait_until(lambda: "hardware watchdog: resets" in log(machine))
    machine.run("(sleep 1; poweroff) >/dev/null 2>&1 &")
    machine.wait_console("all userworlds have ended", timeout=40)
    machine.wait_end(15)
    assert "watchdog did not stop" not in machine.console()
