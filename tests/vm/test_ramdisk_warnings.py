# SPDX-License-Identifier: Apache-2.0
"""Warnings, nested ramdisks, races to the cap, holes in mappings, tracepoints."""

import re

import pytest
from ramdisks import DIR, PAGE, TOOLS, Instance, bring_tools

MB = 1 << 20
TRACING = "/sys/kernel/tracing"


@pytest.fixture(scope="module", name="host")
def host_fixture(vm, out, tmp_path_factory):
    """The shared machine with the tools."""
    bring_tools(vm, out, tmp_path_factory.mktemp("warnings"), {"t/big": bytes(range(256)) * 64})
    yield vm
    vm.check(f"rm -rf {TOOLS}")


@pytest.fixture(name="fs")
def fs_fixture(host):
    """8 MB and 1000 inodes, with the tardisk."""
    with Instance(host, f"max=8m,inodes=1000,tardisk={TOOLS}/t.v00") as instance:
        instance.clear_log()
        yield instance


def write(fs, pages, name="f"):
    fs.sh(f"dd if=/dev/zero of={name} bs={PAGE} count={pages} conv=notrunc 2>/dev/null; "
          f"truncate -s {pages * PAGE} {name}")


def marks(fs):
    return fs.value("mark_bytes"), fs.value("mark_inodes")


def test_marks_of_bytes(fs):
    write(fs, 1638)
    assert marks(fs) == (0, 0) and not fs.log("ramdisk root")
    write(fs, 1639)
    assert marks(fs) == (80, 0) and fs.value("warning_events") == 1
    line, = fs.log("ramdisk root")
    assert "ramdisk root at /: 80% of its size is used, 6556 of 8192 KiB, last by dd (pid " in line
    assert "most is held by /host/system/guestd (6556 KiB)" in line
    write(fs, 1946)
    assert fs.log("ramdisk root at /: 80%") == [line]
    write(fs, 1947)
    assert marks(fs) == (95, 0) and len(fs.log("ramdisk root at /: 95%")) == 1


def test_marks_do_not_flutter(fs):
    for _ in range(5):
        write(fs, 1640)
        write(fs, 1600)
    assert marks(fs) == (80, 0) and fs.value("warning_events") == 1
    for _ in range(3):
        write(fs, 1500)
        assert marks(fs) == (0, 0)
        write(fs, 1640)
    assert fs.value("warning_events") == 4
    said = [float(re.search(r"\[ *(\d+\.\d+)\]", line)[1]) for line in fs.log("ramdisk root at /: 80%")]
    assert said and all(later - earlier > 55 for earlier, later in zip(said, said[1:])), "one line in a minute"


def test_marks_of_inodes(fs):
    fs.sh("i=0; while [ $i -lt 799 ]; do : > $i; i=$((i + 1)); done")
    assert marks(fs) == (0, 0)
    fs.sh(": > last")
    assert marks(fs) == (0, 80)
    assert fs.log(r"ramdisk root at /: 80% of its inodes are used, 800 of 1000, last by sh \(pid "
                  r"\d+\); most is held by /host/system/guestd \(800 inodes\)")


def test_counters_can_be_polled(fs):
    for path in (f"{fs.sysfs}/ramdisks/root/warning_events", f"{fs.sysfs}/ramdisk_events"):
        assert fs.sh(f"{TOOLS}/ramtool poll {path} 200 > /tmp/rd-poll & "
                     "until grep -q ready /tmp/rd-poll; do sleep 0.1; done; "
                     f"dd if=/dev/zero of=f bs={PAGE} count=1700 2>/dev/null; wait; "
                     "cat /tmp/rd-poll; rm f") == "ready\nchanged\n"
    assert fs.sh(f"{TOOLS}/ramtool poll {fs.sysfs}/ramdisks/root/full_events 200 > /tmp/rd-poll & "
                 "until grep -q ready /tmp/rd-poll; do sleep 0.1; done; "
                 f"dd if=/dev/zero of=f bs={PAGE} count=5000 2>/dev/null; wait; "
                 "cat /tmp/rd-poll; rm f /tmp/rd-poll") == "ready\nchanged\n"


def test_full_event_says_all(fs):
    fs.fails("dd if=/dev/zero of=fill bs=1M")
    assert fs.log(r"ramdisk root is full \(8192 KiB\): cannot extend /fill for dd \(pid \d+\); "
                  r"top is /, most is held by /host/system/guestd \(8192 KiB\)")
    assert fs.used()[0] == 2048


def test_nested_ramdisks(fs):
    fs.sh("mkdir -p a/b")
    fs.tool("ramdisk outer 4194304 100", "a")
    fs.tool("ramdisk inner 1048576 10", "a/b")
    sizes = [fs.sh(f"stat -f -c '%b %c' {path}").split() for path in (".", "a", "a/b")]
    assert sizes == [["2048", "1000"], ["1024", "100"], ["256", "10"]]
    fs.fails("dd if=/dev/zero of=a/b/fill bs=1M")
    assert fs.used("inner") == (256, 1) and fs.used("outer") == (0, 0)
    assert "Invalid cross-device" in fs.fails("ln a/b/fill a/fill")
    fs.sh("mv a/b/fill a/fill")
    assert fs.used("inner") == (0, 0) and fs.used("outer") == (256, 1)
    fs.owners("inner"), fs.owners("outer")
    fs.sh("dd if=/dev/zero of=a/more bs=1M count=2 2>/dev/null")
    assert "No space" in fs.fails("mv a/more a/b/more")
    assert fs.used("inner") == (0, 0) and fs.used("outer") == (768, 2)


def test_directories_do_not_cross(fs):
    fs.sh("mkdir a a/d; echo x > a/d/f; mkdir t2")
    fs.tool("ramdisk other 1048576 10", "t2")
    before = fs.used()
    fs.sh("mv a/d t2/d")  # EXDEV, so mv copies
    assert fs.used("other") == (1, 2)
    assert fs.used() == (before[0] - 1, before[1] - 2)
    fs.sh("rm -r t2/d")


@pytest.mark.parametrize("writers", [8])
def test_race_to_the_page(fs, writers):
    fs.machine.check(f"cd {fs.sh('pwd').strip()} && {TOOLS}/ramtool race . {writers} 10", timeout=300)
    assert fs.used() == (2048, writers)
    assert sum(map(int, fs.sh("stat -c %b w*").split())) == 2048 * 8
    fs.owners()
    fs.sh("rm w*")
    assert fs.used() == (0, 0) and not fs.owners()


def test_race_to_the_inode(fs):
    fs.sh("for w in 1 2 3 4 5 6 7 8; do "
          "(mkdir $w; i=0; while : > $w/$i; do i=$((i + 1)); done) 2>/dev/null & done; wait; true")
    assert fs.used()[1] == 1000
    assert int(fs.sh("find . -mindepth 1 ! -path './t*' | wc -l")) == 1000
    fs.sh("rm -r [1-8]")
    assert fs.used() == (0, 0)


def test_holes_in_mappings_cost_nothing(fs):
    fs.sh("truncate -s 40M sparse")
    for how in ("shared", "private", "rw"):
        assert fs.ram(f"readmap sparse {how}") == "0\n"
        assert fs.used() == (0, 1)
    fs.ram("storemap sparse 1000")
    assert fs.used() == (2, 1)
    fs.sh("truncate -s 0 sparse")
    assert fs.used() == (0, 1)


def test_fallocate_makes_all_or_nothing(fs):
    assert fs.fails(f"{TOOLS}/ramtool fallocate f 0 {9 * MB}") == "ENOSPC\n"
    assert fs.used() == (0, 1)
    fs.ram(f"fallocate f 5000 {7 * MB}")
    assert fs.used() == (7 * 256 + 1, 1)
    assert fs.fails(f"{TOOLS}/ramtool fallocate g 0 {MB}") == "ENOSPC\n"
    assert fs.used() == (7 * 256 + 1, 2)


def test_allocated_pages_stay_when_folios_are_split(fs):
    """The kernel throws away what of a large folio lies beyond the end, and tells nobody."""
    fs.machine.check("mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug")
    for mode in ("keep", ""):
        fs.ram(f"fallocate f 0 {4 * MB} {mode}")
        assert fs.used() == (1024, 1)
        fs.sh(f"echo {DIR}/f,0x0,0x400,0x0 > /sys/kernel/debug/split_huge_pages")
        assert fs.sh("stat -c %b f") == "8192\n"
        fs.tool("check")
        fs.sh(f"dd if=/dev/zero of=f bs={MB} count=4 conv=notrunc")
        assert fs.used() == (1024, 1)
        fs.sh("rm f")


def test_tracepoints(fs):
    events = f"{TRACING}/events/visorfs"
    fs.machine.check(f"[ -d {TRACING}/events ] || mount -t tracefs tracefs {TRACING}")
    fs.machine.check(f"echo > {TRACING}/trace; echo 1 > {events}/enable")
    try:
        fs.tool(f"switch discard -t.v00 +{TOOLS}/t.v00")
        fs.tool("poke t/big 5000")
        fs.fails("dd if=/dev/zero of=fill bs=1M")
        fs.sh("truncate -s 40M sparse")
        fs.ram("readmap sparse shared")
        fs.tool("switch discard -t.v00")
    finally:
        fs.machine.check(f"echo 0 > {events}/enable")
    trace = fs.machine.check(f"cat {TRACING}/trace; echo > {TRACING}/trace")
    number = fs.sysfs.rsplit("/", 1)[1]
    for line in (f"visorfs_attach: instance={number} tardisk=t.v00 files=1 pages=4",
                 f"visorfs_detach: instance={number} tardisk=t.v00",
                 "visorfs_branch: instance=", "tardisk=t.v00 ramdisk=root",
                 "ramdisk=root pages=1 used=1 max=2048", "visorfs_refuse: instance=",
                 f"visorfs_full: instance={number} ramdisk=root reason=bytes",
                 "page=1 write", "page=0 hole"):
        assert line in trace, line
