# SPDX-License-Identifier: Apache-2.0
"""From the boot modules to a host that runs from memory alone."""

import re
import shutil

import pytest
from bootcfg import BootCfg
from hosts import wait_hostd

IMAGE_LIMIT = 40_000_000  # bytes, kernel included


def test_image_size(boot):
    cfg = BootCfg.read(boot / "boot.cfg")
    size = sum((boot / name).stat().st_size for name in [cfg["kernel"], *cfg["modules"]])
    assert size <= IMAGE_LIMIT


def test_root_is_visorfs(vm):
    assert re.search(r"^\S+ / visorfs ", vm.check("cat /proc/mounts"), re.MULTILINE)


def test_no_block_devices_behind_mounts(vm):
    kinds = {line.split()[2] for line in vm.check("cat /proc/mounts").splitlines()}
    assert not kinds & {"squashfs", "overlay", "ext4", "vfat", "iso9660", "rootfs", "tmpfs"}
    assert "loop" not in vm.check("cat /proc/mounts")


def regular_file_devices(vm):
    """(device, path) of everything that a process runs, maps or holds open as a regular file."""
    maps = vm.check("cat /proc/[0-9]*/maps 2>/dev/null || true")
    for line in maps.splitlines():
        fields = line.split(None, 5)
        if len(fields) == 6 and fields[4] != "0":
            major, minor = (int(part, 16) for part in fields[3].split(":"))
            yield (major << 8) | minor, fields[5]
    opened = vm.check("for f in /proc/[0-9]*/exe /proc/[0-9]*/fd/*; do "
                      "[ -f \"$f\" ] && stat -L -c '%d %n' \"$f\"; done 2>/dev/null; true")
    for line in opened.splitlines():
        device, path = line.split(None, 1)
        yield int(device), path


def test_nothing_runs_from_initramfs_or_a_disk(vm):
    root = int(vm.check("stat -c %d /"))
    virtual = {int(vm.check(f"stat -c %d {path}")) for path in ("/proc", "/sys", "/sys/fs/cgroup")}
    seen = list(regular_file_devices(vm))
    assert sum(device == root for device, _ in seen) > 20
    assert {(device, path) for device, path in seen if device != root and device not in virtual
            and "memfd:" not in path and "/dev/zero" not in path} == set()


def test_file_content_survives_drop_caches(vm):
    before = vm.check("find /usr/bin /usr/sbin /usr/lib -type f | sort | xargs sha256sum")
    vm.check("echo kept > /root/kept; sync; echo 3 > /proc/sys/vm/drop_caches; "
             "echo 1 > /proc/sys/vm/compact_memory")
    assert vm.check("find /usr/bin /usr/sbin /usr/lib -type f | sort | xargs sha256sum") == before
    assert vm.check("cat /root/kept; rm /root/kept") == "kept\n"


def test_boots_with_128_mb(start):
    machine = start(memory=128)
    wait_hostd(machine)
    assert machine.run("visorcli system version get").status == 0


def damaged_copy(boot, folder, name, change):
    """A boot folder in which one module was changed."""
    shutil.copytree(boot, folder)
    data = bytearray((folder / name).read_bytes())
    (folder / name).write_bytes(change(data))
    return folder


@pytest.mark.parametrize("name", ["base.v00", "drivers.v00"])
def test_missing_module_is_named(start, boot, name):
    modules = [module for module in BootCfg.read(boot / "boot.cfg")["modules"] if module != name]
    machine = start(wait=False, modules=modules, append="visoros.modules=base.v00,drivers.v00")
    machine.wait_console(f"Boot module {name} is missing")
    machine.wait_console("Press ENTER for a rescue shell")


def test_damaged_module_is_named(start, boot, tmp_path):
    def flip(data):
        data[len(data) // 2] ^= 0x10
        return data

    folder = damaged_copy(boot, tmp_path / "boot", "drivers.v00", flip)
    machine = start(boot=folder, wait=False)
    machine.wait_console("Boot module drivers.v00 cannot be attached")
    machine.wait_console("visorfs: drivers.v00")
