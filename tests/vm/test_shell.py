# SPDX-License-Identifier: Apache-2.0
"""The tech support shell: each command in shell.log, a small pool that explains itself, sessions that end."""

import json
import re
import subprocess

import pytest
from hosts import wait_hostd, wait_log, wait_until
from vm import free_port
from test_worlds import add_world, pids, reload_worlds, services

POOL = "host/vim/vimuser/terminal/test"


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    """A host with a session on its serial line."""
    from vm import Machine

    with Machine(boot, memory=192) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        # The line is the console's otherwise.
        machine.check("localcli system service stop --name dcui-serial")
        # As a program leaves it that was killed.
        machine.check("stty -F /dev/ttyS0 raw -echo")
        add_world(machine, "session", command="/usr/bin/tsm -l", tty="/dev/ttyS0", pool=POOL, env="TERM=vt100",
                  **{"pids.max": "12", "cpu.max": "30"})
        reload_worlds(machine)
        machine.wait_console("[root@", timeout=200)
        yield machine


def shell_log(host):
    return host.check("cat /var/log/shell.log* 2>/dev/null || true")


def enter(host, line, wait=None):
    """Types a line and waits until the console shows something after it."""
    begin = len(host.console())
    host.type_console(line.encode() + b"\r")

    def shown():
        return re.search(wait, host.console()[begin:])

    if wait:
        try:
            wait_until(shown, timeout=200)
        except AssertionError as error:
            raise AssertionError(f"no {wait!r} after {line!r}: {host.console()[begin:]!r}") from error


def test_commands_are_logged_with_their_user(host):
    enter(host, "cd /tmp", r":/tmp\]")
    enter(host, "echo one $((1 + 1)) three", "one 2 three")
    enter(host, "ech\x7fho corrected", r"\ncorrected")
    for line in (r"cd /tmp", r"echo one \$\(\(1 \+ 1\)\) three", r"echo corrected"):
        wait_until(lambda line=line: re.search(r"^\S+Z In\(14\) shell\[\d+\]: \[root\]: " + line + "$",
                                               shell_log(host), re.M))
    wait_log(host, "echo one")


def test_shells_inside_are_covered_and_secrets_are_not_logged(host):
    enter(host, "sh", r"\n/tmp # |\n\S* ?[#\]] ?$")
    enter(host, "echo from within", r"\nfrom within")
    enter(host, "read -s -p 'Secret word: ' secret", r"\nSecret word: ")
    # The shell asks first, and tells its terminal then that nothing may be shown.
    wait_until(lambda: host.run("for tty in /dev/pts/[0-9]*; do stty -a -F $tty; done | tr ' ' '\\n' | "
                                "grep -qx -e -echok").status == 0)
    enter(host, "xyzzy-plugh", r"[#\]] ?$")
    enter(host, "echo length ${#secret}", "length 11")
    enter(host, "exit")
    wait_until(lambda: "[root]: echo from within" in shell_log(host))
    assert "xyzzy" not in shell_log(host) and "xyzzy" not in host.console()


def test_commands_without_a_terminal_are_logged(host):
    assert host.check("tsm -c 'echo given && id -u'") == "given\n0\n"
    wait_until(lambda: "[root]: echo given && id -u" in shell_log(host))


def test_ps_shows_worlds(host):
    """At a terminal and over ssh, though BusyBox's shell has a ps of its own."""
    assert host.check("tsm -c 'ps | head -n 1; exit 0'").split() == ["WID", "CID", "World", "Name", "Command"]
    assert host.run("tsm -c 'exit 3'").status == 3
    enter(host, "ps", "WID +CID +World Name +Command")


def test_refusals_explain_themselves(host):
    last_line = ("hostd", "vmklogger", "oomd", "supervisor")
    before = pids(host, last_line)
    enter(host, "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 300 & done", "could not be started")
    wait_until(lambda: f"pool {POOL} may have 12 processes and threads" in host.console())
    wait_log(host, f"pool {POOL} (userworld session): ")
    assert pids(host, last_line) == before


def new_session(host):
    """Ends the session and waits for the prompt of the next one."""
    host.check("localcli system service stop --name session")
    begin = len(host.console())
    host.check("localcli system service start --name session")
    wait_until(lambda: "[root@" in host.console()[begin:])


def test_the_end_of_a_job_does_not_end_the_session(host):
    new_session(host)
    processes = f"cat /sys/fs/cgroup/{POOL}/cgroup.procs"
    before = host.check(processes)
    enter(host, "sleep 1 & sleep 2 & echo $((40 + 1)) begun", "41 begun")
    wait_until(lambda: host.check(processes) == before)
    enter(host, "echo still $((40 + 2)) here", "still 42 here")
    assert host.check(processes) == before


def test_a_busy_command_is_explained(host):
    new_session(host)
    enter(host, "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; echo counted $i", "counted 60000")
    said = rf"Commands were held back for \d+\.\d s: the shell's pool {POOL} may use\s+30 % of one CPU"
    wait_until(lambda: re.search(said, host.console()))


def change(host, name, seconds):
    host.check(f"visorcli system settings advanced set -o /UserVars/{name} -i {seconds}")


def test_time_outs_are_state_and_refuse_nonsense(host):
    """One command sets both, and what it has set is what the shell and the supervisor read."""
    change(host, "ESXiShellTimeOut", 600)
    rows = json.loads(host.check("localcli --formatter=json system settings advanced list"))
    values = {row["option"].rpartition("/")[2]: row["value"] for row in rows}
    assert (values["ESXiShellTimeOut"], values["ESXiShellInteractiveTimeOut"]) == (600, 0)
    before = host.check("localcli system state list")
    assert "/etc/userworld.d/shell.conf" in before and "/etc/userworld.d/ssh.conf" in before
    for nonsense in ("-1", "86401", "soon"):
        assert host.run(f"visorcli system settings advanced set -o /UserVars/ESXiShellTimeOut -i {nonsense}").status in (2, 3)
    assert host.run("visorcli system settings advanced set -o /UserVars/Nothing -i 1").status == 4
    assert host.check("grep -h ^availability /etc/userworld.d/shell.conf /etc/userworld.d/ssh.conf") == \
        "availability = 600\n" * 2


def test_a_door_that_is_open_closes_when_told(host):
    host.check("localcli system service start --name shell")
    change(host, "ESXiShellTimeOut", 1)
    wait_until(lambda: services(host)["shell"]["state"] == "down")
    wait_log(host, "userworld shell was available for 1 s and is stopped")
    change(host, "ESXiShellTimeOut", 0)


def test_idle_sessions_end(host):
    change(host, "ESXiShellInteractiveTimeOut", 3)
    host.check("localcli system service restart --name session")
    host.wait_console("Nothing was typed for 3 s: the session is ended", timeout=200)
    wait_until(lambda: "the session was idle for 3 s" in shell_log(host))
    host.check("rm /etc/userworld.d/session.conf")
    reload_worlds(host)


def test_a_door_closes_by_itself(host):
    add_world(host, "door", command="/bin/sleep 10000", availability="2")
    reload_worlds(host)
    wait_until(lambda: services(host).get("door", {}).get("state") == "down")
    wait_log(host, "userworld door was available for 2 s and is stopped")


def test_ssh_is_off_until_started(start, tmp_path):
    port = free_port()
    machine = start(memory=192, network=False, options=[
        "-netdev", f"user,id=net0,hostfwd=tcp:127.0.0.1:{port}-:22", "-device", "virtio-net-pci,netdev=net0,romfile="])
    wait_hostd_up(machine)
    assert services(machine)["ssh"]["state"] == "down"
    subprocess.run(["dropbearkey", "-t", "ed25519", "-f", tmp_path / "key"], check=True, capture_output=True)
    public = subprocess.run(["dropbearkey", "-y", "-f", tmp_path / "key"], check=True, capture_output=True).stdout
    machine.check("mkdir -p -m 0700 /root/.ssh")
    machine.put(next(line for line in public.splitlines(True) if line.startswith(b"ssh-")), "/root/.ssh/authorized_keys", 0o600)
    machine.check("localcli system service start --name ssh")
    client = ["dbclient", "-y", "-y", "-p", str(port), "-i", str(tmp_path / "key"), "root@127.0.0.1"]

    def answers():
        """a command over SSH"""
        done = subprocess.run(client + ["echo over $((1 + 1)) hops; id -un"], capture_output=True, timeout=200)
        return done.stdout.decode()

    wait_until(lambda: answers() == "over 2 hops\nroot\n", timeout=200)
    shown = subprocess.run(client + ["ps"], capture_output=True, timeout=200).stdout.decode()
    assert shown.startswith("WID ") and "World Name" in shown and "[kthreadd]" in shown
    wait_until(lambda: "[root]: echo over $((1 + 1)) hops; id -un" in shell_log(machine))
    assert "/etc/dropbear/ed25519" in machine.check("localcli system state list")
    machine.check("localcli system service stop --name ssh")
    assert subprocess.run(client + ["true"], capture_output=True, timeout=200).returncode != 0


def wait_hostd_up(machine):
    wait_until(lambda: services(machine).get("hostd", {}).get("state") == "running")
