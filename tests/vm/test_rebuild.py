# SPDX-License-Identifier: Apache-2.0
"""The boot stick is pulled out and lost: the host makes another one from memory, goes on with it, and starts from it."""

import contextlib
import json
import os

import pytest
from conftest import BOOT, OUT
from guestlink import GuestGone
from hosts import wait_until
from media import SECTOR, Medium, add_words, copy_sparse
from mediakit import WORDS, partition, partition_guid, read_bank
from tpm import Tpm
from vm import Machine

IMAGE = OUT / "media/visoros.img"
MIB = 1 << 20
SCRUB_PEAK = 4 * MIB  # of its pool: a host with 128 MB has little more to spare
NOT_FOUND = 4


def answer(machine, command):
    return json.loads(machine.check(f"localcli --formatter=json system {command}", timeout=900))


def medium(machine, word):
    wait_until(lambda: answer(machine, "boot get")["medium"] == word, timeout=300)


def pull(machine, name):
    machine.qmp.command("device_del", id=name)
    machine.qmp.wait_event("DEVICE_DELETED", 300)


def plug(machine, path, name):
    """A disk in the port of the medium; the same file may come and go."""
    machine.plugged += 1
    node = f"{name}{machine.plugged}"
    machine.qmp.command("blockdev-add", driver="raw", node_name=node, file={"driver": "file", "filename": str(path)})
    machine.qmp.command("device_add", driver="virtio-blk-pci", drive=node, id=name, serial=name, bus="mediumport")


def device(machine, serial):
    """The name that the disk has got, once it is there."""
    def find():
        found = [row["device"] for row in answer(machine, "boot disk list") if row["serial"] == serial]
        return found[0] if found else None
    return wait_until(find, timeout=300)


def state_ready(machine):
    def ready():
        """state is saved on the medium"""
        said = machine.run("localcli --formatter=json system state get")
        return said.status == 0 and json.loads(said.output)["mode"] == "ready"
    wait_until(ready, timeout=300)


def set_hostname(machine, name):
    machine.check(f"localcli system hostname set --host {name}")


def saved(machine):
    wait_until(lambda: not answer(machine, "state get")["unsaved"] and all(
        row["saved"] for row in answer(machine, "state list")), timeout=300)


def flip(path, place):
    with open(path, "r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))


def scrub(machine):
    return {(row["part"], row["name"]): row["result"] for row in answer(machine, "boot scrub")}


def without_trial(stick):
    """Bank 0, but for the record of its trial: that says what has happened, not what is there."""
    data = read_bank(stick, 0)
    assert data.count(b"VOSTRIAL") == 0, "a medium's first image was never on trial"
    return data


@contextlib.contextmanager
def start_from(sticks, which, bus, memory=1024):
    """The same machine each time, with its TPM."""
    tpm = Tpm(sticks[0].parent / "tpm")
    try:
        with Machine(BOOT, memory=memory, medium=Medium(sticks[which], bus, "bios", own=True),
                     options=tpm.options) as machine:
            yield machine
    finally:
        tpm.stop()


@pytest.fixture(scope="module", name="sticks")
def sticks_fixture(tmp_path_factory):
    """The one that the host is started from, and a blank one."""
    folder = tmp_path_factory.mktemp("sticks")
    copy_sparse(IMAGE, folder / "old.img")
    add_words(folder / "old.img", WORDS)
    with open(folder / "new.img", "wb") as file:
        file.truncate(os.path.getsize(IMAGE))
    (folder / "tpm").mkdir()
    return folder / "old.img", folder / "new.img"


@pytest.fixture(scope="module", name="host")
def host_fixture(sticks):
    with start_from(sticks, 0, "port") as machine:
        machine.wait_guest(300)
        medium(machine, "present")
        state_ready(machine)
        # Tests look at the medium when it suits them.
        machine.check("localcli system service stop --name bootscrub")
        yield machine


def test_look_takes_little_memory(host):
    """In a pool of its own, as bootscrub's: with the skeleton of the loader unpacked on the way."""
    pool = "/sys/fs/cgroup/host/system/scrubbed"
    host.check(f"mkdir {pool}; sh -c 'echo $$ > {pool}/cgroup.procs; exec localcli system boot scrub' >/dev/null",
               timeout=900)
    peak = int(host.check(f"cat {pool}/memory.peak; rmdir {pool}"))
    print(f"\nA scrub took {peak >> 10} KiB at most")
    assert peak < SCRUB_PEAK


def test_image_is_kept_by_itself(host, sticks):
    """On a host of 1 GiB; and nobody else than memory has it once the stick is gone."""
    assert host.run("localcli system boot rebuild --device /dev/vdz --dry-run").status == NOT_FOUND
    kept = answer(host, "boot spare keep")
    assert kept["kept"] and kept["bank"] == 0 and 20 * MIB < kept["size"] < 40 * MIB, kept
    assert "spare" in host.check("vdf")
    set_hostname(host, "saved-before")
    saved(host)
    pull(host, "medium")
    medium(host, "lost")
    set_hostname(host, "only-in-memory")


@pytest.fixture(scope="module", name="rebuilt")
def rebuilt_fixture(host, sticks):
    """What is said of it: the stick is lost, a blank one is there, and an administrator does it."""
    plug(host, sticks[1], "blank")
    name = device(host, "blank")
    told = answer(host, f"boot rebuild --device {name} --dry-run")
    assert not told["rebuilt"] and told["from"] == "memory" and told["content"] == "nothing", told
    refused = host.run(f"localcli system boot rebuild --device {name}", data=b"/dev/vda1\n")
    assert "nothing was written" in refused.errors, refused
    return answer(host, f"boot rebuild --device {name} --yes"), name


def test_same_bank_on_another_disk(rebuilt, sticks):
    old, new = sticks
    said, _ = rebuilt
    assert said["rebuilt"] and said["from"] == "memory" and said["state"] and "problem" not in said, said
    assert without_trial(new) == without_trial(old)
    for number in range(1, 6):
        one, other = partition(old, number), partition(new, number)
        assert (one["size"], one["name"], one["type"]) == (other["size"], other["name"], other["type"])
        assert one["uuid"] != other["uuid"]
    for number in (1, 2):
        place = partition(old, number)
        assert partition(new, number)["start"] == place["start"]
        with open(old, "rb") as one, open(new, "rb") as other:
            one.seek(place["start"] * SECTOR)
            other.seek(place["start"] * SECTOR)
            assert one.read(place["size"] * SECTOR) == other.read(place["size"] * SECTOR)


def test_host_goes_on_with_it(host, rebuilt, sticks):
    """State is saved there, it is looked through as the medium, and the old one is a disk as any other."""
    _, name = rebuilt
    now = answer(host, "boot get")
    assert now["medium"] == "present" and now["disk"] == name and now["state"] == "valid", now
    assert set(scrub(host).values()) <= {"good", "skipped"}
    assert answer(host, "boot get")["scrubbed"]
    set_hostname(host, "saved-after")
    saved(host)
    now = answer(host, "state get")
    assert now["device"].startswith(name) and now["encryption"] == "tpm", now
    assert partition_guid(sticks[1], 4) not in host.check("cat /proc/cmdline")


def test_first_copy_of_the_table_is_damaged(host, rebuilt, sticks):
    """The kernel finds no partition on such a disk; the host does, and puts the table right."""
    right = sticks[1].read_bytes()[:34 * SECTOR]
    pull(host, "blank")
    medium(host, "lost")
    flip(sticks[1], SECTOR + 60)
    plug(host, sticks[1], "blank")
    medium(host, "present")
    state_ready(host)
    assert scrub(host)["partition table", "first copy"] == "repaired"
    assert sticks[1].read_bytes()[:34 * SECTOR] == right
    set_hostname(host, "saved-last")
    saved(host)


def test_it_starts_a_host_with_that_state(host, rebuilt, sticks):
    with contextlib.suppress(GuestGone):
        host.check("localcli system shutdown poweroff --reason test", timeout=300)
    host.wait_end(300)
    with start_from(sticks, 1, "virtio", 256) as machine:
        machine.wait_guest(300)
        wait_until(lambda: machine.check("hostname") == "saved-last\n", timeout=300)
        assert answer(machine, "boot get")["medium"] == "present"
        assert answer(machine, "state get")["encryption"] == "tpm"
