# SPDX-License-Identifier: Apache-2.0
"""Starting without a medium that is written to: from a CD, and from the network."""

import pytest
from conftest import OUT
from media import Medium, Network
from vm import Machine

ISO, PXE = OUT / "media/visoros.iso", OUT / "media/pxe"


def origin(boot, medium):
    """What the host was told of where it came from; it has no bank."""
    with Machine(boot, medium=medium) as machine:
        line = machine.wait_guest(300).check("cat /proc/cmdline")
        assert "visoros.bank=" not in line
        return next(word.partition("=")[2] for word in line.split() if word.startswith("visoros.boot="))


def test_ipxe_by_tftp(boot):
    assert origin(boot, Network(PXE, "visoros.ipxe")).endswith("/visoros.ipxe")


@pytest.mark.slow
def test_ipxe_by_http(boot):
    assert origin(boot, Network(PXE, "visoros.ipxe", http=True)).endswith("/visoros.ipxe")


@pytest.mark.slow
@pytest.mark.parametrize("http", [False, True])
def test_ipxe_under_uefi(boot, http):
    """The card's own iPXE, which the firmware runs; the kernel asks it for the modules by name."""
    assert origin(boot, Network(PXE, "visoros.ipxe", "uefi", http=http)).endswith("/visoros.ipxe")


@pytest.mark.slow
@pytest.mark.parametrize("file, kind", [("grub.pxe", "bios"), ("grub.efi", "uefi")])
def test_pxe(boot, file, kind):
    assert origin(boot, Network(PXE, file, kind)) == f"tftp://{Network.ADDRESS}/"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bios", "uefi"])
def test_cd(boot, kind):
    assert origin(boot, Medium(ISO, "cdrom", kind)) == "iso"


@pytest.mark.slow
def test_pxe_without_a_module(boot, tmp_path):
    """The loader says which file it is, and from where."""
    copy = tmp_path / "pxe"
    copy.mkdir()
    for file in PXE.iterdir():
        if file.name != "drivers.v00":
            (copy / file.name).symlink_to(file)
    with Machine(boot, guest=False, medium=Network(copy, "grub.efi", "uefi")) as machine:
        machine.wait_console("drivers.v00", 300)
        machine.wait_console("the file that is named above cannot be loaded from", 300)
        machine.wait_console("Press ESC to restart", 300)
