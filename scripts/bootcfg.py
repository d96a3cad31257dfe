#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""boot.cfg: what a boot loader loads, and in which order.

usage: bootcfg.py write FILE KEY=VALUE...    make the file
       bootcfg.py get FILE KEY               print a value; of modules: one a line

Keys: bootstate, updated, kernel, kernelopt, modules (separated by " --- "), build, sha256, self.
The first module is stage 0; the others are tardisks and, at the end, state.tgz. sha256 has the
digests of kernel and modules, self that of the text before it, with bootstate as 0; write adds them
if kernel and modules lie beside FILE.
What is written is a GRUB environment block, too: the boot loader reads it, and changes
bootstate in its place. Any file with these keys can be read.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

# The two that change come first: both are in the first sector.
KEYS = ("bootstate", "updated", "kernel", "kernelopt", "modules", "build", "sha256", "self")
SEPARATOR = " --- "
SIGNATURE = "# GRUB Environment Block\n"
BLOCK = 1024


def digest_of(text):
    """The digest of a text of which the state's digit counts as 0: that changes alone."""
    return hashlib.sha256(re.sub("(?m)^bootstate=.$", "bootstate=0", text).encode("ascii")).hexdigest()


class BootCfg(dict):
    """The keys of a boot.cfg as strings; modules is a list."""

    @classmethod
    def read(cls, path):
        return cls.parse(Path(path).read_text(encoding="utf-8"), path)

    @classmethod
    def parse(cls, text, path):
        """The keys of a text; path is for messages."""
        cfg = cls()
        for number, line in enumerate(text.splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            key, equals, value = line.partition("=")
            if not equals or key not in KEYS:
                raise ValueError(f"{path}: line {number}: unknown key in '{line}'")
            cfg[key] = value
        for key in ("kernel", "modules"):
            if not cfg.get(key):
                raise ValueError(f"{path}: no {key}=")
        cfg["modules"] = cfg["modules"].split(SEPARATOR)
        return cfg

    def block(self):
        """The file's content: a GRUB environment block, filled up with #."""
        text = SIGNATURE
        for key in KEYS:
            if key in ("sha256", "self") and key not in self:
                continue
            value = digest_of(text) if key == "self" else self.get(key, "")
            value = SEPARATOR.join(value) if isinstance(value, list) else value
            # A backslash is GRUB's own; a quote would end the options that its menu offers for editing.
            wrong = re.search(r"[^ -~]|[\\']", value)
            if wrong:
                raise ValueError(f"{key}={value}: {wrong.group()!r} cannot be in a boot.cfg")
            text += f"{key}={value}\n"
        return text.ljust(-(-len(text) // BLOCK) * BLOCK, "#").encode("ascii")

    def write(self, path):
        Path(path).write_bytes(self.block())

    def add_digests(self, folder):
        """Sets sha256, if kernel and modules are in a folder."""
        files = [Path(folder) / name for name in [self["kernel"], *self["modules"]]]
        if all(file.is_file() for file in files):
            self["self"] = ""  # of what is written
            self["sha256"] = " ".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)

    def command_line(self, extra=""):
        """The kernel's command line: kernelopt and what tells stage 0 the order."""
        modules = "visoros.modules=" + ",".join(self["modules"][1:])
        return " ".join(part for part in (self.get("kernelopt", ""), modules, extra) if part)


def join_modules(folder, modules, target):
    """Writes boot modules behind one another; each starts at a multiple of 4, as the kernel wants."""
    with open(target, "wb") as initrd:
        for name in modules:
            with open(Path(folder) / name, "rb") as module:
                shutil.copyfileobj(module, initrd)
            initrd.write(bytes(-initrd.tell() % 4))


def main(args):
    if args[:1] == ["--help"]:
        print(__doc__)
        return 0
    try:
        if args[:1] == ["write"] and len(args) > 2:
            cfg = BootCfg(arg.split("=", 1) for arg in args[2:])
            if not set(cfg) <= set(KEYS):
                raise ValueError(f"unknown keys {set(cfg) - set(KEYS)}")
            cfg["modules"] = cfg["modules"].split()
            cfg.add_digests(Path(args[1]).parent)
            cfg.write(args[1])
            return 0
        if args[:1] == ["get"] and len(args) == 3:
            value = BootCfg.read(args[1]).get(args[2], "")
            print("\n".join(value) if isinstance(value, list) else value)
            return 0
    except (OSError, ValueError) as error:
        print(f"bootcfg.py: {error}", file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
