# SPDX-License-Identifier: Apache-2.0
"""A TPM for machines, and what was measured in it."""

import hashlib
import subprocess
from pathlib import Path

from hosts import mounted, wait_until


class Tpm:
    """A TPM for a machine: what it must be started with."""

    def __init__(self, folder):
        self.socket = folder / "socket"
        self.process = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={folder}", "--ctrl",
             f"type=unixio,path={self.socket}", "--flags", "startup-clear"])
        wait_until(self.listens)
        self.options = ["-chardev", f"socket,id=tpm,path={self.socket}",
                        "-tpmdev", "emulator,id=tpm0,chardev=tpm", "-device", "tpm-tis,tpmdev=tpm0"]

    def listens(self):
        """swtpm listens: it makes the socket first"""
        rows = [line.split() for line in Path("/proc/net/unix").read_text(errors="replace").splitlines()]
        return any(row[-1] == str(self.socket) and row[3] == "00010000" for row in rows)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def pcr(machine, number):
    """A register of the bank for SHA-256."""
    return machine.check(f"cat /sys/class/tpm/tpm0/pcr-sha256/{number}").strip().lower()


def extended(digests):
    """What a register is after these, each 32 bytes."""
    value = bytes(32)
    for digest in digests:
        value = hashlib.sha256(value + digest).digest()
    return value.hex()


def _list(machine, name):
    return machine.check(f"cat {mounted(machine, 'securityfs', '/sys/kernel/security')}/ima/{name}").splitlines()


def list_digest(machine):
    """What PCR 10 must be after all that is in IMA's list."""
    return extended(bytes.fromhex(line.split()[1]) for line in
                    _list(machine, "ascii_runtime_measurements_sha256"))


def measured(machine):
    """What IMA's list says of tardisks, one text for each attach and detach."""
    lines = _list(machine, "ascii_runtime_measurements")
    return [bytes.fromhex(line.split()[-1]).decode() for line in lines if " tardisk " in line]
