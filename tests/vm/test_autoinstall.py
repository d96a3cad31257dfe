# SPDX-License-Identifier: Apache-2.0
"""A host that installs itself without a person, as answers say; and the host that comes out of it."""

import base64
import functools
import http.client
import http.server
import json
import ssl
import subprocess
import threading

import pytest
from bundlekit import bundles
from conftest import BOOT, OUT
from hosts import wait_hostd, wait_until
from media import Medium, Network, blocks
from vm import Machine

IMAGE, PXE = OUT / "media/visoros.img", OUT / "media/pxe"
PASSWORD, SERIAL = "correct horse 7", "TARGET-1"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq admin"
# The address is the one that the machine's forwarded port goes to.
ANSWERS = f"""\
disk = serial:{SERIAL}
hostname = unattended
root-password = {{hash}}
ssh-key.1 = {KEY}
address = 10.0.2.15/24
gateway = 10.0.2.2
dns = 10.0.2.3
bundle.1 = {{web}}/extra.vib
after = {{after}}
"""


@pytest.fixture(name="disk")
def disk_fixture(tmp_path):
    disk = tmp_path / "disk.img"
    with open(disk, "wb") as file:
        file.truncate(400 << 20)
    return disk


@pytest.fixture(name="publish")
def publish_fixture(tmp_path, maker):
    """publish(after=...) serves answers, and a bundle for the new host; their URL as a guest sees it."""
    folder = tmp_path / "web"
    folder.mkdir()
    extra = maker.make("extra", "1.0", {"opt/extra/hello": "from the first start\n"}, live_install_allowed=False)
    extra.rename(folder / "extra.vib")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def publish(host="10.0.2.2", **words):
        password = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=PASSWORD, check=True,
                                  capture_output=True, text=True).stdout.strip()
        web = f"http://{host}:{server.server_port}"
        (folder / "answers.cfg").write_text(ANSWERS.format(hash=password, web=web, **words))
        return f"{web}/answers.cfg"

    yield publish
    server.shutdown()
    server.server_close()


def target(disk):
    """QEMU's options for the disk to install to."""
    return ["-drive", f"if=none,id=target,format=raw,file={disk}",
            "-device", f"virtio-blk-pci,drive=target,serial={SERIAL}"]


def config_stick(tmp_path):
    """QEMU's options for a stick whose only partition is called CONFIG and has the answers that were published."""
    stick = tmp_path / "config.img"
    with open(stick, "wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["sfdisk", "-q", stick], input="label: dos\nstart=2048, type=c\n", text=True, check=True)
    subprocess.run(["mkfs.fat", "-n", "CONFIG", "--offset=2048", stick, str(7 << 10)], check=True, capture_output=True)
    subprocess.run(["mcopy", "-i", f"{stick}@@1M", tmp_path / "web/answers.cfg", "::"], check=True)
    return ["-drive", f"if=none,id=config,format=raw,readonly=on,file={stick}",
            "-device", "virtio-blk-pci,drive=config"]


def login_status(machine, password):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", machine.port, context=context, timeout=60)
    basic = base64.b64encode(f"root:{password}".encode()).decode()
    connection.request("GET", "/api/v1/system/boot", headers={"Authorization": f"Basic {basic}"})
    return connection.getresponse().status


def network(machine):
    """the network is as the answers say"""
    nic, = json.loads(machine.check("visorcli --formatter=json network ip interface ipv4 get"))
    return nic["type"], nic["address"], nic["gateway"]


def check_host(disk):
    """The disk alone starts the host that the answers describe."""
    with Machine(BOOT, medium=Medium(disk, "virtio", own=True)) as machine:
        machine.wait_guest(300)
        wait_hostd(machine, 300)
        assert "visoros.install" not in machine.check("cat /proc/cmdline")
        assert machine.check("hostname") == "unattended\n"
        # hostd answered over the network; the route comes after the address, and stays.
        wait_until(lambda: network(machine) == ("static", "10.0.2.15", "10.0.2.2"), timeout=300)
        assert "nameserver 10.0.2.3" in machine.check("cat /etc/resolv.conf")
        assert login_status(machine, PASSWORD) == 200
        assert login_status(machine, "wrong") == 401
        assert machine.check("cat /root/.ssh/authorized_keys") == KEY + "\n"
        assert "answers of the install" in machine.check("visorcli system state history")
        assert bundles(machine) == {"extra": "1.0"}
        assert machine.check("cat /opt/extra/hello") == "from the first start\n"


def test_from_a_stick(disk, publish, tmp_path):
    """Nobody touches the machine from power on until it has switched itself off; the answers are on a stick."""
    publish(after="poweroff")
    with Machine(BOOT, medium=Medium(IMAGE, "virtio"), append="visoros.install=label:CONFIG",
                 options=[*target(disk), *config_stick(tmp_path)]) as machine:
        machine.wait_end(900)
    check_host(disk)


def logged(machine, text):
    """an event says so"""
    return text in machine.check("localcli system event list", timeout=300)


@pytest.mark.slow
def test_from_the_network(disk, publish):
    """The image comes from where the host came from; a disk that has VisorOS is not overwritten again."""
    url = publish(host=Network.ADDRESS, after="stay")
    with Machine(BOOT, medium=Network(PXE, "visoros.ipxe", http=True), append=f"visoros.install={url}",
                 options=target(disk)) as machine:
        machine.wait_guest(300)
        wait_until(lambda: logged(machine, "was installed to /dev/"), timeout=900)
        (_, cfg), = blocks(disk)
        assert cfg["bootstate"] == "0"
        again = machine.run(f"localcli system boot install --answers {url}", timeout=300)
        assert again.status == 5 and "has VisorOS on it, which is not overwritten" in again.errors
        assert logged(machine, "Nothing was installed")
        row, = json.loads(machine.check("localcli --formatter=json system boot disk list", timeout=300))
        assert (row["serial"], row["content"], row["running"]) == (SERIAL, "VisorOS", False)
    check_host(disk)
