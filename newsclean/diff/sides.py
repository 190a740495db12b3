"""One side of a comparison: the pages of an archive or of an export, each found by its record or its URL."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec

from newsclean.errors import BadUrlError, InputError
from newsclean.model import Article, Extraction
from newsclean.store import Catalogue
from newsclean.store.records import SCHEMA_VERSION, article_record
from newsclean.urls import canonical, host_of

ARTICLE = "article"
_CATALOGUE = "catalog.sqlite"
_BODY = frozenset(("url", "body", "sources", "word_count"))
FIELDS = tuple(name for name in Article.__dataclass_fields__ if name not in _BODY)
"""The fields of an article that are compared; the body is, paragraph by paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one side has of one page."""

    handle: int
    """By which the side finds it again: the number of its capture, or its place in the file."""
    record_id: str | None
    """WARC-Record-ID; absent for a page that is in no WARC file."""
    url: str
    """Final URL; empty where none is known."""
    outcome: str
    fields: dict[str, Any]
    """FIELDS of an article that have a value; empty for a page that is none."""
    body: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The host of its URL; empty without one."""
        with suppress(BadUrlError):
            return host_of(self.url) if self.url else ""
        return ""

    @property
    def key(self) -> str:
        """Its URL in canonical form; empty without one."""
        with suppress(BadUrlError):
            return canonical(self.url) if self.url else ""
        return self.url


class Side(Protocol):
    """The pages of one side; used as a context manager."""

    name: str

    def pages(self) -> Iterator[Page]:
        """All pages that were judged, in the side's order."""

    def page(self, handle: int) -> Page:
        """One of them again."""

    def extraction(self, page: Page) -> Extraction | None:
        """Its blocks and verdicts; None where the side has none."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_side(path: Path) -> Side:
    """The side of an archive's folder, or of a file that ``export`` or ``extract`` wrote as JSON Lines.

    Raises InputError where it is neither, NoArchiveError's kinds for a catalogue that cannot be read.
    """
    if path.is_dir():
        if not (path / _CATALOGUE).is_file():
            raise InputError(f"{path}: no archive: it has no {_CATALOGUE}; `newsclean reindex {path}` makes one")
        return CatalogueSide(path / _CATALOGUE, str(path))
    if not path.is_file():
        raise InputError(f"{path}: no such archive or file; name two archives, or files of `newsclean export`")
    return ExportSide(path)


class _Closing:
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open."""


class CatalogueSide(_Closing):
    """The latest extraction of each page of a catalogue."""

    def __init__(self, file: Path, name: str) -> None:
        self.name = name
        self._catalogue = Catalogue.open(file)

    def pages(self) -> Iterator[Page]:
        """Those of pages that were fetched again and had changed are all there."""
        for judged in self._catalogue.judged():
            yield self._page(judged.capture_id, judged.record_id, judged.url, judged.outcome)

    def page(self, handle: int) -> Page:
        """By the number of its capture."""
        judged = next(self._catalogue.judged(handle))
        return self._page(judged.capture_id, judged.record_id, judged.url, judged.outcome)

    def extraction(self, page: Page) -> Extraction | None:
        """From the catalogue."""
        return self._catalogue.extraction(page.handle)

    def close(self) -> None:
        """Close the catalogue."""
        self._catalogue.close()

    def _page(self, number: int, record_id: str, url: str, outcome: str) -> Page:
        if outcome != ARTICLE:
            return Page(handle=number, record_id=record_id, url=url, outcome=outcome, fields={})
        extraction = self._catalogue.article(number).extraction
        return _of_record(article_record(extraction, url), number)


class ExportSide(_Closing):
    """The records of a file of JSON Lines."""

    def __init__(self, file: Path) -> None:
        self.name = str(file)
        self._file = file.open("rb")

    def pages(self) -> Iterator[Page]:
        """In the order of the file. Raises InputError with the line for what is no record."""
        self._file.seek(0)
        place = 0
        for number, line in enumerate(self._file, 1):
            start, place = place, place + len(line)
            if line.strip():
                yield self._read(line, start, f"{self.name}:{number}")

    def page(self, handle: int) -> Page:
        """By its place in the file."""
        self._file.seek(handle)
        return self._read(self._file.readline(), handle, self.name)

    def extraction(self, page: Page) -> Extraction | None:  # noqa: ARG002
        """An export has no verdicts."""
        return None

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @staticmethod
    def _read(line: bytes, handle: int, where: str) -> Page:
        try:
            record = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise InputError(f"{where}: no JSON; diff takes what `newsclean export -f jsonl` writes") from None
        if not isinstance(record, dict) or "outcome" not in record or record.get("schema_version") != SCHEMA_VERSION:
            raise InputError(
                f"{where}: no record of newsclean with schema_version {SCHEMA_VERSION};"
                " diff takes what `newsclean export -f jsonl` writes"
            )
        return _of_record(record, handle)


def _of_record(record: dict[str, Any], handle: int) -> Page:
    ref = record.get("record") or {}
    return Page(
        handle=handle,
        record_id=ref.get("record_id"),
        url=record.get("url") or "",
        outcome=str(record["outcome"]),
        fields={name: record[name] for name in FIELDS if record.get(name) not in (None, "", [], ())},
        body=tuple(map(str, record.get("body") or ())),
    )
