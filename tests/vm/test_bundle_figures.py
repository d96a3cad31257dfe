# SPDX-License-Identifier: Apache-2.0
"""What installs cost, and that a thousand of them leave nothing behind."""

import os

import pytest
from hosts import namespace, wait_hostd
from vibs import archive, descriptor, write_tree

CYCLES = int(os.environ.get("CYCLES", "1000"))
SIZE = 5 << 20
WATCHED = "/etc/passwd /bin/sh /usr/sbin/hostd /usr/share/visoros/bundle.schema.json"
SERVICE = "command = /bin/sleep 1000000\npool = host/user/five\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", name="host")
def host_fixture(boot):
    from vm import Machine

    with Machine(boot, memory=256) as machine:
        machine.wait_guest()
        wait_hostd(machine, 300)
        yield machine


def bundle(out, folder, name, version, size, services=()):
    files = {f"etc/userworld.d/{name}.conf": SERVICE} if services else {}
    tree = write_tree(folder / version, {**files, f"usr/lib/{name}/version": version})
    (tree / f"usr/lib/{name}/data").write_bytes(os.urandom(size))
    return archive(*descriptor(out, tree, name=name, version=version, services=list(services)))


# The least that is available while it runs, below what was available before: KiB.
PEAK = """available() { awk '/MemAvailable/ { print $2 }' /proc/meminfo; }
echo 3 > /proc/sys/vm/drop_caches
before=$(available)
echo $before > /tmp/least
(least=$before; while test ! -e /tmp/end; do now=$(available)
	test $now -lt $least && least=$now && echo $least > /tmp/least; done) &
/tmp/stepkill times software.bundle.install '{"path": "/tmp/five.vib"}' || exit 1
touch /tmp/end; wait
echo $((before - $(cat /tmp/least))) peak
echo $((before - $(available))) kept
rm /tmp/end /tmp/least
"""


def test_five_megabytes(host, out, tmp_path):
    """Where the time goes, and how much memory it takes."""
    host.put(out / "bin" / "stepkill", "/tmp/stepkill", 0o755)
    host.put(bundle(out, tmp_path, "five", "1", SIZE, ["five"]), "/tmp/five.vib")
    host.put(PEAK.encode(), "/tmp/peak")
    rows = [line.split(" ", 1) for line in host.check("sh /tmp/peak", timeout=300).splitlines()]
    at = {what: int(number) for number, what in rows}
    steps = [("fetch", None, "the payloads of one bundle are staged"),
             ("verify", "the payloads of one bundle are staged", "payloads are checked"),
             ("attach", "services of what goes are down", "the namespace is switched"),
             ("start", "the namespace is switched", "services are up"),
             ("all", None, "all")]
    print(f"\nInstall of a bundle of {SIZE >> 20} MiB that does not compress:")
    for name, start, end in steps:
        print(f"  {name:<7} {(at[end] - (at[start] if start else 0)) / 1000:9.1f} ms")
    print(f"  memory  {at['peak']} KiB at most, {at['kept']} KiB kept")
    host.check("visorcli software bundle remove --name five; rm /tmp/five.vib")


def used(host):
    """KiB that the kernel has not free and that nothing would give back, without ramdisks."""
    host.check("sync; echo 3 > /proc/sys/vm/drop_caches; sleep 1; echo 3 > /proc/sys/vm/drop_caches")
    return int(host.check(
        "awk '/^MemTotal/ { n = $2 } /^MemAvailable/ { n -= $2 } END { print n }' /proc/meminfo; ") or 0) - int(
            host.check("cat /sys/fs/visorfs/0/ramdisks/*/used_bytes | awk '{ n += $1 } END { print int(n / 1024) }'"))


def test_a_thousand_cycles(host, out, tmp_path):
    """Under load: nobody misses a file, nothing stays."""
    host.put(out / "bin" / "stepkill", "/tmp/stepkill", 0o755)
    host.put(out / "bin" / "openloop", "/tmp/openloop", 0o755)
    host.put(bundle(out, tmp_path, "cycle", "1", 300000), "/tmp/1.vib")
    host.put(bundle(out, tmp_path, "cycle", "2", 300000), "/tmp/2.vib")

    def cycle(count):
        host.check(f"/tmp/stepkill cycles {count} cycle /tmp/1.vib /tmp/2.vib", timeout=7200)

    cycle(20)  # what is allocated once and kept
    before, start = used(host), namespace(host)
    host.check(f"/tmp/openloop {WATCHED} > /tmp/opens & echo $! > /tmp/pid;"
               "while :; do find /usr > /dev/null; sleep 0.2; done & echo $! >> /tmp/pid")
    cycle(CYCLES)
    host.check("kill $(cat /tmp/pid); while ! test -s /tmp/opens; do sleep 0.1; done")
    opens, failed = map(int, host.check("cat /tmp/opens").split())
    assert namespace(host) == start
    leaked = used(host) - before
    print(f"\n{CYCLES} cycles of install, update, remove: {opens} opens, {failed} failed, "
          f"{leaked} KiB more in use afterwards")
    assert failed == 0
    # Some bytes for each cycle would be seen; what the kernel has cached meanwhile is not one.
    assert leaked < 1024
