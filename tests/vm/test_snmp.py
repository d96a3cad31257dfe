# SPDX-License-Identifier: Apache-2.0
"""The SNMP agent of the examples, asked from outside, on a host that executes code of tardisks only."""

import os
import re
import subprocess

import pytest
from hosts import namespace, wait_hostd, wait_until

SIGN, SEAL = "sign these words", "seal these words"
USER = f'createUser monitor SHA-256 "{SIGN}" AES "{SEAL}"\nrouser monitor authpriv\n'
V3 = ("-v3", "-u", "monitor", "-l", "authPriv", "-a", "SHA-256", "-A", SIGN, "-x", "AES", "-X", SEAL)
PUBLIC = ("-v2c", "-c", "public")
BOOTS = ".1.3.6.1.6.3.10.2.1.2.0"
ENGINE = ".1.3.6.1.6.3.10.2.1.1.0"
NAME = ".1.3.6.1.2.1.1.5.0"
STORAGE = ".1.3.6.1.2.1.25.2.3.1"
INTERFACES = ".1.3.6.1.2.1.2.2.1"
EXTEND = ".1.3.6.1.4.1.8072.1.3.2"


def extend(column, name, *more):
    """The OID of a column of NET-SNMP-EXTEND-MIB for what a script says."""
    return ".".join([EXTEND, column, str(len(name)), *(str(ord(letter)) for letter in name), *more])


class Manager:
    """Asks the agent of a machine over its forwarded port."""

    def __init__(self, machine, folder):
        self.where = f"127.0.0.1:{machine.port}"
        self.env = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder), "LC_ALL": "C.UTF-8"}

    def ask(self, tool, oid, who=V3, wait=10):
        return subprocess.run([tool, "-Oqvn", "-t", str(wait), "-r", "1", *who, self.where, oid],
                              capture_output=True, text=True, check=False, env=self.env)

    def get(self, oid, who=V3):
        done = self.ask("snmpget", oid, who)
        return done.stdout.strip().strip('"') if done.returncode == 0 else ""

    def walk(self, oid):
        done = self.ask("snmpwalk", oid)
        assert done.returncode == 0, done.stderr
        return [line.strip('"') for line in done.stdout.splitlines()]


def serves(manager, oid=NAME, who=V3):
    def answer():
        """the agent answers"""
        return manager.get(oid, who)

    return wait_until(answer)


def restart(host):
    host.check("visorcli system service restart --name snmpd")


@pytest.mark.slow
def test_snmp(start, out, tmp_path):
    host = start(memory=512, append="visoros.execInstalledOnly=TRUE")
    wait_hostd(host)
    host.check("visorcli software acceptance set --level=partner")
    host.qmp.command("human-monitor-command", **{"command-line": f"hostfwd_add net0 udp:127.0.0.1:{host.port}-:161"})
    manager = Manager(host, tmp_path)
    # hostd answers when there is an address; what else the lease has comes a moment later.
    wait_until(lambda: "nameserver" in host.check("cat /etc/resolv.conf"))
    before = namespace(host)
    host.put(out / "bundles/snmpd.vib", "/tmp/snmpd.vib")
    host.check("visorcli software bundle install --bundle /tmp/snmpd.vib; rm /tmp/snmpd.vib")

    # As shipped it listens, and nobody may ask.
    wait_until(lambda: ":00A1 " in host.check("cat /proc/net/udp"))
    assert manager.ask("snmpget", NAME, PUBLIC, wait=3).returncode == 1
    assert "Unknown user name" in manager.ask("snmpget", NAME).stderr

    host.check("cat >> /etc/snmp/snmpd.conf", data=USER.encode())
    assert "/etc/snmp/snmpd.conf" in host.check("visorcli system state list")
    restart(host)
    assert serves(manager) == "visoros"
    assert manager.ask("snmpget", NAME, PUBLIC, wait=3).returncode == 1

    # The usual tables.
    assert "eth0" in manager.walk(f"{INTERFACES}.2")
    assert re.fullmatch(r"52 54 00 \w\w \w\w \w\w", manager.walk(f"{INTERFACES}.6")[-1].strip())
    assert "Physical memory" in manager.walk(f"{STORAGE}.3")
    total = int(re.search(r"MemTotal:\s+(\d+)", host.check("cat /proc/meminfo"))[1])
    assert int(manager.get(".1.3.6.1.2.1.25.2.2.0")) == total

    # What only this host has.
    ramdisks = {line.split()[0]: line.split()[1:] for line in manager.walk(extend("4.1.2", "ramdisks"))}
    assert ramdisks["tmp"][1] == host.check("cat /sys/fs/visorfs/0/ramdisks/tmp/max_bytes").strip()
    tardisks = [line.split()[:2] for line in manager.walk(extend("4.1.2", "tardisks"))]
    assert tardisks[0][0] == "base.v00" and tardisks[-1] == ["snmpd.v00", "partner"]

    def alarms():
        """the alarm of a full ramdisk is told"""
        return "ramdisk:tmp," in manager.get(extend("3.1.2", "alarms"))

    assert not alarms()
    host.run("dd if=/dev/zero of=/tmp/full bs=64k")
    wait_until(alarms)
    assert int(manager.get(extend("3.1.4", "alarms"))) >= 1
    assert int(manager.get(extend("3.1.4", "ramdisks"))) >= 1
    host.check("rm /tmp/full")
    wait_until(lambda: not alarms())
    # Who does not know must not say that all is well.
    host.check("visorcli system service stop --name snmpd-alarms")
    wait_until(lambda: manager.get(extend("3.1.4", "alarms")) == "255")
    host.check("visorcli system service start --name snmpd-alarms")

    # Its id stays, and the number of its starts grows, though nothing is kept.
    engine, boots = manager.get(ENGINE), int(manager.get(BOOTS))
    restart(host)
    wait_until(lambda: int(manager.get(BOOTS) or 0) > boots)
    assert manager.get(ENGINE) == engine

    # A community for one network.
    host.check("echo 'rocommunity public 10.0.2.0/24' >> /etc/snmp/snmpd.conf")
    restart(host)
    assert serves(manager, who=PUBLIC) == "visoros"

    assert host.check("ps -o user,comm | grep 'snmpd$' || true").split()[0] == "nobody"
    assert host.check("cat /sys/fs/visorfs/0/exec_refused").strip() == "0"
    for world in ("snmpd", "snmpd-alarms"):
        print(world, host.check(f"cat /sys/fs/cgroup/host/user/{world}/memory.peak"))
        assert "oom_kill 0" in host.check(f"cat /sys/fs/cgroup/host/user/{world}/memory.events")

    host.check("visorcli software bundle remove --name snmpd")
    assert set(namespace(host).splitlines()) ^ set(before.splitlines()) == set()
    assert host.run("ls -d /run/snmpd /sys/fs/cgroup/host/user/snmpd*").output == ""
    assert ":00A1 " not in host.check("cat /proc/net/udp")
