# SPDX-License-Identifier: Apache-2.0
"""Secure Boot with own keys: the signed image starts, and nothing that was changed does."""

import hashlib
import shutil
import struct
import subprocess

import pytest
from bootcfg import BootCfg, join_modules
from conftest import BOOT, OUT, TOP
from hosts import mounted, wait_hostd
from tpm import Tpm, extended, list_digest, measured, pcr
from uefi import Uefi
from vm import Machine

KEYS = OUT / "keys" / "secureboot"
WORDS = "panic=-1 visoros.guest visoros.signedTardisksOnly=partner"
# What an attacker with the keyboard would have the firmware pass.
OTHER_WORDS = "visoros.signedTardisksOnly=off visoros.other"
EFIVARS = "/sys/firmware/efi/efivars"
SECURITY = "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"

pytestmark = pytest.mark.skipif(not (BOOT / "visoros.efi").exists(), reason="built without IMAGE_UKI")


def make(target, *options, boot=BOOT, key=KEYS / "db.key", cert=KEYS / "db.crt"):
    """A unified kernel image as the build makes it, with the words of the tests."""
    sign = ["--key", key, "--cert", cert] if key else []
    subprocess.run([TOP / "images/uefi/mkuki", "--osrel", OUT / "images/os-release", "--append", WORDS,
                    *sign, *options, boot / "boot.cfg", target], check=True)
    return target


def changed(source, target, place):
    """A copy with one bit turned."""
    data = bytearray(source.read_bytes())
    data[place] ^= 1
    target.write_bytes(data)
    return target


@pytest.fixture(scope="module", name="image")
def image_fixture(tmp_path_factory):
    return make(tmp_path_factory.mktemp("uki") / "visoros.efi")


@pytest.fixture(scope="module", name="host")
def host_fixture(image, tmp_path_factory):
    """A machine with a TPM that trusts our keys only; somebody changed the command line."""
    tpm = Tpm(tmp_path_factory.mktemp("tpm"))
    try:
        with Machine(BOOT, uefi=Uefi(image, KEYS, OTHER_WORDS), options=tpm.options) as machine:
            machine.wait_guest(300)
            yield machine
    finally:
        tpm.stop()


@pytest.fixture(name="refuse")
def refuse_fixture(start):
    """refuse(program, *texts): the console shows all of these, and no host starts."""

    def refuse_program(program, *texts):
        machine = start(wait=False, guest=False, network=False, uefi=Uefi(program, KEYS))
        for text in texts:
            machine.wait_console(text, timeout=300)
        assert "init: VisorOS" not in machine.console()
        return machine.console()

    return refuse_program


def efi_variable(machine, name):
    """The data of a variable of the firmware, which come after 4 bytes of attributes."""
    return machine.get(f"{mounted(machine, 'efivarfs', EFIVARS)}/{name}-{GLOBAL}")[4:]


def test_secure_boot_is_on(host):
    assert efi_variable(host, "SecureBoot") == b"\1"
    assert efi_variable(host, "SetupMode") == b"\0"
    assert "[integrity]" in host.check(f"cat {mounted(host, 'securityfs', '/sys/kernel/security')}/lockdown")
    wait_hostd(host)


def test_command_line_is_the_signed_one(host):
    words = host.check("cat /proc/cmdline").split()
    assert "visoros.signedTardisksOnly=partner" in words
    assert not set(OTHER_WORDS.split()) & set(words)
    assert host.check("cat /sys/module/visorfs/parameters/enforce") == "partner\n"


def test_unsigned_kernel_module_is_refused(host, out):
    """One of the image without its signature, and with one bit turned."""
    module = next((out / "rootfs/drivers").rglob("bonding.ko")).read_bytes()
    length = struct.unpack(">I", module[-32:-28])[0]
    tampered = bytearray(module)
    tampered[len(module) // 2] ^= 1
    for data in (module[:-40 - length], bytes(tampered)):
        host.put(data, "/tmp/bonding.ko")
        answer = host.run("insmod /tmp/bonding.ko")
        assert answer.status != 0 and "Key was rejected" in answer.errors, answer
    assert "unsigned module is rejected" in host.check("dmesg")
    host.check("modprobe bonding")


def test_measured(host, tmp_path):
    """By the boot stub into PCR 11 what the image holds, by visorfs into PCR 10 what it attached."""
    cfg = BootCfg.read(BOOT / "boot.cfg")
    join_modules(BOOT, cfg["modules"], tmp_path / "initrd")
    sections = [(b".linux", (BOOT / cfg["kernel"]).read_bytes()),
                (b".osrel", (OUT / "images/os-release").read_bytes()),
                (b".cmdline", cfg.command_line(WORDS).encode()), (b".initrd", (tmp_path / "initrd").read_bytes())]
    assert pcr(host, 11) == extended(hashlib.sha256(data).digest() for name, content in sections
                                     for data in (name + b"\0", content))
    assert [text.split(" root=")[0] for text in measured(host)[:2]] == [
        "attach instance=0 order=0 name=base.v00", "attach instance=0 order=1 name=drivers.v00"]
    assert pcr(host, 10) == list_digest(host)


def test_changed_tardisk_in_the_image(refuse, image, tmp_path):
    """The firmware refuses all of it: Access Denied."""
    place = image.read_bytes().index((BOOT / "base.v00").read_bytes()[1000:1100])
    refuse(changed(image, tmp_path / "visoros.efi", place), "Access Denied")


@pytest.mark.slow
def test_changed_command_line_in_the_image(refuse, image, tmp_path):
    place = image.read_bytes().index(b"visoros.signedTardisksOnly=partner")
    refuse(changed(image, tmp_path / "visoros.efi", place), "Access Denied")


@pytest.mark.slow
def test_unsigned_image(refuse, tmp_path):
    refuse(make(tmp_path / "visoros.efi", key=None), "Access Denied")


@pytest.mark.slow
def test_image_of_somebody_else(refuse, tmp_path):
    key, cert = tmp_path / "key", tmp_path / "cert"
    subprocess.run([TOP / "images/trust/mkkey", "-b", "2048", key, cert], check=True)
    refuse(make(tmp_path / "visoros.efi", key=key, cert=cert), "Access Denied")


def signed_with(tmp_path, name, data):
    """An image that is signed, but has another boot module: made by mistake, or by a thief of the key."""
    boot = tmp_path / "boot"
    shutil.copytree(BOOT, boot)
    (boot / name).write_bytes(data)
    return make(tmp_path / "visoros.efi", boot=boot)


def test_changed_module_in_stage_0(refuse, tmp_path):
    """The kernel refuses visorfs.ko, and stage 0 says what to do."""
    # Behind the archive are zeros, so that it ends at a multiple of 4: zstd gives it, and then complains of them.
    cpio = subprocess.run(["zstd", "-dc", BOOT / "stage0.img"], check=False, capture_output=True).stdout
    at = cpio.index((OUT / "images/visorfs.ko").read_bytes())
    cpio = bytearray(cpio)
    cpio[at + 20000] ^= 1
    refuse(signed_with(tmp_path, "stage0.img", bytes(cpio)), "VisorOS cannot start",
           "visorfs.ko is not signed by a key that this machine trusts, or was changed")


@pytest.mark.slow
def test_other_tardisk(refuse, tmp_path):
    """visorfs refuses it, and stage 0 says what to do."""
    unsigned = tmp_path / "base.v00"
    subprocess.run([OUT / "bin/mktardisk", "--owner", "0:0", "-o", unsigned, OUT / "rootfs/base"], check=True)
    wrapped = tmp_path / "wrapped"
    subprocess.run([TOP / "images/mkcpio", wrapped], input=f"file tardisks/base.v00 0444 {unsigned}\n", text=True,
                   check=True)
    refuse(signed_with(tmp_path, "base.v00", wrapped.read_bytes()), "VisorOS cannot start",
           "Boot module base.v00 is not signed as this host demands (for level partner)",
           "base.v00: signature: it has none")


@pytest.mark.slow
def test_changed_tardisk_that_is_signed(refuse, tmp_path):
    data = bytearray((BOOT / "base.v00").read_bytes())
    data[len(data) // 2] ^= 1
    refuse(signed_with(tmp_path, "base.v00", bytes(data)), "VisorOS cannot start",
           "Boot module base.v00 cannot be attached: it is damaged", "it has another digest than is stated")


@pytest.mark.slow
def test_enrolled_by_the_host_itself(start, image, tmp_path):
    """A machine in setup mode takes our keys; from its next start on it asks for signatures."""
    variables = tmp_path / "variables.fd"
    machine = start(uefi=Uefi(image, arguments=BootCfg.read(BOOT / "boot.cfg").command_line(
        f"{WORDS} visoros.other"), variables=variables))
    # Without Secure Boot the firmware's command line holds.
    assert "visoros.other" in machine.check("cat /proc/cmdline").split()
    assert (efi_variable(machine, "SecureBoot"), efi_variable(machine, "SetupMode")) == (b"\0", b"\1")
    for name, guid in (("db", SECURITY), ("KEK", GLOBAL), ("PK", GLOBAL)):
        machine.put(KEYS / f"{name}.auth", f"/tmp/{name}.auth")
        # As docs/trust.md has it.
        machine.check(f"{{ printf '\\047\\0\\0\\0' && cat /tmp/{name}.auth; }} >/tmp/list && "
                      f"dd if=/tmp/list of={EFIVARS}/{name}-{guid} bs=64k")
    machine.stop()
    machine = start(uefi=Uefi(image, variables=variables))
    assert efi_variable(machine, "SecureBoot") == b"\1"
    assert "visoros.other" not in machine.check("cat /proc/cmdline").split()
    machine.stop()
    other = start(wait=False, guest=False, network=False,
                  uefi=Uefi(make(tmp_path / "unsigned.efi", key=None), variables=variables))
    other.wait_console("Access Denied", timeout=300)
