# SPDX-License-Identifier: Apache-2.0
"""A host of which something has died, hangs or is used up: its console answers, and puts it right."""

import json
import time

import pytest
from consolekit import DOWN, ENTER, ESCAPE, F2, HOME, console_of, quiet_host
from hosts import https_status, wait_hostd, wait_until
from test_worlds import BOMB, add_world, reload_worlds, services, victims

pytestmark = pytest.mark.slow

SHELL_POOL = "/sys/fs/cgroup/host/vim/vimuser/terminal/shell"
ANSWER = 20  # seconds in which a key is answered, on a machine whose processors others use as well


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    yield from quiet_host(boot)


@pytest.fixture(name="console")
def console_fixture(host):
    yield from console_of(host)


def restart(host, console, name, timeout=300):
    """The agents screen restarts a userworld."""
    console.open("Restart Management Agents", "All management agents")
    index = list(services(host)).index(name)
    console.press(DOWN * (index + 1), name)
    console.press(ENTER, f"Restart {name}?", "<Enter> or <F11> Yes")
    console.press(ENTER, f"{name}: restarted", timeout=timeout)
    console.press(ENTER, "<Enter> Restart")


def test_network_cable_pulled(host, console):
    def link(up):
        host.qmp.command("human-monitor-command", **{"command-line": f"set_link net0 {'on' if up else 'off'}"})
        wait_until(lambda: host.check("cat /sys/class/net/eth0/carrier").strip() == ("1" if up else "0"))

    console.log_in()
    link(False)
    console.open("Management Network", "Adapter eth0", "down")
    console.press(b"t", "eth0: no link", "10.0.2.3: no answer", timeout=300)
    console.press(ESCAPE, "Adapter eth0")
    link(True)
    console.wait("up")
    wait_until(lambda: https_status(host) == 200, timeout=300)


def test_hostd_hangs(host, console):
    host.check("kill -STOP $(pidof hostd)")
    console.wait("hostd", timeout=300)
    console.log_in()
    for item, text in (("Management Network", "Adapter eth0"), ("Troubleshooting", "Enable or Disable Shell"),
                       ("Bundles", "Version"), ("Boot Banks", "it has no banks"), ("View System Logs", "<1> vmkernel"),
                       ("View Support Information", "Ramdisk")):
        console.open(item, text)
        console.press(ESCAPE, "System Customization")
        console.press(b"\x1b[H", "Changes the password")
    restart(host, console, "hostd")
    wait_hostd(host)


def test_shell_has_used_up_its_pool(host, console):
    host.check("localcli system service start --name shell")
    wait_until(lambda: services(host)["shell"]["state"] == "running")
    # Processes up to the limit; one of them takes all memory that the pool has.
    host.check(f"(echo $(exec sh -c 'echo $PPID') > {SHELL_POOL}/cgroup.procs; {BOMB} 100 60 & "
               "while sleep 1000 & do :; done) > /dev/null 2>&1 < /dev/null &")
    wait_until(lambda: int(host.check(f"cat {SHELL_POOL}/pids.current")) >= int(host.check(f"cat {SHELL_POOL}/pids.max")) - 1)
    console.log_in()
    console.open("Troubleshooting", "Enable or Disable Shell")
    console.open("Memory and Pools", "host/system")
    rows = json.loads(host.check("localcli --formatter=json sched group list"))
    index = [row["group"] for row in rows].index("host/vim/vimuser/terminal/shell")
    console.press(DOWN * index, "processes ended", "terminal/shell")
    console.press(ESCAPE, "Enable or Disable Shell")
    console.press(b"\x1b[H", "Shell               enabled")
    console.press(ENTER, "Disable Shell?", "<Enter> or <F11> Yes")
    console.press(ENTER, "is disabled now", timeout=300)
    wait_until(lambda: services(host)["shell"]["state"] == "down")
    assert host.run(f"cat {SHELL_POOL}/cgroup.procs").output.strip() == ""
    console.press(ENTER, "Shell               disabled")


def test_keys_are_answered_while_memory_is_short(host, console):
    before = {name: services(host)[name]["pid"] for name in ("dcui", "dcui-serial")}
    add_world(host, "bomb", command=f"{BOMB} 100", restart="always")
    reload_worlds(host)
    wait_until(lambda: "bomb" in victims(host), timeout=300)
    slowest, rounds = 0, 0
    while len(victims(host)) < 6:
        for keys, text in ((F2, "Login name:"), (ESCAPE, HOME)):
            begin = time.monotonic()
            console.press(keys, text)
            slowest = max(slowest, time.monotonic() - begin)
        rounds += 1
    print(f"{rounds} rounds, the slowest answer after {slowest:.1f} s, {len(victims(host))} ended")
    assert slowest < ANSWER
    host.check("rm /etc/userworld.d/bomb.conf; localcli system service stop --name bomb")
    reload_worlds(host)
    assert {name: services(host)[name]["pid"] for name in before} == before
    assert not {"dcui", "dcui-serial"} & set(victims(host))


def test_stated_is_dead(host, console):
    host.check("localcli system service stop --name stated")
    console.log_in()
    restart(host, console, "stated")
    assert services(host)["stated"]["state"] == "running"
    host.check("localcli system state get")


def test_supervisor_hangs(host, console):
    supervisor = "$(for p in $(pidof supervisor); do grep -q '^PPid:.1$' /proc/$p/status && echo $p; done)"
    console.log_in()
    pid = host.check(f"echo {supervisor}").strip()
    host.check(f"kill -STOP {pid}")
    try:
        console.open("Restart Management Agents", "All management agents")
        console.press(DOWN * 4, "crond")
        console.press(ENTER, "Restart crond?", "<Enter> or <F11> Yes")
        console.press(ENTER, "crond: the supervisor did not answer", timeout=600)
        console.press(ESCAPE, "<Enter> Restart")
        console.press(ESCAPE, "System Customization")
        console.press(b"\x1b[H", "Changes the password")
        console.open("View System Logs", "vmkernel")
        console.press(ENTER, "live")
    finally:
        host.check(f"kill -CONT {pid}")


@pytest.mark.parametrize("year", ("1970", "2099"))
def test_clock_is_wrong(host, console, year):
    """A session goes on, an address that nobody keeps comes back in time, whatever the clock says."""
    right = host.check("date -u '+%Y-%m-%d %H:%M:%S'").strip()
    console.log_in()
    host.check(f"date -u -s '{year}-01-02 00:00:00'")
    try:
        console.press(DOWN, "Shows what the kernel")
        console.press(b"\x1b[H", "Changes the password")
        console.open("Management Network", "Adapter eth0", "MAC address")
        console.press(b"i", "IPv4 Configuration", "dhcp")
        console.press(b"\x15192.0.2.10/24\r", "Gateway")
        console.press(ENTER, "comes back", "<Enter> Keep")
        wait_until(lambda: "192.0.2.10/24" in host.check("ip -4 -o addr show dev eth0"))
        begin = float(host.check("cat /proc/uptime").split()[0])
        # And back again, in its middle.
        host.check(f"date -u -s '{right}'")
        wait_until(lambda: "10.0.2.15/24" in host.check("ip -4 -o addr show dev eth0"), timeout=600)
        assert 60 < float(host.check("cat /proc/uptime").split()[0]) - begin < 240
        console.wait("The time is up")
        console.press(ENTER, "Adapter eth0")
    finally:
        host.check(f"date -u -s '{right}'")
