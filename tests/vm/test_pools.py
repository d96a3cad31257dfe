# SPDX-License-Identifier: Apache-2.0
"""Resource pools: contracts set by command, kept over a restart, refused when too much, and heard when they bite."""

import json
import re

import pytest
from hosts import wait_hostd, wait_until
from test_worlds import add_world, reload_worlds, services

CGROUP = "/sys/fs/cgroup"
BOMB = "/usr/lib/visoros/tests/membomb"


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    from vm import Machine

    with Machine(boot, memory=192) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield machine


def pool(host, name, file):
    return host.check(f"cat {CGROUP}/{name}/{file}").strip()


def log(host):
    return host.check("cat /var/log/vmkernel.log")


def group(host, name):
    return json.loads(host.check(f"localcli --formatter=json sched group get -g {name}"))


def start_world(host, name, **lines):
    add_world(host, name, **lines)
    reload_worlds(host)
    wait_until(lambda: services(host).get(name, {}).get("state") == "running")


def test_list_shows_the_tree(host):
    rows = {row["group"]: row for row in json.loads(host.check("visorcli --formatter=json sched group list"))}
    assert {"host", "host/system", "host/system/oomd", "host/vim/vmvisor/hostd"} <= set(rows)
    assert rows["host/vim/vmvisor/hostd"]["world"] == "hostd"
    assert rows["host/vim/vmvisor/hostd"]["memory_min"] >= 12 << 20
    assert re.search(r"^host/vim/vmvisor/hostd +hostd ", host.check("esxcli sched group list"), re.M)


def test_set_is_live_and_kept(host):
    start_world(host, "sleeper", command="/bin/sleep 10000", **{"pids.max": "9", "memory.max": "8M"})
    host.check("visorcli sched group set -g host/user/sleeper --mem-max=9 --cpu-max=30 --pids-max=-1")
    name = "host/user/sleeper"
    want = [str(9 << 20), "30000 100000", "max"]
    files = ("memory.max", "cpu.max", "pids.max")
    assert [pool(host, name, file) for file in files] == want
    # A new supervisor and a new start of the world come to the same.
    host.check("kill -9 $(pidof supervisor)")
    wait_until(lambda: host.run("localcli system service restart --name sleeper").status == 0)
    wait_until(lambda: services(host)["sleeper"]["state"] == "running")
    assert [pool(host, name, file) for file in files] == want
    assert group(host, name)["changed"] is True
    assert "/etc/pools.conf" in host.check("localcli system state list")
    host.check("visorcli sched group set -g host/user/sleeper --reset")
    assert [pool(host, name, file) for file in files] == [str(8 << 20), "max 100000", "9"]


def test_pools_can_be_made_and_removed(host):
    host.check("visorcli sched group add -g host/user -n apps --mem-max=32 --cpu-shares=300 --mem-min=2")
    assert pool(host, "host/user/apps", "cpu.weight") == "300"
    start_world(host, "inner", command="/bin/sleep 10000", pool="host/user/apps/inner")
    assert host.run("visorcli sched group delete -g host/user/apps").status == 5
    host.check("rm /etc/userworld.d/inner.conf")
    reload_worlds(host)
    wait_until(lambda: "inner" not in services(host))
    # It is there again after the supervisor was.
    host.check(f"kill -STOP $(pidof supervisor); rmdir {CGROUP}/host/user/apps/inner 2> /dev/null; "
               f"rmdir {CGROUP}/host/user/apps && kill -9 $(pidof supervisor)")
    wait_until(lambda: host.run(f"grep -x 300 {CGROUP}/host/user/apps/cpu.weight").status == 0)
    wait_until(lambda: pool(host, "host/user/apps", "memory.min") == str(2 << 20))
    host.check("visorcli sched group delete -g host/user/apps")
    assert host.run(f"test -d {CGROUP}/host/user/apps").status != 0


def test_what_the_host_cannot_honour_is_refused(host):
    before = pool(host, "host", "memory.min")
    refused = host.run("visorcli sched group set -g host/user --mem-min=150")
    assert refused.status == 8
    assert re.search(r"\d+M would be reserved by pools and \d+M by ramdisks; this host can reserve \d+M in all",
                     refused.errors)
    assert pool(host, "host", "memory.min") == before
    add_world(host, "greedy", command="/bin/sleep 10000", **{"memory.min": "150M", "memory.max": "160M"})
    reload_worlds(host)
    wait_until(lambda: "userworld greedy: pool host/user/greedy wants to reserve 150M, but" in log(host))
    assert "greedy" not in services(host)
    host.check("rm /etc/userworld.d/greedy.conf")


def test_limits_that_bite_are_heard(host):
    host.put(b"while :; do sleep 100 & done\n", "/tmp/forker.sh")
    host.put(b"while :; do :; done\n", "/tmp/spinner.sh")
    add_world(host, "forker", command="/bin/sh /tmp/forker.sh", restart="never", **{"pids.max": "10"})
    add_world(host, "spinner", command="/bin/sh /tmp/spinner.sh", **{"cpu.max": "10"})
    add_world(host, "fat", command=f"{BOMB} 1 60", **{"memory.max": "64M"})
    reload_worlds(host)
    wait_until(lambda: services(host).get("fat", {}).get("state") == "running")
    host.check("localcli sched group set -g host/user/fat --mem-soft=4")
    for words in (r"pool host/user/forker \(userworld forker\): \d+ forks were refused: it may have 10 processes",
                  r"pool host/user/spinner \(userworld spinner\): cut short in \d+ tenths of a second: "
                  r"it may use 10 % of one CPU",
                  r"pool host/user/fat \(userworld fat\): \d+ times above its soft limit of 4M"):
        wait_until(lambda words=words: re.search("supervisor: " + words, log(host)), timeout=300)
    assert group(host, "host/user/forker")["refused_forks"] > 0
    # Told with a number now and then, not each time.
    assert len(re.findall("forks were refused", log(host))) < 40


def test_small_host_fits(start):
    machine = start(memory=128)
    wait_hostd(machine)
    reserved = int(pool(machine, "host", "memory.min"))
    total = int(machine.check("sed -n 's/MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo")) * 1024
    assert 15 << 20 < reserved <= total // 2
    assert pool(machine, "host/vim/vmvisor/hostd", "memory.max") == str(96 << 20)
