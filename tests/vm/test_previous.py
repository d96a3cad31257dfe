# SPDX-License-Identifier: Apache-2.0
"""A medium with what a previous release wrote (tests/formats): the host goes on with it, and is updated."""

import contextlib
import gzip
import json
import subprocess

import pytest
from bootcfg import BootCfg
from bundlekit import bundles
from conftest import BOOT, OUT, TOP
from depots import serve
from hosts import wait_hostd, wait_until
from media import SECTOR, Medium, blocks, change, copy_sparse
from mediakit import WORDS, make_update, partition
from vm import Machine

RELEASES = sorted(path.parent for path in (TOP / "tests/formats").glob("*/expected.json"))
TRIAL = "visoros.trial=5 visoros.trial.limit=900"


def unpacked(release, name):
    return gzip.decompress((release / f"{name}.gz").read_bytes())


def write(disk, number, data):
    """The content of a partition of a disk."""
    with open(disk, "r+b") as file:
        file.seek(partition(disk, number)["start"] * SECTOR)
        file.write(data)


def make_disk(release, folder):
    """Bank 0 starts: the image of now with that release's bundles; state and bank 1 are that release's."""
    disk, image, more = folder / "disk.img", folder / "bank.fat", folder / "bundles.img"
    cfg = BootCfg.read(BOOT / "boot.cfg")
    more.write_bytes(unpacked(release, "bundles.img"))
    subprocess.run([OUT / "bin/mkbank", "-o", image, "-m", "128", "-u", "9", "-s", "0", "-b", "there-1",
                    "-a", f"{cfg['kernelopt']} {WORDS} {TRIAL}", BOOT / cfg["kernel"],
                    *(BOOT / name for name in cfg["modules"]), more], check=True)
    copy_sparse(OUT / "media/visoros.img", disk)
    write(disk, 3, unpacked(release, "state.img"))
    write(disk, 4, image.read_bytes())
    write(disk, 5, unpacked(release, "bank.img"))
    for place, bank in list(blocks(disk)):
        if bank["build"] == "tiny-3":
            bank["bootstate"] = "3"  # the one that was started before this one
            change(disk, place, bank)
    return disk


@contextlib.contextmanager
def host(disk):
    with Machine(BOOT, memory=512, medium=Medium(disk, "virtio", own=True)) as machine:
        machine.wait_guest(600)
        wait_hostd(machine, 600)
        wait_until(lambda: "State: valid" in machine.check("localcli system boot get"), timeout=900)
        yield machine


def check_configuration(machine, expected):
    """All that was set there is in force here."""
    assert machine.check("hostname") == expected["files"]["/etc/hostname"]
    for path, text in expected["files"].items():
        assert machine.check(f"cat {path}") == text, path
    for path in expected["deleted"]:
        assert machine.run(f"ls {path}").status != 0, path
    assert "192.0.2.123" in machine.check("visorcli system ntp get")
    assert "tcp://192.0.2.9:514" in machine.check("visorcli system syslog config get")
    assert bundles(machine) == {"kept": "1.2"} and machine.check("cat /opt/kept") == "kept 1.2\n"


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_update_from_a_previous_release(release, tmp_path):
    expected = json.loads((release / "expected.json").read_text())
    disk = make_disk(release, tmp_path)
    make_update(tmp_path, "now-2", TRIAL)
    with contextlib.contextmanager(serve)(tmp_path) as server, host(disk) as machine:
        check_configuration(machine, expected["state"])
        history = json.loads(machine.check("localcli --formatter=json system state history"))
        assert expected["state"]["newest"] in [row["generation"] for row in history]
        assert expected["bank"]["build"] in machine.check("visorcli system boot bank list")
        machine.check(f"visorcli system boot update --source {server.url}/now-2.vib", timeout=1800)
        machine.run("(sleep 1; localcli system shutdown reboot --reason test) > /dev/null 2>&1 &")
        machine.wait_end(600)
    with host(disk) as machine:
        assert "Build: now-2\n" in machine.check("localcli system boot get")
        check_configuration(machine, expected["state"])
        # What is changed now comes after all that.
        machine.check("localcli system hostname set --host after-2")
        saved = json.loads(machine.check("localcli --formatter=json system state save"))
        assert saved["generation"] > expected["state"]["newest"]
        machine.check("localcli system state revert --generation 1")
        assert machine.check("hostname").strip() != "after-2"
