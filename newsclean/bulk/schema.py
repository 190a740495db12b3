"""The table of one page a row: the columns, their types, and what stands in them.

The same table is written as JSON Lines (where what a page does not have is left out), Parquet and Spark rows. Its
number is in the key-value metadata of each Parquet file, in each marker and in the job's file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsclean.errors import UsageError
from newsclean.model import Article
from newsclean.store.records import SCHEMA_VERSION as RECORD_VERSION

if TYPE_CHECKING:
    import pyarrow

SCHEMA_VERSION = 1
"""Number of the table's layout; grows when a column changes its meaning or goes."""
KEY = "newsclean.schema_version"
"""Under which the number stands in the metadata of a Parquet file."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column, or a part of one."""

    name: str
    type: str
    """``string``, ``bool``, ``int32``, ``int64``, ``double``, ``timestamp`` (microseconds, UTC), ``list<string>``, or
    ``struct`` of the ``parts``."""
    doc: str
    parts: tuple["Field", ...] = ()


_SOURCED = tuple(name for name in Article.__dataclass_fields__ if name not in ("url", "body", "captions", "sources"))
"""Fields of an article that name their source."""
_SOURCE = (
    Field("source", "string", "where it was found: json-ld, meta:<name>, html:<tag>, block:<number> and so on"),
    Field("raw", "string", "the value as the page has it"),
)

FIELDS: tuple[Field, ...] = (
    Field("schema_version", "int32", f"number of the record's layout: {RECORD_VERSION}"),
    Field("url", "string", "final URL of the page; null where none is known"),
    Field("outcome", "string", "article, not-article:<kind>, or the code of an error"),
    Field("message", "string", "why it is no article; empty for one"),
    Field(
        "kind",
        "struct",
        "what the page is; null where it could not be read",
        (
            Field("kind", "string", "article, live-blog, consent-wall and so on"),
            Field("confidence", "double", "0 to 1"),
            Field("reasons", "list<string>", "what told so"),
        ),
    ),
    Field("captured_at", "timestamp", "when the page was fetched; null where the record does not say"),
    Field(
        "record",
        "struct",
        "where the page stands",
        (
            Field("file", "string", "name of the WARC file, without folders"),
            Field("offset", "int64", "first byte of the record's member"),
            Field("length", "int64", "bytes that the member takes; 0 where it shares one with others"),
            Field("record_id", "string", "WARC-Record-ID"),
        ),
    ),
    Field(
        "versions",
        "struct",
        "what made the row",
        (
            Field("newsclean", "string", "version"),
            Field("rules", "string", "digest of the rules"),
            Field("engine", "string", "body engine and its version"),
            Field("settings", "string", "digest of the settings that change what comes out"),
            Field("site", "string", "digest of what was known of the site; empty here"),
        ),
    ),
    Field("diagnostics", "list<string>", "remarks on how the page was read"),
    Field("headline", "string", "as the page shows it, without the names of site and section"),
    Field("alternative_headline", "string", "a second headline or kicker"),
    Field("description", "string", "the summary of the page's metadata"),
    Field("authors", "list<string>", "names, in the page's order; empty where none is sure"),
    Field("publisher", "string", "name of the outlet"),
    Field("section", "string", "section of the outlet"),
    Field("keywords", "list<string>", "keywords of the page's metadata"),
    Field("date_published", "string", "ISO 8601, as precise as the page has it"),
    Field("date_modified", "string", "likewise; null where it is before date_published"),
    Field("in_language", "string", "BCP 47 primary language"),
    Field("canonical_url", "string", "the page's address for its story"),
    Field("main_image", "string", "absolute URL of the lead image"),
    Field("is_accessible_for_free", "bool", "as the page's data say"),
    Field("dateline", "string", "place and date at the head of the text"),
    Field("agency", "string", "news agency that the text is from"),
    Field("word_count", "int32", "words of the body"),
    Field("view_count", "int64", "how often it was read, as the page printed it"),
    Field("reading_minutes", "int32", "how long reading takes, as the page prints it"),
    Field("standfirst", "string", "lead paragraph above the body"),
    Field("text", "string", "standfirst and body, one paragraph a line"),
    Field("body", "list<string>", "paragraphs, sub-headings, items and quotes in order"),
    Field("captions", "list<string>", "captions and credits"),
    Field(
        "sources",
        "struct",
        "for each field where it was found",
        tuple(Field(name, "struct", f"of {name}", _SOURCE) for name in _SOURCED),
    ),
)
"""The columns, in their order."""


def filled(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record (:func:`newsclean.store.records.article_record`) with all columns: None for what it does not have, the
    time of capture as a datetime in UTC.
    """
    return {field.name: _filled(field, record.get(field.name)) for field in FIELDS}


def _filled(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.type == "timestamp":
        return moment(value)
    if field.type == "struct":
        return {part.name: _filled(part, value.get(part.name)) for part in field.parts}
    return list(value) if field.type == "list<string>" else value


def moment(text: str) -> datetime | None:
    """A WARC-Date (ISO 8601) as a datetime in UTC; None for one that is none."""
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # the year 1, or 9999, and an offset that leads out of it
        return None


def arrow_schema(metadata: Mapping[str, str] | None = None) -> "pyarrow.Schema":
    """The table as an Arrow schema. ``metadata``: further key-value pairs. Raises UsageError without pyarrow."""
    arrow = need_arrow()
    pairs = {KEY: str(SCHEMA_VERSION), **(metadata or {})}
    return arrow.schema([arrow.field(field.name, _arrow_type(field)) for field in FIELDS], metadata=pairs)


def _arrow_type(field: Field) -> Any:
    arrow = need_arrow()
    if field.type == "struct":
        return arrow.struct([arrow.field(part.name, _arrow_type(part)) for part in field.parts])
    simple = {
        "string": arrow.string(),
        "bool": arrow.bool_(),
        "int32": arrow.int32(),
        "int64": arrow.int64(),
        "double": arrow.float64(),
        "timestamp": arrow.timestamp("us", tz="UTC"),
        "list<string>": arrow.list_(arrow.string()),
    }
    return simple[field.type]


def need_arrow() -> Any:
    """pyarrow. Raises UsageError where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install 'newsclean[parquet]'") from None
    return pyarrow
