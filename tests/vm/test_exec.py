# SPDX-License-Identifier: Apache-2.0
"""Execution from tardisks only: by the file system, in a second instance of it."""

import shutil

import pytest
from hosts import end_process
from test_visorfs import fill, make_tardisk

DIR = "/tmp/code"
TOOLS = "/tmp/exec-tools"
CODE = bytes([0xb8, 42, 0, 0, 0, 0xc3]).ljust(4096, b"\0")  # return 42;
RACES = 400
SCRIPT = b"#!/bin/sh\nexit 0\n"

EXEC_WAYS = ("exec", "execveat", "proc-fd", "loader")
MAP_WAYS = ("map", "map-shared", "protect", "text")
WRITE_WAYS = ("copy", "copy-rwx", "text-write")


@pytest.fixture(scope="module", name="tardisk")
def tardisk_fixture(vm, out, tmp_path_factory):
    """A tardisk with a program, a script and a library, in the guest with the tools."""
    folder = tmp_path_factory.mktemp("code")
    program = shutil.which("true")
    with open(program, "rb") as file:
        fill(folder / "code", {"program": (file.read(), 0o755), "script": (SCRIPT, 0o755),
                               "lib": (CODE, 0o755), "big": (CODE + bytes(8 << 20), 0o755),
                               "sub/file": b"text"})
    fill(folder / "code", {f"race/{i}": CODE for i in range(RACES)})
    vm.check(f"mkdir -p {TOOLS}")
    vm.put(make_tardisk(out, folder, "code"), f"{TOOLS}/code.v00")
    for tool in ("vfstool", "exectool"):
        vm.put(out / "bin" / tool, f"{TOOLS}/{tool}", 0o755)
    yield f"{TOOLS}/code.v00"
    vm.check(f"rm -rf {TOOLS}")


class Code:
    """The second instance while it is mounted."""

    def __init__(self, vm, tardisk, residency="tardisk"):
        self.vm = vm
        vm.check(f"mkdir -p {DIR} && mount -t visorfs -o max=32m,{residency}={tardisk} none {DIR}")
        self.sysfs = "/sys/fs/visorfs/" + max(vm.check("ls /sys/fs/visorfs").split(), key=int)

    def restrict(self):
        """Throws the switch."""
        self.vm.check(f"echo 1 > {self.sysfs}/exec_installed_only")

    def sh(self, command):
        """A shell command in the directory: its result."""
        return self.vm.run(f"cd {DIR} && {command}")

    def runs(self, way, file=""):
        """Whether exectool gets code to run that way."""
        result = self.sh(f"{TOOLS}/exectool {way} {file}")
        assert result.status in (0, 1), result
        assert bool(result.output.strip() == "ran") == (result.status == 0), result
        return result.status == 0

    def refused(self):
        """How many refusals were counted."""
        return int(self.vm.check(f"cat {self.sysfs}/exec_refused"))

    def hold(self, file):
        """A process that has the file mapped as code, until let_go()."""
        self.vm.check(f"cd {DIR}; {TOOLS}/exectool hold {file} > /tmp/held & echo $! > /tmp/holder; "
                      "until grep -q held /tmp/held; do sleep 0.1; done")

    def let_go(self):
        """Ends it."""
        end_process(self.vm, self.vm.check("cat /tmp/holder").strip())
        self.vm.check("rm /tmp/holder /tmp/held")


@pytest.fixture(name="code")
def code_fixture(vm, tardisk, request):
    code = Code(vm, tardisk, getattr(request, "param", "tardisk"))
    yield code
    if vm.run("test -f /tmp/holder").status == 0:
        code.let_go()
    vm.check(f"umount {DIR}")


CHANGES = {
    "one byte": "printf x | dd of={0} bs=1 seek=100 conv=notrunc",
    "mode": "chmod 700 {0}",
    "length": "truncate -s 4000 {0}",
    "attribute": "setfattr -n user.a -v b {0} || chown 1:1 {0}",
    "hard link": "ln {0} {0}-too",
    "rename": "mv {0} other && mv other {0}",
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_file_is_no_code(code, change):
    for file in ("program", "lib"):
        code.vm.check(f"cd {DIR} && {CHANGES[change].format(file)}")
    before = [code.runs("exec", "program"), code.runs("map", "lib")]
    assert before[1] and (before[0] or change in ("one byte", "length"))
    code.restrict()
    for way in EXEC_WAYS:
        assert not code.runs(way, "program"), way
    for way in MAP_WAYS + WRITE_WAYS:
        assert not code.runs(way, "lib"), way


def test_new_file_is_no_code(code):
    code.vm.check(f"cd {DIR} && cp program mine2 && cp script my-script && cp lib my-lib2 && "
                  "mkdir d && mv mine2 mine && mv my-lib2 d && mv d/my-lib2 my-lib")
    for way in EXEC_WAYS:
        assert code.runs(way, "mine")
    assert code.runs("exec", "my-script")
    code.restrict()
    for way in EXEC_WAYS:
        assert not code.runs(way, "mine"), way
    assert not code.runs("exec", "my-script")
    for way in MAP_WAYS + WRITE_WAYS:
        assert not code.runs(way, "my-lib"), way
    assert not code.runs("tmpfile", ".")


@pytest.mark.parametrize("code", ["tardisk", "packed"], indirect=True)
def test_unchanged_file_is_code(code):
    code.restrict()
    for way in EXEC_WAYS:
        assert code.runs(way, "program"), way
    assert code.runs("exec", "script")
    for way in MAP_WAYS:
        assert code.runs(way, "lib"), way
        assert code.runs(way, "big"), way
    assert code.refused() == 0
    assert code.runs("access", "program")


def test_what_was_written_never_becomes_code(code):
    for way in WRITE_WAYS:
        assert code.runs(way, "lib"), way
    code.restrict()
    for way in WRITE_WAYS:
        assert not code.runs(way, "lib"), way


def test_upward_only(code):
    switch = f"{code.sysfs}/exec_installed_only"
    assert code.vm.check(f"cat {switch}") == "0\n"
    assert code.vm.run(f"echo 0 > {switch}").status == 0
    assert code.vm.run(f"echo maybe > {switch}").status != 0
    code.restrict()
    assert code.vm.check(f"cat {switch}") == "1\n"
    result = code.vm.run(f"echo 0 > {switch}")
    assert result.status != 0 and "not permitted" in result.errors
    code.vm.check(f"mount -o remount,max=30m none {DIR}")
    assert code.vm.check(f"cat {switch}") == "1\n"
    assert "exec_installed_only" in code.vm.check(f"grep {DIR} /proc/mounts")


def test_mount_option_and_later_instances(code, tardisk):
    other = f"{DIR}-2"
    code.vm.check(f"mount -o remount,exec_installed_only none {DIR} && mkdir {other} && "
                  f"mount -t visorfs -o tardisk={tardisk} none {other}")
    try:
        assert "exec_installed_only" in code.vm.check(f"grep {other} /proc/mounts")
    finally:
        code.vm.check(f"umount {other} && rmdir {other}")


def uptime(vm):
    """Seconds that the guest runs."""
    return float(vm.check("cat /proc/uptime").split()[0])


def test_refusals_are_counted_and_said(code):
    code.restrict()
    code.vm.check(f"cp {DIR}/program {DIR}/said-program; dmesg -c > /dev/null")
    begin = uptime(code.vm)
    result = code.sh("./said-program")
    assert result.status == 126 and "ermission denied" in result.errors
    assert not code.runs("access", "said-program") and code.runs("access", "program")
    assert code.refused() == 1
    said = code.vm.check("dmesg")
    assert "may not execute /said-program: only unchanged files of tardisks" in said
    code.sh("for i in $(seq 20); do ./said-program; done 2> /dev/null")
    assert code.refused() == 21
    # Once in five seconds at most.
    said = int(code.vm.check("dmesg | grep -c 'may not execute'"))
    assert 1 <= said <= 1 + (uptime(code.vm) - begin) / 5


REFUSED_CHANGES = {name: text for name, text in CHANGES.items() if name != "rename"}
REFUSED_CHANGES["rename"] = "mv {0} other"


@pytest.mark.parametrize("code", ["tardisk", "packed"], indirect=True)
@pytest.mark.parametrize("when", ["before", "after"])
def test_code_in_use_does_not_change(code, when):
    if when == "before":
        code.hold("lib")
        code.restrict()
    else:
        code.restrict()
        code.hold("lib")
    before = code.vm.check(f"stat -c '%a %s %h %i' {DIR}/lib; md5sum {DIR}/lib")
    for name, change in REFUSED_CHANGES.items():
        result = code.sh(f"{{ {change.format('lib')}; }}")
        assert result.status != 0 and "ext file busy" in result.errors, (name, result)
    assert code.vm.check(f"stat -c '%a %s %h %i' {DIR}/lib; md5sum {DIR}/lib") == before
    code.let_go()
    code.vm.check(f"cd {DIR} && echo > lib")
    assert not code.runs("map", "lib")


def test_code_in_use_changes_with_the_mode_off(code):
    code.hold("lib")
    code.vm.check(f"cd {DIR} && chmod 700 lib && echo > lib")
    code.let_go()


def test_running_program_may_be_removed_and_replaced(code):
    code.restrict()
    code.hold("lib")
    code.vm.check(f"cd {DIR} && rm lib && cp program lib")
    assert not code.runs("exec", "lib")
    code.let_go()


def test_who_cannot_link_cannot_stop_a_program(code):
    code.restrict()
    code.vm.check(f"{TOOLS}/vfstool {DIR}/sub ramdisk sub 1048576 10")
    assert "ross-device" in code.sh("ln program sub/other").errors
    assert code.runs("exec", "program")


def test_huge_mapping_of_code_stays_huge(code):
    code.restrict()
    assert code.runs("map", "big")
    huge = code.vm.check(f"cd {DIR}; {TOOLS}/exectool hold-all big > /tmp/held & echo $! > /tmp/holder; "
                         "until grep -q held /tmp/held; do sleep 0.1; done; grep -h FilePmdMapped /proc/$!/smaps")
    code.let_go()
    assert "8192 kB" in huge


def test_mappings_are_counted_to_the_last(code):
    code.restrict()
    assert code.runs("mappings", "big")
    code.vm.check(f"cd {DIR} && echo > big")


def test_change_and_use_never_both(code):
    code.restrict()
    result = code.vm.check(f"cd {DIR} && {TOOLS}/exectool race race", timeout=600)
    rounds, mapped, both = (int(word) for word in result.replace(",", "").split() if word.isdigit())
    assert (rounds, both) == (RACES, 0), result
    assert RACES // 4 <= mapped <= RACES - RACES // 4, result  # where each is first it wins
