# SPDX-License-Identifier: Apache-2.0
"""What a host writes to its boot medium in a day on which nobody does anything, by QEMU's counters.

The guest's clock follows its instructions and jumps over what it sleeps, so that a day takes an hour or less.
"""

import json

import pytest
from conftest import BOOT, OUT
from hosts import wait_hostd, wait_until
from media import Medium
from vm import Machine

CLOCK = ["-icount", "shift=2,sleep=off", "-rtc", "base=2026-11-23,clock=vm"]
QUIET = 1800  # seconds after the start: services are up, the first look through the medium is over
DAY = 86400
GOAL = 1 << 20
LOOKED = 100 << 20  # bytes that the looks through the medium read in a day, at least


def uptime(machine):
    return float(machine.check("cat /proc/uptime", timeout=1800).split()[0])


def wait_uptime(machine, seconds):
    """Tells how it goes: it takes long."""

    def reached():
        # A command in the guest: a few hundred in a day disturb nobody.
        now = uptime(machine)
        print(f"{now:.0f} s: {counters(machine)}", flush=True)
        return now >= seconds

    wait_until(reached, timeout=6 * 3600, every=30)


def counters(machine):
    """Bytes read and written, and flushes, since the machine was switched on."""
    stats, = [row["stats"] for row in machine.qmp.command("query-blockstats") if row.get("device") == "medium"]
    return {name: stats[name] for name in ("rd_bytes", "wr_bytes", "wr_operations", "flush_operations")}


def since(before, after):
    return {name: after[name] - before[name] for name in before}


@pytest.mark.slow
def test_a_day_on_which_nobody_does_anything():
    medium = Medium(OUT / "media/visoros.img", "virtio")
    with Machine(BOOT, memory=512, medium=medium, options=CLOCK) as machine:
        machine.wait_guest(1800)
        wait_hostd(machine, 1800)
        # They look at the host once a minute, which is half of what this test would take, and write nothing.
        for screen in ("dcui", "dcui-serial"):
            machine.check(f"localcli system service stop --name {screen}", timeout=1800)
        wait_uptime(machine, QUIET)
        start, begin = counters(machine), uptime(machine)
        state = json.loads(machine.check("localcli --formatter=json system state get"))
        wait_uptime(machine, begin + DAY)
        day, seconds = since(start, counters(machine)), uptime(machine) - begin
        print(f"\nstart, {begin:.0f} s: {start}\nthen {seconds:.0f} s: {day}")
        # It was looked through more than once, and it is the medium of a host that keeps its state there.
        assert day["rd_bytes"] > LOOKED
        assert state["mode"] == "ready" and not state["unsaved"], state
        assert day["wr_bytes"] < GOAL
        # The counters are those of this medium: a change of state is written, and is seen.
        quiet = counters(machine)
        machine.check("localcli system hostname set --host loud && localcli system state save")
        assert since(quiet, counters(machine))["wr_bytes"] > 0
