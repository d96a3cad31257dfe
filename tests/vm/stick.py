# SPDX-License-Identifier: Apache-2.0
"""A disk with the partitions of a boot medium, for tests that need no loader: a sparse file."""

import subprocess
from pathlib import Path

BANK = "5e8c1f60-0000-4000-8000-00000000ba40"  # PARTUUID of VISOROS-BANK0
OTHER_BANK = "5e8c1f60-0000-4000-8000-00000000ba41"
STATE_TYPE = "6f0e8a52-4c1b-4f0a-9d0e-5649534f5253"
FAT_TYPE = "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7"
MIB = 1 << 20
STATE_AT, STATE_SIZE, SLOT = 4 * MIB, 8 * MIB, 256 << 10

APPEND = f"visoros.bank={BANK}"


def make(path, bank=BANK, other=OTHER_BANK):
    """Writes the image; a host finds its state there if it was started with APPEND."""
    with open(path, "wb") as image:
        image.truncate(32 * MIB)
    size = MIB // 512
    script = (f"label: gpt\n"
              f"start={4 * size}, size={8 * size}, type={STATE_TYPE}, name=VISOROS-STATE\n"
              f"start={12 * size}, size={8 * size}, type={FAT_TYPE}, uuid={bank}, name=VISOROS-BANK0\n"
              f"start={20 * size}, size={8 * size}, type={FAT_TYPE}, uuid={other}, name=VISOROS-BANK1\n")
    subprocess.run(["/sbin/sfdisk", "-q", path], input=script, text=True, check=True)
    return Path(path)


def generations(path):
    """{number: offset in the image} of the headers on it, right or not."""
    found = {}
    with open(path, "rb") as image:
        for slot in range(1, STATE_SIZE // SLOT):
            image.seek(STATE_AT + slot * SLOT)
            header = image.read(24)
            if header[:8] == b"VOSSTATE":
                found[int.from_bytes(header[16:24], "little")] = STATE_AT + slot * SLOT
    return found


def flip(path, offset):
    """Turns a bit of the image around."""
    with open(path, "r+b") as image:
        image.seek(offset)
        byte = image.read(1)[0]
        image.seek(offset)
        image.write(bytes([byte ^ 1]))
