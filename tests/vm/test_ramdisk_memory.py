# SPDX-License-Identifier: Apache-2.0
"""Ramdisks and the memory of a small host: reservations, and no OOM killer."""

import re

import pytest
from hosts import wait_hostd
from ramdisks import TOOLS, bring_tools
from test_worlds import reload_worlds

OOM = "grep -ciE 'oom-kill|invoked oom|out of memory' /var/log/vmkernel.log || true"


@pytest.fixture(name="small")
def small_fixture(start, out, tmp_path):
    """A host with 128 MB, where nothing else wants memory now and then."""
    machine = start(memory=128)
    wait_hostd(machine)
    machine.check("sed -i '/^probe/d' /etc/userworld.d/hostd.conf")
    reload_worlds(machine)
    # /tmp has as much as is to spare, which may be less than the tools want; the root has a reservation.
    machine.check(f"mkdir /tools && ln -s /tools {TOOLS}")
    bring_tools(machine, out, tmp_path, {"t/a": b"a"})
    return machine


def number(machine, ramdisk, name):
    return int(machine.check(f"cat /sys/fs/visorfs/0/ramdisks/{ramdisk}/{name}"))


def available(machine):
    """MemAvailable in KiB."""
    return int(re.search(r"MemAvailable: *(\d+)", machine.check("cat /proc/meminfo"))[1])


def test_reservations_on_128_mb(small):
    # What it uses is little, but as much as there is left to be reserved.
    small.check("visorcli system service stop --name dcui-serial")
    reserved = {name: number(small, name, "min_bytes") for name in ("root", "etc", "run", "var", "log")}
    assert all(reserved.values()), "admitted at boot"
    small.check("mkdir /tmp/more")
    add = "visorcli system visorfs ramdisk add --name more --target /tmp/more --max-size 100"
    result = small.run(f"{add} --min-size 90")
    assert re.search(r"ramdisk more: with this, \d+M would be reserved by pools and \d+M by ramdisks; this host can "
                     r"reserve \d+M in all", result.errors)
    # What may be reserved is not always there.
    result = small.run(f"{TOOLS}/vfstool /tmp/more ramdisk more {100 << 20} 100 {90 << 20}")
    assert result.status != 0
    missing = re.search(r"ramdisk more: (\d+) KiB are missing for its reservation: it needs 92160 "
                        r"KiB more, the host can spare (\d+) KiB", result.output + result.errors)
    assert int(missing[1]) + int(missing[2]) == 92160
    assert int(missing[2]) < available(small)
    small.check(f"{add} --min-size 1")
    assert number(small, "more", "min_bytes") == 1 << 20
    resize = "visorcli system visorfs ramdisk resize --name more"
    assert "this host can reserve" in small.run(f"{resize} --min-size 90").errors
    small.check(f"{resize} --min-size 0 --max-size 50")
    assert number(small, "more", "min_bytes") == 0
    small.check("visorcli system visorfs ramdisk remove --name more")


def test_caps_beyond_memory_do_not_wake_the_oom_killer(small):
    size = number(small, "tmp", "max_bytes")
    assert available(small) * 1024 < size
    result = small.run("dd if=/dev/zero of=/tmp/fill bs=1M", timeout=300)
    assert "No space left on device" in result.errors
    assert number(small, "tmp", "used_bytes") < size
    assert available(small) > 2048
    assert "host is short of memory: cannot extend /tmp/fill for dd" in small.check("dmesg")
    # What was reserved is there all the same.
    for name, path in (("log", "/var/log"), ("etc", "/etc")):
        left = number(small, name, "min_bytes") - number(small, name, "used_bytes")
        small.check(f"dd if=/dev/zero of={path}/fill bs=4096 count={left // 4096 - 8}; "
                    f"rm {path}/fill")
    wait_hostd(small)
    assert small.check(OOM) == "0\n"
    small.check("rm /tmp/fill; echo room > /tmp/again")


def test_full_ramdisk_beside_memory_pressure(small):
    small.check("mkdir /tmp/few && "
                f"{TOOLS}/vfstool /tmp/few ramdisk few 2097152 100")
    # oomd acts below 6 MiB, and ten programs want some, too.
    mib = (available(small) - 10 * 1024) // 1024
    # Its word goes where room is reserved: /tmp may have none any more.
    small.check(f"{TOOLS}/ramtool hog {mib} > /tools/hog & echo $! > /run/hog.pid; "
                "until grep -q held /tools/hog; do sleep 0.1; done", timeout=300)
    result = small.run("for i in 1 2 3 4 5 6 7 8; do dd if=/dev/zero of=/tmp/few/$i bs=64k & done "
                       "2>&1; wait", timeout=300)
    assert "No space left on device" in result.output + result.errors
    assert small.check(OOM) == "0\n"
    small.check("kill -9 $(cat /run/hog.pid)")
    wait_hostd(small)
