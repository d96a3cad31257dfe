# SPDX-License-Identifier: Apache-2.0
"""The power is cut at every point of a recorded run: what starts then is the old or the new.

A machine runs from a medium whose writes and flushes are recorded. From the record cutsweep(1)
makes every disk that a cut could have left (docs/testing.md), and looks with the loader's rules and
the host's own code at what would start.
"""

import contextlib
import json
import subprocess

import pytest
from conftest import OUT
from depots import serve
from hosts import wait_hostd
from media import Medium, add_words, copy_sparse
from mediakit import make_bank, make_disk, make_update, states
from vm import Machine

SWEEP = OUT / "bin/cutsweep"


class Record:
    """A run from a disk with two banks: the disk before it, and the log of what was written."""

    def __init__(self, boot, folder, first=0, second=0):
        banks = [make_bank(folder / "b0.fat", first, 1, "old-1"), make_bank(folder / "b1.fat", second, 2, "new-2")]
        self.disk = make_disk(folder, banks, timeout=0)
        # Nothing is confirmed while it runs, however slow it is.
        add_words(self.disk, "visoros.trial=86400")
        self.before, self.log, self.boot = folder / "before.img", folder / "writes.log", boot
        copy_sparse(self.disk, self.before)

    def machine(self, **options):
        return Machine(self.boot, medium=Medium(self.disk, "virtio", own=True, log=self.log), **options)

    def sweep(self, *options):
        """What cutsweep found, and what it said."""
        done = subprocess.run([SWEEP, *options, self.before, self.log], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout), done.stderr

    def start_from(self, number, path):
        """Starts a machine from one of the disks; its host name and the bank that it runs."""
        subprocess.run([SWEEP, "--keep", f"{number}={path}", self.before, self.log], check=True, capture_output=True)
        with Machine(self.boot, medium=Medium(path, "virtio", own=True)) as machine:
            machine.wait_guest(300)
            wait_hostd(machine, 300)
            return machine.check("hostname").strip(), states(path)


def name_hosts(machine, count):
    for number in range(count):
        machine.check(f"localcli system hostname set --host=cut{number} && localcli system state save")


@pytest.fixture(scope="module", name="saves")
def saves_fixture(boot, tmp_path_factory):
    """The first start of a new medium, which makes the store, and some changes one after the other."""
    record = Record(boot, tmp_path_factory.mktemp("cut"), 0, 1)
    with record.machine() as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        name_hosts(machine, 6)
    return record


def test_saves_are_whole_or_not_at_all(saves):
    found, said = saves.sweep()
    assert found["failures"] == 0, said
    first, last = found["generations"]
    assert first == 0 and last >= 6
    assert found["bank_changes"] == 1  # the loader: it starts the new bank once, and then the old one
    assert found["flushes"] >= 2 * last and found["disks"] > 4 * last


def test_a_disk_that_does_not_flush_fails(saves):
    """The control: the same run, had nobody asked for anything to be on the disk."""
    found, said = saves.sweep("--ignore-flushes")
    assert found["failures"] > 0
    assert "cutsweep: disk " in said


@pytest.mark.slow
def test_some_of_the_disks_start(saves, tmp_path):
    """What cutsweep says of a disk is what a machine makes of it."""
    found, _ = saves.sweep()
    names = {"visoros", *(f"cut{number}" for number in range(6))}
    for part in range(1, 6):
        name, _ = saves.start_from(found["disks"] * part // 6, tmp_path / "disk.img")
        assert name in names


@pytest.mark.slow
def test_updates_are_whole_or_not_at_all(boot, tmp_path_factory):
    """A new image over the network into the older of two confirmed banks."""
    folder = tmp_path_factory.mktemp("update")
    record = Record(boot, folder, 0, 0)
    make_update(folder, "newer-3")
    with contextlib.contextmanager(serve)(folder) as server, record.machine() as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        machine.check(f"visorcli system boot update --source {server.url}/newer-3.vib", timeout=900)
        assert "Next Bank: 0" in machine.check("visorcli system boot get")
    found, said = record.sweep()
    print(f"\n{found}")
    assert found["failures"] == 0, said
    assert found["bank_changes"] == 1 and found["disks"] > 500
    found, _ = record.sweep("--ignore-flushes")
    assert found["failures"] > 0
