"""CDXJ: one line for each record that can be replayed, sorted by URL and time, with the record's place in its file.

The lines are those of cdxj-indexer 1.5, byte for byte: sort key, 14-digit time, and a JSON object of strings. Digests
are as the WARC has them (``sha1:…``).
"""

import base64
import errno
import hashlib
import heapq
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Protocol

from newsclean.errors import ArchiveError, DiskFullError, WarcError
from newsclean.warc.names import bare_uri
from newsclean.warc.passing import Passing, passing
from newsclean.warc.records import Damaged, open_warc
from newsclean.warc.surt import surt

TYPES = ("response", "revisit", "resource", "metadata")
"""Types of the records that are indexed; resource and metadata only where they are no ``application/warc-fields``."""
_FIELDS = "application/warc-fields"
_SORTED_AT_ONCE = 100_000
"""Lines that are sorted in memory; of more, sorted parts are merged from the disk."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an index."""

    urlkey: str
    timestamp: str
    """``YYYYMMDDhhmmss``, UTC."""
    fields: dict[str, str]
    """url, mime, status, digest, length, offset, filename, in this order; what the record does not have is absent."""

    @property
    def line(self) -> str:
        """As it stands in the file, with its line end."""
        return f"{self.urlkey} {self.timestamp} {json.dumps(self.fields)}\n"

    @classmethod
    def parse(cls, line: str) -> "Entry":
        """The entry of a line. Raises WarcError where it is none."""
        urlkey, _, rest = line.partition(" ")
        timestamp, _, fields = rest.partition(" ")
        try:
            values = json.loads(fields)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise WarcError(f"no line of a CDXJ index: {line[:60]!r}")
        return cls(urlkey, timestamp, {str(key): str(value) for key, value in values.items()})


def entry_of(
    *,
    url: str,
    date: str,
    record_type: str,
    mime: str | None,
    status: int | str | None,
    digest: str | None,
    length: int,
    offset: int,
    filename: str,
) -> str:
    """The line, with its end, of a record whose values are known, such as one that was just written.

    ``date``: its WARC-Date; ``mime``: for a response its HTTP Content-Type, for others the record's, as they stand
    there; a revisit's is ``warc/revisit`` whatever is given. ``offset`` and ``length`` are of the gzip member. Raises
    ValueError for a date that is none.
    """
    values = {
        "url": url,
        "mime": "warc/revisit" if record_type == "revisit" else _bare(mime),
        "status": None if status is None else str(status),
        "digest": digest,
        "length": str(length),
        "offset": str(offset),
        "filename": filename,
    }
    return Entry(surt(url), _timestamp(date), {key: value for key, value in values.items() if value is not None}).line


def is_indexed(record_type: str | None, content_type: str | None) -> bool:
    """Whether a record has a line in the index."""
    if record_type in ("resource", "metadata"):
        return content_type != _FIELDS
    return record_type in TYPES


def index_file(path: Path, name: str | None = None) -> Iterator[str | Damaged]:
    """The lines of a WARC file, in the order of its records, each with its end.

    ``name``: what ``filename`` says; the file's own name where it is left out. Damage, and what cannot be replayed
    (no date or URL, records that share a gzip member), comes in its place. Raises InputError, NotWarcError.
    """
    shown = path.name if name is None else name
    with open_warc(path) as file, closing(passing(file, str(path))) as found:
        for record in found:
            if isinstance(record, Damaged):
                yield record
            elif is_indexed(record.header("WARC-Type"), record.header("Content-Type")):
                line = _line(record, str(path), shown)
                if not record.damage:  # else it is told next
                    yield line


def _line(record: Passing, path: str, filename: str) -> str | Damaged:
    kind = record.header("WARC-Type") or ""
    url = bare_uri(record.header("WARC-Target-URI"))
    if not url:
        return Damaged(file=path, offset=record.offset, reason=f"a {kind} record without WARC-Target-URI: not indexed")
    mime, status = record.header("Content-Type"), None
    if kind in ("response", "revisit"):
        mime = None
        if record.size and url.startswith(("http:", "https:")) and (head := http_head(record)):
            mime, status = head
    digest = record.header("WARC-Payload-Digest")
    if not digest and kind != "revisit":
        hashed = hashlib.sha1(usedforsecurity=False)
        for data in record.chunks():
            hashed.update(data)
        digest = "sha1:" + base64.b32encode(hashed.digest()).decode("ascii")
    if record.finish() and not record.length:
        return Damaged(
            file=path,
            offset=record.offset,
            reason="records share a gzip member, so none can be found alone: not indexed; "
            "`newsclean warc repair` packs each by itself",
        )
    try:
        return entry_of(
            url=url,
            date=record.header("WARC-Date") or "",
            record_type=kind,
            mime=mime,
            status=status,
            digest=digest,
            length=record.length,
            offset=record.offset,
            filename=filename,
        )
    except ValueError:
        return Damaged(
            file=path, offset=record.offset, reason=f"WARC-Date {record.header('WARC-Date')!r} is none: not indexed"
        )


class _Readable(Protocol):
    def readline(self, limit: int, /) -> bytes: ...


def http_head(record: _Readable) -> tuple[str | None, str | None] | None:
    """Content-Type and status of the HTTP head that begins the block, which is read; None where there is none.

    warcio's parser, since its reading of crooked heads is what other indexes have.
    """
    from warcio.statusandheaders import StatusAndHeadersParser

    try:
        head = StatusAndHeadersParser([], verify=False).parse(record)
    except EOFError:
        return None
    return (head.get_header("content-type"), head.get_statuscode()) if head else None


def _bare(content_type: str | None) -> str | None:
    """Without parameters."""
    if not content_type:
        return content_type
    for place, character in enumerate(content_type):
        if character == ";" or character.isspace():
            return content_type[:place]
    return content_type


def _timestamp(date: str) -> str:
    from warcio.timeutils import iso_date_to_timestamp

    try:
        stamp: str = iso_date_to_timestamp(date)
    except TypeError:  # fewer than three numbers
        raise ValueError(f"no date: {date!r}") from None
    return stamp


def in_order(lines: Iterable[str]) -> Iterator[str]:
    """The lines sorted, each once, as cdxj-indexer sorts them; of any number, in bounded memory."""
    with ExitStack() as stack:
        parts: list[IO[str]] = []
        rest: list[str] = []
        for line in lines:
            rest.append(line)
            if len(rest) >= _SORTED_AT_ONCE:
                part = stack.enter_context(TemporaryFile("w+", encoding="utf-8", newline="\n"))
                part.writelines(sorted(rest))
                part.seek(0)
                parts.append(part)
                rest = []
        last = None
        for line in heapq.merge(*parts, sorted(rest)):
            if line != last:
                yield line
            last = line


def merge(lines: Iterable[str], into: Path, *, without: Collection[str] = ()) -> None:
    """Put lines into a sorted index file, which is made where it is missing; the old file stays until the new one is on
    the disk.

    ``lines``: in any order, each with its end. ``without``: names of WARC files whose lines the file has and which are
    to be dropped first. Raises WarcError where the file is not in order, ArchiveError, DiskFullError.
    """
    from newsclean.warc.writer import sync_folder

    part = into.with_name(f"{into.name}.part")
    try:
        with ExitStack() as stack:
            out = stack.enter_context(part.open("w", encoding="utf-8", newline="\n"))
            old: Iterable[str] = ()
            if into.exists():
                old = _kept(stack.enter_context(into.open(encoding="utf-8", newline="\n")), into, without)
            last = None
            for line in heapq.merge(old, in_order(lines)):
                if line != last:
                    out.write(line)
                last = line
            out.flush()
            os.fsync(out.fileno())
        part.replace(into)
        sync_folder(into.parent)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise _error(into, problem) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _kept(file: IO[str], into: Path, without: Collection[str]) -> Iterator[str]:
    last = ""
    for number, line in enumerate(file, 1):
        if line < last or not line.endswith("\n"):
            raise WarcError(f"{into}:{number}: not in order; delete the file, `newsclean warc index` makes it anew")
        last = line
        if not without or Entry.parse(line).fields.get("filename") not in without:
            yield line


def _error(into: Path, problem: OSError) -> ArchiveError:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFullError(f"{into}: no space left; it is as it was, make room and start again")
    return ArchiveError(f"{into}: cannot be written: {problem.strerror}")
