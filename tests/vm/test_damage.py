# SPDX-License-Identifier: Apache-2.0
"""A medium of which something is broken is really started: it boots, or says why not, on the screen and on the
serial line."""

import pytest
from bootcfg import SIGNATURE
from conftest import BOOT
from damage import Map, flip, garbage, zeros
from media import SECTOR, Medium, copy_sparse
from mediakit import STARTED, make_bank, make_disk
from screen import wait_screen
from vm import Machine

NO_IMAGE = "neither bank of this medium has an image"
NO_PARTITION = "cannot be read: no such partition"


@pytest.fixture(scope="module", name="plain")
def plain_fixture(tmp_path_factory):
    """A disk with two confirmed banks, of which the loader starts the second, and no state."""
    folder = tmp_path_factory.mktemp("damage")
    banks = [make_bank(folder / f"b{i}.fat", 0, i + 1, build, sums=True) for i, build in enumerate(["old-1", "new-2"])]
    return make_disk(folder, banks, timeout=2)


class Broken:
    """A copy of a medium that gets damage, and the machine that starts from it."""

    def __init__(self, medium, folder):
        self.map, self.disk = Map(medium), folder / "broken.img"
        copy_sparse(medium, self.disk)

    def start(self, kind="bios"):
        return Machine(BOOT, medium=Medium(self.disk, "virtio", kind, own=True))

    def break_loader(self):
        """Of UEFI: the program in the ESP."""
        at = self.map.at(2)
        garbage(self.disk, (at + self.map.read(at, self.map.parts[2]["size"] * SECTOR).index(b"MZ"), 4096))

    def break_kernel(self, bank):
        at, size = self.map.file(4 + bank, BOOT / "vmlinuz")
        flip(self.disk, at + size // 2)

    def break_module(self, bank):
        at, size = self.map.file(4 + bank, BOOT / "base.v00")
        flip(self.disk, at + size // 2)

    def break_boot_cfg(self, bank):
        start = self.map.at(4 + bank)
        block = self.map.read(start, self.map.parts[4 + bank]["size"] * SECTOR).index(SIGNATURE.encode() + b"bootstate=")
        garbage(self.disk, (start + block, SECTOR))


@pytest.fixture(name="broken_plain")
def broken_plain_fixture(plain, tmp_path):
    return Broken(plain, tmp_path)


def expect_said(machine, *texts):
    """Screen and serial line say these, and it stays there. Long lines are broken, at other places on each."""
    for text in texts:
        machine.wait_console(text, 600)
        wait_screen(machine, text)


def test_no_kernel_is_whole(broken_plain):
    """What was said is not hidden by the menu, when neither bank can be loaded."""
    broken_plain.break_kernel(0)
    broken_plain.break_module(1)
    with broken_plain.start() as machine:
        expect_said(machine, "base.v00: HASH MISMATCH", "Bank 1 cannot be started", "vmlinuz: HASH MISMATCH",
                    "neither bank of this medium can be loaded")


@pytest.mark.parametrize("what", ["primary", "both", "protective"])
def test_bios_without_table(broken_plain, what):
    """GRUB reads the first copy of the table only, and says that it has no partitions."""
    places = {"primary": [broken_plain.map.primary()], "both": [broken_plain.map.primary(), broken_plain.map.backup()],
              "protective": [(446, 64)]}[what]
    (zeros if what == "protective" else garbage)(broken_plain.disk, *places)
    with broken_plain.start() as machine:
        expect_said(machine, NO_IMAGE, f"Bank 0 (partition 4): {NO_PARTITION}", f"Bank 1 (partition 5): {NO_PARTITION}")


def test_bios_without_any_boot_cfg(broken_plain):
    broken_plain.break_boot_cfg(0)
    broken_plain.break_boot_cfg(1)
    with broken_plain.start() as machine:
        expect_said(machine, NO_IMAGE, "Bank 0 (partition 4): boot.cfg is damaged",
                    "Bank 1 (partition 5): boot.cfg is damaged")


def test_bios_without_signature(broken_plain):
    """Here only the firmware can speak, and that of this machine does so on the screen."""
    zeros(broken_plain.disk, (510, 2))
    with broken_plain.start() as machine:
        wait_screen(machine, "Boot failed: not a bootable disk")
        wait_screen(machine, "No bootable device")


# What a firmware of UEFI makes of it. GRUB draws the screen itself there: it is read on the serial line only.


def start_damaged(broken, *texts):
    """The serial line says these."""
    with broken.start("uefi") as machine:
        for text in texts:
            machine.wait_console(text, 1200)


@pytest.mark.slow
def test_uefi_mends_the_primary_table(broken_plain):
    """This firmware writes it anew from the second copy."""
    before = broken_plain.map.read(*broken_plain.map.primary())
    garbage(broken_plain.disk, broken_plain.map.primary())
    start_damaged(broken_plain, "Starting VisorOS new-2", STARTED)
    at, size = broken_plain.map.primary()
    with open(broken_plain.disk, "rb") as file:
        file.seek(at)
        assert file.read(size) == before


@pytest.mark.slow
@pytest.mark.parametrize("what", ["both", "protective", "loader"])
def test_uefi_finds_nothing(broken_plain, what):
    """Only the firmware can speak: it has nothing to start, and goes on to its shell."""
    if what == "loader":
        broken_plain.break_loader()
    elif what == "both":
        garbage(broken_plain.disk, broken_plain.map.primary(), broken_plain.map.backup())
    else:
        zeros(broken_plain.disk, (446, 64))
    start_damaged(broken_plain, "BdsDxe: failed to load Boot0001", "UEFI Interactive Shell")


@pytest.mark.slow
def test_uefi_without_signature(broken_plain):
    """The firmware starts GRUB nevertheless, which takes a disk without it for one without partitions."""
    zeros(broken_plain.disk, (510, 2))
    start_damaged(broken_plain, NO_IMAGE, f"Bank 0 (partition 4): {NO_PARTITION}")


@pytest.mark.slow
def test_uefi_needs_nothing_of_the_bios(broken_plain):
    """Boot sector's code and the core of GRUB."""
    garbage(broken_plain.disk, (0, 440), (broken_plain.map.at(1), 1 << 20))
    start_damaged(broken_plain, "Starting VisorOS new-2", STARTED)


@pytest.mark.slow
def test_uefi_without_any_boot_cfg(broken_plain):
    broken_plain.break_boot_cfg(0)
    broken_plain.break_boot_cfg(1)
    start_damaged(broken_plain, NO_IMAGE, "Bank 0 (partition 4): boot.cfg is damaged",
                  "Bank 1 (partition 5): boot.cfg is damaged")


@pytest.mark.slow
def test_uefi_no_kernel_is_whole(broken_plain):
    broken_plain.break_kernel(0)
    broken_plain.break_module(1)
    start_damaged(broken_plain, "base.v00: HASH MISMATCH", "Bank 1 cannot be started", "vmlinuz: HASH MISMATCH",
                  "neither bank of this medium can be loaded")


@pytest.mark.slow
def test_uefi_memory_that_is_too_small(plain):
    """The files are good; the loader says what is missing."""
    with Machine(BOOT, memory=128, medium=Medium(plain, "virtio", "uefi")) as machine:
        for text in ("error: out of memory", "Bank 1 cannot be started: out of memory",
                     "The memory of this machine is too small for the loader: nothing is damaged.",
                     "Under UEFI it needs 256 MB.", "neither bank of this medium can be loaded"):
            machine.wait_console(text, 1200)
