# SPDX-License-Identifier: Apache-2.0
"""Userworlds come back, and one that takes all memory does not take the host."""

import json

import pytest
from hosts import vmkernel_log, wait_hostd, wait_until

BOMB = "/usr/lib/visoros/tests/membomb"
LAST_LINE = ("init", "supervisor", "vmklogger", "oomd")


def services(machine):
    """name -> fields of every userworld."""
    rows = json.loads(machine.check("localcli --formatter=json system service list"))
    return {row["name"]: row for row in rows}


def add_world(machine, name, **lines):
    """A userworld of the test's own, in a pool where anything may be ended."""
    text = "".join(f"{key.replace('_', '-')} = {value}\n"
                   for key, value in {"pool": f"host/user/{name}", **lines}.items())
    machine.put(text.encode(), f"/etc/userworld.d/{name}.conf")


def reload_worlds(machine):
    # Only init's child: what that has just forked is called supervisor too, and a signal would end it.
    machine.check("for pid in $(pidof supervisor); do "
                  "grep -q '^PPid:.1$' /proc/$pid/status && kill -HUP $pid && exit; done; exit 1")


def pids(machine, names):
    """The main process of each program, not what it has forked for a moment."""
    rows = services(machine)
    return {name: rows[name]["pid"] if name in rows else min(map(int, machine.check(f"pidof {name}").split()))
            for name in names}


def test_hostd_killed_comes_back(vm):
    wait_hostd(vm)
    before = pids(vm, ["hostd"])
    vm.check("kill -9 $(pidof hostd)")
    wait_hostd(vm)
    assert pids(vm, ["hostd"]) != before


def test_supervisor_killed_comes_back_and_keeps_its_worlds(vm):
    wait_hostd(vm)
    kept = pids(vm, ("vmklogger", "oomd", "hostd", "dcui"))
    old = vm.check("pidof supervisor")
    vm.check("kill -9 $(pidof supervisor)")
    wait_until(lambda: vm.run("pidof supervisor").output.strip() not in ("", old.strip()))
    wait_until(lambda: vm.run("localcli system service list").status == 0)
    assert pids(vm, kept) == kept


def test_local_commands_work_without_hostd(vm):
    vm.check("localcli system service stop --name hostd")
    try:
        assert "VisorOS" in vm.check("localcli system version get")
        assert vm.run("visorcli system version get").status != 0
    finally:
        vm.check("localcli system service start --name hostd")
    wait_hostd(vm)


def oomd_words(machine, word):
    """What oomd has said after a word such as "victim:", from vmkernel.log."""
    return [line.split(f"oomd: {word} ")[1] for line in vmkernel_log(machine).splitlines()
            if f"oomd: {word} " in line]


def victims(machine):
    return [words.split(",")[0] for words in oomd_words(machine, "victim:")]


@pytest.fixture(name="crowd", scope="module")
def crowd_fixture(boot):
    """A host with some userworlds worth ending and a bomb that is not started yet."""
    from vm import Machine

    with Machine(boot, memory=256) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        for name in ("one", "two", "three", "four"):
            add_world(machine, name, command=f"{BOMB} 100 8", restart="always")
        add_world(machine, "bomb", command=f"{BOMB} 60", restart="never", autostart="no")
        reload_worlds(machine)
        wait_until(lambda: services(machine).get("four", {}).get("state") == "running")
        yield machine


@pytest.mark.parametrize("rounds", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_memory_bombs(crowd, rounds):
    essential = {name for name, row in services(crowd).items() if row["essential"]}
    before, ended_before = pids(crowd, LAST_LINE), len(victims(crowd))
    for _ in range(rounds):
        crowd.check("localcli system service start --name bomb")
        wait_until(lambda: services(crowd)["bomb"]["state"] not in ("running", "starting"), timeout=300)
    wait_until(lambda: len(victims(crowd)) >= ended_before + rounds)
    ended = victims(crowd)[ended_before:]
    assert len(set(ended)) >= min(rounds - 1, 3), ended
    assert not set(ended) & essential
    assert pids(crowd, LAST_LINE) == before
    assert "Out of memory: Killed process" not in crowd.check("dmesg")
    wait_hostd(crowd)


def test_candidates_are_logged(crowd):
    assert victims(crowd)
    assert any("bomb in host/user/bomb" in words for words in oomd_words(crowd, "candidate"))
