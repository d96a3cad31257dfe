# SPDX-License-Identifier: Apache-2.0
"""The console on the serial line, as a person at a terminal of 80 by 24 uses it."""

import re

import pyte
from hosts import wait_hostd, wait_until
from vm import Machine

F2, F11, F12, ESCAPE, REPAINT = b"\x1bOQ", b"\x1b[23~", b"\x1b[24~", b"\x1b\x1b", b"\x0c"
UP, DOWN, ENTER = b"\x1b[A", b"\x1b[B", b"\r"
HOME = "To manage this host"


BAR = "x"  # between a list of choices and what is said about one: how an xterm draws a line


def unfold(data):
    """Without "again N times" and "scroll by N lines" (from the last one), which pyte does not know."""
    data = re.sub(rb"(.)\x1b\[(\d+)b", lambda m: m[1] * (int(m[2]) + 1), data)
    return re.sub(rb"\x1b\[(\d*)S", lambda m: b"\x1bD" * int(m[1] or 1), data)


class Serial:
    """The serial screen, painted anew."""

    def __init__(self, machine):
        self.machine = machine
        self.begin = machine.console_log.stat().st_size
        machine.type_console(REPAINT)

    def screen(self):
        """What a terminal shows after all that the console has said since."""
        screen = pyte.Screen(80, 24)
        pyte.ByteStream(screen).feed(unfold(self.machine.console_log.read_bytes()[self.begin:]))
        return "\n".join(screen.display)

    def wait(self, *texts, timeout=120):
        """Waits until all texts stand on it, and returns it."""

        def shown():
            screen = self.screen()
            return screen if all(text in screen for text in texts) else None

        shown.__doc__ = f"the serial screen shows {texts}"
        try:
            return wait_until(shown, timeout=timeout)
        except AssertionError:
            print(self.screen())
            raise

    def press(self, keys, *texts, timeout=120):
        """Keys, and then what has to be there."""
        self.machine.type_console(keys)
        return self.wait(*texts, timeout=timeout)

    def log_in(self):
        """As root of a host on which no password was set, to the menu."""
        self.wait("<F2>", timeout=300)
        self.press(F2, "Login name:", "Password:")
        return self.press(ENTER, "System Customization", "Configure Password")

    def open(self, name, *texts):
        """Goes down a list of choices to the one that is called so, and opens it."""
        for _ in range(20):
            screen = self.screen()
            title = [line for line in screen.splitlines() if line[33:34] == BAR]
            if title and title[0][36:].strip() == name:
                return self.press(ENTER, *texts)
            before = title[0] if title else ""
            self.machine.type_console(DOWN)
            wait_until(lambda old=before: not any(line == old for line in self.screen().splitlines()))
        raise AssertionError(f"there is no {name}:\n{self.screen()}")

    def back_home(self):
        """Out of everything, whatever is open."""
        for _ in range(8):
            if HOME in self.screen() or "no address to manage" in self.screen():
                return
            self.machine.type_console(ESCAPE)
            wait_until(lambda old=self.screen(): self.screen() != old)
        raise AssertionError(f"Esc does not lead home:\n{self.screen()}")


def quiet_host(boot):
    """A host for fixtures whose console shows nothing but what is drawn there."""
    with Machine(boot, memory=256) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        machine.check("dmesg -n 1")
        yield machine


def console_of(host):
    """Its console for a fixture, which leaves it as it was."""
    console = Serial(host)
    yield console
    console.back_home()
