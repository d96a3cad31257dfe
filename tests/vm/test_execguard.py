# SPDX-License-Identifier: Apache-2.0
"""A host that executes unchanged files of tardisks only: file system and guard together."""

import json

import pytest
from hosts import wait_hostd, wait_until
from test_exec import CODE
from test_visorfs import fill, make_tardisk
from test_worlds import reload_worlds
from vm import Machine

TOOL = "/opt/exectool/exectool"
SWITCH = "/sys/fs/visorfs/0/exec_installed_only"
PINS = "/sys/fs/bpf/execguard"

ARGUMENTS = "visoros.execInstalledOnly=TRUE proc_mem.force_override=ptrace"

MEMORY_WAYS = ("anonymous", "anonymous-shared", "anonymous-later", "shared-later", "heap", "stack",
               "memfd", "shm")
JIT_WAYS = ("anonymous", "anonymous-shared", "anonymous-later", "shared-later", "heap", "memfd",
            "shm", "implied")


@pytest.fixture(scope="module", name="tardisk")
def tardisk_fixture(out, tmp_path_factory):
    """The tool, once more for a userworld that generates code, and both as a tardisk."""
    folder = tmp_path_factory.mktemp("exectool")
    tool = ((out / "bin/exectool").read_bytes(), 0o755)
    fill(folder / "tool", {
        TOOL[1:]: tool, "opt/exectool/jit": tool, "opt/exectool/lib": (CODE, 0o755),
        "etc/userworld.d/vm.conf":
            b"command = /opt/exectool/jit hold /opt/exectool/lib\npool = host/user/vm\n"
            b"jit = /opt/exectool/jit\nautostart = no\n"})
    return make_tardisk(out, folder, "tool")


def prepare(machine, out, tardisk):
    """Attaches the tardisk, as a bundle would."""
    machine.put(tardisk, "/tmp/tool.v00")
    machine.check("mount -o remount,tardisk=/tmp/tool.v00 /")
    return machine


@pytest.fixture(scope="module", name="guarded")
def guarded_fixture(boot, out, tardisk):
    """A host that was started that way."""
    with Machine(boot, append=ARGUMENTS) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield prepare(machine, out, tardisk)


def runs(machine, way, file="", tool=TOOL):
    """Whether exectool gets code to run that way."""
    result = machine.run(f"{tool} {way} {file}")
    assert result.status in (0, 1), result
    return result.status == 0


@pytest.mark.parametrize("way", MEMORY_WAYS)
def test_memory_is_no_code(guarded, way):
    assert not runs(guarded, way)


def test_memory_is_code_without_the_guard(vm, out, tardisk):
    vm.put(out / "bin/exectool", "/tmp/exectool", 0o755)
    try:
        for way in MEMORY_WAYS + ("implied",):
            assert runs(vm, way, tool="/tmp/exectool"), way
        assert runs(vm, "memfd-exec", "/tmp/exectool", "/tmp/exectool")
        assert runs(vm, "node", "/tmp/node", "/tmp/exectool")
        assert runs(vm, "own-memory", "/tmp/exectool", "/tmp/exectool")
    finally:
        vm.check("rm -f /tmp/exectool /tmp/node")


def test_implied_by_personality_ends_the_process(guarded):
    result = guarded.run(f"{TOOL} implied")
    assert result.status == 128 + 9 and "ran" not in result.output


def test_files_elsewhere_are_no_code(guarded):
    assert not runs(guarded, "memfd-exec", TOOL)
    assert not runs(guarded, "node", "/tmp/node")
    guarded.check("mkdir -p /tmp/other && mount -t tmpfs none /tmp/other && "
                  f"cp /opt/exectool/* /tmp/other")
    try:
        for way in ("exec", "execveat", "proc-fd"):
            assert not runs(guarded, way, "/tmp/other/exectool"), way
        for way in ("map", "protect", "copy"):
            assert not runs(guarded, way, "/tmp/other/lib"), way
        assert not runs(guarded, "tmpfile", "/tmp/other")
    finally:
        guarded.check("umount /tmp/other")


def test_own_text_is_not_written(guarded):
    assert not runs(guarded, "own-memory", "/opt/exectool/lib")


def test_all_other_mounts_are_noexec(guarded):
    for line in guarded.check("cat /proc/mounts").splitlines():
        _, place, kind, options = line.split()[:4]
        if kind not in ("visorfs", "rootfs"):
            assert "noexec" in options.split(","), place


def test_another_visorfs_is_no_way_out(guarded):
    guarded.check("mkdir -p /tmp/v && mount -t visorfs -o tardisk=/tmp/tool.v00 none /tmp/v")
    try:
        assert not runs(guarded, "exec", "/tmp/v/opt/exectool/exectool")
    finally:
        guarded.check("umount /tmp/v")


def test_root_file_system_is_restricted_too(guarded):
    guarded.check(f"cp {TOOL} /tmp/mine && cp /opt/exectool/lib /tmp/mine-lib")
    assert not runs(guarded, "exec", "/tmp/mine")
    assert not runs(guarded, "map", "/tmp/mine-lib")
    assert runs(guarded, "exec", TOOL) and runs(guarded, "map", "/opt/exectool/lib")


def test_guard_stays(guarded):
    pins = guarded.check(f"ls {PINS}")
    for attempt in (f"rm -f {PINS}/*", f"rm -rf {PINS}", "umount /sys/fs/bpf",
                    "umount -l /sys/fs/bpf", "echo 0 > /proc/sys/kernel/ftrace_enabled",
                    f"echo 0 > {SWITCH}"):
        assert guarded.run(attempt).status != 0, attempt
    assert guarded.check(f"ls {PINS}") == pins
    assert guarded.check("cat /proc/sys/kernel/ftrace_enabled") == "1\n"
    assert "execguard" not in guarded.run("execguard").errors  # once more is no error
    assert not runs(guarded, "anonymous")


def test_refusals_are_said(guarded):
    wait_until(lambda: "running" in guarded.check("visorcli system service list | grep execguard"))
    guarded.check("sleep 5")
    assert not runs(guarded, "anonymous")

    def said():
        """vmkernel.log names the process"""
        return "exectool (pid" in guarded.check("grep execguard /var/log/vmkernel.log; true")

    wait_until(said)


def test_declared_program_may_generate_code(guarded):
    assert not runs(guarded, "anonymous", tool="/opt/exectool/jit")
    reload_worlds(guarded)
    guarded.check("visorcli system service start --name=vm; sleep 1")
    for way in JIT_WAYS:
        assert runs(guarded, way, tool="/opt/exectool/jit"), way
    assert not runs(guarded, "memfd-exec", TOOL, "/opt/exectool/jit")
    assert not runs(guarded, "copy", "/opt/exectool/lib", "/opt/exectool/jit")
    assert not runs(guarded, "anonymous")


def test_only_tardisks_declare(guarded):
    guarded.check("printf 'command = /opt/exectool/exectool hold /opt/exectool/lib\\n"
                  "pool = host/user/mine\\njit = /opt/exectool/exectool\\nautostart = no\\n' "
                  "> /etc/userworld.d/mine.conf")
    reload_worlds(guarded)
    guarded.check("visorcli system service start --name=mine; sleep 1")
    assert not runs(guarded, "anonymous")


def test_management_works(guarded):
    rows = json.loads(guarded.check("visorcli --formatter=json system settings advanced list"))
    assert [row["value"] for row in rows if row["option"] == "/User/execInstalledOnly"] == [1]
    result = guarded.run("visorcli system settings advanced set -o /User/execInstalledOnly -i 0")
    assert result.status == 6 and "visoros.execInstalledOnly=FALSE" in result.errors


def test_switched_on_while_running(start, out, tardisk):
    machine = prepare(start(), out, tardisk)
    wait_until(lambda: machine.run("visorcli system version get").status == 0)
    assert machine.check(f"cat {SWITCH}") == "0\n" and runs(machine, "anonymous")
    machine.check("visorcli system settings advanced set -o /User/execInstalledOnly -i 1")
    assert machine.check(f"cat {SWITCH}") == "1\n" and not runs(machine, "anonymous")
    machine.check(f"cp {TOOL} /tmp/mine")
    assert not runs(machine, "exec", "/tmp/mine")
