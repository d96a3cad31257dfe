# SPDX-License-Identifier: Apache-2.0
"""The loader of sticks and disks does what docs/media.md says.

How it starts what "make usb" has made, and falls back, is in test_banks.py.
"""

import subprocess
import tarfile

import pytest
from conftest import OUT
from media import Medium
from mediakit import make_bank, make_disk, make_fat, partition_guid, states
from vm import Machine

IMAGE = OUT / "media/visoros.img"
NEXT_LINE, END_OF_LINE, LEFT, BOOT_IT = b"\x0e", b"\x05", b"\x02", b"\x18"
# What machines start from, besides what the tests below use.
MATRIX = [("usb", "bios"), ("sata", "bios"), ("nvme", "bios"), ("virtio", "bios"),
          ("usb", "uefi"), ("sata", "uefi"), ("nvme", "uefi"), ("virtio", "uefi")]


@pytest.fixture(name="power_on")
def power_on_fixture(boot, request):
    """power_on(image, bus, kind): a machine that starts from the image and writes to it."""
    machines = []

    def power_on(image, bus="usb", kind="bios", **options):
        for machine in machines:
            machine.stop()
        machines.append(Machine(boot, medium=Medium(image, bus, kind, own=True), **options))
        return machines[-1].start()

    yield power_on
    for machine in machines:
        if getattr(request.node, "report", None) and request.node.report.failed:
            print(f"--- end of the console ---\n{machine.console()[-3000:]}")
        machine.stop()


def started_from(machine):
    """The words that the loader has added to the command line."""
    words = machine.wait_guest(300).check("cat /proc/cmdline").split()
    return dict(word.partition("=")[::2] for word in words if word.startswith("visoros."))


def two_banks(folder, first, second, **options):
    """A disk with builds old-1 and new-2; first and second are their states."""
    banks = [make_bank(folder / "b0.fat", first, 1, "old-1"), make_bank(folder / "b1.fat", second, 2, "new-2")]
    return make_disk(folder, banks, **options)


def test_roll_back_by_a_key(power_on, tmp_path):
    disk = two_banks(tmp_path, 0, 0, timeout=600)
    machine = power_on(disk, "virtio")
    machine.wait_console("VisorOS new-2 (bank 1)", 300)
    machine.type_console(b"r")
    machine.wait_console("Bank 0: old-1, confirmed. Start it this time", 300)
    machine.wait_console("Bank 1: new-2, confirmed, the default. Start it this time", 300)
    machine.type_console(b"y")
    machine.wait_console("Really roll back?", 300)
    machine.type_console(b"y\r")
    assert started_from(machine)["visoros.bank"] == partition_guid(disk, 4)
    machine.stop()
    assert states(disk) == {"old-1": 0, "new-2": 3}


def test_damaged_file_is_not_started(power_on, boot, tmp_path):
    """One bit of a module, which would start and then find no root file system."""
    banks = [make_bank(tmp_path / f"b{i}.fat", 0, i + 1, build, sums=True) for i, build in enumerate(["old-1", "new-2"])]
    data = bytearray(banks[1].read_bytes())
    data[data.index((boot / "drivers.v00").read_bytes()) + 100000] ^= 8
    banks[1].write_bytes(data)
    disk = make_disk(tmp_path, banks)
    machine = power_on(disk, "virtio")
    machine.wait_console("drivers.v00: HASH MISMATCH", 300)
    machine.wait_console("Bank 1 cannot be started", 300)
    machine.wait_console("Bank 0 is started instead in 10 seconds (ESC: now)", 300)
    machine.type_console(b"\x1b")
    assert started_from(machine)["visoros.bank"] == partition_guid(disk, 4)
    machine.stop()
    assert states(disk) == {"old-1": 0, "new-2": 0}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bios", "uefi"])
def test_missing_module_is_named(power_on, tmp_path, kind):
    """The bank that lacks a file cannot be started; the other one is."""
    banks = [make_bank(tmp_path / "b0.fat", 0, 1, "old-1"),
             make_bank(tmp_path / "b1.fat", 0, 2, "new-2", without=("drivers.v00",))]
    disk = make_disk(tmp_path, banks, timeout=600)
    machine = power_on(disk, "nvme", kind)
    machine.wait_console("VisorOS new-2 (bank 1)", 300)
    machine.type_console(b"\r")
    machine.wait_console("Missing in bank 1: drivers.v00", 300)
    machine.wait_console("Bank 1 cannot be started", 300)
    machine.wait_console("Bank 0 is started instead in 10 seconds", 300)
    assert started_from(machine)["visoros.bank"] == partition_guid(disk, 4)


@pytest.mark.slow
def test_options_are_edited(power_on, tmp_path):
    disk = two_banks(tmp_path, 0, 0, timeout=600)
    machine = power_on(disk, "sata")
    machine.wait_console("VisorOS new-2 (bank 1)", 300)
    machine.type_console(b"e")
    machine.wait_console("options='", 300)
    machine.type_console(2 * NEXT_LINE + END_OF_LINE + LEFT + b" visoros.typed=1" + BOOT_IT)
    assert started_from(machine)["visoros.typed"] == "1"


@pytest.mark.slow
@pytest.mark.parametrize("bus, kind", MATRIX)
def test_matrix(boot, bus, kind):
    with Machine(boot, memory=128 if kind == "bios" else 512, medium=Medium(IMAGE, bus, kind)) as machine:
        assert started_from(machine)["visoros.bank"] == partition_guid(IMAGE, 4)


@pytest.mark.slow
def test_disk_of_the_ova(boot, tmp_path):
    """As an importer does it, which makes a disk of its own of what comes in the package."""
    with tarfile.open(OUT / "media/visoros.ova") as tar:
        tar.extract("visoros-disk1.vmdk", tmp_path)
    disk = tmp_path / "disk.img"
    subprocess.run(["qemu-img", "convert", "-O", "raw", tmp_path / "visoros-disk1.vmdk", disk], check=True)
    with Machine(boot, medium=Medium(disk, "sata")) as machine:
        assert started_from(machine)["visoros.bank"] == partition_guid(disk, 4)


def test_no_bank_is_explained(power_on, tmp_path):
    nothing = tmp_path / "nothing"
    nothing.write_bytes(bytes(1 << 20))
    disk = make_disk(tmp_path, [make_fat(tmp_path / "b0.fat", []), nothing])
    machine = power_on(disk, guest=False, network=False)
    machine.wait_console("VisorOS cannot be started: neither bank of this medium has an image.", 300)
    machine.wait_console("Bank 0 (partition 4): empty: no boot.cfg", 300)
    machine.wait_console("Bank 1 (partition 5): cannot be read", 300)
    machine.wait_console("Press ESC to restart", 300)
    machine.type_console(b"\x1b")
    machine.wait_end(300)
