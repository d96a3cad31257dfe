# SPDX-License-Identifier: Apache-2.0
"""A CPU and memory are plugged into a running host: it uses them, and what pools may have grows.

The kernel believes in CPUs to come only where a hypervisor says so that it knows, and QEMU's emulator is none. So
the second one is there at the start, in a slot of its own, and is taken out before it was ever used. The third is
never there: QEMU's emulator has room for a thread of each CPU there may be, and a CPU that comes back has a new one.
"""

import re

import pytest
from hosts import wait_hostd, wait_log, wait_until
from test_worlds import add_world, pids, reload_worlds, services

CGROUP = "/sys/fs/cgroup/host/user"
MEMORY, MORE = 256, 256  # MB
MIB = 1 << 20
CPU = {"driver": "max-x86_64-cpu", "id": "cpu1", "socket-id": 1, "core-id": 0, "thread-id": 0}


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    from vm import Machine

    room = ["-smp", "sockets=3,maxcpus=3", "-device", f"{CPU['driver']},socket-id=1,core-id=0,thread-id=0,id=cpu1",
            "-m", f"slots=1,maxmem={MEMORY + MORE}M"]
    # The kernel does not start it, so that no two threads run while it changes its own code (docs/testing.md).
    with Machine(boot, memory=MEMORY, options=room, append="maxcpus=1", accel="tcg,thread=multi") as machine:
        machine.wait_guest()
        machine.qmp.command("device_del", id=CPU["id"])
        machine.qmp.wait_event("DEVICE_DELETED", 300)
        wait_hostd(machine)
        add_world(machine, "grows", command="/bin/sleep 10000",
                  **{"memory.max": "32M + 10%", "memory.min": "2M", "cpuset.cpus": "0-"})
        # Refused: half of this host's memory is less.
        add_world(machine, "large", command="/bin/sleep 10000",
                  **{"memory.min": f"{MEMORY // 2}M", "memory.max": f"{MEMORY}M"})
        add_world(machine, "second", command="/bin/sleep 10000", **{"cpuset.cpus": "1"})
        reload_worlds(machine)
        wait_log(machine, "userworld large: pool host/user/large wants to reserve",
                 "userworld second: cpuset.cpus: this host has no CPU 1, it has 0")
        wait_until(lambda: services(machine).get("grows", {}).get("state") == "running")
        yield machine


def read(host, name, file):
    return host.check(f"cat {CGROUP}/{name}/{file}").strip()


def total(host):
    return int(re.search(r"MemTotal: +(\d+) kB", host.check("cat /proc/meminfo"))[1]) * 1024


def runs(host, name):
    return services(host).get(name, {}).get("state") == "running"


def wire(host):
    text = host.check("cat /sys/fs/cgroup/host/memory.high").strip()
    return float("inf") if text == "max" else int(text)


def scaled(memory):
    """32M + 10% as the supervisor works it out"""
    return (32 << 20) + (memory - (128 << 20)) // 1000 * 100


def test_a_cpu_is_started_and_used(host):
    kept = pids(host, ("supervisor", "oomd"))
    assert read(host, "grows", "cpuset.cpus.effective") == "0"
    assert host.run("test -e /sys/devices/system/cpu/cpu1").status == 1
    host.qmp.command("device_add", **CPU)
    wait_log(host, "the host has CPUs 0-1 now: pools follow")
    assert host.check("cat /sys/devices/system/cpu/online").strip() == "0-1"
    assert read(host, "grows", "cpuset.cpus.effective") == "0-1"
    # What was refused for lack of it is let in, and runs there.
    wait_until(lambda: runs(host, "second"))
    pid = read(host, "second", "cgroup.procs")
    assert "Cpus_allowed_list:\t1\n" in host.check(f"cat /proc/{pid}/status")
    assert pids(host, ("supervisor", "oomd")) == kept


def test_memory_is_used_and_limits_grow(host):
    before, old_wire = total(host), wire(host)
    assert int(read(host, "grows", "memory.max")) == scaled(before) // 4096 * 4096
    assert not runs(host, "large")
    host.qmp.command("object-add", **{"qom-type": "memory-backend-ram", "id": "more", "size": MORE * MIB})
    host.qmp.command("device_add", driver="pc-dimm", id="dimm", memdev="more")
    # The kernel makes it usable piece by piece.
    wait_until(lambda: total(host) >= before + MORE * MIB)
    wait_until(lambda: int(read(host, "grows", "memory.max")) == scaled(total(host)) // 4096 * 4096)
    wait_log(host, "of memory now: pools follow")
    wait_until(lambda: runs(host, "large"))
    assert int(host.check("cat /sys/fs/cgroup/host/memory.min")) >= MEMORY // 2 * MIB
    # oomd's tripwire has more room, too.
    wait_until(lambda: wire(host) > old_wire)
