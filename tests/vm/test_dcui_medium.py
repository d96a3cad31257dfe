# SPDX-License-Identifier: Apache-2.0
"""A person at the console of a host that runs from a stick: what is done there is seen from outside, or on the stick.

Three machines start from it one after the other: with the bank that is left after one that failed, with the bank
that was chosen at the console, and with the factory settings that were asked for there.
"""

import pytest
from api import Client
from consolekit import DOWN, ENTER, ESCAPE, F11, F12, HOME, Serial, goes_and_comes, hostname, listed
from conftest import BOOT
from hosts import vga_text, wait_hostd, wait_until
from media import Medium, add_words, blocks, change
from mediakit import make_disk, partition_guid, states
from test_banks import make_bank
from test_dcui_repair import open_network
from test_pulled import GONE, plug, pull, state_bytes
from test_saver import saved, state
from vm import Machine

pytestmark = pytest.mark.slow

MENU = "System Customization"
UNAVAILABLE = 9
TRIAL = "visoros.trial=120 visoros.trial.limit=1800"


@pytest.fixture(scope="module", name="stick")
def stick_fixture(tmp_path_factory):
    """Two banks: a confirmed one, and a newer one that was started and came to nothing."""
    folder = tmp_path_factory.mktemp("medium")
    disk = make_disk(folder, [make_bank(folder, 1, "old-1"), make_bank(folder, 2, "new-2")], timeout=0)
    place, cfg = next((place, cfg) for place, cfg in blocks(disk) if cfg["build"] == "new-2")
    cfg["bootstate"] = "2"
    change(disk, place, cfg)
    add_words(disk, TRIAL)
    return disk


def start_from(stick):
    return Machine(BOOT, memory=384, medium=Medium(stick, "port", own=True))


def settle(machine):
    """Its console, which shows nothing but what is drawn there."""
    machine.wait_guest(600)
    wait_hostd(machine, 600)
    machine.check("dmesg -n 1")
    return Serial(machine)


def restart(machine, console):
    """By F12, as the answer to what was just done."""
    console.press(F12, "Shut Down or Restart the Host")
    console.press(F11, "Restart visoros now?")
    machine.type_console(ENTER)
    machine.wait_end(600)


@pytest.fixture(scope="module", name="fallen")
def fallen_fixture(stick):
    with start_from(stick) as machine:
        yield machine, settle(machine)


def test_bank_that_failed_is_told(fallen, stick):
    machine, console = fallen
    console.wait(HOME, "Build new-2 failed, this is the one before it", timeout=300)
    wait_until(lambda: "Build new-2 failed" in vga_text(machine), timeout=300)
    assert states(stick) == {"old-1": 0, "new-2": 3}


@pytest.fixture(scope="module", name="chosen")
def chosen_fixture(fallen, stick):
    """Somebody gives the bank that failed another try, at the console."""
    machine, console = fallen
    console.log_in()
    console.open("Boot Banks", "old-1", "runs, and is next", "invalid")
    console.press(DOWN, "new-2", "Written             2 times")
    console.press(ENTER, "Start build new-2, of bank 1", "<Enter> or <F11> Yes")
    console.press(ENTER, "Build new-2 is started next", timeout=300)
    assert states(stick) == {"old-1": 0, "new-2": 1}
    restart(machine, console)
    with start_from(stick) as machine:
        yield machine, settle(machine)


@pytest.fixture(name="host")
def host_fixture(chosen):
    return chosen[0]


@pytest.fixture(name="console")
def console_fixture(host):
    console = Serial(host)
    yield console
    console.back_home()


def test_bank_that_was_chosen_is_started(host, console, stick):
    """On trial, and that is told until it is confirmed."""
    words = dict(word.partition("=")[::2] for word in host.check("cat /proc/cmdline").split())
    assert words["visoros.bank"] == partition_guid(stick, 5)
    assert Client(host).ask("GET", "/system/boot")[1]["build"] == "new-2"
    assert "new-2 failed" not in console.wait(HOME, "This build is on trial", timeout=300)
    wait_until(lambda: states(stick) == {"old-1": 0, "new-2": 0}, timeout=600)
    wait_until(lambda: "on trial" not in console.screen(), timeout=300)


def test_history_leads_back(host, console):
    host.check("localcli system hostname set --host before")
    good = saved(host, "system.hostname.set")["generation"]
    open_network(console)
    console.press(b"h", "Host name:")
    console.press(b"\x15after\r", "It was changed")
    console.press(ENTER, "Adapter eth0")
    assert saved(host)["generation"] > good and hostname(host) == "after"
    console.press(ESCAPE, MENU)
    console.open("Configuration History", "Number", "the one in force")
    numbers = [row["generation"] for row in listed(host, "system state history")]
    console.press(DOWN * numbers.index(good), f"Generation          {good}")
    console.press(ENTER, "Since generation", "/etc/hostname")
    console.press(DOWN * [row["path"] for row in listed(host, f"system state diff --generation={good}")].index(
        "/etc/hostname"))
    console.press(ENTER, "-before", "+after")
    console.press(ESCAPE, "Since generation")
    console.press(ESCAPE, f"Generation          {good}")
    console.press(b"v", "Make the configuration as it was", "<Enter> or <F11> Yes")
    console.press(ENTER, f"as it was in generation {good}", timeout=300)
    assert hostname(host) == "before"
    saved(host, f"back to generation {good}")
    console.press(ENTER, "Number")


SCREENS = (("View System Logs", "<1> vmkernel"), ("Restart Management Agents", "All management agents"),
           ("Management Network", "Adapter eth0"), ("Troubleshooting", "Enable or Disable Shell"),
           ("Bundles", "Version"), ("Boot Banks", "is not there"), ("Configuration History", "<V> Revert"),
           ("Reset Configuration", "type its name"), ("Lockdown Mode", "Mode:"), ("Configure Keyboard", "Belgian"),
           ("Install to Disk", "<I>"), ("View Support Information", GONE[:40]))


def test_medium_is_pulled(host, console, stick):
    """While somebody is at the console: everything opens, changes count, and wait for the medium."""
    saved(host)
    console.log_in()
    pull(host)
    before = state_bytes(stick)
    console.press(b"\x1b[H", "Changes the password")
    console.press(ENTER, "New password")
    console.press(ESCAPE, MENU)
    for name, text in SCREENS:
        console.open(name, text)
        # What is pressed while something is read is not taken.
        wait_until(lambda: "Please wait" not in console.screen())
        console.press(ESCAPE, MENU)
    console.press(b"\x1b[H", "Changes the password")
    console.open("Management Network", "Adapter eth0")
    console.press(b"h", "Host name:")
    console.press(b"\x15pulled\r", "It was changed")
    console.press(ENTER, "Adapter eth0")
    console.back_home()
    console.wait(GONE[:60])
    wait_until(lambda: GONE[:60] in vga_text(host), timeout=300)
    refused = host.run("localcli system state save")
    assert refused.status == UNAVAILABLE and "is not there" in refused.errors, refused
    assert hostname(host) == "pulled" and state(host)["unsaved"] and state_bytes(stick) == before
    plug(host, stick)
    wait_until(lambda: GONE[:40] not in console.screen() and GONE[:40] not in vga_text(host), timeout=300)
    saved(host, "system.hostname.set")
    assert state_bytes(stick) != before


def test_warning_of_state_that_is_not_saved(host, console):
    goes_and_comes(host, console, "State is not saved: ",
                   "dd if=/dev/zero of=/etc/huge bs=1M count=17 && chmod 1600 /etc/huge; localcli system state save; :",
                   "rm /etc/huge; localcli system state save")


@pytest.fixture(scope="module", name="factory")
def factory_fixture(chosen, stick):
    """Started again after its configuration was reset at the console, by who typed its name."""
    machine, _ = chosen
    console = Serial(machine)
    machine.check("localcli system hostname set --host visoros")
    machine.check("localcli network ip dns search add -d mine.example && mkdir -p /etc/mine && echo x > /etc/mine/file "
                  "&& chmod 1600 /etc/mine/file")
    saved(machine)
    console.log_in()
    console.open("Reset Configuration", "type its name")
    console.press(b"other\r", "give the name of this host")
    assert state(machine)["mode"] == "ready"
    console.press(b"\x15visoros\r", "Factory settings count from the next restart on", timeout=300)
    assert state(machine)["mode"] == "reset" and machine.check("cat /etc/mine/file") == "x\n"
    restart(machine, console)
    with start_from(stick) as machine:
        yield machine, settle(machine)


def test_nothing_is_left_after_a_reset(factory, stick):
    machine, console = factory
    console.wait(HOME, "Host name: visoros", "The password of root is not set")
    assert hostname(machine) == "visoros"
    assert machine.run("ls /etc/mine /etc/network.conf /etc/console.conf").output == ""
    assert "mine.example" not in machine.check("cat /etc/resolv.conf")
    # The image stays.
    assert Client(machine).ask("GET", "/system/boot")[1]["build"] == "new-2"
    assert states(stick) == {"old-1": 0, "new-2": 0}
