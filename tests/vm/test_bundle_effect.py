# SPDX-License-Identifier: Apache-2.0
"""A dry run tells what happens then: files, services and memory."""

import json

import pytest
from hosts import namespace, wait_hostd
from vibs import archive, descriptor, write_tree

HIDDEN = "/usr/share/visoros/bundle.schema.json"
CONF = """command = /bin/sleep 1000000
pool = host/user/effect
memory.min = 1M
memory.max = 8M
"""


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    yield vm
    vm.run("visorcli software bundle remove --name effect --force; rm -f /tmp/*.vib")


def call(machine, command):
    return json.loads(machine.check(f"visorcli --formatter=json software bundle {command}"))


def bundle(out, folder, version, files, **fields):
    limits = [{"world": "effect", "memory_min": 1 << 20, "memory_max": 8 << 20}]
    return archive(*descriptor(out, write_tree(folder / version, files), name="effect",
                               version=version, services=["effect"], resources=limits,
                               services_restart=["vmklogger"], overlay=True, **fields))


def test_dry_run_and_what_happens(host, out, tmp_path):
    start = namespace(host)
    files = {"etc/userworld.d/effect.conf": CONF, "usr/lib/effect/a": "a", "usr/lib/effect/b": "b",
             HIDDEN[1:]: "hidden\n"}
    host.put(bundle(out, tmp_path, "1", files), "/tmp/1.vib")
    told = call(host, "install --bundle /tmp/1.vib --dry-run")
    effect = told["effect"]
    assert namespace(host) == start
    assert told["installed"] == ["visoros_bootbank_effect_1"] and not told["reboot_required"]
    assert effect["files_added"] == ["/etc/userworld.d/effect.conf", "/usr/lib/effect/a",
                                     "/usr/lib/effect/b"]
    assert effect["files_overridden"] == [{"path": HIDDEN, "below": "base.v00"}]
    assert effect["services_started"] == ["effect"]
    assert effect["memory_reserved"] == 1 << 20
    assert effect["memory_peak"] > effect["memory_kept"] > 0

    pid = "visorcli --formatter=json system service list"
    logger = [row["pid"] for row in json.loads(host.check(pid)) if row["name"] == "vmklogger"]
    call(host, "install --bundle /tmp/1.vib")
    rows = {row["name"]: row for row in json.loads(host.check(pid))}
    assert rows["effect"]["state"] == "running"
    assert [rows["vmklogger"]["pid"]] != logger
    assert host.check(f"cat {HIDDEN}") == "hidden\n"
    limit = host.check("cat /sys/fs/cgroup/host/user/effect/memory.max").strip()
    assert int(limit) == 8 << 20

    files = {"etc/userworld.d/effect.conf": CONF, "usr/lib/effect/b": "c", "usr/lib/effect/d": "d",
             HIDDEN[1:]: "hidden\n"}
    host.put(bundle(out, tmp_path, "2", files), "/tmp/2.vib")
    effect = call(host, "install --bundle /tmp/2.vib --dry-run")["effect"]
    assert effect["files_added"] == ["/usr/lib/effect/d"]
    assert effect["files_removed"] == ["/usr/lib/effect/a"]
    assert "/usr/lib/effect/b" in effect["files_updated"]
    assert effect["services_stopped"] == ["effect"]
    assert effect["memory_freed"] > 0

    del files[HIDDEN[1:]]
    host.put(bundle(out, tmp_path, "3", files), "/tmp/3.vib")
    effect = call(host, "install --bundle /tmp/3.vib --dry-run")["effect"]
    assert effect["files_revealed"] == [{"path": HIDDEN, "below": "base.v00"}]
    assert effect["files_removed"] == ["/usr/lib/effect/a"]

    effect = call(host, "remove --name effect --dry-run")["effect"]
    assert effect["files_revealed"] == [{"path": HIDDEN, "below": "base.v00"}]
    assert "/usr/lib/effect/a" in effect["files_removed"]
    assert HIDDEN not in effect["files_removed"]
    call(host, "remove --name effect")
    host.check("rm -f /tmp/*.vib")
    assert namespace(host) == start
