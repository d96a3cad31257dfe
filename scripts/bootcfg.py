#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""boot.cfg: what a boot loader loads, and in which order.

usage: bootcfg.py write FILE KEY=VALUE...    make the file
       bootcfg.py get FILE KEY               print a value; of modules: one a line

Keys: kernel, kernelopt, modules (separated by " --- "), build, updated, bootstate.
The first module is stage 0; the others are tardisks and, at the end, state.tgz.
"""

import shutil
import sys
from pathlib import Path

KEYS = ("bootstate", "kernel", "kernelopt", "modules", "build", "updated")
SEPARATOR = " --- "


class BootCfg(dict):
    """The keys of a boot.cfg as strings; modules is a list."""

    @classmethod
    def read(cls, path):
        cfg = cls()
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
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

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            for key in KEYS:
                value = self.get(key, "")
                file.write(f"{key}={SEPARATOR.join(value) if isinstance(value, list) else value}\n")

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
