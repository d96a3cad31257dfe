# SPDX-License-Identifier: Apache-2.0
"""Banks that are too small for a new image grow, one after the other, on a disk with room; and the image starts."""

import json
import os
import subprocess

import pytest
from bootcfg import BootCfg
from conftest import BOOT
from depots import serve
from hosts import wait_hostd, wait_until
from media import Medium
from mediakit import make_bank, make_disk, make_module, make_update, partition, partition_guid
from vm import Machine

MIB = 1 << 20
IMAGE = sum(path.stat().st_size for path in BOOT.glob("*") if path.name in
            [BootCfg.read(BOOT / "boot.cfg")["kernel"], *BootCfg.read(BOOT / "boot.cfg")["modules"]])
BANK = IMAGE // MIB + 3  # MiB of a bank
GROWN = 2 * BANK
ROOM = 300  # MiB behind the banks
TRIAL = "visoros.trial=5 visoros.trial.limit=900"
CONFLICT, NO_SPACE = 5, 8

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", name="folder")
def folder_fixture(tmp_path_factory):
    return tmp_path_factory.mktemp("grow")


@pytest.fixture(scope="module", name="server")
def server_fixture(folder):
    """An update that needs more than a bank has, by bytes that cannot be packed."""
    padding = make_module(folder, "padding", "opt/padding", os.urandom(4 * MIB))
    (folder / "updates").mkdir()
    make_update(folder / "updates", "large-3", TRIAL, [padding])
    yield from serve(folder / "updates")


@pytest.fixture(scope="module", name="disk")
def disk_fixture(folder):
    """Two banks, of which the first one starts, copied to a larger disk: the table ends where the banks do."""
    banks = [make_bank(folder / f"b{i}.fat", 0, 2 - i, build, sums=True, mib=BANK)
             for i, build in enumerate(["new-2", "old-1"])]
    disk = make_disk(folder, banks, timeout=1)
    os.truncate(disk, disk.stat().st_size + ROOM * MIB)
    return disk


def start_from(disk, kind="bios"):
    return Machine(BOOT, medium=Medium(disk, "virtio", kind, own=True))


def wait_up(machine):
    machine.wait_guest(900)
    wait_hostd(machine, 600)


def answer(machine, command):
    return json.loads(machine.check(f"visorcli --formatter=json system boot {command}", timeout=900))


def grow(machine, options=""):
    """Says what it says, and looks at what the table, the kernel and the list of banks say."""
    said = answer(machine, f"bank grow {options}")
    part = next(name for name in machine.check("ls /sys/block/vda").split()
                if name == f"vda{4 + said['bank']}")
    start, size = (int(machine.check(f"cat /sys/block/vda/{part}/{what}")) for what in ("start", "size"))
    listed = answer(machine, "bank list")[said["bank"]]
    assert size * 512 == said["size"] == listed["used"] + listed["free"]
    return said, start


def refused(machine, command, status, *words):
    result = machine.run(f"visorcli system boot {command}", timeout=900)
    assert result.status == status and result.errors.count("\n") == 1, result
    for word in words:
        assert word in result.errors, result


def check_disk(disk, guids):
    """Others find the table good; GUIDs are those of before."""
    said = subprocess.run(["sfdisk", "--verify", disk], check=True, capture_output=True, text=True)
    assert "No errors detected" in said.stdout and not said.stderr, said
    assert [partition_guid(disk, number) for number in range(1, 6)] == guids


def table(disk):
    with open(disk, "rb") as file:
        return file.read(MIB)


def digests(machine):
    return {(row["bank"], row["file"]): row["result"] for row in answer(machine, "bank verify")}


@pytest.fixture(scope="module", name="grown")
def grown_fixture(disk, server):
    """Bank 1 has grown in place, and has the large image, which runs; what was said on the way."""
    guids = [partition_guid(disk, number) for number in range(1, 6)]
    running = partition(disk, 4)
    with start_from(disk) as machine:
        wait_up(machine)
        machine.check("localcli system service stop --name bootscrub")
        refused(machine, f"update --source {server.url}/large-3.vib", NO_SPACE, "are missing", "system boot bank grow")
        refused(machine, "bank grow --size=2000", NO_SPACE, f"the bank can have {BANK + ROOM} MiB at most")
        before = table(disk)
        dry = answer(machine, "bank grow --dry-run")
        assert table(disk) == before
        # Somebody reads that partition: nothing is changed.
        machine.check("sleep 1000 < /dev/vda5 & echo $! > /tmp/reader")
        refused(machine, "bank grow", CONFLICT, "is being read")
        machine.check("kill $(cat /tmp/reader)")
        wait_until(lambda: "vda5" not in machine.check("ls -l /proc/[0-9]*/fd 2>/dev/null || true"))
        said, _ = grow(machine)
        assert dry["message"] != said["message"] and dry == {**said, "message": dry["message"]}
        assert (said["how"], said["image"], said["build"], said["size"]) == ("in place", "kept", "old-1", GROWN * MIB)
        assert set(digests(machine).values()) == {"good"}
        assert f"Bank 1 has {GROWN} MiB now" in machine.check("visorcli system event list")
        machine.check(f"visorcli system boot update --source {server.url}/large-3.vib", timeout=900)
        machine.run("(sleep 1; visorcli system shutdown reboot --reason update) > /dev/null 2>&1 &")
        machine.wait_end(600)
    check_disk(disk, guids)
    assert partition(disk, 4) == running and partition(disk, 5)["size"] == GROWN * MIB // 512
    with start_from(disk) as machine:
        wait_up(machine)
        machine.check("localcli system service stop --name bootscrub")
        yield machine, guids


def test_large_image_starts_and_the_other_bank_moves(grown, disk):
    machine, guids = grown
    now = answer(machine, "get")
    assert (now["build"], now["bank"]) == ("large-3", 1)
    assert int(machine.check("stat -c %s /opt/padding")) > MIB
    wait_until(lambda: answer(machine, "get")["state"] == "valid", timeout=900)
    behind = partition(disk, 5)["start"] + partition(disk, 5)["size"]
    said, start = grow(machine)
    assert (said["bank"], said["how"], said["image"], said["build"]) == (0, "moved", "kept", "new-2")
    assert start == behind == partition(disk, 4)["start"]
    assert set(digests(machine).values()) == {"good"}
    row, = (row for row in answer(machine, "scrub --check-only") if row["part"] == "partition table")
    assert row["result"] == "good"
    check_disk(disk, guids)


def test_moved_bank_starts_under_uefi(grown, disk):
    machine, guids = grown
    if answer(machine, "bank list")[0]["size"] < GROWN * MIB:
        grow(machine)
    machine.check("visorcli system boot bank set --bank=0")
    machine.run("(sleep 1; visorcli system shutdown reboot --reason test) > /dev/null 2>&1 &")
    machine.wait_end(600)
    for bank, build in ((0, "new-2"), (1, "large-3")):
        with start_from(disk, "uefi") as machine:
            wait_up(machine)
            now = answer(machine, "get")
            assert (now["build"], now["bank"], now["medium"]) == (build, bank, "present")
            assert set(digests(machine).values()) == {"good"}
            if bank == 0:
                machine.check("visorcli system boot bank set --bank=1")
                machine.run("(sleep 1; visorcli system shutdown reboot --reason test) > /dev/null 2>&1 &")
                machine.wait_end(600)
    check_disk(disk, guids)
