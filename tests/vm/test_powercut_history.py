# SPDX-License-Identifier: Apache-2.0
"""The power is cut at every point of a medium's life: installed on a blank disk, filled with state, updated,
started on trial, confirmed, rolled back, given up. docs/testing.md has the figures."""

import contextlib
import json
import subprocess

import pytest
from conftest import BOOT, OUT
from depots import serve
from hosts import wait_hostd, wait_until
from media import Medium, copy_sparse
from mediakit import make_update, states
from screen import wait_screen
from vm import Machine

IMAGE, SWEEP = OUT / "media/visoros.img", OUT / "bin/cutsweep"
SIZE = 400 << 20
POINTS = 10000  # of an installed medium; before that nothing starts, whatever is there
FINE = ("--tears", "24", "--sets", "256")
STARTED = (2, 4, 2, 2, 0, 2)  # disks of each run that are really started
# Whatever the host is busy with, and its state changing all the time; until /tmp/enough is there.
BUSY = """\
while [ ! -e /tmp/enough ]; do dd if=/dev/urandom of=/tmp/busy bs=64k count=32; logger busy; sync; done > /dev/null 2>&1 &
i=0
while [ ! -e /tmp/enough ]; do
	i=$((i + 1))
	localcli system hostname set --host busy$i
	[ $((i % 4)) != 0 ] || localcli system ntp set --server "10.0.2.$((i % 200 + 2))"
	[ $((i % 3)) != 0 ] || localcli system state save
done > /dev/null 2>&1
touch /tmp/stopped
"""


class History:
    """A disk, and the log of each run of a machine that wrote to it."""

    def __init__(self, folder):
        self.folder, self.disk, self.runs = folder, folder / "disk.img", {}
        with open(self.disk, "wb") as disk:
            disk.truncate(SIZE)

    def record(self, name):
        """The run to come: the disk before it is kept, and its log is returned."""
        before, log = self.folder / f"{name}.before", self.folder / f"{name}.log"
        copy_sparse(self.disk, before)
        log.touch()
        self.runs[name] = (before, log)
        return log

    def machine(self, name):
        return Machine(BOOT, medium=Medium(self.disk, "virtio", own=True, log=self.record(name)))

    @contextlib.contextmanager
    def host(self, name):
        """A host that was started from the disk."""
        with self.machine(name) as machine:
            machine.wait_guest(600)
            wait_hostd(machine, 600)
            yield machine

    def sweep(self, *options, only=None):
        """What cutsweep says of all runs one after the other, or of one: (data, complaint)."""
        first = only or next(iter(self.runs))
        logs = [log for name, (_, log) in self.runs.items() if only in (None, name)]
        done = subprocess.run([SWEEP, *options, "--table", self.disk, self.runs[first][0], *logs],
                              capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout), done.stderr


def answer(machine, command):
    return json.loads(machine.check(f"localcli --formatter=json {command}", timeout=600))


def generation(machine):
    return answer(machine, "system state get")["generation"]


def reboot(machine):
    """QEMU ends, as a machine does that is switched off and on."""
    machine.run("(sleep 1; localcli system shutdown reboot --reason test) > /dev/null 2>&1 &")
    machine.wait_end(600)


@contextlib.contextmanager
def busy(machine, saves):
    """A host under load, at the end of which so many generations of state were saved at least."""
    first = generation(machine)
    machine.put(BUSY.encode(), "/tmp/busy.sh")
    machine.check("rm -f /tmp/enough /tmp/stopped; sh /tmp/busy.sh > /dev/null 2>&1 &")
    yield
    wait_until(lambda: generation(machine) >= first + saves, timeout=1800)
    machine.check("touch /tmp/enough")
    wait_until(lambda: machine.run("[ -e /tmp/stopped ]").status == 0, timeout=300)


def install(history):
    """A host from a stick writes the blank disk; only that disk is recorded."""
    drive = ("driver=blklogwrites,file.driver=raw,file.file.driver=file,"
             f"file.file.filename={history.disk},log.driver=file,log.filename={history.record('install')}")
    target = ["-drive", f"if=none,id=target,{drive}", "-device", "virtio-blk-pci,drive=target,serial=TARGET"]
    with Machine(BOOT, medium=Medium(IMAGE, "virtio"), options=target) as machine:
        machine.wait_guest(600)
        wait_hostd(machine, 600)
        device, = [row["device"] for row in answer(machine, "system boot disk list") if row["serial"] == "TARGET"]
        machine.check(f"visorcli system boot install --device {device} --yes", timeout=1800)


def first_life(history, server):
    """Configured, busy, and updated while it is."""
    with history.host("busy") as machine:
        machine.check("mkdir -p /root/.ssh; echo 'ssh-ed25519 AAAA admin' > /root/.ssh/authorized_keys; "
                      "localcli system syslog config set --loghost=tcp://10.0.2.9:514")
        with busy(machine, 60):
            machine.check(f"visorcli system boot update --source {server.url}/newer-2.vib", timeout=1800)
        assert "Next Bank: 1" in machine.check("visorcli system boot get")
        reboot(machine)


def trial_and_back(history):
    """The new image is confirmed, rolled back, tried again, and given up when the power goes during its trial."""
    with history.host("trial") as machine:
        wait_until(lambda: states(history.disk)["newer-2"] == 0, timeout=1800)
        with busy(machine, 10):
            pass
        machine.check("visorcli system boot bank set --rollback")
        reboot(machine)
    with history.host("back") as machine:
        assert answer(machine, "system boot get")["bank"] == 0
        with busy(machine, 10):
            pass
        machine.check("visorcli system boot bank set --bank 1")
        reboot(machine)
    # The power goes while the kernel is being started; the next start gives the image up.
    with history.machine("again") as machine:
        machine.wait_console("Starting VisorOS newer-2", 600)
        machine.cut_power()
    assert states(history.disk)["newer-2"] == 2
    with history.host("fallen") as machine:
        assert answer(machine, "system boot get")["bank"] == 0
        machine.cut_power()
    assert states(history.disk)["newer-2"] == 3


@pytest.fixture(scope="module", name="history")
def history_fixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("history")
    history = History(folder)
    make_update(folder, "newer-2", "visoros.trial=5 visoros.trial.limit=900")
    install(history)
    with contextlib.contextmanager(serve)(folder) as server:
        first_life(history, server)
    trial_and_back(history)
    return history


@pytest.mark.slow
def test_every_point_of_a_life(history):
    found, said = history.sweep(*FINE)
    print(f"\n{found}")
    assert found["failures"] == 0, said
    assert found["disks"] - found["nothing"] >= POINTS
    first, last = found["generations"]
    assert first == 0 and last >= 80
    # Nothing starts while it is installed, and always something after that.
    assert 0 < found["nothing"] <= found["runs"][0]


@pytest.mark.slow
def test_what_is_made_without_flushes_fails(history):
    """The control, for each part of that life: the same log without its flushes. The loader makes none."""
    for name in ("install", "busy", "trial", "back"):
        found, said = history.sweep("--ignore-flushes", "--sets", "200", only=name)
        print(f"\n{name}: {found['failures']} of {found['disks']} fail; {said.strip()}")
        assert found["failures"] > 0, name


def check_start(path, said):
    """A machine makes of a disk what cutsweep says of it."""
    number = said["disk"]
    with Machine(BOOT, medium=Medium(path, "virtio", own=True)) as machine:
        if said["nothing"]:
            wait_screen(machine, "No bootable device")
            return
        machine.wait_guest(600)
        wait_hostd(machine, 600)
        banks = answer(machine, "system boot bank list")
        running, = [row for row in banks if row["running"]]
        assert (running["bank"], running["updated"]) == (said["bank"], said["number"]), (number, banks)
        if said["generation"]:
            text = f"generation {said['generation']} of the state is loaded"
            wait_until(lambda: text in machine.check("cat /var/log/*.log"), timeout=300)


@pytest.mark.slow
def test_some_of_them_start(history, tmp_path):
    """Of each part of that life some disks; a run without flushes is seen together with the next one."""
    found, _ = history.sweep()
    picked, before = [], 0
    for share, end in zip(STARTED, found["runs"]):
        picked += [before + (end - before) * part // share for part in range(1, share + 1)]
        before = end
    files = {number: tmp_path / f"{number}.img" for number in picked}
    found, _ = history.sweep(*(word for number, path in files.items() for word in ("--keep", f"{number}={path}")))
    for said in found["kept"]:
        print(f"\n{said}")
        check_start(files[said["disk"]], said)
        files[said["disk"]].unlink()
