# SPDX-License-Identifier: Apache-2.0
"""The welcome text, typed at the console."""

from consolekit import ENTER, ESCAPE, HOME, Serial
from hosts import wait_hostd

F10, EMPTY = b"\x1b[21~", b"\x15"


def test_welcome_text_is_typed_at_the_console(vm):
    wait_hostd(vm)
    vm.check("dmesg -n 1")
    console = Serial(vm)
    console.log_in()
    console.open("Welcome Text", "0 of 2048 bytes")
    console.press(b"Rack 7 of {hostname}\rManage it: {url} {nonsense}", "Rack 7 of visoros", "https://10.0.2.15/ {nonsense}")
    console.press(F10, "The welcome text was changed.")
    assert vm.check("cat /etc/welcome") == "Rack 7 of {hostname}\nManage it: {url} {nonsense}"
    assert vm.check("ls -l /etc/welcome").startswith("-rw-r--r-T")
    assert "root: set the welcome text: ok" in vm.check("cat /var/log/*.log")
    console.press(ENTER, "<Esc> Log Out")
    console.press(ESCAPE, HOME, "Rack 7 of visoros", timeout=300)
    # An empty one gives the hardware back.
    console.log_in()
    console.open("Welcome Text", "of 2048 bytes", "Rack 7 of visoros")
    console.press(EMPTY, "0 of 2048 bytes")
    console.press(F10, "The welcome text was taken away")
    assert vm.run("ls /etc/welcome").status != 0
    console.press(ENTER, "<Esc> Log Out")
    console.press(ESCAPE, HOME, "MiB memory", timeout=300)
    vm.check("dmesg -n 5")
