# SPDX-License-Identifier: Apache-2.0
"""Depots that tests make, and a host that has none afterwards."""

import base64
import json
import os
import subprocess
import threading
import zipfile

from bundlekit import bundles
from depotserver import Server
from hosts import wait_hostd

PARTS = {f"part{i}": "1" for i in range(1, 5)}


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


def fill(out, maker, folder):
    """Five bundles, of which one depends on the others, and all as depot.zip."""
    for name in PARTS:
        made = maker.make(name, "1", {f"opt/{name}": noise(300000)})
        (folder / f"{name}-1.vib").write_bytes(made.read_bytes())
    made = maker.make("whole", "1", {"opt/whole": "whole 1\n"}, depends=[f"{name} >= 1" for name in PARTS])
    (folder / "whole-1.vib").write_bytes(made.read_bytes())
    depot(out, folder)
    zipped(folder, folder / "depot.zip")
    return folder


def serve(folder, kind=Server):
    """For a fixture: a server of the folder, for a test."""
    server = kind(folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def clean_host(machine):
    """For a fixture: the host without bundles and depots, after the test again."""
    wait_hostd(machine)
    yield machine
    for name in ("whole", *PARTS):
        machine.run(f"localcli software bundle remove --name {name}")
    for row in json.loads(machine.check("localcli --formatter=json software sources list")):
        machine.check(f"localcli software sources remove --depot {row['depot']}")
    assert machine.run("[ -e /var/stage ]").status == 1
    assert bundles(machine) == {}


def profile(name, version, *bundle_list):
    return json.dumps({"name": name, "version": version, "vendor": "test", "summary": "A test",
                       "created": "2026-01-31T12:00:00Z", "bundles": list(bundle_list)})
