# SPDX-License-Identifier: Apache-2.0
"""Ramdisks: a hard cap, and a host that goes on when one is full."""

import pytest
from hosts import vmkernel_log, wait_hostd, wait_until
from test_worlds import pids

MB = 1 << 20
LIVE_ON = ("hostd", "dcui", "vmklogger", "oomd")


def figure(machine, ramdisk, name):
    return int(machine.check(f"cat /sys/fs/visorfs/0/ramdisks/{ramdisk}/{name}"))


def full(machine, ramdisk, what):
    """Used up, but for what others may just have given back; never more than the cap."""
    cap = figure(machine, ramdisk, f"max_{what}")
    return 0.995 * cap <= figure(machine, ramdisk, f"used_{what}") <= cap


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    yield vm
    vm.check("rm -rf /fill /fill.d /tmp/fill")


def test_root_ramdisk_is_32_mb(host):
    assert figure(host, "root", "max_bytes") == 32 * MB


def test_full_root(host):
    before = pids(host, LIVE_ON)
    result = host.run("dd if=/dev/zero of=/fill bs=1M count=100")
    assert result.status != 0
    assert "No space left on device" in result.errors
    assert full(host, "root", "bytes")
    assert figure(host, "root", "full_events") > 0

    row = next(line for line in host.check("vdf").splitlines() if line.split()[:1] == ["root"])
    assert "100%" in row.replace(" %", "%")
    wait_until(lambda: any("root" in line and "/fill" in line and "dd" in line
                           for line in vmkernel_log(host).splitlines()))
    wait_hostd(host)
    assert pids(host, LIVE_ON) == before

    host.check("rm /fill")
    assert figure(host, "root", "used_bytes") < 2 * MB
    host.check("echo again > /fill")


def test_full_root_is_said_once_and_not_a_thousand_times(host):
    host.check("dd if=/dev/zero of=/fill bs=1M count=40 2>/dev/null || true")
    count = "cat /var/log/vmkernel.log* | grep -c '/fill' || true"
    before = int(host.check(count))
    host.check("i=0; while [ $i -lt 300 ]; do echo more >> /fill 2>/dev/null; i=$((i + 1)); done; true")
    assert int(host.check(count)) - before < 20


def test_inodes_have_a_cap(host):
    host.check("mkdir /fill.d")
    result = host.run("i=0; while [ $i -lt 9000 ]; do : > /fill.d/$i || exit 1; i=$((i + 1)); done",
                      timeout=300)
    assert result.status != 0
    assert full(host, "root", "inodes")


def test_other_ramdisks_have_room_when_root_is_full(host):
    host.check("dd if=/dev/zero of=/fill bs=1M count=40 2>/dev/null || true")
    host.check("dd if=/dev/zero of=/tmp/fill bs=1M count=4")
    host.check("echo written >> /var/log/fill && rm /var/log/fill")


def test_resize_while_full(host):
    host.check("dd if=/dev/zero of=/fill bs=1M count=40 2>/dev/null || true")
    host.check("visorcli system visorfs ramdisk resize --name root --max-size 40")
    try:
        host.check("dd if=/dev/zero of=/fill bs=1M count=4 seek=32 conv=notrunc")
    finally:
        host.check("rm /fill; visorcli system visorfs ramdisk resize --name root --max-size 32")
    assert figure(host, "root", "max_bytes") == 32 * MB
