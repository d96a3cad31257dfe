# SPDX-License-Identifier: Apache-2.0
"""Memory that is pulled out of a running host: what files have in it moves, and stays."""

import random

import pytest
from hosts import needs
from test_visorfs import fill, make_tardisk

HERE = "/tmp/unplug"
KINDS = ("tardisk", "packed")
SUMS = f"cd {HERE} && sha256sum " + " ".join(f"{kind}/*" for kind in KINDS)
DIMM = ["-m", "slots=1,maxmem=2G", "-object", "memory-backend-ram,id=memory1,size=128M",
        "-device", "pc-dimm,id=dimm,memdev=memory1"]


@pytest.fixture(name="machine")
def machine_fixture(start, out, tmp_path):
    """A host with a module of memory that can go, and files that fill much of it."""
    needs(out, "CONFIG_MEMORY_HOTREMOVE", "CONFIG_ACPI_HOTPLUG_MEMORY")
    dice = random.Random(8)
    fill(tmp_path / "files", {"large": dice.randbytes(5 << 20), "small": b"small\n",
                              "changed": dice.randbytes(3 << 20)})
    tardisk = make_tardisk(out, tmp_path, "files")
    machine = start(memory=384, append="memhp_default_state=online_movable", options=DIMM)
    machine.check(f"mkdir -p {HERE}")
    machine.put(tardisk, f"{HERE}/files.v00")
    machine.put(out / "bin/vfstool", f"{HERE}/vfstool", 0o755)
    for kind in KINDS:
        machine.check(f"mkdir {HERE}/{kind} && cd {HERE} && "
                      f"mount -t visorfs -o max=64m,{kind}=files.v00 none {kind} && "
                      f"for i in 1 2 3 4 5; do cat {kind}/large; done > {kind}/new && "
                      f"./vfstool . poke {kind}/changed 1000000 && ./vfstool . map {kind}/large",
                      timeout=300)
    return machine


def free_movable(machine):
    """Pages that are free in the module; None once it is gone."""
    zone = machine.check("grep -A1 'zone *Movable' /proc/zoneinfo; true").split()
    return int(zone[-1]) if zone else None


def test_content_survives_memory_that_goes(machine):
    before = machine.check(SUMS, timeout=300)
    # Files are in it: the new ones alone have 50 MB.
    assert free_movable(machine) < (128 - 40) << 8
    machine.qmp.command("device_del", id="dimm")
    machine.qmp.wait_event("DEVICE_DELETED", 300)
    assert not free_movable(machine)
    assert machine.check(SUMS, timeout=300) == before
    machine.check("echo 3 > /proc/sys/vm/drop_caches")
    assert machine.check(SUMS, timeout=300) == before
    for kind in KINDS:
        assert "violations=0" in machine.check(f"{HERE}/vfstool {HERE}/{kind} check")
    log = machine.check("dmesg")
    assert "Bad page" not in log and "BUG" not in log
