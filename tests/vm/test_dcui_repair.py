# SPDX-License-Identifier: Apache-2.0
"""A host on which something is wrong, put right at the console."""

import json

import pytest
from consolekit import DOWN, ENTER, ESCAPE, console_of, quiet_host
from hosts import vga_text, wait_hostd, wait_until

MIB = 1 << 20


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    yield from quiet_host(boot)


@pytest.fixture(name="console")
def console_fixture(host):
    yield from console_of(host)


def ramdisk(host, name):
    """The row of a ramdisk."""
    rows = json.loads(host.check("localcli --formatter=json system visorfs ramdisk list"))
    row, = [row for row in rows if row["name"] == name]
    return row


def test_root_ramdisk_full_of_bytes(host, console):
    before = ramdisk(host, "root")
    host.run("dd if=/dev/zero of=/filler bs=64k", timeout=300)
    assert host.run("echo x > /more").status != 0
    console.log_in()
    console.open("Troubleshooting", "Enable or Disable Shell")
    console.open("Ramdisks", "Files", "root", "100%")
    console.press(ENTER, "Biggest Files", "/filler")
    console.press(b"\x1b\x1b", "Name  ")
    console.press(b"g", "New MiB:", "Ramdisk root")
    console.press(ENTER, "Ramdisk root is larger now")
    after = ramdisk(host, "root")
    assert after["max"] >= 2 * before["max"] - MIB and after["max_inodes"] == 2 * before["max_inodes"]
    host.check("echo x > /more && rm /more /filler")
    console.press(ENTER, "Name  ")


def test_logs_are_emptied(host, console):
    def used():
        return int(host.check("cat /var/log/*.log* | wc -c"))

    host.check("for i in $(seq 400); do echo 'vmkernel: a line that fills the log, and another one' > /dev/kmsg; done")
    wait_until(lambda: used() > 20000)
    host.check("echo kept > /var/log/vmkernel-panic-20260101T000000Z-1.log")
    console.log_in()
    console.open("Troubleshooting", "Enable or Disable Shell")
    console.open("Ramdisks", "Files", "root")
    console.press(b"e", "Empty Logs", "<Enter> or <F11> Yes")
    console.press(ENTER, "The logs are empty")
    assert used() < 15000
    # Who logs goes on in a new file.
    host.check("echo 'vmkernel: a line after that' > /dev/kmsg")
    wait_until(lambda: "a line after that" in host.run("cat /var/log/vmkernel.log 2>&1").output)
    assert host.check("cat /var/log/vmkernel-panic-20260101T000000Z-1.log") == "kept\n"
    # Who did it is told.
    wait_until(lambda: "user root: empty logs: ok" in host.check("cat /var/log/*.log"))
    console.press(ENTER, "Name  ")


def test_ssh_is_started_and_stopped(host, console):
    def ssh():
        rows = json.loads(host.check("localcli --formatter=json system service list"))
        return [row["state"] for row in rows if row["name"] == "ssh"]

    assert ssh() == ["down"]
    console.log_in()
    console.open("Troubleshooting", "Enable or Disable Shell")
    console.press(DOWN, "Enable or Disable SSH", "disabled")
    console.press(ENTER, "Enable SSH?", "<Enter> or <F11> Yes")
    console.press(ENTER, "SSH is enabled now")
    wait_until(lambda: ssh() == ["running"])
    console.press(ENTER, "SSH                 enabled")
    console.press(ENTER, "Disable SSH?")
    console.press(ENTER, "SSH is disabled now")
    wait_until(lambda: ssh() == ["down"])
    console.press(ENTER, "SSH                 disabled")


def test_time_out_of_the_shell(host, console):
    def settings():
        rows = json.loads(host.check("localcli --formatter=json system settings advanced list"))
        return {row["option"]: row["value"] for row in rows}

    option = "/UserVars/ESXiShellTimeOut"
    console.log_in()
    console.open("Troubleshooting", "Enable or Disable Shell")
    console.open("Time-outs and Settings", option)
    console.press(DOWN * list(settings()).index(option), "Seconds after which the services shell and ssh are stopped")
    console.press(ENTER, "Change Setting", option)
    console.press(b"\x15900\r", "The setting was changed")
    assert settings()[option] == 900
    console.press(ENTER, "900")


def address(host):
    """The address of the management network, and its length."""
    text = host.check("ip -4 -o addr show dev eth0")
    return text.split()[3] if text else ""


def open_network(console):
    console.log_in()
    console.open("Management Network", "Adapter eth0", "MAC address")


@pytest.mark.slow
def test_wrong_address_comes_back_by_itself(host, console):
    before = address(host)
    open_network(console)
    console.press(b"t", "Test Management Network", "gateway", timeout=300)
    console.press(b"\x1b\x1b", "Adapter eth0")
    console.press(b"i", "IPv4 Configuration", "dhcp")
    console.press(b"\x15192.0.2.10/24\r", "Gateway")
    console.press(ENTER, "comes back", "<Enter> Keep")
    wait_until(lambda: address(host) == "192.0.2.10/24")
    wait_until(lambda: address(host) == before, timeout=600)
    console.wait("The time is up")
    console.press(ENTER, "Adapter eth0")


def test_address_is_kept(host, console):
    open_network(console)
    console.press(b"i", "IPv4 Configuration")
    console.press(b"\x1510.0.2.99/24\r", "Gateway")
    console.press(b"\x1510.0.2.2\r", "comes back", "<Enter> Keep")
    console.press(ENTER, "The changes are kept", timeout=300)
    wait_until(lambda: address(host) == "10.0.2.99/24")
    console.press(ENTER, "Adapter eth0")
    assert json.loads(host.check("localcli --formatter=json system state get"))["trial_seconds"] == 0
    # And back to what was shipped.
    console.press(b"b", "Restore Network", "<Enter> or <F11> Yes")
    console.press(ENTER, "It was changed", timeout=300)
    wait_until(lambda: address(host) == "10.0.2.15/24", timeout=300)
    console.press(ENTER, "Adapter eth0")


def test_address_while_the_root_ramdisk_is_full(host, console):
    host.run("dd if=/dev/zero of=/filler bs=64k", timeout=300)
    before = address(host)
    open_network(console)
    console.press(b"i", "IPv4 Configuration", "dhcp")
    console.press(b"\x15192.0.2.12/24\r", "Gateway")
    console.press(ENTER, "comes back", "<Enter> Keep")
    wait_until(lambda: address(host) == "192.0.2.12/24")
    # Who sees that it is wrong does not wait for the time to be up.
    console.press(ESCAPE, "Take back now", "<Enter> or <F11> Yes")
    console.press(ENTER, "All is as it was before", timeout=300)
    wait_until(lambda: address(host) == before, timeout=600)
    console.press(ENTER, "Adapter eth0")
    assert json.loads(host.check("localcli --formatter=json system state get"))["trial_seconds"] == 0
    host.check("rm /filler")


def test_ipv6_address_and_name_servers(host, console):
    def address6():
        return "fd00:7::10/64" in host.check("ip -6 -o addr show dev eth0")

    def named():
        return json.loads(host.check("localcli --formatter=json network ip dns get"))

    open_network(console)
    console.press(b"6", "IPv6 Configuration", "auto")
    console.press(b"\x15fd00:7::10/64\r", "Gateway")
    console.press(ENTER, "comes back", "<Enter> Keep", timeout=300)
    wait_until(address6)
    console.press(ESCAPE, "Take back now", "<Enter> or <F11> Yes")
    console.press(ENTER, "All is as it was before", timeout=300)
    wait_until(lambda: not address6())
    console.press(ENTER, "Adapter eth0")
    console.press(b"d", "DNS Configuration", "From DHCP:")
    console.press(b"\x15ns.example\r\r\r", "'ns.example' is no address")
    console.press(b"\t\x1510.0.2.4 fd00::3\t\x15lab.example\t\r", "comes back", "<Enter> Keep", timeout=300)
    console.press(ENTER, "The changes are kept", timeout=300)
    assert named() == {"servers": ["10.0.2.4", "fd00::3"], "search": ["lab.example"], "dhcp_dns": True}
    wait_until(lambda: "nameserver 10.0.2.4" in host.check("cat /etc/resolv.conf"))
    console.press(ENTER, "Adapter eth0")
    console.press(b"a", "Network Adapters", "eth0", "52:54:")
    console.press(ESCAPE, "Adapter eth0")
    host.check("localcli network ip dns set --servers '' --search ''")


@pytest.mark.slow
def test_root_ramdisk_full_of_files(host, console):
    host.check("mkdir -p /many")
    host.run("seq 100000 | sed s,^,/many/, | xargs -n 500 touch", timeout=900)
    assert host.run("touch /one-more").status != 0
    console.log_in()
    console.open("Troubleshooting", "Enable or Disable Shell")
    console.open("Ramdisks", "Files", "root", "100%")
    console.press(b"g", "New MiB:", "Ramdisk root")
    console.press(ENTER, "Ramdisk root is larger now")
    host.check("touch /one-more && rm -r /one-more /many", timeout=600)
    console.press(ENTER, "Name  ")


def test_dead_hostd_is_started_again(host, console):
    host.check("localcli system service stop --name hostd")
    console.log_in()
    console.open("Restart Management Agents", "All management agents", "hostd")
    rows = json.loads(host.check("localcli --formatter=json system service list"))
    index = [row["name"] for row in rows].index("hostd")
    console.press(DOWN * (index + 1))
    console.press(ENTER, "Restart hostd?", "<Enter> or <F11> Yes")
    console.press(ENTER, "hostd: restarted", timeout=300)
    wait_hostd(host)
    console.press(ENTER, "All management agents")


def test_welcome_text(host, console):
    text = "Rack 7 of {hostname}\nManage it: {url} {nonsense}"
    host.check(f"localcli system settings advanced set -o /Annotations/WelcomeMessage -s '{text}'")
    # Whatever is done at the console, the host is looked at again.
    console.log_in()
    console.press(ESCAPE, "Rack 7 of visoros", "Manage it: https://10.0.2.15/ {nonsense}", "To manage this host", timeout=300)
    assert host.check("ls -l /etc/welcome").startswith("-rw-r--r-T")
    host.check("localcli system settings advanced set -o /Annotations/WelcomeMessage -s ''")
    assert host.run("ls /etc/welcome").status != 0


def test_keyboard_layout(host, console):
    def shows(*texts):
        wait_until(lambda: all(text in vga_text(host) for text in texts), timeout=300)

    host.check("localcli system settings keyboard layout set --layout=us")
    host.send_keys("f2")
    shows("Login name:", "Password:")
    host.send_keys("ret")
    shows("System Customization", "Configure Password")
    host.send_keys("end", "up", "up", "ret")
    shows("Configure Keyboard", "Belgian")
    # A letter of the list's that is not the layout's to move.
    host.send_keys("t", "z", "y", "slash")
    shows("Try the Keyboard", "zy/")
    host.send_keys("ret")
    rows = json.loads(host.check("localcli --formatter=json system settings keyboard layout list"))
    names = [row["layout"] for row in rows]
    host.send_keys(*["down"] * names.index("de"), "ret")
    shows("Use the layout de (German)")
    host.send_keys("ret")
    shows("The layout was changed")
    host.send_keys("ret", "t", "z", "y", "slash")
    shows("Try the Keyboard", "yz-")
    host.send_keys("ret", "esc", "esc")
    assert host.check("cat /etc/keyboard; localcli system settings keyboard layout get") == "de\n   Layout: de\n"
    assert host.run("localcli system settings keyboard layout set --layout=xx").status == 4
    for name in names:
        host.check(f"localcli system settings keyboard layout set --layout={name}")
    host.check("localcli system settings keyboard layout set --layout=us")
