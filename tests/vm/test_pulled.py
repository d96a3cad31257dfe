# SPDX-License-Identifier: Apache-2.0
"""The boot medium is pulled out of a busy host for ten minutes, plugged back, replaced by a blank one, and filled."""

import contextlib
import json
import subprocess
import time
import uuid

import pytest
import stick
from conftest import BOOT, OUT
from hosts import https_status, vga_text, wait_hostd, wait_until, wait_log
from media import SECTOR, Medium, add_words, copy_sparse
from mediakit import WORDS
from test_disk import use
from test_saver import boot, in_log, saved, set_hostname, state
from vm import Machine

AWAY = 600  # seconds without the medium
ANSWER = 60  # seconds that an answer may take: the guest is busy, and so is this machine
GONE = "The boot medium is gone: changes wait in memory until it is back."
# All processors, the log, ramdisks, state and hostd, until /tmp/enough is there.
LOAD = """\
until_enough() { while [ ! -e /tmp/enough ]; do "$@"; done; }
change() {
	i=$((i + 1))
	visorcli system hostname set --host busy$i && echo busy$i > /tmp/named
	[ $((i % 4)) != 0 ] || localcli system ntp set --server "10.0.2.$((i % 200 + 2))"
}
until_enough sha256sum /usr/lib/visoros/install/disk.zst > /dev/null &
until_enough dd if=/dev/urandom of=/tmp/busy bs=64k count=64 2> /dev/null &
until_enough logger -t load busy &
i=0
until_enough change > /dev/null 2>> /tmp/complaints
touch /tmp/stopped
"""


def partitions(path):
    return json.loads(subprocess.check_output(["/sbin/sfdisk", "--json", path]))["partitiontable"]["partitions"]


def state_bytes(path):
    """All that the partition for state has."""
    place, = [part for part in partitions(path) if part["name"] == "VISOROS-STATE"]
    with open(path, "rb") as image:
        image.seek(place["start"] * SECTOR)
        return image.read(place["size"] * SECTOR)


def own_stick(path):
    """What "make usb" has made, with GUIDs of its own as scripts/flash gives them."""
    copy_sparse(OUT / "media/visoros.img", path)
    add_words(path, WORDS)
    for number in range(1, len(partitions(path)) + 1):
        subprocess.run(["/sbin/sfdisk", "-q", "--part-uuid", path, str(number), str(uuid.uuid4())], check=True,
                       capture_output=True)
    return path


@contextlib.contextmanager
def host(disk):
    with Machine(BOOT, memory=512, smp=2, medium=Medium(disk, "port", own=True)) as machine:
        machine.wait_guest(600)
        wait_hostd(machine, 600)
        yield machine


def pull(machine):
    machine.qmp.command("device_del", id="medium")
    machine.qmp.wait_event("DEVICE_DELETED", 300)
    wait_until(lambda: state(machine)["mode"] == "gone", timeout=300)


def plug(machine, disk):
    machine.plugged += 1
    node = f"back{machine.plugged}"
    machine.qmp.command("blockdev-add", driver="raw", node_name=node, file={"driver": "file", "filename": str(disk)})
    machine.qmp.command("device_add", driver="virtio-blk-pci", drive=node, id="medium", bus="mediumport")


def alarms(machine):
    return {row["alarm"] for row in json.loads(machine.check("visorcli --formatter=json system alarm list"))}


def is_told(machine):
    """Whoever looks sees it: event, alarm, log, console."""
    assert "medium.lost" in machine.check("visorcli system event list --id medium")
    assert "medium" in alarms(machine)
    wait_log(machine, "State is not saved: the medium is not there", timeout=300)
    # A warning is longer than a line of the screen.
    wait_until(lambda: GONE[:40] in vga_text(machine), timeout=300)


def use_for(machine, seconds):
    """Everything is used, by hand and over HTTPS, for so long: how often, and the longest answer."""
    end, count, longest = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < end:
        begin = time.monotonic()
        assert https_status(machine, timeout=ANSWER) == 200, f"no answer after {count} good ones"
        longest = max(longest, time.monotonic() - begin)
        machine.check("echo 3 > /proc/sys/vm/drop_caches")
        use(machine)
        count += 1
    return count, longest


def changed_since(machine):
    """Files that wait for the medium."""
    rows = json.loads(machine.check("localcli --formatter=json system state list"))
    return {row["path"] for row in rows if not row["saved"]}


def end_load(machine):
    """The host name that was set last."""
    machine.check("touch /tmp/enough")
    wait_until(lambda: machine.run("[ -e /tmp/stopped ]").status == 0, timeout=300)
    assert machine.check("cat /tmp/complaints") == ""
    return machine.check("cat /tmp/named").strip()


@pytest.mark.slow
def test_ten_minutes_under_load_then_a_blank_one(tmp_path, maker):
    disk, blank = own_stick(tmp_path / "first.img"), own_stick(tmp_path / "blank.img")
    with host(disk) as machine:
        saved(machine)
        machine.put(LOAD.encode(), "/tmp/load.sh")
        machine.check("sh /tmp/load.sh > /dev/null 2>&1 &")
        wait_until(lambda: machine.run("grep busy /tmp/named").status == 0, timeout=300)
        before = state(machine)["generation"]
        pull(machine)
        is_told(machine)
        written = state_bytes(disk)
        count, longest = use_for(machine, AWAY)
        # A bundle can be installed; it says that it is there for now.
        machine.put(maker.make("late", "1", {"opt/late": "late\n"}), "/tmp/late.vib")
        said = machine.check("visorcli software bundle install --bundle /tmp/late.vib", timeout=600)
        assert "A restart brings back the bundles of before" in said, said
        assert machine.check("cat /opt/late") == "late\n"
        assert {"/etc/hostname"} <= changed_since(machine) and state(machine)["unsaved"]
        assert state_bytes(disk) == written
        named = machine.check("cat /tmp/named").strip()
        print(f"\n{count} rounds without the medium, the longest answer took {longest:.1f} s; last name {named}")

        # Plugged back, still under load: all of it is written.
        plug(machine, disk)
        wait_until(lambda: state(machine)["mode"] == "ready", timeout=300)
        wait_until(lambda: state(machine)["generation"] > before, timeout=300)
        assert "medium" not in alarms(machine)
        wait_log(machine, "The medium for state is there", timeout=300)
        named = end_load(machine)
        first = saved(machine)["generation"]
        assert machine.check("hostname").strip() == named
        wait_until(lambda: GONE[:40] not in vga_text(machine), timeout=300)

        # Out again, and another one in its place: nothing goes there by itself.
        pull(machine)
        set_hostname(machine, "newest")
        plug(machine, blank)
        wait_until(lambda: "vd" in machine.check("ls /sys/block"), timeout=300)
        device = "/dev/" + machine.check("ls /sys/block | grep vd").strip()
        assert state(machine)["mode"] == "gone" and not any(state_bytes(blank))
        wait_until(lambda: machine.run(f"visorcli system state adopt --device {device}").status == 0, timeout=300)
        assert saved(machine)["mode"] == "ready" and "medium" not in alarms(machine)
        machine.cut_power()
    # Each of them starts: the new one with what is newest, the old one with what it had.
    for path, name in ((blank, "newest"), (disk, named)):
        with host(path) as machine:
            assert machine.check("hostname").strip() == name
            assert state(machine)["mode"] == "ready"
            if path == disk:
                assert state(machine)["generation"] == first
            machine.cut_power()


@pytest.mark.slow
def test_state_that_does_not_fit_on_the_medium(start, tmp_path):
    """Refused in words; what the medium has stays, and when there is room again it goes on."""
    disk = stick.make(tmp_path / "stick.img")
    machine = boot(start, disk)
    set_hostname(machine, "small")
    saved(machine)
    before, bytes_before = stick.generations(disk), state_bytes(disk)
    machine.check("dd if=/dev/urandom of=/etc/large bs=64k count=48 && chmod 1600 /etc/large && "
                  "localcli system hostname set --host larger")
    wait_until(lambda: state(machine)["mode"] == "failed", timeout=300)
    in_log(machine, "and the medium takes 2617344: remove large state files")
    refused = machine.run("localcli system state save")
    assert refused.status == 8 and "remove large state files" in refused.errors, refused
    assert "state.failed" in machine.check("localcli system event list") and "state" in alarms(machine)
    wait_until(lambda: "State is not saved: saving fails: state needs" in vga_text(machine), timeout=300)
    assert stick.generations(disk) == before and state_bytes(disk) == bytes_before
    assert {"/etc/hostname", "/etc/large"} <= changed_since(machine)
    # One file that is larger than any may be: said with its name.
    machine.check("rm /etc/large && dd if=/dev/zero of=/etc/huge bs=1M count=17 && chmod 1600 /etc/huge")
    wait_until(lambda: "/etc/huge: is larger than" in state(machine)["why"], timeout=300)
    machine.check("rm /etc/huge")
    saved(machine)
    assert "state" not in alarms(machine) and state(machine)["mode"] == "ready"
    machine.cut_power()
    again = boot(start, disk)
    assert again.check("hostname") == "larger\n" and state(again)["mode"] == "ready"
