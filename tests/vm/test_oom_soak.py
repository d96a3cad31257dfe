# SPDX-License-Identifier: Apache-2.0
"""A thousand times out of memory in one host: services come back, nothing essential is lost, nothing leaks.

All this happens by itself in the guest, whose clock counts instructions; it is only looked at now and then.
"""

import os
import re
from collections import Counter

import pytest
from hosts import COUNTING, wait_hostd, wait_until
from test_worlds import BOMB, LAST_LINE, add_world, pids, reload_worlds, services

pytestmark = pytest.mark.slow

EVENTS = int(os.environ.get("OOM_EVENTS", "1000"))
PATIENCE = 4 * 3600  # s
WARM_UP = 20  # the first ones: what is made once is there then
CROWD = ("one", "two", "three", "four")
VICTIM = re.compile(r"^(\S+Z) .*oomd: victim: (\S+), .*?(\d+) ms after memory got short", re.M)


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    from vm import Machine

    with Machine(boot, memory=128, append="tsc=reliable", options=COUNTING) as machine:
        machine.wait_guest()
        wait_hostd(machine, timeout=PATIENCE)
        # They are to be there again soon: without a minimum uptime no back-off grows.
        for name in CROWD:
            add_world(machine, name, command=f"{BOMB} 100 1", min_uptime="1")
        machine.put(f"sleep 1.5; exec {BOMB} 400\n".encode(), "/run/bomb.sh")
        add_world(machine, "bomb", command="/bin/sh /run/bomb.sh", min_uptime="1", autostart="no")
        reload_worlds(machine)
        wait_until(lambda: all_run(machine), timeout=PATIENCE)
        yield machine


def all_run(machine):
    """every world that was running at first"""
    rows = services(machine)
    return all(rows.get(name, {}).get("state") == "running" for name in CROWD) and \
        not [name for name, row in rows.items() if row["state"] in ("waiting", "starting", "backoff", "ending")]


def new_victims(machine, seen):
    """Adds what the log has of victims: {time and name: ms it took}. It is read before it rotates away."""
    text = machine.check("grep -h 'oomd: victim: ' /var/log/vmkernel.log* 2>/dev/null || true")
    for time, name, took in VICTIM.findall(text):
        seen[time, name] = int(took)
    return len(seen)


def holdings(machine):
    """What must not grow: descriptors, groups (also dying ones), processes, memory of the kernel's."""
    last_line = pids(machine, LAST_LINE)
    lines = {f"fds of {name}": int(machine.check(f"ls /proc/{pid}/fd | wc -l")) for name, pid in last_line.items()}
    lines["groups"] = int(machine.check("find /sys/fs/cgroup -type d | wc -l"))
    lines["dying groups"] = int(machine.check("sed -n 's/^nr_dying_descendants //p' /sys/fs/cgroup/cgroup.stat"))
    # Threads of the kernel come and go as it likes.
    lines["processes"] = int(machine.check("ls -d /proc/[0-9]*/exe | while read p; do readlink $p; done | grep -c / "))
    machine.check("sync; echo 3 > /proc/sys/vm/drop_caches; rm -f /var/log/vmkernel.log.*")
    for name in ("SUnreclaim", "KernelStack", "PageTables", "MemAvailable"):
        lines[name] = int(re.search(rf"{name}: +(\d+)", machine.check("cat /proc/meminfo"))[1])
    return lines


def exhaust(host, seen, events):
    """Runs the host out of memory until so many were ended, and waits until all are back."""

    def enough():
        """so many were ended"""
        print(f"{new_victims(host, seen)} times, {host.check('cat /proc/uptime').split()[0]} s", flush=True)
        return len(seen) >= events

    host.check("localcli system service start --name bomb")
    wait_until(enough, timeout=PATIENCE, every=10)
    host.check("localcli system service stop --name bomb")
    wait_until(lambda: all_run(host), timeout=PATIENCE)
    wait_hostd(host, timeout=PATIENCE)
    return holdings(host)


def test_a_thousand_times_out_of_memory(host):
    essential = {name: row["pid"] for name, row in services(host).items() if row["essential"] and row["pid"]}
    kept, seen = pids(host, LAST_LINE), {}
    before = exhaust(host, seen, min(WARM_UP, EVENTS))
    after = exhaust(host, seen, EVENTS)
    ended = Counter(name for _, name in seen)
    times = sorted(seen.values())
    print(f"{len(seen)} times out of memory; ended: {dict(ended)}; ms until the end: half within "
          f"{times[len(times) // 2]}, 99 of 100 within {times[len(times) * 99 // 100]}, at most {times[-1]}")
    print("before:", before, "after:", after)
    assert pids(host, LAST_LINE) == kept
    assert {name: row["pid"] for name, row in services(host).items() if name in essential} == essential
    assert not set(ended) & set(essential)
    assert set(CROWD) | {"bomb"} <= set(ended)
    assert "Out of memory: Killed process" not in host.check("dmesg")
    for name, value in before.items():
        if name == "MemAvailable":
            assert after[name] > value - 4096, (before, after)
        elif name in ("SUnreclaim", "KernelStack", "PageTables"):
            assert after[name] < value + 2048, (before, after)
        else:
            assert after[name] <= value + 2, (before, after)
