# SPDX-License-Identifier: Apache-2.0
"""Tardisks on the running host: good ones are attached, damaged ones change nothing."""

import hashlib
import struct
import subprocess
import tempfile

import pytest
from hosts import namespace


def make_tardisk(out, folder, *options):
    """The bytes of a tardisk with a few small files and one of several frames."""
    tree = folder / "tree" / "opt" / "test"
    tree.mkdir(parents=True)
    for number in range(20):
        (tree / f"file{number}").write_text(f"this is file {number}\n" * 50)
    (tree / "large").write_bytes(bytes(range(256)) * 12000)
    target = folder / "test.v00"
    subprocess.run([out / "bin" / "mktardisk", *options, "-o", target, folder / "tree"], check=True)
    return target.read_bytes()


@pytest.fixture(scope="module", name="tardisk")
def tardisk_fixture(out, tmp_path_factory):
    return make_tardisk(out, tmp_path_factory.mktemp("tardisk"))


def attach(machine, path):
    return machine.run(f"mount -t visorfs -o remount,tardisk={path} visorfs /")


def flipped(place):
    """A change of one bit, at a fraction of the file."""

    def damage(data):
        at = min(int(len(data) * place), len(data) - 1)
        return data[:at] + bytes([data[at] ^ 0x04]) + data[at + 1:]

    return damage


DAMAGES = {
    "empty": lambda data: b"",
    "text": lambda data: b"no tardisk\n" * 400,
    "cut in half": lambda data: data[:len(data) // 2],
    "last byte missing": lambda data: data[:-1],
    "one byte more": lambda data: data + b"\0",
    "first frame's magic": flipped(0),
    "headers": flipped(0.1),
    "middle": flipped(0.5),
    "end of the data": flipped(0.9),
    "seek table": lambda data: data[:-12] + bytes([data[-12] ^ 1]) + data[-11:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_tardisk_is_refused(vm, tardisk, damage):
    name = f"bad-{list(DAMAGES).index(damage)}.v00"
    vm.put(DAMAGES[damage](tardisk), f"/tmp/{name}")
    state = ("find / -xdev \\( -path /run -o -path /tmp -o -path /var/log -o -path /var/db \\) -prune "
             "-o -print | sort; ls /sys/fs/visorfs/0/tardisks")
    before = vm.check(state)
    assert attach(vm, f"/tmp/{name}").status != 0
    vm.check(f"rm /tmp/{name}")
    said = [line for line in vm.check("dmesg").splitlines() if name in line]
    assert said, "the kernel did not say which tardisk and why"
    assert vm.check(state) == before


def test_wrong_version_is_refused(vm, tardisk, tmp_path):
    plain, other = tmp_path / "plain", tmp_path / "other"
    # The version is in the first frame: the file is unpacked, changed and packed again.
    plain.write_bytes(subprocess.run(["zstd", "-dc"], input=tardisk, check=True, capture_output=True).stdout)
    data = plain.read_bytes().replace(b"VISOR.version=1", b"VISOR.version=2")
    assert data != plain.read_bytes()
    other.write_bytes(data)
    vm.put(subprocess.run(["zstd", "-c", other], check=True, capture_output=True).stdout, "/tmp/v2.v00")
    assert attach(vm, "/tmp/v2.v00").status != 0
    assert vm.check("rm /tmp/v2.v00; dmesg | grep v2.v00")


def test_good_tardisk_is_attached(start, tardisk):
    machine = start()
    machine.put(tardisk, "/tmp/test.v00")
    machine.check("mkdir -p /opt/test; echo old > /opt/test/own")
    assert attach(machine, "/tmp/test.v00").status == 0
    assert machine.check("head -n 1 /opt/test/file7") == "this is file 7\n"
    assert machine.get("/opt/test/large") == bytes(range(256)) * 12000
    assert machine.check("cat /opt/test/own") == "old\n"
    assert machine.check("cat /sys/fs/visorfs/0/tardisks/test.v00/state") == "attached\n"


def with_volume(data, old, new):
    """The tardisk with other words in its volume header, all of its digests put right."""
    table = data[-9 - 8 * int.from_bytes(data[-9:-5], "little"):-9]
    records = list(struct.iter_unpack("<II", table))
    end = sum(packed for packed, _ in records)
    digests, table_at = data[end + 8:], len(data) - 9 - len(table) - 8
    chunks = digests[48 + 32 * len(records):table_at - end - 8 - 32]
    first = subprocess.run(["zstd", "-dc"], input=data[:records[0][0]], check=True, capture_output=True).stdout
    assert first.count(old) == 1 and len(old) == len(new)
    with tempfile.NamedTemporaryFile() as file:
        file.write(first.replace(old, new))
        file.flush()
        # From a file, as zstd then knows and states the size.
        first = subprocess.run(["zstd", "-c", file.name], check=True, capture_output=True).stdout
    frames, at = [first], records[0][0]
    for packed, _ in records[1:]:
        frames.append(data[at:at + packed])
        at += packed
    size = sum(map(len, frames))
    covered = (digests[:16] + struct.pack("<Q", size) + digests[24:48] +
               b"".join(hashlib.sha256(frame).digest() for frame in frames) + chunks)
    return (b"".join(frames) + data[end:end + 8] + covered + hashlib.sha256(covered).digest() +
            data[table_at:table_at + 8] + struct.pack("<II", len(first), records[0][1]) + data[table_at + 16:])


def test_frame_sizes(vm, out, tmp_path):
    """What is attached has frames of the size that its volume header states, and no odd one."""
    small, other = (make_tardisk(out, tmp_path / size, "--frame", size) for size in ("64k", "256k"))
    assert int.from_bytes(small[-9:-5], "little") > 46
    sound = {"small": small, "again": with_volume(other, b"262144", b"262144")}
    wrong = {
        "odd": (with_volume(small, b"frame=65536", b"frame=65537"), "VISOR.frame: not a power of two"),
        "none": (with_volume(small, b"VISOR.frame", b"VISOR.flame"), "VISOR.frame: missing"),
        "other": (with_volume(other, b"frame=262144", b"frame=524288"), "not the size its place demands"),
    }
    vm.check("mkdir /tmp/frames")
    for name, data in sound.items():
        vm.put(data, "/tmp/frames.v00")
        vm.check("mount -t visorfs -o max=4m,tardisk=/tmp/frames.v00 none /tmp/frames")
        assert vm.check("head -n 1 /tmp/frames/opt/test/file7") == "this is file 7\n", name
        assert vm.get("/tmp/frames/opt/test/large") == bytes(range(256)) * 12000, name
        vm.check("umount /tmp/frames")
    for name, (data, message) in wrong.items():
        vm.put(data, f"/tmp/frames-{name}.v00")
        assert vm.run(f"mount -t visorfs -o max=4m,tardisk=/tmp/frames-{name}.v00 none /tmp/frames").status != 0
        assert [line for line in vm.check("dmesg").splitlines() if f"{name}.v00" in line and message in line]
    vm.check("rm -r /tmp/frames*")


def test_namespace_does_not_change_by_looking(vm):
    assert namespace(vm) == namespace(vm)
