# SPDX-License-Identifier: Apache-2.0
"""State on the medium is encrypted with a key that the machine's TPM keeps, and nobody else opens it."""

import json
import subprocess

import pytest
import stick
from bootcfg import BootCfg
from conftest import BOOT
from hosts import wait_until
from mediakit import make_fat
from tpm import Tpm

STATUS = "localcli --formatter=json system state get"
SECRET = "a-secret-that-nobody-may-read"
SECRET_FILE = "/etc/visoros/secret"


@pytest.fixture(name="disk")
def disk_fixture(tmp_path):
    return stick.make(tmp_path / "stick.img")


@pytest.fixture(name="boot")
def boot_fixture(start, tmp_path):
    """boot(disk, tpm): a host on that medium, with the TPM of that name, which lives on; None: without one."""
    tpms = []

    def boot_host(disk, tpm, append=""):
        options = []
        if tpm:
            folder = tmp_path / tpm
            folder.mkdir(exist_ok=True)
            tpms.append(Tpm(folder))
            options = tpms[-1].options
        machine = start(memory=256, disk=disk, append=f"{stick.APPEND} {append}", options=options)
        wait_until(lambda: machine.run(STATUS).status == 0, timeout=300)
        return machine

    def cut(machine):
        machine.cut_power()
        while tpms:
            tpms.pop().stop()

    boot_host.cut = cut
    yield boot_host
    for one in tpms:
        one.stop()


def state(machine):
    return json.loads(machine.check(STATUS))


def saved(machine, encryption):
    def settled():
        """all is saved"""
        rows = json.loads(machine.check("localcli --formatter=json system state list"))
        now = state(machine)
        return now if not now["unsaved"] and now["generation"] and all(row["saved"] for row in rows) else None

    now = wait_until(settled, timeout=300)
    assert (now["mode"], now["encryption"]) == ("ready", encryption)
    return now


def write_secret(machine, text=SECRET):
    machine.check(f"mkdir -p /etc/visoros && cat >{SECRET_FILE} && chmod 1600 {SECRET_FILE}",
                  data=text.encode())


def readable(disk):
    """The payloads of state on a disk that are archives: (number, their text)."""
    found = {}
    with open(disk, "rb") as image:
        for number, offset in stick.generations(disk).items():
            image.seek(offset + 44)
            size = int.from_bytes(image.read(4), "little")
            image.seek(offset + 4096)
            plain = subprocess.run(["zstd", "-dcq"], input=image.read(size), capture_output=True, check=False)
            if plain.returncode == 0:
                found[number] = plain.stdout
    return found


def record(disk):
    with open(disk, "rb") as image:
        image.seek(stick.STATE_AT)
        return image.read(4096)


def kind_of_key(disk):
    return record(disk)[32]


def events(machine):
    return machine.check("localcli system event list")


def refused(machine, *why):
    now = state(machine)
    assert now["mode"] == "refused" and "system state adopt" in now["why"], now
    for text in why:
        assert text in now["why"] and text in events(machine)
    assert machine.check("hostname") == "visoros\n"
    assert machine.run("localcli system state save").status == 9


def test_only_the_machine_that_wrote_it_reads_it(boot, disk):
    # A blank medium: sealed from the first save on.
    first = boot(disk, "tpm")
    write_secret(first)
    first.check("localcli system hostname set --host sealed")
    saved(first, "tpm")
    boot.cut(first)
    assert stick.generations(disk) and not readable(disk) and kind_of_key(disk) == 1

    # Another machine has the disk: it starts without that state, and leaves it alone.
    stays = disk.read_bytes()
    stranger = boot(disk, "other")
    refused(stranger, "the TPM of another machine")
    assert disk.read_bytes() == stays

    # Back in its own.
    boot.cut(stranger)
    own = boot(disk, "tpm")
    assert own.check(f"hostname; cat {SECRET_FILE}") == f"sealed\n{SECRET}"
    assert state(own)["mode"] == "ready"


@pytest.mark.slow
def test_what_was_in_the_clear_is_wiped(boot, disk):
    first = boot(disk, None)
    write_secret(first)
    first.check("localcli system hostname set --host sealed")
    before = saved(first, "none")["generation"]
    boot.cut(first)
    assert SECRET.encode() in readable(disk)[before] and kind_of_key(disk) == 0
    key = record(disk)[40:72]

    # The first start with a TPM needs no change of a file for it.
    second = boot(disk, "tpm")
    assert saved(second, "tpm")["generation"] > before
    wait_until(lambda: "is encrypted from now on" in events(second), timeout=300)
    assert second.check(f"hostname; cat {SECRET_FILE}") == f"sealed\n{SECRET}"
    boot.cut(second)
    assert min(stick.generations(disk)) > before and not readable(disk)
    assert key not in disk.read_bytes()

    # No TPM at all; then somebody gives the old state up, and what is new is in the clear.
    third = boot(disk, None)
    refused(third, "this host has no TPM")
    third.check("localcli system hostname set --host third && localcli system state adopt --device /dev/vda")
    assert saved(third, "none")["generation"] == 1
    boot.cut(third)
    assert kind_of_key(disk) == 0 and len(stick.generations(disk)) == 1

    # Another machine with a TPM takes that over, and seals it.
    fourth = boot(disk, "other")
    assert fourth.check("hostname") == "third\n"
    saved(fourth, "tpm")


def put_bank(disk, folder, state):
    """Bank 0 of the disk has an image in that state, as far as a running host looks at it."""
    cfg = BootCfg.read(BOOT / "boot.cfg")
    cfg.update(bootstate=str(state), updated="1", build="on-trial")
    cfg.write(folder / "bank.cfg")
    kernel = folder / "kernel"
    kernel.write_bytes(b"kernel")
    bank = make_fat(folder / "bank.fat", [("boot.cfg", folder / "bank.cfg"), (cfg["kernel"], kernel)], 7)
    with open(disk, "r+b") as image:
        image.seek(stick.STATE_AT + stick.STATE_SIZE)
        image.write(bank.read_bytes())


@pytest.mark.slow
def test_an_image_on_trial_seals_nothing(boot, disk, tmp_path):
    """The image before it may come back, and may know nothing of sealed stores."""
    put_bank(disk, tmp_path, 2)
    machine = boot(disk, "tpm", "visoros.trial=3600 visoros.trial.limit=3600")
    machine.check("localcli system hostname set --host trial")
    saved(machine, "none")
    machine.check("localcli system boot bank confirm && localcli system hostname set --host confirmed")
    saved(machine, "tpm")
    boot.cut(machine)
    assert not readable(disk)


@pytest.mark.slow
def test_settings(boot, disk):
    first = boot(disk, "tpm", "visoros.seal=pcr7")
    first.check("localcli system hostname set --host bound")
    saved(first, "tpm+pcr7")
    # Register 7 is another one: stated, which comes back, cannot open its store any more.
    extend = ("8002 00000041 00000182 00000007 00000009 40000009 0000 00 0000 00000001 000b" + "11" * 32)
    first.check("cat >/dev/tpmrm0", data=bytes.fromhex(extend))
    first.check("kill -9 $(pidof stated)")
    wait_until(lambda: first.run(STATUS).status == 0 and "Secure Boot" in state(first)["why"], timeout=300)
    boot.cut(first)

    # After a restart it is as it was.
    second = boot(disk, "tpm")
    assert second.check("hostname") == "bound\n"
    saved(second, "tpm+pcr7")
    boot.cut(second)

    # Back to what every host and release can read.
    third = boot(disk, "tpm", "visoros.seal=off")
    saved(third, "none")
    wait_until(lambda: "in the clear from now on" in events(third), timeout=300)
    boot.cut(third)
    assert readable(disk)
    fourth = boot(disk, None)
    assert fourth.check("hostname") == "bound\n"
    saved(fourth, "none")
