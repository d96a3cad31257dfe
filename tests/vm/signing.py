# SPDX-License-Identifier: Apache-2.0
"""Signed tardisks for tests: good ones by the tools, and such as no tool would make."""

import hashlib
import struct
import subprocess
from pathlib import Path

from conftest import OUT, TOP

KEYS = TOP / "images" / "trust" / "development" / "private"
LEVELS = ("unsigned", "community", "partner", "accepted", "certified")
WRAP, SIZE = 8, 208


def make(folder, files, modes=()):
    """A tardisk file of {path: text}; modes: {path: mode}."""
    tree = Path(folder) / "tree"
    for path, text in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
        (tree / path).chmod(dict(modes).get(path, 0o644))
    target = Path(folder) / "bare.v00"
    subprocess.run([OUT / "bin/mktardisk", "--owner", "0:0", "-o", target, tree], check=True)
    return target.read_bytes()


def by_tool(folder, data, level, name="t", version="1", signer=None):
    """Signed as the build does it, for a level by the signer of a level (the same)."""
    target = Path(folder) / "signed.v00"
    target.write_bytes(data)
    signer = signer or level
    subprocess.run([OUT / "bin/bundle", "manifest", "-k", KEYS / f"{signer}.key",
                    "-c", KEYS / f"{signer}.crt", "-n", name, "-v", version, "-l", level, target],
                   check=True)
    return target.read_bytes()


def frame_of(data):
    """Where the manifest's frame is, and how long it is."""
    at = data.rindex(b"VISORMAN") - WRAP
    return at, WRAP + struct.unpack_from("<I", data, at + 4)[0]


def with_frame(data, frame):
    """The same tardisk with other bytes where its manifest was."""
    at, length = frame_of(data)
    return data[:at] + frame + data[at + length:]


def by_hand(folder, data, key, cert, **fields):
    """A signed tardisk's manifest changed (level, may, name) and signed by OpenSSL."""
    at, _ = frame_of(data)
    manifest = bytearray(data[at + WRAP:at + WRAP + SIZE])
    if "level" in fields:
        struct.pack_into("<I", manifest, 12, LEVELS.index(fields["level"]))
    if "may" in fields:
        struct.pack_into("<I", manifest, 16, fields["may"])
    if "name" in fields:
        manifest[80:144] = fields["name"].encode().ljust(64, b"\0")
    source, target = Path(folder) / "manifest", Path(folder) / "signature"
    source.write_bytes(manifest)
    subprocess.run(["openssl", "cms", "-sign", "-binary", "-md", fields.get("digest", "sha256"),
                    "-nosmimecap", "-signer", cert, "-inkey", key, "-in", source,
                    "-outform", "DER", "-out", target], check=True, capture_output=True)
    body = bytes(manifest) + target.read_bytes()
    return with_frame(data, struct.pack("<II", 0x184D2A5C, len(body)) + body)


def key_id(cert):
    """SHA-256 of the public key of a certificate."""
    pem = subprocess.run(["openssl", "x509", "-in", cert, "-noout", "-pubkey"], check=True,
                         capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=pem, check=True,
                         capture_output=True).stdout
    return hashlib.sha256(der).hexdigest()
