# SPDX-License-Identifier: Apache-2.0
"""The file systems that are compared, and how each of them comes by the content."""

from collections import namedtuple

from guest import DIR, TOP

# attach, detach: commands; fresh: a second attach is like the first, and costs no more
Peer = namedtuple("Peer", "name attach detach fresh")

UNMOUNT = f"umount {DIR}"
TAR = f"./fsbench -z tree.tar.zst -o | tar -xf - -C {DIR}"
VISORFS = f"mount -t visorfs -o tardisk={TOP}/tree.v00 none {DIR}"
PACKED = f"mount -t visorfs -o packed={TOP}/tree.v00 none {DIR}"


def loop(image, kind):
    return f"mount -t {kind} -o loop,ro {image} {DIR}"


def images(guest, only=None):
    """The peers that have the whole content in one piece; of those in only, if there is such a set."""
    peers = [
        Peer("visorfs", VISORFS, UNMOUNT, True),
        Peer("visorfs-packed", PACKED, UNMOUNT, True),
        Peer("tmpfs", f"mount -t tmpfs -o size=90% none {DIR}; {TAR}", UNMOUNT, False),
        Peer("tmpfs-huge", f"mount -t tmpfs -o huge=always,size=90% none {DIR}; {TAR}", UNMOUNT, False),
        Peer("squashfs", loop("tree.squashfs", "squashfs"), UNMOUNT, True),
        Peer("erofs-lz4hc", loop("tree.erofs-lz4hc", "erofs"), UNMOUNT, True),
        Peer("erofs", loop("tree.erofs", "erofs"), UNMOUNT, True),
    ]
    return [peer for peer in peers if (not only or peer.name in only)
            and (peer.name != "visorfs-packed" or has_packed(guest))]


def has_packed(guest):
    """Whether visorfs can keep a tardisk compressed."""
    return guest.can(f"{PACKED} && {UNMOUNT}")


def overlay(count):
    """An overlayfs of squashfs layers."""
    folders = f"for i in $(seq 0 {count - 1}); do"
    mount = (f"{folders} mkdir -p l/$i; mount -t squashfs -o loop,ro {count}.$i l/$i; done; "
             f"./fsbench -l {DIR} l {count}")
    return Peer(f"overlay-{count}", mount, f"{UNMOUNT}; {folders} umount l/$i; done", True)
