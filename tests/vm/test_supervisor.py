# SPDX-License-Identifier: Apache-2.0
"""Userworlds in their pools: limits, readiness, stopping, reloading, the end of the host."""

import json
import re
import time

import pytest
from hosts import vmkernel_log, wait_log, wait_until
from test_worlds import add_world, pids, reload_worlds, services

BOMB = "/usr/lib/visoros/tests/membomb"
CGROUP = "/sys/fs/cgroup"


def state(machine, name):
    return services(machine).get(name, {}).get("state")


def wait_state(machine, name, *wanted):
    """Waits until the userworld is in one of these states."""

    def is_so():
        return state(machine, name) in wanted

    is_so.__doc__ = f"{name} is {' or '.join(map(str, wanted))}"
    wait_until(is_so)


@pytest.fixture(name="world")
def world_fixture(vm):
    """world(name, script=..., key=...) makes a userworld that is gone after the test."""
    made = []

    def make(name, script=None, **lines):
        if script:
            vm.put(script.encode(), f"/tmp/{name}.sh")
            lines["command"] = f"/bin/sh /tmp/{name}.sh"
        add_world(vm, name, **lines)
        made.append(name)
        reload_worlds(vm)
        wait_until(lambda: state(vm, name))
        return f"{CGROUP}/host/user/{name}"

    yield make
    for name in made:
        vm.check(f"rm -f /etc/userworld.d/{name}.conf /tmp/{name}.sh")
    reload_worlds(vm)
    for name in made:
        wait_state(vm, name, None)


def test_limits_are_set(vm, world):
    pool = world("limits", command="/bin/sleep 1000", **{
        "memory.max": "12M", "memory.min": "1M", "cpu.weight": "77", "cpu.max": "25", "pids.max": "5"})
    wait_state(vm, "limits", "running")
    files = "memory.max memory.min cpu.weight cpu.max pids.max memory.oom.group".split()
    values = [vm.check(f"cat {pool}/{name}").strip() for name in files]
    assert values == [str(12 << 20), str(1 << 20), "77", "25000 100000", "5", "1"]
    # Reservations hold only as far as the pools above have them.
    assert int(vm.check(f"cat {CGROUP}/host/user/memory.min")) >= 1 << 20


def test_own_memory_limit_ends_it_alone(vm, world):
    before = pids(vm, ("hostd", "oomd"))
    world("glutton", command=f"{BOMB} 200", restart="never", **{"memory.max": "10M"})
    wait_state(vm, "glutton", "failed")
    wait_log(vm, "userworld glutton was killed",
             "it needed more memory than its pool host/user/glutton may have")
    assert pids(vm, ("hostd", "oomd")) == before


def test_fork_is_refused_in_its_pool_only(vm, world):
    world("forker", "while :; do sleep 100 & done", **{"pids.max": "10"}, restart="never")
    said = re.compile(r"pool host/user/forker \(userworld forker\): \d+ forks were refused: it may have 10 processes")
    wait_until(lambda: said.search(vmkernel_log(vm)))
    assert vm.run("true").status == 0


def test_stop_kills_what_ignores_sigterm_with_all_children(vm, world):
    pool = world("stubborn", "trap '' TERM; sleep 1000 & while :; do sleep 1000; done", stop_timeout=2)
    wait_until(lambda: len(vm.check(f"cat {pool}/cgroup.procs").split()) >= 3)
    began = time.monotonic()
    vm.check("localcli system service stop --name stubborn")
    assert time.monotonic() - began > 1.5
    assert state(vm, "stubborn") == "down"
    assert vm.check(f"cat {pool}/cgroup.procs") == ""
    vm.check("localcli system service start --name stubborn")
    wait_state(vm, "stubborn", "running")


def test_children_end_with_the_main_process(vm, world):
    pool = world("parent", "sleep 1000 & exit 0", restart="never")
    wait_state(vm, "parent", "done")
    assert vm.check(f"cat {pool}/cgroup.procs") == ""


def test_waits_for_readiness(vm, world):
    """One is ready when it is told to be."""
    vm.check("rm -f /tmp/be-ready")
    world("slow", "until [ -e /tmp/be-ready ]; do sleep 0.2; done; echo >&$READY_FD; exec sleep 1000",
          ready="notify")
    world("behind", command="/bin/sleep 1000", after="slow")
    assert (state(vm, "slow"), state(vm, "behind")) == ("starting", "waiting")
    vm.check("touch /tmp/be-ready")
    wait_state(vm, "behind", "running")
    assert state(vm, "slow") == "running"
    vm.check("rm /tmp/be-ready")


def test_back_off_grows(vm, world):
    world("quick", "exit 3")
    wait_log(vm, "userworld quick ended after 0 s with exit code 3", "userworld quick starts again in 1 s",
             "userworld quick starts again in 2 s", "userworld quick starts again in 4 s")


def test_limits_apply_live(vm, world):
    pool = world("live", command="/bin/sleep 1000", **{"memory.max": "8M"})
    wait_state(vm, "live", "running")
    pid = vm.check(f"cat {pool}/cgroup.procs")
    world("live", command="/bin/sleep 1000", **{"memory.max": "9M"})
    wait_until(lambda: vm.check(f"cat {pool}/memory.max").strip() == str(9 << 20))
    assert vm.check(f"cat {pool}/cgroup.procs") == pid


def test_bad_config_is_refused_with_its_line(vm, world):
    world("good", command="/bin/sleep 1000")
    wait_state(vm, "good", "running")
    vm.put(b"command = /bin/sleep 1\npool = host/user/bad\nbogus = 1\n", "/etc/userworld.d/bad.conf")
    reload_worlds(vm)
    wait_log(vm, "/etc/userworld.d/bad.conf:3: unknown key 'bogus'")
    vm.check("rm /etc/userworld.d/bad.conf")
    assert state(vm, "good") == "running"


def test_stopped_stays_stopped_over_a_supervisor(vm, world):
    world("rest", command="/bin/sleep 1000")
    vm.check("localcli system service stop --name rest")
    vm.check("kill -9 $(pidof supervisor)")
    wait_until(lambda: vm.run("localcli system service list").status == 0)
    assert state(vm, "rest") == "down"


def test_alarms_of_the_one_before_end(vm, world):
    """Neither supervisor nor oomd knows what those before them have told; all is well, and that is told."""
    wanted = {"pool:left", "service:left", "memory"}

    def standing():
        rows = json.loads(vm.check("localcli --formatter=json system alarm list"))
        return wanted & {row["alarm"] for row in rows}

    world("left", command="/bin/sleep 1000", min_uptime=1)
    wait_state(vm, "left", "running")
    about = '{"service":"left"}'
    for line in (f"forks [pool.forks] {about}", f"crashes [service.crashes] {about}", "nobody [oom.nobody]"):
        vm.check(f"logger -p local5.warning -t before '{line}'")
    wait_until(lambda: standing() == wanted)
    vm.check("kill -9 $(pidof oomd); kill -9 $(pidof supervisor)")
    wait_until(lambda: not standing(), timeout=120)
    assert state(vm, "left") == "running"


@pytest.mark.parametrize("command", ["poweroff", "reboot"])
def test_end_of_the_host(start, command):
    machine = start(memory=192, append="ignore_loglevel")
    wait_until(lambda: services(machine)["hostd"]["state"] == "running")
    machine.run(f"(sleep 1; {command}) >/dev/null 2>&1 &")
    machine.wait_console("all userworlds have ended", timeout=200)
    machine.wait_end(60)
