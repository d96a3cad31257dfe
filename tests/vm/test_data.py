# SPDX-License-Identifier: Apache-2.0
"""Contents of files: right by every way of reading and writing, and never lost."""

import random
import subprocess

import pytest
from hosts import end_all
from test_visorfs import make_tardisk

HERE = "/tmp/data"
DIR = "/tmp/data/fs"
SIZES = (0, 1, 4097, 65536, 300100, 2 << 20, 3000000)


@pytest.fixture(scope="module", name="content")
def content_fixture(out, tmp_path_factory):
    """{name: bytes} of the tardisk, and its path here, and another's."""
    folder, dice = tmp_path_factory.mktemp("data"), random.Random(3)
    files = {f"f{size}": dice.randbytes(size) for size in SIZES}
    (folder / "files").mkdir()
    (folder / "other").mkdir()
    for name, data in files.items():
        (folder / "files" / name).write_bytes(data)
    (folder / "other/bulk").write_bytes(dice.randbytes(3 << 20))
    return files, make_tardisk(out, folder, "files"), make_tardisk(out, folder, "other")


def prepare(machine, out, content, residency):
    """Brings tools and tardisks, and mounts an instance."""
    machine.check(f"mkdir -p {DIR}")
    for tool in ("fsx", "vfstool"):
        machine.put(out / "bin" / tool, f"{HERE}/{tool}", 0o755)
    machine.put(content[1], f"{HERE}/files.v00")
    machine.put(content[2], f"{HERE}/other.v00")
    machine.check(f"mount -t visorfs -o max=64m,{residency}={HERE}/files.v00 none {DIR}")


def finish(machine):
    """Nothing is charged once everything is gone."""
    machine.check(f"rm -f {DIR}/* && stat -f -c '%b %f' {DIR} > /tmp/free && "
                  f"read all free < /tmp/free && [ $all = $free ] && umount {DIR} && rm -r {HERE}")


# What goes on beside: another tardisk comes and goes, caches are dropped, memory is compacted.
UNREST = (f"cd {HERE}; {{ while [ ! -e stop ]; do ./vfstool fs switch +other.v00; cat fs/bulk > /dev/null; "
          "echo 3 > /proc/sys/vm/drop_caches; echo 1 > /proc/sys/vm/compact_memory; "
          "./vfstool fs switch -other.v00; done; touch rest; } > unrest 2>&1 &")
CALM = f"cd {HERE} && touch stop && until [ -e rest ]; do sleep 0.1; done; rm stop rest"


def exercise(machine, out, content, residency, seeds, operations):
    """fsx on an empty file and on each of the tardisk's."""
    prepare(machine, out, content, residency)
    machine.check(UNREST)
    for seed in seeds:
        for name in ("new", *content[0]):
            result = machine.run(f"{HERE}/fsx {seed} {operations} {DIR}/{name} 4000000", timeout=600)
            assert result.status == 0, (name, seed, result.output)
        machine.check(CALM)
        machine.check(f"cd {HERE} && ./vfstool fs switch discard -files.v00 && rm -f fs/* && "
                      f"./vfstool fs switch {'compressed ' if residency == 'packed' else ''}+files.v00")
        assert machine.check(f"cat {HERE}/unrest") == ""
        machine.check(UNREST)
    machine.check(CALM)
    finish(machine)


BOTH = pytest.mark.parametrize("residency", ["tardisk", "packed"])


@BOTH
def test_every_way_of_reading_and_writing(vm, out, content, residency):
    exercise(vm, out, content, residency, seeds=[1], operations=250)


@pytest.mark.slow
@BOTH
def test_every_way_of_reading_and_writing_for_long(start, out, content, residency):
    exercise(start(smp=2), out, content, residency, seeds=range(2, 12), operations=3000)


LOSERS = {
    "drop_caches": "for i in 1 2 3; do echo $i > /proc/sys/vm/drop_caches; done",
    "compaction": "echo 1 > /proc/sys/vm/compact_memory",
    "fadvise": "for f in f*; do dd if=$f of=/dev/null bs=1M iflag=nocache 2> /dev/null || true; done",
    "reclaim": "mkdir -p /sys/fs/cgroup/lose && (echo 200M > /sys/fs/cgroup/lose/memory.reclaim; "
               "true) 2> /dev/null; rmdir /sys/fs/cgroup/lose",
    "memory hot-unplug": "for m in /sys/devices/system/memory/memory*/state; do "
                         "(echo offline > $m) 2> /dev/null; done; "
                         "for m in /sys/devices/system/memory/memory*/state; do "
                         "(echo online > $m) 2> /dev/null; done; true",
}


@BOTH
def test_nothing_is_lost(vm, out, content, residency):
    """Pristine, mapped, changed and new files, whatever the kernel does to get memory back."""
    prepare(vm, out, content, residency)
    vm.check(f"cd {DIR} && {HERE}/vfstool . poke f300100 5000 && {HERE}/vfstool . poke f3000000 2500000 "
             f"&& cat f2097152 f4097 > new")
    vm.check(f"cd {DIR}; {HERE}/vfstool . hold f65536 10000 > /dev/null & "
             f"until ls -l /proc/$!/fd | grep -q {DIR}/f65536; do sleep 0.1; done")
    sums = vm.check(f"cd {DIR} && md5sum *")
    pristine = subprocess.run(["md5sum"], input=content[0]["f2097152"], check=True,
                              capture_output=True).stdout.split()[0].decode()
    assert f"{pristine}  f2097152" in sums
    for name, command in LOSERS.items():
        vm.check(f"cd {DIR} && {command}", timeout=120)
        assert vm.check(f"cd {DIR} && md5sum *") == sums, name
    vm.check(f"{HERE}/vfstool {DIR} switch force discard -files.v00")
    end_all(vm, "vfstool")
    finish(vm)
