# SPDX-License-Identifier: Apache-2.0
"""The layout of the keyboard is state: the host has it again after a restart."""

import stick
from hosts import vga_text, wait_until
from test_saver import boot


def test_layout_outlives_a_restart(start, tmp_path):
    disk = stick.make(tmp_path / "stick.img")
    machine = boot(start, disk)
    machine.check("localcli system settings keyboard layout set --layout=de && localcli system state save")
    machine.stop()
    machine = boot(start, disk)
    for keys, text in (([], "<F2>"), (["f2"], "Login name"), (["ret"], "Configure Password"),
                       (["end", "up", "up", "ret"], "Belgian"), (["t", "z", "y"], "yz")):
        machine.send_keys(*keys)
        wait_until(lambda text=text: text in vga_text(machine), timeout=300)
