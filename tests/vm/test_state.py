# SPDX-License-Identifier: Apache-2.0
"""State: what is changed in marked files comes back with a boot module, the rest does not."""

import shutil
import subprocess

from bootcfg import BootCfg

TOP = __file__.rsplit("/tests/", 1)[0]
PASSWORD = "correct horse 7"


def boot_with_state(boot, folder, state):
    """A boot folder with one more module: the state archive."""
    shutil.copytree(boot, folder)
    (folder / "state.raw").write_bytes(state)
    subprocess.run([f"{TOP}/images/mkcpio", folder / "state.tgz"], check=True, text=True,
                   input=f"file tardisks/state.tgz 0400 {folder}/state.raw\n")
    return folder


def modules(boot):
    return [*BootCfg.read(boot / "boot.cfg")["modules"], "state.tgz"]


def test_state_comes_back_and_the_rest_does_not(start, boot, tmp_path):
    first = start(memory=256)
    first.check("localcli system account password set --id root", data=PASSWORD.encode() + b"\n")
    first.check("localcli system hostname set --host kept && echo gone > /etc/other && echo gone > /root/file")
    assert "/etc/shadow" in first.check("localcli system state list")
    first.check("localcli system state backup --file /tmp/state.tgz")
    shadow, state = first.check("cat /etc/shadow"), first.get("/tmp/state.tgz")
    first.stop()

    folder = boot_with_state(boot, tmp_path / "boot", state)
    second = start(boot=folder, memory=256, modules=modules(folder))
    assert second.check("cat /etc/shadow") == shadow
    # The mark of state, and readable by root only.
    assert second.check("stat -c %a /etc/shadow") == "1600\n"
    assert second.check("hostname") == "kept\n"
    assert second.run("cat /etc/other /root/file").output == ""
    assert "/etc/shadow" in second.check("localcli system state list")


def test_damaged_state_does_not_keep_the_host_down(start, boot, tmp_path):
    folder = boot_with_state(boot, tmp_path / "boot", b"this is no archive")
    machine = start(boot=folder, memory=256, modules=modules(folder))
    assert machine.check("hostname") == "visoros\n"
    assert "state.tgz is damaged" in machine.check("dmesg")
