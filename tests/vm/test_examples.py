# SPDX-License-Identifier: Apache-2.0
"""The example bundles do on a host that takes partners only what they say."""

import json

import pytest
from hosts import namespace, wait_hostd, wait_until

NAMES = ("debug", "heartbeat", "driver-nbd")


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    vm.check("visorcli software acceptance set --level=partner")
    yield vm
    for name in NAMES:
        vm.run(f"visorcli software bundle remove --name {name} --force")
    vm.run("find /etc/visoros -mindepth 1 -maxdepth 1 ! -name ssl -exec rm -rf {} +; "
           "rm -f /tmp/*.vib; rmmod nbd")


def install(machine, out, name):
    machine.put(out / "bundles" / f"{name}.vib", f"/tmp/{name}.vib")
    machine.check(f"visorcli software bundle install --bundle /tmp/{name}.vib")


def call(machine, command):
    return json.loads(machine.check(f"visorcli --formatter=json {command}"))


def test_debug(host, out):
    before = namespace(host)
    install(host, out, "debug")
    assert "execve(" in host.check("strace -f -e trace=execve true 2>&1")
    assert "libpcap" in host.check("tcpdump --version 2>&1")
    assert "gdbserver" in host.check("gdbserver --version")
    rows = call(host, "software bundle signature verify")
    assert [row["verification"] for row in rows if row["name"] == "debug"] == ["good"]
    components = call(host, "software bundle get --name debug")["sbom"]["components"]
    assert {"strace", "tcpdump", "gdbserver", "libpcap0.8"} <= {part["name"] for part in components}
    host.check("visorcli software bundle remove --name debug; rm /tmp/debug.vib")
    assert namespace(host) == before


def test_service(host, out):
    install(host, out, "heartbeat")

    def reported():
        """a heartbeat is in the log"""
        return "alive for" in host.run("grep -rh heartbeat /var/log").output

    wait_until(reported)
    assert int(host.check("cat /sys/fs/cgroup/host/user/heartbeat/memory.min")) == 262144
    host.check("sed -i s/60/5/ /etc/heartbeat.conf")
    assert "/etc/heartbeat.conf" in host.check("visorcli system state list")
    host.check("visorcli software bundle remove --name heartbeat")
    assert host.run("visorcli system service stop --name heartbeat").status == 4


def test_driver(host, out):
    install(host, out, "driver-nbd")

    def loaded():
        """the module is loaded"""
        return host.run("test -b /dev/nbd3").status == 0

    wait_until(loaded)
    assert "kernel = " in host.check("visorcli software bundle get --name driver-nbd")
    host.check("visorcli software bundle remove --name driver-nbd")
    assert host.run("test -d /sys/module/nbd").status == 0
