# SPDX-License-Identifier: Apache-2.0
"""Name, VLAN and address given at the console, a session that nobody uses, warnings that come and go: seen from outside."""

import pytest
from consolekit import DOWN, ENTER, ESCAPE, F12, HOME, console_of, goes_and_comes, hostname, listed, quiet_host
from hosts import https_status, vga_text, wait_hostd, wait_log, wait_until
from test_dcui_consoles import keys_of
from test_dcui_repair import address, open_network, ramdisk
from test_saver import state
from test_two_hosts import Dump

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", name="dump")
def dump_fixture(tmp_path_factory):
    return Dump(tmp_path_factory.mktemp("wire") / "frames.pcap", "net0")


@pytest.fixture(name="host", scope="module")
def host_fixture(boot, dump):
    yield from quiet_host(boot, options=dump.options())


@pytest.fixture(name="console")
def console_fixture(host):
    yield from console_of(host)


def test_name_of_the_host(host, console):
    open_network(console)
    console.press(b"h", "Set Host Name", "Host name:")
    console.press(b"\x15no_name\r", "may hold letters")
    console.press(b"\x15rack7\r", "It was changed")
    assert hostname(host) == "rack7"
    console.press(ENTER, "Adapter eth0")
    console.back_home()
    console.wait("Host name: rack7")


def test_vlan_is_kept(host, console, dump):
    """What the host says has the tag then."""

    def tags():
        return {frame[1] for frame in dump.news()}

    def set_vlan(number):
        console.press(b"v", "Set VLAN", "VLAN:")
        console.press(b"\x15" + number + b"\r", "comes back", "<Enter> Keep", timeout=300)
        console.press(ENTER, "The changes are kept", timeout=300)
        console.press(ENTER, "<Up/Down> Select")

    open_network(console)
    console.press(b"v", "Set VLAN", "VLAN:")
    console.press(b"\x154095\r", "4095 is not between")
    console.press(ESCAPE, "Adapter eth0")
    assert tags() == {0}
    set_vlan(b"42")
    wait_until(lambda: "eth0.42" in host.check("ls /sys/class/net"))
    tags()
    wait_until(lambda: 42 in tags(), timeout=300)
    assert listed(host, "network ip interface list")[0]["vlan"] == 42 and https_status(host, timeout=5) == 0
    assert not state(host)["trial"] and "42" in host.check("cat /etc/network.conf")
    set_vlan(b"0")
    wait_hostd(host)
    tags()
    assert https_status(host) == 200 and tags() == {0}


def test_wrong_address_at_the_screen(host):
    """Nobody can reach the host then; two minutes later all is as it was, and it says so."""

    def shows(*texts):
        wait_until(lambda: all(text in vga_text(host) for text in texts), timeout=300)

    before = address(host)
    for keys, text in ((["f2"], "Login name:"), (["ret"], "Configure Password"),
                       (["down", "down", "down", "ret"], "Adapters and Addresses"), (["i"], "Address as 192.0.2.10/24"),
                       (["ctrl-u", *keys_of("192.0.2.10/24"), "ret", "ret"], "<Enter> Keep")):
        host.send_keys(*keys)
        shows(text)
    wait_until(lambda: address(host) == "192.0.2.10/24")
    assert https_status(host, timeout=5) == 0
    wait_until(lambda: address(host) == before, timeout=600)
    shows("The time is up")
    wait_hostd(host)
    host.send_keys("ret")
    wait_until(lambda: "The time is up" not in vga_text(host))
    for text in ("Configure Password", "https://10.0.2.15/"):
        host.send_keys("esc")
        shows(text)


def test_session_that_nobody_uses_ends(host, console):
    console.log_in()
    console.open("Troubleshooting", "Enable or Disable Shell")
    console.open("Time-outs and Settings", "/UserVars/DcuiTimeOut")
    names = [row["option"] for row in listed(host, "system settings advanced list")]
    console.press(DOWN * names.index("/UserVars/DcuiTimeOut"), "Seconds without a key after which a session")
    console.press(ENTER, "Change Setting")
    console.press(b"\x1560\r", "The setting was changed")
    # Nobody presses a key: whatever is open goes.
    console.wait(HOME, timeout=300)
    wait_log(host, "user root: log out: after 6")
    console.press(F12, "Login name:", "Password:")
    console.press(ESCAPE, HOME)
    host.check("localcli system settings advanced set -o /UserVars/DcuiTimeOut -i 600")


def test_warning_of_a_full_ramdisk(host, console):
    kib = int(ramdisk(host, "tmp")["max"] * 85 // 100 >> 10)
    goes_and_comes(host, console, "Ramdisk tmp (/tmp) is 8",
                   f"dd if=/dev/zero of=/tmp/filler bs=1024 count={kib}", "rm /tmp/filler")


def test_warning_of_signatures_that_are_not_enforced(host, console):
    level = "localcli software acceptance set --level="
    host.check(f"{level}partner")
    goes_and_comes(host, console, "Signatures are not enforced", f"{level}unsigned", f"{level}partner")
    host.check(f"{level}unsigned")
