# SPDX-License-Identifier: Apache-2.0
"""A guest with the content of one disk, and what was measured in it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

# pylint: disable=wrong-import-position
from vm import Machine  # noqa: E402

# Later than all content: relatime updates what was read before it was written at each reading.
ICOUNT = ["-icount", "shift=0,sleep=off", "-rtc", "base=2034-01-01,clock=vm"]
TOP = "/mnt"  # a tmpfs: images and tools
DIR = f"{TOP}/fs"
SETTLE = 6  # s after boot until the kernel's own work is done; costs nothing on a counting clock
TIMEOUT = 1800
MODULES = ("libcrc32c", "loop", "squashfs", "erofs", "overlay")


class Guest:
    """Use as a context manager.

    disk: OUT/bench/DISK.tar. counting: the clock counts instructions, on one processor;
    otherwise smp processors, each emulated by a thread of its own, and a clock that
    shows this machine's time.
    """

    def __init__(self, out, disk, counting=True, smp=1, memory=2048, options=()):
        self.out = Path(out)
        # Several guests may have the same disk: what they write to it is dropped.
        options = ["-snapshot", *(ICOUNT if counting else []), *options]
        self.machine = Machine(
            self.out / "boot", memory=memory, smp=smp, append="nokaslr norandmaps tsc=reliable",
            accel="tcg,thread=single" if counting or smp == 1 else "tcg,thread=multi",
            disk=self.out / f"bench/{disk}.tar", network=False, options=options)
        self.rows = {}
        self.memory = {}
        self.title = f"{disk}{'' if counting else f', {smp} cpu'}"

    def __enter__(self):
        try:
            self.machine.start()
            self._prepare()
        except BaseException:
            self.machine.stop()
            raise
        return self

    def __exit__(self, *_):
        self.machine.stop()

    def _prepare(self):
        """Unpacks the content from the disk and loads the modules."""
        vm = self.machine
        vm.wait_guest(TIMEOUT)
        vm.check(f"sleep {SETTLE}; until [ -b /dev/vda ]; do sleep 1; done", timeout=TIMEOUT)
        vm.check(f"mount -t tmpfs -o size=90% none {TOP}")
        vm.check(f"mkdir -p {DIR} && tar -xf /dev/vda -C {TOP} && touch {TOP}/big", timeout=TIMEOUT)
        vm.put(self.out / "bin/fsbench", f"{TOP}/fsbench", 0o755)
        for module in MODULES:
            vm.check(f"grep -q '^{module} ' /proc/modules || insmod {TOP}/modules/{module}.ko")

    def sh(self, command):
        """A shell command in the folder of images; its output."""
        return self.machine.check(f"cd {TOP} && {command}", timeout=TIMEOUT)

    def can(self, command):
        """Whether a shell command succeeds."""
        return self.machine.run(f"cd {TOP} && {command}", timeout=TIMEOUT).status == 0

    def note(self, peer, output):
        """Takes over what fsbench printed; of several runs of a row the best, as noise only adds."""
        for line in output.splitlines():
            label, items, instructions = line.split()
            figure = {"items": int(items), "instructions": int(instructions)}
            best = self.rows.setdefault(label, {}).setdefault(peer, figure)
            if figure["instructions"] < best["instructions"]:
                best.update(figure)
            self.say(f"{peer:14} {label:16} {int(instructions) / int(items):12.0f}")

    def say(self, text):
        print(f"  BENCH    [{self.title}] {text}", flush=True)

    def rest(self):
        """Lets the guest finish what it does in the background."""
        self.sh("sync; sleep 2")

    def drop(self):
        self.sh("sync; echo 3 > /proc/sys/vm/drop_caches; sleep 1")

    def fsbench(self, peer, *rows, files="list"):
        """Rows of fsbench in DIR."""
        self.note(peer, self.sh(f"./fsbench -b \"$(cat big)\" {DIR} {files} {' '.join(rows)}"))

    def used(self):
        """Bytes in use, caches included, but for a constant: only differences mean something."""
        free = "s/MemFree: *\\([0-9]*\\) kB/\\1/p"
        kilobytes = int(self.sh(f"sed -n '{free}' /proc/meminfo"))
        # Pages that processors keep to hand are free, but MemFree does not count them.
        pages = self.sh("sed -n 's/^ *count: *//p' /proc/zoneinfo").split()
        return -1024 * kilobytes - 4096 * sum(map(int, pages))

    def attach(self, peer, command, label="attach"):
        """Runs a command that makes the content readable, and opens one file."""
        self.sh(f"mkdir -p {DIR}")
        self.rest()
        script = f"{command}; read -r line < {DIR}/$(head -n 1 list) || true"
        self.note(peer, self.sh(f"./fsbench -c {label} sh -ec '{script}'"))

    def detach(self, command=f"umount {DIR}"):
        self.sh(command)
        self.drop()
