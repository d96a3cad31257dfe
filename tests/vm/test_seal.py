# SPDX-License-Identifier: Apache-2.0
"""State on the medium is encrypted with a key that the machine's TPM keeps, and nobody else opens it."""

import json
import subprocess

import pytest
import stick
from hosts import wait_until
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


def events(machine):
    return machine.check("localcli system event list")


def test_only_the_machine_that_wrote_it_reads_it(boot, disk, tmp_path):
    # Without a TPM all can be read; with one the next start seals it, and wipes what was there.
    first = boot(disk, None)
    write_secret(first)
    first.check("localcli system hostname set --host sealed")
    before = saved(first, "none")["generation"]
    boot.cut(first)
    assert SECRET.encode() in readable(disk)[before]
    key = record(disk)[40:72]

    second = boot(disk, "tpm")
    now = saved(second, "tpm")
    assert now["generation"] > before
    wait_until(lambda: "is encrypted from now on" in events(second), timeout=300)
    assert second.check(f"hostname; cat {SECRET_FILE}") == f"sealed\n{SECRET}"
    write_secret(second, SECRET + " again")
    saved(second, "tpm")
    boot.cut(second)
    assert min(stick.generations(disk)) > before and not readable(disk)
    assert key not in disk.read_bytes()

    # The TPM is gone, or another one: a host without that state, and the medium stays as it is.
    stays = disk.read_bytes()
    for tpm, why in ((None, "this host has no TPM"), ("other", "the TPM of another machine")):
        stranger = boot(disk, tpm)
        now = state(stranger)
        assert now["mode"] == "refused" and why in now["why"] and "system state adopt" in now["why"]
        assert stranger.check("hostname") == "visoros\n"
        assert why in events(stranger)
        stranger.check("localcli system hostname set --host stranger")
        assert stranger.run("localcli system state save").status == 9
        boot.cut(stranger)
        assert disk.read_bytes() == stays

    # Its own TPM still opens it.
    third = boot(disk, "tpm")
    assert third.check(f"hostname; cat {SECRET_FILE}") == f"sealed\n{SECRET} again"
    boot.cut(third)
