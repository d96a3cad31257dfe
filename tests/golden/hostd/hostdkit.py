# SPDX-License-Identifier: Apache-2.0
"""A hostd of its own on a throw-away root, and how to ask it."""

import base64
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HOSTD = Path(os.environ.get("O", "out")) / "bin" / "hostd"
PASSWORD = "correct horse"
LIMIT = 120  # seconds for what takes a moment: the machine may be slow, and stand still for a while


class UnixConnection(http.client.HTTPConnection):
    """The local socket."""

    def __init__(self, path):
        super().__init__("host", timeout=LIMIT)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(LIMIT)
        self.sock.connect(self.path)


class Hostd:
    """A running hostd with a root of its own."""

    def __init__(self, folder, development=False):
        self.root = Path(folder)
        for name in ("etc", "run", "var/log"):
            (self.root / name).mkdir(parents=True)
        (self.root / "etc/shadow").write_text("root:*:19000:0:99999:7:::\n")
        (self.root / "etc/shadow").chmod(0o1640)
        flag = "y" if development else "n"
        (self.root / "etc/visoros-release").write_text(f'NAME="VisorOS"\nDEVELOPMENT="{flag}"\n')
        (self.root / "var/log/vmkernel.log").write_text("first\nsecond\n")
        self.log = open(self.root / "log", "w+", encoding="utf-8")  # pylint: disable=consider-using-with
        self.start()

    def start(self, *options):
        known = self.log_text().count("HTTPS on port")
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [HOSTD, "-d", "--port", "0", "--http-port", "0", "--root", self.root, *options],
            stderr=self.log, stdout=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            found = re.findall(r"HTTPS on port (\d+)", self.log_text())
            if len(found) > known and (self.root / "run/hostd.sock").exists():
                self.port = int(found[-1])
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"hostd did not start:\n{self.log_text()}")

    def log_text(self):
        self.log.flush()
        return (self.root / "log").read_text(encoding="utf-8", errors="replace")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LIMIT)

    def connect(self):
        context = ssl._create_unverified_context()  # pylint: disable=protected-access
        return http.client.HTTPSConnection("localhost", self.port, timeout=LIMIT, context=context)

    def raw(self):
        """A TLS stream without HTTP."""
        context = ssl._create_unverified_context()  # pylint: disable=protected-access
        plain = socket.create_connection(("localhost", self.port), timeout=LIMIT)
        return context.wrap_socket(plain, server_hostname="localhost")

    def ask(self, method, path, body=None, headers=None, connection=None):
        """(status, JSON or None, headers)"""
        connection = connection or self.connect()
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        connection.request(method, "/api/v1" + path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None, answer.headers

    def local(self, method, path, body=None):
        return self.ask(method, path, body, connection=UnixConnection(self.root / "run/hostd.sock"))

    def rss(self):
        """Memory of its own in KiB, of both processes."""
        kids = subprocess.run(["pgrep", "-P", str(self.process.pid)], stdout=subprocess.PIPE, text=True, check=False)
        return sum(map(anonymous, [self.process.pid, *kids.stdout.split()]))


def anonymous(pid):
    """KiB of a process that are not of files; 0 if it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return 0
    return int((re.search(r"RssAnon:\s+(\d+)", status) or [0, 0])[1])


def basic(password, user="root"):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def expect(got, status, word=""):
    assert got[0] == status, got
    assert word in json.dumps(got[1]), got
    return got


def run(name, test, folder, images):
    begin = time.monotonic()
    hostd = Hostd(folder, development=name == "development_image")
    try:
        if name not in images:
            expect(hostd.local("PUT", "/accounts/root/password", {"password": PASSWORD}), 204)
        test(hostd)
        assert hostd.process.poll() is None, "hostd died"
        assert hostd.stop() == 0, "exit status after SIGTERM"
        print(f"ok {name} {time.monotonic() - begin:.1f} s")
        return True
    except Exception as error:  # pylint: disable=broad-except
        print(f"FAIL {name}: {error!r}\n{hostd.log_text()[-2000:]}")
        return False
    finally:
        hostd.process.kill()


def main(tests, images=()):
    """Runs all, or those that the command line names. Those of images get a hostd without a password."""
    chosen = sys.argv[1:] or list(tests)
    with tempfile.TemporaryDirectory() as top:
        # Most of the time they wait, and each has a hostd of its own.
        with ThreadPoolExecutor(4) as pool:
            good = all(list(pool.map(lambda name: run(name, tests[name], Path(top) / name, images), chosen)))
    return 0 if good else 1


def tests_of(names):
    """{name: function} of what a module defines as test_NAME."""
    return {name[5:]: test for name, test in names.items() if name.startswith("test_")}
