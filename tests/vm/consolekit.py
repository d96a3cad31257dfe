# SPDX-License-Identifier: Apache-2.0
"""The console on the serial line, as a person at a terminal of 80 by 24 uses it."""

import json
import re

import pyte
from api import Client
from hosts import vga_text, wait_hostd, wait_until
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
        """Goes to the one of a list of choices that is called so, and opens it."""

        def steps():
            """the list and the chosen one's title are drawn: (how far down the wanted one is,)"""
            lines = [line for line in self.screen().splitlines() if line[33:34] == BAR]
            names, title = [line[:33].strip() for line in lines], lines[0][36:].strip() if lines else ""
            return (names.index(name) - names.index(title),) if name in names and title in names else None

        down, = wait_until(steps)
        self.machine.type_console(DOWN * down + UP * -down)
        wait_until(lambda: steps() == (0,))
        return self.press(ENTER, *texts)

    def back_home(self):
        """Out of everything, whatever is open."""
        for _ in range(8):
            if HOME in self.screen() or "no address to manage" in self.screen():
                return
            before = self.screen()
            self.machine.type_console(ESCAPE)
            wait_until(lambda old=before: self.screen() != old)
        raise AssertionError(f"Esc does not lead home:\n{self.screen()}")


def quiet_host(boot, **options):
    """A host for fixtures whose console shows nothing but what is drawn there."""
    with Machine(boot, memory=256, **options) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        machine.check("dmesg -n 1")
        yield machine


def console_of(host):
    """Its console for a fixture, which leaves it as it was."""
    console = Serial(host)
    yield console
    console.back_home()


def goes_and_comes(host, console, text, begin, end):
    """A warning on both screens, while there is a cause; what is done at a console looks at the host again."""

    def look_again():
        console.log_in()
        console.press(ESCAPE, HOME)
        for key, shown in (("f2", "Login name:"), ("ret", "Configure Password"), ("esc", "<F12> Shut Down")):
            host.send_keys(key)
            wait_until(lambda shown=shown: shown in vga_text(host))

    for what, there in ((None, False), (begin, True), (end, False)):
        if what:
            host.check(what, timeout=300)
        look_again()
        wait_until(lambda there=there: (text in console.screen()) == (text in vga_text(host)) == there, timeout=300)


def listed(machine, command):
    """What a command lists."""
    return json.loads(machine.check(f"localcli --formatter=json {command}"))


def hostname(machine):
    """As it is known in the network."""
    return Client(machine).ask("GET", "/system/hostname")[1]["hostname"]
