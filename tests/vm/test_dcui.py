# SPDX-License-Identifier: Apache-2.0
"""The console as a person sees it, on the serial line and on the VGA screen."""

from collections import Counter

import pytest
from consolekit import Serial
from hosts import vga_text, wait_hostd, wait_until

F2, F12, ESCAPE = b"\x1bOQ", b"\x1b[24~", b"\x1b"


def pixels(machine, path):
    """(width, height, colours by number of pixels) of the VGA screen."""
    machine.qmp.command("screendump", filename=str(path))
    kind, size, _, data = path.read_bytes().split(b"\n", 3)
    assert kind == b"P6"
    width, height = map(int, size.split())
    return width, height, Counter(data[i:i + 3] for i in range(0, len(data), 3))


@pytest.fixture(name="ready", scope="module")
def ready_fixture(vm):
    wait_hostd(vm)
    # What the kernel says on the console comes between what is drawn there.
    vm.check("dmesg -n 1")
    yield vm
    vm.check("dmesg -n 5")


def test_serial_home_screen(ready):
    screen = Serial(ready).wait("VisorOS", "https://10.0.2.15/", "<F2>", "<F12>")
    assert "MiB memory" in screen


def test_serial_keys(ready):
    serial, home = Serial(ready), "To manage this host"
    for key in (F2, F12):
        serial.wait(home, "<F2>")
        ready.type_console(key)
        serial.wait("Login name:", "Password:")
        ready.type_console(ESCAPE)
        wait_until(lambda: "Login name:" not in serial.screen())


def test_vga_home_screen_has_two_tones(ready, tmp_path):
    wait_until(lambda: "https://10.0.2.15/" in vga_text(ready))

    def two_tones():
        """most of the screen is in two colours, of which each has a good part"""
        width, height, colours = pixels(ready, tmp_path / "screen.ppm")
        counts = [count for _, count in colours.most_common(2)]
        return len(counts) == 2 and sum(counts) > 0.85 * width * height and counts[1] > 0.25 * width * height

    # What is in the text buffer comes to the screen a moment later.
    wait_until(two_tones)


def test_vga_is_the_screen_that_shows(ready):
    wait_until(lambda: ready.check("cat /sys/class/tty/tty0/active") == "tty2\n")


def test_vga_keys(ready):
    ready.send_keys("f2")
    wait_until(lambda: "https://" not in vga_text(ready))
    ready.send_keys("esc")
    wait_until(lambda: "https://" in vga_text(ready))


def test_dcui_lives_without_hostd(ready):
    ready.check("localcli system service stop --name hostd")
    try:
        wait_until(lambda: "hostd" in vga_text(ready), timeout=180)
    finally:
        ready.check("localcli system service start --name hostd")
    wait_hostd(ready)
