# SPDX-License-Identifier: Apache-2.0
"""Which bank the loader starts, and what it writes: the table in docs/media.md, all of it.

GRUB itself runs its script once, over folders that stand for the two banks of each case.
"""

import itertools
import re
import subprocess
from collections import namedtuple

import pytest
from bootcfg import BootCfg
from conftest import TOP
from media import Medium
from mediakit import make_disk, make_fat, unpack
from vm import Machine

Bank = namedtuple("Bank", "state updated whole", defaults=(True,))
NOTHING = Bank(None, 0, False)
# What makes a bank one that does not count.
DAMAGE = {
    "no kernel": lambda text: text.replace(b"kernel=k", b"kernel=x"),
    "no build": lambda text: text.replace(b"build=b", b"# uild=b"),
    "zeros": lambda text: bytes(len(text)),
    "no block": lambda text: text.replace(b"# GRUB", b"# grub"),
    "cut": lambda text: text[:50],
    "words for a number": lambda text: text.replace(b"updated=", b"updated=x"),
}


def cases():
    """Pairs of banks: every state beside every state, older, as old, newer."""
    for left, right in itertools.product([None, 0, 1, 2, 3], repeat=2):
        for numbers in ((1, 2), (2, 1), (3, 3), (9, 10)):
            yield tuple(NOTHING if state is None else Bank(state, number)
                        for state, number in zip((left, right), numbers))
    for number in (0, -1):
        yield Bank(0, number, False), Bank(3, 1)
    yield Bank("x", 5), Bank(0, 1)
    yield Bank("", 5), Bank(2, 1)


def expected(banks):
    """(bank, why, failed, states) by the table."""
    state = [int(bank.state) if bank.state in (0, 1, 2, 3) else 3 for bank in banks]

    def newest(*wanted):
        found = [n for n in (0, 1) if banks[n].whole and state[n] in wanted]
        return max(found, key=lambda n: (banks[n].updated, -n), default=None)

    chosen = newest(0, 1)
    if chosen is not None:
        other = 1 - chosen
        failed = other if banks[other].whole and state[other] == 2 else None
        if failed is not None:
            state[failed] = 3
        return chosen, "good", failed, state
    for wanted, why in ((2, "unconfirmed"), (3, "invalid")):
        if newest(wanted) is not None:
            return newest(wanted), why, None, state
    return None, "invalid", None, state


def write_bank(folder, bank, damage=None):
    """The files of a bank, as pairs for make_fat."""
    folder.mkdir(parents=True)
    (folder / "k").write_text("kernel")
    cfg = BootCfg(bootstate=str(bank.state), updated=str(bank.updated), kernel="k", kernelopt="quiet a=b",
                  modules=["m", "n"], build="b")
    text = cfg.block()
    (folder / "boot.cfg").write_bytes(damage(text) if damage else text)


@pytest.fixture(scope="module", name="run")
def run_fixture(boot, tmp_path_factory):
    """(list of cases, what GRUB said of each, files before, files after)."""
    folder = tmp_path_factory.mktemp("choice")
    before = folder / "before"
    todo = list(cases()) + [(Bank(0, 9, False), Bank(0, 1))] * len(DAMAGE)
    damages = [None] * (len(todo) - len(DAMAGE)) + list(DAMAGE.values())
    for number, (banks, damage) in enumerate(zip(todo, damages)):
        for n, bank in enumerate(banks):
            if bank is not NOTHING:
                write_bank(before / f"c{number}" / str(n), bank, None if n else damage)
    (folder / "cases.cfg").write_text("".join(f"try c{number}\n" for number in range(len(todo))))
    bank = make_fat(folder / "bank0", [("cases.cfg", folder / "cases.cfg")], 16)
    subprocess.run(["mcopy", "-s", "-i", bank, *sorted(before.iterdir()), "::"], check=True)
    disk = make_disk(folder, [bank, make_fat(folder / "bank1", [])],
                     scripts=[TOP / "tests/vm/choose.cfg", TOP / "images/media/grub/banks.cfg"])

    with Machine(boot, guest=False, network=False, medium=Medium(disk, "virtio", own=True)) as machine:
        machine.wait_console("all cases", timeout=300)
        said = machine.console()
        machine.wait_end()
    after = folder / "after"
    after.mkdir()
    unpack(disk, 4, "*", after)
    return todo, said, before, after


def test_every_choice(run):
    todo, said, _, _ = run
    for number, banks in enumerate(todo):
        bank, why, failed, states = expected(banks)
        shown = [states[n] if banks[n].whole else "none" for n in (0, 1)]
        answer = re.search(rf"case c{number} (.*?) end", said).group(1)
        assert answer == (f"bank={'none' if bank is None else bank} why={why} failed={'' if failed is None else failed} "
                          f"state0={shown[0]} state1={shown[1]}"), banks


def test_what_is_written_is_one_byte(run):
    """A 2 that becomes 3. Nothing else changes: not in any other bank, not in any other file."""
    todo, _, before, after = run
    written = 0
    for number, banks in enumerate(todo):
        failed = expected(banks)[2]
        for path in sorted((before / f"c{number}").rglob("*")):
            if not path.is_file():
                continue
            old, new = path.read_bytes(), (after / path.relative_to(before)).read_bytes()
            changed = [at for at, (one, other) in enumerate(zip(old, new)) if one != other]
            if path.name == "boot.cfg" and path.parent.name == str(failed):
                assert len(old) == len(new) and len(changed) == 1 and changed[0] < 512, banks
                assert (old[changed[0]], new[changed[0]]) == (ord("2"), ord("3"))
                written += 1
            else:
                assert old == new, (banks, path)
    assert written > 10
