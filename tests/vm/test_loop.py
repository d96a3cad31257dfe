# SPDX-License-Identifier: Apache-2.0
"""File systems in files of visorfs: loop devices over tardisks, changed files and ramdisks."""

import lzma
import random
import subprocess

import pytest
from hosts import needs
from test_visorfs import Mounted, fill, make_tardisk

HERE = "/tmp/loop"
DIR = "/tmp/loop/fs"
MNT = "/tmp/loop/mnt"
MODULES = {"loop": "drivers/block/loop.ko", "squashfs": "fs/squashfs/squashfs.ko"}
EXT4 = 16 << 20


def make_images(folder, dice):
    """A squashfs and an ext4 with the same content."""
    fill(folder / "content", {"noise": dice.randbytes(900_000), "text": b"text\n" * 50_000,
                              "dir/small": b"small\n"})
    images = folder / "images"
    images.mkdir()
    subprocess.run(["mksquashfs", folder / "content", images / "squashfs", "-quiet", "-no-progress",
                    "-comp", "zstd"], check=True, stdout=subprocess.DEVNULL)
    with open(images / "ext4", "wb") as image:
        image.truncate(EXT4)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-b", "4096", "-O", "^has_journal", "-d",
                    folder / "content", images / "ext4"], check=True)


def bring_module(vm, out, name):
    """Loads a module that the image does not have."""
    vm.put(lzma.open(out / f"vmkernel/modules/kernel/{MODULES[name]}.xz").read(), f"/tmp/{name}.ko")
    vm.check(f"insmod /tmp/{name}.ko && rm /tmp/{name}.ko")


@pytest.fixture(scope="module", name="host")
def host_fixture(vm, out, tmp_path_factory):
    """The tardisk of images, tools and drivers in the guest."""
    needs(out, "CONFIG_BLK_DEV_LOOP", "CONFIG_SQUASHFS_ZSTD", "CONFIG_EXT4_FS")
    folder = tmp_path_factory.mktemp("loop")
    make_images(folder, random.Random(9))
    vm.check(f"mkdir -p {DIR} {MNT}")
    vm.put(make_tardisk(out, folder, "images"), f"{HERE}/images.v00")
    for tool in ("vfstool", "reach"):
        vm.put(out / "bin" / tool, f"{HERE}/{tool}", 0o755)
    for name in MODULES:
        bring_module(vm, out, name)
    yield vm
    vm.check(f"rmmod squashfs loop; rm -r {HERE}")


class Images(Mounted):
    """The instance, and what is mounted from it."""

    def tool(self, *words):
        return self.vm.run(f"{HERE}/vfstool {DIR} {' '.join(words)}", timeout=120)

    def sh(self, command):
        return self.vm.check(f"cd {DIR} && {{ {command}; }}", timeout=240)

    def mount(self, name, options="ro"):
        """Mounts an image with a loop device."""
        self.vm.check(f"mount -o loop,{options} -t {name.rsplit('-')[-1]} {DIR}/{name} {MNT}")

    def umount(self):
        self.vm.check(f"umount {MNT}")

    def sums(self, wanted="noise text dir/small"):
        """Of what is mounted, nothing of it cached."""
        return self.vm.check(f"echo 3 > /proc/sys/vm/drop_caches; cd {MNT} && sha256sum {wanted}",
                             timeout=240)

    def charged(self, name):
        """Bytes that an image costs its ramdisk."""
        return int(self.tool("provider", f"{DIR}/{name}").output.rsplit("charged=")[1])


@pytest.fixture(name="fs", params=["tardisk", "packed"])
def fs_fixture(host, request):
    """An instance with the images, resident and compressed; it is sound afterwards."""
    host.check(f"mount -t visorfs -o max=32m,{request.param}={HERE}/images.v00 none {DIR}")
    fs = Images(host)
    yield fs
    host.run(f"umount {MNT}")
    checked = fs.tool("check")
    host.check(f"umount {DIR}")
    assert checked.status == 0, checked


@pytest.fixture(scope="module", name="wanted")
def wanted_fixture(host):
    """What both file systems hold, as the plainest way to read it says."""
    host.check(f"mount -t visorfs -o tardisk={HERE}/images.v00 none {DIR} && cp {DIR}/squashfs {HERE}/s "
               f"&& umount {DIR} && mount -o loop,ro -t squashfs {HERE}/s {MNT}")
    sums = host.check(f"cd {MNT} && sha256sum noise text dir/small")
    host.check(f"umount {MNT} && rm {HERE}/s")
    return sums


@pytest.mark.parametrize("name", ["squashfs", "ext4"])
def test_images_of_a_tardisk(fs, wanted, name):
    fs.mount(name)
    assert fs.sums() == wanted
    result = fs.tool("switch", "-images.v00")
    assert result.status == 5 and f"/{name} is in use by" in result.errors
    fs.switch("force", "-images.v00")
    assert fs.sh("find .") == ".\n"
    assert fs.sums() == wanted
    fs.umount()
    assert fs.used() == (0, 0)


def test_image_of_a_tardisk_is_written(fs, wanted):
    """Only what changes costs, and what was shipped stays."""
    shipped = fs.sh("sha256sum < ext4")
    fs.mount("ext4", "rw")
    fs.vm.check(f"head -c 300000 {MNT}/noise > {MNT}/new && rm -r {MNT}/dir && sync {MNT}/new")
    assert 300_000 < fs.charged("ext4") < 1_000_000
    new = fs.sums("new noise text")
    fs.umount()
    fs.mount("ext4")
    assert fs.sums("new noise text") == new and wanted.splitlines()[0] in new
    fs.umount()
    assert fs.sh(f"{HERE}/vfstool . shipped ext4 0 | sha256sum") == shipped
    fs.switch("discard", "-images.v00")
    assert fs.used() == (0, 0)


def test_image_on_a_ramdisk(fs, wanted):
    """Written and trimmed: what the image gives back, the ramdisk has again."""
    fs.sh("cp ext4 my-ext4")
    fs.mount("my-ext4", "rw,discard")
    fs.vm.check(f"cp {MNT}/noise {MNT}/more && sync")
    assert fs.sums() == wanted
    full = fs.charged("my-ext4")
    fs.vm.check(f"rm {MNT}/more && sync && fstrim {MNT}")
    fs.umount()
    assert fs.charged("my-ext4") <= full - 900_000
    fs.mount("my-ext4")
    assert fs.sums() == wanted
    fs.umount()


def test_image_that_outgrows_its_ramdisk(fs):
    """A write that finds no room is an error of the device, and nobody's end."""
    fs.vm.check(f"mount -o remount,max=4m {DIR}")
    fs.mount("ext4", "rw,errors=continue")
    fs.vm.run(f"dd if=/dev/zero of={MNT}/fill bs=1M count=8 2>/dev/null; sync", timeout=120)
    assert fs.used() == (4 << 20, 1)
    assert "ramdisk root is full (4096 KiB): cannot extend /ext4 for " in fs.vm.check("dmesg")
    fs.umount()
    fs.switch("discard", "-images.v00")
    assert fs.used() == (0, 0)


def test_devices_and_mappings_without_copies(fs):
    """A device reads from a mapping and writes into one: O_DIRECT, with our pages."""
    fs.sh("cp ext4 my-ext4")
    device = fs.vm.check("losetup -f").strip()
    fs.vm.check(f"losetup {device} {DIR}/my-ext4")
    try:
        before = fs.charged("squashfs")
        assert fs.sh(f"{HERE}/reach direct squashfs {device}") == "alike\n"
        assert fs.charged("squashfs") - before == 65536
    finally:
        fs.vm.check(f"losetup -d {device}")
