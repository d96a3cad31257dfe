# SPDX-License-Identifier: Apache-2.0
"""An instance of visorfs for tests of ramdisks, with the tools to fill it."""

import re
import subprocess

DIR = "/tmp/rd"
TOOLS = "/tmp/rd-tools"
PAGE = 4096


def bring_tools(machine, out, folder, files):
    """The tools, and a tardisk t.v00 of {path: bytes}, in the guest."""
    for path, content in files.items():
        target = folder / "t" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    subprocess.run([out / "bin/mktardisk", "-o", folder / "t.v00", folder / "t"], check=True)
    machine.check(f"mkdir -p {TOOLS} {DIR}")
    machine.put(folder / "t.v00", f"{TOOLS}/t.v00")
    for tool in ("vfstool", "ramtool"):
        machine.put(out / "bin" / tool, f"{TOOLS}/{tool}", 0o755)


class Instance:
    """A mounted instance; with "with" it is unmounted at the end."""

    def __init__(self, machine, options="max=8m,inodes=1000"):
        self.machine = machine
        machine.check(f"mkdir -p {DIR} && mount -t visorfs -o {options} none {DIR}")
        self.sysfs = "/sys/fs/visorfs/" + max(machine.check("ls /sys/fs/visorfs").split(), key=int)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.machine.check(f"umount {DIR}")

    def sh(self, command, timeout=300):
        """A shell command in the directory that has to succeed; its output."""
        return self.machine.check(f"cd {DIR} && {{ {command}; }}", timeout=timeout)

    def fails(self, command):
        """Output of one that has to fail."""
        result = self.machine.run(f"cd {DIR} && {{ {command}; }}", timeout=300)
        assert result.status != 0, command
        return result.output + result.errors

    def tool(self, words, directory="."):
        """vfstool in a directory; has to succeed."""
        return self.sh(f"{TOOLS}/vfstool {directory} {words}")

    def ram(self, words):
        """ramtool; has to succeed."""
        return self.sh(f"{TOOLS}/ramtool {words}")

    def value(self, name, ramdisk="root"):
        """One number of a ramdisk."""
        return int(self.sh(f"cat {self.sysfs}/ramdisks/{ramdisk}/{name}"))

    def used(self, ramdisk="root"):
        """(pages, inodes) in use; bytes are whole pages."""
        pages, rest = divmod(self.value("used_bytes", ramdisk), PAGE)
        assert rest == 0
        return pages, self.value("used_inodes", ramdisk)

    def owners(self, ramdisk="root"):
        """{pool number: (bytes, inodes)}; together they are what the ramdisk counts."""
        rows = [list(map(int, line.split()))
                for line in self.sh(f"cat {self.sysfs}/ramdisks/{ramdisk}/owners").splitlines()]
        records = self.value("record_bytes", ramdisk)
        pages = (sum(row[1] for row in rows) - records) // PAGE
        assert (pages + -(-records // PAGE), sum(row[2] for row in rows)) == self.used(ramdisk)
        assert rows == sorted(rows, key=lambda row: -row[1])
        return {row[0]: (row[1], row[2]) for row in rows}

    def log(self, pattern):
        """Lines of the kernel's log since the last clear_log() that match."""
        return [line for line in self.machine.check("dmesg").splitlines()
                if re.search(pattern, line)]

    def clear_log(self):
        self.machine.check("dmesg -c > /dev/null")
