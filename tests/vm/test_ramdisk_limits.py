# SPDX-License-Identifier: Apache-2.0
"""What counts in a ramdisk, to the page and to the inode, and what is said on the way up."""

import pytest
from ramdisks import PAGE, TOOLS, Instance, bring_tools

LONG = "n" * 200
MB = 1 << 20


@pytest.fixture(scope="module", name="host")
def host_fixture(vm, out, tmp_path_factory):
    """The shared machine with the tools."""
    bring_tools(vm, out, tmp_path_factory.mktemp("limits"),
                {"t/a": b"a" * 9000, "t/b": b"b", "t/" + LONG: b"c", "dir/file": b"d"})
    yield vm
    vm.check(f"rm -rf {TOOLS}")


@pytest.fixture(name="fs")
def fs_fixture(host):
    """8 MB and 1000 inodes, with the tardisk."""
    with Instance(host, f"max=8m,inodes=1000,tardisk={TOOLS}/t.v00") as instance:
        yield instance


def test_every_name_counts_an_inode(fs):
    fs.sh("echo x > f; mkdir d; ln -s f l; mknod n p")
    assert fs.used() == (1, 4)
    fs.ram("links f 10 3")
    assert fs.used() == (1, 14)
    fs.sh("mv f.003 g; ln f h; rm f")
    assert fs.used() == (1, 14)
    fs.sh("rm f.* g h d l n -r")
    assert fs.used() == (0, 0)


def test_hard_links_end_at_the_cap(fs):
    fs.sh("touch f")
    assert fs.fails(f"{TOOLS}/ramtool links f 2000 4") == "ENOSPC\n"
    assert fs.used() == (0, 1000)
    assert fs.log(r"ramdisk root is full \(1000 inodes\): cannot create /f.0999 for ramtool")
    fs.sh("rm f.*")
    assert fs.used() == (0, 1)


def test_long_names_and_links_fill_pages(fs):
    fs.sh(f"i=0; while [ $i -lt 100 ]; do : > ${{i}}{LONG}; i=$((i + 1)); done")
    records = sum(len(f"{i}{LONG}") - 64 for i in range(100))
    assert fs.value("record_bytes") == records
    assert fs.used() == (-(-records // PAGE), 100)
    fs.sh(f"mv 7{LONG} short; ln -s {'t' * 1128} link")
    assert fs.value("record_bytes") == records - (len(LONG) + 1 - 64) + 1000
    fs.sh("rm *[0-9]* link short; true")
    fs.sh(f"rm -f *{LONG} ")
    assert fs.used() == (0, 0) and fs.value("record_bytes") == 0


def test_whiteouts_count_and_free_with_what_they_hid(fs):
    fs.sh("rm t/a t/b")
    assert fs.used() == (0, 2)
    fs.sh(f"rm t/{LONG}")
    assert fs.used() == (1, 3)
    fs.sh("echo new > t/a")
    assert fs.used() == (2, 3)
    fs.sh("rm -r dir")
    assert fs.used() == (2, 5)
    fs.tool("switch discard -t.v00")
    fs.sh("rm -rf t")
    assert fs.used() == (0, 0)


def test_full_ramdisk_lets_go_of_changed_files(fs):
    fs.sh("echo x >> t/a; i=0; while true > $i; do i=$((i + 1)); done 2>/dev/null; true")
    assert fs.used()[1] == 1000
    assert "No space" in fs.fails("rm t/b")
    fs.sh("rm t/a")
    assert fs.used()[1] == 1000
    fs.sh("rm 0 && rm t/b")
    assert fs.used()[1] == 1000


def test_changed_directories_of_tardisks_count(fs):
    fs.sh("chmod 700 dir; chmod 755 dir")
    assert fs.used() == (0, 1)
    fs.ram("xattr dir user.note 100")
    assert fs.used() == (1, 1)
    fs.tool("switch -t.v00")
    assert fs.used() == (0, 0)


def test_xattrs_are_charged(fs):
    fs.sh("mkdir d; touch f")
    for target in ("d", "f"):
        for name in ("user.a", "trusted.a", "security.a"):
            fs.ram(f"xattr {target} {name} 5000")
            assert fs.ram(f"getxattr {target} {name}") == "5000\n"
    pages, inodes = fs.used()
    assert 7 <= pages <= 9 and inodes == 2
    fs.sh("echo 3 > /proc/sys/vm/drop_caches")
    assert fs.ram("getxattr d user.a") == "5000\n"
    assert fs.fails(f"{TOOLS}/ramtool xattr d user.b 60000") == "ENOSPC\n"
    fs.ram("xattr d user.a -1")
    assert fs.fails(f"{TOOLS}/ramtool getxattr d user.a") == "ENODATA\n"
    fs.sh("rmdir d; mkdir d")
    assert fs.fails(f"{TOOLS}/ramtool getxattr d trusted.a") == "ENODATA\n"
    fs.sh("rm -r d f")
    assert fs.used() == (0, 0)


def test_xattrs_end_at_the_cap(fs):
    result = fs.fails("i=0; while touch $i && "
                      f"{TOOLS}/ramtool xattr $i user.x 60000; do i=$((i + 1)); done; false")
    assert "ENOSPC" in result
    pages = fs.used()[0]
    assert 2048 - 15 <= pages <= 2048
    fs.sh("rm [0-9]*")
    assert fs.used() == (0, 0)


def test_acls_are_not_supported(fs):
    fs.sh("touch f; mkdir d")
    for target, name in (("f", "access"), ("d", "default")):
        command = f"{TOOLS}/ramtool xattr {target} system.posix_acl_{name} 28"
        assert fs.fails(command) in ("EOPNOTSUPP\n", "EINVAL\n")
        command = f"{TOOLS}/ramtool getxattr {target} system.posix_acl_{name}"
        assert fs.fails(command) == "EOPNOTSUPP\n"


def test_owners_are_the_pools_that_write(fs):
    groups = [f"/sys/fs/cgroup/rd-{name}" for name in ("one", "two")]
    fs.sh(f"mkdir -p {' '.join(groups)}")
    numbers = [int(fs.sh(f"stat -c %i {group}")) for group in groups]

    def within(index, command):
        fs.sh(f"sh -c 'echo $$ > {groups[index]}/cgroup.procs; {command}'")

    within(0, "dd if=/dev/zero of=f bs=4096 count=3; mkdir d; rm t/b")
    within(1, "dd if=/dev/zero of=g bs=4096 count=5")
    owners = fs.owners()
    assert owners == {numbers[0]: (3 * PAGE, 3), numbers[1]: (5 * PAGE, 1)}
    assert list(owners)[0] == numbers[1]
    within(1, "echo more >> d/new; dd if=/dev/zero of=f bs=4096 count=4 conv=notrunc")
    assert fs.owners() == {numbers[0]: (0, 2), numbers[1]: (10 * PAGE, 3)}
    fs.sh(f"rmdir {' '.join(groups)}")
    fs.sh("rm -r f g d")
    assert fs.owners() == {numbers[0]: (0, 1)}


def test_more_pools_than_places(fs):
    fs.sh("i=0; while [ $i -lt 80 ]; do g=/sys/fs/cgroup/rd-$i; mkdir -p $g; "
          "sh -c \"echo \\$\\$ > $g/cgroup.procs; echo x > $i\"; rmdir $g; i=$((i + 1)); done")
    owners = fs.owners()
    assert len(owners) == 64 and owners[0] == (17 * PAGE, 17)
    fs.sh("rm *[0-9]")
    assert not fs.owners()
