# SPDX-License-Identifier: Apache-2.0
"""What a machine shows on its VGA screen, as text."""

from hosts import wait_until

AT, SIZE = 0xb8000, 0x8000  # of a VGA card's memory for text: each character, then its colour


def screen_text(machine):
    """The characters on a screen that is in text mode, and those that have gone out at its top."""
    path = machine.folder / "screen"
    machine.qmp.command("pmemsave", val=AT, size=SIZE, filename=str(path))
    return path.read_bytes()[::2].decode("cp437")


def wait_screen(machine, text, timeout=600):
    """Waits until a text is on the screen; a long one goes on in the next line without a mark."""

    def shown():
        machine.check_alive()
        return text in screen_text(machine)

    shown.__doc__ = f"the screen shows '{text}'"
    wait_until(shown, timeout)
