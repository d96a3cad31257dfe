# SPDX-License-Identifier: Apache-2.0
"""The virtual consoles beside the console's own (shell, status, live log), and the hot keys of a serial line."""

import pytest
from consolekit import Serial
from hosts import vga_text, wait_hostd, wait_until


@pytest.fixture(name="host", scope="module")
def host_fixture(vm):
    wait_hostd(vm)
    wait_until(lambda: "https://10.0.2.15/" in vga_text(vm))
    yield vm
    vm.run("localcli system service stop --name shell")
    front(vm, 2)


def front(host, number):
    """Alt and a function key, as a person presses them, until that console is in front."""
    host.send_keys(f"alt-f{number}")
    wait_until(lambda: host.check("cat /sys/class/tty/tty0/active") == f"tty{number}\n")


def text(host, number):
    """What a console shows."""
    return host.check(f"cat /dev/vcs{number}")


def test_status_takes_no_keys(host):
    front(host, 11)
    wait_until(lambda: "https://10.0.2.15/" in text(host, 11))
    shown = text(host, 11)
    assert "VisorOS" in shown and "MiB memory" in shown and "<Alt-F2> Customize System/View Logs" in shown
    host.send_keys("f2", "a", "ret", "ctrl-c", "f12")
    # As news of the host come, so does nothing of what was typed.
    host.check("localcli system hostname set --host status-test")
    try:
        front(host, 2)
        front(host, 11)
        wait_until(lambda: "status-test" in text(host, 11))
        assert "Login name" not in text(host, 11) and "^C" not in text(host, 11)
        assert "Login name" not in vga_text(host)
    finally:
        host.check("localcli system hostname set --host visoros")


def test_live_log_over_rotation(host):
    front(host, 12)
    wait_until(lambda: "live" in text(host, 12) and "vmkernel.log" in text(host, 12))
    host.send_keys("a", "b", "ret", "ctrl-c", "q")
    host.check("echo 'vmkernel: a line that is new' > /dev/kmsg")
    wait_until(lambda: "a line that is new" in text(host, 12))
    # A log that is put aside for a new one, as the logger does it when it is full.
    host.check("cd /var/log; rm -f vmkernel.log.1; mv vmkernel.log vmkernel.log.1; killall -HUP vmklogger; "
               "for i in 1 2 3; do echo \"vmkernel: line $i after that\" > /dev/kmsg; done")
    wait_until(lambda: "line 3 after that" in text(host, 12) and "a line that is new" in text(host, 12))
    # Letters would have been echoed where no program reads them.
    assert "ab" not in text(host, 12).split() and "^C" not in text(host, 12)


def test_a_flood_of_lines_costs_the_console_little(host, out):
    def ticks():
        """of the console, user and system"""
        stat = host.check("cat /proc/$(localcli --formatter=json system service list | "
                          "tr -d ' \\n' | sed 's/.*\"name\":\"dcui\"[^}]*\"pid\":\\([0-9]*\\).*/\\1/')/stat")
        fields = stat.rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    host.put(out / "bin/logflood", "/tmp/logflood", 0o755)
    front(host, 12)
    before, start = ticks(), float(host.check("cat /proc/uptime").split()[0])
    host.check("/tmp/logflood 4 1000 500", timeout=600)
    host.check("echo 'vmkernel: the flood is over' > /dev/kmsg")
    wait_until(lambda: "the flood is over" in text(host, 12))
    seconds = float(host.check("cat /proc/uptime").split()[0]) - start
    share = (ticks() - before) / 100 / seconds
    print(f"{share:.3f} of a processor in {seconds:.1f} s")
    assert share < 0.1
    host.check("rm /tmp/logflood")


PASSWORD = "Correct-Horse-9"


@pytest.fixture(name="password")
def password_fixture(host):
    """Root has one: who comes in by a shell needs it."""
    before = host.check("cat /etc/shadow")
    host.check("localcli system account password set --id root", PASSWORD.encode() + b"\n")
    yield PASSWORD
    host.check("cat > /etc/shadow", before.encode())


def keys_of(word):
    """The keys that type it."""
    names = {"-": "minus", ".": "dot", "/": "slash"}
    return [f"shift-{c.lower()}" if c.isupper() else names.get(c, c) for c in word]


def test_shell_console_is_empty_without_shell(host, password):
    front(host, 1)
    wait_until(lambda: text(host, 1).strip() == "")
    host.send_keys("a", "b", "ret")
    assert text(host, 1).strip() == ""
    host.check("localcli system service start --name shell")
    wait_until(lambda: "login:" in text(host, 1))
    host.send_keys("r", "o", "o", "t", "ret")
    wait_until(lambda: "Password:" in text(host, 1))
    host.send_keys(*keys_of(password), "ret")
    wait_until(lambda: "[root@" in text(host, 1))
    host.send_keys("i", "d", "ret")
    wait_until(lambda: "uid=0" in text(host, 1))
    assert text(host, 1).count("This host runs from memory") == 1  # /etc/motd
    wait_until(lambda: "[root]: id" in host.check("cat /var/log/shell.log"))
    host.check("localcli system service stop --name shell")
    wait_until(lambda: text(host, 1).strip() == "", timeout=180)


def test_hot_keys_of_the_serial_line(host, password):
    host.check("dmesg -n 1")
    console = Serial(host)
    console.wait("<F2>")
    console.press(b"\x07\x02?", "Ctrl-G Ctrl-B and then", "2 shell")
    console.press(b"\r", "<F2>")
    # What is no hot key reaches the screen.
    console.press(b"\x07\x1bOQ", "Login name:")
    console.press(b"\x1b\x1b", "<F2>")
    console.press(b"\x07\x021", "vmkernel.log", "live", "<Ctrl-G Ctrl-B 3>")
    host.check("echo 'seen' > /dev/kmsg")
    console.wait("seen")
    console.press(b"\x07\x023", "<F2>")
    console.press(b"\x07\x022", "the shell is disabled")
    console.press(b"\r", "<F2>")
    host.check("localcli system service start --name shell")
    # What is typed right behind a hot key is for the shell, and then for the console.
    console.press(b"\x07\x022root\r", "Ctrl-G Ctrl-B 3 leads back", "Password:")
    console.press(password.encode() + b"\r", "[root@")
    console.press(b"\x07\x023\x1bOQ", "Login name:")
    console.press(b"\x1b\x1b", "<F2>")
    console.press(b"\x07\x022", "leads back", "[root@")
    # It is a shell as any other: in its pool, and logged.
    console.press(b"cat /proc/self/cgroup\r", "0::/host/vim/vimuser/terminal/shell")
    # Whatever it does, the console comes back, and the shell is there again after that.
    console.press(b"echo begun; sleep 1000; echo ended\r", "begun")
    console.press(b"\x07\x023", "<F2>")
    console.press(b"\x07\x021", "live")
    console.press(b"\x07\x022", "leads back")
    console.press(b"\x03", "[root@")
    console.press(b"echo still $((40+2))\r", "still 42")
    console.press(b"exit\r", "<F2>")
    wait_until(lambda: "[root]: cat /proc/self/cgroup" in host.check("cat /var/log/shell.log"))
    console.press(b"\x07\x022", "login:")
    host.check("localcli system service stop --name shell")
    console.wait("<F2>")
    host.check("dmesg -n 5")
