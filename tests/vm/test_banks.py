# SPDX-License-Identifier: Apache-2.0
"""From "make usb" by an update that fails to one that is good, on one stick, with the real loader.

Five machines start from it one after the other: as it was made, with an image that is not well,
back with the first one, with a good new one and the bundle that was installed before, and with other bundles.
"""

import contextlib
import hashlib
import json
import os
import subprocess

import pytest
from bootcfg import BootCfg
from bundlekit import bundles
from conftest import BOOT, OUT
from depots import serve
from depotserver import Server
from hosts import wait_hostd, wait_until
from media import SECTOR, Medium, add_words, blocks, copy_sparse
from mediakit import (WORDS, digest_bank, make_disk, make_module, make_update, partition, partition_guid, read_bank, states,
                      write_bank)
from vibs import archive, descriptor, write_tree
from vm import Machine

IMAGE = OUT / "media/visoros.img"
# The default kernel has no driver for USB storage: there the loader is tested (test_media.py).
TRIAL_LOG = 65536  # bytes of the record of a trial (docs/media.md)
MEMORY = 8 << 20  # bytes that an update may take
TRIAL = "visoros.trial=5 visoros.trial.limit=900"
# hostd's service starts, runs, and answers nobody.
DEAF_HOSTD = b"command = /bin/sleep 1000000\npool = host/vim/vmvisor/hostd\n"
INVALID, NOT_FOUND, CONFLICT, NO_SPACE, UNAVAILABLE = 3, 4, 5, 8, 9


class Vanishing(Server):
    """A web server that is gone once it has accepted a connection."""

    accepted = 0

    def get_request(self):
        request, address = super().get_request()
        self.accepted += 1
        if self.accepted > 1:
            request.close()
            raise OSError("gone")
        return request, address


def start_from(disk, kind="bios", bus="virtio"):
    return Machine(BOOT, medium=Medium(disk, bus, kind, own=True))


def cli(machine, command):
    return machine.check(f"visorcli system boot {command}", timeout=600)


def rows(machine, command):
    """A table's lines as lists of words, without its head."""
    return [line.split() for line in cli(machine, command).splitlines()[2:]]


def update(machine, server, name, options=""):
    return machine.run(f"visorcli --formatter=json system boot update --source {server.url}/{name}.vib {options}",
                       timeout=600)


def refused(machine, server, name, status, words):
    answer = update(machine, server, name)
    assert answer.status == status and words in answer.errors and answer.errors.count("\n") == 1, answer


def reboot(machine):
    machine.run("(sleep 1; visorcli system shutdown reboot --reason update) > /dev/null 2>&1 &")
    machine.wait_end(300)


def stranger(folder):
    """A key that no host has heard of; its certificate lies beside it."""
    key = folder / "stranger.key"
    uses = [word for use in ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                             "extendedKeyUsage=codeSigning") for word in ("-addext", use)]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Stranger", *uses,
                    "-keyout", key, "-out", key.with_suffix(".crt")], check=True, capture_output=True)
    return key


@pytest.fixture(scope="module", name="images")
def images_fixture(tmp_path_factory):
    """A folder with updates: an image whose hostd does not answer, a good one, and such as are refused."""
    folder = tmp_path_factory.mktemp("images")
    deaf = make_module(folder, "deaf", "etc/userworld.d/hostd.conf", DEAF_HOSTD)
    large = folder / "large.v00"
    with open(large, "wb") as file:
        file.truncate(130 << 20)
    make_update(folder, "deaf-2", "visoros.trial=900 visoros.trial.limit=5", [deaf])
    good = make_update(folder, "good-3", TRIAL).read_bytes()
    make_update(folder, "foreign", key=stranger(folder))
    make_update(folder, "large", more=[large])
    assert good.count(b'"build": "good-3"') == 1
    (folder / "forged.vib").write_bytes(good.replace(b'"build": "good-3"', b'"build": "good-4"'))
    (folder / "short.vib").write_bytes(good[:len(good) // 2])
    return folder


@pytest.fixture(scope="module", name="server")
def server_fixture(images):
    yield from serve(images)


@pytest.fixture(scope="module", name="stick")
def stick_fixture(tmp_path_factory):
    """What "make usb" has made; its host talks to tests, and does not take long to trust an image."""
    stick = tmp_path_factory.mktemp("medium") / "stick.img"
    copy_sparse(IMAGE, stick)
    add_words(stick, f"{WORDS} {TRIAL}")
    return stick


@pytest.fixture(scope="module", name="first")
def first_fixture(stick):
    with start_from(stick) as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        yield machine


def test_image_as_it_was_made(first):
    """The loader's lines on the serial port, then a host."""
    words = dict(word.partition("=")[::2] for word in first.check("cat /proc/cmdline").split())
    assert words["visoros.bank"] == partition_guid(IMAGE, 4)
    assert words["visoros.modules"] == ",".join(first.cfg["modules"][1:])
    for text in ("(bank 0)", "Recovery: choose the other bank (r)", f"Kernel   {first.cfg['kernel']}",
                 "Modules  " + " ".join(first.cfg["modules"]), "[ base.v00", "Starting VisorOS"):
        assert text in first.console()


def test_refused_updates_change_nothing(first, stick, server):
    before = [digest_bank(stick, bank) for bank in (0, 1)]
    refused(first, server, "forged", INVALID, "signature: does not fit")
    refused(first, server, "foreign", INVALID, "leads to no root that is trusted")
    refused(first, server, "large", NO_SPACE, "are missing")
    refused(first, server, "nothing", NOT_FOUND, "no such file")
    told = json.loads(update(first, server, "good-3", "--dry-run").output)
    assert told["build"] == "good-3" and told["bank"] == 1 and told["replaces_state"] == "empty"
    assert [digest_bank(stick, bank) for bank in (0, 1)] == before


def test_update_that_breaks_off(first, stick, server, images):
    """The bank that runs is as it was; the other one is passed over, and not taken for an image that failed."""
    before = digest_bank(stick, 0)

    def nothing_to_start():
        assert digest_bank(stick, 0) == before
        assert set(states(stick).values()) <= {0, 3}
        assert "Next Bank: 0" in cli(first, "get") and "Failed" not in cli(first, "get")

    refused(first, server, "short", INVALID, "bank 1 is not complete")
    nothing_to_start()
    server.tagged, server.cut = False, {"good-3.vib": 1}
    refused(first, server, "good-3", UNAVAILABLE, "could not be taken up again")
    server.tagged, server.cut = True, {}
    nothing_to_start()
    with contextlib.contextmanager(serve)(images, Vanishing) as gone:
        gone.cut = {"good-3.vib": 1}
        refused(first, gone, "good-3", UNAVAILABLE, "bank 1 is not complete")
        assert gone.accepted > 1
    nothing_to_start()


def banks_of(stick):
    """(build, state, last module) of both banks."""
    return [(cfg["build"], int(cfg["bootstate"]), cfg["modules"][-1]) for _, cfg in sorted(blocks(stick))]


def install(machine, bundle, options=""):
    machine.put(bundle, "/tmp/bundle.vib")
    return machine.run(f"visorcli --formatter=json software bundle install --bundle /tmp/bundle.vib {options}",
                       timeout=900)


@pytest.fixture(scope="module", name="fallen_back")
def fallen_back_fixture(first, stick, server):
    """The update to the image that is not well, through breaks; it has failed, and the host runs the other one."""
    server.cut = {"deaf-2.vib": 3}
    done = update(first, server, "deaf-2")
    assert done.status == 0 and json.loads(done.output)["reboot_required"], done
    assert len([path for path, _ in server.requests if path == "deaf-2.vib"]) == 4
    peak = int(first.check("cat /sys/fs/cgroup/host/vim/vmvisor/install/memory.peak"))
    print(f"\nAn update by {os.path.getsize(server.folder / 'deaf-2.vib')} bytes took {peak >> 10} KiB at most")
    assert peak < MEMORY
    assert sorted(states(stick).values()) == [0, 1] and states(stick)["deaf-2"] == 1
    assert "Next Bank: 1" in cli(first, "get")
    reboot(first)
    with start_from(stick, "uefi") as machine:
        # Nobody does anything: the host restarts by itself, which ends QEMU.
        machine.wait_end(900)
        assert "Bank 1 is started for the first time" in machine.console()
        assert "Starting VisorOS deaf-2" in machine.console()
    assert states(stick)["deaf-2"] == 2
    with start_from(stick, "uefi") as machine:
        machine.wait_guest(600)
        wait_hostd(machine, 300)
        yield machine


def test_bank_that_is_not_well_is_given_up(fallen_back, stick):
    """The loader fell back, and host and console say what failed, with the end of its log."""
    # The end of a long line of the menu is not shown.
    assert "(bank 0, instead of bank 1" in fallen_back.console()
    assert states(stick)["deaf-2"] == 3
    said = cli(fallen_back, "get")
    assert "Failed Build: deaf-2\n" in said and "Failed Because: hostd does not answer\n" in said
    assert "vmkernel: cpu0" in cli(fallen_back, "failure get")
    fallen_back.wait_console("Build deaf-2 failed", 300)


def test_image_that_failed_is_refused(fallen_back, stick, server):
    before = digest_bank(stick, 1)
    refused(fallen_back, server, "deaf-2", CONFLICT, "hostd does not answer")
    assert digest_bank(stick, 1) == before
    told = json.loads(update(fallen_back, server, "deaf-2", "--force --dry-run").output)
    assert told["failed_before"] == "hostd does not answer"


@pytest.fixture(scope="module", name="kept")
def kept_fixture(fallen_back, maker):
    """A bundle that was installed on that host: what was said of it before, and when it was done."""
    tool = maker.make("tool", "1", {"opt/tool": "tool 1\n"}, depends=["visoros"])
    dry = install(fallen_back, tool, "--dry-run")
    done = install(fallen_back, tool)
    assert dry.status == done.status == 0, (dry, done)
    return fallen_back, json.loads(dry.output), json.loads(done.output)


def test_bundle_is_in_the_other_bank(kept, stick):
    """A copy of the bank that runs, with one file more; that one is as it was."""
    machine, dry, done = kept
    assert dry["kept"] and 0 < dry["effect"]["bank_bytes"] < 1 << 20 < dry["effect"]["bank_size"]
    assert done["kept"] and "a restart changes nothing" in done["message"], done
    (build, state, last), other = banks_of(stick)
    assert (state, other) == (0, (build, 1, "bundles.img")) and last != "bundles.img"
    listed = json.loads(machine.check("visorcli --formatter=json system boot bank list"))
    assert [row["bundles"] for row in listed] == [[], ["test_bootbank_tool_1"]], listed
    assert {row[-1] for row in rows(machine, "bank verify")} == {"good"}


@pytest.fixture(scope="module", name="mended")
def mended_fixture(kept, stick, server):
    """A good update; what was in its bank when it started is given along."""
    fallen_back = kept[0]
    done = update(fallen_back, server, "good-3")
    assert done.status == 0, done
    assert json.loads(done.output)["bundles"] == ["test_bootbank_tool_1"]
    reboot(fallen_back)
    was = read_bank(stick, 1)
    with start_from(stick) as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        # Tests damage the medium, and look when it is put right.
        machine.check("localcli system service stop --name bootscrub")
        yield machine, was


def test_bank_that_is_well_is_confirmed(mended, stick):
    """By itself, by one byte, and the record of its trial; nothing else was written to it."""
    machine, was = mended
    wait_until(lambda: states(stick)["good-3"] == 0, timeout=300)
    wait_until(lambda: "State: valid" in cli(machine, "get"), timeout=120)
    now = read_bank(stick, 1)
    place, record = was.index(b"bootstate=1") + len("bootstate="), now.index(b"VOSTRIAL")
    assert now[place:place + 1] == b"0"
    changed = {at for at in range(0, len(was), SECTOR) if was[at:at + SECTOR] != now[at:at + SECTOR]}
    assert place // SECTOR * SECTOR in changed
    assert not {at for at in changed if at // SECTOR != place // SECTOR and not record <= at < record + TRIAL_LOG}


def test_damage_on_the_medium_is_seen(mended, stick):
    machine, _ = mended
    assert {row[-1] for row in rows(machine, "bank verify")} == {"good"}
    data = read_bank(stick, 0)
    at = data.index(b"tardisks/base.v00") + 5000
    write_bank(stick, 0, at, bytes([data[at] ^ 1]))
    assert [row[-1] for row in rows(machine, "bank verify --bank=0")].count("damaged") == 1
    # What is damaged is not chosen.
    assert machine.run("visorcli system boot bank set --rollback").status == CONFLICT
    assert states(stick)["good-3"] == 0
    write_bank(stick, 0, at, data[at:at + 1])


def scrub(machine, options=""):
    """{(part, name): result}; by itself, without hostd."""
    said = machine.check(f"localcli --formatter=json system boot scrub {options}", timeout=900)
    return {(row["part"], row["name"]): row["result"] for row in json.loads(said)}


def flip(stick, place):
    with open(stick, "r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))


def digest_of_all(stick):
    """Of everything but state, which is saved whenever it changes."""
    state, digest = partition(stick, 3), hashlib.sha256()
    with open(stick, "rb") as file:
        digest.update(file.read(state["start"] * SECTOR))
        file.seek((state["start"] + state["size"]) * SECTOR)
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()


def written(machine):
    """Sectors that were written to the medium since the start, but for state."""
    def look(name):
        return int(machine.check(f"cat /sys/class/block/{name}/stat").split()[6])
    while True:
        before, disk, after = look("vda3"), look("vda"), look("vda3")
        if before == after:
            return disk - after


def test_damage_is_put_right(mended, stick):
    """In a file and in boot.cfg of the bank that does not run, and in the partition table."""
    machine, _ = mended
    whole = scrub(machine)
    assert set(whole.values()) == {"good"} and {part for part, _ in whole} == {
        "partition table", "loader", "bank 0", "bank 1"}, whole
    right, quiet = digest_of_all(stick), written(machine)
    start, data = partition(stick, 4)["start"] * SECTOR, read_bank(stick, 0)
    for place in (start + data.index(b"tardisks/base.v00") + 5000, start + data.index(b"# GRUB Env") + 3,
                  os.path.getsize(stick) - SECTOR + 60):
        flip(stick, place)
    found = {("bank 0", "base.v00"), ("bank 0", "boot.cfg"), ("partition table", "second copy")}
    said = scrub(machine, "--check-only")
    assert {what for what, result in said.items() if result == "damaged"} == found, said
    assert "damaged" in cli(machine, "bank list")
    assert written(machine) == quiet
    said = scrub(machine)
    assert {what for what, result in said.items() if result == "repaired"} == found, said
    assert digest_of_all(stick) == right
    assert machine.check("visorcli system event list").count("was damaged and is repaired") == len(found)
    quiet = written(machine)
    assert scrub(machine) == whole
    assert written(machine) == quiet and digest_of_all(stick) == right


def test_bundle_came_along(mended):
    machine, _ = mended
    assert bundles(machine) == {"tool": "1"} and machine.check("cat /opt/tool") == "tool 1\n"


@pytest.fixture(scope="module", name="changed")
def changed_fixture(mended, stick, maker):
    """Started again, after that bundle went and another one came."""
    machine, _ = mended
    wait_until(lambda: "State: valid" in cli(machine, "get"), timeout=300)
    gone = json.loads(machine.check("visorcli --formatter=json software bundle remove --name tool", timeout=900))
    assert gone["kept"] and banks_of(stick)[0][:2] == ("good-3", 1), gone
    come = install(machine, maker.make("more", "2", {"opt/more": "more 2\n"}))
    assert come.status == 0 and json.loads(come.output)["kept"], come
    reboot(machine)
    with start_from(stick, bus="port") as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        wait_until(lambda: "State: valid" in cli(machine, "get"), timeout=300)
        yield machine


def test_bundles_after_a_restart(changed, stick):
    assert bundles(changed) == {"more": "2"} and changed.check("cat /opt/more") == "more 2\n"
    assert changed.run("ls /opt/tool").status != 0
    assert banks_of(stick)[0] == ("good-3", 0, "bundles.img")
    # What was installed on the running host before is as whole as what is installed now.
    assert changed.run("visorcli software bundle signature verify").status == 0


def test_bundle_without_room_is_refused(changed, stick, tmp_path):
    before = digest_bank(stick, 1)
    value, payload = descriptor(OUT, write_tree(tmp_path / "tree", {"opt/large": "large"}), name="large")
    value["payloads"][0]["size"] = 110 << 20
    (tmp_path / "large.vib").write_bytes(archive(value, payload))
    said = install(changed, tmp_path / "large.vib", "--dry-run")
    assert said.status == NO_SPACE and "do not fit in a bank" in said.errors, said
    assert digest_bank(stick, 1) == before


def test_medium_is_pulled_during_an_install(changed, stick, maker):
    """The bundle is there, for now; with the medium back it is kept on request."""
    wait = "#!/bin/sh\ntouch /tmp/waits\nwhile [ ! -e /tmp/go ]; do sleep 0.2; done\n"
    late = maker.make("late", "1", {"opt/late": "late\n", "usr/lib/late/wait": (wait, 0o755)},
                      hooks={"post_install": "usr/lib/late/wait", "timeout": 600})
    changed.put(late, "/tmp/late.vib")
    changed.check("(visorcli software bundle install --bundle /tmp/late.vib > /tmp/said 2>&1; echo $? > /tmp/rc) "
                  "> /dev/null 2>&1 &")
    wait_until(lambda: changed.run("[ -e /tmp/waits ]").status == 0, timeout=300)
    changed.qmp.command("device_del", id="medium")
    changed.qmp.wait_event("DEVICE_DELETED", 300)
    wait_until(lambda: "Medium: lost" in cli(changed, "get"), timeout=300)
    changed.check("touch /tmp/go")
    wait_until(lambda: changed.run("[ -s /tmp/rc ]").status == 0, timeout=300)
    said = changed.check("cat /tmp/said")
    assert changed.check("cat /tmp/rc") == "0\n" and "A restart brings back the bundles of before" in said, said
    assert bundles(changed) == {"late": "1", "more": "2"}

    refused_now = changed.run("visorcli software bundle keep")
    assert refused_now.status == NOT_FOUND and "is not there" in refused_now.errors, refused_now
    changed.qmp.command("blockdev-add", driver="raw", node_name="back", file={"driver": "file", "filename": str(stick)})
    changed.qmp.command("device_add", driver="virtio-blk-pci", drive="back", id="medium", bus="mediumport")
    wait_until(lambda: "Medium: present" in cli(changed, "get"), timeout=300)
    changed.check("visorcli software bundle keep", timeout=900)
    assert banks_of(stick)[1] == ("good-3", 1, "bundles.img")
    changed.check("visorcli software bundle keep", timeout=900)
    assert banks_of(stick)[1] == ("good-3", 1, "bundles.img")


@pytest.mark.slow
def test_power_flicker_takes_a_confirmed_bank_nothing(tmp_path):
    """Ten times the power goes, somewhere between the loader and a running host."""
    banks = [make_bank(tmp_path, 1, "old-1"), make_bank(tmp_path, 2, "good-2")]
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


def make_bank(folder, number, build):
    """A confirmed bank as an update writes it."""
    cfg = BootCfg.read(BOOT / "boot.cfg")
    target = folder / f"{build}.fat"
    subprocess.run([OUT / "bin/mkbank", "-o", target, "-m", "48", "-u", str(number), "-s", "0", "-b", build,
                    "-a", f"{cfg['kernelopt']} {WORDS}", BOOT / cfg["kernel"],
                    *(BOOT / name for name in cfg["modules"])], check=True)
    return target
