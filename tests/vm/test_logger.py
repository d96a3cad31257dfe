# SPDX-License-Identifier: Apache-2.0
"""vmkernel.log: its form, and what happens to it when things go wrong."""

import re

import pytest
from hosts import wait_until
from test_worlds import add_world, reload_worlds

LOG = "/var/log/vmkernel.log"
SYSLOG = "/var/log/syslog.log"
TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|\d+:\d\d:\d\d:\d\d\.\d{3})"
LINE = re.compile(TIME + r" (Em|Al|Cr|Er|Wa|No|In|Db)\(1\d\d\) vmkernel: "
                  r"cpu\d+:\d+\)(WARNING: |ALERT: )?[\w./-]{1,31}: .*")


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    """A host whose logs the tests may spoil."""
    from vm import Machine

    with Machine(boot, memory=192) as machine:
        machine.wait_guest()
        yield machine


def log(machine, path=LOG):
    return machine.check(f"cat $(ls -r {path}*)")


def test_every_line_has_the_form(host):
    wait_until(lambda: log(host).count("\n") > 100)
    # The last one may be half written.
    lines = log(host).rpartition("\n")[0].splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_kernel_and_userworlds_are_in_it(host):
    wait_until(lambda: "supervisor: userworld drivers ended" in log(host))
    text = log(host)
    for words in ("kernel: Linux version 6.", "init: VisorOS ", "supervisor: userworld vmklogger started"):
        assert words in text


def test_severity_and_logs_of_their_own(host):
    host.check("logger -t hostd -p daemon.err 'a test error'; logger -t shell -p user.info '[root]: ls -la'; "
               "logger -t other -p daemon.notice 'something else'")
    # The last log that is written.
    wait_until(lambda: ": something else" in host.run(f"cat {SYSLOG}").output)
    assert re.search(r" Er\(179\) vmkernel: cpu\d+:\d+\)WARNING: hostd: a test error\n", log(host))
    assert re.search(r" Er\(179\) vmkwarning: cpu\d+:\d+\)WARNING: hostd: a test error\n",
                     host.check("cat /var/log/vmkwarning.log"))
    assert "something else" not in host.check("cat /var/log/vmkwarning.log")
    assert re.search(r"Z Er\(27\) hostd\[\d+\]: a test error\n", host.check("cat /var/log/hostd.log"))
    assert re.search(r"Z In\(14\) shell\[\d+\]: \[root\]: ls -la\n", host.check("cat /var/log/shell.log"))
    assert re.search(r"Z No\(29\) other\[\d+\]: something else\n", host.check(f"cat {SYSLOG}"))


def test_times_before_the_clock_was_set(start):
    machine = start(memory=192, options=["-rtc", "base=1970-01-02"])
    wait_until(lambda: re.search(r"^0:00:00:\d\d\.\d{3} No\(181\) vmkernel: cpu0:0\)kernel: Linux version",
                                 log(machine), re.M))
    machine.check("date -s @1795352400; logger -t test 'after it'")
    wait_until(lambda: "test: after it" in log(machine))
    lines = log(machine).rpartition("\n")[0].splitlines()
    step = next(i for i, line in enumerate(lines) if "the clock was set forward by" in line)
    assert lines[step].startswith("2026-11-22T13:0")
    assert not any(re.match(r"\d{4}-", line) for line in lines[:step])
    assert all(line.startswith("2026-11-22T13:0") for line in lines[step:])


def test_settings_are_read_again(host):
    host.check("sed -i 's/^shell.size.*/shell.size = 16K/' /etc/vmklogger.conf; kill -HUP $(pidof vmklogger)")
    wait_until(lambda: "vmklogger: settings were read again" in log(host))
    host.check("i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo \"<14>shell: command $i, which is rather long so "
               "that the log has to turn over some time soon\"; done | while read -r l; do logger -t shell \"$l\"; done",
               timeout=600)
    wait_until(lambda: "command 300," in host.run("cat /var/log/shell.log").output)
    sizes = [int(n) for n in host.check("stat -c %s /var/log/shell.log*").split()]
    assert len(sizes) == 2 and max(sizes) <= 16 << 10
    host.check("echo 'shell.size = 1' >/etc/vmklogger.conf; kill -HUP $(pidof vmklogger)")
    wait_until(lambda: "settings stay as they were: /etc/vmklogger.conf: shell.size is at least 16K" in log(host))


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
    # What the old logger had read but not written, a few lines, may be missing; nothing comes twice.
    assert ticks == sorted(set(ticks))
    assert len(ticks) >= max(ticks) - 5
    # The kernel's messages are not written a second time.
    assert text.count("kernel: Linux version 6.") == 1
    host.check("rm /etc/userworld.d/ticker.conf")
    reload_worlds(host)


def test_flood_loses_nothing_and_spares_vmkernel_log(start, out):
    """10,000 lines a second of 8 writers: all are there in order, or it is said how many are not."""
    machine = start(memory=256)
    machine.put(out / "bin/logflood", "/tmp/logflood", 0o755)
    machine.check("sed -i 's/^syslog.size.*/syslog.size = 8M/' /etc/vmklogger.conf; kill -HUP $(pidof vmklogger)")
    wait_until(lambda: "settings were read again" in log(machine))
    took = int(machine.check("/tmp/logflood 8 5000 10000", timeout=600))
    wait_until(lambda: machine.run(f"cat {SYSLOG}* | grep -c 'line 4999 of'").output.strip() == "8")
    counts = machine.check(f"cat $(ls -r {SYSLOG}*) | sed -n 's/.* \\(flood.\\)\\[.*: line \\([0-9]*\\) of.*/\\1 \\2/p' | "
                           "awk '{ if ($2 != n[$1]++) bad++ } END { for (w in n) print w, n[w]; print \"bad\", bad + 0 }'")
    assert sorted(counts.splitlines()) == ["bad 0"] + [f"flood{i} 5000" for i in range(8)]
    print(f"40000 lines of 8 writers in {took} ms")
    # The kernel's words are still there, and each writer has had its ration.
    text = log(machine)
    assert "kernel: Linux version 6." in text
    if took < (5000 - 2000) / 50 * 1000:  # on a very slow machine it was within it
        assert "WARNING: flood0: writes more than 50 lines a second: from here on they are in syslog.log only" in text
    assert len(text) < 4 << 20


def test_rotation_stays_inside_its_size(host):
    host.put(b"i=0; while [ $i -lt 60 ]; do cat /tmp/lines; i=$((i+1)); done; echo end of the flood\n", "/tmp/flood.sh")
    host.check("i=0; while [ $i -lt 1000 ]; do i=$((i+1)); "
               "echo line $i of a flood that is to make the log turn over more than once; done >/tmp/lines")
    add_world(host, "flood", command="/bin/sh /tmp/flood.sh", oneshot="yes")
    reload_worlds(host)
    wait_until(lambda: "userworld flood ended" in log(host), timeout=600)
    wait_until(lambda: ": end of the flood" in host.run(f"tail -n 50 {SYSLOG}").output)
    sizes = [int(n) for n in host.check(f"stat -c %s {SYSLOG}*").split()]
    assert len(sizes) == 4
    assert max(sizes) <= 1 << 20


def test_full_ramdisk_loses_lines_and_says_how_many(host):
    host.check("[ -e /tmp/lines ] || for i in $(seq 1000); do echo line $i of a flood that is to make the log turn over "
               "more than once; done > /tmp/lines")
    # With a new log: one that turns over has room again.
    host.check(f"rm -f {SYSLOG}*; logger -t test 'a new log'")
    wait_until(lambda: ": a new log" in host.run(f"cat {SYSLOG}").output)
    host.run("dd if=/dev/zero of=/var/log/fill bs=64k 2>/dev/null; "
             "while echo x >>/var/log/fill; do :; done 2>/dev/null")
    host.put(b"cat /tmp/lines\n", "/tmp/lost.sh")
    add_world(host, "lost", command="/bin/sh /tmp/lost.sh", oneshot="yes")
    reload_worlds(host)
    wait_until(lambda: "done" in host.check("cat /run/userworld/lost.mark 2>/dev/null || true"))
    host.check("rm /var/log/fill; logger -t test 'room again'")

    def all_told():
        """lines were lost, and all are written or counted as lost"""
        text = log(host, SYSLOG)
        lost = [int(n) for n in re.findall(r"vmklogger\[\d+\]: (\d+) lines were lost: no room", text)]
        written = len(re.findall(r" lost\[\d+\]: line \d+ of a flood", text))
        return ": room again" in text and lost and sum(lost) + written >= 1000

    wait_until(all_told)
    assert host.check("pidof vmklogger hostd oomd supervisor")
