"""Stories in the catalogue: articles that are copies of one text, over all hosts; see :mod:`newsclean.near`.

An article is compared when it is stored, with those that share a band of its signature, and joins their stories; where
it is alike with two, they become one. A story's number is the least of its articles', so the same articles make the
same stories in whatever order they come, also over runs and after ``newsclean reindex``. One thing depends on order:
a band's value that 64 articles have (a template of a market report, say) takes in no more, and a copy that shares such
bands only is missed; others of its bands find it nearly always.

``signatures`` has a row for each article. Its ``story`` is NULL where a version stored it that did not compare;
:func:`fill` does it when stories are first asked for.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from newsclean import near
from newsclean.store import codec
from newsclean.store.rows import Copy, Story

TABLES = """
CREATE TABLE signatures (
    id INTEGER PRIMARY KEY REFERENCES captures (id) ON DELETE CASCADE,
    signature BLOB,
    story INTEGER
) STRICT;
CREATE INDEX signatures_story ON signatures (story);
CREATE TABLE story_bands (
    band INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (band, id)
) STRICT, WITHOUT ROWID;
"""
MIGRATION = f"""{TABLES}
INSERT INTO signatures (id) SELECT a.id FROM articles a JOIN extractions e ON e.capture_id = a.id
    WHERE e.outcome = 'article';
"""
"""What makes the tables in a catalogue that has articles."""

_BATCH = 200
# Of each input the latest article; it is as old as the input's first.
_MEMBERS = """
    SELECT s.id, s.story, s.signature, c.url, c.final_url, c.host, c.key, a.url AS page, a.headline, a.date_published,
    coalesce((SELECT min(o.fetched_at) FROM captures o JOIN signatures t ON t.id = o.id
        WHERE o.key = c.key AND c.key != ''), c.fetched_at) AS first_at
    FROM signatures s JOIN captures c ON c.id = s.id JOIN articles a ON a.id = s.id
    WHERE c.newer IS NULL AND s.story {which} ORDER BY s.story, first_at, s.id
"""
_MANY = "(SELECT story FROM signatures WHERE story IS NOT NULL GROUP BY story HAVING count(*) > 1)"
_COUNTS = f"""
    SELECT count(*), coalesce(sum(copies), 0) FROM (
        SELECT count(*) - 1 AS copies FROM signatures s JOIN captures c ON c.id = s.id
        WHERE c.newer IS NULL AND s.story IN {_MANY} GROUP BY s.story HAVING count(*) > 1)
"""


def store(db: sqlite3.Connection, number: int, body: Sequence[str]) -> None:
    """Compare an article, given by its paragraphs, and note its story; inside of a transaction."""
    signature = near.signature("\n".join(body))
    known = db.execute("SELECT signature, story FROM signatures WHERE id = ?", [number]).fetchone()
    if known is not None:
        if known["story"] is not None and known["signature"] == signature:
            return
        forget(db, number)
    story = _joined(db, number, signature) if signature is not None else number
    db.execute("INSERT INTO signatures (id, signature, story) VALUES (?, ?, ?)", [number, signature, story])


def forget(db: sqlite3.Connection, number: int) -> None:
    """Take an article out of its story, which may fall apart without it; inside of a transaction."""
    row = db.execute("DELETE FROM signatures WHERE id = ? RETURNING signature, story", [number]).fetchone()
    if row is None or row["signature"] is None:
        return
    db.executemany("DELETE FROM story_bands WHERE band = ? AND id = ?", [(b, number) for b in near.bands(row[0])])
    left = db.execute("SELECT id, signature FROM signatures WHERE story = ? ORDER BY id", [row["story"]]).fetchall()
    for group in near.linked([other["signature"] for other in left]):
        ids = [left[place]["id"] for place in group]
        _set_story(db, ids, ids[0])


def is_filled(db: sqlite3.Connection) -> bool:
    """Whether all articles were compared."""
    return db.execute("SELECT 1 FROM signatures WHERE story IS NULL LIMIT 1").fetchone() is None


def fill(db: sqlite3.Connection) -> None:
    """Compare some of the articles that were not, the first of them; inside of a transaction."""
    rows = db.execute(
        "SELECT s.id, a.body FROM signatures s JOIN articles a ON a.id = s.id WHERE s.story IS NULL"
        " ORDER BY s.id LIMIT ?",
        [_BATCH],
    ).fetchall()
    for row in rows:
        store(db, row["id"], codec.strings(row["body"]))
    if not rows:
        db.execute("UPDATE signatures SET story = id WHERE story IS NULL")


def parts(db: sqlite3.Connection) -> list[list[int]]:
    """The numbers of the stories that have copies or earlier versions, in their order, some at a time."""
    numbers = [row[0] for row in db.execute(f"SELECT story FROM {_MANY} ORDER BY story")]
    return [numbers[start : start + _BATCH] for start in range(0, len(numbers), _BATCH)]


def read(db: sqlite3.Connection, stories: Iterable[int]) -> list[Story]:
    """Those of the stories that more than one input has now, in the order of their numbers."""
    found: dict[int, list[sqlite3.Row]] = {}
    wanted = ", ".join(map(str, stories))
    for row in db.execute(_MEMBERS.format(which=f"IN ({wanted})")):
        found.setdefault(row["story"], []).append(row)
    return [_story(rows) for rows in found.values() if len(rows) > 1]


def copies(db: sqlite3.Connection, number: int) -> tuple[Copy, ...]:
    """The other articles of an article's story, the earliest first, each with its likeness to that one."""
    own = db.execute(
        "SELECT s.story, s.signature, c.key FROM signatures s JOIN captures c ON c.id = s.id WHERE s.id = ?", [number]
    ).fetchone()
    if own is None or own["signature"] is None:
        return ()
    rows = db.execute(_MEMBERS.format(which="= ?"), [own["story"]])
    return _copies(own["signature"], [row for row in rows if row["id"] != number and row["key"] != own["key"]])


def later(db: sqlite3.Connection) -> frozenset[int]:
    """The articles that are copies of one that was captured earlier."""
    return frozenset(copy.id for part in parts(db) for story in read(db, part) for copy in story.copies)


def counts(db: sqlite3.Connection) -> tuple[int, int]:
    """How many stories more than one input has, and how many articles are copies."""
    row = db.execute(_COUNTS).fetchone()
    return row[0], row[1]


def _joined(db: sqlite3.Connection, number: int, signature: bytes) -> int:
    """The story of a signature; those that it joins become one."""
    candidates: set[int] = set()
    free: list[tuple[int, int]] = []
    most = near.MOST_IN_BAND
    for band in near.bands(signature):
        ids = [row[0] for row in db.execute("SELECT id FROM story_bands WHERE band = ? LIMIT ?", [band, most])]
        candidates.update(ids)
        if len(ids) < most:
            free.append((band, number))
    db.executemany("INSERT INTO story_bands (band, id) VALUES (?, ?)", free)
    if not candidates:
        return number
    some = ", ".join(map(str, sorted(candidates)))
    rows = db.execute(f"SELECT story, signature FROM signatures WHERE id IN ({some})").fetchall()
    alike = near.likeness(signature, [row["signature"] for row in rows])
    found: set[int] = {row["story"] for row, share in zip(rows, alike, strict=True) if share >= near.ALIKE}
    story = min([number, *found])
    db.executemany("UPDATE signatures SET story = ? WHERE story = ?", [(story, old) for old in found - {story}])
    return story


def _set_story(db: sqlite3.Connection, ids: Sequence[int], story: int) -> None:
    db.executemany("UPDATE signatures SET story = ? WHERE id = ? AND story != ?", [(story, one, story) for one in ids])


def _story(rows: Sequence[Any]) -> Story:
    first, *others = _copies(rows[0]["signature"], rows)
    return Story(first=first, copies=tuple(others))


def _copies(signature: bytes, rows: Sequence[Any]) -> tuple[Copy, ...]:
    alike = near.likeness(signature, [row["signature"] for row in rows])
    return tuple(
        Copy(
            id=row["id"],
            url=row["page"] or row["final_url"],
            host=row["host"],
            headline=row["headline"],
            date_published=row["date_published"],
            captured_at=row["first_at"] or None,
            likeness=round(share, 2),
        )
        for row, share in zip(rows, alike, strict=True)
    )
