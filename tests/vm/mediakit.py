# SPDX-License-Identifier: Apache-2.0
"""Media of the tests' own, made by the programs that make the real ones."""

import json
import subprocess
from pathlib import Path

from bootcfg import BootCfg
from conftest import BOOT, TOP
from media import blocks

TOOLS = TOP / "images/media"
SCRIPTS = [TOOLS / "grub" / f"{name}.cfg" for name in ("disk", "terminal", "banks", "load", "recovery")]
# For a guest that a test talks to.
WORDS = "panic=-1 visoros.guest"


def run(tool, *args):
    subprocess.run([TOOLS / tool, *(str(arg) for arg in args)], check=True)


def make_fat(target, files, mib=4, label="VISOROS"):
    """files: pairs of a path in it and a file."""
    run("mkfat", target, mib * 1024, label, *(f"{path}={file}" for path, file in files))
    return target


def make_bank(target, state, updated, build, without=(), sums=False):
    """A bank with the image of this build; sums: and with the list that the loader checks it by."""
    cfg = BootCfg.read(BOOT / "boot.cfg")
    cfg.update(bootstate=str(state), updated=str(updated), build=build, kernelopt=f"{cfg['kernelopt']} {WORDS}")
    config = target.with_suffix(".cfg")
    cfg.write(config)
    names = [name for name in [cfg["kernel"], *cfg["modules"]] if name not in without]
    files = [("boot.cfg", config), *((name, BOOT / name) for name in names)]
    if sums:
        lines = [f"{digest}  {name}\n" for digest, name in zip(cfg["sha256"].split(), [cfg["kernel"], *cfg["modules"]])]
        files.append(("sha256.txt", target.with_suffix(".txt")))
        files[-1][1].write_text("".join(lines))
    return make_fat(target, files, 48)


def make_disk(folder, banks, timeout=3, scripts=None):
    """A disk with two banks, which are FAT images. The menu waits so many seconds."""
    config = folder / "config.cfg"
    config.write_text(f"set timeout={timeout}\nset serial_speed=115200\n")
    scripts = scripts or [*SCRIPTS, config]
    run("mkcore", "i386-pc", folder / "disk.core", *scripts)
    run("mkcore", "x86_64-efi", folder / "disk.efi", *scripts)
    esp = make_fat(folder / "disk.esp", [("EFI/BOOT/BOOTX64.EFI", folder / "disk.efi")], 16)
    disk = folder / "disk.img"
    run("mkdisk", disk, folder / "disk.core", esp, *banks)
    return disk


def partition(disk, number):
    """What sfdisk says of a partition: start and size in sectors, uuid, name."""
    text = subprocess.run(["sfdisk", "--json", disk], check=True, capture_output=True, text=True).stdout
    return json.loads(text)["partitiontable"]["partitions"][number - 1]


def partition_guid(disk, number):
    return partition(disk, number)["uuid"].lower()


def states(disk):
    """The state of each bank by its build, as it is on the disk."""
    return {cfg["build"]: int(cfg["bootstate"]) for _, cfg in blocks(disk)}


def unpack(disk, number, path, target):
    """Copies a folder out of a partition."""
    start = partition(disk, number)["start"]
    subprocess.run(["mcopy", "-s", "-n", "-i", f"{disk}@@{start * 512}", f"::{path}", target], check=True)
    return Path(target)

