# SPDX-License-Identifier: Apache-2.0
"""Boot media for vm.Machine: it starts from a stick, a disk, a CD or the network as real machines do."""

import functools
import http.server
import mmap
import shutil
import subprocess
import threading
from pathlib import Path

from bootcfg import SIGNATURE, BootCfg

FIRMWARE = Path("/usr/share/OVMF")
SECTOR = 512
# How QEMU attaches what is on drive "medium", which is a disk or a CD.
BUSES = {
    "usb": ["-device", "qemu-xhci,id=usb", "-device",
            "usb-storage,id=medium,bus=usb.0,drive=medium,removable=on,bootindex=0"],
    "sata": ["-device", "ide-hd,bus=ide.0,drive=medium,bootindex=0"],
    "nvme": ["-device", "nvme,serial=visoros,drive=medium,bootindex=0"],
    "virtio": ["-device", "virtio-blk-pci,drive=medium,bootindex=0"],
    # Behind a port of its own, so that it can be pulled out.
    "port": ["-device", "pcie-root-port,id=mediumport,chassis=2",
             "-device", "virtio-blk-pci,drive=medium,id=medium,bus=mediumport,bootindex=0"],
    "cdrom": ["-device", "ide-cd,bus=ide.0,drive=medium,bootindex=0"],
}


def firmware(kind, folder):
    """QEMU's options for a BIOS or UEFI firmware; the latter's variables are below a folder."""
    if kind == "bios":
        return ["-machine", "q35"]
    variables = Path(folder) / "variables.fd"
    shutil.copyfile(FIRMWARE / "OVMF_VARS_4M.fd", variables)
    flash = "if=pflash,format=raw"
    return ["-machine", "q35", "-drive", f"{flash},unit=0,readonly=on,file={FIRMWARE}/OVMF_CODE_4M.fd",
            "-drive", f"{flash},unit=1,file={variables}",
            "-boot", "menu=on,splash-time=0"]  # as wanted: no wait for somebody to press a key


def copy_sparse(source, target):
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", source, target], check=True)


def blocks(image):
    """(place, BootCfg) of each boot.cfg on an image of a disk or CD, wherever it lies."""
    with open(image, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = -1
        while (place := data.find(SIGNATURE.encode() + b"bootstate=", place + 1)) >= 0:
            if place % SECTOR == 0:
                yield place, BootCfg.parse(data[place:place + 2048].decode("ascii", "replace").split("\0")[0],
                                           f"{image}@{place}")


def change(image, place, cfg):
    """Writes a boot.cfg back to where it lies."""
    with open(image, "r+b") as file:
        file.seek(place)
        file.write(cfg.block())


def add_words(image, words):
    """More words for the command line of each boot.cfg on an image."""
    for place, cfg in list(blocks(image)):
        cfg["kernelopt"] = f"{cfg['kernelopt']} {words}"
        change(image, place, cfg)


class Medium:
    """An image that a machine starts from: bus as in BUSES, kind bios or uefi.

    The machine gets a copy with its words added, unless own: then the image is used as it is,
    and keeps what is written to it. log: a file that gets all writes and flushes in their order.
    """

    def __init__(self, image, bus="usb", kind="bios", own=False, log=None):
        self.image, self.bus, self.kind, self.own, self.log = Path(image), bus, kind, own, log

    def prepare(self, folder, words):
        if not self.own:
            copy = Path(folder) / "medium.img"
            copy_sparse(self.image, copy)
            add_words(copy, words)
            self.image = copy

    def options(self, folder):
        """For QEMU."""
        cdrom = ",media=cdrom,readonly=on" if self.bus == "cdrom" else ""
        drive = f"format=raw,file={self.image}{cdrom}"
        if self.log:
            Path(self.log).touch()
            drive = ("driver=blklogwrites,file.driver=raw,file.file.driver=file,"
                     f"file.file.filename={self.image},log.driver=file,log.filename={self.log}")
        return [*firmware(self.kind, folder), "-drive", f"if=none,id=medium,{drive}", *BUSES[self.bus]]


class Network:
    """A folder of "make pxe" that a machine starts from: file is what DHCP names as its boot file.

    It is fetched by TFTP, or by HTTP, which a BIOS's iPXE can.
    """

    ADDRESS = "10.0.3.2"  # of the server, as the machine sees it

    def __init__(self, folder, file, kind="bios", http=False):
        self.folder, self.file, self.kind, self.http = Path(folder), f"/{file}", kind, http

    def prepare(self, folder, words):
        copy = Path(folder) / "tftp"
        shutil.copytree(self.folder, copy)
        self.folder = copy
        add_words(copy / "boot.cfg", words)
        script = copy / "visoros.ipxe"
        script.write_text("".join(line + (f" {words}" if line.startswith("set options") else "") + "\n"
                                  for line in script.read_text().splitlines()))
        if self.http:
            handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(copy))
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.file = f"http://{self.ADDRESS}:{server.server_port}{self.file}"

    def options(self, folder):
        """For QEMU. The firmware and its ROM ask this card only; the host has it as its first one."""
        return [*firmware(self.kind, folder), "-netdev",
                f"user,id=boot,net=10.0.3.0/24,tftp={self.folder},bootfile={self.file}",
                "-device", "virtio-net-pci,netdev=boot,bootindex=0"]
