# SPDX-License-Identifier: Apache-2.0
"""The file system by itself: a second instance of it in a running host."""

import hashlib
import random
import re
import subprocess

import pytest

DIR = "/tmp/fs"
TOOLS = "/tmp/vfs-tools"
MODEL_SEEDS = range(1, 4)
MODEL_OPERATIONS = 3000


def make_tardisk(out, folder, name):
    """A tardisk file of what is in folder/name."""
    target = folder / f"{name}.v00"
    subprocess.run([out / "bin/mktardisk", "-o", target, folder / name], check=True)
    return target


def fill(folder, files):
    """Writes {path: content}; a path that ends in / is a directory, a mode may follow content."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content, mode = content if isinstance(content, tuple) else (content, 0o644)
        target.write_bytes(content)
        target.chmod(mode)


@pytest.fixture(scope="module", name="tardisks")
def tardisks_fixture(vm, out, tmp_path_factory):
    """one.v00, two.v00 and their relatives in the guest, and the tools."""
    folder = tmp_path_factory.mktemp("tardisks")
    fill(folder / "one", {"etc/a": b"one\n", "etc/b": b"one\n", "etc/state": (b"old\n", 0o1644),
                          "big": bytes(range(256)) * 4096 * 5, "dir/only-one": b"x"})
    (folder / "one/etc/b-too").hardlink_to(folder / "one/etc/b")
    fill(folder / "two", {"etc/a": b"two\n", "opt/two/file": b"two\n"})
    fill(folder / "clash", {"etc/a/below": b"a directory where others have a file\n"})
    vm.check(f"mkdir -p {TOOLS}")
    for name in ("one", "two", "clash"):
        vm.put(make_tardisk(out, folder, name), f"{TOOLS}/{name}.v00")
    for tool in ("vfstool", "fsmodel"):
        vm.put(out / "bin" / tool, f"{TOOLS}/{tool}", 0o755)
    yield folder
    vm.check(f"rm -rf {TOOLS}")


class Mounted:
    """The second instance while it is mounted."""

    def __init__(self, vm):
        self.vm = vm

    def tool(self, *words):
        """Runs vfstool; the result of the command."""
        return self.vm.run(f"{TOOLS}/vfstool {DIR} {' '.join(words)}")

    def switch(self, *words):
        """Attaches and detaches; must work."""
        result = self.tool("switch", *words)
        assert result.status == 0, result

    def used(self):
        """(bytes, inodes) charged to the root's ramdisk."""
        fields = self.vm.check(f"cat {self.sysfs}/ramdisks/root/used_bytes "
                               f"{self.sysfs}/ramdisks/root/used_inodes").split()
        return int(fields[0]), int(fields[1])

    @property
    def sysfs(self):
        """The newest instance's folder."""
        return "/sys/fs/visorfs/" + max(self.vm.check("ls /sys/fs/visorfs").split(), key=int)

    def sh(self, command):
        """A shell command in the directory; its output."""
        return self.vm.check(f"cd {DIR} && {command}")


@pytest.fixture(name="fs", params=["tardisk", "packed"])
def fs_fixture(vm, tardisks, request):
    """An instance with one.v00 attached, resident and compressed."""
    assert tardisks
    vm.check(f"mkdir -p {DIR} && "
             f"mount -t visorfs -o max=32m,{request.param}={TOOLS}/one.v00 none {DIR}")
    yield Mounted(vm)
    vm.check(f"umount {DIR}")


def listing(fs):
    """Names, modes, sizes and contents."""
    return fs.sh("find . | sort | while read f; do stat -c '%n %F %a %s' $f; "
                 "[ -f $f ] && md5sum < $f; done; true")


def test_detach_reveals_what_was_hidden(fs):
    before = listing(fs)
    fs.switch(f"+{TOOLS}/two.v00")
    assert fs.sh("cat etc/a etc/b opt/two/file") == "two\none\ntwo\n"
    fs.switch("-two.v00")
    assert listing(fs) == before


def test_misses_are_forgotten(fs):
    assert fs.vm.run(f"cat {DIR}/opt/two/file").status != 0
    fs.switch(f"+{TOOLS}/two.v00")
    assert fs.sh("cat opt/two/file") == "two\n"
    fs.switch("-two.v00")
    assert fs.vm.run(f"cat {DIR}/opt/two/file").status != 0


def test_replace_in_one_switch(fs):
    fs.switch(f"+{TOOLS}/two.v00")
    fs.switch("-two.v00", f"+{TOOLS}/two.v00")
    assert fs.sh("cat etc/a") == "two\n"
    assert fs.sh(f"ls {fs.sysfs}/tardisks").split() == ["one.v00", "two.v00"]


def test_name_in_use_is_refused(fs):
    result = fs.tool("switch", f"+{TOOLS}/one.v00")
    assert result.status == 5 and "one.v00" in result.errors


def test_directory_never_hides_a_file(fs):
    before = listing(fs)
    result = fs.tool("switch", f"+{TOOLS}/two.v00", f"+{TOOLS}/clash.v00")
    assert result.status != 0 and "/etc/a" in result.errors and "clash.v00" in result.errors
    assert listing(fs) == before


def test_one_byte_costs_one_page(fs):
    inode = fs.sh("stat -c %i big")
    fs.sh(f"{TOOLS}/vfstool . poke big 3000000")
    assert fs.used() == (4096, 1)
    assert fs.sh("stat -c %i big") == inode
    assert "tardisk=one.v00 ramdisk=root branched=1" in fs.tool("provider", f"{DIR}/big").output


def test_large_folio_of_2_mib_costs_what_was_written(fs):
    fs.sh("printf x | dd of=big bs=1 seek=4000000 conv=notrunc 2>/dev/null")
    assert fs.used() == (4096, 1)
    fs.sh(": > big")
    assert fs.used() == (0, 1)


def test_hard_links_change_together(fs):
    fs.sh("echo more >> etc/b")
    assert fs.sh("cat etc/b-too") == "one\nmore\n"


def test_deleted_and_written_again(fs):
    fs.sh("rm etc/a && echo mine > etc/a")
    fs.switch(f"+{TOOLS}/two.v00")
    assert fs.sh("cat etc/a") == "mine\n"
    fs.switch("-two.v00")
    assert fs.sh("cat etc/a") == "mine\n"


def test_open_file_forbids_detach(fs):
    # Somebody has it open, and reads when he is told to by the other end of a pipe.
    fs.vm.check("mkdir /tmp/held && cd /tmp/held && mkfifo go && "
                f"(exec 3<{DIR}/etc/b; : >open; read -r _ <go; cat <&3 >line; exec 3<&-; : >closed) >/dev/null 2>&1 & "
                "until [ -e /tmp/held/open ]; do sleep 0.1; done")
    result = fs.tool("switch", "-one.v00")
    assert result.status == 5 and "/etc/b" in result.errors
    fs.switch("force", "-one.v00")
    assert fs.vm.run(f"cat {DIR}/etc/b").status != 0
    fs.vm.check("echo go > /tmp/held/go; until [ -e /tmp/held/closed ]; do sleep 0.1; done")
    assert fs.vm.check("cat /tmp/held/line; rm -r /tmp/held") == "one\n"


def test_branches_stay_or_go(fs):
    fs.sh("echo changed > etc/a")
    fs.switch("-one.v00")
    assert fs.sh("find . -type f") == "./etc/a\n"
    assert fs.sh("cat etc/a") == "changed\n"
    fs.sh("rm -r etc")
    fs.switch(f"+{TOOLS}/one.v00")
    fs.sh("echo changed > etc/a")
    fs.switch("discard", "-one.v00")
    assert fs.sh("find .") == ".\n"
    assert fs.used() == (0, 0)


def test_cap_is_exact(fs):
    result = fs.vm.run(f"dd if=/dev/zero of={DIR}/fill bs=1M count=100")
    assert "No space left on device" in result.errors
    assert fs.sh("stat -c %s fill") == f"{32 << 20}\n"
    assert "ramdisk root is full (32768 KiB): cannot extend /fill for dd" in fs.vm.check("dmesg")
    fs.sh("rm fill")
    assert fs.used() == (0, 0)


def test_cap_of_inodes_is_exact(fs):
    fs.sh("mkdir few")
    fs.vm.check(f"{TOOLS}/vfstool {DIR}/few ramdisk few 1048576 10")
    result = fs.vm.run(f"cd {DIR}/few && for i in 1 2 3 4 5 6 7 8 9 10 11; do echo > $i || exit 9; done")
    assert result.status == 9
    assert fs.sh("ls few | wc -l") == "10\n"
    assert "ramdisk few is full (10 inodes): cannot create /few/11" in fs.vm.check("dmesg")
    fs.sh("rm few/*")


def test_holes_cost_nothing(fs):
    fs.sh("truncate -s 1G sparse && dd if=sparse of=/dev/null bs=1M count=50 2>/dev/null")
    assert fs.used() == (0, 1)


def test_state_is_tracked_by_name(fs):
    assert fs.tool("state").output == ""
    fs.sh("echo new > etc/state")
    assert fs.tool("state").output == "/etc/state\n"
    fs.sh("echo newer > etc/tmp && mv etc/tmp etc/state")
    assert fs.tool("state").output == "/etc/state\n"
    assert fs.sh("stat -c %a etc/state") == "1644\n"
    fs.sh("rm etc/state")
    assert fs.tool("state").output == "/etc/state deleted\n"


def attach_damaged(fs, data):
    """Tries to attach these bytes: True if they are refused, with place and field."""
    fs.vm.check("cat > /tmp/bad.v00", data=data)
    result = fs.tool("switch", "+/tmp/bad.v00")
    if result.status == 0:
        # zstd has bits without meaning: then every byte of content is right all the same.
        assert fs.sh("cat etc/a opt/two/file") == "two\ntwo\n"
        fs.switch("-bad.v00")
        return False
    assert result.status == 3, (result, data)
    assert re.search(r"bad\.v00: offset \d+: [\w .]+: ", result.errors), result
    return True


def test_damaged_tardisks_are_refused(fs, tardisks):
    before, data = listing(fs), (tardisks / "two.v00").read_bytes()
    for length in (0, 1, 100, len(data) // 2, len(data) - 1):
        assert attach_damaged(fs, data[:length])
    refused, dice = 0, random.Random(6)
    for _ in range(40):
        damaged = bytearray(data)
        damaged[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        refused += attach_damaged(fs, bytes(damaged))
    assert refused >= 36
    fs.vm.check("rm /tmp/bad.v00")
    assert listing(fs) == before
    assert fs.sh(f"ls {fs.sysfs}/tardisks").split() == ["one.v00"]


def test_damaged_frames_give_errors_never_wrong_data(fs, out, tmp_path):
    dice = random.Random(7)
    noise = dice.randbytes(300000)
    fill(tmp_path / "noise", {"noise": noise})
    data, errors = make_tardisk(out, tmp_path, "noise").read_bytes(), 0
    for _ in range(8):
        damaged = bytearray(data)
        damaged[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        fs.vm.check("cat > /tmp/bad.v00", data=bytes(damaged))
        assert fs.tool("switch", "compressed", "verify", "+/tmp/bad.v00").status == 3
        if fs.tool("switch", "compressed", "+/tmp/bad.v00").status == 0:
            result = fs.vm.run(f"md5sum < {DIR}/noise")
            right = hashlib.md5(noise).hexdigest()
            assert result.status or result.output.startswith(right), result
            errors += result.status != 0
            fs.switch("-bad.v00")
    assert errors
    fs.vm.check("rm /tmp/bad.v00")


def test_too_little_memory_is_refused_before_anything_changes(start, tardisks, out, tmp_path):
    assert tardisks
    (tmp_path / "zeros").mkdir()
    with open(tmp_path / "zeros/zeros", "wb") as file:
        file.truncate(300 << 20)
    target = make_tardisk(out, tmp_path, "zeros")
    machine = start(memory=256)
    machine.put(target, "/tmp/zeros.v00")
    machine.put(out / "bin/vfstool", "/tmp/vfstool", 0o755)
    result = machine.run("/tmp/vfstool / switch +/tmp/zeros.v00")
    assert result.status == 8 and "needs" in result.errors and "KiB are available" in result.errors
    assert "zeros.v00" not in machine.check("ls /sys/fs/visorfs/0/tardisks")


@pytest.mark.parametrize("seed", MODEL_SEEDS)
def test_random_operations_as_on_tmpfs(vm, tardisks, seed):
    assert tardisks
    vm.check(f"mkdir -p {DIR} /tmp/model && mount -t visorfs -o max=100m,inodes=20000 none {DIR} && "
             "mount -t tmpfs -o size=100m none /tmp/model")
    try:
        result = vm.run(f"{TOOLS}/fsmodel {seed} {MODEL_OPERATIONS} {DIR} /tmp/model", timeout=120)
        assert result.status == 0, result.output
    finally:
        vm.check(f"umount /tmp/model; umount {DIR}")
