# SPDX-License-Identifier: Apache-2.0
"""Which bundle files and running code came with."""

import json
import shutil
import subprocess

import pytest
from depots import clean_host
from hosts import wait_until


@pytest.fixture(name="host")
def host_fixture(vm):
    yield from clean_host(vm)


def test_provenance_of_files_and_running_code(host, out, tmp_path):
    tree = tmp_path / "tree" / "opt" / "bin"
    tree.mkdir(parents=True)
    shutil.copy(out / "rootfs" / "base" / "usr" / "bin" / "busybox", tree / "sleep")
    (tmp_path / "descriptor.json").write_text(json.dumps({
        "name": "part1", "version": "1", "vendor": "test", "summary": "A test",
        "live_install_allowed": True, "live_remove_allowed": True,
        "sbom": {"components": [{"name": "busybox", "version": "1.35", "license": "GPL-2.0-only"}]}}))
    subprocess.run([out / "bin" / "bundle", "build", "-o", tmp_path / "part1.vib",
                    tmp_path / "descriptor.json", tmp_path / "tree"], check=True)
    host.put(tmp_path / "part1.vib", "/tmp/part1.vib")
    host.check("visorcli software bundle install --bundle /tmp/part1.vib")
    told = host.check("visorcli software provenance get --path /opt/bin/sleep")
    assert "Bundle: part1" in told and "Components: busybox 1.35 (GPL-2.0-only)" in told
    assert "Signature: unsigned" in told and "Changed: false" in told
    assert "part of the image" in host.check("visorcli software provenance get --path /usr/bin/visorcli")
    missing = host.run("visorcli software provenance get --path /opt/nothing")
    assert missing.status == 4, missing

    pid = int(host.check("/opt/bin/sleep 100000 > /dev/null 2>&1 & echo $!"))

    def code():
        rows = json.loads(host.check(f"visorcli --formatter=json software provenance process --pid {pid}"))
        return {row["path"]: row for row in rows}

    def listed():
        return json.loads(host.check("visorcli --formatter=json software provenance list"))

    # The shell has begun the program when its own code is no longer mapped.
    wait_until(lambda: list(code()) == ["/opt/bin/sleep"])
    assert code()["/opt/bin/sleep"]["status"] == "installed"
    assert code()["/opt/bin/sleep"]["bundle"] == "part1"
    assert not [row for row in listed() if row["pid"] == pid]

    # The bundle goes, its code stays with whoever runs it; and another one of the name changes nothing.
    host.check("visorcli software bundle remove --name part1 --force")
    assert code()["/opt/bin/sleep"]["status"] == "removed"
    row, = (row for row in listed() if row["pid"] == pid)
    assert row["command"] == "sleep" and row["path"] == "/opt/bin/sleep", row
    host.check("visorcli software bundle install --bundle /tmp/part1.vib")
    assert code()["/opt/bin/sleep"]["status"] in ("replaced", "removed")
    host.check(f"kill {pid}; rm /tmp/part1.vib")
    wait_until(lambda: host.run(f"visorcli software provenance process --pid {pid}").status == 4)
