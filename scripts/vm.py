# SPDX-License-Identifier: Apache-2.0
"""The virtual machine that everything here boots in: make run, make guest, tests.

A Machine boots what boot.cfg says, as a boot loader would: the kernel, and all
modules in order as one initrd. Standard library only.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import namedtuple
from pathlib import Path

from bootcfg import BootCfg, join_modules
from guestlink import STDERR, STDOUT, GuestLink
from qmp import Qmp

Result = namedtuple("Result", "status output errors")


class BootFailure(Exception):
    """The machine stopped, or did not come up in time; str() has the end of its console."""


def reserve_port():
    """A socket that keeps a free port: while it is open nobody gets the port by chance.

    Who asks for it by its number, and for an address that may be used again, can listen on it, as QEMU does.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder


def free_port():
    """A port that is free now; somebody else may have it a moment later."""
    with reserve_port() as holder:
        return holder.getsockname()[1]


class Machine:
    """One QEMU. Use as a context manager, or call start() and stop().

    memory in MB, disk: path of a raw or qcow2 image that becomes a removable virtio
    disk, modules: names instead of those of boot.cfg, terminal: the console is on
    this terminal instead of a pipe, uefi: a uefi.Uefi that starts an EFI program, which
    has its own kernel, modules and command line; medium: a media.Medium (or media.Network) to
    start from, with its loader. The console's output is in console_log.
    """

    def __init__(self, boot, memory=512, smp=1, append="", disk=None, modules=None,
                 guest=True, terminal=False, accel=None, network=True, uefi=None, medium=None,
                 options=()):
        self.boot = Path(boot)
        self.cfg = BootCfg.read(self.boot / "boot.cfg")
        if modules is not None:
            self.cfg["modules"] = modules
        self.memory, self.smp, self.disk = int(memory), int(smp), disk
        # While this machine lets QEMU wait, the kernel takes a timer that is late for a broken one, and panics.
        self.append = f"panic=-1 no_timer_check {'visoros.guest ' if guest else ''}{append}".strip()
        self.guest, self.terminal, self.network = guest, terminal, network
        self.uefi, self.medium = uefi, medium
        self.accel = accel or os.environ.get("ACCEL") or "tcg"
        self.options = list(options)
        self.folder = Path(tempfile.mkdtemp(prefix="visoros-vm-"))
        self.console_log = self.folder / "console.out"
        self.reserved = reserve_port() if network else None
        self.port = self.reserved.getsockname()[1] if network else None
        self.process = self.qmp = self.link = None
        self.plugged = 0  # disks that were put back

    # Life and death

    def _arguments(self):
        accel = self.accel
        if accel == "tcg" and self.smp > 1:
            # Several TCG threads race with the kernel patching its own code (docs/testing.md).
            accel = "tcg,thread=single"
        cpu = "host" if self.accel == "kvm" else "max"
        serial = "mon:stdio" if self.terminal else "chardev:console"
        # A monitor that is connected to while it is being made may greet twice, and forget between that
        # it was talked to: QEMU waits for its client. It says so, which is not for a terminal.
        wait = "off" if self.terminal else "on"
        args = [
            "qemu-system-x86_64", "-name", "visoros", "-accel", accel, "-cpu", cpu,
            "-smp", str(self.smp), "-m", str(self.memory), "-nodefaults", "-no-reboot",
            "-display", "none", "-vga", "std",
            "-chardev", f"socket,id=qmp,path={self.folder}/qmp,server=on,wait={wait}",
            "-mon", "chardev=qmp,mode=control", "-serial", serial,
            "-device", "virtio-rng-pci", "-device", "virtio-balloon-pci",
        ]
        if self.medium:
            args += self.medium.options(self.folder)
        elif self.uefi:
            args += self.uefi.options(self.folder)
        else:
            args += ["-machine", "q35", "-kernel", str(self.boot / self.cfg["kernel"]),
                     "-initrd", str(self.folder / "initrd"), "-append", self.cfg.command_line(self.append)]
        if not self.terminal:
            args += ["-chardev", f"pipe,id=console,path={self.folder}/console"]
        if self.network:
            args += ["-netdev", f"user,id=net0,hostfwd=tcp:127.0.0.1:{self.port}-:443",
                     "-device", "virtio-net-pci,netdev=net0,romfile="]
        if self.guest:
            args += ["-chardev", f"socket,id=guest,path={self.folder}/guest,server=on,wait=off",
                     "-device", "virtio-serial-pci",
                     "-device", "virtserialport,chardev=guest,name=org.visoros.guest.0"]
        if self.disk:
            form = "qcow2" if str(self.disk).endswith(".qcow2") else "raw"
            # Behind a port of its own, so that it can be pulled out.
            args += ["-drive", f"if=none,id=disk0,file={self.disk},format={form}",
                     "-device", "pcie-root-port,id=port0,chassis=1",
                     "-device", "virtio-blk-pci,drive=disk0,id=disk,bus=port0"]
        return args + self.options

    def start(self):
        if self.medium:
            self.medium.prepare(self.folder, self.append)
        elif self.uefi:
            self.uefi.prepare(self.folder)
        else:
            join_modules(self.boot, self.cfg["modules"], self.folder / "initrd")
        # A file takes all at once. What a slow reader of a socket makes QEMU say again would be in
        # its log twice.
        os.mkfifo(self.folder / "console.in")
        self.console_log.touch()
        errors = None if self.terminal else open(self.folder / "qemu.log", "wb")
        stdin = None if self.terminal else subprocess.DEVNULL
        # Its own session, so that Ctrl-C at a test run does not reach it before stop().
        self.process = subprocess.Popen(self._arguments(), stdin=stdin, stderr=errors,
                                        stdout=errors, start_new_session=not self.terminal)
        self._wait_for(lambda: (self.folder / "qmp").exists(), 60, "QEMU did not start")
        self.qmp = Qmp(str(self.folder / "qmp"))
        if self.guest:
            self.link = GuestLink(str(self.folder / "guest"))
        return self

    def stop(self):
        """Ends the machine at once and removes its folder."""
        for end in (self.qmp, self.link, self.reserved):
            if end:
                end.close()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self.process:
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    # Waiting

    def console(self):
        """What the console has shown so far."""
        try:
            return self.console_log.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def failure(self, why):
        log = self.folder / "qemu.log"
        said = log.read_text(errors="replace").strip() if log.exists() else ""
        tail = "\n".join(self.console().splitlines()[-25:])
        return BootFailure(f"{why}\n{said}\n--- end of the console ---\n{tail}")

    def check_alive(self):
        if self.process.poll() is not None:
            raise self.failure(f"the machine stopped (QEMU's exit status {self.process.returncode})")

    def _wait_for(self, condition, timeout, why):
        end = time.monotonic() + timeout
        while not condition():
            self.check_alive()
            if time.monotonic() > end:
                raise self.failure(f"{why} within {timeout} s")
            time.sleep(0.05)

    def wait_console(self, text, timeout=300):
        """Waits until the console has shown a text."""
        self._wait_for(lambda: text in self.console(), timeout, f"the console did not show '{text}'")

    def wait_guest(self, timeout=300):
        """Waits until commands can be run."""
        try:
            self.link.wait(timeout, self.check_alive)
        except OSError as error:
            raise self.failure(f"no guest: {error}") from error
        except Exception as error:
            if isinstance(error, BootFailure):
                raise
            raise self.failure(f"the guest's agent did not answer within {timeout} s") from error
        return self

    def wait_end(self, timeout=300):
        """Waits until the machine has switched itself off."""
        self.process.wait(timeout)

    # Commands and files

    def run(self, command, data=b"", timeout=180):
        """Runs a shell command as root: Result(status, output, errors), texts."""
        parts = {STDOUT: [], STDERR: []}
        status = self.link.run(command, data, timeout, lambda kind, text: parts[kind].append(text))
        output, errors = (b"".join(parts[kind]).decode(errors="replace") for kind in (STDOUT, STDERR))
        return Result(status, output, errors)

    def check(self, command, data=b"", timeout=180):
        """Runs a command that has to succeed and returns its output."""
        result = self.run(command, data, timeout)
        if result.status:
            raise AssertionError(f"status {result.status} of: {command}\n{result.output}{result.errors}")
        return result.output

    def put(self, source, path, mode=0o644):
        """Writes a file of the guest: source is bytes, or a path on this machine."""
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        self.check(f"cat > '{path}' && chmod {mode:o} '{path}'", data)

    def get(self, path):
        """The bytes of a file of the guest."""
        parts = []
        status = self.link.run(f"cat '{path}'", output=lambda kind, text: parts.append(text))
        if status:
            raise FileNotFoundError(path)
        return b"".join(parts)

    # The machine's devices

    def screendump(self, path):
        """Writes the VGA screen as a PNG file."""
        self.qmp.command("screendump", filename=str(path), format="png")

    def send_keys(self, *keys):
        """Presses keys of the VGA console one after the other: "f2", "ret", "a", "shift-a"."""
        for key in keys:
            codes = [{"type": "qcode", "data": part} for part in key.split("-")]
            self.qmp.command("send-key", keys=codes)
            time.sleep(0.15)

    def type_console(self, data):
        """Sends bytes to the serial console. What it answers is in the log."""
        line = os.open(self.folder / "console.in", os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(line, data)
        finally:
            os.close(line)

    def pull_disk(self, timeout=180):
        """Takes the disk out of the running machine."""
        self.qmp.command("device_del", id="disk")
        self.qmp.wait_event("DEVICE_DELETED", timeout)

    def plug_disk(self, path=None):
        """Puts the disk back, or another one in its place: a raw image."""
        self.plugged += 1
        self.qmp.command("blockdev-add", driver="raw", node_name=f"plugged{self.plugged}",
                         file={"driver": "file", "filename": str(path or self.disk)})
        self.qmp.command("device_add", driver="virtio-blk-pci", drive=f"plugged{self.plugged}",
                         id="disk", bus="port0")

    def cut_power(self):
        """Ends the machine as a cut of its power does: nothing is written any more."""
        self.process.kill()
        self.process.wait()
        self.stop()
