# SPDX-License-Identifier: Apache-2.0
"""Media of the tests' own, made by the programs that make the real ones."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

from bootcfg import BootCfg
from conftest import BOOT, OUT, TOP
from media import SECTOR, blocks

TOOLS = TOP / "images/media"
SCRIPTS = [TOOLS / "grub" / f"{name}.cfg" for name in ("disk", "terminal", "banks", "load", "recovery")]
STARTED = "visorfs: loading out-of-tree module"  # each kernel says it once, on the console
# For a guest that a test talks to.
WORDS = "panic=-1 visoros.guest"


def run(tool, *args):
    subprocess.run([TOOLS / tool, *(str(arg) for arg in args)], check=True)


def make_fat(target, files, mib=4, label="VISOROS"):
    """files: pairs of a path in it and a file."""
    run("mkfat", target, mib * 1024, label, *(f"{path}={file}" for path, file in files))
    return target


def make_bank(target, state, updated, build, without=(), sums=False, mib=48):
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
    return make_fat(target, files, mib)


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



def read_bank(disk, bank):
    """All bytes of a bank."""
    place = partition(disk, 4 + bank)
    with open(disk, "rb") as file:
        file.seek(place["start"] * SECTOR)
        return file.read(place["size"] * SECTOR)


def write_bank(disk, bank, at, data):
    with open(disk, "r+b") as file:
        file.seek(partition(disk, 4 + bank)["start"] * SECTOR + at)
        file.write(data)


def digest_bank(disk, bank):
    return hashlib.sha256(read_bank(disk, bank)).hexdigest()


def make_module(folder, name, path, data):
    """A boot module with a tardisk that shadows one file."""
    (folder / name / path).parent.mkdir(parents=True)
    (folder / name / path).write_bytes(data)
    raw, module = folder / f"{name}.raw", folder / f"{name}.v00"
    subprocess.run([OUT / "bin/mktardisk", "--owner", "0:0", "-o", raw, folder / name], check=True)
    subprocess.run([TOP / "images/mkcpio", module], check=True, text=True,
                   input=f"file tardisks/{name}.v00 0400 {raw}\n")
    return module


def make_update(folder, build, words="", more=(), key=None):
    """What "make update" makes, of another build with more modules; key: whose certificate lies beside it."""
    image, target = folder / f"image-{build}", folder / f"{build}.vib"
    image.mkdir(parents=True)
    cfg = BootCfg.read(BOOT / "boot.cfg")
    for file in [*(BOOT / name for name in [cfg["kernel"], *cfg["modules"]]), *more]:
        (image / file.name).symlink_to(file)
    cfg["modules"] += [file.name for file in more]
    cfg.update(build=build, kernelopt=f"{cfg['kernelopt']} {WORDS} {words}".strip())
    cfg.write(image / "boot.cfg")
    key = key or TOP / "images/trust/development/private/certified.key"
    subprocess.run([TOOLS / "mkupdate", OUT / "bin/bundle", image / "boot.cfg", OUT / "images/visoros.json",
                    target, key, key.with_suffix(".crt")],
                   check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
    return target
