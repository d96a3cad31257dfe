# SPDX-License-Identifier: Apache-2.0
"""Damage to a boot medium that is a file: where its parts lie, and what is broken in them."""

import struct
from dataclasses import dataclass

from media import SECTOR
from mediakit import partition

GPT_ENTRIES = 32  # sectors
STATE_SLOT, STATE_AGAIN = 256 << 10, 128 << 10  # where a generation may begin, and the second record is


@dataclass
class Fat:
    """Where the parts of a FAT file system lie, in bytes from the begin of the disk."""

    copies: list  # of the table: (at, size)
    root: tuple  # the root directory: (at, size)


class Map:
    """Where everything is on a disk; to be asked before anything is broken."""

    def __init__(self, disk):
        self.disk, self.size = disk, disk.stat().st_size
        self.parts = {number: partition(disk, number) for number in range(1, 6)}

    def at(self, number):
        """The first byte of a partition."""
        return self.parts[number]["start"] * SECTOR

    def read(self, at, size):
        with open(self.disk, "rb") as file:
            file.seek(at)
            return file.read(size)

    def fat(self, number):
        """As its boot sector says: FAT12, 16 (a root directory of its own) or 32 (a chain, of which the begin)."""
        start = self.at(number)
        sector = self.read(start, SECTOR)
        _, cluster, reserved, copies, entries = struct.unpack_from("<HBHBH", sector, 11)
        size = struct.unpack_from("<H", sector, 22)[0] or struct.unpack_from("<I", sector, 36)[0]
        first = start + reserved * SECTOR
        root = first + copies * size * SECTOR
        return Fat([(first + i * size * SECTOR, size * SECTOR) for i in range(copies)],
                   (root, entries * 32 or cluster * SECTOR))

    def file(self, number, path):
        """Where the bytes of a file of this build lie in a partition, in which each file is one piece: (at, size)."""
        wanted, start = path.read_bytes(), self.at(number)
        place = self.read(start, self.parts[number]["size"] * SECTOR).index(wanted)
        return start + place, len(wanted)

    def generations(self):
        """{number: where its header is} of all in the partition for state."""
        found, start = {}, self.at(3)
        for slot in range(1, self.parts[3]["size"] * SECTOR // STATE_SLOT):
            header = self.read(start + slot * STATE_SLOT, 24)
            if header[:8] == b"VOSSTATE":
                found[int.from_bytes(header[16:24], "little")] = start + slot * STATE_SLOT
        return found

    # (at, size) of what may be broken

    def primary(self):
        return SECTOR, (1 + GPT_ENTRIES) * SECTOR

    def backup(self):
        return self.size - (1 + GPT_ENTRIES) * SECTOR, (1 + GPT_ENTRIES) * SECTOR


def garbage(disk, *places):
    """Bytes that make no sense, at each (at, size)."""
    with open(disk, "r+b") as file:
        for at, size in places:
            file.seek(at)
            file.write(b"\xb6\x6d\xdb" * (size // 3) + b"\xb6" * (size % 3))


def zeros(disk, *places):
    with open(disk, "r+b") as file:
        for at, size in places:
            file.seek(at)
            file.write(bytes(size))


def flip(disk, at):
    """Turns one bit around."""
    with open(disk, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 8]))
