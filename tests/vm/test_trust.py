# SPDX-License-Identifier: Apache-2.0
"""Signatures, acceptance levels and revocation on the running host."""

import json
import os
import subprocess
import time

import pytest
from bundlekit import Maker, bundles
from conftest import TOP
from depots import zipped
from hosts import namespace, wait_hostd

KEYS = TOP / "images" / "trust" / "development"


def bundle_tool(out, *args):
    subprocess.run([out / "bin" / "bundle", *map(str, args)], check=True, capture_output=True)


def sign(out, level, source, target, *more):
    private = KEYS / "private"
    bundle_tool(out, "sign", "-k", private / f"{level}.key", "-c", private / f"{level}.crt",
                *more, "-o", target, source)
    return target


@pytest.fixture(scope="module", name="folder")
def folder_fixture(tmp_path_factory):
    return tmp_path_factory.mktemp("trust")


@pytest.fixture(scope="module", name="plain")
def plain_fixture(out, folder):
    """An unsigned bundle that states the level of a partner."""
    tree = folder / "tree" / "usr" / "lib" / "trusted"
    tree.mkdir(parents=True)
    (tree / "file").write_text("hello\n")
    os.chmod(tree / "file", 0o644)
    descriptor = {"name": "trusted", "version": "1", "vendor": "visoros", "summary": "A test",
                  "acceptance_level": "partner", "live_install_allowed": True,
                  "live_remove_allowed": True}
    (folder / "trusted.json").write_text(json.dumps(descriptor))
    bundle_tool(out, "build", "-o", folder / "plain.vib", folder / "trusted.json", folder / "tree")
    return folder / "plain.vib"


@pytest.fixture(scope="module", name="signed")
def signed_fixture(out, folder, plain):
    return sign(out, "partner", plain, folder / "signed.vib")


@pytest.fixture(name="host")
def host_fixture(vm):
    wait_hostd(vm)
    yield vm
    vm.run("visorcli software bundle remove --name trusted --force")
    vm.run(f"find /etc/visoros -mindepth 1 -maxdepth 1 ! -name ssl -exec rm -rf {{}} +; "
           f"rm -f /tmp/*.vib /tmp/*.p7m; date -s @{time.time():.0f}")


def install(machine, bundle):
    machine.put(bundle, "/tmp/trusted.vib")
    return machine.run("visorcli software bundle install --bundle /tmp/trusted.vib")


def refused(machine, bundle, status, why):
    """One clear message, and nothing changed."""
    before = namespace(machine)
    disks = machine.check("visorcli system visorfs tardisk list")
    answer = install(machine, bundle)
    assert answer.status == status, answer
    assert why in answer.errors and answer.errors.count("\n") <= 1, answer
    machine.check("rm -f /tmp/trusted.vib")
    assert namespace(machine) == before
    assert machine.check("visorcli system visorfs tardisk list") == disks


def test_levels_gate(host, out, folder, plain, signed):
    assert host.check("visorcli software acceptance get").strip() == "unsigned"
    host.check("visorcli software acceptance set --level=partner")
    refused(host, plain, 6, "is not signed; acceptance level partner or higher is wanted")
    assert install(host, signed).status == 0
    rows = json.loads(host.check("visorcli --formatter=json software bundle signature verify"))
    row = next(row for row in rows if row["name"] == "trusted")
    assert row["verification"] == "good" and "partner signer" in row["signer"]
    too_high = host.run("visorcli software acceptance set --level=accepted")
    assert too_high.status == 5 and "bundle trusted is installed" in too_high.errors
    host.check("visorcli software bundle remove --name trusted")
    host.check("visorcli software acceptance set --level=accepted")
    refused(host, signed, 6, "acceptance level partner; accepted or higher is wanted")
    claims = sign(out, "community", plain, folder / "claims.vib")
    refused(host, claims, 3, "states acceptance level partner")


def test_forged_signatures_are_refused(host, folder, signed):
    forged = folder / "forged.vib"
    forged.write_bytes(signed.read_bytes().replace(b'"A test"', b'"A fake"'))
    refused(host, forged, 3, "signature: does not fit")


@pytest.mark.parametrize("date", ["1970-01-02 00:00:00", "2046-06-01 00:00:00"])
def test_the_clock_does_not_matter(host, out, folder, plain, signed, date):
    host.check(f"visorcli software acceptance set --level=partner; date -s '{date}'")
    assert install(host, signed).status == 0
    host.check("visorcli software bundle remove --name trusted")
    early = sign(out, "partner", plain, folder / "early.vib", "--time", "2019-12-31T23:59:59Z")
    refused(host, early, 3, "was not yet valid at the signing time, 2019-12-31T23:59:59Z")


def revocation_list(out, folder, number, key):
    listed = {"format": 1, "number": number, "issued": "2026-01-31T12:00:00Z",
              "keys": [{"sha256": key, "reason": "lost"}]}
    (folder / "list.json").write_text(json.dumps(listed))
    target = folder / f"list{number}.p7m"
    private = KEYS / "private"
    bundle_tool(out, "revoke", "-k", private / "revocation.key", "-c", private / "revocation.crt",
                "-o", target, folder / "list.json")
    return target


def test_revoked_bundles_are_told_and_evicted(host, out, folder, signed):
    lines = subprocess.run([out / "bin" / "bundle", "verify", "--keys", "-t", KEYS, signed],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    key = lines[1].split()[1]
    assert install(host, signed).status == 0
    host.put(revocation_list(out, folder, 7, key), "/tmp/list.p7m")
    taken = json.loads(host.check(
        "visorcli --formatter=json software revocation import -f /tmp/list.p7m"))
    assert taken == {"number": 7, "revoked": ["trusted"], "removed": []}
    assert "is revoked: lost" in host.check("visorcli software bundle signature verify")
    host.put(revocation_list(out, folder, 6, key), "/tmp/old.p7m")
    older = host.run("visorcli software revocation import -f /tmp/old.p7m")
    assert older.status == 5 and "list 7 is in force already" in older.errors
    host.put(signed, "/tmp/fake.p7m")
    assert host.run("visorcli software revocation import -f /tmp/fake.p7m").status == 3
    taken = json.loads(host.check(
        "visorcli --formatter=json software revocation import -f /tmp/list.p7m --evict"))
    assert taken["removed"] == ["trusted"]
    host.check("rm -f /tmp/*.vib")
    refused(host, signed, 3, "is revoked: lost")


def test_revoked_bundles_that_need_each_other_go_together(host, out, folder, signed):
    """Two in a circle go in one switch; one that is needed by a bundle that stays does not save them."""
    maker = Maker(out, folder / "rings")
    depot = folder / "depot"
    depot.mkdir()
    for name, other, level in (("ring1", "ring2", "partner"), ("ring2", "ring1", "partner"),
                               ("needed", None, "partner"), ("needs", "needed", None)):
        made = maker.make(name, "1", {f"opt/{name}": name}, depends=[other] if other else [],
                          **({"acceptance_level": level} if level else {}))
        if level:
            sign(out, level, made, depot / f"{name}.vib")
        else:
            (depot / f"{name}.vib").write_bytes(made.read_bytes())
    bundle_tool(out, "depot", depot)
    zipped(depot, folder / "depot.zip")
    host.put(folder / "depot.zip", "/tmp/depot.zip")
    host.check("visorcli software bundle install --depot /tmp/depot.zip --name ring1,ring2,needed,needs")
    lines = subprocess.run([out / "bin" / "bundle", "verify", "--keys", "-t", KEYS, signed],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    host.put(revocation_list(out, folder, 7, lines[1].split()[1]), "/tmp/list.p7m")
    taken = json.loads(host.check(
        "visorcli --formatter=json software revocation import -f /tmp/list.p7m --evict"))
    assert sorted(taken["revoked"]) == ["needed", "ring1", "ring2"]
    assert sorted(taken["removed"]) == ["ring1", "ring2"]
    assert set(bundles(host)) == {"needed", "needs"}
    events = host.check("visorcli system event list --limit 20")
    assert "Bundle needed was not removed: needs 1 depends on needed" in events, events
    host.check("visorcli software bundle remove --name needed,needs; rm /tmp/depot.zip")
