# SPDX-License-Identifier: Apache-2.0
"""State is saved by itself on the boot medium: through cuts of the power, a pulled stick, damage."""

import contextlib
import functools
import http.server
import io
import json
import tarfile
import threading

import pytest
import stick
from guestlink import GuestGone
from hosts import wait_until
from media import Medium, add_words, copy_sparse
from vm import Machine

PASSWORD = "correct horse 7"
STATUS = "localcli --formatter=json system state get"


@pytest.fixture(name="disk")
def disk_fixture(tmp_path):
    return stick.make(tmp_path / "stick.img")


def boot(start, disk, append=""):
    """A host on that medium, ready when what state holds has been loaded."""
    machine = start(memory=256, disk=disk, append=f"{stick.APPEND} {append}")
    wait_until(lambda: machine.run(STATUS).status == 0, timeout=300)
    return machine


def state(machine):
    return json.loads(machine.check(STATUS))


def saved(machine, text=None):
    """The status once all is saved, after which the power may go; text: what it says of it."""

    def settled():
        """state is saved"""
        rows = json.loads(machine.check("localcli --formatter=json system state list"))
        now = state(machine)  # after them: it is at least as new
        return now if not now["unsaved"] and all(row["saved"] for row in rows) else None

    found = wait_until(settled, timeout=300)
    if text:
        assert text in machine.check("localcli system state history"), text
    return found


def set_hostname(machine, name):
    machine.check(f"localcli system hostname set --host {name}")


def in_log(machine, text):
    """vmkernel.log says so, sooner or later."""
    wait_until(lambda: machine.run(f"grep -F '{text}' /var/log/vmkernel.log").status == 0, timeout=300)


def written(machine):
    """Sectors written to the disk since it is there."""
    return int(machine.check("cat /sys/block/vda/stat").split()[6])


def test_saved_without_being_asked(start, disk):
    # A blank medium takes what changes; the power goes as soon as it is saved.
    first = boot(start, disk)
    assert state(first)["mode"] == "ready"
    in_log(first, "no state on the medium yet")  # hostd's key may be saved by now
    first.check("localcli system account password set --id root", data=PASSWORD.encode() + b"\n")
    set_hostname(first, "kept")
    first.check("mkdir -p /etc/new && echo mine > /etc/new/file && chmod 1640 /etc/new/file && rm /etc/tsm.conf")
    saved(first, "system.hostname.set")
    assert "root (localcli)" in first.check("localcli system state history")
    shadow, sums = first.check("cat /etc/shadow"), first.check("stat -c '%a %U %Y %s' /etc/new/file")
    first.cut_power()

    second = boot(start, disk)
    assert second.check("hostname; cat /etc/hostname") == "kept\nkept\n"
    assert second.check("cat /etc/shadow") == shadow
    assert second.check("stat -c '%a %U %Y %s' /etc/new/file") == sums
    assert second.run("ls /etc/tsm.conf").status != 0
    in_log(second, "of the state is loaded")

    # Ten changes in a row are few generations; the same content again is none, and not a byte.
    before = saved(second)["generation"]
    for i in range(10):
        set_hostname(second, f"kept{i}")
    after = saved(second)["generation"]
    assert before < after <= before + 10
    quiet = written(second)
    counter = second.check("cat /sys/fs/visorfs/0/state_generation")
    second.check("touch /etc/hostname && chmod 1644 /etc/hostname && localcli system state save")
    assert second.check("cat /sys/fs/visorfs/0/state_generation") != counter
    assert (state(second)["generation"], written(second)) == (after, quiet)

    # Back to an earlier one; and a trial that nobody confirms.
    second.check(f"localcli system state revert --generation {before}")
    assert second.check("hostname") == "kept\n"
    assert f"back to generation {before}" in second.check("localcli system state history")
    saved(second)
    for _ in range(10):
        second.check("localcli system state try --seconds 3 && localcli system hostname set --host trial")
        if state(second)["trial"]:
            break
        set_hostname(second, "kept")  # the guest stood still: the change came when the trial was over
    wait_until(lambda: second.check("hostname") == "kept\n", timeout=300)
    in_log(second, "not confirmed in time")
    second.check("localcli system state try --seconds 600 && localcli system hostname set --host confirmed"
                 " && localcli system state confirm")
    saved(second, "/etc/hostname")

    # The stick is pulled: changes wait. Plugged in again, they are saved.
    second.pull_disk()
    wait_until(lambda: state(second)["mode"] == "gone", timeout=300)
    set_hostname(second, "pulled")
    wait_until(lambda: state(second)["unsaved"], timeout=300)
    assert "hostname" in second.check("localcli system state list")
    assert "State is not saved" in second.check("localcli system event list")
    second.plug_disk()
    wait_until(lambda: state(second)["mode"] == "ready", timeout=300)
    newest = saved(second, "/etc/hostname")["generation"]
    second.cut_power()

    # The newest generation is damaged: the one before it is used, loudly. That is "confirmed".
    stick.flip(disk, stick.generations(disk)[newest] + 4096 + 10)
    third = boot(start, disk)
    assert third.check("hostname") == "confirmed\n"
    in_log(third, f"generation {newest} is damaged: an older one is used")
    set_hostname(third, "again")
    assert saved(third)["generation"] > newest


@pytest.mark.slow
def test_medium_that_comes_late_is_not_overwritten(start, disk, tmp_path):
    first = boot(start, disk)
    set_hostname(first, "precious")
    first_saved = saved(first)["generation"]
    first.cut_power()
    there = stick.generations(disk)
    empty = tmp_path / "empty.img"
    empty.write_bytes(bytes(1 << 20))
    late = boot(start, empty)
    assert state(late)["mode"] == "gone"
    set_hostname(late, "other")
    late.pull_disk()
    late.plug_disk(disk)
    wait_until(lambda: state(late)["mode"] == "refused", timeout=300)
    assert late.run("localcli system state save").status == 9
    assert stick.generations(disk) == there
    # Somebody decides: what runs now goes on top, and what was there is history.
    late.check("localcli system state adopt --device /dev/vda")
    assert saved(late)["generation"] == first_saved + 1
    late.check(f"localcli system state revert --generation {first_saved}")
    assert late.check("hostname") == "precious\n"
    # A blank stick in its place is adopted as well, once somebody says so.
    late.pull_disk()
    late.plug_disk(stick.make(tmp_path / "blank.img"))
    wait_until(lambda: late.run("localcli system state adopt --device /dev/vda").status == 0, timeout=300)
    assert saved(late)["mode"] == "ready"
    assert stick.generations(tmp_path / "blank.img")


@pytest.mark.slow
def test_shutdown_saves_and_a_trial_does_not_survive(start, disk):
    first = boot(start, disk)
    set_hostname(first, "last")
    with contextlib.suppress(GuestGone):  # the agent ends, too
        first.check("localcli system shutdown poweroff --reason test")
    first.wait_end(300)
    second = boot(start, disk)
    assert second.check("hostname") == "last\n"
    second.check("localcli system state try --seconds 86400; localcli system hostname set --host trial")
    wait_until(lambda: state(second)["unsaved"], timeout=300)
    second.cut_power()
    third = boot(start, disk)
    assert third.check("hostname") == "last\n"
    # stated dies, and the one that comes after it goes on.
    before = state(third)
    third.check("kill -9 $(pidof stated)")
    set_hostname(third, "after")
    wait_until(lambda: state(third)["generation"] > before["generation"], timeout=300)
    assert saved(third)["store"] == before["store"]


@pytest.mark.slow
def test_on_the_disk_that_the_host_was_started_from(boot, out, tmp_path):
    """GRUB and the image of "make usb", on a bus that the kernel for virtual machines knows."""
    image = tmp_path / "visoros.img"
    copy_sparse(out / "media/visoros.img", image)
    add_words(image, "panic=-1 visoros.guest")
    for hostname in ("visoros", "first", "second"):
        with Machine(boot, memory=256, medium=Medium(image, "virtio", own=True)) as machine:
            machine.wait_guest(300)
            wait_until(lambda: machine.run(STATUS).status == 0, timeout=300)
            assert (machine.check("hostname").strip(), state(machine)["mode"]) == (hostname, "ready")
            set_hostname(machine, {"visoros": "first"}.get(hostname, "second"))
            saved(machine)
            machine.cut_power()


@pytest.mark.slow
def test_state_from_a_url(start, tmp_path):
    """A diskless host: an archive from a server, nothing sent back."""
    with tarfile.open(tmp_path / "state.tgz", "w:gz", format=tarfile.GNU_FORMAT) as archive:
        entry = tarfile.TarInfo("etc/hostname")
        entry.mode, entry.size = 0o1644, 5
        archive.addfile(entry, io.BytesIO(b"pxe1\n"))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        machine = start(memory=256, append=f"visoros.state=http://10.0.2.2:{server.server_port}/state.tgz")
        wait_until(lambda: machine.check("hostname") == "pxe1\n", timeout=300)
        assert state(machine)["mode"] == "stateless" and state(machine)["on_purpose"]
        server.shutdown()


@pytest.mark.slow
def test_reset(start, disk):
    first = boot(start, disk)
    set_hostname(first, "mine")
    saved(first)
    assert first.run("localcli system state reset --hostname other").status == 3
    first.check("localcli system state reset --hostname mine")
    set_hostname(first, "lost")
    wait_until(lambda: state(first)["unsaved"], timeout=300)
    first.cut_power()
    second = boot(start, disk)
    assert second.check("hostname") == "visoros\n"
