# SPDX-License-Identifier: Apache-2.0
"""Copies an image to a disk: what is used of it, with its partition table last, and reads it back."""

import contextlib
import fcntl
import os
import stat
import struct

import gpt

CHUNK = 1 << 20
FLUSH = 16 << 20  # bytes between flushes: or the progress shown is that of the memory
BLKRRPART, BLKFLSBUF = 0x125F, 0x1261


def fat_data(head):
    """Where the clusters of a FAT file system begin; all before them must be written."""
    sector, _, reserved, tables, roots, _, _, table = struct.unpack_from("<HBHBHHBH", head, 11)
    if sector not in (512, 1024, 2048, 4096) or head[510:512] != b"\x55\xaa":
        return None
    table = table or struct.unpack_from("<I", head, 36)[0]
    return (reserved + tables * table) * sector + roots * 32


class Image:
    """An image of make usb: size, used (bytes that are written), and its chunks.

    Empty chunks are left out where they are free clusters of a FAT file system, whatever the disk has there.
    Elsewhere, in the store of state for one, what is empty must become empty. GUIDs are new with each Image: two
    disks of one image can be told apart.
    """

    def __init__(self, path, everything=False):
        self.path, self.size = path, os.stat(path).st_size
        with open(path, "rb") as file:
            self.head = file.read(CHUNK)
            try:
                parts = gpt.partitions(self.head)
                self.head = gpt.renewed(self.head)
            except (ValueError, struct.error) as error:
                raise ValueError(f"{path}: {error}") from error
            self.free = [] if everything else list(self._free(file, parts))
            self.places = [place for place, data in self._all(file) if data.strip(b"\0") or not self._is_free(place)]
        self.used = len(self.places) * CHUNK - (-self.size % CHUNK if self.places[-1] + CHUNK > self.size else 0)

    @staticmethod
    def _free(file, parts):
        for place, size in parts.values():
            file.seek(place)
            data = fat_data(file.read(512))
            if data:
                yield place + data, place + size

    def _is_free(self, place):
        return any(start <= place and place + CHUNK <= end for start, end in self.free)

    @staticmethod
    def _all(file):
        file.seek(0)
        place = 0
        while data := file.read(CHUNK):
            yield place, data
            place += len(data)

    def chunks(self, size):
        """(place, bytes) for a disk of so many bytes; the one with the partition table is the last."""
        head, tail_at, tail = gpt.fitted(self.head, size)
        with open(self.path, "rb") as file:
            for place in self.places:
                if place:
                    file.seek(place)
                    yield place, file.read(CHUNK)[:tail_at - place]
        yield tail_at, tail
        yield 0, head


class Target:
    """A disk or file that is overwritten. The kernel refuses a disk that anything else uses."""

    def __init__(self, path):
        self.path = path
        self.block = stat.S_ISBLK(os.stat(path).st_mode)
        self.fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_EXCL if self.block else 0))
        self.size = os.lseek(self.fd, 0, os.SEEK_END)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def _put(self, place, data):
        while data:
            done = os.pwrite(self.fd, data, place)
            place, data = place + done, data[done:]

    def write(self, image, progress=lambda count: None):
        """Until the end the disk has no partition table: one that is half written starts nothing."""
        self._put(0, bytes(min(CHUNK, self.size)))
        os.fsync(self.fd)
        written = 0
        for place, data in image.chunks(self.size):
            if place == 0 or written >= FLUSH:
                os.fdatasync(self.fd)
                written = 0
            self._put(place, data)
            written += len(data)
            progress(len(data) if place < image.size else 0)
        os.fsync(self.fd)

    def verify(self, image, progress=lambda count: None):
        """Compares what the disk has, not what the kernel remembers of it; ValueError."""
        if self.block:
            fcntl.ioctl(self.fd, BLKFLSBUF)
        os.posix_fadvise(self.fd, 0, 0, os.POSIX_FADV_DONTNEED)
        for place, data in image.chunks(self.size):
            if os.pread(self.fd, len(data), place) != data:
                raise ValueError(f"{self.path} does not have at byte {place} what was written there: it is broken, or "
                                 "smaller than it says. Do not use it")
            progress(len(data) if place < image.size else 0)
        if self.block:
            with contextlib.suppress(OSError):  # it has no use for partitions, or learns of them later
                fcntl.ioctl(self.fd, BLKRRPART)
