# SPDX-License-Identifier: Apache-2.0
"""What the rest of the kernel does with files of visorfs: probes, rings, pins, locks, handles."""

import hashlib
import random

import pytest
from hosts import needs, wait_until
from test_visorfs import Mounted, fill, make_tardisk

HERE = "/tmp/reach"
DIR = "/tmp/reach/fs"
TMPFS = "/tmp/reach/tmpfs"
REACH = f"{HERE}/reach"
TRACING = "/sys/kernel/tracing"
SIZE = 700_001
LARGE = 5 << 20
# A script that detaches what it comes from, long before the shell has read all of it.
SCRIPT = f"""#!/bin/sh
echo begun
{HERE}/vfstool {DIR} switch force -code.v00
{'# nothing' * 20_000}
echo ended
"""


@pytest.fixture(scope="module", name="content")
def content_fixture(vm, out, tmp_path_factory):
    """Tools, code.v00 and over.v00 (which hides some of it) in the guest; {path: bytes}."""
    folder, dice = tmp_path_factory.mktemp("reach"), random.Random(5)
    files = {"data/file": dice.randbytes(SIZE), "data/large": dice.randbytes(LARGE),
             "data/locked": b"locked\n", "data/locked-leased": b"leased\n",
             "tree/below/x": b"x\n", "tree/y": b"y\n"}
    fill(folder / "code", files)
    fill(folder / "code", {"bin/reach": ((out / "bin/reach").read_bytes(), 0o755),
                           "bin/script": (SCRIPT.encode(), 0o755)})
    fill(folder / "over", {"data/locked": b"over\n", "data/locked-leased": b"over\n",
                           "tree/below/new": b"new\n"})
    vm.check(f"mkdir -p {DIR} {TMPFS} && mount -t tmpfs none {TMPFS}")
    for name in ("code", "over"):
        vm.put(make_tardisk(out, folder, name), f"{HERE}/{name}.v00")
    for tool in ("vfstool", "reach"):
        vm.put(out / "bin" / tool, f"{HERE}/{tool}", 0o755)
    yield files
    vm.check(f"umount {TMPFS} && rm -r {HERE}")


class Reached(Mounted):
    """The instance, with reach beside it."""

    def tool(self, *words):
        return self.vm.run(f"{HERE}/vfstool {DIR} {' '.join(words)}", timeout=120)

    def sh(self, command):
        return self.vm.check(f"cd {DIR} && {command}", timeout=120)

    def reach(self, *words):
        """Runs reach in the directory; its output."""
        quoted = " ".join(f"'{word}'" for word in words)
        result = self.vm.run(f"cd {DIR} && {REACH} {quoted}", timeout=300)
        assert result.status == 0, result
        return result.output

    def sums(self, path):
        """SHA-256 of a file."""
        return self.sh(f"sha256sum < {path}").split()[0]


@pytest.fixture(name="fs", params=["tardisk", "packed"])
def fs_fixture(vm, content, request):
    """An instance with code.v00, resident and compressed; it is sound afterwards."""
    assert content
    vm.check(f"mount -t visorfs -o max=32m,{request.param}={HERE}/code.v00 none {DIR}")
    fs = Reached(vm)
    fs.code = ("compressed " if request.param == "packed" else "") + f"+{HERE}/code.v00"
    yield fs
    checked = fs.tool("check")
    # The kernel ends a ring, and lets go of what it has, some time after the process has ended.
    wait_until(lambda: vm.run(f"umount {DIR}").status == 0)
    assert checked.status == 0, checked


def switch(words):
    """A command that attaches and detaches."""
    return f"{HERE}/vfstool {DIR} switch {words}"


# Code of a tardisk that is watched and stopped

class Probe:
    """A uprobe on reach_spot() of the tardisk's program."""

    def __init__(self, fs):
        self.vm = fs.vm
        spot = fs.reach("spot").strip()
        fs.vm.check(f"[ -d {TRACING}/events ] || mount -t tracefs tracefs {TRACING}")
        fs.vm.check(f"echo 'p:reach/spot {DIR}/bin/reach:{spot}' > {TRACING}/uprobe_events")

    def switch(self, value):
        self.vm.check(f"echo {value} > {TRACING}/events/reach/spot/enable")

    def hits(self):
        return int(self.vm.check(f"cat {TRACING}/uprobe_profile").split()[2])

    def remove(self):
        self.switch(0)
        self.vm.check(f"echo -:reach/spot >> {TRACING}/uprobe_events; echo > {TRACING}/trace")


def test_uprobes(fs, out):
    needs(out, "CONFIG_UPROBE_EVENTS")
    before, probe = fs.sums("bin/reach"), Probe(fs)
    try:
        fs.sh("bin/reach tick 5")
        assert probe.hits() == 0
        # It is set into a program that runs.
        fs.sh(f"bin/reach tick 3 'echo 1 > {TRACING}/events/reach/spot/enable'")
        assert probe.hits() == 3
        fs.sh("bin/reach tick 5")
        assert probe.hits() == 8 and fs.sums("bin/reach") == before
        # The last byte is no code: the file changes, its probes stay.
        size = int(fs.sh("stat -c %s bin/reach"))
        fs.sh(f"{HERE}/vfstool . poke bin/reach {size - 1} && bin/reach tick 7")
        assert probe.hits() == 15 and fs.sums("bin/reach") != before
        assert fs.sh(f"bin/reach tick 4 '{switch('force discard -code.v00')}'") == "still running\n"
        assert probe.hits() == 23 and fs.vm.run(f"[ -e {DIR}/bin/reach ]").status == 1
    finally:
        probe.remove()
    fs.switch(fs.code)
    assert fs.sums("bin/reach") == before
    probe = Probe(fs)
    try:
        probe.switch(1)
        fs.sh("bin/reach tick 2")
        assert probe.hits() == 2
    finally:
        probe.remove()


def test_breakpoints(fs):
    before = fs.sums("bin/reach")
    assert fs.reach("break", f"{DIR}/bin/reach") == "stopped once\n"
    assert fs.sums("bin/reach") == before
    assert fs.used() == (0, 0)
    fs.sh("bin/reach tick 3")
    fs.sh(f"chmod 700 bin/reach && {HERE}/vfstool . poke bin/reach $(($(stat -c %s bin/reach) - 1))")
    assert fs.reach("break", f"{DIR}/bin/reach") == "stopped once\n"


def test_programs_run_on_when_they_are_detached(fs):
    assert fs.sh(f"bin/reach tick 9 '{switch('force -code.v00')}; "
                 "echo 3 > /proc/sys/vm/drop_caches'") == "still running\n"
    assert fs.sh("find .") == ".\n"


def test_scripts_run_on_when_they_are_detached(fs):
    assert fs.sh("bin/script") == "begun\nended\n"
    assert fs.sh("find .") == ".\n"


# Ways to read and to write

@pytest.mark.parametrize("how", ["", "direct"])
@pytest.mark.parametrize("topic", ["aio", "uring"])
def test_rings(fs, out, topic, how):
    """O_DIRECT is accepted, with any alignment, and changes nothing."""
    needs(out, "CONFIG_AIO" if topic == "aio" else "CONFIG_IO_URING")
    allowed = "/proc/sys/kernel/io_uring_disabled"
    was = fs.vm.check(f"cat {allowed}").strip()
    fs.vm.check(f"echo 0 > {allowed}")
    try:
        for seed, path in enumerate(("data/file", "new", f"{TMPFS}/new")):
            words = [topic, path, str(seed), "25"] + [how] * bool(how)
            assert fs.reach(*words).endswith("bytes: alike\n"), path
    finally:
        fs.vm.check(f"echo {was} > {allowed}; rm -f {TMPFS}/new")


def test_pages_that_others_take(fs):
    fs.sh(f"head -c {SIZE} /dev/urandom > new && cp new {TMPFS}/new")
    for path in ("data/file", "data/large", "new", f"{TMPFS}/new"):
        assert fs.reach("gup", path) == "alike\n"
    fs.sh(f"rm {TMPFS}/new")
    # Of each, the page that was written, and the two that the other text lies across.
    assert fs.tool("provider", f"{DIR}/data/file").output.endswith("charged=12288\n")
    assert fs.tool("provider", f"{DIR}/data/large").output.endswith("charged=12288\n")


def test_nothing_is_lost_by_advice(fs):
    fs.sh("cp data/file new; printf x | dd of=data/large bs=1 seek=3000000 conv=notrunc 2>/dev/null")
    assert fs.reach("lose", "data/file", "data/large", "new", "bin/reach", "tree/y") == \
        "5 files: nothing is lost\n"


# What is held

def test_descriptors_in_sockets(fs, content):
    """A file that only a socket has is in use, and stays as it is when its tardisk goes."""
    refused = f"{switch('-code.v00')} 2> {HERE}/said; [ $? = 5 ]"
    forced = f"{refused} && {switch('force -code.v00')} && echo 3 > /proc/sys/vm/drop_caches"
    got = fs.sh(f"{REACH} pass data/file '{forced}' | sha256sum").split()[0]
    assert got == hashlib.sha256(content["data/file"]).hexdigest()
    assert "/data/file is in use by no process, but the kernel" in fs.sh(f"cat {HERE}/said")
    assert fs.sh("find .") == ".\n"


def locks(fs, *commands):
    """What others meet after each command."""
    lines = fs.reach("locks", "data/locked", *commands).splitlines()
    words = [[part.split()[-1] for part in line.split(", ")] for line in lines]
    return [row[0] if len(set(row)) == 1 else row for row in words]


def test_locks_of_a_file_that_changes(fs):
    """Locks and leases are the inode's: they are there as long as the name shows it."""
    assert locks(fs, "true",
                 "printf x | dd of=data/locked conv=notrunc 2>/dev/null; chmod 600 data/locked-leased",
                 switch(f"+{HERE}/over.v00"), switch("-over.v00"), switch("force -code.v00"),
                 "mv data/locked data/a; mv data/locked-leased data/b",
                 "mv data/a data/locked; mv data/b data/locked-leased") == [
        "held", "held", "free", "held", "held", "gone", "held"]


def test_locks_of_a_file_that_goes(fs):
    assert locks(fs, switch(f"+{HERE}/over.v00"), switch("-over.v00"), switch("force -code.v00"),
                 switch(fs.code)) == ["free", "held", "gone", "free"]


def test_locks_are_as_on_tmpfs(vm, content):
    assert content
    vm.check(f"cd {TMPFS} && echo > a && echo > a-leased")
    assert vm.check(f"{REACH} locks {TMPFS}/a true") == \
        "posix held, open file held, flock held, lease held\n"
    vm.check(f"rm {TMPFS}/*")


def test_root_and_current_directory_go(fs):
    fs.vm.check(f"mkdir -p {TMPFS}/tree/below && echo > {TMPFS}/tree/y && echo > {TMPFS}/tree/below/x")
    wanted = fs.vm.check(f"{REACH} jail {TMPFS}/tree 'rm -r {TMPFS}/tree'")
    assert fs.reach("jail", f"{DIR}/tree", switch("force -code.v00")) == wanted
    assert fs.sh("find .") == ".\n" and fs.used() == (0, 0)


def test_fanotify_is_told_of_a_switch(fs, out):
    needs(out, "CONFIG_FANOTIFY")
    fs.sh("find . > /dev/null")
    assert sorted(fs.reach("watch", DIR, switch(f"+{HERE}/over.v00")).splitlines()) == [
        "create /tree/below/new", "delete create /data/locked", "delete create /data/locked-leased"]
    assert "delete directory /tree\n" in fs.reach("watch", DIR, switch("force -code.v00 -over.v00"))
    assert "create directory /tree\n" in fs.reach("watch", DIR, switch(fs.code))
