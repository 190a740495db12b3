"""The memory of sites in the catalogue: what is remembered of each host's latest pages, one row a page.

A run hears what runs that are over have seen, and nothing else: neither the order in which its own pages come nor a
kill in its midst changes an answer. What it sees itself is written with its articles and settled when it is over. Of
each host as many pages are kept as are learned from, the latest by the number of their capture; a page that was
fetched again counts once. Which rows are there follows from which pages came, not from their order.
"""

import sqlite3
from hashlib import blake2b

from newsclean.clutter.site import LEAST_PAGES, SiteCounts, SiteMemory, page_marks, pages_of
from newsclean.model import Extraction
from newsclean.store.writes import key_of

TO_LEARN = f"""
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY host ORDER BY id DESC) AS place,
        count(*) OVER (PARTITION BY host) AS pages FROM captures WHERE waits
    ) WHERE pages >= {LEAST_PAGES} AND place <= {SiteCounts.MOST_PAGES} ORDER BY id
"""
"""Captures that wait for their extraction, as far as they are learned from."""


def memory(db: sqlite3.Connection, host: str) -> SiteMemory | None:
    """What is remembered of a host; None where it is too little to say anything."""
    rows = db.execute(
        "SELECT marks FROM site_pages WHERE settled = 1 AND host = ? ORDER BY capture_id DESC LIMIT ?",
        [host, SiteCounts.MOST_PAGES],
    )
    return pages_of(row[0] for row in rows).memory()


def learn(db: sqlite3.Connection, capture_id: int, extraction: Extraction) -> None:
    """Remember a page that is an article, for when the run is over; inside of a transaction."""
    if extraction.outcome != "article":
        return
    row = db.execute("SELECT host, final_url FROM captures WHERE id = ?", [capture_id]).fetchone()
    if row is None or not row["host"]:
        return
    host = row["host"]
    if db.execute("SELECT 1 FROM site_pages WHERE capture_id = ? AND settled", [capture_id]).fetchone():
        return
    page = blake2b(key_of(row["final_url"]).encode(), digest_size=8).digest()
    db.execute(
        "INSERT INTO site_pages (host, page, settled, capture_id, marks) VALUES (?, ?, 0, ?, ?)"
        " ON CONFLICT (host, page, settled) DO UPDATE SET capture_id = excluded.capture_id, marks = excluded.marks"
        " WHERE excluded.capture_id >= capture_id",
        [host, page, capture_id, page_marks(extraction.blocks, extraction.verdicts)],
    )
    _forget_earlier(db, host, settled=0)


def settle(db: sqlite3.Connection) -> None:
    """From now on all that was learned is heard; inside of a transaction."""
    hosts = [row[0] for row in db.execute("SELECT DISTINCT host FROM site_pages WHERE settled = 0")]
    for host in hosts:
        db.execute(
            "DELETE FROM site_pages AS one WHERE host = ? AND EXISTS (SELECT 1 FROM site_pages other"
            " WHERE other.host = one.host AND other.page = one.page AND other.capture_id > one.capture_id)",
            [host],
        )
        db.execute("UPDATE site_pages SET settled = 1 WHERE host = ? AND settled = 0", [host])
        _forget_earlier(db, host, settled=1)


def _forget_earlier(db: sqlite3.Connection, host: str, settled: int) -> None:
    """Of a host's pages keep as many as are learned from, the latest."""
    row = db.execute(
        "SELECT capture_id FROM site_pages WHERE settled = ? AND host = ? ORDER BY capture_id DESC LIMIT 1 OFFSET ?",
        [settled, host, SiteCounts.MOST_PAGES],
    ).fetchone()
    if row is not None:
        db.execute("DELETE FROM site_pages WHERE settled = ? AND host = ? AND capture_id <= ?", [settled, host, row[0]])
