# SPDX-License-Identifier: Apache-2.0
"""How long hostd takes to answer while a userworld beside it leaks, spins, forks or fills its ramdisk.

The guest's clock counts instructions, so the figures are those of hostd and its neighbours, and not of this machine.
"""

import os
from collections import namedtuple

import pytest
from hosts import COUNTING, wait_hostd, wait_until
from test_worlds import BOMB, add_world, pids, reload_worlds, services

pytestmark = [pytest.mark.slow, pytest.mark.alone]

QUESTIONS = int(os.environ.get("QUESTIONS", "500"))
EVERY = 20  # ms
PATIENCE = 3600  # s
TIMES = 10  # so many times as long as on a quiet host, and not more,
ATLEAST = 50000  # unless it is within these microseconds, which hostd allows itself for one answer
Answers = namedtuple("Answers", "asked failed p50 p99 most")

SPIN = "while :; do :; done"
NEIGHBOURS = {
    "leaks": (f"exec {BOMB} 200", {"memory.max": "24M"}),
    "leaks without a limit": (f"exec {BOMB} 50", {}),
    "spins": (SPIN, {}),
    "spins eight times": (" ".join(f"({SPIN}) &" for _ in range(8)) + " wait", {"pids.max": "16"}),
    "forks": ("while :; do sleep 10 & done", {"pids.max": "64"}),
    "fills its ramdisk": ("while :; do dd if=/dev/zero of=/opt/full/junk bs=64k 2> /dev/null; rm /opt/full/junk; done", {}),
}


@pytest.fixture(name="host", scope="module")
def host_fixture(boot, out):
    from vm import Machine

    with Machine(boot, memory=192, append="tsc=reliable", options=COUNTING) as machine:
        machine.wait_guest()
        wait_hostd(machine, timeout=PATIENCE)
        machine.put(out / "bin/asker", "/run/asker", 0o755)
        machine.check("mkdir -p /opt/full && localcli system visorfs ramdisk add -n full -t /opt/full -M 8")
        yield machine


def ask(host, count):
    return Answers(*map(int, host.check(f"/run/asker {count} {EVERY}", timeout=PATIENCE).split()))


@pytest.fixture(name="quiet", scope="module")
def quiet_fixture(host):
    ask(host, 50)  # what is only done once is done
    quiet = ask(host, QUESTIONS)
    print(f"quiet: {quiet}")
    assert not quiet.failed
    return quiet


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_hostd_answers_in_time_beside_one_that(host, quiet, name):
    script, limits = NEIGHBOURS[name]
    kept = pids(host, ["hostd"])
    host.put(f"{script}\n".encode(), "/run/neighbour.sh")
    add_world(host, "neighbour", command="/bin/sh /run/neighbour.sh", restart="always", min_uptime="1", **limits)
    reload_worlds(host)
    wait_until(lambda: services(host).get("neighbour", {}).get("state") == "running", timeout=PATIENCE)
    try:
        answers = ask(host, QUESTIONS)
    finally:
        host.check("rm /etc/userworld.d/neighbour.conf")
        reload_worlds(host)
        wait_until(lambda: "neighbour" not in services(host), timeout=PATIENCE)
    print(f"{name}: {answers}, quiet: {quiet}")
    assert not answers.failed
    assert pids(host, ["hostd"]) == kept
    assert answers.p99 <= max(TIMES * quiet.p99, ATLEAST), (answers, quiet)
