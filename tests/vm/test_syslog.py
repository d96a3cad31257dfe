# SPDX-License-Identifier: Apache-2.0
"""The log sent to other hosts: a real rsyslog on this machine over UDP, TCP and TLS."""

import json
import random
import re
import socket
import subprocess
from pathlib import Path

import pytest
from hosts import vmkernel_log, wait_hostd, wait_until
from test_worlds import services

HOST = "10.0.2.2"  # this machine, as the guest sees it
CONFIG = """
global(workDirectory="{folder}" maxMessageSize="8k"
       defaultNetstreamDriverCAFile="{folder}/ca.pem"
       defaultNetstreamDriverCertFile="{folder}/cert.pem"
       defaultNetstreamDriverKeyFile="{folder}/key.pem")
template(name="fields" type="string" string="%syslogfacility%|%syslogseverity%|%timestamp:::date-rfc3339%|"""
CONFIG += """%hostname%|%app-name%|%procid%|%structured-data%|%msg%|%inputname%\\n")
module(load="imudp")
module(load="imtcp")
input(type="imudp" port="{udp}" address="127.0.0.1" name="udp" rcvbufSize="8m")
input(type="imtcp" port="{tcp}" address="127.0.0.1" name="tcp")
input(type="imtcp" port="{tls}" address="127.0.0.1" name="tls"
      streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
action(type="omfile" file="{folder}/got" template="fields" asyncWriting="off" flushInterval="1")
"""


def free_ports(count):
    """
    Ports free for UDP and TCP, also when nobody listens for a while. None that the kernel gives to
    those who connect: one who tries a port again and again would be given that very one, and meet himself.
    """
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found = []
    while len(found) < count:
        port = random.randrange(10000, max(lowest, 20000))
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return dict(zip(("udp", "tcp", "tls"), found))


def is_bound(kind, port, state):
    """Whether a socket of this machine is bound to a port and in a state of /proc/net."""
    rows = [line.split() for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == state for row in rows)


class Collector:
    """rsyslogd with a configuration of its own; start and stop at will."""

    def __init__(self, folder):
        self.folder, self.ports, self.process = folder, free_ports(3), None
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3",
                        "-subj", "/CN=collector", "-addext", f"subjectAltName=IP:{HOST}",
                        "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
        (folder / "ca.pem").write_bytes((folder / "cert.pem").read_bytes())
        (folder / "conf").write_text(CONFIG.format(folder=folder, **self.ports))
        (folder / "got").touch()

    def start(self):
        self.process = subprocess.Popen(["rsyslogd", "-n", "-f", self.folder / "conf", "-i", self.folder / "pid"],
                                        stdout=subprocess.DEVNULL, stderr=open(self.folder / "errors", "ab"))
        # What comes over UDP before is lost.
        wait_until(self.listens)

    def listens(self):
        """rsyslogd listens"""
        assert self.process.poll() is None, (self.folder / "errors").read_text()
        return is_bound("udp", self.ports["udp"], "07") and all(
            is_bound("tcp", self.ports[kind], "0A") for kind in ("tcp", "tls"))

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(90)
        self.process = None

    def url(self, kind):
        return f"{kind}://{HOST}:{self.ports[kind]}"

    def got(self, kind, text):
        """The fields of messages that came over one input and have a text in them."""
        rows = [line.split("|") for line in (self.folder / "got").read_text(errors="replace").splitlines()]
        return [row for row in rows if len(row) == 9 and row[8] == kind and text in row[7]]


@pytest.fixture(name="collector")
def collector_fixture(tmp_path):
    collector = Collector(tmp_path)
    collector.start()
    yield collector
    print((tmp_path / "errors").read_text())
    collector.stop()


@pytest.fixture(name="host", scope="module")
def host_fixture(boot):
    from vm import Machine

    with Machine(boot, memory=256) as machine:
        machine.wait_guest()
        wait_hostd(machine)
        wait_until(lambda: machine.run("ip addr | grep -q 'inet 10.0.2'").status == 0)
        yield machine


def send_to(host, *urls, **options):
    words = " ".join(f"--{name.replace('_', '-')}={value}" for name, value in options.items())
    host.check(f"esxcli system syslog config set --loghost='{','.join(urls)}' {words}")


def targets(host):
    return {row["target"]: row for row in json.loads(host.check("esxcli --formatter=json system syslog remote list"))}


def test_all_transports(host, collector):
    host.put((collector.folder / "ca.pem"), "/etc/collector.pem")
    host.check("hostname esx1.example")
    send_to(host, *(collector.url(kind) for kind in ("udp", "tcp", "tls")), ca_file="/etc/collector.pem")
    for kind in ("udp", "tcp", "tls"):
        wait_until(lambda kind=kind: collector.got(kind, "Linux version 6."))
    host.check("logger -t app -p local3.err 'wörds | and \"more\"'; esxcli system syslog mark --message='a mark'")
    for kind in ("udp", "tcp", "tls"):
        wait_until(lambda kind=kind: collector.got(kind, "a mark"))
    [row] = collector.got("tcp", "mark: a mark")
    assert (row[0], row[1], row[3]) == ("3", "5", "esx1.example")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|\+00:00)", row[2])
    assert re.fullmatch(r'\[meta sequenceId="\d+"\]', row[6])
    kernel = collector.got("tls", "Linux version 6.")[0]
    assert (kernel[0], kernel[1], kernel[4], kernel[5]) == ("0", "5", "kernel", "-")
    wait_until(lambda: all(row["state"] == "up" and row["dropped"] == 0 for row in targets(host).values()))
    # Over streams each message came once.
    assert len(collector.got("tls", "mark: a mark")) == 1


def test_spool_while_away(host, collector):
    send_to(host, collector.url("tcp"), collector.url("udp"), default_timeout=2, spool=1024)
    wait_until(lambda: collector.got("tcp", "messages are sent"))
    collector.stop()
    host.check("i=0; while [ $i -lt 200 ]; do i=$((i+1)); logger -t away \"number $i of those\"; done", timeout=120)
    wait_until(lambda: targets(host).get(collector.url("tcp"), {}).get("waiting", 0) >= 199)
    assert targets(host)[collector.url("tcp")]["state"] != "up"
    collector.start()
    wait_until(lambda: collector.got("tcp", "number 200 of those"))
    numbers = [int(re.search(r"number (\d+)", row[7])[1]) for row in collector.got("tcp", " of those")]
    # What the dead connection had taken cannot be known; all later ones are there, in order.
    assert [n for n in numbers if n >= 2] == list(range(2, 201)) or numbers == list(range(1, 201))
    assert targets(host)[collector.url("tcp")]["dropped"] == 0


def test_dropped_are_counted_and_told(host, collector, out):
    send_to(host, collector.url("tcp"), default_timeout=1, spool=64)
    wait_until(lambda: targets(host).get(collector.url("tcp"), {}).get("state") == "up")
    collector.stop()
    host.put(out / "bin/logflood", "/tmp/logflood", 0o755)
    host.check("/tmp/logflood 2 2000 0", timeout=60)
    wait_until(lambda: targets(host)[collector.url("tcp")]["dropped"] > 1000)
    collector.start()

    def told():
        return sum(int(n) for row in collector.got("tcp", "messages were")
                   for n in re.findall(r"(\d+) messages were", row[7]))

    # Two writers: when the last line of one is there, others and a count may still be on their way.
    wait_until(lambda: told() and told() + len(collector.got("tcp", "of a flood that nobody may lose")) >= 4000)
    wait_until(lambda: re.search(r"syslogfwd: tcp://\S+ is away: ", vmkernel_log(host)))


def test_wrong_certificate_gets_nothing(host, collector):
    other = collector.folder / "other.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3", "-subj", "/CN=x",
                    "-keyout", "/dev/null", "-out", other], check=True, capture_output=True)
    host.put(other, "/etc/collector.pem")
    send_to(host, collector.url("tls"), ca_file="/etc/collector.pem")
    wait_until(lambda: targets(host).get(collector.url("tls"), {}).get("reason") == "self-signed certificate")
    assert not collector.got("tls", "")
    send_to(host, collector.url("tls"), check_ssl_certs="false")
    wait_until(lambda: collector.got("tls", "messages are sent"))


def test_the_forwarder_goes_on_after_a_restart(host, collector):
    send_to(host, collector.url("tcp"))
    wait_until(lambda: collector.got("tcp", "messages are sent"))
    for number in range(3):
        host.check(f"logger -t life 'round {number}'")
        wait_until(lambda number=number: collector.got("tcp", f"round {number}"))
        name = "syslogfwd" if number else "vmklogger"
        before = services(host)[name]["pid"]
        host.check(f"kill -9 {before}")
        # The logger says when it can be written to; the other one gets what came before it was back.
        wait_until(lambda name=name, before=before: services(host)[name]["state"] == "running" and
                   services(host)[name]["pid"] != before)
    host.check("logger -t life 'last round'")
    wait_until(lambda: collector.got("tcp", "last round"))


def test_nobody_to_send_to_costs_nothing(host):
    send_to(host, "")
    wait_until(lambda: services(host)["syslogfwd"]["state"] == "done")
    assert host.run("pidof syslogfwd").status != 0


def test_settings_by_command(host):
    assert host.run("esxcli system syslog config set --loghost=http://x").status == 3
    assert "Remote Host:\n" in host.check("esxcli system syslog config get")
    host.check("esxcli system syslog config logger set --id=syslog --rotate=2")
    assert re.search(r"^syslog .* 2  /var/log/syslog.log$", host.check("esxcli system syslog config logger list"), re.M)
    refused = host.run("esxcli system syslog config logger set --id=syslog --rotate=30")
    assert refused.status == 8 and "the ramdisk of /var/log has 16M" in refused.errors
    assert "/etc/vmklogger.conf" in host.check("esxcli system state list")
