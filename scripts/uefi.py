# SPDX-License-Identifier: Apache-2.0
"""UEFI firmware (OVMF) for vm.Machine: it starts an EFI program from a disk by itself."""

from pathlib import Path

from varstore import VarStore

FIRMWARE = Path("/usr/share/OVMF")
PROGRAM = "EFI/BOOT/BOOTX64.EFI"


class Uefi:
    """What a machine needs to start an EFI program.

    keys: folder with PK.esl, KEK.esl and db.esl, which are enrolled: Secure Boot is on.
    Without, it is off, and the firmware is in setup mode: whoever comes first enrolls.
    arguments: a command line that the firmware passes to the program. variables: a file
    to be used instead, and kept (what the guest enrolls, say).
    """

    def __init__(self, program, keys=None, arguments="", variables=None):
        self.program, self.keys, self.arguments, self.variables = Path(program), keys, arguments, variables

    def prepare(self, folder):
        """Makes the firmware's variables and a disk below a folder."""
        target = folder / "esp" / PROGRAM
        target.parent.mkdir(parents=True)
        target.symlink_to(self.program.resolve())
        self.variables = self.variables or folder / "variables.fd"
        if self.variables.exists():
            return
        store = VarStore.read(FIRMWARE / "OVMF_VARS_4M.fd")
        if self.keys:
            store.enroll(self.keys)
        store.start_with("\\" + PROGRAM.replace("/", "\\"), self.arguments)
        store.write(self.variables)

    def options(self, folder):
        """For QEMU. Variables can be written by the firmware alone, in system management mode."""
        flash = "if=pflash,format=raw"
        return ["-machine", "q35,smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on",
                "-drive", f"{flash},unit=0,readonly=on,file={FIRMWARE}/OVMF_CODE_4M.secboot.fd",
                "-drive", f"{flash},unit=1,file={self.variables}",
                "-boot", "menu=on,splash-time=0",  # as wanted: no wait for somebody to press a key
                "-drive", f"if=none,id=esp,format=raw,readonly=on,file=fat:{folder}/esp",
                "-device", "virtio-blk-pci,drive=esp"]
