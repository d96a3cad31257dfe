# SPDX-License-Identifier: Apache-2.0
"""
Groups of rows that count instructions. Each function measures one in a guest of its own.

out is the folder of the build; only a set of names of peers, or None for all of them.
"""

import peers
from guest import DIR, TOP, Guest

WRITES = ("create", "rename", "unlink", "write1m")
LAYERS = (8, 64, 500)  # the last is as many as the kernel takes
ARCHIVES = (1, 50, 500)
JOBS = (1, 2, 4, 8)
MOUNT_BATCH = 100  # archives for one mount: its options have to fit a page
TENTH = "list.tenth"


def measure(guest, peer, image):
    """All rows that read. What only happens once after attaching gets a fresh mount, if there is such a thing."""
    def again():
        if peer.fresh:
            guest.detach(peer.detach)
            guest.attach(peer.name, peer.attach, "attach-again")
        guest.drop()

    guest.drop()
    before = guest.used()
    guest.attach(peer.name, peer.attach)
    guest.drop()
    memory = {"image": image, "attached": guest.used() - before}
    guest.fsbench(peer.name, "walk=walk-first", *3 * ["walk=walk-again"], "miss=miss-first",
                  *2 * ["miss=miss-again"])
    again()
    guest.fsbench(peer.name, "open=open-first")
    again()
    guest.fsbench(peer.name, "read=read-first")
    guest.rest()
    memory["read"] = guest.used() - before
    # A cache that is bounded forgets what was read before all was read: each row again at once.
    guest.fsbench(peer.name, *2 * ["read=read-again"], *2 * ["open"], *3 * ["pread4k"], *2 * ["pread1m"])
    guest.drop()
    memory["dropped"] = guest.used() - before
    guest.fsbench(peer.name, "walk=walk-dropped")
    again()
    guest.fsbench(peer.name, "touch=touch-cold", *2 * ["touch"])
    guest.detach(peer.detach)
    guest.memory[peer.name] = memory


def facts(out, disk):
    """Sizes of the content, and of the images: two dictionaries."""
    lines = [line.split() for line in (out / f"bench/{disk}.facts").read_text().splitlines()]
    sizes = {fact[2].rsplit("tree.", 1)[1]: int(fact[1]) for fact in lines if fact[0] == "image"}
    return {fact[0]: int(fact[1]) for fact in lines if fact[0] != "image"}, sizes


def result(guest, **more):
    return {"rows": guest.rows, "memory": guest.memory, **more}


def reading(out, only):
    """One image: attach, memory, everything that reads."""
    content, sizes = facts(out, "tree")
    with Guest(out, "tree") as guest:
        guest.note("zstd", guest.sh("./fsbench -z tree.v00"))
        for peer in peers.images(guest, only):
            measure(guest, peer, sizes.get(peer.name, 0))
        return result(guest, content=content, packed=sizes["v00"], kernel=guest.sh("uname -r").strip())


def layers(out, _only):
    """The same content in layers of an overlayfs."""
    content, _ = facts(out, "layers")
    with Guest(out, "layers", memory=3072) as guest:
        for count in LAYERS[:-1]:
            measure(guest, peers.overlay(count), content[f"layers-{count}"])
        few_rows(guest, peers.overlay(LAYERS[-1]), content[f"layers-{LAYERS[-1]}"])
        return result(guest, content=content, limit=layer_limit(guest))


def few_rows(guest, peer, image):
    """What 500 layers can be asked in reasonable time."""
    before = guest.used()
    guest.attach(peer.name, peer.attach)
    guest.drop()
    guest.memory[peer.name] = {"image": image, "attached": guest.used() - before}
    guest.fsbench(peer.name, "walk=walk-first", *2 * ["walk=walk-again"])
    guest.fsbench(peer.name, "miss=miss-first", *2 * ["miss=miss-again", "open"], files=TENTH)
    guest.detach(peer.detach)


def layer_limit(guest):
    """The number of layers that overlayfs takes, from trying one more than the last."""
    most = LAYERS[-1]
    guest.sh(f"for i in $(seq 0 {most}); do mkdir -p e/$i; done")
    for count in (most, most + 1):
        if not guest.can(f"./fsbench -l {DIR} e {count} && umount {DIR}"):
            return count - 1
    return most + 1


def many(out, only):
    """100,000 small files."""
    content, sizes = facts(out, "many")
    with Guest(out, "many", memory=3072) as guest:
        guest.note("zstd", guest.sh("./fsbench -z tree.v00"))
        for peer in peers.images(guest, only):
            if peer.name not in ("tmpfs-huge", "erofs"):
                measure_many(guest, peer, sizes.get(peer.name, 0))
        return result(guest, content=content)


def measure_many(guest, peer, image):
    guest.drop()
    before = guest.used()
    guest.attach(peer.name, peer.attach)
    guest.drop()
    memory = {"image": image, "attached": guest.used() - before}
    guest.fsbench(peer.name, "walk=walk-first", *2 * ["walk=walk-again"])
    guest.fsbench(peer.name, "miss=miss-first", *2 * ["miss=miss-again", "open"], files=TENTH)
    # squashfs decompresses 128 KB for each file, which takes minutes.
    if peer.name != "squashfs":
        guest.drop()
        guest.fsbench(peer.name, "read=read-first", "read=read-again")
        guest.rest()
        memory["read"] = guest.used() - before
    guest.drop()
    memory["dropped"] = guest.used() - before
    guest.memory[peer.name] = memory
    guest.detach(peer.detach)


def ramdisks():
    """The peers that are written to."""
    return [("visorfs", f"mount -t visorfs -o max=512m none {DIR}"),
            ("tmpfs", f"mount -t tmpfs none {DIR}"),
            ("tmpfs-huge", f"mount -t tmpfs -o huge=always,size=90% none {DIR}")]


def writing(out, only):
    with Guest(out, "tree") as guest:
        for name, mount in ramdisks():
            if only and name not in only:
                continue
            guest.sh(f"{mount} && mkdir -p {DIR}/new")
            guest.rest()
            guest.fsbench(name, *2 * WRITES)
            guest.detach()
        return result(guest)


def parallel(out, only):
    """Several processes that share one processor: what locks cost when nobody has to wait for them."""
    with Guest(out, "tree") as guest:
        for peer in peers.images(guest, only):
            if peer.name not in ("visorfs", "tmpfs"):
                continue
            guest.attach(peer.name, peer.attach.replace("tardisk=", "max=512m,tardisk="))
            guest.sh(f"mkdir {DIR}/new && ./fsbench {DIR} list read stat")
            guest.rest()
            for jobs in JOBS:
                rows = [f"{row}={row}-{jobs}" for row in ("read", "stat", "open", "create", "remove",
                                                          "create-apart", "remove-apart")]
                guest.note(peer.name, guest.sh(f"./fsbench -j {jobs} -n 2 {DIR} list {' '.join(rows)}"))
            guest.detach(peer.detach)
        return result(guest)


def archives(out, only):
    """The same 2,000 files in one archive or in many, and in as many layers of an overlayfs."""
    with Guest(out, "small") as guest:
        for count in ARCHIVES:
            options = [f"tardisk={TOP}/v00.{count}.{i}" for i in range(count)]
            guest.sh(f"mount -t visorfs -o {options[0]} none {DIR}")
            for i in range(1, count, MOUNT_BATCH):
                guest.sh(f"mount -o remount,{','.join(options[i:i + MOUNT_BATCH])} {DIR}")
            archive_rows(guest, f"visorfs-{count}")
            guest.detach()
        if only and "visorfs" in only:
            return result(guest)
        for count in ARCHIVES[1:]:
            peer = peers.overlay(count)
            guest.sh(f"mkdir -p {DIR} && {peer.attach}")
            archive_rows(guest, peer.name)
            guest.detach(peer.detach)
        guest.sh(f"mount -t squashfs -o loop,ro 1.0 {DIR}")
        archive_rows(guest, "squashfs-1")
        return result(guest)


def archive_rows(guest, peer):
    files = f"{TOP}/small.list"
    guest.sh(f"(cd {DIR} && find . -type f | sort) > {files}")
    guest.drop()
    guest.fsbench(peer, "walk=walk-first", *2 * ["walk=walk-again", "stat=stat-again"], "miss=miss-first",
                  *2 * ["miss=miss-again"], files=files)
    guest.drop()
    guest.fsbench(peer, "stat=stat-first", files=files)


def switching(out, _only):
    """A bundle of 500 files takes the place of another, in a tree whose names are all known."""
    content, _ = facts(out, "tree")
    with Guest(out, "tree") as guest:
        guest.sh(peers.VISORFS)
        guest.sh(f"find {DIR} > /dev/null")
        guest.rest()
        guest.note("visorfs", guest.sh(f"./fsbench -s -n 4 {DIR} bundle.list {TOP}/bundle-a.v00 {TOP}/bundle-b.v00"))
        return result(guest, bundle=content["bundle"])
