# SPDX-License-Identifier: Apache-2.0
"""The image with its tardisks compressed in memory, on a host that has little of it."""

import json
import re
import subprocess

import pytest
from hosts import wait_hostd, wait_until

SYSFS = "/sys/fs/visorfs/0"
FRAMES = 1 << 20  # bytes of the largest frame
ALL_OF_USR = "find /usr -type f -print0 | sort -z | xargs -0 sha256sum"


@pytest.fixture(scope="module", name="config")
def config_fixture(out):
    """The configuration that the image was made with: {option: value}."""
    lines = (out / "config/auto.conf").read_text().splitlines()
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}


@pytest.fixture(scope="module", name="small")
def small_fixture(boot, out):
    """A host of 128 MB that was told to keep its tardisks compressed."""
    from vm import Machine  # pylint: disable=import-outside-toplevel

    with Machine(boot, memory=128, append="visoros.residency=compressed") as machine:
        machine.wait_guest()
        wait_hostd(machine, 120)
        machine.put(out / "bin/vfstool", "/tmp/vfstool", 0o755)
        yield machine


def tardisks(machine, client="visorcli"):
    rows = json.loads(machine.check(f"{client} --formatter=json system visorfs tardisk list"))
    return {row["name"]: row for row in rows}


def number(machine, name):
    """A number that visorfs shows."""
    return int(machine.check(f"cat {SYSFS}/{name}"))


def available(machine):
    """Bytes that the kernel could give."""
    return int(re.search(r"MemAvailable: +(\d+)", machine.check("cat /proc/meminfo"))[1]) * 1024


def cache_is_within_bounds(machine):
    """no more is cached than visorfs allows"""
    return number(machine, "cache_bytes") <= number(machine, "cache_max_bytes")


def build(out, folder, name, files):
    """A bundle, and the tardisk that is in it, of {path: bytes}."""
    for path, content in files.items():
        (folder / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tree" / path).write_bytes(content)
    (folder / "descriptor.json").write_text(json.dumps(
        {"name": name, "version": "1", "vendor": "test", "summary": "A test",
         "live_install_allowed": True, "live_remove_allowed": True}))
    subprocess.run([out / "bin/bundle", "build", "-f", "128k", "-o", folder / f"{name}.vib",
                    folder / "descriptor.json", folder / "tree"], check=True)
    subprocess.run([out / "bin/mktardisk", "-f", "128k", "-o", folder / f"{name}.v00", folder / "tree"],
                   check=True)
    return folder / f"{name}.vib", folder / f"{name}.v00"


def text(size):
    """Bytes that compress well, and no page is like another."""
    return b"".join(b"line %09d of a file\n" % line for line in range(size // 26 + 1))[:size]


def test_default_is_what_was_configured(vm, config):
    assert vm.check("cat /run/visoros/residency").strip() == config["CONFIG_IMAGE_RESIDENCY"]
    assert {row["residency"] for row in tardisks(vm).values()} == {config["CONFIG_IMAGE_RESIDENCY"]}


def test_drivers_stay_compressed_on_a_small_host(start):
    machine = start(memory=128, append="visoros.residency=resident")
    rows = tardisks(machine, "localcli")
    assert rows["base.v00"]["residency"] == "resident" and rows["drivers.v00"]["residency"] == "compressed"
    # What is read seldom is there, too.
    assert "drivers.v00" in machine.check("localcli software provenance get --path /usr/sbin/dropbear")


def test_unknown_word_is_said_and_the_default_taken(start, config):
    machine = start(append="visoros.residency=packed")
    machine.wait_console("visoros.residency=packed is neither resident nor compressed")
    assert {row["residency"] for row in tardisks(machine, "localcli").values()} == {config["CONFIG_IMAGE_RESIDENCY"]}
    assert machine.check("cat /run/visoros/residency").strip() == config["CONFIG_IMAGE_RESIDENCY"]


def test_host_is_up(small):
    wait_until(lambda: "https://10.0.2.15/" in small.check("fold -w 80 /dev/vcs2"), 200)
    rows = [line.split() for line in small.check("visorcli system service list").splitlines()[2:]]
    assert {"hostd", "dcui"} <= {row[0] for row in rows}
    assert not [row for row in rows if "failed" in row]


def test_list_shows_what_is_in_memory(small):
    rows = tardisks(small)
    assert list(rows) == ["base.v00", "drivers.v00"]
    for row in rows.values():
        assert row["residency"] == "compressed" and row["system"]
        # The frames without digests and seek table, and what is kept of each file.
        assert 0.95 * row["packed"] < row["memory"] < row["packed"] + 500 * row["files"] + 65536
        assert row["memory"] < row["size"] * 0.7
    assert re.search(r"^base.v00 +true +compressed +\d+ KiB +\d+ KiB +\d+ KiB ",
                     small.check("visorcli system visorfs tardisk list"), re.MULTILINE)


def test_little_memory_is_used(small, vm, config):
    """What the unpacked tardisks would take is there for other things."""
    if config["CONFIG_IMAGE_RESIDENCY"] == "compressed":
        pytest.skip("both hosts are the same")
    used = {machine: int(re.search(r"MemTotal: +(\d+)", machine.check("cat /proc/meminfo"))[1]) * 1024 -
            available(machine) for machine in (small, vm)}
    saved = sum(row["memory"] for row in tardisks(vm).values()) - \
        sum(row["memory"] for row in tardisks(small).values())
    assert saved > 10 << 20
    # The larger host has more memory for its own tables: 1/64 of the difference and a bit.
    assert used[small] < used[vm] - saved // 2


def test_cache_stays_within_its_bound(small):
    limit = number(small, "cache_max_bytes")
    size = sum(row["size"] for row in tardisks(small).values())
    assert size // 8 - FRAMES <= limit <= size // 8 + FRAMES
    small.check(ALL_OF_USR, timeout=240)
    wait_until(lambda: cache_is_within_bounds(small))
    assert number(small, "cache_bytes") > 0


def test_content_survives_pressure(small):
    before = small.check(ALL_OF_USR, timeout=240)
    assert before.count("\n") > 100
    small.check("sync; echo 3 > /proc/sys/vm/drop_caches; echo 1 > /proc/sys/vm/compact_memory")
    # All that can be had but what oomd wants to be left, and a little for the programs.
    fill = min((available(small) >> 20) - 15, 60)
    assert fill >= 4
    # Others take memory meanwhile: what visorfs refuses for their sake is not written.
    small.run(f"dd if=/dev/zero of=/tmp/fill bs=1M count={fill} 2>/dev/null", timeout=240)
    assert int(small.check("stat -c %s /tmp/fill")) >= 4 << 20
    assert small.check(ALL_OF_USR, timeout=240) == before
    small.check("rm /tmp/fill")
    assert small.check(ALL_OF_USR, timeout=240) == before
    wait_hostd(small)
    said = small.check("dmesg")
    assert "oom" not in said.lower() and "cannot be unpacked" not in said and "BUG" not in said


def test_bundle_comes_and_goes(small, out, tmp_path):
    content = text(3 << 20)
    bundle, _ = build(out, tmp_path, "big", {"opt/big/data": content, "opt/big/small": b"small\n"})
    limit = number(small, "cache_max_bytes")
    small.put(bundle, "/tmp/big.vib")
    result = small.run("visorcli software bundle install --bundle /tmp/big.vib", timeout=120)
    assert result.status == 0, result
    row = tardisks(small)["big.v00"]
    assert row["residency"] == "compressed" and not row["system"]
    assert row["memory"] < row["size"] // 3
    assert number(small, "cache_max_bytes") > limit
    assert small.get("/opt/big/data") == content
    small.check("visorcli software bundle remove --name big; rm /tmp/big.vib", timeout=120)
    assert small.run("[ -e /opt/big ]").status == 1
    assert list(tardisks(small)) == ["base.v00", "drivers.v00"]
    assert number(small, "cache_max_bytes") == limit


def test_what_unpacks_to_more_than_there_is_can_be_installed(small, out, tmp_path):
    """Only the packed size counts."""
    size = available(small) + (8 << 20)
    bundle, _ = build(out, tmp_path, "zeros", {"opt/zeros": bytes(size)})
    small.put(bundle, "/tmp/zeros.vib")
    result = small.run("visorcli software bundle install --bundle /tmp/zeros.vib", timeout=240)
    assert result.status == 0, result
    assert small.check("tail -c 4096 /opt/zeros | tr -d '\\0' | wc -c").strip() == "0"
    small.check("visorcli software bundle remove --name zeros; rm /tmp/zeros.vib", timeout=120)


def test_the_file_of_stage_0_decides(small, out, tmp_path):
    bundle, _ = build(out, tmp_path, "plain", {"opt/plain": text(100_000)})
    small.put(bundle, "/tmp/plain.vib")
    small.check("echo resident > /run/visoros/residency")
    try:
        small.check("visorcli software bundle install --bundle /tmp/plain.vib", timeout=120)
        assert tardisks(small)["plain.v00"]["residency"] == "resident"
        small.check("visorcli software bundle remove --name plain; rm /tmp/plain.vib", timeout=120)
    finally:
        small.check("echo compressed > /run/visoros/residency")


def test_open_files_outlive_their_tardisk(small, out, tmp_path):
    content = text(2 << 20)
    _, tardisk = build(out, tmp_path, "held", {"opt/held": content})
    small.put(tardisk, "/tmp/held.v00")
    small.check("/tmp/vfstool / switch compressed +/tmp/held.v00; rm /tmp/held.v00")
    assert tardisks(small)["held.v00"]["residency"] == "compressed"
    # Nothing of it is read, and so nothing cached, before the tardisk has gone.
    small.check("mkfifo /tmp/go; (exec 3</opt/held; : >/tmp/open; read -r _ </tmp/go; cat <&3 >/tmp/held) "
                ">/dev/null 2>&1 & while ! [ -e /tmp/open ]; do sleep 0.1; done")
    refused = small.run("/tmp/vfstool / switch -held.v00")
    assert refused.status == 5 and "/opt/held" in refused.errors
    small.check("/tmp/vfstool / switch force -held.v00")
    assert small.run("[ -e /opt/held ]").status == 1 and "held.v00" not in tardisks(small)
    small.check("echo 3 > /proc/sys/vm/drop_caches; echo go > /tmp/go")
    wait_until(lambda: small.check("stat -c %s /tmp/held").strip() == str(len(content)))
    assert small.get("/tmp/held") == content
    small.check("rm /tmp/held /tmp/go /tmp/open")
