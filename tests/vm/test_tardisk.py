# SPDX-License-Identifier: Apache-2.0
"""Tardisks on the running host: good ones are attached, damaged ones change nothing."""

import subprocess

import pytest
from hosts import namespace


@pytest.fixture(scope="module", name="tardisk")
def tardisk_fixture(out, tmp_path_factory):
    """The bytes of a tardisk with a few small files and one of several frames."""
    folder = tmp_path_factory.mktemp("tardisk")
    tree = folder / "tree" / "opt" / "test"
    tree.mkdir(parents=True)
    for number in range(20):
        (tree / f"file{number}").write_text(f"this is file {number}\n" * 50)
    (tree / "large").write_bytes(bytes(range(256)) * 12000)
    target = folder / "test.v00"
    subprocess.run([out / "bin" / "mktardisk", "-o", target, folder / "tree"], check=True)
    return target.read_bytes()


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
    assert "v2.v00" in vm.check("dmesg | tail -n 5; rm /tmp/v2.v00")


def test_good_tardisk_is_attached(start, tardisk):
    machine = start()
    machine.put(tardisk, "/tmp/test.v00")
    machine.check("mkdir -p /opt/test; echo old > /opt/test/own")
    assert attach(machine, "/tmp/test.v00").status == 0
    assert machine.check("head -n 1 /opt/test/file7") == "this is file 7\n"
    assert machine.get("/opt/test/large") == bytes(range(256)) * 12000
    assert machine.check("cat /opt/test/own") == "old\n"
    assert machine.check("cat /sys/fs/visorfs/0/tardisks/test.v00/state") == "attached\n"


def test_namespace_does_not_change_by_looking(vm):
    assert namespace(vm) == namespace(vm)
