# SPDX-License-Identifier: Apache-2.0
"""A host from a stick installs itself to a disk, and that disk alone starts hosts: as somebody would do it."""

import contextlib
import json
import subprocess

import pytest
from conftest import BOOT, OUT
from guestlink import GuestGone
from hosts import vga_text, wait_hostd, wait_until
from media import Medium, blocks
from mediakit import partition, partition_guid, unpack
from vm import Machine

IMAGE = OUT / "media/visoros.img"
MIB = 1 << 20
NAMES = ["VISOROS-BIOS", "VISOROS-ESP", "VISOROS-STATE", "VISOROS-BANK0", "VISOROS-BANK1"]


def answer(machine, command):
    """What visorcli says, as data."""
    return json.loads(machine.check(f"visorcli --formatter=json {command}", timeout=600))


def place(machine, serial):
    """Which disk of the list is the one of that serial number."""
    found = [i for i, row in enumerate(answer(machine, "system boot disk list")) if row["serial"] == serial]
    assert len(found) == 1, serial
    return found[0]


def device(machine, serial):
    return answer(machine, "system boot disk list")[place(machine, serial)]["device"]


def read(disk, at, size):
    with open(disk, "rb") as file:
        file.seek(at)
        return file.read(size)


def switch_off(machine):
    """As an administrator does it; the answer may come or not."""
    with contextlib.suppress(GuestGone):
        machine.check("localcli system shutdown poweroff --reason test", timeout=300)
    machine.wait_end(300)


@pytest.fixture(scope="module", name="folder")
def folder_fixture(tmp_path_factory):
    return tmp_path_factory.mktemp("install")


def make_disk(path, more=""):
    """An empty disk, and QEMU's options for it: its serial number is its name."""
    with open(path, "wb") as file:
        file.truncate(400 * MIB)
    return ["-drive", f"if=none,id={path.stem},file={path},format=raw",
            "-device", f"virtio-blk-pci,drive={path.stem},serial={path.stem}{more}"]


@pytest.fixture(scope="module", name="disks")
def disks_fixture(folder):
    """Disks that a host from a stick was installed to; all that is said of it on the way is looked at."""
    disks = {name: folder / f"{name}.img" for name in ("command", "console")}
    options = [option for disk in disks.values() for option in make_disk(disk)]
    with Machine(BOOT, medium=Medium(IMAGE, "virtio"), options=options) as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        install_by_keys(machine, "console")
        install_by_command(machine, "command", disks["command"])
        switch_off(machine)
    return disks


def press(machine, keys, *texts, timeout=300):
    """Presses keys of the console, and waits until it shows all texts."""
    machine.send_keys(*keys)

    def shown():
        screen = vga_text(machine)
        return screen if all(text in screen for text in texts) else None

    shown.__doc__ = f"the console shows {texts}"
    return wait_until(shown, timeout)


def install_by_keys(machine, serial):
    """At the console, which needs no hostd."""
    target, down = device(machine, serial), ["down"] * place(machine, serial)
    machine.check("localcli system service stop --name hostd")
    press(machine, [], "<F2>")
    press(machine, ["f2"], "Login name:")
    press(machine, ["ret"], "System Customization")
    press(machine, ["end", "up"], "Writes the image that this host")
    press(machine, ["ret"], "<I> Image", target)
    press(machine, down, f"Serial number       {serial}", "On it               nothing")
    press(machine, ["ret"], "All that is on this disk will be lost", f"Serial  {serial}", "On it   nothing")
    press(machine, [*"nothing", "ret"], "That is not the name of the disk: nothing was written")
    shown = press(machine, [*target.removeprefix("/dev/"), "ret"], "<Enter> Close", timeout=900)
    assert "<F12> Shut Down/Restart" in shown, shown
    press(machine, ["ret"], "On it               VisorOS")
    machine.check("localcli system service start --name hostd")
    wait_hostd(machine)
    assert f"was installed to {target}" in machine.check("visorcli system event list")


def install_by_command(machine, serial, disk):
    target = device(machine, serial)
    install = f"system boot install --device {target}"
    own = answer(machine, "system boot get")
    refused = machine.run(f"visorcli system boot install --device {own['disk']} --yes", timeout=300)
    assert refused.status == 5 and "this host was started from it" in refused.errors
    # Nobody types the name, and a dry run: nothing is written.
    wrong = machine.run(f"visorcli {install}", data=b"yes\n", timeout=300)
    assert wrong.status != 0 and "nothing was written" in wrong.errors
    dry = answer(machine, f"{install} --dry-run")
    assert (dry["device"], dry["size"], dry["installed"]) == (target, 400 * MIB, False)
    assert not any(read(disk, 0, 400 * MIB))
    machine.check(f"visorcli {install}", data=f"{target}\n".encode(), timeout=900)
    assert f"was installed to {target}" in machine.check("visorcli system event list")
    # The host goes on from its stick: the new medium is another one.
    assert answer(machine, "system boot get") == own


@pytest.mark.parametrize("how", ["command", "console"])
def test_others_can_read_it(disks, how, tmp_path):
    """Programs that know nothing of the installer."""
    disk = disks[how]
    subprocess.run(["sfdisk", "--verify", disk], check=True, capture_output=True)
    found = [partition(disk, number) for number in range(1, 6)]
    assert [part["name"] for part in found] == NAMES
    assert partition_guid(disk, 4) != partition_guid(IMAGE, 4)
    for number in (2, 4):
        part, copy = found[number - 1], tmp_path / f"part{number}"
        copy.write_bytes(read(disk, part["start"] * 512, part["size"] * 512))
        subprocess.run(["fsck.fat", "-n", copy], check=True, capture_output=True)
    loader = unpack(disk, 2, "EFI", tmp_path / "efi") / "BOOT/BOOTX64.EFI"
    assert loader.read_bytes() == (OUT / "media/disk.efi").read_bytes()
    (_, cfg), = blocks(disk)
    assert (cfg["bootstate"], cfg["updated"]) == ("0", "1")
    for name in [cfg["kernel"], *cfg["modules"]]:
        file = unpack(disk, 4, name, tmp_path / name)
        assert file.read_bytes() == (BOOT / name).read_bytes(), name


def saved(machine):
    """stated has saved everything"""
    now = answer(machine, "system state get")
    return now["mode"] == "ready" and not now["unsaved"] and now["generation"] > 0


def installed(disk, kind):
    return Machine(BOOT, medium=Medium(disk, "virtio", kind, own=True))


def check_boot(machine, disk):
    """hostd answers, and knows its bank."""
    machine.wait_guest(300)
    wait_hostd(machine, 300)
    now = answer(machine, "system boot get")
    assert (now["medium"], now["bank"], now["state"]) == ("present", 0, "valid")
    assert partition_guid(disk, 4) in machine.check("cat /proc/cmdline")
    assert {row["result"] for row in answer(machine, "system boot bank verify")} == {"good"}


def test_it_starts(disks):
    """Under UEFI; what starts under BIOS, with the state of the install, is in test_autoinstall.py."""
    with installed(disks["command"], "uefi") as machine:
        check_boot(machine, disks["command"])


@pytest.mark.slow
def test_it_starts_and_keeps_its_state(disks):
    """Under BIOS, then under UEFI with what the first one has saved."""
    disk = disks["console"]
    with installed(disk, "bios") as machine:
        check_boot(machine, disk)
        machine.check("visorcli system hostname set --host installed")
        wait_until(lambda: saved(machine), timeout=300)
        switch_off(machine)
    with installed(disk, "uefi") as machine:
        check_boot(machine, disk)
        assert answer(machine, "system hostname get")["hostname"] == "installed"


@pytest.mark.slow
def test_wide_sectors_are_refused(folder):
    wide = folder / "wide.img"
    options = make_disk(wide, ",logical_block_size=4096,physical_block_size=4096")
    with Machine(BOOT, medium=Medium(IMAGE, "virtio"), options=options) as machine:
        machine.wait_guest(900)
        wait_hostd(machine, 600)
        refused = machine.run(f"visorcli system boot install --device {device(machine, 'wide')} --yes", timeout=900)
        assert refused.status == 3 and "sectors of 4096 bytes: only disks with sectors of 512" in refused.errors, refused
    assert wide.stat().st_blocks == 0
