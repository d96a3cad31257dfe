# SPDX-License-Identifier: Apache-2.0
"""The GUID partition table of an image: what it names, and how it fits a disk that is larger."""

import struct
import uuid
import zlib

SECTOR = 512
# Signature, revision, length, CRC, 0, this and the other header's place, first and last usable sector,
# GUID of the disk, place of the entries, number of them, size of one, their CRC.
HEADER = struct.Struct("<8sIIIIQQQQ16sQIII")
ENTRY = struct.Struct("<16s16sQQQ72s")


def parse(head):
    """Fields of the header and the bytes of all entries, from an image's beginning; ValueError."""
    fields = list(HEADER.unpack_from(head, SECTOR))
    if fields[0] != b"EFI PART":
        raise ValueError("it has no GUID partition table: is it an image of make usb?")
    start, size = fields[10] * SECTOR, fields[11] * fields[12]
    entries = head[start:start + size]
    if len(entries) != size or zlib.crc32(entries) != fields[13]:
        raise ValueError("its partition table is damaged")
    return fields, entries


def partitions(head):
    """name: (place, size) in bytes."""
    fields, entries = parse(head)
    found = {}
    for at in range(0, len(entries), fields[12]):
        _, _, first, last, _, name = ENTRY.unpack_from(entries, at)
        if last:
            found[name.decode("utf-16-le").rstrip("\0")] = (first * SECTOR, (last - first + 1) * SECTOR)
    return found


def header(fields, place, other, entries_at):
    fields = [*fields[:3], 0, 0, place, other, *fields[7:10], entries_at, *fields[11:]]
    fields[3] = zlib.crc32(HEADER.pack(*fields))
    return HEADER.pack(*fields).ljust(SECTOR, b"\0")


def renewed(head):
    """The beginning of an image with new GUIDs, random, for the disk and its partitions."""
    fields, entries = parse(head)
    entries = bytearray(entries)
    for at in range(0, len(entries), fields[12]):
        kind, _, *rest = ENTRY.unpack_from(entries, at)
        if any(kind):
            ENTRY.pack_into(entries, at, kind, uuid.uuid4().bytes_le, *rest)
    fields[9], fields[13] = uuid.uuid4().bytes_le, zlib.crc32(entries)
    head, start = bytearray(head), fields[10] * SECTOR
    head[start:start + len(entries)] = entries
    head[SECTOR:2 * SECTOR] = header(fields, 1, fields[6], fields[10])
    return bytes(head)


def fitted(head, disk_size):
    """(head, place, tail): the table for a disk of so many bytes. The tail is its backup at the end."""
    fields, entries = parse(head)
    last = disk_size // SECTOR - 1
    entry_sectors = -(-len(entries) // SECTOR)
    fields[8] = last - entry_sectors - 1
    head = bytearray(head)
    head[SECTOR:2 * SECTOR] = header(fields, 1, last, fields[10])
    # The protective entry of the master boot record covers the disk, too.
    struct.pack_into("<I", head, 446 + 12, min(last, 0xFFFFFFFF))
    tail = entries.ljust(entry_sectors * SECTOR, b"\0") + header(fields, last, 1, last - entry_sectors)
    return bytes(head), (last - entry_sectors) * SECTOR, tail
