"""The memory of sites in the catalogue: what each run saw of each host, and what is heard of it in this one.

A run hears what earlier runs saw and nothing else, so that the order in which its pages come changes no answer. What
it sees itself is written with the articles, in one step with each.
"""

import sqlite3
from collections import OrderedDict

from newsclean.clutter.site import SiteCounts, SiteMemory
from newsclean.model import Extraction

_MOST_HELD = 32
"""Hosts whose counts are held in memory, a megabyte each at most; the others are read again."""


class Sites:
    """The memory as one run has it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        (last,) = db.execute("SELECT coalesce(max(run), 0) FROM sites").fetchone()
        self._run = int(last) + 1
        self._memories: dict[str, SiteMemory | None] = {}
        self._counts: OrderedDict[str, SiteCounts] = OrderedDict()
        self._learned: dict[str, int] = {}

    def memory(self, host: str) -> SiteMemory | None:
        """What earlier runs saw on the pages of a host; None where it is too little to say anything."""
        if host not in self._memories:
            self._memories[host] = self._earlier(host).memory()
        return self._memories[host]

    def learn(self, db: sqlite3.Connection, capture_id: int, extraction: Extraction) -> None:
        """Count the blocks of a page that is an article; inside of a transaction."""
        if extraction.found is None:
            return
        row = db.execute("SELECT host FROM captures WHERE id = ?", [capture_id]).fetchone()
        if row is None or not row["host"]:
            return
        host = row["host"]
        counts = self._own(host)
        if host not in self._learned:
            self._learned[host] = self._earlier(host).pages
        if counts.pages + self._learned[host] >= SiteCounts.MOST_PAGES:
            return
        counts.add(extraction.blocks)
        db.execute(
            "INSERT INTO sites (host, run, counts) VALUES (?, ?, ?)"
            " ON CONFLICT (host, run) DO UPDATE SET counts = excluded.counts",
            [host, self._run, counts.packed()],
        )

    def _earlier(self, host: str) -> SiteCounts:
        merged = SiteCounts()
        for row in self._db.execute("SELECT counts FROM sites WHERE host = ? AND run < ?", [host, self._run]):
            merged.merge(SiteCounts.unpacked(row["counts"]))
        return merged

    def _own(self, host: str) -> SiteCounts:
        if host in self._counts:
            self._counts.move_to_end(host)
            return self._counts[host]
        row = self._db.execute("SELECT counts FROM sites WHERE host = ? AND run = ?", [host, self._run]).fetchone()
        counts = self._counts[host] = SiteCounts.unpacked(row["counts"]) if row else SiteCounts()
        if len(self._counts) > _MOST_HELD:
            self._counts.popitem(last=False)
        return counts
