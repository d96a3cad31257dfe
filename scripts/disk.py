# SPDX-License-Identifier: Apache-2.0
"""What a disk is, and whether it may be overwritten. lsblk looks; the rest is decided from what it says."""

import json
import stat
import subprocess

COLUMNS = "NAME,PATH,TYPE,SIZE,LOG-SEC,MODEL,SERIAL,TRAN,RO,RM,HOTPLUG,FSTYPE,LABEL,PARTLABEL,MOUNTPOINTS"
SECTOR = 512  # that the partition table of an image counts in


def look_at(path):
    """The facts of a block device, as lsblk's JSON has them, or of a file."""
    status = path.stat()
    if stat.S_ISREG(status.st_mode):
        return {"name": path.name, "path": str(path), "type": "file", "size": status.st_size}
    if not stat.S_ISBLK(status.st_mode):
        raise ValueError(f"{path} is neither a disk nor a file")
    shown = subprocess.run(["lsblk", "--json", "--bytes", "--output", COLUMNS, path], check=False,
                           capture_output=True, text=True)
    if shown.returncode != 0:  # so it is for a loop device without a file
        raise ValueError(f"{path}: lsblk knows nothing of it: is there a disk? {shown.stderr.strip()}".strip())
    return json.loads(shown.stdout)["blockdevices"][0]


def below(facts):
    """All that lies on a device: partitions, and what is made of them."""
    for child in facts.get("children", []):
        yield child
        yield from below(child)


def mounts(facts):
    return [place for place in facts.get("mountpoints") or [] if place]


def describe(facts):
    """The device and what is on it, for a person who is asked."""
    what = " ".join(facts.get(key) or "" for key in ("model", "serial", "tran")).split()
    lines = [f"{facts['path']}  {facts['size'] / 1e9:.1f} GB  {' '.join(what) or facts['type']}"]
    for child in below(facts):
        names = [child.get(key) for key in ("fstype", "partlabel", "label") if child.get(key)]
        lines.append(f"  {child['name']}  {child['size'] / 1e9:.1f} GB  {' '.join([*names, *mounts(child)])}".rstrip())
    return "\n".join(lines)


def refusals(facts, needed, force_fixed=False):
    """Why a device must not be overwritten with so many bytes; empty if it may."""
    reasons = []
    if facts["type"] not in ("disk", "file", "loop"):
        reasons.append(f"it is a {facts['type']}, not a whole disk")
    if facts.get("ro"):
        reasons.append("it is write-protected")
    if facts.get("log-sec", SECTOR) != SECTOR:
        reasons.append(f"it has sectors of {facts['log-sec']} bytes, and the image is for those of {SECTOR}: "
                       "its partition table would not be found")
    if facts["size"] < needed:
        reasons.append(f"it has {facts['size'] / 1e6:.0f} MB, and {needed / 1e6:.0f} MB are needed")
    for part in [facts, *below(facts)]:
        if mounts(part):
            reasons.append(f"{part['name']} is in use: {', '.join(mounts(part))} (unmount it first)")
        elif part["type"] not in ("disk", "part", "file", "loop"):
            reasons.append(f"{part['name']} ({part['type']}) is made of it")
    fixed = facts["type"] == "disk" and not (facts.get("rm") or facts.get("hotplug") or facts.get("tran") == "usb")
    if fixed and not force_fixed:
        reasons.append("it is a fixed disk (--force-fixed writes to it nevertheless)")
    return reasons
