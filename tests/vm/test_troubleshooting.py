# SPDX-License-Identifier: Apache-2.0
"""What is left to look at when something went wrong: a support bundle, and a panic after the next start."""

import base64
import io
import json
import re
import tarfile

import pytest
from guestlink import GuestLink
from hosts import vmkernel_log, wait_hostd, wait_until

SECRET = "PLANTED-horse-battery"


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    from vm import Machine

    with Machine(boot, memory=192, append="panic=1") as machine:
        machine.wait_guest()
        wait_hostd(machine)
        yield machine


def plant(host):
    """A secret in everything that a manifest of the image takes."""
    host.check(f"printf 'root:$6$salt${SECRET}.hash.hash.hash:19000:0:99999:7:::\\n' > /etc/shadow")
    host.check(f"echo 'proxy = http://user:{SECRET}@10.0.0.1/' >> /etc/hosts")
    host.check(f"printf 'command = /bin/sleep 1000 --api-token={SECRET}\\npool = host/user/planted\\n' "
               "> /etc/userworld.d/planted.conf")
    host.check(f"logger -t planted 'password: {SECRET}'")
    host.check(f"echo 'vmkernel: Authorization: Bearer {SECRET}' > /dev/kmsg")
    host.check(f"(sh -c 'sleep 1000; :' x --password {SECRET} >/dev/null 2>&1 &)")
    wait_until(lambda: SECRET in host.check("cat /var/log/syslog.log") and SECRET in vmkernel_log(host))


def unpack(data):
    """Names without the folder on top, and what is in them."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {m.name.split("/", 1)[1]: tar.extractfile(m).read().decode() for m in tar.getmembers()}


def test_support_bundle_has_all_but_secrets(host):
    plant(host)
    before = host.check("ls -a /tmp")
    # To a pipe, with hostd dead.
    host.check("localcli system service stop --name hostd")
    data = host.check("visor-support -w - | base64", timeout=600)
    host.check("localcli system service start --name hostd")
    files = unpack(base64.b64decode(data))
    assert SECRET not in "".join(files.values()) + "".join(files), "a secret"
    for name in ("etc/hosts", "etc/userworld.d/planted.conf", "var/log/vmkernel.log", "var/log/syslog.log",
                 "commands/dmesg.txt"):
        assert "<removed>" in files[name], name
    for name in ("proc/meminfo", "commands/ps.txt", "commands/vdf.txt", "commands/services.txt",
                 "commands/visortop.csv"):
        assert files[name], name
    index = files["index.txt"]
    # What a host without a boot medium cannot say.
    failed = set(re.findall(r"^failed .*commands/([a-z-]+)\.txt", index, re.M))
    assert failed <= {"boot-failure", "banks", "state-history"}, index
    assert not re.search(r"^(timed_out|left_out)", index, re.M), index
    assert host.check("ls -a /tmp") == before
    assert "host/user/support" not in host.check("ls -d /sys/fs/cgroup/host/user/*")


def test_support_bundle_over_the_network(host):
    wait_hostd(host)
    host.check("visorcli system support write --file /tmp/s.tgz --group logs", timeout=600)
    names = host.check("tar tzf /tmp/s.tgz")
    assert "/var/log/vmkernel.log\n" in names and "/index.txt\n" in names
    assert "/proc/" not in names
    assert host.run("visorcli system support write --file /tmp/s.tgz").status == 5
    host.check("rm /tmp/s.tgz")


def errors(host, where):
    """The line of the counts for a place, "" if there is none."""
    lines = host.check("visorcli --formatter=csv hardware error list").splitlines()
    return "".join(line for line in lines if where in line)


def alarms(host):
    """Those that say something about the hardware or the kernel, with their severity."""
    rows = json.loads(host.check("visorcli --formatter=json system alarm list"))
    return {row["alarm"]: row["severity"] for row in rows if re.match(r"hardware:|panic$", row["alarm"])}


def inject(host, bank, status, address):
    """A machine check of processor 0; a corrected one, which the kernel finds when it looks."""
    line = f"mce 0 {bank} {status:#x} 0 {address:#x} 0x8c"
    assert host.qmp.command("human-monitor-command", **{"command-line": line}) == ""


def test_machine_checks_are_events(host):
    wait_hostd(host)
    assert host.check("visorcli --formatter=csv hardware error list").count("\n") == 1
    host.check("echo 1 > /sys/devices/system/machinecheck/machinecheck0/check_interval")
    inject(host, 4, 0x8c00000000000136, 0x12345000)
    wait_until(lambda: "corrected,1" in errors(host, "CPU 0 bank 4"))
    assert re.search(r"warning +hardware\.corrected .*CPU 0 bank 4, corrected hardware error: "
                     r"status 8c00000000000136, address 12345000, misc 8c",
                     host.check("visorcli system event list"))
    # It was corrected: nothing is wrong now.
    assert alarms(host) == {}
    # One that comes while nobody listens is found later, and the first one is not told again.
    host.check("localcli system service stop --name hostd")
    inject(host, 5, 0x8c00000000010091, 0x12346000)
    wait_until(lambda: "Bank 5: 8c00000000010091" in host.check("dmesg"))
    host.check("localcli system service start --name hostd")
    wait_hostd(host)
    wait_until(lambda: "corrected,1" in errors(host, "CPU 0 bank 5"))
    assert "corrected,1" in errors(host, "CPU 0 bank 4")
    assert host.check("visorcli system event list").count("CPU 0 bank 4, corrected") == 1
    # What a program writes there is not the kernel's.
    host.check("echo 'mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 6: 0' > /dev/kmsg")
    host.check("echo 'mce: [Hardware Error]: PROCESSOR 0' > /dev/kmsg")
    inject(host, 4, 0x8c00000000000136, 0x12345000)
    wait_until(lambda: "corrected,2" in errors(host, "CPU 0 bank 4"))
    assert errors(host, "bank 6") == ""


def test_panic_is_told_after_the_next_start(host):
    wait_until(lambda: "are kept by ramoops" in vmkernel_log(host))
    assert host.check("visorcli --formatter=csv system panic list").count("\n") == 1
    boot = host.check("cat /proc/sys/kernel/random/boot_id")
    # Else QEMU ends with the guest.
    host.qmp.command("set-action", reboot="reset")
    host.check("echo 'vmkernel: the last line before' > /dev/kmsg")
    host.check("(sleep 1; echo c > /proc/sysrq-trigger) >/dev/null 2>&1 &")
    host.qmp.wait_event("RESET", timeout=300)
    host.link.close()
    host.link = GuestLink(str(host.folder / "guest"))
    host.wait_guest(900)
    assert host.check("cat /proc/sys/kernel/random/boot_id") != boot
    wait_hostd(host)
    wait_until(lambda: "sysrq triggered crash" in host.check("visorcli system panic list"))
    event = host.check("visorcli system event list")
    assert re.search(r"error +host\.panic .*The host ended with a panic at \S+: sysrq triggered crash", event), event
    log = re.search(r"vmkernel-panic-\S+", host.check("visorcli system panic list")).group()
    lines = host.check(f"visorcli system log tail --name {log} --lines 5000")
    assert "the last line before" in lines and "Kernel panic - not syncing: sysrq triggered crash" in lines
    assert host.check("ls /sys/fs/pstore") == ""
    # Once only.
    assert "0" in host.check("localcli system panic take")
    assert host.check("visorcli system event list").count("sysrq triggered crash") == 1
    # Nothing is wrong any more: the alarm stands until somebody has seen it.
    assert alarms(host) == {"panic": "error"}
    host.check("visorcli system alarm acknowledge --alarm panic")
    assert alarms(host) == {}
