# SPDX-License-Identifier: Apache-2.0
"""The command line on a host: the same with hostd as without it."""

import json

from conftest import TOP

# What is another number at each look: use of memory and processors, times, and what hostd itself holds open.
CHANGES = {"memory_used", "memory_high", "cpu_used_us", "memory_available_bytes", "rss", "uptime_us", "seconds", "load1", "load5", "load15",
           "running", "worlds", "cartels", "pids", "used", "free", "peak", "used_inodes", "bytes", "inodes", "memory",
           "slowed", "refused_memory", "passes", "position", "tardisk", "unsaved", "saved_at", "generation", "total"}
# Lists that have the asking program itself in them, or what its question has left.
OWN = {"system process list", "software provenance list", "system event list", "system visorfs ramdisk owners",
       "system state list", "system state history"}


def read_commands():
    """What the golden files show that has no options and only reads."""
    words = set()
    for path in (TOP / "tests/golden/visorcli").glob("*.cmd"):
        line = path.read_text().split()[1:]
        script = path.with_suffix(".json")
        if line and line[-1] in ("get", "list", "validate") and script.exists() and "-" not in "".join(line):
            words.add(" ".join(line))
    return sorted(words)


def steady(value):
    if isinstance(value, dict):
        return {key: None if key in CHANGES else steady(item) for key, item in value.items()}
    return [steady(item) for item in value] if isinstance(value, list) else value


def ask(machine, programs, commands):
    """{(program, command): (status, what it says)}, asked in one go: a call through the port takes long."""
    lines = [f"{program} --formatter=json {command} 2>&1; printf '\\n[%d]\\0' $?" for command in commands
             for program in programs]
    answers = machine.check("\n".join(lines)).split("\0")[:-1]
    keys = [(program, command) for command in commands for program in programs]
    return {key: (int(text.rpartition("[")[2].rstrip("]")), text.rpartition("\n[")[0])
            for key, text in zip(keys, answers, strict=True)}


def difference(command, by_hostd, own):
    """What differs between two answers, or None."""
    if by_hostd[0] != own[0]:
        return command, by_hostd, own
    if by_hostd[0]:
        same = by_hostd[1].replace("visorcli", "") == own[1].replace("localcli", "")
    elif command in OWN:
        first, second = json.loads(own[1]), json.loads(by_hostd[1])
        same = not first or not second or first[0].keys() == second[0].keys()
    else:
        same = steady(json.loads(own[1])) == steady(json.loads(by_hostd[1]))
    return None if same else (command, by_hostd, own)


def test_every_read_command_says_the_same_without_hostd(vm):
    commands = read_commands()
    assert len(commands) > 40
    # Between two looks an address can have become one that is preferred: what differs is asked again.
    for _ in range(5):
        answers = ask(vm, ("visorcli", "localcli"), commands)
        differ = [difference(command, answers["visorcli", command], answers["localcli", command]) for command in commands]
        differ = [one for one in differ if one]
        commands = [one[0] for one in differ]
        if not commands:
            break
    assert not differ


def test_hostd_is_dead(start):
    machine = start(memory=256)
    machine.check("visorcli --local system service stop --name=hostd")
    status, _, complaint = machine.run("visorcli system version get")
    assert status == 9 and "localcli does the same without it" in complaint
    assert "VisorOS" in machine.check("localcli system version get")
    assert machine.check("visorcli --local system version get") == machine.check("localcli system version get")
    machine.check("visorcli --local system service start --name=hostd")


def test_names_for_completion(vm):
    """Of this host, with and without hostd, and of another one, whose password stands in a file."""
    assert vm.check("visorcli __complete system service stop --name=hos") == "--name=hostd\n"
    assert vm.check("visorcli __complete --local system service stop -n hos") == "hostd\n"
    assert "base.v00\n" in vm.check("localcli __complete system visorfs diff --path=/etc/hosts --tardisk ''")
    assert vm.check("visorcli __complete --server=127.0.0.1 system service stop -n hos </dev/null") == ""
