# SPDX-License-Identifier: Apache-2.0
"""The sections of docs/benchmarks.md that come from times."""

from statistics import median

from verdict import Rows, head, line, number, ratio_cell, ratios, section, title_of

DATA = [
    ("read", "read all, again"),
    ("read-cold", "read a tenth of the files, caches dropped"),
    ("pread4k", "pread 4 KB"),
    ("pread1m", "pread 1 MB"),
    ("touch", "touch of a mapped 6 MB file"),
    ("create", "create + write 4 KB"),
    ("rename", "rename"),
    ("unlink", "unlink"),
    ("write1m", "1 MB writes"),
]
DATA_PEERS = ["tmpfs", "tmpfs-huge", "squashfs", "erofs-lz4hc", "visorfs-packed"]
SCALING = [
    ("read", "read all, again"),
    ("open", "open + close"),
    ("create", "create + write 4 KB, one folder"),
    ("create-apart", "the same, a folder each"),
]
JOBS = ("1", "2", "4", "8")
SWITCH_LIMIT = 200  # ms


def data(group):
    rows = group["rows"]
    peers = [peer for peer in DATA_PEERS if any(peer in figures for figures in rows.values())]
    rounds = min(len(times) for figures in rows.values() for times in figures.values())
    section("Data paths, in time", f"Time of visorfs by the time of each peer, median of at least {rounds} rounds and, "
            "in brackets, the middle half of them. In each round the file systems take turns in one guest; "
            "less than 1 means that visorfs is faster. An emulator's time is not a processor's: copying and clearing "
            "cost less in relation to everything else than on hardware with slow memory, and more than in the counts "
            "above.")
    print(head("", *(f"÷ {title_of(peer)}" for peer in peers)))
    for row, title in DATA:
        if row in rows:
            print(line(title, *(ratio_cell(rows[row], peer) for peer in peers)))


def scaling(group, verdicts):
    section("Parallel, in time", "Time of visorfs by the time of tmpfs for the same work by 1, 2, 4 and 8 "
            "processes, median and middle half of at least 15 rounds in turn. Each processor of the guest is a thread of the "
            "emulator, and the machine that measured has 2 processors: with 2 in the guest, waiting for a lock shows as "
            "it would on hardware; with 4, a thread that holds a lock may itself have to wait for a processor, "
            "which exaggerates. More than 2 that really run at the same time cannot be shown here. The goal is to scale as tmpfs: "
            "the ratio does not grow with the number of processes, as far as the spread lets one say.")
    print(head("", "processors", *(f"by {jobs}" for jobs in JOBS), "scales as tmpfs"))
    for row, title in SCALING:
        for processors, by_jobs in group["processors"].items():
            alone = ratios(by_jobs["1"][row], "tmpfs")
            worst = max((ratios(by_jobs[jobs][row], "tmpfs") for jobs in JOBS[1:]), key=lambda r: r[1] / alone[2])
            verdict = "met"
            if worst[1] > alone[2] and worst[0] > 1.0:
                verdict = f"**missed** ({worst[0] / alone[0]:.2f})"
                verdicts.miss(f"scaling-{row}", f"{title}, {processors} processors",
                              f"{worst[0] / alone[0]:.2f} of tmpfs' scaling")
            print(line(title, processors, *(ratio_cell(by_jobs[jobs][row], "tmpfs") for jobs in JOBS), verdict))


def switching(results, verdicts):
    counted, timed = results.get("switch"), results.get("stall")
    text = "A bundle of 500 files takes the place of another in one request; all names are known to the kernel before, and all change."
    section("Atomic switch", text)
    if counted:
        print(f"* {number(Rows(counted).total('switch', 'visorfs') / 1e6)} million instructions for "
              f"{counted['bundle'] / 1e6:.1f} MB, decompressing included.")
    if timed:
        took = [ns / 1e6 for ns in timed["1"]["switch"]]
        verdict = verdicts.judge("switch", "switch", median(took), SWITCH_LIMIT, f"{SWITCH_LIMIT} ms of the guest's time")
        print(f"* {median(took):.0f} ms in a guest with one processor, median of {len(took)} ({min(took):.0f} to "
              f"{max(took):.0f}). Goal: {verdict}.")
        stall, calm = ([ns / 1e6 for ns in timed["2"][row]] for row in ("stall", "calm"))
        print(f"* A process that looks all 500 up meanwhile, on a processor of its own, waits for one of them at most "
              f"{median(stall):.1f} ms (median of the {len(stall)} switches' worst; {max(stall):.1f} the worst of all). As long "
              f"without a switch: {median(calm):.1f} and {max(calm):.1f}.")


def sections(results, verdicts):
    if "switch" in results or "stall" in results:
        switching(results, verdicts)
    if "data" in results:
        data(results["data"])
    if "scaling" in results:
        scaling(results["scaling"], verdicts)
