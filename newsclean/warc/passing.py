"""WARC records as they pass by: the head first, the block read in steps, so that a record may have any size.

:func:`newsclean.warc.records.records` is for readers: it forgives. This is for the tools that look at the file itself.
"""

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from newsclean.errors import InputError
from newsclean.warc.members import MemberError, Source, find_member, find_text
from newsclean.warc.records import Damaged, records

RECORD_END = b"\r\n\r\n"
_MAX_LINE = 64 * 1024
_MAX_HEAD = 1024 * 1024
_STEP = 64 * 1024
_VERSION = re.compile(rb"WARC/(\d+\.\d+)[ \t\r]*\n")


class Passing:
    """One record. Its block can be read once, with :meth:`read`, :meth:`readline` or :meth:`chunks`; what is not read
    is passed over. ``length`` is known after :meth:`finish`.
    """

    def __init__(self, source: Source, offset: int, number: int, head: bytes, version: str) -> None:
        self._source = source
        self.offset = offset
        """First byte of its gzip member, or of the record itself in a plain file."""
        self.number = number
        """How many records stand before it in the same gzip member; 0 in a plain file."""
        self.head = head
        """Version line, fields, empty line, as they stand in the file."""
        self.version = version
        """``1.1`` of ``WARC/1.1``."""
        self.headers = _fields(head)
        """The fields in their order, white space around names and values off, folded lines joined."""
        lengths = self.every("Content-Length")
        self.size: int = int(lengths[0]) if len(lengths) == 1 and re.fullmatch("[0-9]{1,18}", lengths[0]) else -1
        """Bytes of the block; -1 where the record does not say."""
        self.gzipped = source.compressed
        """Whether it is packed."""
        self.length = 0
        """Bytes that it takes in the file: its gzip member, in a plain file head and block; 0 where it shares a member
        with others."""
        self.ending = b""
        """What stood behind the block: four bytes, ``\\r\\n\\r\\n``; fewer where the file or member ends before."""
        self.damage = ""
        """Why it could not be read to its end; known after :meth:`finish`, empty where it could."""
        self.next_at: int | None = None
        """Where the next record begins, where it does so right behind the block, without a line end."""
        self._left = max(self.size, 0)
        self._finished = False

    def header(self, name: str) -> str | None:
        """The first field of that name, in any case; None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def every(self, name: str) -> tuple[str, ...]:
        """All fields of that name, in any case."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    def read(self, count: int) -> bytes:
        """So many bytes of the block, fewer at its end or where the file is damaged."""
        try:
            data = self._source.read(min(count, self._left))
        except MemberError as problem:
            self.damage, self._left = problem.reason, 0
            return b""
        self._left -= len(data)
        return data

    def readline(self, limit: int = _MAX_LINE) -> bytes:
        """Up to and with the next LF of the block, at most ``limit`` bytes."""
        try:
            data = self._source.readline(min(limit, self._left))
        except MemberError as problem:
            self.damage, self._left = problem.reason, 0
            return b""
        self._left -= len(data)
        return data

    def chunks(self) -> Iterator[bytes]:
        """The rest of the block, in steps."""
        while data := self.read(_STEP):
            yield data

    def finish(self) -> bool:
        """Pass over the rest and look at its end; whether the record is sound. May be called again."""
        if not self._finished:
            self._finished = True
            try:
                self._end()
            except MemberError as problem:
                self.damage = problem.reason
        return not self.damage

    def _end(self) -> None:
        source = self._source
        if self.damage:
            return
        if self.size < 0:
            self.damage = "a record without a Content-Length, or with one that is no number"
            return
        self._left -= source.skip(self._left)
        if self._left:
            self.damage = f"the file ends inside a record whose block has {self.size:,} bytes"
            return
        for _ in range(2):
            line = source.readline(2)
            if not line:
                break
            if line == b"WA" and not source.compressed:  # WARC/…
                self.length = len(self.head) + self.size
                self.next_at = self.offset + self.length
                return
            if line not in (b"\r\n", b"\n"):
                self.damage = f"behind the block is {line!r}: the Content-Length is wrong"
                return
            self.ending += line
        if not source.compressed:
            self.length = len(self.head) + self.size
        elif source.at_member_end() and not self.number:
            self.length = source.offset - self.offset


def passing(file: BinaryIO, name: str, start: int = 0) -> Generator[Passing | Damaged, None, None]:
    """The records from ``start`` on, damage in its place; ``name`` is what Damaged.file says.

    A record that turns out to be damaged at its end comes twice: as it begins, and then as Damaged of the same offset.
    Raises NotWarcError where there is no record at all.
    """
    offset: int | None = start
    found = False
    while offset is not None:
        source = Source(file, offset)
        offset = None
        try:
            for record in _records(source):
                yield record
                if not record.finish():
                    raise MemberError(record.offset, record.damage)
                found = True
                if record.next_at is not None:
                    offset = record.next_at
                    break
        except MemberError as problem:
            if not found and start == 0:
                next(records(file, name, start), None)  # raises NotWarcError where that is what it is
            found = True
            yield Damaged(file=name, offset=problem.offset, reason=problem.reason)
            offset = _next(file, problem.offset + 1)
    if not found and start == 0:
        next(records(file, name, start), None)


def _records(source: Source) -> Iterator[Passing]:
    number = 0
    while True:
        offset = source.member if source.compressed else source.offset
        line = source.readline(_MAX_LINE)
        if not line:
            number = 0
            if source.next_member():
                continue
            return
        if not line.strip(b"\r\n"):
            continue
        version = _VERSION.fullmatch(line)
        if not version:
            raise MemberError(offset, f"no WARC record begins here, but {line[:20]!r}")
        parts = [line]
        size = 0
        while parts[-1].strip(b"\r\n"):
            line = source.readline(_MAX_LINE)
            size += len(line)
            if not line.endswith(b"\n") or size > _MAX_HEAD:
                raise MemberError(offset, "the file ends inside a record's head, or the head is too long")
            parts.append(line)
        yield Passing(source, offset, number, b"".join(parts), version[1].decode("ascii"))
        number += source.compressed


def _fields(head: bytes) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for line in head.split(b"\n")[1:]:
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        name, colon, value = text.partition(":")
        if text[:1] in (" ", "\t") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {text.strip()}")
        elif colon:
            fields.append((name.strip(), value.strip()))
    return fields


def _next(file: BinaryIO, offset: int) -> int | None:
    """Where the next record may begin, by the nearer of the two ways to store one."""
    places = [place for place in (find_member(file, offset), find_text(file, offset)) if place is not None]
    return min(places, default=None)


def warc_files(paths: list[Path]) -> list[Path]:
    """The WARC files of files and folders, those of a folder in the order of their names, of an archive's in ``warc/``.

    Files that are still being written (``.open``) are among them. Raises InputError for what is missing, cannot be
    read, or is a folder without any.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            folder = path / "warc" if (path / "warc").is_dir() else path
            inside = sorted(file for file in folder.rglob("*") if _SUFFIX.search(file.name) and file.is_file())
            if not inside:
                raise InputError(f"{path}: no WARC file in that folder: none ends with .warc or .warc.gz")
            found += inside
        else:
            try:
                path.open("rb").close()
            except FileNotFoundError:
                raise InputError(f"{path}: no such file or folder") from None
            except OSError as problem:
                raise InputError(f"{path}: cannot be read: {problem.strerror}") from None
            found.append(path)
    return found


_SUFFIX = re.compile(r"\.warc(\.gz|\.zst)?(\.open)?$", re.IGNORECASE)
