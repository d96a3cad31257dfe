# SPDX-License-Identifier: Apache-2.0
"""Bundles for tests: good ones by the tools, and such as no tool would make."""

import hashlib
import json
import os
import subprocess
import tempfile

MAGIC = b"!<arch>\n"
NEWEST = 1700000000


def member(name, data, size=None):
    """One member of the archive; size is what its header says."""
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data) if size is None else size:<10}`\n"
    return header.encode() + data + (b"\n" if len(data) % 2 else b"")


def settle(tree):
    """All files as old as each other, and root's."""
    for folder, folders, files in os.walk(tree):
        for name in folders + files + ["."]:
            os.utime(os.path.join(folder, name), (NEWEST, NEWEST), follow_symlinks=False)


def tardisk(out, tree):
    settle(tree)
    run = subprocess.run([out / "bin" / "mktardisk", "-f", "256k", "-o", "-", tree], check=True,
                         stdout=subprocess.PIPE)
    return run.stdout


def root_hash(out, payload):
    with tempfile.NamedTemporaryFile() as file:
        file.write(payload)
        file.flush()
        run = subprocess.run([out / "bin" / "mktardisk", "--root-hash", file.name], check=True,
                             stdout=subprocess.PIPE, text=True)
    return run.stdout.split()[0]


def files_below(tree):
    found = []
    for folder, folders, files in os.walk(tree):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in files + links:
            found.append(os.path.relpath(os.path.join(folder, name), tree))
    return sorted(found, key=os.fsencode)


def descriptor(out, tree, **fields):
    """A complete descriptor of a tree, and the payload."""
    value = {"format": 2, "name": "bad", "version": "1", "vendor": "visoros", "type": "bootbank",
             "summary": "A test", "created": "2026-01-31T12:00:00Z",
             "acceptance_level": "community", "live_install_allowed": True,
             "live_remove_allowed": True, "files": [], "payloads": []}
    payload = b""
    if tree is not None:
        payload = tardisk(out, tree)
        content = subprocess.run(["zstd", "-dcq"], input=payload, check=True,
                                 stdout=subprocess.PIPE).stdout
        value["files"] = files_below(tree)
        value["payloads"] = [{
            "name": "bad.v00", "type": "tardisk", "size": len(payload),
            "sha256": hashlib.sha256(payload).hexdigest(), "content_size": len(content),
            "content_sha256": hashlib.sha256(content).hexdigest(),
            "root_hash": root_hash(out, payload)}]
    value.update(fields)
    return value, payload


def archive(value, payload, signature=b"", text=None):
    text = json.dumps(value).encode() if text is None else text
    parts = member("descriptor.json", text) + member("signature.p7s", signature)
    if value.get("payloads"):
        parts += member(value["payloads"][0]["name"], payload)
    return MAGIC + parts


def write_tree(folder, files):
    """PATH: text, or None for a folder."""
    for path, text in files.items():
        place = folder / path
        if text is None:
            place.mkdir(parents=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder
