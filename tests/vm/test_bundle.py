# SPDX-License-Identifier: Apache-2.0
"""Bundles on the running host: real packages come and go without a trace."""

import json
import subprocess

import pytest
from conftest import TOP
from hosts import end_all, namespace, wait_hostd, wait_until


def make_bundle(out, folder, package):
    """A bundle of a Debian package with the libraries that the image does not have."""
    base = out / "rootfs" / "base"
    (folder / "base.list").write_text(
        "".join(f"{path.relative_to(base)}\n" for path in sorted(base.rglob("*"))))
    subprocess.run([TOP / "tardisk" / "deb2dir", "--base", folder / "base.list", "--descriptor",
                    folder / "descriptor.json", "--out", folder / "tree", package],
                   check=True, stderr=subprocess.PIPE)
    bundle = folder / f"{package}.vib"
    subprocess.run([out / "bin" / "bundle", "build", "-o", bundle, folder / "descriptor.json",
                    folder / "tree"], check=True)
    return bundle


@pytest.fixture(scope="module", name="strace")
def strace_fixture(out, tmp_path_factory):
    return make_bundle(out, tmp_path_factory.mktemp("strace"), "strace")


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    yield vm
    vm.run("visorcli software bundle remove --name strace --force")
    vm.check("rm -f /tmp/*.vib")


def installed(machine):
    rows = json.loads(machine.check("visorcli --formatter=json software bundle list"))
    return {row["name"]: row for row in rows}


def test_install_use_remove(host, strace):
    host.put(strace, "/tmp/strace.vib")
    before = namespace(host)
    assert "strace" not in installed(host)

    host.check("visorcli software bundle install --bundle /tmp/strace.vib")
    assert installed(host)["strace"]["version"]
    assert "strace" in host.check("visorcli software bundle get --name strace")
    assert "execve(" in host.check("strace -f -e trace=execve true 2>&1")
    assert "strace" in host.check("visorcli system visorfs tardisk list")
    assert namespace(host) != before

    host.check("visorcli software bundle remove --name strace")
    assert host.run("strace -V").status == 127
    assert "strace" not in installed(host)
    assert namespace(host) == before


def test_remove_while_in_use_is_refused(host, strace):
    host.put(strace, "/tmp/strace.vib")
    host.check("visorcli software bundle install --bundle /tmp/strace.vib")
    host.check("strace -o /dev/null sleep 1000 > /dev/null 2>&1 &")
    wait_until(lambda: host.run("pidof strace").status == 0)
    refused = host.run("visorcli software bundle remove --name strace")
    assert refused.status != 0 and "strace" in refused.errors
    host.check("strace -V")
    end_all(host, "strace", "sleep")
    host.check("visorcli software bundle remove --name strace")


DAMAGES = {
    "flipped": lambda data: data[:-3000] + bytes([data[-3000] ^ 1]) + data[-2999:],
    "truncated": lambda data: data[:-5000],
    "empty": lambda data: b"",
    "no-bundle": lambda data: b"not a bundle at all\n" * 1000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_bundle_is_refused(host, strace, damage):
    host.put(DAMAGES[damage](strace.read_bytes()), "/tmp/bad.vib")
    before, disks = namespace(host), host.check("visorcli system visorfs tardisk list")
    refused = host.run("visorcli software bundle install --bundle /tmp/bad.vib")
    assert refused.status != 0
    assert "bad.vib" in refused.errors, refused.errors
    assert namespace(host) == before
    assert host.check("visorcli system visorfs tardisk list") == disks
    assert host.run("strace -V").status == 127


def test_too_little_memory_is_refused_before_anything_changes(start, out, strace):
    machine = start(memory=128)
    wait_hostd(machine)
    machine.put(strace, "/strace.vib")  # where room is reserved
    # All but a little of the memory is taken by a userworld that nobody may end.
    free = int(machine.check("awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo"))
    machine.check(f"cd /; /usr/lib/visoros/tests/membomb 200 {free - 10} > /bomb 2>&1 & "
                  "until grep -q holds /bomb; do sleep 0.1; done")
    before = machine.check("visorcli system visorfs tardisk list; find /usr | sort")
    refused = machine.run("visorcli software bundle install --bundle /strace.vib")
    assert refused.status != 0 and "memory" in refused.errors, refused
    assert machine.check("visorcli system visorfs tardisk list; find /usr | sort") == before
