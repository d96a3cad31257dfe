# SPDX-License-Identifier: Apache-2.0
"""A restart that does not go through firmware and loader, from a disk with two banks."""

import pytest
from conftest import BOOT
from hosts import wait_hostd, wait_until
from media import Medium
from mediakit import STARTED, make_bank, make_disk, partition_guid, states, write_bank
from vm import Machine

QUICK = "visorcli system shutdown reboot --quick --reason test"
CONFLICT, NO_SPACE = 5, 8


@pytest.fixture(name="disk")
def disk_fixture(tmp_path):
    """An image that is confirmed, and a newer one that was never started."""
    return make_disk(tmp_path, [make_bank(tmp_path / "bank0", 0, 1, "old-1", sums=True),
                                make_bank(tmp_path / "bank1", 3, 2, "new-2", sums=True)])


def quick_restart(machine):
    """Returns when the next host answers. Firmware in between would end the machine (-no-reboot)."""
    starts = machine.console().count(STARTED)
    machine.check(f"{QUICK} > /run/quick.log 2>&1 &")
    wait_until(lambda: machine.console().count(STARTED) > starts, 300)
    machine.wait_guest()
    wait_hostd(machine)


def bank_of(machine):
    line = machine.check("cat /proc/cmdline").split()
    return [word.split("=", 1)[1] for word in line if word.startswith("visoros.bank=")]


def check_refused(machine, disk):
    """What is refused ends nothing: a file of the bank that would be started is damaged."""
    write_bank(disk, 0, 10 << 20, bytes(1 << 20))
    answer = machine.run(QUICK)
    assert answer.status == CONFLICT and "of the bank is not good" in answer.errors
    wait_hostd(machine)


def test_quick_restart_to_a_new_image(disk):
    """It is on trial, as if the loader had started it with that line; state comes from the medium again."""
    with Machine(BOOT, medium=Medium(disk, "virtio", "bios", own=True)) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        line = machine.check("cat /proc/cmdline").replace(partition_guid(disk, 4), partition_guid(disk, 5))
        machine.check("visorcli system hostname set --host quick && visorcli system state save")
        machine.check("visorcli system boot bank set --bank 1")
        quick_restart(machine)
        assert bank_of(machine) == [partition_guid(disk, 5)]
        assert machine.check("cat /proc/cmdline").split() == [
            word for word in line.split() if not word.startswith("BOOT_IMAGE=")]
        assert machine.check("hostname") == "quick\n"
        assert machine.check("cat /sys/kernel/kexec_loaded") == "0\n"
        assert states(disk) == {"old-1": 0, "new-2": 2}
        # The next start would go back.
        check_refused(machine, disk)


@pytest.mark.slow
def test_quick_restarts(disk):
    with Machine(BOOT, medium=Medium(disk, "virtio", "bios", own=True)) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        line = machine.check("cat /proc/cmdline")
        machine.check("visorcli system hostname set --host quick && visorcli system state save")
        # The same image, with the words of its loader; state comes from the medium again.
        quick_restart(machine)
        assert machine.check("cat /proc/cmdline").split() == [
            word for word in line.split() if not word.startswith("BOOT_IMAGE=")]
        assert machine.check("hostname") == "quick\n"
        assert machine.check("cat /sys/kernel/kexec_loaded") == "0\n"
        # A new image: on trial, as if the loader had started it.
        machine.check("visorcli system boot bank set --bank 1")
        quick_restart(machine)
        assert bank_of(machine) == [partition_guid(disk, 5)]
        assert states(disk) == {"old-1": 0, "new-2": 2}
        # It was not confirmed, so the next start goes back.
        quick_restart(machine)
        assert bank_of(machine) == [partition_guid(disk, 4)]
        assert states(disk) == {"old-1": 0, "new-2": 3}
        check_refused(machine, disk)


def test_too_little_memory(disk):
    with Machine(BOOT, memory=128, medium=Medium(disk, "virtio", "bios", own=True)) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        answer = machine.run(QUICK)
        assert answer.status == NO_SPACE and " MiB of memory are missing" in answer.errors
        assert machine.check("cat /sys/kernel/kexec_loaded") == "0\n"
