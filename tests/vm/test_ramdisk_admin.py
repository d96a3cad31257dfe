# SPDX-License-Identifier: Apache-2.0
"""Ramdisks as those see them who run a host: permissions, owners, events."""

import json
import re

import pytest
from hosts import wait_hostd, wait_until

DIR = "/tmp/stage"
CLI = "visorcli --formatter=json system"


@pytest.fixture(name="host")
def host_fixture(vm):
    """The shared host, with a directory for a ramdisk."""
    wait_hostd(vm)
    vm.check(f"mkdir {DIR}")
    yield vm
    vm.run(f"rm -rf {DIR}/*; visorcli system visorfs ramdisk remove --target {DIR}; rm -r {DIR}")


def add(host, *words, name="stage", target=DIR, before=""):
    """Makes a ramdisk of 4 MiB, right after what the shell does before; the result of the command."""
    return host.run(f"{before} visorcli system visorfs ramdisk add --name {name} --target {target} --max-size 4 "
                    + " ".join(words))


def rows(host, words):
    return json.loads(host.check(f"{CLI} {words}"))


def ramdisks(host):
    return {row["name"] for row in rows(host, "visorfs ramdisk list")}


@pytest.mark.parametrize("mode", ["0700", "1777", "02755", "000"])
def test_permissions(host, mode):
    assert add(host, "--permissions", mode).status == 0
    assert host.check(f"stat -c '%a %F' {DIR}") == f"{int(mode, 8):o} directory\n"
    made = host.run(f"su -s /bin/sh nobody -c ': > {DIR}/f'")
    assert (made.status == 0) == (mode == "1777"), made


@pytest.mark.parametrize("mode", ["8", "0999", "77777", "-077", "+777", "' 77'", "u+rwx"])
def test_permissions_that_are_none(host, mode):
    before = host.check(f"stat -c %a {DIR}")
    result = add(host, f"--permissions={mode}")
    assert result.status != 0 and "permissions" in result.errors, result
    assert "stage" not in ramdisks(host) and host.check(f"stat -c %a {DIR}") == before


def test_permissions_that_cannot_be_set(host):
    """A tardisk's directory needs an inode of the root's ramdisk to change, and it has none left."""
    root = next(row for row in rows(host, "visorfs ramdisk list") if row["name"] == "root")
    before = host.check("stat -c %a /usr/share")
    # Others make files there as well, so it is made full, and not only its cap as low as it seems to be.
    fill = "mkdir /fill.d; (i=0; while : > /fill.d/$i; do i=$((i + 1)); done) 2>/dev/null;"
    host.check(f"visorcli system visorfs ramdisk resize --name root --inodes {root['used_inodes'] + 100}")
    try:
        result = add(host, "--permissions", "0711", target="/usr/share", before=fill)
    finally:
        host.check("rm -r /fill.d; visorcli system visorfs ramdisk resize --name root "
                   f"--inodes {root['max_inodes']}")
    assert result.status == 8 and "/usr/share" in result.errors, result
    assert "stage" not in ramdisks(host) and host.check("stat -c %a /usr/share") == before


def test_owners(host):
    assert add(host).status == 0
    host.check(f"head -c 100000 /dev/zero > {DIR}/f")
    mine, = rows(host, "visorfs ramdisk owners --name stage")
    assert mine == {"ramdisk": "stage", "pool": "/host/system/guestd", "bytes": 102400, "inodes": 1}
    everything = rows(host, "visorfs ramdisk owners")
    assert mine in everything and {row["ramdisk"] for row in everything} >= {"run", "stage"}
    assert host.run("visorcli system visorfs ramdisk owners --name none").status == 4


def events(host):
    """Those of the ramdisk, oldest first: (level, text)."""
    return [(row["severity"], row["text"]) for row in reversed(rows(host, "event list --limit 1000"))
            if "Ramdisk stage" in row["text"]]


def test_events(host):
    """hostd tells of marks and of writes that did not fit; some may come together."""
    before = len(events(host))
    assert add(host).status == 0

    def told(count):
        wait_until(lambda: len(events(host)) >= before + count, timeout=120)
        return events(host)[before:]

    def used(text, mark):
        """KiB that were in use when hostd looked: while the file grew, or after."""
        return int(re.search(rf"at {DIR} has passed {mark} %: (\d+) of 4096 KiB used; "
                             r"most is held by /host/system/guestd", text)[1])

    host.check(f"head -c 3500000 /dev/zero > {DIR}/f")
    level, text = told(1)[0]
    # The write that passes the mark may not be counted yet; none is longer than 64 KiB.
    assert level == "warning" and 4096 * 0.80 - 64 <= used(text, 80) <= 3420
    host.run(f"dd if=/dev/zero of={DIR}/g bs=64k")
    later = dict(told(3)[1:3])
    assert 4096 * 0.95 - 64 <= used(later["warning"], 95) <= 4096
    # dd begins anew with less after a refusal: hostd may look in between.
    now = re.search(r"\d+ requests refused, now (\d+) of 4096 KiB and 2 of 8192 inodes used", later["error"])
    assert 4096 - 64 <= int(now[1]) <= 4096


def test_alarm_ends_though_hostd_was_away(host):
    """Nobody saw that the ramdisk went; the next hostd compares."""
    def stands():
        return "ramdisk:left" in {row["alarm"] for row in rows(host, "alarm list")}

    assert add(host, name="left").status == 0
    host.check(f"head -c 4000000 /dev/zero > {DIR}/f")
    wait_until(stands, timeout=120)
    host.check("localcli system service stop --name hostd")
    try:
        host.check(f"rm {DIR}/f; localcli system visorfs ramdisk remove --name left")
        assert "ramdisk:left" in host.check("localcli system alarm list")
    finally:
        host.check("localcli system service start --name hostd")
    wait_hostd(host)
    wait_until(lambda: not stands(), timeout=120)
