"""One side of a comparison: the pages of an archive or of an export, each found by its record or its URL."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
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
    made_by: str = ""
    """Version and rule set that made it: ``newsclean 0.1.0, rules 6524742b481d``; empty where the side does not say."""

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

    ``ARCHIVE@2025-03-14`` is an archive as it was at the end of that day (UTC), ``ARCHIVE@2025-03-14T06:00:00Z`` at
    that moment: of each URL the latest capture until then. Raises InputError where it is none of these,
    NoArchiveError's kinds for a catalogue that cannot be read.
    """
    if (dated := dated_archive(path)) is not None:
        folder, until = dated
        return CatalogueSide(folder / _CATALOGUE, str(path), until)
    if path.is_dir():
        if not (path / _CATALOGUE).is_file():
            raise InputError(f"{path}: no archive: it has no {_CATALOGUE}; `newsclean reindex {path}` makes one")
        return CatalogueSide(path / _CATALOGUE, str(path))
    if not path.is_file():
        raise InputError(f"{path}: no such archive or file; name two archives, or files of `newsclean export`")
    return ExportSide(path)


def dated_archive(path: Path) -> tuple[Path, str] | None:
    """Folder and moment of ``ARCHIVE@DATE``; None for any other path. The moment compares with those of captures."""
    folder, mark, moment = str(path).rpartition("@")
    if not mark or path.exists() or not (Path(folder) / _CATALOGUE).is_file():
        return None
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        raise InputError(f"{path}: {moment!r} is no date; write {folder}@2025-03-14 or @2025-03-14T06:00:00Z") from None
    if len(moment) == len("2025-03-14"):
        return Path(folder), f"{moment}T99"
    return Path(folder), found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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

    def __init__(self, file: Path, name: str, until: str | None = None) -> None:
        """``until``: the moment as of which the catalogue is looked at; None: as it is."""
        self.name = name
        self._until = until
        self._catalogue = Catalogue.open(file)

    def pages(self) -> Iterator[Page]:
        """Those of pages that were fetched again and had changed are all there; with ``until`` the latest of each."""
        if self._until is not None:
            for handle in sorted(self._latest(self._until).values()):
                yield self.page(handle)
            return
        for judged in self._catalogue.judged():
            yield self._page(judged.capture_id, judged.record_id, judged.url, judged.outcome)

    def _latest(self, until: str) -> dict[str, int]:
        """By URL in canonical form, the number of the latest capture."""
        found: dict[str, tuple[str, int]] = {}
        for judged in self._catalogue.judged():
            when = self._catalogue.extraction(judged.capture_id).captured_at or ""
            page = Page(handle=0, record_id=None, url=judged.url, outcome=judged.outcome, fields={})
            if when <= until and when >= found.get(page.key, ("", 0))[0]:
                found[page.key] = (when, judged.capture_id)
        return {key: handle for key, (_, handle) in found.items()}

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
        made_by=_made_by(record.get("versions") or {}),
    )


def _made_by(versions: dict[str, str]) -> str:
    said = [f"{name} {str(versions[name])[:12]}" for name in ("newsclean", "rules") if versions.get(name)]
    return ", ".join(said)
