"""The statements that change the catalogue, inside a transaction of :class:`~newsclean.store.Catalogue`."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from newsclean.errors import BadUrlError
from newsclean.http1 import is_chunked
from newsclean.model import Capture, Extraction
from newsclean.store import codec, fulltext, stories
from newsclean.store.rows import Ended
from newsclean.urls import canonical, host_of


def key_of(url: str) -> str:
    """What an input or a name is found by; a line that is no URL stands for itself."""
    try:
        return canonical(url)
    except BadUrlError:
        return f"line:{url.strip()}"


def input_row(text: str, origin: str) -> tuple[Any, ...]:
    """The row of ``queue`` for an input: url, key, host, origin, state, outcome, message."""
    # A name from the file system or the command line can hold bytes that are no UTF-8.
    text, origin = (part.encode("utf-8", "replace").decode() for part in (text, origin))
    try:
        key = canonical(text)
    except BadUrlError as problem:
        where = f"{origin}: " if origin else ""
        return (text, key_of(text), "", origin, "done", problem.code, f"{where}{problem}")
    return (text, key, host_of(text.strip()), origin, "queued", None, "")


def queue_again(db: sqlite3.Connection, older_than: str, key: str | None = None) -> int:
    """Queue inputs again that are not queued and whose last capture, if any, is from before that WARC-Date: the one of
    that key, or all. Returns how many."""
    where, values = ("AND key = ?", [key]) if key is not None else ("", [])
    cursor = db.execute(
        "UPDATE queue SET state = 'queued', outcome = NULL, message = '' WHERE state != 'queued' AND host != ''"
        " AND coalesce((SELECT max(c.fetched_at) FROM captures c WHERE c.key = queue.key), '') < ?"
        f" {where}",
        [older_than, *values],
    )
    return cursor.rowcount


def store_capture(db: sqlite3.Connection, end: Ended) -> int | None:
    """Record the capture that ended an input; its id, None where there is none."""
    capture = end.capture
    if capture is None or capture.record is None:
        return None
    record = capture.record
    key = key_of(end.url)
    same_as = _same_page(db, key, capture) if end.outcome is None else None
    row = db.execute(
        "INSERT INTO captures (file, offset, length, record_id, url, final_url, redirects, host, status, fetched_at,"
        " payload_digest, truncated, body_bytes, waits, key, etag, last_modified, revisit_of, same_as, chunked)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (record_id) DO UPDATE SET file = excluded.file, offset = excluded.offset,"
        " length = excluded.length RETURNING id",
        [
            record.file,
            record.offset,
            record.length,
            record.record_id,
            end.url,
            capture.final_url,
            codec.json_text(capture.redirects),
            host_of(capture.final_url),
            capture.status,
            capture.fetched_at,
            capture.payload_digest,
            capture.truncated,
            0 if capture.revisit_of else len(capture.body),
            end.outcome is None and same_as is None,
            key,
            capture.header("ETag"),
            capture.header("Last-Modified"),
            capture.revisit_of,
            same_as,
            is_chunked(capture.headers),
        ],
    ).fetchone()
    store_names(db, row["id"], [end.url, capture.url, capture.final_url, *capture.redirects])
    return int(row["id"])


def _same_page(db: sqlite3.Connection, key: str, capture: Capture) -> int | None:
    """The capture of the same input whose extraction, made or to be made, is that of a revisit; None where there is
    none. Another input with the same payload is extracted on its own: its URL is part of what comes out."""
    if capture.revisit_of is None:
        return None
    row = db.execute(
        "SELECT c.id FROM captures c WHERE c.record_id = ? AND c.key = ? AND c.final_url = ?"
        " AND (c.waits OR EXISTS (SELECT 1 FROM extractions e WHERE e.capture_id = c.id))",
        [capture.revisit_of, key, capture.final_url],
    ).fetchone()
    return int(row["id"]) if row else None


def store_names(db: sqlite3.Connection, capture_id: int, urls: Iterable[str]) -> None:
    """Note the addresses under which a capture is found."""
    keys = {key_of(url) for url in urls}
    db.executemany("INSERT OR IGNORE INTO names (key, capture_id) VALUES (?, ?)", [(key, capture_id) for key in keys])


def store_end(db: sqlite3.Connection, end: Ended, capture_id: int | None) -> None:
    """Record how an input ended, or that its page waits for its extraction."""
    text, key, host, origin, *_ = input_row(end.url, end.origin)
    state, outcome, message = ("done" if end.outcome is not None else "fetched"), end.outcome, end.message
    if outcome is None and capture_id is not None:
        known = db.execute(
            "SELECT e.outcome, e.message FROM captures c JOIN extractions e ON e.capture_id = coalesce(c.same_as, c.id)"
            " WHERE c.id = ?",
            [capture_id],
        ).fetchone()
        if known:
            state, outcome, message = "done", known["outcome"], known["message"]
    status = end.status if end.status is not None or end.capture is None else end.capture.status
    db.execute(
        "INSERT INTO queue (url, key, host, origin, state, outcome, status, message, capture_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state,"
        " outcome = excluded.outcome, status = excluded.status, message = excluded.message,"
        " capture_id = excluded.capture_id WHERE queue.state != 'done' OR queue.capture_id IS NOT excluded.capture_id",
        [text, key, host, origin, state, outcome, status, message, capture_id],
    )


def store_extraction(db: sqlite3.Connection, capture_id: int, extraction: Extraction, blob: bytes) -> None:
    """Record what became of a capture; ``blob``: its blocks, packed."""
    forget_article(db, capture_id)
    db.execute(
        "INSERT OR REPLACE INTO extractions (capture_id, outcome, message, diagnostics, versions, blocks, kind)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            capture_id,
            extraction.outcome,
            extraction.message,
            codec.json_text(extraction.diagnostics),
            codec.json_text(extraction.versions),
            blob,
            codec.json_text(extraction.kind) if extraction.kind is not None else None,
        ],
    )
    article = extraction.found
    if article is not None:
        marks = ", ".join("?" * (1 + len(codec.ARTICLE_COLUMNS)))
        db.execute(
            f"INSERT INTO articles (id, {', '.join(codec.ARTICLE_COLUMNS)}) VALUES ({marks})",
            [capture_id, *codec.article_row(article)],
        )
        db.execute(
            "INSERT INTO search (rowid, headline, text) VALUES (?, ?, ?)",
            [capture_id, fulltext.indexed(article.headline or ""), fulltext.indexed(article.text)],
        )
        if article.canonical_url:
            store_names(db, capture_id, [article.canonical_url])
    if article is not None and extraction.outcome == "article":
        stories.store(db, capture_id, article.body)
    else:
        stories.forget(db, capture_id)
    _note_newer(db, db.execute("SELECT key FROM captures WHERE id = ?", [capture_id]).fetchone()["key"])
    db.execute("UPDATE captures SET waits = 0 WHERE id = ?", [capture_id])
    db.execute(
        "UPDATE queue SET state = 'done', outcome = ?, message = ?"
        " WHERE (capture_id = ? OR capture_id IN (SELECT id FROM captures WHERE same_as = ?))"
        " AND state != 'queued'",  # it is to be fetched again: that ends it
        [extraction.outcome, extraction.message, capture_id, capture_id],
    )


def _note_newer(db: sqlite3.Connection, key: str) -> None:
    """Of the articles of one input, all but the latest name the next: extractions end in any order."""
    rows = db.execute(
        "SELECT c.id FROM captures c JOIN articles a ON a.id = c.id WHERE c.key = ? AND c.key != '' ORDER BY c.id",
        [key],
    ).fetchall()
    ids = [row["id"] for row in rows]
    db.executemany("UPDATE captures SET newer = ? WHERE id = ?", zip([*ids[1:], None], ids, strict=False))


def forget_capture(db: sqlite3.Connection, capture_id: int) -> None:
    """Forget a capture whose record is gone, and queue its input."""
    forget_article(db, capture_id)
    stories.forget(db, capture_id)
    db.execute(
        "UPDATE queue SET state = 'queued', outcome = NULL, message = '', status = NULL, capture_id = NULL"
        " WHERE capture_id = ?",
        [capture_id],
    )
    db.execute("UPDATE captures SET same_as = NULL, waits = 1 WHERE same_as = ?", [capture_id])
    key = db.execute("DELETE FROM captures WHERE id = ? RETURNING key", [capture_id]).fetchone()["key"]
    _note_newer(db, key)


def forget_article(db: sqlite3.Connection, capture_id: int) -> None:
    """Take an article out of its table and out of the index, which must be told what it had indexed."""
    row = db.execute(f"{codec.ARTICLES} WHERE a.id = ?", [capture_id]).fetchone()
    if row is None:
        return
    article = codec.article_of(row)
    db.execute(
        "INSERT INTO search (search, rowid, headline, text) VALUES ('delete', ?, ?, ?)",
        [capture_id, fulltext.indexed(article.headline or ""), fulltext.indexed(article.text)],
    )
    db.execute("DELETE FROM articles WHERE id = ?", [capture_id])
