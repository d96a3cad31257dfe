# SPDX-License-Identifier: Apache-2.0
"""Digests of tardisks in a running host: what does not match is not attached."""

import subprocess

import pytest
from hosts import wait_until

DIR = "/tmp/verify"
TOOLS = "/tmp/verify-tools"


def make_tardisk(out, folder, name, files):
    """A tardisk file of {path: content}."""
    tree = folder / name
    for path, content in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(content)
    target = folder / f"{name}.v00"
    subprocess.run([out / "bin/mktardisk", "-o", target, tree], check=True)
    return target


def noise(size, seed=1):
    """Bytes that zstd cannot make smaller."""
    data, state = bytearray(), seed
    while len(data) < size:
        state = state * 6364136223846793005 + 1442695040888963407 & 2 ** 64 - 1
        data += (state >> 24).to_bytes(5, "little")
    return bytes(data[:size])


@pytest.fixture(scope="module", name="tardisk")
def tardisk_fixture(vm, out, tmp_path_factory):
    """The bytes of a tardisk of several frames, which is in the guest too, with the tools."""
    folder = tmp_path_factory.mktemp("verify")
    target = make_tardisk(out, folder, "one", {
        "dir/small": b"small\n", "dir/noise": noise(150_000), "large": bytes(range(256)) * 12000})
    vm.check(f"mkdir -p {TOOLS} {DIR}")
    vm.put(target, f"{TOOLS}/one.v00")
    vm.put(out / "bin/vfstool", f"{TOOLS}/vfstool", 0o755)
    yield target.read_bytes()
    vm.check(f"rm -rf {TOOLS} {DIR}")


class Mounted:
    """A second instance of the file system while it is mounted."""

    def __init__(self, vm):
        self.vm = vm
        self.sysfs = "/sys/fs/visorfs/" + max(vm.check("ls /sys/fs/visorfs").split(), key=int)

    def tool(self, *words):
        """Runs vfstool; the result of the command."""
        return self.vm.run(f"{TOOLS}/vfstool {DIR} {' '.join(words)}", timeout=120)

    def attr(self, path):
        """One value of sysfs."""
        return self.vm.check(f"cat {self.sysfs}/{path}").strip()

    def sh(self, command):
        """A shell command in the directory; its output."""
        return self.vm.check(f"cd {DIR} && {command}")


@pytest.fixture(name="fs")
def fs_fixture(vm, tardisk):
    """An instance without tardisks."""
    assert tardisk
    vm.check(f"mount -t visorfs -o max=32m none {DIR}")
    yield Mounted(vm)
    vm.check(f"umount {DIR}")


def test_the_best_hash_is_loaded(vm):
    """Nothing asks for it: the kernel is content with the plain one that it has."""
    flags = vm.check("grep -m1 ^flags /proc/cpuinfo").split()
    if "ssse3" not in flags:
        pytest.skip("the processor has no SSSE3")
    wait_until(lambda: "sha256_ssse3 " in vm.check("lsmod"), timeout=120)
    drivers = vm.check("grep -A1 '^name *: sha256$' /proc/crypto").split()
    assert {"sha256-ni", "sha256-avx2", "sha256-avx", "sha256-ssse3"} & set(drivers)


def root_hash(out, data, tmp_path):
    """What mktardisk says."""
    (tmp_path / "t.v00").write_bytes(data)
    done = subprocess.run([out / "bin/mktardisk", "--root-hash", tmp_path / "t.v00"], check=True,
                          capture_output=True, text=True)
    return done.stdout.split()[0]


def test_root_hash_is_shown(fs, tardisk, out, tmp_path):
    assert fs.tool("switch", f"+{TOOLS}/one.v00").status == 0
    assert fs.attr("tardisks/one.v00/root_hash") == root_hash(out, tardisk, tmp_path)
    assert fs.attr("tardisks/one.v00/verified") == "0"


def test_root_hash_is_demanded(fs, tardisk, out, tmp_path):
    right = root_hash(out, tardisk, tmp_path)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    result = fs.tool("switch", f"root={wrong}", f"+{TOOLS}/one.v00")
    assert result.status == 3 and "another root hash than was asked for" in result.errors
    assert fs.sh("ls") == ""
    assert fs.tool("switch", f"root={right}", f"+{TOOLS}/one.v00").status == 0
    assert fs.attr("tardisks/one.v00/verified") == "1"
    assert fs.sh("cat dir/small") == "small\n"


def digest_list(data):
    """Where the digest list begins: behind the frames."""
    return data.rindex(b"\x5d\x2a\x4d\x18")


def test_every_damage_is_found(fs, tardisk):
    """Places all over the file; with verify there is no bit without meaning."""
    end = len(tardisk)
    places = sorted({0, 5, 100, digest_list(tardisk) - 1, digest_list(tardisk), digest_list(tardisk) + 60,
                     end - 30, end - 1} | {end * i // 37 for i in range(37)})
    for place in places:
        bad = bytearray(tardisk)
        bad[place] ^= 0x10
        fs.vm.check(f"cat > {TOOLS}/bad.v00", data=bytes(bad))
        result = fs.tool("switch", "verify", f"+{TOOLS}/bad.v00")
        assert result.status == 3, (place, result)
        assert "bad.v00: offset " in result.errors
        assert fs.sh("ls") == ""
    assert fs.attr("tardisk_count") == "0"


def test_damage_that_zstd_does_not_see(fs, tardisk):
    """A frame made anew is sound for zstd, but it is not the one that was listed."""
    # The reserved bits of the first frame's last block: find a bit that zstd takes.
    found = 0
    for bit in range(8 * 4, 8 * 14):
        bad = bytearray(tardisk)
        bad[bit // 8] ^= 1 << bit % 8
        fs.vm.check(f"cat > {TOOLS}/bad.v00", data=bytes(bad))
        if fs.tool("switch", f"+{TOOLS}/bad.v00").status == 0:
            found += 1
            assert fs.tool("switch", "-bad.v00").status == 0
            result = fs.tool("switch", "verify", f"+{TOOLS}/bad.v00")
            assert result.status == 3
            assert "frame: is damaged: it has another digest than is stated" in result.errors
    assert found, "no bit of the frame header is without meaning to zstd: choose another damage"


def test_mount_option_holds_for_all(vm, tardisk):
    assert tardisk
    vm.check(f"mount -t visorfs -o verify,tardisk={TOOLS}/one.v00 none {DIR}")
    fs = Mounted(vm)
    try:
        assert fs.attr("tardisks/one.v00/verified") == "1"
        assert ",verify" in vm.check(f"grep ' {DIR} ' /proc/mounts")
        assert fs.tool("switch", "-one.v00", f"+{TOOLS}/one.v00").status == 0
        assert fs.attr("tardisks/one.v00/verified") == "1"
        vm.check(f"mount -o remount,noverify none {DIR}")
        assert fs.tool("switch", "-one.v00", f"+{TOOLS}/one.v00").status == 0
        assert fs.attr("tardisks/one.v00/verified") == "0"
    finally:
        vm.check(f"umount {DIR}")


# The scrub. A data area of one page is searched in seconds, also by an emulated processor.

@pytest.fixture(name="scrubbed")
def scrubbed_fixture(vm, tardisk, out, tmp_path):
    """An instance in verify mode with a small tardisk, and flip.ko in the guest."""
    assert tardisk
    vm.put(make_tardisk(out, tmp_path, "tiny", {"dir/file": noise(3000)}), f"{TOOLS}/tiny.v00")
    vm.put(out / "flip/flip.ko", f"{TOOLS}/flip.ko")
    vm.check(f"mount -t visorfs -o verify,tardisk={TOOLS}/tiny.v00 none {DIR}")
    fs = Mounted(vm)
    vm.check(f"echo 1000000 > {fs.sysfs}/verify/rate")
    yield fs
    vm.check(f"umount {DIR}")


def flip(fs, path, offset=0, bit=0, what="page"):
    """One bit of a file flips in memory, or of what visorfs counts about it."""
    fs.vm.check(f"insmod {TOOLS}/flip.ko path={DIR}/{path} offset={offset} bit={bit} what={what} && rmmod flip")


class Paused:
    """No scrub meanwhile: what flips stays so until all of it has been seen."""

    def __init__(self, fs):
        self.fs = fs

    def __enter__(self):
        self.fs.vm.check(f"echo 0 > {self.fs.sysfs}/verify/enabled")

    def __exit__(self, *_):
        self.fs.vm.check(f"echo 1 > {self.fs.sysfs}/verify/enabled")


def wait_said(fs, pattern, text):
    """Until the last line of the kernel's log with the pattern has the text: it comes after the counters."""
    wait_until(lambda: text in fs.vm.check(f"dmesg | grep '{pattern}' | tail -n 1"))


def wait_for(fs, attr, value, seconds=300):
    """Until an attribute of the verify mode has the value."""
    fs.vm.check(f"for i in $(seq {seconds}); do [ $(cat {fs.sysfs}/verify/{attr}) = {value} ] && exit; "
                f"sleep 1; done; exit 1", timeout=seconds + 30)


def next_pass(fs):
    """Waits for the end of a pass that began after this call."""
    fs.vm.check(f"was=$(cat {fs.sysfs}/verify/passes); for i in $(seq 300); do "
                f"[ $(cat {fs.sysfs}/verify/passes) -gt $((was + 1)) ] && exit; sleep 1; done; exit 1",
                timeout=330)


def test_sound_memory_stays_silent(scrubbed):
    next_pass(scrubbed)
    scrubbed.sh("cat dir/file > /dev/null; echo more >> dir/file")
    next_pass(scrubbed)
    assert scrubbed.attr("verify/errors") == "0"
    assert scrubbed.attr("verify/tardisk") == "tiny.v00"
    assert scrubbed.attr("verify/position") == "4096"


@pytest.mark.parametrize("place", ["slot", "cache", "saved"])
def test_flipped_bit_is_healed(scrubbed, place):
    if place == "cache":
        assert scrubbed.tool("map", f"{DIR}/dir/file").status == 0
    elif place == "saved":
        scrubbed.sh("printf x | dd of=dir/file bs=1 seek=100 conv=notrunc 2>/dev/null")
    before = scrubbed.sh("md5sum dir/file")
    with Paused(scrubbed):
        flip(scrubbed, "dir/file", 2000, 5)
        if place != "saved":
            assert scrubbed.sh("md5sum dir/file") != before
    wait_for(scrubbed, "healed", 1)
    assert scrubbed.sh("md5sum dir/file") == before
    assert scrubbed.attr("verify/errors") == "1"
    wait_said(scrubbed, "flipped", "tardisk tiny.v00: /dir/file: bit 5 of byte 2000 had flipped in memory: flipped back")
    next_pass(scrubbed)
    assert scrubbed.attr("verify/errors") == "1"


def test_two_flipped_bits_are_told_once(scrubbed):
    with Paused(scrubbed):
        flip(scrubbed, "dir/file", 10, 0)
        flip(scrubbed, "dir/file", 2999, 7)
    wait_for(scrubbed, "errors", 1)
    next_pass(scrubbed)
    next_pass(scrubbed)
    assert scrubbed.attr("verify/errors") == "1" and scrubbed.attr("verify/healed") == "0"
    wait_said(scrubbed, "by more than one bit",
              "tiny.v00: 4096 bytes at 0 (from byte 0 of /dir/file on) are damaged")
    # What the operator is told to do.
    assert scrubbed.tool("switch", "-tiny.v00", f"+{TOOLS}/tiny.v00").status == 0
    next_pass(scrubbed)
    assert scrubbed.attr("verify/errors") == "1"


def test_compressed_frames_are_healed(scrubbed):
    scrubbed.vm.check(f"umount {DIR} && mount -t visorfs -o verify,packed={TOOLS}/tiny.v00 none {DIR}")
    scrubbed.sysfs = Mounted(scrubbed.vm).sysfs
    scrubbed.vm.check(f"echo 1000000 > {scrubbed.sysfs}/verify/rate")
    assert scrubbed.attr("tardisks/tiny.v00/verified") == "1"
    next_pass(scrubbed)
    flip(scrubbed, "dir/file", 1000, 3, "packed")
    wait_for(scrubbed, "healed", 1)
    wait_said(scrubbed, "flipped", "tardisk tiny.v00: bit 3 of byte 1000 of compressed frame 0 had flipped")
    next_pass(scrubbed)
    assert scrubbed.attr("verify/errors") == "1"
    scrubbed.sh("cat dir/file > /dev/null; echo more >> dir/file; truncate -s 100000 dir/file")
    output = scrubbed.tool("check").output
    assert "violations=0" in output, output


def test_switched_at_run_time(scrubbed):
    scrubbed.vm.check(f"echo 0 > {scrubbed.sysfs}/verify/enabled")
    passes = scrubbed.attr("verify/passes")
    wait_until(lambda: "visorfs_scrub" not in scrubbed.vm.check("ps | grep visorfs_[s]crub || true"))
    assert scrubbed.vm.check(f"sleep 3; cat {scrubbed.sysfs}/verify/passes").strip() == passes
    scrubbed.vm.check(f"echo 1 > {scrubbed.sysfs}/verify/enabled")
    next_pass(scrubbed)


# The invariants.

def change_much(fs):
    """Branches, whiteouts, hard links, directories on both sides, and other tardisks above."""
    fs.sh("mkdir -p new/sub dir; echo x > new/sub/file; ln new/sub/file new/link; ln -s x new/long; "
          "mv new/sub new/moved; rm -f new/moved/file; echo more >> dir/file; mkdir dir/mine; "
          "truncate -s 1000000 new/sparse; dd if=/dev/zero of=new/data bs=4096 count=20 2>/dev/null")
    assert fs.tool("switch", f"+{TOOLS}/one.v00").status == 0
    fs.sh("rm dir/small; printf x | dd of=large bs=1 seek=2000000 conv=notrunc 2>/dev/null; "
          "cat dir/noise large > /dev/null; truncate -s 100000 dir/noise; mv large moved; mkdir dir/small")


def test_invariants_hold(scrubbed):
    assert "violations=0" in scrubbed.tool("check").output
    change_much(scrubbed)
    output = scrubbed.tool("check").output
    assert "violations=0" in output, output
    assert scrubbed.tool("switch", "-tiny.v00").status == 0
    output = scrubbed.tool("check").output
    assert "violations=0" in output, output
    names = int(scrubbed.sh("find . | wc -l")) - 1
    assert int(output.split()[0].removeprefix("names=")) >= names
    # Records of what was deleted stay below a directory that was deleted itself.
    scrubbed.sh("rm -r dir")
    output = scrubbed.tool("check").output
    assert "violations=0" in output, output


@pytest.mark.parametrize("what, path, said", [
    ("charged", "dir/file", "charged for"),
    ("shared", "moved", "its tardisk's, it says"),
    ("used", "dir/file", "ramdisk root: counts"),
    ("visible", "dir", "visible names: says"),
    ("providers", "dir", "providers: says"),
    ("cookie", "dir/noise", "is not at the place"),
])
def test_violations_are_found(scrubbed, what, path, said):
    change_much(scrubbed)
    flip(scrubbed, path, what=what)
    result = scrubbed.tool("check")
    flip(scrubbed, path, what=what)
    assert result.status == 5 and said in result.errors, result
    assert said in scrubbed.vm.check("dmesg | grep 'visorfs: check: ' | tail -n 4")
    assert "violations=0" in scrubbed.tool("check").output


def test_invariants_of_the_running_host(vm, tardisk):
    assert tardisk
    result = vm.run(f"{TOOLS}/vfstool / check")
    assert "violations=0" in result.output, result
