# SPDX-License-Identifier: Apache-2.0
"""Groups of rows that take time instead of counting: only ratios within a run mean anything."""

import peers
from counted import JOBS, facts
from guest import DIR, TOP, Guest

ROUNDS = 15
SHORT_ROUNDS = 31  # of rows that take a few milliseconds
PROCESSORS = (2, 4)


def samples(output):
    """{row: {folder: [nanoseconds per item, ...]}} of fsbench's lines."""
    rows = {}
    for line in output.splitlines():
        label, items, nanoseconds = line.split()
        row, _, folder = label.partition("@")
        rows.setdefault(row, {}).setdefault(folder, []).append(int(nanoseconds) / int(items))
    return rows


def mount_all(guest, names):
    """Mounts peers side by side, each in a folder of its name; those that there are."""
    mounted = []
    for peer in peers.images(guest):
        if peer.name in names:
            command = peer.attach.replace(DIR, f"{TOP}/{peer.name}").replace("tardisk=", "max=512m,tardisk=")
            guest.sh(f"mkdir {peer.name} && {command}")
            mounted.append(peer.name)
    return mounted


def run(guest, folders, rows, rounds, files="list", jobs=1):
    """Each row in all folders in turn, so that what disturbs one disturbs the others as well."""
    guest.say(f"{' '.join(rows)} by {jobs}, {rounds} rounds")
    return samples(guest.sh(f"./fsbench -b $(cat big) -j {jobs} -n {rounds} {':'.join(folders)} {files} "
                            f"{' '.join(rows)}"))


def data(out, _only):
    """The data paths, on one processor."""
    with Guest(out, "tree", counting=False) as guest:
        readers = mount_all(guest, ("visorfs", "visorfs-packed", "tmpfs", "tmpfs-huge", "squashfs", "erofs-lz4hc"))
        writers = [name for name in readers if name in ("visorfs", "tmpfs", "tmpfs-huge")]
        guest.sh(f"for i in {' '.join(writers)}; do mkdir $i/new; done")
        run(guest, readers, ["read", "touch"], 1)
        rows = run(guest, readers, ["read"], ROUNDS)
        rows.update(run(guest, readers, ["pread4k", "pread1m", "touch"], SHORT_ROUNDS))
        rows.update(run(guest, writers, ["create", "rename", "unlink"], ROUNDS))
        rows.update(run(guest, writers, ["write1m"], SHORT_ROUNDS))
        # squashfs would take minutes for this.
        cold = [name for name in readers if not name.startswith(("squashfs", "tmpfs"))]
        rows.update({f"{row}-cold": figures for row, figures in
                     run(guest, cold, ["drop", "read"], ROUNDS, "list.tenth").items() if row == "read"})
        return {"rows": rows}


def scaling(out, _only):
    """Readers and creators in parallel, on several processors."""
    found = {}
    for processors in PROCESSORS:
        with Guest(out, "tree", counting=False, smp=processors) as guest:
            folders = mount_all(guest, ("visorfs", "tmpfs"))
            guest.sh(f"for i in {' '.join(folders)}; do mkdir $i/new; done")
            run(guest, folders, ["read"], 1)
            found[str(processors)] = {str(jobs): one_scale(guest, folders, jobs) for jobs in JOBS}
    return {"processors": found}


def one_scale(guest, folders, jobs):
    rows = run(guest, folders, ["read", "open"], ROUNDS, "list.tenth", jobs)
    rows.update(run(guest, folders, ["create", "remove", "create-apart", "remove-apart"], ROUNDS, jobs=jobs))
    return {row: figures for row, figures in rows.items() if not row.startswith("remove")}


def switching(out, _only):
    """How long a switch takes, and how long it lets others wait."""
    content, _ = facts(out, "tree")
    found = {"bundle": content["bundle"]}
    for processors in (1, 2):
        watch = "-w " if processors > 1 else ""
        with Guest(out, "tree", counting=False, smp=processors) as guest:
            guest.sh(f"{peers.VISORFS} && find {DIR} > /dev/null")
            rows = samples(guest.sh(f"./fsbench -s {watch}-n {ROUNDS} {DIR} bundle.list {TOP}/bundle-a.v00 "
                                    f"{TOP}/bundle-b.v00"))
            found[str(processors)] = {row: figures[""] for row, figures in rows.items()}
    return found
