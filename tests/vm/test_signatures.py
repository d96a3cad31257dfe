# SPDX-License-Identifier: Apache-2.0
"""The kernel attaches only tardisks that are signed, by whom and as it must be: for root too."""

import json
import shutil
import subprocess

import pytest
import signing
from conftest import TOP
from hosts import wait_hostd
from signing import KEYS
from tpm import Tpm, list_digest, measured, pcr
from vm import Machine

DIR = "/tmp/signed"
ENFORCE = "/sys/module/visorfs/parameters/enforce"
TRUST = "/sys/module/visorfs/trust"
DENIED = 6


@pytest.fixture(scope="module", name="host")
def host_fixture(boot, out, tmp_path_factory):
    """A machine that enforces signatures of partners, with a TPM."""
    tpm = Tpm(tmp_path_factory.mktemp("tpm"))
    try:
        with Machine(boot, append="visoros.signedTardisksOnly=partner", options=tpm.options) as machine:
            machine.wait_guest()
            machine.put(out / "bin/vfstool", "/tmp/vfstool", 0o755)
            machine.check(f"mkdir {DIR} && mount -t visorfs -o max=16m none {DIR}")
            yield machine
    finally:
        tpm.stop()


@pytest.fixture(autouse=True)
def nothing_stays_attached(request):
    """What one test left when it failed is not in the way of the next."""
    yield
    if "host" in request.fixturenames:
        host = request.getfixturevalue("host")
        for name in host.run("ls /sys/fs/visorfs/1/tardisks").output.split():
            detach(host, name)


@pytest.fixture(scope="module", name="bare")
def bare_fixture(tmp_path_factory):
    return signing.make(tmp_path_factory.mktemp("bare"), {"dir/file": "hello\n", "other": "x" * 9000})


@pytest.fixture(scope="module", name="good")
def good_fixture(tmp_path_factory, bare):
    return signing.by_tool(tmp_path_factory.mktemp("good"), bare, "partner")


def switch(host, data, name="t.v00", words=""):
    """Attaches a tardisk in the second instance."""
    host.put(data, f"/tmp/{name}")
    return host.run(f"/tmp/vfstool {DIR} switch {words} +/tmp/{name}", timeout=120)


def detach(host, name="t.v00"):
    host.check(f"/tmp/vfstool {DIR} switch -{name}")


def attr(host, path):
    """One value of sysfs, of the second instance."""
    return host.check(f"cat /sys/fs/visorfs/1/tardisks/{path}").rstrip("\n")


def refused(host, data, why, name="t.v00", status=DENIED):
    """With a clear line for the caller and in the log; nothing of it is seen."""
    before = int(host.check(f"cat {TRUST}/refused"))
    answer = switch(host, data, name)
    assert answer.status == status, answer
    assert why in answer.errors and f"{name}: " in answer.errors, answer
    assert why in host.check("dmesg | grep visorfs: | tail -n 1")
    assert host.check(f"ls {DIR}") == ""
    if status == DENIED:
        assert "only tardisks" in answer.errors
        assert int(host.check(f"cat {TRUST}/refused")) == before + 1


def test_the_image_is_signed(host):
    for name in ("base.v00", "drivers.v00"):
        folder = f"/sys/fs/visorfs/0/tardisks/{name}"
        assert host.check(f"cd {folder} && cat signature signature_fault version verified revoked").split() == [
            "certified", (TOP / "VERSION").read_text().strip(), "1", "0"]


def test_good_signature(host, good):
    answer = switch(host, good)
    assert answer.status == 0, answer
    assert attr(host, "t.v00/signature") == "partner"
    assert attr(host, "t.v00/version") == "1"
    # Frames are compared, though nobody asked for it here.
    assert attr(host, "t.v00/verified") == "1"
    assert host.check(f"cat {DIR}/dir/file") == "hello\n"
    detach(host)
    assert switch(host, good, "t.v42", "compressed").status == 0
    assert attr(host, "t.v42/verified") == "1"
    detach(host, "t.v42")


def test_unsigned(host, bare):
    refused(host, bare, "signature: it has none")


def test_mounted(host, bare):
    host.put(bare, "/tmp/t.v00")
    host.check("mkdir -p /tmp/second")
    answer = host.run("mount -t visorfs -o tardisk=/tmp/t.v00 none /tmp/second")
    assert answer.status != 0
    assert "t.v00: signature: it has none" in host.check("dmesg | grep t.v00 | tail -n 1")


def test_forged(host, good, tmp_path):
    at, _ = signing.frame_of(good)
    # Version "1" becomes "2": the signature is of something else.
    changed = bytearray(good)
    changed[at + signing.WRAP + 144] = ord("2")
    refused(host, bytes(changed), "it does not fit")
    claimed = signing.by_hand(tmp_path, good, KEYS / "partner.key", KEYS / "partner.crt", level="certified")
    refused(host, claimed, "its signer may not claim that level")


def stranger(folder, *extensions):
    """A key and a certificate that nobody knows."""
    key, cert = folder / "key", folder / "cert"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=Stranger", "-addext", "basicConstraints=critical,CA:FALSE", *extensions,
                    "-keyout", key, "-out", cert], check=True, capture_output=True)
    return key, cert


def test_wrong_key(host, good, tmp_path):
    key, cert = stranger(tmp_path, "-addext", "extendedKeyUsage=codeSigning")
    refused(host, signing.by_hand(tmp_path, good, key, cert), "its signer leads to no key in the kernel module")


def test_wrong_purpose(host, good, tmp_path):
    key, cert = stranger(tmp_path, "-addext", "extendedKeyUsage=serverAuth")
    refused(host, signing.by_hand(tmp_path, good, key, cert),
            "the certificate of its signer is not for signing code")


def test_weak_digest(host, good, tmp_path):
    data = signing.by_hand(tmp_path, good, KEYS / "partner.key", KEYS / "partner.crt", digest="sha1")
    refused(host, data, "its digest is not SHA-256")


def test_other_name(host, good):
    refused(host, good, "it is for another name", "u.v00")


def test_of_another_tardisk(host, good, tmp_path):
    other = signing.by_tool(tmp_path, signing.make(tmp_path, {"evil": "evil\n"}), "partner")
    at, length = signing.frame_of(good)
    refused(host, signing.with_frame(other, good[at:at + length]), "is of a tardisk with another root hash")


def test_too_low_a_level(host, bare, tmp_path):
    low = signing.by_tool(tmp_path, bare, "community")
    refused(host, low, "is for level community; only tardisks of level partner or above are attached")
    high = signing.by_tool(tmp_path, bare, "partner", signer="certified")
    assert switch(host, high).status == 0
    detach(host)


def test_every_damage_is_found(host, good):
    """Places all over the file, more of them where the manifest and its signature are."""
    at, length = signing.frame_of(good)
    places = {len(good) * i // 11 for i in range(11)} | {at + length * i // 17 for i in range(17)}
    for place in sorted(places):
        bad = bytearray(good)
        bad[place] ^= 0x10
        answer = switch(host, bytes(bad))
        assert answer.status in (3, DENIED) and "t.v00: " in answer.errors, (place, answer)
        assert host.check(f"ls {DIR}") == "", place


def test_permissions(host, tmp_path):
    """Set-user-ID needs a permission in the manifest, which the tool gives to what has it."""
    bare = signing.make(tmp_path, {"program": "x"}, {"program": 0o4755})
    permitted = signing.by_tool(tmp_path, bare, "partner")
    assert switch(host, permitted).status == 0
    detach(host)
    without = signing.by_hand(tmp_path, permitted, KEYS / "partner.key", KEYS / "partner.crt", may=0)
    refused(host, without, "runs with other rights, which its manifest does not permit", status=3)


def test_attaches_are_measured(host, good):
    """In IMA's list, which the TPM's register stands for."""
    assert switch(host, good).status == 0
    root = attr(host, "t.v00/root_hash")
    detach(host)
    texts = measured(host)
    assert any(text.startswith("attach instance=0 order=0 name=base.v00 root=") for text in texts)
    assert f"name=t.v00 root={root} level=partner version=1" in texts[-2] and texts[-2].startswith("attach ")
    assert texts[-1].startswith("detach ") and f"root={root}" in texts[-1]
    assert pcr(host, 10) == list_digest(host)


def bundle(out, folder, name, signed):
    tree = folder / "tree" / "usr" / "share" / name
    tree.mkdir(parents=True)
    (tree / "file").write_text("hello\n")
    descriptor = {"name": name, "version": "1.0", "vendor": "visoros", "summary": "A test",
                  "acceptance_level": "partner", "live_install_allowed": True, "live_remove_allowed": True}
    (folder / "descriptor").write_text(json.dumps(descriptor))
    target = folder / f"{name}.vib"
    subprocess.run([out / "bin/bundle", "build", "-o", target, folder / "descriptor", folder / "tree"], check=True)
    if signed:
        subprocess.run([out / "bin/bundle", "sign", "-k", KEYS / "partner.key", "-c", KEYS / "partner.crt",
                        target], check=True)
    return target


def test_bundles(host, out, tmp_path):
    wait_hostd(host)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    host.put(bundle(out, tmp_path / "a", "unsigned", False), "/tmp/unsigned.vib")
    answer = host.run("visorcli software bundle install --bundle /tmp/unsigned.vib", timeout=120)
    assert answer.status == DENIED, answer
    assert "is not signed for the kernel, which attaches signed tardisks only" in answer.errors
    host.put(bundle(out, tmp_path / "b", "signed", True), "/tmp/signed.vib")
    answer = host.run("visorcli software bundle install --bundle /tmp/signed.vib", timeout=120)
    assert answer.status == 0, answer
    folder = "/sys/fs/visorfs/0/tardisks/signed.v00"
    assert host.check(f"cat {folder}/signature {folder}/version").split() == ["partner", "1.0"]
    host.check("visorcli software bundle remove --name signed", timeout=120)


def test_revoked(host, good, bare, tmp_path):
    """Told of what is attached, refused from then on; by key and by root hash."""
    other = signing.by_tool(tmp_path, bare, "accepted")
    assert switch(host, other).status == 0
    host.check(f"echo {signing.key_id(KEYS / 'accepted.crt')} > {TRUST}/revoked")
    assert host.check(f"cat {TRUST}/revoked").strip() == "1"
    assert attr(host, "t.v00/revoked") == "1"
    assert "tardisk t.v00 was revoked" in host.check("dmesg | grep t.v00 | tail -n 1")
    assert host.check(f"cat {DIR}/dir/file") == "hello\n"
    detach(host)
    refused(host, other, "a key of its signer was revoked")
    assert switch(host, good).status == 0
    root = attr(host, "t.v00/root_hash")
    detach(host)
    host.check(f"echo {root} > {TRUST}/revoked")
    refused(host, good, "the tardisk was revoked")
    assert host.run(f"echo 12345 > {TRUST}/revoked").status != 0
    assert host.check(f"cat {TRUST}/revoked").strip() == "2"


def test_there_is_no_way_back(host, bare, tmp_path):
    """Root cannot lower it; what is attached stays when it is raised."""
    for lower in ("off", "community"):
        assert "not permitted" in host.run(f"echo {lower} > {ENFORCE}").errors
    assert host.run(f"echo nonsense > {ENFORCE}").status != 0
    other = signing.by_tool(tmp_path, signing.make(tmp_path, {"file": "2"}), "partner")
    assert switch(host, other).status == 0
    host.check(f"echo accepted > {ENFORCE}")
    assert host.check(f"cat {ENFORCE}").strip() == "accepted"
    assert "tardisk t.v00 would not be attached now" in host.check("dmesg | grep t.v00 | tail -n 1")
    assert host.check(f"cat {DIR}/file") == "2"
    detach(host)
    refused(host, other, "is for level partner; only tardisks of level accepted or above")
    assert "not permitted" in host.run(f"echo partner > {ENFORCE}").errors


def test_a_tampered_image_does_not_start(boot, start, tmp_path):
    """One bit of a boot module: the console says which, and why."""
    folder = tmp_path / "boot"
    shutil.copytree(boot, folder)
    module = bytearray((folder / "base.v00").read_bytes())
    module[len(module) // 2] ^= 1
    (folder / "base.v00").write_bytes(module)
    machine = start(boot=folder, wait=False, append="visoros.signedTardisksOnly=partner")
    machine.wait_console("VisorOS cannot start", timeout=300)
    machine.wait_console("base.v00: offset", timeout=60)
    assert "it has another digest than is stated" in machine.console()
