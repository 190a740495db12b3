"""How the types of the model become columns, and columns the types again."""

import sqlite3
from dataclasses import fields
from typing import Any

import msgspec

from newsclean.exchange import Earlier
from newsclean.model import Article, Extraction, Outcome, PageKind, RecordRef, Source, Versions
from newsclean.store.rows import Pending, StoredArticle

ARTICLE_COLUMNS = tuple(f.name for f in fields(Article))
"""Each field of an article has a column of its name."""
_LISTS = frozenset(["authors", "keywords", "body", "captions"])

_strings = msgspec.json.Decoder(tuple[str, ...])
_sources = msgspec.json.Decoder(dict[str, Source])
_versions = msgspec.json.Decoder(Versions)
_kind = msgspec.json.Decoder(PageKind)


def json_text(value: Any) -> str:
    """The value as JSON, as a string."""
    return msgspec.json.encode(value).decode()


def strings(text: str) -> tuple[str, ...]:
    """A JSON list of strings."""
    return _strings.decode(text)


def article_row(article: Article) -> tuple[Any, ...]:
    """The values for ARTICLE_COLUMNS."""
    row = []
    for name in ARTICLE_COLUMNS:
        value = getattr(article, name)
        row.append(json_text(value) if name in _LISTS or name == "sources" else value)
    return tuple(row)


def article_of(row: sqlite3.Row) -> Article:
    """The article of a row that has ARTICLE_COLUMNS, each behind ``a_``."""
    values: dict[str, Any] = {}
    for name in ARTICLE_COLUMNS:
        value = row[f"a_{name}"]
        if name in _LISTS:
            value = strings(value)
        elif name == "sources":
            value = _sources.decode(value)
        elif name == "is_accessible_for_free" and value is not None:
            value = bool(value)
        values[name] = value
    return Article(**values)


def record_of(row: sqlite3.Row) -> RecordRef | None:
    """The record that a row of ``captures`` names; None where a join found none."""
    if row["record_id"] is None:
        return None
    return RecordRef(file=row["file"], offset=row["offset"], length=row["length"], record_id=row["record_id"])


def versions_of(row: sqlite3.Row) -> Versions:
    """The versions of a row of ``extractions``."""
    return _versions.decode(row["versions"])


def kind_of(row: sqlite3.Row) -> PageKind | None:
    """What the page of a row of ``extractions`` is; None where it is not said."""
    return _kind.decode(row["kind"]) if row["kind"] is not None else None


def stored_article(row: sqlite3.Row) -> StoredArticle:
    """A row of ARTICLES."""
    extraction = Extraction(
        outcome=row["outcome"],
        message=row["message"],
        found=article_of(row),
        kind=kind_of(row),
        diagnostics=strings(row["diagnostics"]),
        versions=versions_of(row),
        record=record_of(row),
        captured_at=row["fetched_at"] or None,
    )
    return StoredArticle(id=row["id"], url=row["url"], extraction=extraction)


def outcome_of(row: sqlite3.Row) -> Outcome:
    """A row of OUTCOMES."""
    return Outcome(
        url=row["input_url"],
        outcome=row["outcome"],
        origin=row["origin"],
        status=row["input_status"],
        message=row["message"],
        record=record_of(row),
        article_id=row["article_id"],
        revisit=row["revisit_of"] is not None,
    )


def earlier_of(row: sqlite3.Row, etag: str | None = None, last_modified: str | None = None) -> Earlier:
    """A whole page that was fetched before, with what its server said of it."""
    return Earlier(
        record_id=row["record_id"],
        url=row["final_url"],
        date=row["fetched_at"],
        payload_digest=row["payload_digest"],
        etag=etag,
        last_modified=last_modified,
        chunked=bool(row["chunked"]),
    )


def pending_of(row: sqlite3.Row) -> Pending:
    """A row of ``captures`` that waits for its extraction."""
    record = record_of(row)
    assert record is not None  # the column is NOT NULL
    return Pending(capture_id=row["id"], url=row["url"], redirects=strings(row["redirects"]), record=record)


ARTICLES = f"""
    SELECT {", ".join(f"a.{name} AS a_{name}" for name in ARTICLE_COLUMNS)}, c.*, e.diagnostics, e.versions,
    e.outcome, e.message, e.kind
    FROM articles a JOIN captures c ON c.id = a.id JOIN extractions e ON e.capture_id = a.id
"""
OUTCOMES = """
    SELECT q.id AS queue_id, q.url AS input_url, q.origin, q.outcome, q.status AS input_status, q.message, q.capture_id,
    c.file, c.offset, c.length, c.record_id, c.same_as, c.revisit_of, a.id AS article_id
    FROM queue q LEFT JOIN captures c ON c.id = q.capture_id
    LEFT JOIN articles a ON a.id = coalesce(c.same_as, c.id)
"""
