# SPDX-License-Identifier: Apache-2.0
"""Depots: bundles by name from a web server, a folder and a zip archive."""

import base64
import functools
import http.server
import json
import os
import shutil
import ssl
import subprocess
import threading
import zipfile

import pytest
from hosts import wait_hostd, wait_until
from test_install import Maker, bundles


class Server(http.server.ThreadingHTTPServer):
    """A web server with ranges and ETags that can be told to misbehave."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.cut = {}  # path: how often a connection for it breaks off in the middle
        self.tagged = True
        self.ranges = True
        self.changes = None  # from this request on the files are others
        self.requests = []
        self.sent = 0
        self.meet = None  # a barrier that requests for bundles wait at before they are answered
        self.meet_from = 0  # the first of these among requests for an archive

    @property
    def url(self):
        """As the guest sees it."""
        return f"http://10.0.2.2:{self.server_address[1]}/depot"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET below /depot."""

    def log_message(self, *_):  # pylint: disable=arguments-differ
        """Says nothing."""

    def do_GET(self):  # pylint: disable=invalid-name
        """One file, or what is left of it."""
        server = self.server
        path = self.path.removeprefix("/depot/")
        number = len(server.requests)
        server.requests.append((path, self.headers.get("Range")))
        file = server.folder / path
        if not file.is_file():
            self.send_error(404)
            return
        if server.meet and (path.endswith(".vib") or path.endswith(".zip") and number >= server.meet_from):
            server.meet.wait(timeout=120)
        changed = server.changes is not None and number >= server.changes
        self.answer(path, file.read_bytes(), f'"{file.stat().st_mtime_ns}{"-new" if changed else ""}"')

    def part(self, size, tag):
        """From which byte to before which one, or None for all of it."""
        span = self.headers.get("Range")
        if not span or not self.server.ranges or self.headers.get("If-Range", tag) != tag:
            return None
        first, last = span.removeprefix("bytes=").split("-")
        if not first:
            return max(size - int(last), 0), size
        return int(first), int(last) + 1 if last else size

    def answer(self, path, data, tag):
        """What was asked for, or the half of it."""
        server = self.server
        part = self.part(len(data), tag)
        begin, end = part or (0, len(data))
        self.send_response(206 if part else 200)
        if part:
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
        self.send_header("Content-Length", str(end - begin))
        if server.tagged:
            self.send_header("ETag", tag)
        self.end_headers()
        if server.cut.get(path, 0) > 0:
            server.cut[path] -= 1
            end = begin + (end - begin) // 2
            self.close_connection = True
        try:
            self.wfile.write(data[begin:end])
            server.sent += end - begin
        except ConnectionError:
            pass  # the guest has what it wanted


def noise(size):
    return base64.b64encode(os.urandom(size)).decode()


def depot(out, folder, *options):
    subprocess.run([out / "bin" / "bundle", "depot", *options, folder], check=True,
                   stdout=subprocess.DEVNULL)


def zipped(folder, file, method=zipfile.ZIP_STORED):
    """The depot in folder as one archive."""
    with zipfile.ZipFile(file, "w", method) as archive:
        for part in sorted([folder / "index.json", *folder.glob("*.vib")]):
            archive.write(part, part.name)


@pytest.fixture(scope="module", name="machine")
def machine_fixture(vm):
    wait_hostd(vm)
    return vm


@pytest.fixture(scope="module", name="maker")
def maker_fixture(out, tmp_path_factory):
    return Maker(out, tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="module", name="content")
def content_fixture(out, maker, tmp_path_factory):
    """Five bundles, of which one depends on the others, and a newer version of one of them."""
    folder = tmp_path_factory.mktemp("depot")
    parts = ["part1", "part2", "part3", "part4"]
    for name in parts:
        made = maker.make(name, "1", {f"opt/{name}": noise(300000)})
        (folder / f"{name}-1.vib").write_bytes(made.read_bytes())
    made = maker.make("whole", "1", {"opt/whole": "whole 1\n"}, depends=[f"{name} >= 1" for name in parts])
    (folder / "whole-1.vib").write_bytes(made.read_bytes())
    depot(out, folder)
    zipped(folder, folder / "depot.zip")
    return folder


@pytest.fixture(name="server")
def server_fixture(content):
    server = Server(content)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(name="host")
def host_fixture(machine):
    yield machine
    for name in ("whole", "part1", "part2", "part3", "part4"):
        machine.run(f"localcli software bundle remove --name {name}")
    for row in json.loads(machine.check("localcli --formatter=json software sources list")):
        machine.check(f"localcli software sources remove --depot {row['depot']}")
    assert machine.run("[ -e /var/stage ]").status == 1
    assert bundles(machine) == {}


PARTS = {f"part{i}": "1" for i in range(1, 5)}


def test_by_name_with_dependencies_side_by_side(host, server):
    """All four parts are asked for before one of them is answered."""
    host.check(f"visorcli software sources add --depot {server.url}/")
    assert server.url in host.check("visorcli software sources list")
    listed = json.loads(host.check("visorcli --formatter=json software sources bundle list"))
    assert {row["name"] for row in listed} == {"whole", *PARTS}
    dry = host.check("visorcli software bundle install --name whole --dry-run")
    assert "test_bootbank_part4_1" in dry and bundles(host) == {}
    assert not [path for path, _ in server.requests if path.endswith(".vib")]

    server.meet = threading.Barrier(4, action=functools.partial(setattr, server, "meet", None))
    result = host.check("visorcli software bundle install --name 'whole >= 1'")
    assert "test_bootbank_whole_1" in result
    assert bundles(host) == {"whole": "1", **PARTS}
    assert host.check("cat /opt/whole") == "whole 1\n"
    again = host.check("visorcli software bundle install --name whole")
    assert "Skipped: test_bootbank_whole_1" in again
    missing = host.run("visorcli software bundle install --name nothing")
    assert missing.status == 4 and "no depot has such a bundle" in missing.errors, missing


def test_broken_connections_are_taken_up_again(host, server):
    server.cut = {"part1-1.vib": 3, "part2-1.vib": 1}
    host.check(f"visorcli software bundle install --depot {server.url} --name 'part1,part2>=1'")
    assert bundles(host) == {"part1": "1", "part2": "1"}
    ranges = [span for path, span in server.requests if path == "part1-1.vib"]
    assert len(ranges) == 4 and ranges[0] is None and all(ranges[1:]), ranges


def test_what_goes_wrong_changes_nothing(host, server, out, content):
    def refused(status, words):
        result = host.run(f"visorcli software bundle install --depot {server.url} --name whole")
        assert result.status == status and words in result.errors, result
        assert bundles(host) == {} and host.run("[ -e /var/stage ]").status == 1

    # The server does not say what the file is, so the rest could be another's.
    server.tagged, server.cut = False, {"part3-1.vib": 1}
    refused(9, "broke off after")
    server.tagged, server.cut = True, {}

    part = content / "part3-1.vib"
    good, index = part.read_bytes(), (content / "index.json").read_text()
    part.write_bytes(good[:-2000] + bytes([good[-2000] ^ 1]) + good[-1999:])
    refused(3, "part3")
    part.write_bytes(good)
    changed = json.loads(index)
    entry = next(bundle for bundle in changed["bundles"] if bundle["name"] == "part3")
    entry["sha256"] = "0" * 64
    (content / "index.json").write_text(json.dumps(changed))
    refused(3, "the index says 0000000000000000")
    (content / "index.json").write_text('{"format": 2}')
    refused(3, "has format 2, the newest known here is 1")
    part.unlink()
    (content / "index.json").write_text(index)
    refused(4, "no such file")
    (content / "index.json").unlink()
    refused(4, "index.json")
    part.write_bytes(good)
    depot(out, content)
    server.shutdown()
    server.server_close()
    refused(9, "index.json")


# Valid since long ago: a guest's clock may be behind this machine's.
AUTHORITY = """[ca]
default_ca = one
[one]
database = {0}/index
serial = {0}/serial
new_certs_dir = {0}
default_md = sha256
default_startdate = 20200101000000Z
default_enddate = 20490101000000Z
policy = any
[any]
commonName = supplied
[root]
basicConstraints = critical,CA:true
[server]
subjectAltName = IP:10.0.2.2
extendedKeyUsage = serverAuth
"""


def certificate(folder):
    """An authority and a server's certificate that it issued: root.crt, server.crt, server.key."""
    folder.mkdir()
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")
    (folder / "ca.conf").write_text(AUTHORITY.format(folder))

    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    for name, issuer in (("root", ["-selfsign"]), ("server", ["-cert", "root.crt"])):
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={folder.name} {name}",
                "-keyout", f"{name}.key", "-out", "request")
        openssl("ca", "-batch", "-notext", "-config", "ca.conf", "-extensions", name, "-in", "request",
                *issuer, "-keyfile", "root.key", "-out", f"{name}.crt")


def test_over_tls(host, server, tmp_path):
    """A server whose authority the host was told to believe, and one of which it knows nothing."""
    for name in ("known", "unknown"):
        certificate(tmp_path / name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "known/server.crt", tmp_path / "known/server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    install = f"visorcli software bundle install --depot {url} --name part1"

    def refused(words):
        answer = host.run(install)
        assert answer.status == 6 and words in answer.errors and answer.errors.count("\n") == 1, answer
        assert bundles(host) == {}

    refused("this host believes no web server")
    host.check("mkdir -p /etc/visoros")
    host.put(tmp_path / "unknown/root.crt", "/etc/visoros/servers.pem")
    refused("leads to no authority in /etc/visoros/servers.pem")
    host.put(tmp_path / "known/root.crt", "/etc/visoros/servers.pem")
    host.check(install)
    host.check(f"visorcli software bundle install --depot {url}/depot.zip --name part2")
    assert bundles(host) == {"part1": "1", "part2": "1"}
    host.check("rm -r /etc/visoros/servers.pem")


def test_circles(host, out, maker, tmp_path):
    """Bundles that depend on each other come together and go together; one that cannot be closed is refused."""
    folder = tmp_path / "depot"
    folder.mkdir()
    for name, other in (("part1", "part2"), ("part2", "part1"), ("part3", "part4"), ("part4", "part3 >= 2")):
        made = maker.make(name, "1", {f"opt/{name}": name}, depends=[other])
        (folder / f"{name}-1.vib").write_bytes(made.read_bytes())
    depot(out, folder)
    zipped(folder, tmp_path / "ring.zip")
    host.put(tmp_path / "ring.zip", "/tmp/ring.zip")

    def refused(status, words, what):
        answer = host.run(f"visorcli software bundle {what}")
        assert answer.status == status and words in answer.errors and answer.errors.count("\n") == 1, answer

    refused(5, "part4 1 depends on part3 >= 2, which nothing installed or offered provides",
            "install --depot /tmp/ring.zip --name part3")
    assert bundles(host) == {}
    host.check("visorcli software bundle install --depot /tmp/ring.zip --name part1")
    assert bundles(host) == {"part1": "1", "part2": "1"}
    refused(5, "part2 1 depends on part1", "remove --name part1")
    refused(4, "part9: no such bundle is installed", "remove --name part1,part9")
    assert bundles(host) == {"part1": "1", "part2": "1"}
    dry = host.check("visorcli software bundle remove --name part1,part2 --dry-run")
    assert "test_bootbank_part1_1" in dry and "test_bootbank_part2_1" in dry
    host.check("visorcli software bundle remove --name part2,part1; rm /tmp/ring.zip")
    assert bundles(host) == {} and host.run("ls /opt/part1 /opt/part2").output == ""


def test_from_a_zip_archive_of_the_host(host, content, tmp_path):
    zipped(content, tmp_path / "depot.zip", zipfile.ZIP_DEFLATED)
    host.put(tmp_path / "depot.zip", "/tmp/depot.zip")
    host.check("cd /tmp; visorcli software bundle install --depot depot.zip --name part1")
    assert bundles(host) == {"part1": "1"}
    refused = host.run("visorcli software bundle install --depot /etc/passwd --name part1")
    assert refused.status == 3 and "no zip archive" in refused.errors, refused
    host.check("rm /tmp/depot.zip")


def test_from_a_zip_archive_of_a_server(host, server, content):
    """By ranges: the directory, the index and the bundles that come, which side by side and through breaks."""
    archive = content / "depot.zip"
    install = f"visorcli software bundle install --depot {server.url}/depot.zip --name"
    host.check(f"{install} part1")
    assert bundles(host) == {"part1": "1"}
    assert len(server.requests) == 3 and server.sent < archive.stat().st_size / 2, server.requests
    host.check("visorcli software bundle remove --name part1")

    server.requests, server.meet_from = [], 2
    server.meet = threading.Barrier(4, action=functools.partial(setattr, server, "meet", None))
    host.check(f"{install} whole")
    assert bundles(host) == {"whole": "1", **PARTS} and host.check("cat /opt/whole") == "whole 1\n"
    assert len(server.requests) == 7, server.requests
    host.check("visorcli software bundle remove --name whole,part1,part2,part3,part4")

    server.requests, server.cut = [], {"depot.zip": 5}
    host.check(f"{install} part1,part2")
    assert bundles(host) == {"part1": "1", "part2": "1"} and len(server.requests) == 4 + 5, server.requests
    host.check("visorcli software bundle remove --name part1,part2")

    # A server without ranges gives it as a whole, once.
    server.requests, server.ranges = [], False
    host.check(f"{install} part1,part2")
    assert bundles(host) == {"part1": "1", "part2": "1"} and len(server.requests) == 1, server.requests


def test_a_zip_archive_of_a_server_that_is_no_good(host, server, content):
    archive = content / "depot.zip"
    whole = archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        at = opened.getinfo("part2-1.vib").header_offset + 2000

    def refused(status, words, data=whole):
        archive.write_bytes(data)
        server.requests.clear()
        answer = host.run(f"visorcli software bundle install --depot {server.url}/depot.zip --name whole")
        assert answer.status == status and words in answer.errors and answer.errors.count("\n") == 1, answer
        assert bundles(host) == {} and host.run("[ -e /var/stage ]").status == 1

    # It is replaced after the directory was read, after the index, and after some bundles.
    for server.changes in (1, 2, 5):
        refused(9, "changed while it was read")
    server.changes = None
    directory = whole.index(b"PK\1\2")
    refused(3, "no zip archive, or one without its end", whole[:-1])
    refused(3, "its directory is cut off", whole[:directory + 50] + whole[-22:])
    refused(3, "damaged zip archive", whole[:directory + 46] + bytes(100) + whole[directory + 146:])
    refused(3, "part2-1.vib", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    # Bytes that the server does not have, which a copy of the file on it is not.
    server.tagged, server.cut = False, {"depot.zip": 1}
    refused(9, "the connection broke off")
    server.tagged, server.cut = True, {}
    archive.unlink()
    answer = host.run(f"visorcli software sources bundle list --depot {server.url}/depot.zip")
    assert answer.status == 4 and "no such file" in answer.errors, answer
    archive.write_bytes(whole)


def profile(name, version, *bundle_list):
    return json.dumps({"name": name, "version": version, "vendor": "test", "summary": "A test",
                       "created": "2026-01-31T12:00:00Z", "bundles": list(bundle_list)})


def own_profile(host):
    return json.loads(host.check("visorcli --formatter=json software profile get"))


def test_profiles(host, out, maker, tmp_path):
    """The host becomes what a profile says, in one switch, and back again."""
    before = own_profile(host)
    assert not before["modified"] and len(before["state_hash"]) == 64
    folder = tmp_path / "depot"
    folder.mkdir()
    for name, version in (("part1", "1"), ("part1", "2"), ("part2", "1"), ("part3", "1")):
        made = maker.make(name, version, {f"opt/{name}": f"{name} {version}\n"})
        (folder / f"{name}-{version}.vib").write_bytes(made.read_bytes())
    (folder / "one.profile").write_text(profile("lab", "1", "part1 = 2", "part2 = 1"))
    (folder / "two.profile").write_text(profile("lab", "2", "part1 = 1", "part3 = 1"))
    (folder / "bad.profile").write_text(profile("gap", "1", "part4 = 1"))
    depot(out, folder)
    with zipfile.ZipFile(tmp_path / "depot.zip", "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    host.put(tmp_path / "depot.zip", "/tmp/lab.zip")
    host.check("visorcli software sources add --depot /tmp/lab.zip")
    assert "gap" in host.check("visorcli software profile list")

    host.check("visorcli software profile install --profile lab=1")
    first = own_profile(host)
    assert bundles(host) == {"part1": "2", "part2": "1"}
    assert first["name"] == "lab" and first["version"] == "1" and not first["modified"]
    assert "Compliant: true" in host.check("visorcli software profile validate")
    valid = host.check("visorcli software profile validate --profile lab=2")
    assert "part1 is 2 on the host, 1 in the profile" in valid and "part3 1 is in the profile" in valid

    # An update takes nothing away, neither bundles nor versions.
    host.check("visorcli software profile update --profile lab")
    assert bundles(host) == {"part1": "2", "part2": "1", "part3": "1"}
    assert own_profile(host)["modified"]
    refused = host.run("visorcli software profile install --profile lab")
    assert refused.status == 5 and "part2 1 is not in profile lab" in refused.errors, refused
    dry = host.check("visorcli software profile install --profile lab --ok-to-remove --dry-run")
    assert "test_bootbank_part1_1" in dry and bundles(host)["part1"] == "2"
    host.check("visorcli software profile install --profile lab --ok-to-remove")
    assert bundles(host) == {"part1": "1", "part3": "1"}
    assert host.check("cat /opt/part1") == "part1 1\n" and host.run("[ -e /opt/part2 ]").status == 1
    refused = host.run("visorcli software profile install --profile gap --ok-to-remove")
    assert refused.status == 4 and "which no depot has" in refused.errors, refused

    # The same bundles make the same hash; without them it is that of the image.
    assert own_profile(host)["state_hash"] not in (first["state_hash"], before["state_hash"])
    host.check("visorcli software profile install --profile lab=1 --ok-to-remove")
    assert own_profile(host)["state_hash"] == first["state_hash"]
    for name in ("part1", "part2"):
        host.check(f"visorcli software bundle remove --name {name}")
    assert own_profile(host)["state_hash"] == before["state_hash"]
    assert "part1 2 is in the profile, not on the host" in host.check("visorcli software profile validate")
    host.check("rm /var/db/visoros/profile.json /tmp/lab.zip")


def test_state_of_a_bundle_that_a_profile_takes_away(host, out, maker, tmp_path):
    """It goes with the bundle, but not if that comes back because what came instead fails."""
    folder = tmp_path / "depot"
    folder.mkdir()
    state = {"etc/part1.edited": ("old", 0o1644), "etc/part1.renamed": ("old", 0o1644)}
    made = [maker.make("part1", "1", state), maker.make("part2", "1", {"opt/part2": "x"}),
            maker.make("part3", "1", {"opt/part3": ("#!/bin/sh\nexit 1\n", 0o755)},
                       hooks={"post_install": "opt/part3"})]
    for bundle in made:
        (folder / bundle.name).write_bytes(bundle.read_bytes())
    for name, part in (("first", "part1"), ("second", "part2"), ("bad", "part3")):
        (folder / f"{name}.profile").write_text(profile(name, "1", f"{part} = 1"))
    depot(out, folder)
    zipped(folder, tmp_path / "depot.zip")
    host.put(tmp_path / "depot.zip", "/tmp/state.zip")

    def install(name):
        return host.run(f"visorcli --formatter=json software profile install --depot /tmp/state.zip "
                        f"--profile {name} --ok-to-remove")

    assert install("first").status == 0
    host.check("cd /etc && printf local > part1.edited && printf local > new && chmod 1644 new "
               "&& mv new part1.renamed")
    failed = install("bad")
    assert failed.status == 5 and "part3 1 was taken back: the post-install hook" in failed.errors, failed
    assert bundles(host) == {"part1": "1"}
    assert host.check("cat /etc/part1.edited /etc/part1.renamed") == "locallocal"
    changed = install("second")
    assert changed.status == 0, changed
    assert {row["path"]: row["action"] for row in json.loads(changed.output)["state_files"]} == {
        "/etc/part1.edited": "removed", "/etc/part1.renamed": "removed"}
    assert bundles(host) == {"part2": "1"} and host.run("ls /etc/part1.*").output == ""
    host.check("rm /var/db/visoros/profile.json /tmp/state.zip; visorcli software bundle refused remove --name part3")


def test_provenance_of_files_and_running_code(host, out, tmp_path):
    tree = tmp_path / "tree" / "opt" / "bin"
    tree.mkdir(parents=True)
    shutil.copy(out / "rootfs" / "base" / "usr" / "bin" / "busybox", tree / "sleep")
    (tmp_path / "descriptor.json").write_text(json.dumps({
        "name": "part1", "version": "1", "vendor": "test", "summary": "A test",
        "live_install_allowed": True, "live_remove_allowed": True,
        "sbom": {"components": [{"name": "busybox", "version": "1.35", "license": "GPL-2.0-only"}]}}))
    subprocess.run([out / "bin" / "bundle", "build", "-o", tmp_path / "part1.vib",
                    tmp_path / "descriptor.json", tmp_path / "tree"], check=True)
    host.put(tmp_path / "part1.vib", "/tmp/part1.vib")
    host.check("visorcli software bundle install --bundle /tmp/part1.vib")
    told = host.check("visorcli software provenance get --path /opt/bin/sleep")
    assert "Bundle: part1" in told and "Components: busybox 1.35 (GPL-2.0-only)" in told
    assert "Signature: unsigned" in told and "Changed: false" in told
    assert "part of the image" in host.check("visorcli software provenance get --path /usr/bin/visorcli")
    missing = host.run("visorcli software provenance get --path /opt/nothing")
    assert missing.status == 4, missing

    pid = int(host.check("/opt/bin/sleep 100000 > /dev/null 2>&1 & echo $!"))

    def code():
        rows = json.loads(host.check(f"visorcli --formatter=json software provenance process --pid {pid}"))
        return {row["path"]: row for row in rows}

    # The shell has begun the program when its own code is no longer mapped.
    wait_until(lambda: list(code()) == ["/opt/bin/sleep"])
    assert code()["/opt/bin/sleep"]["status"] == "installed"
    assert code()["/opt/bin/sleep"]["bundle"] == "part1"
    assert str(pid) not in host.check("visorcli software provenance list")

    # The bundle goes, its code stays with whoever runs it; and another one of the name changes nothing.
    host.check("visorcli software bundle remove --name part1 --force")
    assert code()["/opt/bin/sleep"]["status"] == "removed"
    row = next(row for row in json.loads(host.check("visorcli --formatter=json software provenance list"))
               if row["pid"] == pid)
    assert row["command"] == "sleep" and row["path"] == "/opt/bin/sleep", row
    host.check("visorcli software bundle install --bundle /tmp/part1.vib")
    assert code()["/opt/bin/sleep"]["status"] in ("replaced", "removed")
    host.check(f"kill {pid}; rm /tmp/part1.vib")
    wait_until(lambda: host.run(f"visorcli software provenance process --pid {pid}").status == 4)
