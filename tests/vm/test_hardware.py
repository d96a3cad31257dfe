# SPDX-License-Identifier: Apache-2.0
"""The image for real hardware: Debian's full kernel, and its drivers by what is there."""

import re
import subprocess

import pytest
from conftest import OUT, TOP
from hosts import wait_hostd, wait_until
from media import Medium
from vm import Machine

DISKS = {"usb": "sda", "sata": "sda", "nvme": "nvme0n1"}


@pytest.fixture(scope="module", name="image")
def image_fixture():
    """out/hardware/media/visoros.img, built if need be."""
    folder = OUT / "hardware"
    make = ["make", "-s", "-C", TOP, f"O={folder}"]
    subprocess.run([*make, "hardware_defconfig"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*make, "usb"], check=True, stdout=subprocess.DEVNULL)
    return folder / "media/visoros.img"


@pytest.mark.slow
@pytest.mark.parametrize("bus, kind", [("usb", "bios"), ("usb", "uefi"), ("sata", "bios"), ("nvme", "uefi")])
def test_medium_is_seen(image, bus, kind):
    """It has no agent for tests: the kernel's own lines on the console say what it has found."""
    disk, keyboard = DISKS[bus], ["-device", "qemu-xhci,id=keys", "-device", "usb-kbd,bus=keys.0"]
    with Machine(image.parents[1] / "boot", guest=False, append="ignore_loglevel",
                 medium=Medium(image, bus, kind), options=keyboard) as machine:

        def seen():
            """the kernel has found all partitions of the medium, a keyboard, and a screen under UEFI"""
            machine.check_alive()
            text = machine.console()
            return (re.search(rf" {disk}:( ({disk}|p)\d){{5}}", text) and "USB HID v1.11 Keyboard" in text
                    and (kind == "bios" or "fb0: EFI VGA frame buffer device" in text))

        wait_until(seen, 300)
        wait_hostd(machine, 300)
