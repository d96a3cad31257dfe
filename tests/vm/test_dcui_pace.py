# SPDX-License-Identifier: Apache-2.0
"""How soon the console shows something, what it sends over a slow line, and what it has in memory."""

import time

import pytest
from consolekit import DOWN, ENTER, ESCAPE, F2, HOME, Serial
from hosts import COUNTING, wait_hostd

WITHIN = 0.2  # s from its start to a whole screen, at a thousand million instructions in a second; QEMU does a tenth of that
LINE = 960  # bytes that a line of 9600 baud takes in a second
PATIENCE = 900  # s
RESIDENT = 6000  # KiB; it is 8800 with all that the start needs

# Says when: start, a first screen, one that knows the host's address. The clock counts instructions.
FIRST_SCREEN = """
now() { read up rest </proc/uptime; echo $up; }
now
dcui --tty /dev/tty6 2>/dev/null & console=$!
for text in 'Shut Down' https://; do
	until grep -q "$text" /dev/vcs6; do usleep 10000; done
	now
done
kill $console
"""


def bytes_of(machine, action):
    """How much the line takes for an action, until nothing comes any more."""
    begin = machine.console_log.stat().st_size
    action()
    size = -1
    while size != machine.console_log.stat().st_size:
        size = machine.console_log.stat().st_size
        time.sleep(1)  # a screen comes in one piece
    return size - begin


# KiB that each console has resident; a process that it has started for an operation does not count.
RESIDENT_NOW = """
for p in $(pidof dcui); do
	parent=$(awk '/^PPid/ { print $2 }' /proc/$p/status)
	grep -q dcui /proc/$parent/comm || awk '/^VmRSS/ { print $2 }' /proc/$p/status
done
"""


def resident(machine):
    """Of all consoles, from the first whole screen on."""
    return sorted(int(kib) for kib in machine.check(RESIDENT_NOW).split())


@pytest.mark.slow
def test_first_screen(start):
    machine = start(append="tsc=reliable", options=COUNTING)
    wait_hostd(machine, timeout=PATIENCE)
    for _ in range(3):
        begin, first, whole = map(float, machine.check(FIRST_SCREEN, timeout=PATIENCE).split())
        print(f"a first screen after {first - begin:.2f} s, all of it after {whole - begin:.2f} s")
        assert whole - begin <= WITHIN


def test_line_of_9600_baud(vm):
    """A whole screen in less than three seconds, a step in a list at once."""
    wait_hostd(vm)
    vm.check("dmesg -n 1")
    console = Serial(vm)
    console.wait(HOME, "<F2>", timeout=300)
    home = bytes_of(vm, lambda: console.press(b"\x0c", HOME))
    console.press(F2, "Login name:", "Password:")
    menu = bytes_of(vm, lambda: console.press(ENTER, "System Customization"))
    steps = [bytes_of(vm, lambda: vm.type_console(DOWN)) for _ in range(4)]
    console.press(ESCAPE, HOME)
    vm.check("dmesg -n 5")
    print(f"home {home}, menu {menu}, steps {steps} bytes")
    assert home <= 3 * LINE and menu <= 3 * LINE
    assert max(steps) <= LINE


def test_resident_memory(vm):
    """What only the start needs is let go, and does not come back with use."""
    wait_hostd(vm)
    vm.check("dmesg -n 1")
    console = Serial(vm)
    console.wait(HOME, "<F2>", timeout=300)
    before = resident(vm)
    console.log_in()
    for name in ("Management Network", "Troubleshooting", "Bundles", "Configure Keyboard", "View Support Information"):
        console.open(name, "<Esc> Back")
        console.press(ESCAPE, "<Esc> Log Out")
    after = resident(vm)
    console.press(ESCAPE, HOME)
    vm.check("dmesg -n 5")
    print(f"resident: {before} KiB, after use {after} KiB")
    assert len(before) == len(after) == 2
    assert before[-1] <= RESIDENT and after[-1] <= RESIDENT
