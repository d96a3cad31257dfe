# SPDX-License-Identifier: Apache-2.0
"""Where userworlds run and what they may have of disks, on a host with two memory nodes."""

import json

import pytest
from hosts import wait_hostd, wait_log, wait_until
from test_worlds import add_world, reload_worlds, services

CGROUP = "/sys/fs/cgroup/host/user"
HARDWARE = ["-object", "memory-backend-ram,id=m0,size=192M", "-object", "memory-backend-ram,id=m1,size=64M",
            "-numa", "node,nodeid=0,cpus=0,memdev=m0", "-numa", "node,nodeid=1,cpus=1,memdev=m1"]


@pytest.fixture(name="host", scope="module")
def host_fixture(boot, tmp_path_factory):
    from vm import Machine

    disk = tmp_path_factory.mktemp("placement") / "disk"
    disk.write_bytes(b"")
    with disk.open("r+b") as file:
        file.truncate(64 << 20)
    with Machine(boot, memory=256, smp=2, disk=disk, options=HARDWARE) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield machine


def read(host, name, file):
    return host.check(f"cat {CGROUP}/{name}/{file}").strip()


def group(host, name):
    return json.loads(host.check(f"localcli --formatter=json sched group get -g host/user/{name}"))


def sleeper(host, name, **lines):
    add_world(host, name, command="/bin/sleep 10000", **lines)
    reload_worlds(host)
    wait_until(lambda: services(host).get(name, {}).get("state") == "running")


def test_a_world_runs_where_its_file_says(host):
    sleeper(host, "placed", **{"cpuset.cpus": "1", "cpuset.mems": "1"})
    pid = read(host, "placed", "cgroup.procs")
    status = host.check(f"cat /proc/{pid}/status")
    assert "Cpus_allowed_list:\t1\n" in status and "Mems_allowed_list:\t1\n" in status
    row = group(host, "placed")
    assert (row["cpus"], row["nodes"]) == ("1", "1")


def test_disks_are_limited(host):
    sleeper(host, "reader", **{"io.max": "1M"})
    number = host.check("cat /sys/block/vda/dev").strip()
    assert f"{number} rbps=1048576 wbps=1048576" in read(host, "reader", "io.max")
    # Five megabytes at one a second, less what may come at once, cannot be quicker than this.
    took = host.check(f"sh -c 'echo $$ > {CGROUP}/reader/cgroup.procs; begin=$(cut -d. -f1 /proc/uptime); "
                      "dd if=/dev/vda of=/dev/null bs=64k count=80 2>/dev/null; "
                      "echo $(($(cut -d. -f1 /proc/uptime) - begin))'", timeout=300)
    assert int(took) >= 3
    host.check("visorcli sched group set -g host/user/reader --io-shares=400 --io-max=-1")
    assert read(host, "reader", "io.weight").splitlines()[0] == "default 400"
    assert "rbps=1048576" not in read(host, "reader", "io.max")
    wait_until(lambda: f"{number} enable=1" in host.check("cat /sys/fs/cgroup/io.cost.qos"))


def test_each_process_has_its_bound_of_memory(host):
    add_world(host, "refused", command="/usr/lib/visoros/tests/membomb 100 64", restart="never",
              **{"memory.address-space": "16M", "memory.max": "96M"})
    reload_worlds(host)
    wait_log(host, "membomb: refused: Cannot allocate memory")
    wait_until(lambda: services(host)["refused"]["state"] == "failed")
    assert "oom_kill 0" in read(host, "refused", "memory.events")


def test_what_the_host_has_not_is_refused_in_words(host):
    refused = host.run("visorcli sched group set -g host/user/placed --cpus=1,5")
    assert refused.status == 3
    assert "pool host/user/placed: cpuset.cpus: this host has no CPU 5, it has 0-1" in refused.errors
    refused = host.run("visorcli sched group set -g host/user/placed --nodes=2-")
    assert "cpuset.mems: this host has no memory node from 2 on, it has 0-1" in refused.errors
    assert read(host, "placed", "cpuset.cpus") == "1"


def test_sets_follow_cpus_that_go_and_come(host):
    switch = "/sys/devices/system/cpu/cpu1/online"
    sleeper(host, "open", **{"cpuset.cpus": "1-"})
    assert read(host, "open", "cpuset.cpus.effective") == "1"
    host.check(f"echo 0 > {switch}")
    wait_log(host, "the host has CPUs 0 now: pools follow")
    assert read(host, "open", "cpuset.cpus.effective") == "0"
    add_world(host, "late", command="/bin/sleep 10000", **{"cpuset.cpus": "1"})
    reload_worlds(host)
    wait_log(host, "userworld late: cpuset.cpus: this host has no CPU 1, it has 0")
    assert "late" not in services(host)
    host.check(f"echo 1 > {switch}")
    wait_log(host, "the host has CPUs 0-1 now: pools follow")
    # What was refused for lack of it is let in.
    wait_until(lambda: services(host).get("late", {}).get("state") == "running")
    assert [read(host, name, "cpuset.cpus.effective") for name in ("open", "late")] == ["1", "1"]
