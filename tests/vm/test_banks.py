# SPDX-License-Identifier: Apache-2.0
"""A new image on trial, from the loader to its confirmation or the way back: with the real loader, on a real disk."""

import subprocess

import pytest
from bootcfg import BootCfg
from conftest import BOOT, OUT, TOP
from hosts import wait_hostd, wait_until
from media import Medium
from mediakit import WORDS, make_disk, partition, states
from vm import Machine

BANK_MIB = 48
SECTOR = 512
TRIAL_LOG = 65536  # bytes of the record of a trial (docs/media.md)
# hostd's service starts, runs, and answers nobody.
DEAF_HOSTD = b"command = /bin/sleep 1000000\npool = host/vim/vmvisor/hostd\n"


def make_bank(folder, state, number, build, words="", more=()):
    """A bank as an update writes it: this build's image, with more words and modules."""
    cfg = BootCfg.read(BOOT / "boot.cfg")
    modules = [*(BOOT / name for name in cfg["modules"]), *more]
    target = folder / f"{build}.fat"
    subprocess.run([OUT / "bin/mkbank", "-o", target, "-m", str(BANK_MIB), "-u", str(number), "-s", str(state),
                    "-b", build, "-a", f"{cfg['kernelopt']} {WORDS} {words}".strip(), BOOT / cfg["kernel"], *modules],
                   check=True)
    return target


def make_module(folder, path, data):
    """A boot module with a tardisk that shadows one file."""
    (folder / "tree" / path).parent.mkdir(parents=True)
    (folder / "tree" / path).write_bytes(data)
    subprocess.run([OUT / "bin/mktardisk", "--owner", "0:0", "-o", folder / "raw", folder / "tree"], check=True)
    subprocess.run([TOP / "images/mkcpio", folder / "deaf.v00"], check=True, text=True,
                   input=f"file tardisks/deaf.v00 0400 {folder}/raw\n")
    return folder / "deaf.v00"


def read_bank(disk, bank):
    with open(disk, "rb") as file:
        file.seek(partition(disk, 4 + bank)["start"] * SECTOR)
        return file.read(BANK_MIB << 20)


def write_bank(disk, bank, at, data):
    with open(disk, "r+b") as file:
        file.seek(partition(disk, 4 + bank)["start"] * SECTOR + at)
        file.write(data)


def changed_sectors(was, now):
    return {at for at in range(0, len(was), SECTOR) if was[at:at + SECTOR] != now[at:at + SECTOR]}


def start_from(disk, **options):
    return Machine(BOOT, medium=Medium(disk, "virtio", own=True), **options)


def cli(machine, command):
    return machine.check(f"visorcli system boot {command}")


def rows(machine, command):
    """A table's lines as lists of words, without its head."""
    return [line.split() for line in cli(machine, command).splitlines()[2:]]


@pytest.fixture(scope="module", name="images")
def images_fixture(tmp_path_factory):
    """Two banks that were never started; the newer one's hostd does not answer."""
    folder = tmp_path_factory.mktemp("images")
    return [make_bank(folder, 1, 1, "good-1", "visoros.trial=5 visoros.trial.limit=900"),
            make_bank(folder, 1, 2, "deaf-2", "visoros.trial=900 visoros.trial.limit=20",
                      [make_module(folder, "etc/userworld.d/hostd.conf", DEAF_HOSTD)])]


@pytest.fixture(scope="module", name="disk")
def disk_fixture(tmp_path_factory, images):
    return make_disk(tmp_path_factory.mktemp("medium"), images, timeout=0)


@pytest.fixture(scope="module", name="fallen_back")
def fallen_back_fixture(disk):
    """The newer image has failed, and the host runs the other one."""
    with start_from(disk) as machine:
        # Nobody does anything: the host restarts by itself, which ends QEMU.
        machine.wait_end(600)
        assert "Starting VisorOS deaf-2" in machine.console()
    assert states(disk) == {"good-1": 1, "deaf-2": 2}
    with start_from(disk) as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        yield machine


def test_bank_that_is_not_well_is_given_up(fallen_back, disk):
    """The loader fell back, and host and console say what failed, with the end of its log."""
    assert "instead of bank 1 that has failed" in fallen_back.console()
    assert states(disk)["deaf-2"] == 3
    said = cli(fallen_back, "get")
    assert "Failed Build: deaf-2\n" in said and "Failed Because: hostd does not answer\n" in said
    assert "vmkernel: cpu0" in cli(fallen_back, "failure get")
    fallen_back.wait_console("Build deaf-2 failed", 300)


def test_bank_that_is_well_is_confirmed(fallen_back, disk, images):
    """By one byte, and the record of its trial; nothing else was written to it."""
    wait_until(lambda: states(disk)["good-1"] == 0, timeout=300)
    wait_until(lambda: "State: valid" in cli(fallen_back, "get"), timeout=120)
    was, now = images[0].read_bytes(), read_bank(disk, 0)
    place, record = was.index(b"bootstate=1") + len("bootstate="), now.index(b"VOSTRIAL")
    assert now[place:place + 1] == b"0"
    changed = changed_sectors(was, now)
    assert place // SECTOR * SECTOR in changed
    assert not {at for at in changed if at // SECTOR != place // SECTOR and not record <= at < record + TRIAL_LOG}
    # There is nothing good in the other bank to go back to.
    assert fallen_back.run("visorcli system boot bank set --rollback").status == 5


def test_damage_on_the_medium_is_seen(fallen_back, disk):
    assert {row[-1] for row in rows(fallen_back, "bank verify")} == {"good"}
    data = read_bank(disk, 1)
    at = data.rindex(b"tardisks/drivers.v00") + 5000
    write_bank(disk, 1, at, bytes([data[at] ^ 1]))
    assert [row[-1] for row in rows(fallen_back, "bank verify --bank=1")].count("damaged") == 1
    # What is damaged is not put on trial again.
    assert fallen_back.run("visorcli system boot bank set --bank=1").status == 5
    write_bank(disk, 1, at, data[at:at + 1])
    cli(fallen_back, "bank set --bank=1")
    assert states(disk) == {"good-1": 0, "deaf-2": 1}


@pytest.mark.slow
def test_power_flicker_takes_a_confirmed_bank_nothing(tmp_path):
    """Ten times the power goes, somewhere between the loader and a running host."""
    banks = [make_bank(tmp_path, 0, 1, "old-1"), make_bank(tmp_path, 0, 2, "good-2")]
    disk = make_disk(tmp_path, banks, timeout=0)
    was = [bank.read_bytes() for bank in banks]
    moments = ["VisorOS good-2 (bank 1)", "Modules  stage0.img", "Starting VisorOS good-2", None]
    for cycle in range(10):
        with start_from(disk) as machine:
            moment = moments[cycle % len(moments)]
            if moment:
                machine.wait_console(moment, 300)
            else:
                machine.wait_guest(300)
                wait_until(lambda at=machine: "done" in at.check("localcli system service list | grep bootwatch"), 120)
        assert [read_bank(disk, bank) == was[bank] for bank in (0, 1)] == [True, True], cycle
