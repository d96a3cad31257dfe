#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The variables of a UEFI firmware for virtual machines (OVMF), as they stand in its flash.

usage: varstore.py list FILE
       varstore.py enroll FILE TEMPLATE KEYS
       varstore.py --help

list prints the variables that are set: name, attributes, bytes of data. enroll makes
FILE of TEMPLATE, an empty store, with PK.esl, KEK.esl and db.esl of the folder KEYS (made
by images/trust/mksecureboot) enrolled: the firmware then starts only what the key of db
signed. A real machine's variables are written by its firmware, see docs/trust.md.
"""

import struct
import sys
import uuid
from collections import namedtuple
from pathlib import Path

GLOBAL = uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
SECURITY = uuid.UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f")  # of db and dbx
STORE = uuid.UUID("aaf32c78-947b-439a-a180-2e144ec37792")  # a store of authenticated variables

NON_VOLATILE, BOOT, RUNTIME, AUTHENTICATED = 1, 2, 4, 0x20
VOLUME = struct.Struct("<16x16sQ4sIH6x")
HEADER = struct.Struct("<16sIBB6x")
VARIABLE = struct.Struct("<HBBIQ16sIII16s")
START, ADDED = 0x55AA, 0x3F

Variable = namedtuple("Variable", "name guid attributes data")


def padded(data, to=4):
    return data + b"\xff" * (-len(data) % to)


def load_option(title, path, arguments=""):
    """An EFI_LOAD_OPTION: a file of any medium, and what it gets as its command line."""
    name = path.encode("utf-16-le") + b"\0\0"
    device = struct.pack("<BBH", 4, 4, 4 + len(name)) + name + struct.pack("<BBH", 0x7F, 0xFF, 4)
    return (struct.pack("<IH", 1, len(device)) + title.encode("utf-16-le") + b"\0\0" + device +
            (arguments.encode("utf-16-le") + b"\0\0" if arguments else b""))


class VarStore:
    """The variables of a store. read() it, set() some, write() it."""

    def __init__(self, image):
        self.image = bytearray(image)
        _, length, magic, _, size = VOLUME.unpack_from(image)
        if magic != b"_FVH" or length > len(image):
            raise ValueError("no firmware volume")
        kind, self.size, form, state = HEADER.unpack_from(image, size)
        if kind != STORE.bytes_le or (form, state) != (0x5A, 0xFE):
            raise ValueError("no store of authenticated variables")
        self.start = size
        self.variables = list(self._parse())

    @classmethod
    def read(cls, path):
        with open(path, "rb") as file:
            try:
                return cls(file.read())
            except (ValueError, struct.error) as error:
                raise ValueError(f"{path}: {error}") from error

    def _parse(self):
        at, end = self.start + HEADER.size, self.start + self.size
        while at + VARIABLE.size <= end:
            start, state, _, attributes, _, _, _, names, length, guid = VARIABLE.unpack_from(self.image, at)
            if start != START:
                break
            name = bytes(self.image[at + VARIABLE.size:][:names])
            data = bytes(self.image[at + VARIABLE.size + names:][:length])
            if state in (ADDED, ADDED & 0xFE):
                yield Variable(name.decode("utf-16-le").rstrip("\0"), uuid.UUID(bytes_le=guid), attributes, data)
            at += VARIABLE.size + names + length
            at += -at % 4

    def set(self, name, data, guid=GLOBAL, attributes=NON_VOLATILE | BOOT | RUNTIME):
        """Sets a variable, in place of one of that name."""
        self.variables = [v for v in self.variables if (v.name, v.guid) != (name, guid)]
        self.variables.append(Variable(name, guid, attributes, data))

    def enroll(self, keys):
        """The firmware's keys, lists in a folder: from then on it asks for signatures."""
        for name, guid in (("db", SECURITY), ("KEK", GLOBAL), ("PK", GLOBAL)):
            self.set(name, (Path(keys) / f"{name}.esl").read_bytes(), guid,
                     NON_VOLATILE | BOOT | RUNTIME | AUTHENTICATED)

    def start_with(self, path, arguments="", title="VisorOS"):
        """What the firmware starts first, with a command line."""
        self.set("Boot0000", load_option(title, path, arguments))
        self.set("BootOrder", struct.pack("<H", 0))

    def bytes(self):
        body = b""
        for variable in self.variables:
            name = variable.name.encode("utf-16-le") + b"\0\0"
            body += padded(VARIABLE.pack(START, ADDED, 0, variable.attributes, 0, bytes(16), 0, len(name),
                                         len(variable.data), variable.guid.bytes_le) + name + variable.data)
        room = self.size - HEADER.size
        if len(body) > room:
            raise ValueError(f"the variables take {len(body)} bytes, the store has {room}")
        image = bytearray(self.image)
        first = self.start + HEADER.size
        image[first:first + room] = body.ljust(room, b"\xff")
        return bytes(image)

    def write(self, path):
        with open(path, "wb") as file:
            file.write(self.bytes())


def main(args):
    if args == ["--help"]:
        print(__doc__)
        return 0
    try:
        if args[:1] == ["list"] and len(args) == 2:
            for variable in VarStore.read(args[1]).variables:
                print(f"{variable.name} {variable.attributes:#x} {len(variable.data)}")
            return 0
        if args[:1] == ["enroll"] and len(args) == 4:
            store = VarStore.read(args[2])
            store.enroll(args[3])
            store.write(args[1])
            return 0
    except (OSError, ValueError) as error:
        print(f"varstore.py: {error}", file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
