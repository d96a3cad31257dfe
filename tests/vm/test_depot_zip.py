# SPDX-License-Identifier: Apache-2.0
"""Depots that are one zip archive, of the host's own or of a web server."""

import functools
import threading
import zipfile

import pytest
from bundlekit import bundles
from depots import PARTS, clean_host, fill, serve, zipped


@pytest.fixture(scope="module", name="content")
def content_fixture(out, maker, tmp_path_factory):
    return fill(out, maker, tmp_path_factory.mktemp("depot"))


@pytest.fixture(name="server")
def server_fixture(content):
    yield from serve(content)


@pytest.fixture(name="host")
def host_fixture(vm):
    yield from clean_host(vm)


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
