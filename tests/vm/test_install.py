# SPDX-License-Identifier: Apache-2.0
"""Install and removal of bundles with services: in one switch, or not at all."""

import base64
import json

import pytest
from api import Client
from bundlekit import bundles
from hosts import end_all, wait_hostd, wait_until

PASSWORD = "correct horse"


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    yield vm
    for name in ("ticker", "plain", "other"):
        vm.run(f"localcli software bundle remove --name {name} --force")
    vm.check("rm -f /tmp/*.vib")
    assert vm.run("[ -e /var/stage ]").status == 1
    assert vm.check("ls /var/db/visoros/bundles") == ""


def install(machine, bundle, options=""):
    machine.put(bundle, f"/tmp/{bundle.name}")
    return machine.run(f"visorcli software bundle install --bundle /tmp/{bundle.name} {options}")


def service(machine, name="ticker"):
    rows = json.loads(machine.check("localcli --formatter=json system service list"))
    return next((row for row in rows if row["name"] == name), None)


def test_service_starts_and_ends_with_its_bundle(host, maker):
    result = install(host, maker.service("1.0"))
    assert result.status == 0, result
    assert service(host)["state"] == "running"
    assert service(host)["pool"] == "host/user/ticker"
    wait_until(lambda: "ticker 1.0 runs" in host.check("visorcli system log tail -n vmkernel --lines=1000"))

    host.check("visorcli software bundle remove --name ticker")
    assert service(host) is None or service(host)["state"] == "down"
    assert host.run("[ -e /usr/bin/ticker ]").status == 1
    assert host.run("ps | grep '[s]leep 100000'").status == 1
    events = host.check("visorcli system event list")
    assert "Bundle ticker 1.0 was installed" in events and "Bundle ticker 1.0 was removed" in events


def test_newer_version_replaces_older(host, maker):
    assert install(host, maker.service("1.0")).status == 0
    # Whoever reads the file all the time sees one of both versions, never none.
    host.check("(while :; do grep -q 'ticker [12].0' /usr/bin/ticker || echo gap >> /tmp/gaps; done) "
               "> /dev/null 2>&1 & echo $! > /tmp/reader")
    result = install(host, maker.service("2.0"))
    host.check("kill $(cat /tmp/reader)")
    assert result.status == 0, result
    assert "test_bootbank_ticker_1.0" in result.output.split("Removed:")[1]
    assert host.run("cat /tmp/gaps").output == ""
    assert bundles(host) == {"ticker": "2.0"}
    assert service(host)["state"] == "running"
    assert "ticker 2.0" in host.check("cat /usr/bin/ticker")
    assert host.check("ls /sys/fs/visorfs/0/tardisks | grep -c ticker").strip() == "1"

    refused = install(host, maker.service("1.0"))
    assert refused.status == 5 and "newer than 1.0" in refused.errors, refused


def test_service_that_does_not_start_takes_its_bundle_back(host, maker):
    # A version of its own: it is refused from then on.
    result = install(host, maker.service("0.9", command="/usr/bin/ticker\nmemory.max = nonsense"))
    assert result.status != 0 and "taken back" in result.errors, result
    assert bundles(host) == {}
    assert host.run("[ -e /usr/bin/ticker ]").status == 1


def test_file_of_the_image_is_replaced_by_an_overlay_only(host, maker):
    before = host.check("cat /etc/motd")
    refused = install(host, maker.make("plain", "1", {"etc/motd": "other\n"}))
    assert refused.status == 5 and "/etc/motd" in refused.errors and "base.v00" in refused.errors, refused
    assert host.check("cat /etc/motd") == before
    result = install(host, maker.make("plain", "1", {"etc/motd": "other\n"}, overlay=True))
    assert result.status == 0, result
    assert host.check("cat /etc/motd") == "other\n"
    host.check("visorcli software bundle remove --name plain")
    assert host.check("cat /etc/motd") == before


def test_dependencies(host, maker):
    needs = maker.make("other", "1", {"opt/other": ""}, depends=["plain >= 2"])
    refused = install(host, needs)
    assert refused.status == 5 and "plain" in refused.errors, refused
    assert install(host, maker.make("plain", "2", {"opt/plain": ""})).status == 0
    assert install(host, needs).status == 0
    refused = host.run("visorcli software bundle remove --name plain")
    assert refused.status == 5 and "other" in refused.errors, refused
    host.check("visorcli software bundle remove --name other")


def test_dry_run_changes_nothing(host, maker):
    result = install(host, maker.service("1.0"), "--dry-run")
    assert result.status == 0 and "Dry run" in result.output
    assert bundles(host) == {} and host.run("[ -e /usr/bin/ticker ]").status == 1


def test_from_a_web_server(host, maker):
    host.put(maker.make("plain", "1", {"opt/plain": "x" * 200000}), "/tmp/plain.vib")
    host.check("httpd -p 127.0.0.1:8000 -h /tmp")
    refused = host.run("visorcli software bundle install --bundle http://127.0.0.1:8000/nothing.vib")
    assert refused.status == 4, refused
    host.check("visorcli software bundle install --bundle http://127.0.0.1:8000/plain.vib")
    assert bundles(host) == {"plain": "1"}
    end_all(host, "httpd")
    refused = host.run("visorcli software bundle install --bundle http://127.0.0.1:8000/plain.vib")
    assert refused.status == 9, refused


def test_without_hostd(host, maker):
    host.put(maker.service("1.0"), "/tmp/ticker.vib")
    host.check("localcli system service stop --name hostd")
    try:
        failed = host.run("visorcli software bundle list")
        assert failed.status == 9 and "Connect to localhost failed" in failed.errors and "localcli" in failed.errors
        host.check("localcli software bundle install --bundle /tmp/ticker.vib")
        assert bundles(host) == {"ticker": "1.0"}
        host.check("localcli software bundle remove --name ticker")
    finally:
        host.check("localcli system service start --name hostd")
        wait_hostd(host)


@pytest.mark.parametrize("delay", [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5])
def test_killed_while_it_installs(host, maker, delay):
    """Whatever moment hostd and its worker die at: the bundle is there wholly, or not at all."""
    host.put(maker.make("plain", "1", {f"opt/plain{i}": str(i) * 50000 for i in range(40)}), "/tmp/plain.vib")
    host.check(f"(visorcli software bundle install --bundle /tmp/plain.vib > /dev/null 2>&1 &) ; "
               f"sleep {delay}; killall -9 hostd; true")

    def is_over():
        """hostd answers, and nobody asks it for the install any more, which it may have been too early for"""
        # The supervisor would wait longer after each death.
        host.run("localcli system service start --name hostd")
        return host.run("visorcli system version get").status == 0 and host.run("pidof visorcli").status == 1

    wait_until(is_over, timeout=300)
    attached = host.run("[ -e /sys/fs/visorfs/0/tardisks/plain.v00 ]").status == 0
    assert bundles(host) == ({"plain": "1"} if attached else {})
    assert host.check("ls /opt 2> /dev/null | wc -l").strip() == ("40" if attached else "0")
    assert host.run("[ -e /var/stage ]").status == 1
    # And nothing is left that would be in the way of the next one, nor of one that died while it wrote a record.
    host.check("touch /var/db/visoros/bundles/plain.json.a1b2c3")
    if attached:
        host.check("visorcli software bundle remove --name plain")
    host.check("visorcli software bundle install --bundle /tmp/plain.vib")
    assert host.check("ls /var/db/visoros/bundles") == "plain.json\n"


class Uploader(Client):
    """Sends bundles from the client's side."""

    def upload(self, data, until=None):
        status, up = self.ask("POST", "/uploads", json.dumps({"size": len(data)}))
        assert status == 201, up
        for at in range(0, until or len(data), up["piece_max"]):
            status, answer = self.ask("PUT", f"/uploads/{up['id']}?offset={at}",
                                      data[at:at + up["piece_max"]], "application/octet-stream")
            if status != 200:
                break
        return status, answer, up["id"]


@pytest.fixture(name="client")
def client_fixture(start):
    machine = start(memory=192)
    wait_hostd(machine)
    machine.check("visorcli system account password set --id root", f"{PASSWORD}\n".encode())
    return machine, Uploader(machine, PASSWORD)


def noise(size):
    """Bytes that do not compress."""
    with open("/dev/urandom", "rb") as source:
        return base64.b64encode(source.read(size)).decode()


def cancelled_upload(machine, api, data):
    """Ended half-way by its task: the host has it all back within seconds."""
    status, answer, _ = api.upload(data, until=1 << 20)
    assert status == 200, answer
    task = api.ask("GET", "/system/tasks")[1][-1]
    assert task["state"] == "running" and task["cancellable"] and 0 < task["percent"] < 90, task
    assert task["what"] == f"upload of {len(data)} bytes", task
    status, answer = api.ask("DELETE", f"/system/tasks/{task['id']}")
    assert status == 204, answer
    wait_until(lambda: api.ask("GET", f"/system/tasks/{task['id']}")[1]["state"] == "cancelled")
    wait_until(lambda: machine.run("[ -e /var/stage ]").status == 1)


def upload_that_nobody_waits_for(api, data):
    """The last piece is answered with the task."""
    api.login["Prefer"] = "respond-async"
    status, task, _ = api.upload(data)
    del api.login["Prefer"]
    assert status == 202 and task["state"] == "running", task
    ended = wait_until(lambda: (lambda row: row["state"] != "running" and row)(
        api.ask("GET", f"/system/tasks/{task['id']}")[1]))
    assert ended["state"] == "done" and ended["result"]["installed"] == ["test_bootbank_plain_1"], ended
    # Without a boot medium there is nothing to be written behind the payloads.
    assert 88 <= ended["percent"] <= 90, ended


def test_uploads(client, maker):
    machine, api = client
    data = maker.make("plain", "1", {"opt/plain": noise(3 << 20)}).read_bytes()

    def most():
        """KiB that hostd has had at most, without its workers."""
        return int(machine.check(f"grep VmHWM /proc/{service(machine, 'hostd')['pid']}/status").split()[1])

    before = most()

    status, answer, _ = api.upload(data)
    assert status == 200 and answer["installed"] == ["test_bootbank_plain_1"], answer
    assert api.ask("GET", "/bundles/plain")[1]["version"] == "1"
    after = most()
    assert after - before < 3000, f"hostd grew from {before} to {after} KiB"
    status, answer = api.ask("DELETE", "/bundles/plain")
    assert status == 200, answer

    # Refused as soon as it is known: long before all was sent.
    status, answer, _ = api.upload(b"not a bundle\n" * 100000)
    assert status == 422, answer
    flipped = data[:-5000] + bytes([data[-5000] ^ 1]) + data[-4999:]
    status, answer, _ = api.upload(flipped)
    assert status == 422 and "plain" in answer["detail"], answer

    # Given up half-way, by hand or by silence: nothing stays.
    status, answer, name = api.upload(data, until=1 << 20)
    assert status == 200 and answer["offset"] >= 1 << 20, answer
    assert api.ask("POST", "/uploads", '{"size": 5}')[0] == 409
    assert api.ask("DELETE", f"/uploads/{name}")[0] == 204
    wait_until(lambda: machine.run("[ -e /var/stage ]").status == 1)
    cancelled_upload(machine, api, data)
    upload_that_nobody_waits_for(api, data)
    assert machine.check("ls /opt").strip() == "plain"


def test_hostd_answers_while_it_installs(client, maker):
    """An install is a worker's matter; the loop goes on."""
    machine, api = client
    machine.put(maker.make("plain", "1", {"opt/plain": noise(12 << 20)}), "/tmp/plain.vib")
    machine.check("(visorcli software bundle install --bundle /tmp/plain.vib > /tmp/result 2>&1; "
                  "echo done >> /tmp/result) > /dev/null 2>&1 &")
    answered = 0
    while "done" not in machine.run("cat /tmp/result").output:
        answered += 1
        assert api.ask("GET", "/sessions")[0] == 200
    # After all answers but the last it was still at it.
    assert answered > 1
    assert "successfully" in machine.check("cat /tmp/result")
