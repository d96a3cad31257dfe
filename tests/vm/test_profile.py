# SPDX-License-Identifier: Apache-2.0
"""Image profiles: the host becomes what one says."""

import json
import zipfile

import pytest
from bundlekit import bundles
from depots import clean_host, depot, profile, zipped


@pytest.fixture(name="host")
def host_fixture(vm):
    yield from clean_host(vm)


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
