# SPDX-License-Identifier: Apache-2.0
"""Bundles of a few files, made and installed by tests."""

import json
import subprocess


class Maker:
    """Makes bundles of a few files."""

    def __init__(self, out, folder):
        self.tool = out / "bin" / "bundle"
        self.folder = folder
        self.count = 0

    def make(self, name, version, files, **fields):
        """files: path -> text, or (text, mode)."""
        self.count += 1
        top = self.folder / str(self.count)
        for path, content in files.items():
            text, mode = content if isinstance(content, tuple) else (content, 0o644)
            (top / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
            (top / "tree" / path).write_text(text)
            (top / "tree" / path).chmod(mode)
        descriptor = {"name": name, "version": version, "vendor": "test", "summary": "A test",
                      "live_install_allowed": True, "live_remove_allowed": True, **fields}
        (top / "descriptor.json").write_text(json.dumps(descriptor))
        bundle = top / f"{name}-{version}.vib"
        subprocess.run([self.tool, "build", "-o", bundle, top / "descriptor.json", top / "tree"], check=True)
        return bundle

    def service(self, version, command="/usr/bin/ticker", **fields):
        """A bundle with a userworld that says its version and sleeps."""
        script = f"#!/bin/sh\necho ticker {version} runs\nexec sleep 100000\n"
        conf = f"command = {command}\npool = host/user/ticker\nmemory.max = 8M\n"
        return self.make("ticker", version,
                         {"usr/bin/ticker": (script, 0o755), "etc/userworld.d/ticker.conf": conf},
                         services=["ticker"], **fields)


def bundles(machine):
    rows = json.loads(machine.check("localcli --formatter=json software bundle list"))
    return {row["name"]: row["version"] for row in rows if row["type"] != "base"}
