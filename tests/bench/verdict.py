# SPDX-License-Identifier: Apache-2.0
"""Compares figures with goals, and writes tables."""

from statistics import median, quantiles

TITLES = {"visorfs-packed": "visorfs compressed", "squashfs": "squashfs zstd", "erofs-lz4hc": "EROFS lz4hc",
          "erofs": "EROFS raw", "tmpfs-huge": "tmpfs huge"}


def title_of(peer):
    return TITLES.get(peer, peer.replace("overlay-", "overlay "))


class Verdicts:
    """Compares figures with goals and remembers what was missed. reasons: {row: text}"""

    def __init__(self, reasons):
        self.reasons = reasons
        self.missed = []

    def judge(self, row, title, value, limit, goal):
        """The cell that says how a figure relates to its goal."""
        ratio = value / limit
        if round(ratio, 2) <= 1.0:
            return f"{goal}: met ({ratio:.2f})"
        self.miss(row, title, f"{ratio:.2f} of {goal}")
        return f"{goal}: **missed** ({ratio:.2f})"

    def miss(self, row, title, what):
        reason = self.reasons.get(row, "reason not known yet")
        self.missed.append(f"{title}: {what}. {reason[0].upper()}{reason[1:].rstrip('.')}.")


class Rows:
    """The counted rows of some groups: {label: {peer: figure}}."""

    def __init__(self, *groups):
        self.rows = {}
        for group in groups:
            for label, figures in group.get("rows", {}).items():
                self.rows.setdefault(label, {}).update(figures)

    def total(self, label, peer):
        figure = self.rows.get(label, {}).get(peer)
        return figure["instructions"] if figure else None

    def each(self, label, peer):
        """Instructions per item, None if that was not measured."""
        figure = self.rows.get(label, {}).get(peer)
        return figure["instructions"] / figure["items"] if figure else None

    def measured(self, label, peers):
        return [peer for peer in peers if self.each(label, peer) is not None]

    def limit(self, label, goal, peers):
        """The least that a goal allows, and its name. goal: {peer: factor}; None: the best of peers."""
        if goal is None:
            goal = {peer: 1 for peer in self.measured(label, peers) if not peer.startswith("visorfs")}
            title = "best peer"
        else:
            title = " and ".join((f"{factor:g} × " if factor != 1 else "") + title_of(peer)
                                 for peer, factor in goal.items())
        return min(self.each(label, peer) * factor for peer, factor in goal.items()), title


def ratios(figures, peer, to="visorfs"):
    """Median and quartiles of what `to` took by what the peer took in the same round."""
    pairs = [mine / other for mine, other in zip(figures[to], figures[peer])]
    low, _, high = quantiles(pairs, n=4)
    return median(pairs), low, high


def ratio_cell(figures, peer, to="visorfs"):
    if peer not in figures or to not in figures:
        return ""
    return "{:.2f} ({:.2f}–{:.2f})".format(*ratios(figures, peer, to))


def number(value):
    return "" if value is None else f"{value:,.0f}"


def megabytes(value):
    return "" if value is None else f"{value / 1e6:.1f}"


def line(*cells):
    return "| " + " | ".join(cells) + " |"


def head(*cells):
    return line(*cells) + "\n|" + "---|" * len(cells)


def section(title, text=""):
    print(f"\n## {title}\n" + (f"\n{text}\n" if text else ""))
