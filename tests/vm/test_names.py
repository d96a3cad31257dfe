# SPDX-License-Identifier: Apache-2.0
"""Names, switches and detaching: what visorfs does that no other file system does."""

import re
import subprocess

import pytest
from hosts import end_all, end_process
from test_visorfs import DIR, TOOLS, Mounted, fill, make_tardisk

HERE = "/tmp/names"
RACE_FILES = 500


@pytest.fixture(scope="module", name="tools")
def tools_fixture(vm, out, tmp_path_factory):
    """Tardisks and tools in the guest."""
    folder = tmp_path_factory.mktemp("names")
    fill(folder / "base", {"etc/a": b"base\n", "etc/s1": (b"state\n", 0o1644), "keep/k": b"k\n",
                           "bin/tool": ((out / "bin/vfstool").read_bytes(), 0o755)})
    fill(folder / "more", {"etc/a": b"more\n", "tree/below/file": b"more\n", "tree/x": b"x\n"})
    (folder / "base/etc/s2").hardlink_to(folder / "base/etc/s1")
    vm.check(f"mkdir -p {HERE} {TOOLS} {DIR}")
    for name in ("base", "more"):
        vm.put(make_tardisk(out, folder, name), f"{HERE}/{name}.v00")
    vm.put(out / "bin/vfstool", f"{TOOLS}/vfstool", 0o755)
    yield folder
    vm.check(f"rm -r {HERE} {TOOLS}")


@pytest.fixture(name="fs", params=["tardisk", "packed"])
def fs_fixture(vm, tools, request):
    """An instance with both tardisks, resident and compressed."""
    assert tools
    vm.check(f"mount -t visorfs -o max=32m,{request.param}={HERE}/base.v00,"
             f"{request.param}={HERE}/more.v00 none {DIR}")
    yield Mounted(vm)
    vm.check(f"umount {DIR}")


def refused(fs, name="more.v00", *words):
    """Tries to detach: the message of the refusal."""
    result = fs.tool("switch", *words, f"-{name}")
    assert result.status == 5, result
    return result.errors


def test_state_file_keeps_a_path_while_it_has_a_name(fs):
    fs.sh("echo new > etc/s1 && rm etc/s1")
    assert fs.tool("state").output.splitlines() == ["/etc/s1 deleted", "/etc/s2"]
    fs.sh("ln etc/s2 etc/s3 && rm etc/s2")
    assert "/etc/s3\n" in fs.tool("state").output
    fs.sh("ln etc/s3 keep/s4 && rm etc/s3")
    assert "/keep/s4\n" in fs.tool("state").output


def test_state_is_only_where_it_may_be(fs):
    remount = f"mount -t visorfs -o remount,state={{}} none {DIR}"
    fs.sh("echo new > etc/s1 && echo k > keep/s5 && chmod 1644 keep/s5 && mkdir keep/deep")
    assert fs.tool("state").output.splitlines() == ["/etc/s1", "/keep/s5"]
    fs.vm.check(remount.format("/tree:/keep"))
    assert fs.tool("state").output.splitlines() == ["/keep/s5"]
    fs.sh("echo d > keep/deep/s6 && chmod 1644 keep/deep/s6 && rm etc/s2")
    assert fs.tool("state").output.splitlines() == ["/keep/s5", "/keep/deep/s6"]
    fs.sh("mv keep/deep elsewhere")
    assert fs.tool("state").output.splitlines() == ["/keep/s5"]
    assert fs.vm.run(remount.format("/etc:/nowhere")).status, "a directory that is not there"
    assert fs.tool("state").output.splitlines() == ["/keep/s5"]
    fs.vm.check(remount.format("/"))
    assert set(fs.tool("state").output.splitlines()) == {"/etc/s1", "/etc/s2 deleted", "/keep/s5", "/elsewhere/s6"}


def test_refused_detach_names_the_holders(fs):
    pid = fs.vm.check(f"sleep 10000 < {DIR}/tree/x > /dev/null 2>&1 & "
                      "until readlink /proc/$!/fd/0 | grep -q tree/x; do sleep 0.1; done; echo $!").strip()
    errors = refused(fs)
    assert re.search(rf"more\.v00: /tree/x is in use by (sleep|sh|busybox) \(pid {pid}\)", errors), errors
    end_process(fs.vm, pid)
    fs.switch("-more.v00")


def test_refused_detach_names_what_runs(fs):
    fs.vm.check(f"{DIR}/bin/tool {DIR} hold {DIR}/etc/a 10000 > /dev/null 2>&1 & "
                "until ls -l /proc/$!/fd | grep -q etc/a; do sleep 0.1; done")
    errors = refused(fs, "base.v00")
    assert re.search(r"/bin/tool is in use by tool \(pid \d+\)", errors), errors
    end_all(fs.vm, "tool")
    fs.switch("-base.v00")


def test_directories_that_vanish_are_left_as_removed(fs):
    """Of two shells in a directory, one in a part that stays, nothing is held up."""
    fs.vm.check(f"mkfifo /tmp/go; (cd {DIR}/tree/below && read line < /tmp/go; "
                "echo > new; echo $?; ls; stat -c %h .; mkdir d; echo $?) > /tmp/said 2>&1 & echo $! > /tmp/shell; "
                "until readlink /proc/$!/cwd | grep -q tree/below; do sleep 0.1; done")
    fs.switch("-more.v00")
    assert fs.vm.run(f"ls {DIR}/tree").status != 0
    fs.vm.check("echo > /tmp/go; while [ -e /proc/$(cat /tmp/shell) ]; do sleep 0.1; done")
    said = [line for line in fs.vm.check("cat /tmp/said; rm /tmp/said /tmp/go /tmp/shell").splitlines()
            if line.isdigit()]
    assert said == ["1", "0", "1"]
    fs.switch(f"+{HERE}/more.v00")
    assert fs.sh("cat tree/below/file; ls tree/below") == "more\nfile\n"
    assert fs.used() == (0, 0)


def test_a_mount_below_forbids_detach(fs):
    fs.sh("mount -t tmpfs none tree/below")
    assert "/tree/below holds a mount" in refused(fs)
    assert "/tree/below holds a mount" in refused(fs, "more.v00", "force")
    fs.sh("umount tree/below")
    fs.switch("-more.v00")
    assert fs.sh("cat etc/a") == "base\n"


def test_a_bind_mount_is_empty_when_its_tree_went(fs):
    fs.vm.check(f"mkdir -p /tmp/bound && mount --bind {DIR}/tree /tmp/bound")
    fs.switch("-more.v00")
    assert fs.vm.run("cat /tmp/bound/x").status != 0
    assert fs.vm.run("echo > /tmp/bound/new").status != 0
    fs.vm.check("umount /tmp/bound && rmdir /tmp/bound")


def test_versions_of_a_path(fs):
    a = "etc/a"
    assert fs.tool("versions", a).output.splitlines() == [
        "more.v00 visible mode=100644 size=5", "base.v00 mode=100644 size=5"]
    fs.sh("echo changed > etc/a")
    assert fs.tool("versions", a).output.splitlines()[0] == "more.v00 visible changed mode=100644 size=5"
    assert fs.tool("shipped", a, "0").output == "more\n"
    assert fs.tool("shipped", a, "1").output == "base\n"
    fs.sh("rm etc/a")
    assert fs.tool("versions", a).output.splitlines() == [
        "ramdisk deleted mode=0 size=0", "more.v00 mode=100644 size=5", "base.v00 mode=100644 size=5"]
    assert fs.tool("shipped", a, "1").output == "more\n"
    fs.sh("echo mine > etc/a; rm -r tree; ln -s x tree")
    assert fs.tool("versions", a).output.splitlines()[0] == "ramdisk visible mode=100644 size=5"
    assert fs.tool("versions", "tree/below/file").output.splitlines()[1:] == [
        "more.v00 mode=100644 size=5"]
    assert fs.tool("shipped", "tree/below/file", "1").output == "more\n"
    assert fs.tool("versions", "none").output == ""
    assert fs.tool("shipped", "etc", "0").status == 3


def test_shipped_pages_of_a_file_that_changes(fs, out):
    """Pages in slots, in the cache, put aside, cut off and punched: all as they were."""
    sum_of = fs.vm.check(f"md5sum < {TOOLS}/vfstool").split()[0]
    shipped = f"{TOOLS}/vfstool {DIR} shipped bin/tool 0 | md5sum"
    steps = ("true", "cat bin/tool > /dev/null", "bin/tool . state > /dev/null || true",
             "printf x | dd of=bin/tool bs=1 seek=5000 conv=notrunc",
             f"{TOOLS}/vfstool . poke bin/tool 90000", "truncate -s 300000 bin/tool",
             "truncate -s 900000 bin/tool", "printf y | dd of=bin/tool bs=1 seek=400000 conv=notrunc",
             ": > bin/tool", "mv bin/tool etc/moved; echo other > bin/tool", "rm bin/tool")
    index = 0
    for step in steps:
        fs.sh(f"{step} 2> /dev/null")
        index = 1 if "mv" in step or "rm" in step else 0
        command = shipped.replace("tool 0", f"tool {index}")
        assert fs.sh(command).split()[0] == sum_of, step
    fs.sh("rm etc/moved")


def watch(fs, paths, change):
    """What watchers of some paths are told of a change."""
    fs.vm.check(f"cd {DIR}; for p in {paths}; do {TOOLS}/vfstool . watch $p > /tmp/watch.$(basename $p) & "
                "until grep -q '^inotify wd' /proc/$!/fdinfo/*; do sleep 0.1; done; done")
    change()
    end_all(fs.vm, "vfstool")
    return {path: fs.vm.check(f"cat /tmp/watch.{path.split('/')[-1]}") for path in paths.split()}


def test_watchers_are_told_of_a_switch(fs):
    told = watch(fs, ". etc tree tree/x", lambda: fs.switch("force", "-more.v00"))
    assert told == {".": "delete directory tree\n", "etc": "delete a\ncreate a\n",
                    "tree": "delete x\ndelete directory below\ngone \n \n", "tree/x": "gone \n \n"}
    told = watch(fs, ". etc keep", lambda: fs.switch(f"+{HERE}/more.v00"))
    assert told == {".": "create directory tree\n", "etc": "delete a\ncreate a\n", "keep": ""}


def test_provenance_at_the_command_line(vm):
    """On the root file system: who gives a file, and what changed in it."""
    path = "/etc/visoros-release"
    cli = "visorcli system visorfs"
    rows = vm.check(f"{cli} provenance -p {path}").splitlines()
    assert rows[2].split()[:3] == ["base.v00", "visible", "file"]
    before = vm.check(f"cat {path}")
    try:
        vm.check(f"echo added >> {path}")
        assert vm.check(f"{cli} provenance -p {path}").splitlines()[2].split()[1] == "changed"
        assert vm.check(f"{cli} shipped -p {path}") == before
        lines = vm.check(f"{cli} diff -p {path}").splitlines()
        assert [line for line in lines if line[0] in "+-"] == [
            f"--- {path} (base.v00)", f"+++ {path}", "+added"]
    finally:
        vm.check(f"head -c {len(before)} {path} > /tmp/was && cat /tmp/was > {path}; rm /tmp/was")
    assert vm.check(f"{cli} diff -p {path}") == ""
    assert vm.run(f"{cli} provenance -p /etc/none").status == 4


@pytest.fixture(scope="module", name="race")
def race_fixture(vm, out, tmp_path_factory):
    """Runs switchrace: opens, switches, readers and more; the result."""
    folder = tmp_path_factory.mktemp("race")
    for version in "ab":
        (folder / version).mkdir()
        subprocess.run([out / "bin/switchrace", "make", folder / version, version, str(RACE_FILES)],
                       check=True)

    def run(machine, *words, timeout):
        machine.check(f"mkdir -p {HERE} {DIR}")
        for version in "ab":
            machine.put(make_tardisk(out, folder, version), f"{HERE}/{version}.v00")
        machine.put(out / "bin/switchrace", f"{HERE}/switchrace", 0o755)
        machine.check(f"mount -t visorfs none {DIR}")
        try:
            return machine.run(f"{HERE}/switchrace {DIR} {HERE}/a.v00 {HERE}/b.v00 "
                               + " ".join(words), timeout=timeout)
        finally:
            machine.check(f"umount {DIR}")

    return run


def test_switch_is_atomic(vm, race):
    result = race(vm, "10000", "30", "3", timeout=900)
    assert result.status == 0 and " 0 missing, 0 mixed" in result.output, result


def test_two_switches_are_seen_as_two(vm, race):
    """Without that the test above would prove nothing."""
    result = race(vm, "2000", "30", "3", "torn", timeout=900)
    assert result.status == 1 and " 0 missing, 0 mixed" not in result.output, result


@pytest.mark.slow
@pytest.mark.parametrize("accel", ["tcg,thread=single", "tcg,thread=multi"])
def test_a_thousand_switches_under_a_million_opens(start, race, accel):
    result = race(start(smp=2, accel=accel), "1000000", "1000", "4", timeout=3600)
    print(result.output)
    assert result.status == 0 and " 0 missing, 0 mixed" in result.output, result
