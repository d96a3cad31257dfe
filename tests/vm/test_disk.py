# SPDX-License-Identifier: Apache-2.0
"""The boot device is not needed once the host runs."""

import time

import pytest
from hosts import https_status, wait_hostd


@pytest.fixture(name="disk")
def disk_fixture(tmp_path, boot):
    """A disk with the boot modules on it, as a boot loader would have read them."""
    path = tmp_path / "disk.img"
    with open(path, "wb") as image:
        image.write((boot / "base.v00").read_bytes())
        image.truncate(64 << 20)
    return path


def use(machine):
    """What a person does with a host: every part of it must be readable."""
    machine.check("find /usr -type f | xargs cat > /dev/null", timeout=120)
    machine.check("visorcli system version get")
    assert https_status(machine) == 200


def test_boots_without_a_disk(vm):
    wait_hostd(vm)
    assert vm.check("ls /sys/block").split() == []


def test_disk_pulled_while_running(start, disk):
    machine = start(disk=disk)
    wait_hostd(machine)
    assert "vda" in machine.check("ls /sys/block")
    machine.pull_disk()
    assert "vda" not in machine.check("ls /sys/block")
    machine.check("echo 3 > /proc/sys/vm/drop_caches")
    use(machine)


@pytest.mark.slow
def test_ten_minutes_without_the_disk(start, disk):
    machine = start(disk=disk)
    wait_hostd(machine)
    machine.pull_disk()
    end = time.monotonic() + 600
    while time.monotonic() < end:
        machine.check("echo 3 > /proc/sys/vm/drop_caches")
        use(machine)
        time.sleep(5)
