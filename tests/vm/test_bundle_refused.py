# SPDX-License-Identifier: Apache-2.0
"""Broken bundles: each has its exit code and one clear message, and changes nothing."""

import json
import os
import subprocess

import pytest
from conftest import TOP
from hosts import wait_hostd
from vibs import MAGIC, archive, descriptor, member, write_tree

INVALID, CONFLICT, DENIED, NO_SPACE = 3, 5, 6, 8


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    yield vm
    vm.run("rm -f /tmp/*.vib")


def state(machine):
    """What an install could change."""
    return machine.check("visorcli system visorfs tardisk list; ls /sys/fs/visorfs/0/ramdisks"
                         " | sed 's/  *[0-9].*//'; visorcli software bundle list;"
                         " find / -xdev -not -path '/var/log*' -not -path '/tmp*' -not -path '/run/*'"
                         " -not -path '/var/lib/*' -not -path '/var/db/*' | sort | md5sum", timeout=120)


def refused(machine, data, status, why):
    machine.put(data, "/tmp/bad.vib")
    before = state(machine)
    answer = machine.run("visorcli software bundle install --bundle /tmp/bad.vib")
    assert answer.status == status, answer
    assert why in answer.errors, answer.errors
    assert answer.errors.count("\n") == 1 and not answer.output, answer
    assert state(machine) == before


@pytest.fixture(scope="module", name="good")
def good_fixture(out, tmp_path_factory):
    tree = write_tree(tmp_path_factory.mktemp("good"), {"usr/lib/bad/file": "x" * 3000})
    return descriptor(out, tree)


def changed(good, **fields):
    value = json.loads(json.dumps(good[0]))
    value.update(fields)
    return archive(value, good[1])


def test_relations(host, good):
    """Downgrade and another vendor of what is installed, cycles, and what cannot be had."""
    host.put(archive(*good), "/tmp/good.vib")
    host.check("visorcli software bundle install --bundle /tmp/good.vib")
    try:
        refused(host, changed(good, version="0.9"), CONFLICT, "bad 1 is installed, which is newer")
        refused(host, changed(good, vendor="evil", version="2"), CONFLICT,
                "bad 2 is of vendor evil, but bad 1 of vendor visoros is installed")
        refused(host, changed(good, name="other"), CONFLICT, "both have /usr/lib/bad/file")
    finally:
        host.check("visorcli software bundle remove --name bad")
    refused(host, changed(good, depends=["loop"], provides=["cycle"]), CONFLICT,
            "bad 1 depends on loop, which nothing installed or offered provides")
    refused(host, changed(good, depends=["visoros << 0"]), CONFLICT, "depends on visoros << 0")
    refused(host, changed(good, conflicts=["visoros"]), CONFLICT, "conflicts with visoros")
    refused(host, changed(good, replaces=["visoros"]), CONFLICT, "replaces visoros")
    refused(host, changed(good, depends=["bundle-format >= 4"]), CONFLICT, "bundle-format >= 4")
    refused(host, changed(good, architecture="aarch64"), CONFLICT, "is for aarch64")
    refused(host, changed(good, live_install_allowed=False), CONFLICT, "on a running host")
    refused(host, changed(good, maintenance_mode=True), CONFLICT, "maintenance mode")


@pytest.mark.parametrize("fields, why", [
    ({"format": 4}, "format: is newer than 3"),
    ({"files": ["../etc/passwd"]}, "files[0]: has a component . or .."),
    ({"files": ["/etc/passwd"]}, "files[0]: has a leading"),
    ({"files": ["usr/lib/bad/other"]}, 'usr/lib/bad/file: is not in "files"'),
    ({"files": ["usr/lib/bad/file", "usr/lib/bad/more"]}, "is in no payload"),
    ({"hook": "/bin/sh"}, "hook: unknown field"),
    ({"services": ["nothing"]}, "etc/userworld.d/nothing.conf is not in"),
    ({"acceptance_level": "best"}, "acceptance_level: must be"),
], ids=lambda value: None if isinstance(value, str) else next(iter(value)))
def test_descriptors(host, good, fields, why):
    refused(host, changed(good, **fields), INVALID, why)


def test_archives(host, good):
    value, payload = good
    text = json.dumps(value).encode()
    head = MAGIC + member("descriptor.json", text) + member("signature.p7s", b"")
    body = member("bad.v00", payload)
    refused(host, head + body + body, INVALID, 'member "bad.v00" is not in the descriptor')
    refused(host, MAGIC + member("descriptor.json", text) * 2 + body, INVALID,
            "expected member signature.p7s")
    refused(host, head + member("../bad.v00", payload), INVALID, "expected member bad.v00")
    refused(host, MAGIC + member("descriptor.json", text, 4294967296), INVALID, "descriptor.json: ")
    refused(host, head + member("bad.v00", payload, 4294967296), INVALID, "size: is 4294967296")
    refused(host, head + body + b"x", INVALID, "does not end here")
    refused(host, b"PK\x03\x04" + bytes(1000), INVALID, "Unrecognized archive format")
    refused(host, b"", INVALID, "bad.vib")
    twice = json.loads(text)
    twice["payloads"] *= 2
    refused(host, archive(twice, payload), INVALID, "payloads[1]: has a name that comes twice")
    same = text.replace(b'"format": 2', b'"format": 2, "format": 2')
    refused(host, archive(value, payload, text=same), INVALID, "duplicate")


def test_bombs(host, out, tmp_path):
    tree = write_tree(tmp_path / "tree", {"usr/lib/bad/zeros": "\0" * (64 << 20)})
    value, payload = descriptor(out, tree)
    assert len(payload) < 100000
    value["payloads"][0]["content_size"] = 8192
    refused(host, archive(value, payload), INVALID, "content_size: is 67")
    value["payloads"][0]["content_size"] = 4096 << 18
    refused(host, archive(value, payload), NO_SPACE, "of memory to install")


def test_contents(host, out, tmp_path):
    """Devices, programs with other rights, and files that would hide half of the host."""
    tree = write_tree(tmp_path / "device", {"usr/lib/bad": None})
    os.mknod(tree / "usr/lib/bad/mem", 0o20600, os.makedev(1, 1))
    refused(host, archive(*descriptor(out, tree)), INVALID, "usr/lib/bad/mem: is a device")
    tree = write_tree(tmp_path / "setuid", {"usr/bin/gain": "x"})
    os.chmod(tree / "usr/bin/gain", 0o4755)
    refused(host, archive(*descriptor(out, tree)), INVALID, 'usr/bin/gain: runs with other rights')
    tree = write_tree(tmp_path / "below", {"lib/bad": "x"})
    refused(host, archive(*descriptor(out, tree)), CONFLICT, "/lib, which is no folder")
    tree = write_tree(tmp_path / "folder", {"usr": None})
    os.symlink("/tmp", tree / "usr/bin")
    refused(host, archive(*descriptor(out, tree)), CONFLICT, "usr/bin, which is a folder")
    tree = write_tree(tmp_path / "link", {"usr/bin": None})
    os.symlink("/tmp/evil", tree / "usr/bin/ls")
    refused(host, archive(*descriptor(out, tree)), CONFLICT, "usr/bin/ls, which is a link")
    tree = write_tree(tmp_path / "image", {"usr/sbin/hostd": "x"})
    refused(host, archive(*descriptor(out, tree)), CONFLICT, "belongs to tardisk base.v00")
    conf = {"etc/userworld.d/w.conf": "command = /bin/true\npool = host/user/w\nmemory.max = 1G\n"}
    tree = write_tree(tmp_path / "contract", conf)
    limits = [{"world": "w", "memory_max": 4096 << 8}]
    refused(host, archive(*descriptor(out, tree, resources=limits)), INVALID,
            "memory.max is 1073741824")


def run(*command, **options):
    subprocess.run(list(map(str, command)), check=True, capture_output=True, **options)


def test_certificates(host, good, tmp_path):
    """Expired and wrong-purpose certificates, below a root that the operator trusts."""
    value, payload = good
    text = json.dumps(value).encode()
    (tmp_path / "descriptor.json").write_bytes(text)
    for name, until in (("old", "20210101000000Z"), ("new", "20400101000000Z")):
        run(TOP / "images/trust/mkpki", "-n", name, "-f", "20200101000000Z", "-u", until,
            tmp_path / name)
    (tmp_path / "server.conf").write_text("extendedKeyUsage=serverAuth\n")
    private = tmp_path / "new/private"
    run("openssl", "req", "-new", "-key", private / "community.key", "-subj", "/CN=server", "-out",
        tmp_path / "request")
    run("openssl", "x509", "-req", "-in", tmp_path / "request", "-CA",
        tmp_path / "new/community.pem", "-CAkey", private / "community-root.key", "-days", "30",
        "-out", tmp_path / "server.crt", "-extfile", tmp_path / "server.conf")
    host.check("mkdir -p /etc/visoros")
    roots = (tmp_path / "old/community.pem").read_bytes() + \
        (tmp_path / "new/community.pem").read_bytes()
    host.put(roots, "/etc/visoros/community.pem")

    def signed(certificate, key):
        run("openssl", "cms", "-sign", "-binary", "-outform", "DER", "-nosmimecap", "-in",
            tmp_path / "descriptor.json", "-signer", certificate, "-inkey", key, "-out",
            tmp_path / "signature")
        return archive(value, payload, (tmp_path / "signature").read_bytes(), text)

    try:
        refused(host, signed(tmp_path / "old/private/community.crt",
                             tmp_path / "old/private/community.key"), INVALID,
                "had expired at the signing time")
        refused(host, signed(tmp_path / "server.crt", private / "community.key"), INVALID,
                "is not for signing code")
        host.put(signed(private / "community.crt", private / "community.key"), "/tmp/good.vib")
        host.check("visorcli software bundle install --bundle /tmp/good.vib;"
                   "visorcli software bundle remove --name bad")
    finally:
        host.check("rm /etc/visoros/community.pem")


def test_damage(host, good):
    """Cut and with changed bits; tests/golden/bundle/refused does so at every percent and byte."""
    data = archive(*good)
    host.put(data, "/tmp/good.vib")
    before = state(host)
    host.put(b"""#!/bin/sh
size=$1 fails=0
try() {
	localcli software bundle install --bundle /tmp/cut.vib > /tmp/said 2>&1
	[ $? = 3 ] && [ $(wc -l < /tmp/said) = 1 ] || { echo "$1: $(cat /tmp/said)"; fails=1; }
}
for percent in $(seq 0 9 99); do
	head -c $((size * percent / 100)) /tmp/good.vib > /tmp/cut.vib
	try "cut at $percent %"
done
for at in $(seq $((size - 300)) 37 $((size - 1))); do
	cp /tmp/good.vib /tmp/cut.vib
	byte=$(dd if=/tmp/good.vib bs=1 skip=$at count=1 2>/dev/null | od -An -tu1)
	printf "\\\\$(printf %o $((byte ^ 4)))" | dd of=/tmp/cut.vib bs=1 seek=$at conv=notrunc 2>/dev/null
	try "flipped at $at"
done
exit $fails
""", "/tmp/damage")
    host.check(f"sh /tmp/damage {len(data)}", timeout=300)
    assert state(host) == before
