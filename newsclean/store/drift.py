"""Which hosts' pages have changed shape: what is kept of their latest pages, against that of the pages before.

A new theme makes an extraction go wrong without an error: bodies get short, fields go missing, pages are no articles
any more. Of each host the latest captures are compared with as many before them, by their medians.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from newsclean.store import blocks

MOST = 20
"""Captures of a host that count as its latest, and as many before them."""
LEAST = 6
"""Captures on each side below which nothing is said."""
_SHORTER, _LONGER = 0.5, 2.0
"""Share of the body's median length from which, down or up, it is another shape."""
_KEPT = 0.25
"""Change of the share of a page's characters that are kept."""
_MISSING = 0.4
"""Change of the share of pages without a field, or that are no articles."""
_FIELDS = ("headline", "authors", "date_published")
"""Fields that an article of news has."""
_HOSTS = """
    SELECT c.host FROM captures c JOIN extractions e ON e.capture_id = c.id
    WHERE c.host != '' GROUP BY c.host HAVING count(*) >= ? ORDER BY c.host
"""
_LATEST = """
    SELECT c.id, c.fetched_at, e.outcome, e.blocks, a.headline, a.authors, a.date_published, (
        SELECT coalesce(sum(length(value)), 0) FROM json_each(a.body)
    ) AS body
    FROM captures c JOIN extractions e ON e.capture_id = c.id LEFT JOIN articles a ON a.id = c.id
    WHERE c.host = ? ORDER BY c.fetched_at DESC, c.id DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is found on some pages of a host."""

    pages: int
    first: str
    """WARC-Date of the earliest of them; ``last`` of the latest."""
    last: str
    articles: float
    """Share of the pages that are articles."""
    kept: float
    """Median share of an article page's characters that are in its body."""
    body: float
    """Median length of the bodies, in characters; 0 where no page is an article."""
    missing: dict[str, float]
    """For each field that an article of news has: the share of articles without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A host whose latest pages have another shape than those before."""

    host: str
    before: Shape
    after: Shape
    signs: tuple[str, ...]
    """What is different: ``articles``, ``kept``, ``body``, ``missing:<field>``."""


@dataclass(frozen=True, slots=True)
class _Sample:
    date: str
    is_article: bool
    kept: float
    body: int
    missing: frozenset[str]


def drifts(db: sqlite3.Connection, hosts: Sequence[str] | None = None) -> Iterator[Drift]:
    """The hosts whose pages changed shape, by name; of all, or of those that are named."""
    enough = {row[0] for row in db.execute(_HOSTS, [2 * LEAST])}
    for host in sorted(enough if hosts is None else enough.intersection(hosts)):
        rows = db.execute(_LATEST, [host, 2 * MOST]).fetchall()
        reach = min(MOST, len(rows) // 2)
        samples = [_sample(row) for row in rows]
        found = drift(host, samples[reach : 2 * reach], samples[:reach])
        if found is not None:
            yield found


def drift(host: str, before: Sequence[_Sample], after: Sequence[_Sample]) -> Drift | None:
    """What is different between earlier and later pages of a host, both the latest first; None where nothing is."""
    if min(len(before), len(after)) < LEAST:
        return None
    old, new = _shape(before), _shape(after)
    signs = []
    if abs(new.articles - old.articles) >= _MISSING:
        signs.append("articles")
    if old.body and new.body:
        if not _SHORTER < new.body / old.body < _LONGER:
            signs.append("body")
        if abs(new.kept - old.kept) >= _KEPT:
            signs.append("kept")
        signs += [f"missing:{name}" for name in _FIELDS if abs(new.missing[name] - old.missing[name]) >= _MISSING]
    return Drift(host=host, before=old, after=new, signs=tuple(signs)) if signs else None


def _shape(samples: Sequence[_Sample]) -> Shape:
    articles = [sample for sample in samples if sample.is_article]
    return Shape(
        pages=len(samples),
        first=samples[-1].date,
        last=samples[0].date,
        articles=round(len(articles) / len(samples), 3),
        kept=round(median([sample.kept for sample in articles]), 3) if articles else 0.0,
        body=float(median([sample.body for sample in articles])) if articles else 0.0,
        missing={
            name: round(sum(name in sample.missing for sample in articles) / len(articles), 3) if articles else 0.0
            for name in _FIELDS
        },
    )


def _sample(row: sqlite3.Row) -> _Sample:
    if row["outcome"] != "article":
        return _Sample(row["fetched_at"], False, 0.0, 0, frozenset())
    judged, verdicts = blocks.unpack(row["blocks"])
    total = sum(len(block.text) for block in judged)
    kept = sum(len(block.text) for block, verdict in zip(judged, verdicts, strict=True) if verdict.decision == "keep")
    missing = frozenset(name for name in _FIELDS if row[name] in (None, "", "[]"))
    return _Sample(row["fetched_at"], True, kept / max(1, total), row["body"], missing)
