# SPDX-License-Identifier: Apache-2.0
"""vmkernel.log: its form, and what happens to it when things go wrong."""

import re

import pytest
from hosts import wait_until
from test_worlds import add_world, reload_worlds

LOG = "/var/log/vmkernel.log"
LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|\d+:\d\d:\d\d:\d\d\.\d{3}) "
                  r"cpu\d+:\d+\)(WARNING: |ALERT: )?[\w./-]{1,31}: .*")


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    """A host whose logs the tests may spoil."""
    from vm import Machine

    with Machine(boot, memory=192) as machine:
        machine.wait_guest()
        yield machine


def log(machine):
    return machine.check(f"cat $(ls -r {LOG}*)")


def test_every_line_has_the_form(host):
    lines = log(host).splitlines()
    assert len(lines) > 100
    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_kernel_and_userworlds_are_in_it(host):
    wait_until(lambda: "supervisor: userworld drivers ended" in log(host))
    text = log(host)
    for words in ("kernel: Linux version 6.", "init: VisorOS ", "supervisor: userworld vmklogger started"):
        assert words in text


def test_severity_and_logs_of_their_own(host):
    host.check("logger -t hostd -p daemon.err 'a test error'; logger -t shell '[root]: ls -la'")
    wait_until(lambda: "shell: [root]: ls -la" in log(host))
    assert re.search(r"cpu\d+:\d+\)WARNING: hostd: a test error\n", log(host))
    assert "WARNING: hostd: a test error" in host.check("cat /var/log/hostd.log")
    assert re.search(r"Z shell\[\d+\]: \[root\]: ls -la\n", host.check("cat /var/log/shell.log"))


def test_a_new_logger_goes_on(host):
    host.put(b"n=0; while :; do n=$((n+1)); echo tick $n; sleep 0.1; done\n", "/tmp/ticker.sh")
    add_world(host, "ticker", command="/bin/sh /tmp/ticker.sh")
    reload_worlds(host)
    wait_until(lambda: "ticker: tick 5\n" in log(host))
    host.check("kill -9 $(pidof vmklogger)")
    host.check("logger -t while-away 'said meanwhile'; true")
    wait_until(lambda: "ticker: tick 60\n" in log(host))
    text = log(host)
    ticks = [int(n) for n in re.findall(r"\)ticker: tick (\d+)\n", text)]
    # What the old logger had read but not written may be missing; nothing comes twice.
    assert ticks == sorted(set(ticks))
    assert len(ticks) >= max(ticks) - 1
    # The kernel's messages are not written a second time.
    assert text.count("kernel: Linux version 6.") == 1
    host.check("rm /etc/userworld.d/ticker.conf")
    reload_worlds(host)


def test_rotation_stays_inside_its_size(host):
    host.put(b"i=0; while [ $i -lt 60 ]; do cat /tmp/lines; i=$((i+1)); done\n", "/tmp/flood.sh")
    host.check("i=0; while [ $i -lt 1000 ]; do i=$((i+1)); "
               "echo line $i of a flood that is to make the log turn over more than once; done >/tmp/lines")
    add_world(host, "flood", command="/bin/sh /tmp/flood.sh", oneshot="yes")
    reload_worlds(host)
    wait_until(lambda: "userworld flood ended" in log(host), timeout=120)
    wait_until(lambda: "line 1000 of a flood" in host.check(f"tail -n 50 {LOG}"))
    sizes = [int(n) for n in host.check(f"stat -c %s {LOG}*").split()]
    assert len(sizes) == 4
    assert max(sizes) <= 1 << 20


def test_full_ramdisk_loses_lines_and_says_how_many(host):
    host.run("dd if=/dev/zero of=/var/log/fill bs=64k 2>/dev/null; "
             "while echo x >>/var/log/fill; do :; done 2>/dev/null")
    host.put(b"cat /tmp/lines\n", "/tmp/lost.sh")
    add_world(host, "lost", command="/bin/sh /tmp/lost.sh", oneshot="yes")
    reload_worlds(host)
    wait_until(lambda: "done" in host.check("cat /run/userworld/lost.mark 2>/dev/null || true"))
    host.check("sleep 1; rm /var/log/fill; logger -t test 'room again'")
    wait_until(lambda: "test: room again" in log(host))
    lost = [int(n) for n in re.findall(r"WARNING: vmklogger: (\d+) lines were lost: no room", log(host))]
    written = len(re.findall(r"\)lost: line \d+ of a flood", log(host)))
    assert lost and sum(lost) + written >= 1000
    assert host.check("pidof vmklogger hostd oomd supervisor")
