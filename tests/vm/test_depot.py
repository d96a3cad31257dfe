# SPDX-License-Identifier: Apache-2.0
"""Depots: bundles by name from a folder on a web server, in the clear and over TLS."""

import functools
import json
import ssl
import threading

import pytest
from bundlekit import bundles
from depots import PARTS, clean_host, depot, fill, serve, zipped
from depotserver import certificate


@pytest.fixture(scope="module", name="content")
def content_fixture(out, maker, tmp_path_factory):
    return fill(out, maker, tmp_path_factory.mktemp("depot"))


@pytest.fixture(name="server")
def server_fixture(content):
    yield from serve(content)


@pytest.fixture(name="host")
def host_fixture(vm):
    yield from clean_host(vm)


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
