"""The articles of an archive in other people's formats, written as they are read."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, Literal, get_args

import msgspec

from newsclean.errors import UsageError
from newsclean.store.catalogue import Catalogue
from newsclean.store.records import article_record, json_line

Format = Literal["jsonl", "csv", "md", "txt"]
FORMATS: tuple[Format, ...] = get_args(Format)
"""``jsonl``: one record a line. ``csv``: one row an article (RFC 4180, UTF-8). ``md``: front matter and text.
``txt``: headline and text, two blank lines between articles."""

CSV_COLUMNS = (
    "url",
    "headline",
    "alternative_headline",
    "description",
    "authors",
    "publisher",
    "section",
    "keywords",
    "date_published",
    "date_modified",
    "in_language",
    "canonical_url",
    "main_image",
    "is_accessible_for_free",
    "dateline",
    "agency",
    "text",
    "captions",
    "captured_at",
    "warc_file",
    "warc_offset",
    "warc_length",
    "warc_record_id",
    "kind",
    "word_count",
    "view_count",
    "reading_minutes",
)
"""The columns of ``csv``; lists are joined by ``; ``. Values stand as they are: a spreadsheet that reads a headline
that begins with ``=`` as a formula must be told that the columns are text."""
_FRONT = (
    "url",
    "headline",
    "authors",
    "publisher",
    "section",
    "keywords",
    "date_published",
    "date_modified",
    "dateline",
    "agency",
    "in_language",
    "canonical_url",
    "main_image",
    "word_count",
    "view_count",
    "reading_minutes",
    "captured_at",
    "record",
)
# What would make a paragraph a heading, a list item, a quote, a rule, a fence or HTML.
_MARKDOWN = re.compile(r"^(\s*)([#>+\-*=~`|]|\d+(?=[.)]))|<", re.MULTILINE)


def export(
    catalogue: Catalogue,
    out: BinaryIO,
    format: str = "jsonl",  # noqa: A002
    *,
    versions: bool = False,
    one_per_story: bool = False,
) -> int:
    """Write all articles, in the order of their records, to a binary file; returns how many.

    The latest of each input; with ``versions``, the earlier ones too; with ``one_per_story``, of copies of one text
    only the one that was captured first.

    Raises UsageError for a format that is none of FORMATS, and what the catalogue raises.
    """
    articles = catalogue.articles(versions=versions, one_per_story=one_per_story)
    return write_records((article_record(a.extraction, a.url) for a in articles), out, format)


def write_records(records: Iterable[dict[str, Any]], out: BinaryIO, format: str = "jsonl") -> int:  # noqa: A002
    """Write records of :func:`article_record` in one of FORMATS; returns how many were written.

    ``jsonl`` takes all of them; the other formats show articles only and pass over the rest.
    """
    writer = _WRITERS.get(format)
    if writer is None:
        raise UsageError(f"no export format {format!r}; there are {', '.join(FORMATS)}")
    count = 0
    for record in records:
        if format == "jsonl" or "text" in record:
            out.write(writer(record, count == 0))
            count += 1
    if not count and format == "csv":
        out.write(_row(CSV_COLUMNS))
    return count


def _jsonl(record: dict[str, Any], _first: bool) -> bytes:
    return json_line(record)


def _csv(record: dict[str, Any], first: bool) -> bytes:
    ref = record["record"] or {}
    flat = record | {f"warc_{name}": ref.get(name) for name in ("file", "offset", "length", "record_id")}
    flat["kind"] = (record["kind"] or {}).get("kind")
    row = _row([_cell(flat[name]) for name in CSV_COLUMNS])
    return _row(CSV_COLUMNS) + row if first else row


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return "; ".join(value) if isinstance(value, list | tuple) else value


def _row(cells: Iterable[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _markdown(record: dict[str, Any], first: bool) -> bytes:
    # JSON values are YAML values: nothing in a headline can break the front matter.
    front = [f"{name}: {msgspec.json.encode(record[name]).decode()}" for name in _FRONT if record[name]]
    parts = [record["headline"] and f"# {_escaped(record['headline'])}", *map(_escaped, record["text"].split("\n"))]
    text = "\n\n".join(part for part in parts if part)
    return ("" if first else "\n").encode() + "\n".join(["---", *front, "---", "", text, ""]).encode()


def _escaped(paragraph: str) -> str:
    return _MARKDOWN.sub(_escape, paragraph)


def _escape(match: re.Match[str]) -> str:
    sign = match[2]
    if sign is None:
        return "\\<"
    return f"{match[1]}{sign}\\" if sign.isdecimal() else f"{match[1]}\\{sign}"


def _text(record: dict[str, Any], first: bool) -> bytes:
    head = f"{record['headline']}\n\n" if record["headline"] else ""
    return f"{'' if first else chr(10) * 2}{head}{record['text']}\n".encode()


_WRITERS: dict[str, Callable[[dict[str, Any], bool], bytes]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "md": _markdown,
    "txt": _text,
}
