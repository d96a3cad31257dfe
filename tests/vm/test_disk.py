# SPDX-License-Identifier: Apache-2.0
"""The boot device is not needed once the host runs."""

import os
import shutil
import subprocess
import time

import pytest
from hosts import https_status, wait_hostd, wait_until
from vibs import archive, descriptor, write_tree


@pytest.fixture(name="disk")
def disk_fixture(tmp_path, boot, out):
    """A disk with a boot module on it, as a boot loader would have read it, and a bundle."""
    folder, path = tmp_path / "disk", tmp_path / "disk.img"
    folder.mkdir()
    shutil.copy(boot / "base.v00", folder)
    tree = write_tree(tmp_path / "tree", {"usr/lib/medium/file": ""})
    (tree / "usr/lib/medium/file").write_bytes(os.urandom(16 << 20))
    (folder / "medium.vib").write_bytes(archive(*descriptor(out, tree, name="medium")))
    subprocess.run(["mke2fs", "-q", "-t", "ext2", "-d", folder, path, "64M"], check=True)
    return path


def use(machine):
    """What a person does with a host: every part of it must be readable."""
    machine.check("find /usr -type f | xargs cat > /dev/null", timeout=300)
    machine.check("visorcli system version get")
    assert https_status(machine) == 200


def test_boots_without_a_disk(vm):
    wait_hostd(vm)
    assert vm.check("ls /sys/block").split() == []


def test_disk_pulled_while_running(start, disk):
    machine = start(disk=disk)
    wait_hostd(machine)
    assert "vda" in machine.check("ls /sys/block")
    # An install from it that is in its middle.
    machine.check("mkdir /tmp/disk; mount -o ro /dev/vda /tmp/disk; (localcli software bundle install"
                  " --bundle /tmp/disk/medium.vib > /tmp/said 2>&1; echo $? > /tmp/status) > /dev/null 2>&1 &")

    machine.check("""until [ "$(cat /sys/fs/visorfs/0/ramdisks/stage/used_bytes 2> /dev/null || echo 0)" -gt 1000000 ]
do :; done; kill -STOP $(pidof localcli)""", timeout=300)
    machine.pull_disk()
    assert "vda" not in machine.check("ls /sys/block")
    machine.check("echo 3 > /proc/sys/vm/drop_caches")
    machine.check("kill -CONT $(pidof localcli)")
    wait_until(lambda: machine.run("cat /tmp/status").output.strip(), timeout=300)
    said = machine.check("cat /tmp/said")
    assert machine.check("cat /tmp/status") != "0\n" and "Input/output error" in said, said
    assert "medium" not in machine.check("visorcli software bundle list; ls /sys/fs/visorfs/0/tardisks")
    assert machine.run("ls -d /var/stage /var/db/visoros/change.json").output == ""
    machine.check("umount -l /tmp/disk")
    use(machine)


@pytest.mark.slow
def test_ten_minutes_without_the_disk(start, disk):
    machine = start(disk=disk)
    wait_hostd(machine)
    machine.pull_disk()
    end = time.monotonic() + 600
    while time.monotonic() < end:
        machine.check("echo 3 > /proc/sys/vm/drop_caches")
        use(machine)
        time.sleep(5)
