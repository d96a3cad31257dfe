# SPDX-License-Identifier: Apache-2.0
"""What POSIX and the man pages promise, on visorfs and, to judge the test, on tmpfs."""

import subprocess

import pytest

TOOL = "/tmp/posix/posixtool"
DIR = "/tmp/posix/fs"
TARDISK = "/tmp/posix/tree.v00"


@pytest.fixture(scope="module", name="tool")
def tool_fixture(vm, out, tmp_path_factory):
    """posixtool in the guest, and a tardisk of what it works on. The tree is made there:
    its owners and nodes are root's to make."""
    vm.check(f"mkdir -p {DIR}")
    vm.put(out / "bin/posixtool", TOOL, 0o755)
    vm.check(f"mount -t tmpfs none {DIR} && mkdir {DIR}/tree && {TOOL} make {DIR}/tree && "
             f"tar -C {DIR}/tree -cf {DIR}/tree.tar .")
    folder = tmp_path_factory.mktemp("posix")
    (folder / "tree.tar").write_bytes(vm.get(f"{DIR}/tree.tar"))
    subprocess.run([out / "bin/mktardisk", "-o", folder / "tree.v00", "-t", folder / "tree.tar"],
                   check=True)
    vm.check(f"umount {DIR}")
    vm.put(folder / "tree.v00", TARDISK)
    yield TOOL
    vm.check("rm -r /tmp/posix")


MOUNTS = {
    "tmpfs": f"mount -t tmpfs -o size=100m none {DIR} && {TOOL} make {DIR}",
    "ramdisk": f"mount -t visorfs -o max=100m,inodes=20000 none {DIR} && {TOOL} make {DIR}",
    "tardisk": f"mount -t visorfs -o max=100m,inodes=20000,tardisk={TARDISK} none {DIR}",
    "compressed": f"mount -t visorfs -o max=100m,inodes=20000,packed={TARDISK} none {DIR}",
    "branches": f"mount -t visorfs -o max=100m,inodes=20000,tardisk={TARDISK} none {DIR} && "
                f"{TOOL} change {DIR}",
}
OPTIONS = {"tmpfs": "", "ramdisk": "-v", "tardisk": "-v -t", "compressed": "-v -t",
           "branches": "-v -t"}


@pytest.mark.parametrize("files", MOUNTS)
def test_answers(vm, tool, files):
    vm.check(MOUNTS[files])
    try:
        result = vm.run(f"{tool} run {DIR} {OPTIONS[files]}", timeout=600)
        wrong = [line for line in result.output.splitlines() if not line.endswith(" 0 failures")]
        assert result.status == 0 and not wrong, "\n".join(wrong) + result.errors
    finally:
        vm.check(f"umount {DIR}")
