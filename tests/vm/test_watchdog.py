# SPDX-License-Identifier: Apache-2.0
"""Worlds that end too often or do nothing, and a host that stands still."""

import re

import pytest
from hosts import vmkernel_log, wait_hostd, wait_log, wait_until
from test_worlds import add_world, reload_worlds, services


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    from vm import Machine

    with Machine(boot, memory=192) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield machine


def state(host, name):
    return services(host).get(name, {}).get("state")


def test_quick_failures_end_in_failed(host):
    add_world(host, "hasty", command="/bin/false", **{"quick_failures": "2"})
    reload_worlds(host)
    wait_until(lambda: state(host, "hasty") == "failed")
    wait_log(host, "userworld hasty ended 3 times in a row within 60 s of its start and is left down")
    assert services(host)["hasty"]["restarts"] == 2
    # The supervisor keeps no events: they come by the logger, and stand as an alarm.
    wait_until(lambda: "service:hasty" in host.check("localcli system alarm list"))
    assert "left down" in host.check("visorcli system event list --id service.down")
    # An operator may try again, and it counts anew: it is started again after it has ended.
    before = vmkernel_log(host).count("userworld hasty starts again in ")
    host.check("localcli system service start --name hasty")
    wait_until(lambda: vmkernel_log(host).count("userworld hasty starts again in ") > before)


def test_immortal_is_tried_again_later(host):
    add_world(host, "undead", command="/bin/false", quick_failures="1", immortal="yes")
    reload_worlds(host)
    wait_log(host, "userworld undead starts again in 600 s")
    assert state(host, "undead") == "backoff"


def test_probe_restarts_what_does_no_work(host):
    host.put(b"echo >> /tmp/probed; test ! -e /tmp/sick\n", "/tmp/probe.sh")
    add_world(host, "patient", command="/bin/sleep 10000", probe="/bin/sh /tmp/probe.sh", probe_interval="1",
              probe_failures="2", probe_timeout="60")
    reload_worlds(host)
    wait_until(lambda: state(host, "patient") == "running")
    wait_until(lambda: host.run("[ $(wc -l < /tmp/probed) -gt 3 ]").status == 0)
    assert services(host)["patient"]["restarts"] == 0
    host.check("touch /tmp/sick")
    wait_until(lambda: services(host)["patient"]["restarts"] >= 1)
    host.check("rm /tmp/sick")
    wait_log(host, "userworld patient: its probe failed with exit code 1",
             "userworld patient does not do its work: its probe failed 2 times in a row; it is restarted")


def test_a_probe_that_hangs_counts(host):
    add_world(host, "mute", command="/bin/sleep 10000", probe="/bin/sleep 1000", probe_interval="1", probe_timeout="1",
              probe_failures="2")
    reload_worlds(host)
    wait_until(lambda: services(host).get("mute", {}).get("restarts", 0) >= 1)
    wait_log(host, "userworld mute: its probe did not end in time")
    for name in ("mute", "patient"):
        host.check(f"rm -f /etc/userworld.d/{name}.conf")
    reload_worlds(host)
    for name in ("mute", "patient"):
        wait_until(lambda name=name: state(host, name) is None)
    wait_until(lambda: host.check("cat /sys/fs/cgroup/host/system/probe/cgroup.procs").strip() == "")


def test_a_stopped_hostd_comes_back(host):
    host.check("sed -i '/^probe/d' /etc/userworld.d/hostd.conf; printf 'probe-interval = 2\\nprobe-timeout = 5\\nprobe = "
               "/usr/bin/visorcli system version get\\nprobe-failures = 2\\nstop-timeout = 2\\n' >>/etc/userworld.d/hostd.conf")
    reload_worlds(host)
    # The probe that was due by the interval of before is not waited for.
    host.check("localcli system service restart --name hostd")
    wait_hostd(host)
    host.check("kill -STOP $(pidof hostd)")
    wait_log(host, "userworld hostd does not do its work", timeout=200)
    wait_hostd(host)


LAST_LINE = ("init", "supervisor", "vmklogger", "oomd", "guestd")
LIBC = "/usr/lib/x86_64-linux-gnu/libc.so.6 /usr/lib64/ld-linux-x86-64.so.2"


def last_line(host):
    """Their processes; what one has just forked has its name for a moment, and a number that is larger."""
    return {name: min(map(int, host.check(f"pidof {name}").split())) for name in LAST_LINE}


def test_the_last_line_survives_everything_else(host):
    """No program but the static ones can run, and whatever else did is killed."""
    wait_hostd(host)
    host.check("sed -i '/^probe/d' /etc/userworld.d/hostd.conf")
    reload_worlds(host)
    before = last_line(host)
    host.check(f"mkdir /tmp/kept && cp -p {LIBC} /tmp/kept/ && rm {LIBC}")
    host.put(f"""for exe in /proc/[0-9]*/exe; do
        pid=${{exe#/proc/}} pid=${{pid%/exe}} name=$(readlink $exe) || continue
        case " $$ $PPID {' '.join(map(str, before.values()))} " in *" $pid "*) continue ;; esac
        kill -9 $pid
    done 2>/dev/null""".encode(), "/tmp/kill-others.sh")
    host.check("sh /tmp/kill-others.sh")
    wait_until(lambda: host.run("pidof hostd dcui stated").status != 0)
    wait_log(host, "userworld hostd was killed after")
    # Nothing that needs a library starts, again and again; these go on.
    tries = vmkernel_log(host).count("userworld hostd starts again in")
    wait_until(lambda: vmkernel_log(host).count("userworld hostd starts again in") > tries + 1)
    assert last_line(host) == before
    host.check("logger -t test 'written without libc'")
    wait_log(host, "test: written without libc")
    # They do their work, and come back themselves. The supervisor last: the others end with it.
    host.check("kill -9 $(pidof vmklogger oomd supervisor)")
    wait_until(lambda: host.run("pidof supervisor && pidof vmklogger && pidof oomd").status == 0)
    add_world(host, "greedy", command="/bin/sh /tmp/greedy.sh", restart="never")
    host.put(b"exec awk 'BEGIN { for (;;) s[n++] = sprintf(\"%1000d\", n) }'\n", "/tmp/greedy.sh")
    reload_worlds(host)
    wait_log(host, "oomd: victim: greedy", timeout=200)
    host.check("cp -p /tmp/kept/libc.so.6 /usr/lib/x86_64-linux-gnu/; cp -p /tmp/kept/ld-linux-x86-64.so.2 /usr/lib64/")
    wait_hostd(host)
    wait_until(lambda: all(state(host, name) == "running" for name in ("hostd", "dcui", "stated", "net")), timeout=200)
    # Nobody was there to keep what oomd told of; the logger did.
    wait_until(lambda: "victim: greedy" in host.check("localcli system event list --id oom.victim"))


@pytest.mark.parametrize("way", [
    pytest.param("kill -STOP $(pidof supervisor)", id="stopped"),
    pytest.param("chmod 0644 /usr/sbin/supervisor; kill -9 $(pidof supervisor)", id="gone", marks=pytest.mark.slow),
    pytest.param("echo c >/proc/sysrq-trigger", id="kernel", marks=pytest.mark.slow)])
def test_hardware_watchdog_resets_a_host_that_stands_still(start, way):
    """Its supervisor, its init without a supervisor that can be started, its kernel."""
    machine = start(memory=192, append="visoros.watchdog=8 panic=0", options=["-device", "i6300esb", "-action", "watchdog=poweroff"])
    wait_until(lambda: re.search(r"hardware watchdog: resets the host after \d+ s", vmkernel_log(machine)))
    # Longer than it waits: so far the host has told it in time.
    machine.check("sleep 10", timeout=120)
    machine.run(f"(sleep 1; {way}) >/dev/null 2>&1 &")
    machine.qmp.wait_event("WATCHDOG")
    machine.wait_end(120)


def test_an_orderly_end_switches_it_off(start):
    machine = start(memory=192, append="visoros.watchdog=60 ignore_loglevel", options=["-device", "i6300esb"])
    wait_log(machine, "hardware watchdog: resets")
    machine.run("(sleep 1; poweroff) >/dev/null 2>&1 &")
    machine.wait_console("all userworlds have ended", timeout=200)
    machine.wait_end(60)
    assert "watchdog did not stop" not in machine.console()
