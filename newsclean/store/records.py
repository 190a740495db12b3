"""The JSON record of one page: what ``extract`` and ``export`` write, one line each.

The same page, settings and rules give the same bytes: fixed order of keys, no clock, no numbers that depend on the
run. ``record.file`` is the file's name without folders, so that a line does not depend on where the archive lies.
"""

from pathlib import PurePath
from typing import Any

import msgspec

from newsclean.model import Article, Extraction

SCHEMA_VERSION = 1
"""Number of the record's layout; grows when a key changes its meaning or goes."""
_LAST = ("body", "captions", "sources")


def article_record(extraction: Extraction, url: str | None = None) -> dict[str, Any]:
    """The record of one extraction.

    Keys: ``schema_version``, ``url`` (final URL; ``url`` for a page that is no article), ``outcome``, ``message``
    (why it is no article), ``kind`` (what the page is: ``kind``, ``confidence`` and ``reasons``; null for a page that
    could not be read), ``captured_at``, ``record`` (file, offset, length, record_id; null for a page that is in
    no WARC file), ``versions``, ``diagnostics``; for an article, and for what ``keep_all`` takes from other pages, also
    its fields and ``text``.
    """
    article = extraction.found
    ref = extraction.record
    record: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "url": (article.url if article is not None else None) or url,
        "outcome": extraction.outcome,
        "message": extraction.message,
        "kind": msgspec.to_builtins(extraction.kind),
        "captured_at": extraction.captured_at,
        "record": ref
        and {
            "file": PurePath(ref.file).name,
            "offset": ref.offset,
            "length": ref.length,
            "record_id": ref.record_id,
        },
        "versions": msgspec.to_builtins(extraction.versions),
        "diagnostics": list(extraction.diagnostics),
    }
    if article is not None:
        fields = _article_fields(article)
        record |= {name: value for name, value in fields.items() if name not in _LAST}
        record["text"] = article.text
        record |= {name: fields[name] for name in _LAST}
    return record


def _article_fields(article: Article) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(article)
    del fields["url"]
    fields["sources"] = dict(sorted(fields["sources"].items()))
    return fields


def json_line(record: dict[str, Any]) -> bytes:
    """The record as one line of JSON in UTF-8, with its line feed."""
    return msgspec.json.encode(record) + b"\n"
